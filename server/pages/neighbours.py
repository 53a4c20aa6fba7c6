"""The organisations around one: predecessors, successors and relations, drawn as a network."""

from __future__ import annotations

from markupsafe import Markup

from server.answers.reference import Json
from server.pages.network import Box, Line, draw

MOST = 24


def neighbourhood(org: Json) -> Markup | None:
    """The drawing of an organisation with those that it is tied to; None where there is none, or too many.

    A full line leads from an organisation to what became of it, a dotted one to what it is related to.
    """
    lines = [_line(org, each) for each in org.get("relations") or [] if each.get("target")]
    boxes = {
        each["target"]["id"]: each["target"]
        for each in org.get("relations") or []
        if each.get("target")
    }
    for event in org.get("events") or []:
        for before in event["original"]:
            for after in event["resulting"]:
                boxes |= {before["id"]: before, after["id"]: after}
                if before["id"] != after["id"]:
                    lines.append(Line(before["id"], after["id"], "reports to"))
    boxes[org["id"]] = {"id": org["id"], "label": org["name"], "code": org["code"]}
    if not lines or len(boxes) > MOST:
        return None
    drawn = [
        Box(key, each["label"], "", f"/organisations/{each['code']}") for key, each in boxes.items()
    ]
    return draw(drawn, list(dict.fromkeys(lines)), f"Organisations around {org['name']}")


def _line(org: Json, relation: Json) -> Line:
    return Line(str(org["id"]), str(relation["target"]["id"]), "informs")
