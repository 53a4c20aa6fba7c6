"""The API of one organisation's duties and changes, of procedures as diagrams, and of what the register covers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from server.answers.changes import changes
from server.answers.coverage import coverage
from server.answers.diagrams import procedure
from server.answers.duties import duties
from server.api import as_of, name_version, store
from server.errors import BadParameter

bp = Blueprint("api_standing", __name__, url_prefix="/api/v1")
bp.after_request(name_version)


@bp.get("/organisations/<code>/duties")
def organisation_duties(code: str) -> ResponseReturnValue:
    """Give the duties owed by and to an organisation on a date."""
    return jsonify(duties(store(), code, as_of()))


@bp.get("/organisations/<code>/changes")
def organisation_changes(code: str) -> ResponseReturnValue:
    """Tell what changed for an organisation between the dates ``from`` and ``to`` (today by default)."""
    start = request.args.get("from", "")
    if not start:
        raise BadParameter(
            "Give the first date as from, for example from=2022-06-30.", parameter="from"
        )
    return jsonify(changes(store(), code, start, request.args.get("to") or date.today()))


@bp.get("/procedures/<name>/diagram")
def procedure_diagram(name: str) -> ResponseReturnValue:
    """Give the steps and ways of a procedure, and where its drawing puts them."""
    found = procedure(store(), name)
    return jsonify({**found, "diagram": asdict(found["diagram"])})


@bp.get("/coverage")
def what_is_covered() -> ResponseReturnValue:
    """Count the facts by kind, document and passage."""
    return jsonify(coverage(store()))
