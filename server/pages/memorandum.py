"""The memorandum: what it says, and the check against what a framework says that it must contain."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from server.answers import questions
from server.answers.reference import Json
from server.pages import data

bp = Blueprint("memorandum", __name__, url_prefix="/memorandum")

MEMORANDUM, FRAMEWORK = "document/bnssg-mou-2022", "document/nof-2022-23"


@bp.get("")
def index() -> str:
    """Present, partial and missing, each with its clauses; then the clauses by heading."""
    memorandum = request.args.get("memorandum", "").strip() or MEMORANDUM
    framework = request.args.get("framework", "").strip() or FRAMEWORK
    check = questions.answer(
        data.store(), "memorandum-check", {"memorandum": memorandum, "framework": framework}
    )
    clauses = questions.answer(data.store(), "memorandum-clauses", {"memorandum": memorandum})
    return render_template(
        "memorandum.html", check=check, found=requirements(check["rows"]), clauses=clauses
    )


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
