"""The named questions over HTTP: ``/api/v1/questions`` and ``/api/v1/questions/{name}?parameter=value``."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from server.answers import questions
from server.api import name_version, store
from server.pages.tables import table_file

bp = Blueprint("api_questions", __name__, url_prefix="/api/v1/questions")
bp.after_request(name_version)

RESERVED = frozenset({"format"})


@bp.get("")
def index() -> ResponseReturnValue:
    """List the named questions with their parameters."""
    found = questions.listed()
    return jsonify({"questions": found, "total": len(found)})


@bp.get("/<name>")
def ask(name: str) -> ResponseReturnValue:
    """Answer one question as JSON, or as a file with ``format=csv`` or ``format=xlsx``."""
    answer = questions.answer(store(), name, asked())
    if (wanted := request.args.get("format", "json")) != "json":
        return file(answer, wanted)
    return jsonify(answer)


def asked() -> dict[str, str]:
    """Return the parameters of the request, without those that concern its form."""
    return {name: text for name, text in request.args.items() if name not in RESERVED}


def file(answer: dict[str, object], wanted: str) -> Response:
    """Return an answer as a file to download; raises BadParameter for an unknown format."""
    return table_file(answer, wanted, f"remit-{answer['name']}")
