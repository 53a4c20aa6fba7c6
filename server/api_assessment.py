"""The JSON API of the 2024 draft framework: scores of metrics, and ratings of provider capability.

Segmentation goes through ``server.answers.segmentation``. Nothing that is sent here is stored.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.answers.metrics import metric_scores
from server.answers.questions import answer
from server.answers.segmentation.assessment_ratings import ratings, ratings_schema
from server.api import name_version, store
from server.forms import json_object

METRIC_FACTS = (
    {"name": "rule", "kind": "one of", "choices": ["quartile", "standard", "improvement"]},
    {"name": "higherIsBetter", "kind": "boolean", "what": "whether high values are the good ones"},
    {
        "name": "standard",
        "kind": "number or null",
        "what": "the value to be met, where there is one",
    },
    {
        "name": "values",
        "kind": "list of {id, value, improved}",
        "what": "one entry an organisation; value is null where no data were supplied",
    },
    {"name": "rules", "kind": "mapping", "what": "your own rules for what the text leaves open"},
)
bp = Blueprint("api_assessment", __name__, url_prefix="/api/v1/frameworks/oaf-2024-draft")
bp.after_request(name_version)


@bp.get("/metric-scores")
def get_metric_scores() -> ResponseReturnValue:
    """Describe what a request for scores states, and the rules of scoring."""
    rules = answer(store(), "scoring-rules", {})
    return jsonify({"facts": METRIC_FACTS, "rules": rules["rows"]})


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
    """Return the JSON object sent; see `json_object`."""
    return json_object("as GET of this path describes it")
