"""Search: the first page, its results, and the fill-in question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.answers.search import MOST_RANKED
from server.errors import NotFound, excerpt
from server.pages import data, dates

LONGEST = 200
SIZE = 50
CODE_BEHIND = re.compile(r"\(([A-Za-z0-9-]{2,80})\)\s*$")
_SHEETS = {"powers": "organisations.sheet", "duties": "standing.show_duties"}

bp = Blueprint("home", __name__)

Page = Response | str | tuple[str, int]


@bp.get("/")
def index() -> str:
    """The first page."""
    return home(dates.read({}, data.today()))


@bp.get("/about")
def about() -> str:
    """What the service covers, and what it does not."""
    return render_template("about.html", coverage=data.coverage(), versions=data.versions())


@bp.get("/about/coverage/<slug>")
def coverage(slug: str) -> str:
    """One document, passage by passage: how many facts each states, and those that state none."""
    documents = data.coverage()["documents"]
    found = [each for each in documents if each["slug"] == slug and each["passages"]]
    if not found:
        near = [
            {"label": each["label"], "href": url_for(".coverage", slug=each["slug"])}
            for each in documents
            if each["passages"]
        ]
        raise NotFound(f"There is no document “{excerpt(slug)}” with passages.", suggestions=near)
    return render_template("coverage.html", document=found[0])


@bp.get("/search")
def search() -> Page:
    """Ranked results of every kind, each organisation with its sheet on the chosen date."""
    q = request.args.get("q", "").strip()[:LONGEST]
    when = dates.read(request.args, data.today())
    problems = date_problem(when) + ([] if q else [("q", "Enter what you are looking for")])
    if problems:
        return home(when, problems, q=q), 400
    kind, holder = request.args.get("kind", ""), request.args.get("holder", "")[:LONGEST]
    if when.boxes:
        return redirect(url_for(".search", q=q, asOf=when.iso, kind=kind or None))
    page = max(1, min(request.args.get("page", 1, type=int), 1000))
    answer = data.search(q, when.iso, kind, page)
    context = {"q": q, "when": when, "kind": kind, "holder": holder or None, "page": page}
    pages = -(-min(answer["total"], MOST_RANKED) // SIZE)
    return render_template("search.html", answer=answer, pages=pages, **context)


@bp.get("/find")
def find() -> Page:
    """The fill-in question: straight to the answer when one organisation fits, else a choice."""
    given = {name: request.args.get(name, "").strip()[:LONGEST] for name in _QUESTION}
    when = dates.read(request.args, data.today())
    problems = date_problem(when)
    if not given["organisation"]:
        problems.insert(0, ("organisation", "Enter the code or the name of an organisation"))
    if problems:
        return home(when, problems, given), 400
    holder = given["holder"] if given["what"] != "duties" else ""
    if code := the_one(given["organisation"], when.iso):
        endpoint = _SHEETS.get(given["what"], "organisations.sheet")
        return redirect(url_for(endpoint, code=code, asOf=when.iso, holder=holder or None))
    words = given["organisation"]
    return redirect(
        url_for(".search", q=words, asOf=when.iso, kind="organisation", holder=holder or None)
    )


_QUESTION = ("what", "holder", "organisation")


def home(
    when: dates.DateQuestion,
    problems: list[tuple[str, str]] | None = None,
    given: Mapping[str, str] | None = None,
    q: str = "",
) -> str:
    """The first page, with what was typed and what is wrong with it."""
    asked = {**dict.fromkeys(_QUESTION, ""), **(given or {})}
    context: dict[str, Any] = {"when": when, "q": q, "asked": asked, "problems": problems or []}
    return render_template("home.html", holders=data.all_holders(), **context)


def the_one(name: str, day: str) -> str | None:
    """The code of the organisation that a text means: by code, by “name (code)”, or when only one fits."""
    if behind := CODE_BEHIND.search(name):
        name = behind[1]
    found = organisations_among(data.search(name, day, "organisation")["results"])
    exact = [code for code in found if code.casefold() == name.casefold()]
    return exact[0] if exact else found[0] if len(found) == 1 else None


def organisations_among(results: list[dict[str, Any]]) -> list[str]:
    """The codes of the organisations in a list of results, best first."""
    return [code_of(item) for item in results if item["kind"] == "organisation"]


def code_of(item: dict[str, Any]) -> str:
    """The code of an organisation in the results: its own field, or the end of its identifier."""
    return str(item.get("code") or item["id"].rsplit("/", 1)[-1])


def date_problem(when: dates.DateQuestion) -> list[tuple[str, str]]:
    """The error summary's entry for a date, if it has one: box and message."""
    return [(f"when-{when.field}", when.problem)] if when.problem else []
