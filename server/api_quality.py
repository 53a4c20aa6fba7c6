"""A quality case over HTTP: ``/api/v1/quality/case``; what can be stated with GET, the assessment with POST."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.answers import quality
from server.api import name_version, store
from server.forms import json_object

bp = Blueprint("api_quality", __name__, url_prefix="/api/v1/quality")
bp.after_request(name_version)


@bp.get("/case")
def describe() -> ResponseReturnValue:
    """Describe the facts that a case can state."""
    return jsonify(quality.schema(store()))


@bp.post("/case")
def assess() -> ResponseReturnValue:
    """Assess the case in the body, ``{"facts": {…}}``; nothing is stored."""
    return jsonify(quality.assess(store(), json_object("for example {“facts”: {}}")))
