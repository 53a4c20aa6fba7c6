"""Conflicts between registers: a page, and the same as JSON or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, jsonify, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from server.answers.conflicts import KINDS, PAGE, Json, conflicts, every_conflict
from server.api import MOST, store, whole
from server.errors import BadParameter, excerpt

bp = Blueprint("conflicts", __name__)


@bp.get("/api/v1/conflicts")
def as_json() -> ResponseReturnValue:
    """Give one page of the conflicts, narrowed by ``kind`` and ``organisation``."""
    page, size = whole("page", 1, 1, 1_000_000), whole("pageSize", PAGE, 1, MOST)
    return jsonify(conflicts(store(), *_narrowed(), page, size))


@bp.get("/conflicts")
def page() -> ResponseReturnValue:
    """Show a page of the conflicts by organisation, or give all as CSV with ``format=csv``."""
    kind, organisation = _narrowed()
    if request.args.get("format") == "csv":
        headers = {"Content-Disposition": 'attachment; filename="conflicts.csv"'}
        rows = table(every_conflict(store(), kind, organisation))
        return Response(stream_with_context(rows), mimetype="text/csv", headers=headers)
    number = max(1, request.args.get("page", 1, type=int))
    answer = conflicts(store(), kind, organisation, number)
    asked = {"kind": kind, "organisation": organisation}
    return render_template("conflicts.html", answer=answer, asked=asked)


def table(found: Iterable[Json]) -> Iterator[str]:
    """Yield conflicts as CSV, one a row, after a row of headings."""
    yield _line(["code", "name", "kind", "on", "sources", "say", "other sources", "say"])
    for each in found:
        about, sides = each["about"], [(_sources(side), side["label"]) for side in each["claims"]]
        told = (about["label"], each["kind"], each["on"] or "", *sides[0], *sides[1])
        yield _line([about["code"], *map(_safe, told)])


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _sources(claim: Json) -> str:
    return "; ".join(each["name"] for each in claim["sources"])


def _safe(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t" else text


def _narrowed() -> tuple[str, str]:
    """Return the kind and the code asked for; raises BadParameter where there is no such kind."""
    kind = request.args.get("kind", "").strip()
    if kind and kind not in KINDS:
        detail = f"“{excerpt(kind)}” is no kind of conflict. Use one of {', '.join(KINDS)}."
        raise BadParameter(detail, parameter="kind")
    return kind, request.args.get("organisation", "").strip()[:40]
