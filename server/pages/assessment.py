"""What-if page of the 2024 draft framework: facts in the address, outcomes, the path as a drawing and as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from server.answers.reference import Json
from server.answers.segmentation.assessment import alternatives, facts_schema, segment
from server.errors import BadParameter
from server.pages import data

bp = Blueprint("assessment", __name__, url_prefix="/segmentation/oaf-2024-draft")

Page = Response | str | tuple[str, int]
NONE = "none"
COLUMN, ROW, TOP, LEFT, RADIUS = 210, 62, 74, 90, 20


@dataclass(frozen=True)
class Node:
    """One number of one outcome in the drawing."""

    x: int
    y: int
    value: int
    reached: bool


@dataclass(frozen=True)
class Way:
    """A way between two numbers; ``open`` where others are possible too."""

    x1: int
    y1: int
    x2: int
    y2: int
    open: bool


@bp.get("")
def show() -> Page:
    """The form of facts, the outcomes, and what would move them; nothing is stored."""
    store = data.store()
    schema = facts_schema(store)
    problems: list[tuple[str, str]] = []
    answer, moves = None, []
    facts: Json = {}
    rules: Json = {}
    try:
        facts, rules = read(request.args, schema)
        if facts or rules:
            answer = segment(store, facts, rules)
            moves = alternatives(store, facts, rules)
    except BadParameter as problem:
        problems = [(str(problem.members.get("parameter", "facts")), problem.detail)]
    page = render_template(
        "assessment.html",
        schema=schema,
        answer=answer,
        drawing=draw(answer["path"]) if answer else None,
        moves=[{**move, "href": changed(move)} for move in moves],
        given=request.args,
        areas=request.args.getlist("challengedAreas"),
        high=request.args.getlist("highRatings"),
        low=request.args.getlist("lowRatings"),
        facts=facts,
        sent={"facts": facts, **({"rules": rules} if rules else {})},
        problems=problems,
    )
    return (page, 400) if problems else page


def read(fields: MultiDict[str, str], schema: Json) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the facts and the user's own rules that the fields of the address hold.

    Raises BadParameter for a field that is no number where one is needed.
    """
    facts: dict[str, Any] = {}
    for fact in schema["facts"]:
        texts = [text for text in fields.getlist(fact["key"]) if text]
        if texts:
            facts[fact["key"]] = _value(fact, texts)
    rules: dict[str, Any] = {}
    high, low = (
        [text for text in fields.getlist(name) if text] for name in ("highRatings", "lowRatings")
    )
    if high or low:
        rules["capabilityRatings"] = {"high": high, "low": low}
    if method := fields.get("aggregation"):
        rules["indicativeAggregation"] = {
            "method": method,
            "rounding": fields.get("rounding") or "nearest",
        }
    return facts, rules


def _value(fact: Json, texts: list[str]) -> Any:
    kind, text = fact["type"], texts[0]
    if kind == "choices":
        return [each for each in texts if each != NONE]
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "whole number" and text.isascii() and text.isdigit():
        return int(text[:6])
    if kind == "numbers by name":
        return _numbers(fact, text)
    return text


def _numbers(fact: Json, text: str) -> dict[str, float]:
    """Read ``Access 2; Quality 3`` as numbers by name."""
    found: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, number = part.replace("=", " ").rpartition(" ")
        try:
            found[name.strip() or number] = float(number)
        except ValueError:
            raise BadParameter(
                f"“{part[:40]}” does not end in a number. Write for example: Access 2; Quality 3.",
                parameter=fact["key"],
            ) from None
    return found


def changed(move: Json) -> str:
    """Return the address of this page with one fact otherwise."""
    value = move["value"]
    values = (value or [NONE]) if isinstance(value, list) else [value]
    texts = [str(each).lower() if isinstance(each, bool) else str(each) for each in values]
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != move["fact"] and v]
    return f"{request.path}?{urlencode([*kept, *((move['fact'], text) for text in texts)])}#answer"


def draw(path: list[Json]) -> Json:
    """Return the drawing of the path: one column for each outcome, one row for each number from 1 to 4."""
    columns, ways = [], []
    for place, stage in enumerate(path):
        x = LEFT + place * COLUMN
        nodes = [Node(x, _y(v), v, v in stage["values"]) for v in range(1, 5)]
        columns.append({"x": x, "label": stage["label"], "nodes": nodes})
        if place:
            ways += [
                Way(
                    x - COLUMN + RADIUS, _y(way["from"]), x - RADIUS - 7, _y(way["to"]), way["open"]
                )
                for way in stage["ways"]
                if way["from"] in path[place - 1]["values"]
            ]
    return {
        "width": LEFT * 2 + (len(path) - 1) * COLUMN,
        "height": TOP + 4 * ROW,
        "radius": RADIUS,
        "columns": columns,
        "ways": ways,
        "told": ". ".join(
            f"{stage['label']}: {' or '.join(map(str, stage['values']))}" for stage in path
        ),
    }


def _y(value: int) -> int:
    return TOP + (value - 1) * ROW
