"""Procedures as diagrams: where each box, arrow and line of text stands, for a template that draws them as SVG.

The steps stand one below another in a column. An arrow to the next step is straight; every other one runs in a lane
at the left of the column. A letter marks each way out of a step, and its condition stands at the right of the step
beside the same letter. Lengths are in the units of the drawing, about a CSS pixel.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from string import ascii_lowercase

from rdflib import URIRef

from loader.terms import iri
from server.answers.norms import procedure as steps_of
from server.answers.reference import Json, Reference, reference
from server.answers.wording import figure
from server.errors import NotFound, excerpt
from server.store.protocol import Store

LINE, PAD, GAP, ARRIVAL = 20, 10, 34, 14
BOX, TEXT, LANE = 320, 400, 16
BOX_CHARACTERS, TEXT_CHARACTERS = 38, 50


@dataclass
class Line:
    """A line of text; ``weight`` is bold for headings."""

    x: int
    y: int
    text: str
    weight: str = "normal"


@dataclass
class Box:
    """A step."""

    x: int
    y: int
    width: int
    height: int
    optional: bool
    lines: list[Line]


@dataclass
class Arrow:
    """A way from one step to another: the path that it takes, and its letter with the place of it."""

    path: str
    letter: Line


@dataclass
class Diagram:
    """All parts of a drawing, with its size."""

    width: int = 0
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    texts: list[Line] = field(default_factory=list)


def procedure(store: Store, name: str) -> Json:
    """Return ``{id, label, definition, steps, diagram}`` of a procedure, by slug or identifier.

    Each step has ``step, label, actor, action, optional, timeLimits, contents, routes, sources``; each route has a
    ``letter``, ``when``, and ``toStep`` or ``toProcedure``. Raises NotFound when there is none.
    """
    ref = reference(store)
    node = URIRef(iri(name if "/" in name else f"procedure/{name}"))
    steps = [_step(ref, step) for step in steps_of(ref, node)]
    if not steps:
        raise NotFound(f"There is no procedure called “{excerpt(name)}”.")
    return {**ref.link(node), "steps": steps, "diagram": draw(steps)}


def _step(ref: Reference, step: Json) -> Json:
    routes = [
        {**route, "letter": ascii_lowercase[i % 26], "toLabel": _target(ref, route)}
        for i, route in enumerate(step["routes"])
    ]
    return {**step, "label": ref.label(URIRef(step["id"])), "routes": routes}


def _target(ref: Reference, route: Json) -> str:
    if route["toProcedure"]:
        return str(route["toProcedure"]["label"])
    return f"step {route['toStep']}" if route["toStep"] is not None else ""


def draw(steps: list[Json]) -> Diagram:
    """Return the drawing of steps as ``procedure`` gives them."""
    lanes = _lanes(steps)
    left = PAD + LANE * (1 + max(lanes.values(), default=-1)) + LANE
    made = Diagram(width=left + BOX + 2 * PAD + TEXT)
    places: dict[object, Box] = {}
    top = PAD
    for step in steps:
        box, texts = _place(step, left, top)
        made.boxes.append(box)
        made.texts.extend(texts)
        places[step["step"]] = box
        top += max(box.height, LINE * len(texts)) + GAP
    made.height = top - GAP + PAD
    for step in steps:
        made.arrows.extend(_arrows(step, steps, places, lanes))
    return made


def _place(step: Json, left: int, top: int) -> tuple[Box, list[Line]]:
    """Return the box of a step, and the lines at its right that tell the ways out of it."""
    heading = _wrap(f"{step['step']}. {step['label']}", BOX_CHARACTERS - 2)
    told = _wrap(step["actor"] or "", BOX_CHARACTERS)
    for limit in step["timeLimits"]:
        parts = {name: str(limit[name] or "") for name in ("bound", "value", "unit")}
        told += _wrap(f"Time: {figure(parts)}", BOX_CHARACTERS)
    if step["optional"]:
        told.append("(optional)")
    lines = [
        Line(left + PAD, top + PAD + LINE * i + 14, text, "bold" if i < len(heading) else "normal")
        for i, text in enumerate(heading + told)
    ]
    height = max(2 * PAD + LINE * len(lines), ARRIVAL + LANE * (1 + len(step["routes"])))
    box = Box(left, top, BOX, height, step["optional"], lines)
    words = [
        text for route in step["routes"] for text in _wrap(_told(route), TEXT_CHARACTERS, "    ")
    ]
    x = left + BOX + 2 * PAD
    return box, [Line(x, top + 14 + LINE * i, text) for i, text in enumerate(words)]


def _wrap(text: str, characters: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, characters, subsequent_indent=indent, break_on_hyphens=False)


def _told(route: Json) -> str:
    when = f": {route['when']}" if route["when"] else ""
    return f"{route['letter']} → {route['toLabel']}{when}"


def _jumps(steps: list[Json]) -> list[tuple[int, int]]:
    """Return the ways that are not to the next step, as positions in the column, shortest first."""
    position = {step["step"]: i for i, step in enumerate(steps)}
    found = {
        (i, position[route["toStep"]])
        for i, step in enumerate(steps)
        for route in step["routes"]
        if route["toStep"] in position and position[route["toStep"]] != i + 1
    }
    return sorted(found, key=lambda jump: (abs(jump[0] - jump[1]), jump))


def _lanes(steps: list[Json]) -> dict[tuple[int, int], int]:
    """Return a lane for each jump, so that jumps beside each other do not share one."""
    taken: list[list[tuple[int, int]]] = []
    lanes = {}
    for jump in _jumps(steps):
        free = [i for i, others in enumerate(taken) if not any(_beside(jump, o) for o in others)]
        lane = free[0] if free else len(taken)
        if not free:
            taken.append([])
        taken[lane].append(jump)
        lanes[jump] = lane
    return lanes


def _beside(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return min(one) <= max(other) and min(other) <= max(one)


def _arrows(
    step: Json, steps: list[Json], places: dict[object, Box], lanes: dict[tuple[int, int], int]
) -> list[Arrow]:
    numbers = [each["step"] for each in steps]
    here, box = numbers.index(step["step"]), places[step["step"]]
    made = []
    for i, route in enumerate(step["routes"]):
        if route["toStep"] not in places:
            continue
        to, there = places[route["toStep"]], numbers.index(route["toStep"])
        if there == here + 1:
            x = box.x + BOX // 2 + 14 * i
            path = f"M{x} {box.y + box.height} V{to.y - 2}"
            made.append(Arrow(path, Line(x + 5, box.y + box.height + 16, route["letter"])))
            continue
        lane = box.x - LANE * (1 + lanes[here, there])
        start, end = box.y + ARRIVAL + LANE * (i + 1), to.y + ARRIVAL
        path = f"M{box.x} {start} H{lane} V{end} H{to.x - 2}"
        made.append(Arrow(path, Line(box.x - 10, start - 3, route["letter"])))
    return made
