"""Search: the first page, its results, and the fill-in question."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.pages import data, dates

LONGEST = 200

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> str:
    """The first page."""
    return render_template("home.html", when=dates.read({}, data.today()), q="", organisation="")


@bp.get("/about")
def about() -> str:
    """What the service covers, and what it does not."""
    return render_template("about.html", coverage=data.coverage())


@bp.get("/search")
def search() -> Response | str | tuple[str, int]:
    """Ranked results of every kind, each organisation with its sheet on the chosen date."""
    q = request.args.get("q", "").strip()[:LONGEST]
    when = dates.read(request.args, data.today())
    problems = date_problem(when) + ([] if q else [("q", "Enter what you are looking for")])
    if problems:
        return render_template("home.html", when=when, q=q, organisation="", problems=problems), 400
    if when.boxes:
        return redirect(url_for(".search", q=q, asOf=when.iso, kind=request.args.get("kind")))
    kind = request.args.get("kind", "")
    results = data.search(q, when.iso)["results"]
    kinds = Counter(str(item["kind"]) for item in results)
    shown = [item for item in results if kind in {"", item["kind"]}]
    return render_template(
        "search.html", q=q, when=when, results=shown, kinds=kinds, kind=kind, total=len(results)
    )


@bp.get("/find")
def find() -> Response | str | tuple[str, int]:
    """The fill-in question: straight to the sheet when one organisation fits, else a choice."""
    name = request.args.get("organisation", "").strip()[:LONGEST]
    when = dates.read(request.args, data.today())
    problems = date_problem(when)
    if not name:
        problems.insert(0, ("organisation", "Enter the code or the name of an organisation"))
    if problems:
        context: dict[str, Any] = {"when": when, "organisation": name, "problems": problems}
        return render_template("home.html", q="", **context), 400
    found = organisations_among(data.search(name, when.iso, "organisation")["results"])
    exact = [code for code in found if code.casefold() == name.casefold()]
    if exact or len(found) == 1:
        code = (exact or found)[0]
        return redirect(url_for("organisations.sheet", code=code, asOf=when.iso))
    return redirect(url_for(".search", q=name, asOf=when.iso, kind="organisation"))


def organisations_among(results: list[dict[str, Any]]) -> list[str]:
    """The codes of the organisations in a list of results, best first."""
    return [code_of(item) for item in results if item["kind"] == "organisation"]


def code_of(item: dict[str, Any]) -> str:
    """The code of an organisation in the results: its own field, or the end of its identifier."""
    return str(item.get("code") or item["id"].rsplit("/", 1)[-1])


def date_problem(when: dates.DateQuestion) -> list[tuple[str, str]]:
    """The error summary's entry for a date, if it has one: box and message."""
    return [(f"when-{when.field}", when.problem)] if when.problem else []
