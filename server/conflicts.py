"""Conflicts between registers: a page, and the same as JSON or CSV."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from server.answers.conflicts import KINDS, Json, conflicts
from server.errors import BadParameter, excerpt

bp = Blueprint("conflicts", __name__)

_SHOWN = 200


@bp.get("/api/v1/conflicts")
def as_json() -> ResponseReturnValue:
    """Give the conflicts, narrowed by ``kind`` and ``organisation``."""
    return jsonify(_found())


@bp.get("/conflicts")
def page() -> ResponseReturnValue:
    """Show the conflicts by organisation, or give them as CSV with ``format=csv``."""
    answer = _found()
    if request.args.get("format") == "csv":
        headers = {"Content-Disposition": 'attachment; filename="conflicts.csv"'}
        return Response(table(answer), mimetype="text/csv", headers=headers)
    asked = {name: request.args.get(name, "").strip()[:40] for name in ("kind", "organisation")}
    shown = answer["conflicts"][:_SHOWN]
    return render_template("conflicts.html", answer=answer, shown=shown, asked=asked)


def table(answer: Json) -> str:
    """Return conflicts as CSV, one a row."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["code", "name", "kind", "on", "sources", "say", "other sources", "say"])
    for each in answer["conflicts"]:
        about, sides = each["about"], [(_sources(side), side["label"]) for side in each["claims"]]
        told = (about["label"], each["kind"], each["on"] or "", *sides[0], *sides[1])
        writer.writerow([about["code"], *map(_safe, told)])
    return out.getvalue()


def _sources(claim: Json) -> str:
    return "; ".join(each["name"] for each in claim["sources"])


def _safe(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t" else text


def _found() -> Json:
    kind = request.args.get("kind", "").strip()
    if kind and kind not in KINDS:
        detail = f"“{excerpt(kind)}” is no kind of conflict. Use one of {', '.join(KINDS)}."
        raise BadParameter(detail, parameter="kind")
    organisation = request.args.get("organisation", "").strip()[:40]
    return conflicts(current_app.extensions["remit"].store, kind, organisation)
