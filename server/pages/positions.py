"""Positions by passage: for any passage of a framework, who said what about it, and what became of it later."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from rdflib import RDF, URIRef

from loader.terms import REMIT
from server.answers import questions
from server.answers.entities import path
from server.answers.reference import Json, Reference, reference
from server.errors import NotFound
from server.pages import data

bp = Blueprint("positions", __name__, url_prefix="/positions")

Page = str | tuple[str, int]


@bp.get("/by-passage")
def by_passage() -> Page:
    """The passages that positions discuss, and the positions on the one asked for."""
    asked = request.args.get("passage", "").strip()
    answer: Json | None = None
    problems: list[tuple[str, str]] = []
    if asked:
        try:
            answer = questions.answer(data.store(), "said-about-passage", {"passage": asked})
        except NotFound as problem:
            problems = [("passage", problem.detail)]
    page = render_template(
        "positions-by-passage.html",
        asked=asked,
        answer=answer,
        said=by_position(answer["rows"]) if answer else [],
        passages=discussed(reference(data.store())),
        stances=questions.answer(data.store(), "answers-to-consultation", {})["rows"],
        problems=problems,
    )
    return (page, 404) if problems else page


def by_position(rows: list[Json]) -> list[Json]:
    """The rows of the answer, one for each position, with what became of it in ``later`` as a list."""
    found: dict[str, Json] = {}
    for row in rows:
        position = found.setdefault(row["position"]["id"], {**row, "later": []})
        if row["followed"]:
            told = {"version": row["later"], "outcome": row["outcome"], "text": row["followed"]}
            position["later"].append(told)
    return list(found.values())


def discussed(ref: Reference) -> list[Json]:
    """The passages that positions are about, in the order of their documents, with the number of positions."""
    counted: dict[URIRef, int] = {}
    for position in ref.graph.subjects(RDF.type, REMIT.Position):
        for thing in ref.graph.objects(position, REMIT.about):
            if (thing, RDF.type, REMIT.Passage) in ref.graph:
                counted[URIRef(str(thing))] = counted.get(URIRef(str(thing)), 0) + 1
    rows = [
        {**ref.source(node), "written": path(node), "positions": number,
         "order": int(ref.text(node, REMIT.locatorOrder) or 0)}
        for node, number in counted.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["document"], row["order"]))
