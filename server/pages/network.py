"""A network of bodies as SVG, made on the server: ranks by the lines between them, boxes that link to their pages."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDE, HIGH, GAP_X, GAP_Y, ACROSS, MARGIN = 196, 64, 24, 64, 5, 12
STROKES = {
    "reports to": ("#005eb8", ""),
    "accountable to": ("#005eb8", ""),
    "escalates to": ("#d5281b", "7 4"),
    "informs": ("#4c6272", "2 4"),
    "consults": ("#330072", "2 4"),
}


@dataclass(frozen=True)
class Box:
    """A body of the network: key, label, group for those without lines, and the address of its page."""

    key: str
    label: str
    group: str
    href: str | None = None


@dataclass(frozen=True)
class Line:
    """A line from one body to another, of a kind."""

    start: str
    end: str
    kind: str


def draw(boxes: Sequence[Box], lines: Sequence[Line], title: str) -> Markup:
    """Return the SVG; bodies without any line stand below, by their groups."""
    rows = arrange(boxes, lines)
    places = {
        box.key: (MARGIN + n * (WIDE + GAP_X), MARGIN + r * (HIGH + GAP_Y))
        for r, row in enumerate(rows)
        for n, box in enumerate(row)
    }
    width = 2 * MARGIN + ACROSS * (WIDE + GAP_X) - GAP_X
    height = 2 * MARGIN + len(rows) * (HIGH + GAP_Y) - GAP_Y
    head = Markup(
        '<svg class="remit-network" viewBox="0 0 {w} {h}" width="100%" role="img" aria-label="{t}" '
        'font-family="inherit" font-size="13"><defs>{m}</defs>'
    ).format(w=width, h=height, t=title, m=Markup("").join(_marker(k) for k in STROKES))
    drawn = [_line(line, places, n) for n, line in enumerate(lines) if line.start in places]
    shown = [_box(box, *places[box.key]) for row in rows for box in row]
    return Markup("").join([head, *drawn, *shown, Markup("</svg>")])


def arrange(boxes: Sequence[Box], lines: Sequence[Line]) -> list[list[Box]]:
    """Return rows of boxes: those that only receive lines first, then each below all that it points at."""
    touched = {key for line in lines for key in (line.start, line.end)}
    targets = {box.key: [line.end for line in lines if line.start == box.key] for box in boxes}
    depths = {box.key: depth(box.key, targets, ()) for box in boxes if box.key in touched}
    rows: list[list[Box]] = []
    for level in sorted(set(depths.values())):
        row = [box for box in boxes if depths.get(box.key) == level]
        rows += [row[n : n + ACROSS] for n in range(0, len(row), ACROSS)]
    loose = [box for box in boxes if box.key not in touched]
    for group in dict.fromkeys(box.group for box in loose):
        row = [box for box in loose if box.group == group]
        rows += [row[n : n + ACROSS] for n in range(0, len(row), ACROSS)]
    return rows


def depth(key: str, targets: Mapping[str, Sequence[str]], seen: tuple[str, ...]) -> int:
    """Return how many lines lie at most between a body and one that points at nothing; cycles count once."""
    if key in seen:
        return 0
    return max((1 + depth(end, targets, (*seen, key)) for end in targets.get(key, ())), default=0)


def _marker(kind: str) -> Markup:
    return Markup(
        '<marker id="arrow-{k}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8Z" fill="{c}"/></marker>'
    ).format(k=kind.replace(" ", "-"), c=STROKES[kind][0])


def _line(line: Line, places: Mapping[str, tuple[int, int]], number: int) -> Markup:
    if line.end not in places:
        return Markup("")
    (x1, y1), (x2, y2) = places[line.start], places[line.end]
    shift = (number % 5 - 2) * 14
    colour, dashes = STROKES.get(line.kind, ("#4c6272", ""))
    start, end = (x1 + WIDE // 2 + shift, y1), (x2 + WIDE // 2 + shift, y2 + HIGH)
    middle = y1 - GAP_Y // 2 + shift // 2
    path = f"M{start[0]} {start[1]}V{middle}H{end[0]}V{end[1]}"
    if y1 == y2:
        path = f"M{start[0]} {y1}V{y1 - 18}H{end[0]}V{y2}"
    return Markup(
        '<path d="{d}" fill="none" stroke="{c}" stroke-width="2"{a} marker-end="url(#arrow-{k})"/>'
    ).format(
        d=path, c=colour, k=line.kind.replace(" ", "-"),
        a=Markup(' stroke-dasharray="{}"').format(dashes) if dashes else "",
    )  # fmt: skip


def _box(box: Box, x: int, y: int) -> Markup:
    words = textwrap.wrap(box.label, 27)[:3]
    first = y + HIGH // 2 - (len(words) - 1) * 8 + 4
    text = Markup("").join(
        Markup('<tspan x="{x}" y="{y}">{t}</tspan>').format(
            x=x + WIDE // 2, y=first + n * 16, t=escape(word)
        )
        for n, word in enumerate(words)
    )
    shape = Markup(
        '<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="4" fill="#fff" stroke="#005eb8"/>'
        '<text text-anchor="middle" fill="{c}">{t}</text>'
    ).format(x=x, y=y, w=WIDE, h=HIGH, t=text, c="#005eb8" if box.href else "#212b32")
    return Markup('<a href="{h}">{s}</a>').format(h=box.href, s=shape) if box.href else shape
