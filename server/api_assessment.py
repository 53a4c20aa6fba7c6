"""The JSON API of the 2024 draft framework: scores of metrics, and ratings of provider capability.

Segmentation goes through ``server.answers.segmentation``. Nothing that is sent here is stored.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from server.answers.metrics import metric_scores
from server.answers.segmentation.assessment_ratings import ratings, ratings_schema
from server.api import name_version, store
from server.errors import BadParameter

bp = Blueprint("api_assessment", __name__, url_prefix="/api/v1/frameworks/oaf-2024-draft")
bp.after_request(name_version)


@bp.post("/metric-scores")
def post_metric_scores() -> ResponseReturnValue:
    """Score one metric for the organisations sent."""
    return jsonify(metric_scores(store(), body()))


@bp.get("/capability-ratings")
def get_ratings() -> ResponseReturnValue:
    """Describe the facts from which the criteria of the ratings are told."""
    return jsonify(ratings_schema(store()))


@bp.post("/capability-ratings")
def post_ratings() -> ResponseReturnValue:
    """Tell which criteria of the ratings of provider capability the facts sent meet."""
    return jsonify(ratings(store(), body().get("facts", {})))


def body() -> dict[str, Any]:
    """Return the JSON object sent; raises BadParameter when there is none."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise BadParameter("Send a JSON object.", parameter="body")
    return sent
