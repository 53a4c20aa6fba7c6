"""Pages of the oversight frameworks: the versions on a timeline, one version, and their comparison."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from loader.dates import parse_date
from server.answers import comparison, frameworks
from server.answers.kept import kept
from server.answers.oversight import oversight
from server.answers.reference import Json, Reference, reference
from server.errors import BadParameter, NotFound
from server.pages import data, dates
from server.pages.comparison_table import as_table
from server.pages.home import date_problem
from server.pages.slices import cut
from server.pages.tables import table_file
from server.pages.timeline import Span, draw

bp = Blueprint("frameworks", __name__)

MOST_ITEMS, MOST_CHANGES = 80, 60

Page = Response | str | tuple[str, int]


@bp.get("/frameworks")
def index() -> Page:
    """The versions on a timeline, and which governs on a date."""
    when = dates.read(request.args, data.today())
    if when.boxes and when.value:
        return redirect(url_for(".index", asOf=when.iso))
    day = when.value or data.today()
    ref = reference(data.store())
    rows = [frameworks.summary(ref, node) for node in frameworks.versions(ref)]
    page = render_template(
        "frameworks.html",
        when=when,
        rows=rows,
        told=frameworks.in_effect(ref, day),
        picture=_picture(rows, day),
        problems=date_problem(when),
    )
    return (page, 400) if when.problem else page


@bp.get("/frameworks/<slug>")
def show(slug: str) -> Page:
    """One version: what it is and its items by topic, narrowed by topic, words or segment, in slices."""
    ref = reference(data.store())
    node = frameworks.version(ref, slug)
    asked = {name: request.args.get(name, "").strip()[:200] for name in ("topic", "q", "segment")}
    topics = kept(
        ref, ("topics", node), lambda: frameworks.by_topic(ref, frameworks.items(ref, node), node)
    )
    fitting = [
        {**topic, "number": number, "items": [r for r in topic["items"] if _fits(r, asked)]}
        for number, topic in enumerate(topics)
    ]
    rows = [
        {**row, "heading_of": topic}
        for topic in fitting
        if asked["topic"] in ("", topic["topic"])
        for row in topic["items"]
    ]
    return render_template(
        "framework.html",
        framework=frameworks.summary(ref, node),
        topics=[topic for topic in fitting if topic["items"]],
        shown=cut(rows, request.args.get("page", 1, type=int), MOST_ITEMS),
        others=_others(ref, slug),
        asked=asked,
    )


@bp.get("/compare")
def compare() -> Page:
    """Two versions side by side, as a page or with `format` as a file."""
    ref = reference(data.store())
    versions = [frameworks.summary(ref, node) for node in frameworks.versions(ref)]
    args = request.args
    asked = {name: args.get(name, "") for name in ("from", "to", "change", "decisive")}
    problems: list[tuple[str, str]] = []
    answer: Json | None = None
    if asked["from"] or asked["to"]:
        try:
            answer = comparison.compare(data.store(), asked["from"], asked["to"])
        except (BadParameter, NotFound):
            problems = [("to", "Choose two different versions from the lists")]
    if answer is not None:
        answer["changes"] = [row for row in answer["changes"] if _wanted(row, asked)]
        if wanted := args.get("format"):
            table = answer if wanted == "json" else as_table(answer)
            return table_file(table, wanted, f"remit-{asked['from']}-{asked['to']}")
    shown = cut(answer["changes"] if answer else [], args.get("page", 1, type=int), MOST_CHANGES)
    context: dict[str, Any] = {
        "versions": versions, "asked": asked, "answer": answer, "shown": shown,
    }  # fmt: skip
    page = render_template("compare.html", kinds=comparison.KINDS, problems=problems, **context)
    return (page, 400) if problems else page


@bp.get("/organisations/<code>/oversight")
def of_organisation(code: str) -> Page:
    """How an organisation is overseen on a date."""
    when = dates.read(request.args, data.today())
    if when.boxes and when.value:
        return redirect(url_for(".of_organisation", code=code, asOf=when.iso))
    day = when.iso or data.today().isoformat()
    answer = oversight(data.store(), code, parse_date(day, "asOf"))
    page = render_template("oversight.html", answer=answer, when=when, problems=date_problem(when))
    return (page, 400) if when.problem else page


def _fits(row: Json, asked: dict[str, str]) -> bool:
    told = f"{row['label']} {row['text']} {' '.join(row['locators'])}".lower()
    if not all(word in told for word in asked["q"].lower().split()):
        return False
    return not asked["segment"] or asked["segment"] in map(str, row["segments"])


def _others(ref: Reference, slug: str) -> list[Json]:
    rows = [frameworks.summary(ref, node) for node in frameworks.versions(ref)]
    return [row for row in rows if row["slug"] != slug]


def _wanted(row: Json, asked: dict[str, str]) -> bool:
    if asked["change"] and row["change"] != asked["change"]:
        return False
    return bool(row["decisionRelevant"]) if asked["decisive"] else True


def _picture(rows: list[Json], day: date) -> Markup:
    spans = []
    for row in rows:
        start = _date(row["governsFrom"]) or _date(row["governsAttestedFrom"])
        if start is not None:
            name = str(row["label"]).split(" (")[0]
            spans.append(Span(name, start, _date(row["governsTo"]), _date(row["mayGovernFrom"])))
    if not spans:
        return Markup("")
    first = min(span.uncertain or span.start for span in spans) - timedelta(days=90)
    last = max([span.start + timedelta(days=450) for span in spans])
    return draw(spans, min(first, day), max(last, min(day, last)), day, "When each version governs")


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
