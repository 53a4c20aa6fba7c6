"""The memorandum: what it says, and the check against what a framework says that it must contain."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from server.answers import questions
from server.answers.reference import Json
from server.answers.versioned import Versioned
from server.pages import data

bp = Blueprint("memorandum", __name__, url_prefix="/memorandum")

MEMORANDUM, FRAMEWORK = "document/bnssg-mou-2022", "document/nof-2022-23"
_answers = Versioned[Json](8)


@bp.get("")
def index() -> str:
    """Present, partial and missing, each with its clauses; then the clauses by heading."""
    memorandum = request.args.get("memorandum", "").strip() or MEMORANDUM
    framework = request.args.get("framework", "").strip() or FRAMEWORK
    check = answer("memorandum-check", memorandum=memorandum, framework=framework)
    clauses = answer("memorandum-clauses", memorandum=memorandum)
    return render_template(
        "memorandum.html", check=check, found=requirements(check["rows"]), clauses=clauses
    )


def answer(question: str, **given: str) -> Json:
    """The answer to a named question, kept for the documents that the page shows when it is not asked for others."""
    store = data.store()

    def ask() -> Json:
        return questions.answer(store, question, given)

    if set(given.values()) <= {MEMORANDUM, FRAMEWORK}:
        return _answers.get(store, ask, (question, *sorted(given.items())))
    return ask()


def requirements(rows: list[Json]) -> list[Json]:
    """The rows of the check by requirement, in their order: ``{requirement, status, elements}``."""
    found: dict[str, Json] = {}
    for row in rows:
        entry = found.setdefault(
            row["requirement"]["id"],
            {"requirement": row["requirement"], "status": row["status"]["label"], "elements": []},
        )
        entry["elements"].append(row)
    return list(found.values())
