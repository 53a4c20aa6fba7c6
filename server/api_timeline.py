"""The API of an organisation's timeline: ``/api/v1/organisations/{code}/timeline``."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.answers.timeline import timeline
from server.api import name_version, store

bp = Blueprint("api_timeline", __name__, url_prefix="/api/v1")
bp.after_request(name_version)


@bp.get("/organisations/<code>/timeline")
def organisation_timeline(code: str) -> ResponseReturnValue:
    """Tell on which days the answer for an organisation changes, and what changes then."""
    return jsonify(timeline(store(), code))
