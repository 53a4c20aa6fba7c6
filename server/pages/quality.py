"""Quality: the levels of assurance side by side, and the what-if of a case; nothing is stored."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from server.answers import quality, questions
from server.answers.reference import Json
from server.answers.versioned import Versioned
from server.errors import BadParameter
from server.pages import data

bp = Blueprint("quality", __name__, url_prefix="/quality")

Page = Response | str | tuple[str, int]
_questions = Versioned[list[Json]](64)


@bp.get("")
def index() -> str:
    """The three levels: when, who leads, who authorises, triggers, activity and reporting by geography."""
    return render_template(
        "quality.html",
        points=_rows("quality-levels"),
        triggers=_rows("quality-triggers"),
        arrangements=_rows("quality-arrangements"),
        components=[_rows("points-of", thing=name) for name in COMPONENTS],
        superseded=_rows("superseded-bodies"),
    )


COMPONENTS = (
    "component/risk-profiling",
    "component/rapid-quality-review",
    "component/action-plan",
    "component/quality-improvement-group",
)


@bp.get("/case")
def case() -> Page:
    """The form of facts and what follows from them; the address holds the case."""
    schema = quality.schema(data.store())
    given = _given(schema)
    problems: list[tuple[str, str]] = []
    answer: Json | None = None
    try:
        if given:
            answer = quality.assess(data.store(), {"facts": given})
    except BadParameter as problem:
        field = str(problem.members.get("parameter", "")).removeprefix("facts.")
        problems = [(field, problem.detail)]
    page = render_template(
        "quality-case.html", schema=schema, given=given, answer=answer, problems=problems
    )
    return (page, 400) if problems else page


def _given(schema: Json) -> dict[str, Any]:
    """The facts of the address; a fact of several values may stand several times."""
    several = {fact["key"] for fact in schema["facts"] if fact["type"] == "choices"}
    return {
        name: [v for v in values if v] if name in several else values[-1].strip()
        for name, values in request.args.lists()
        if any(values)
    }


def _rows(name: str, **given: str) -> list[Json]:
    """The rows of a named question: they follow from the registers alone, and are kept with them."""
    store = data.store()

    def ask() -> list[Json]:
        rows: list[Json] = questions.answer(store, name, given)["rows"]
        return rows

    return _questions.get(store, ask, (name, *sorted(given.items())))
