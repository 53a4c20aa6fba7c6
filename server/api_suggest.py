"""What a person who is still typing may mean: ``/api/v1/suggest?q=``, for the search boxes of the pages."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from server.answers.search import suggest
from server.api import name_version, store, whole
from server.pages.links import page

bp = Blueprint("api_suggest", __name__, url_prefix="/api/v1")
bp.after_request(name_version)

MOST = 20


@bp.get("/suggest")
def suggestions() -> ResponseReturnValue:
    """Suggest things whose names begin as typed: ``{q, suggestions: [{id, kind, label, code, context, href}]}``."""
    most = whole("limit", 8, 1, MOST)
    answer = suggest(store(), request.args.get("q", ""), request.args.get("kind"), most)
    for each in answer["suggestions"]:
        each["href"] = page(each["id"])
    return jsonify(answer)
