"""Governance: the bodies and meetings of a system with their lines, as a diagram and as a table of the same content."""

from __future__ import annotations

from flask import Blueprint, render_template
from markupsafe import Markup

from server.answers import governance as governance_
from server.answers.reference import Json
from server.pages import data, links
from server.pages.network import Box, Line, draw

bp = Blueprint("governance", __name__, url_prefix="/governance")


@bp.get("")
def index() -> str:
    """The systems of which bodies are recorded, and quality governance in general."""
    answer = governance_.governance(data.store())
    return render_template(
        "governance.html", answer=answer, systems=named_systems(), diagram=diagram(answer)
    )


@bp.get("/<code>")
def show(code: str) -> str:
    """The governance of one system, by the ODS code of its board."""
    answer = governance_.governance(data.store(), code.upper())
    answer["system"]["label"] = board_name(code.upper())
    return render_template(
        "governance.html", answer=answer, systems=named_systems(), diagram=diagram(answer)
    )


def named_systems() -> list[Json]:
    """The systems with the names of their boards as they stand in the registers."""
    found = governance_.systems(data.store())
    return [{**each, "label": board_name(str(each["slug"]))} for each in found]


def board_name(code: str) -> str:
    """The present name of a board."""
    return str(data.organisation(code, data.today().isoformat())["name"])


def diagram(answer: Json) -> Markup:
    """The SVG of bodies and lines; whoever a line leads to outside the system gets a box too."""
    known = {body["id"]: body for body in answer["bodies"]}
    outside = {
        line["to"]["id"]: line["to"]
        for body in answer["bodies"]
        for line in body["lines"]
        if line["to"]["id"] not in known
    }
    boxes = [Box(i, thing["label"], "", links.page(i)) for i, thing in outside.items()]
    boxes += [Box(i, b["label"], b["kind"], links.page(i)) for i, b in known.items() if not_past(b)]
    lines = [
        Line(body["id"], line["to"]["id"], line["kind"])
        for body in answer["bodies"]
        for line in body["lines"]
    ]
    once = list(dict.fromkeys(lines))
    return draw(boxes, once, "Bodies and meetings, and where they report and escalate")


def not_past(body: Json) -> bool:
    """Whether a body still exists as the source tells it."""
    return bool(body["status"] != "superseded")
