"""The oversight frameworks over HTTP: in effect on a date, comparison, segmentation, oversight of an organisation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from loader.dates import parse_date
from server.answers import comparison, frameworks, segmentation
from server.answers.oversight import oversight
from server.answers.reference import reference
from server.api import as_of, name_version, store
from server.errors import BadParameter
from server.forms import json_object

bp = Blueprint("api_frameworks", __name__, url_prefix="/api/v1")
bp.after_request(name_version)


@bp.get("/frameworks/in-effect")
def in_effect() -> ResponseReturnValue:
    """Say which framework governs on a date."""
    return jsonify(frameworks.in_effect(reference(store()), parse_date(as_of(), "asOf")))


@bp.get("/frameworks/<name>/items")
def items(name: str) -> ResponseReturnValue:
    """Give every item of a version, by topic."""
    ref = reference(store())
    version = frameworks.version(ref, name)
    topics = frameworks.by_topic(ref, frameworks.items(ref, version), version)
    total = sum(len(topic["items"]) for topic in topics)
    return jsonify(
        {"framework": frameworks.summary(ref, version), "topics": topics, "total": total}
    )


@bp.get("/frameworks/<name>/compare/<other>")
def compare(name: str, other: str) -> ResponseReturnValue:
    """Compare two versions, item by item."""
    return jsonify(comparison.compare(store(), name, other))


@bp.get("/frameworks/<name>/segmentation")
def facts(name: str) -> ResponseReturnValue:
    """Describe the facts that segmentation by a version takes."""
    slug = name
    if name == frameworks.IN_EFFECT:
        slug = governing()
    return jsonify(segmentation.schema(store(), slug, request.args.get("organisationKind")))


@bp.post("/frameworks/<name>/segmentation")
def segment(name: str) -> ResponseReturnValue:
    """Tell for which segments an organisation is eligible to be considered; stores nothing."""
    given = body()
    day = parse_date(str(given.get("asOf") or as_of()), "asOf")
    return jsonify(segmentation.segment(store(), name, given, day))


@bp.get("/organisations/<code>/oversight")
def of_organisation(code: str) -> ResponseReturnValue:
    """Say how an organisation is overseen on a date."""
    return jsonify(oversight(store(), code, as_of()))


def body() -> dict[str, Any]:
    """Return the JSON object of the request; see `json_object`."""
    return json_object("with organisationKind and facts")


def governing() -> str:
    """Return the slug of the version in effect on the date asked for; raises BadParameter when none is."""
    ref = reference(store())
    found = frameworks.governing(ref, parse_date(as_of(), "asOf"))
    if found is None:
        raise BadParameter("No framework held here governs on that date.", parameter="asOf")
    return str(ref.link(found)["slug"])
