"""What-if page: facts about an organisation in, segments that it is eligible to be considered for out."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from server.answers import frameworks, segmentation
from server.answers.reference import Json, reference
from server.answers.segmentation import kinds
from server.errors import BadParameter
from server.pages import data

bp = Blueprint("segmentation", __name__, url_prefix="/segmentation")

Page = Response | str | tuple[str, int]
NAMES = {
    "trust": "NHS trust",
    "foundation-trust": "NHS foundation trust",
    "icb": "Integrated care board",
    "ics": "Integrated care system",
    "ccg": "Clinical commissioning group",
    "primary-care": "Primary care provider or network",
}


@bp.get("")
def index() -> Page:
    """Choose the version of the framework."""
    ref = reference(data.store())
    rows = [frameworks.summary(ref, node) for node in frameworks.versions(ref)]
    return render_template("segmentation.html", rows=rows)


@bp.get("/<slug>")
def show(slug: str) -> Page:
    """The form of facts and the answer; everything stands in the address and nothing is stored."""
    segmentation.engine(data.store(), slug)
    ref = reference(data.store())
    version = frameworks.summary(ref, frameworks.version(ref, slug))
    kind = request.args.get("organisationKind", "")
    given = {k: v for k, v in request.args.items() if v and k != "organisationKind"}
    problems: list[tuple[str, str]] = []
    schema: Json = segmentation.schema(data.store(), slug)
    answer: Json | None = None
    try:
        schema = segmentation.schema(data.store(), slug, kind or None)
        if kind:
            asked = {"organisationKind": kind, "facts": given}
            answer = segmentation.segment(data.store(), slug, asked)
    except BadParameter as problem:
        field = str(problem.members.get("parameter", "")).removeprefix("facts.")
        problems = [(field or "organisationKind", problem.detail)]
    page = render_template(
        "segmentation-eligibility.html",
        version=version,
        schema=schema,
        names={name: NAMES.get(name, name) for name in kinds.KINDS},
        kind=kind,
        given=given,
        answer=answer,
        problems=problems,
    )
    return (page, 400) if problems else page
