"""A network of bodies as SVG, made on the server: ranks by the lines between them, boxes that link to their pages."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDE, HIGH, GAP_X, GAP_Y, ACROSS, MARGIN = 162, 76, 22, 70, 6, 24
HEADING, CLOSE, LETTERS, LINES, STEP = 26, 14, 23, 4, 16
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
    """Return the SVG; bodies without any line stand below, under the names of their groups."""
    ranks = ranked(boxes, lines)
    groups = loose(boxes, lines)
    places = _grid(ranks, MARGIN, GAP_Y)
    top = MARGIN + len(ranks) * (HIGH + GAP_Y) - (GAP_Y - CLOSE if ranks else 0)
    headings = []
    for name, rows in groups.items():
        headings.append(_heading(name, top))
        places |= _grid(rows, top + HEADING, CLOSE)
        top += HEADING + len(rows) * (HIGH + CLOSE) + CLOSE
    width = 2 * MARGIN + ACROSS * (WIDE + GAP_X) - GAP_X
    head = Markup(
        '<svg class="remit-network" viewBox="0 0 {w} {h}" width="100%" role="group" aria-label="{t}" '
        'font-family="inherit" font-size="13"><defs>{m}</defs>'
    ).format(w=width, h=top, t=title, m=Markup("").join(_marker(kind) for kind in STROKES))
    drawn = [_line(line, places, n) for n, line in enumerate(lines)]
    shown = [_box(box, *places[box.key]) for box in boxes if box.key in places]
    return Markup("").join([head, *drawn, *headings, *shown, Markup("</svg>")])


def ranked(boxes: Sequence[Box], lines: Sequence[Line]) -> list[list[Box]]:
    """Return rows of the bodies with lines: those that only receive first, then each below all it points at.

    Within a row a body stands near the bodies that it points at.
    """
    touched = {key for line in lines for key in (line.start, line.end)}
    targets = {box.key: [line.end for line in lines if line.start == box.key] for box in boxes}
    depths = {box.key: depth(box.key, targets, ()) for box in boxes if box.key in touched}
    rows: list[list[Box]] = []
    columns: dict[str, int] = {}
    for level in sorted(set(depths.values())):
        row = [box for box in boxes if depths.get(box.key) == level]
        row.sort(key=lambda box: _mean([columns[k] for k in targets[box.key] if k in columns]))
        columns |= {box.key: n % ACROSS for n, box in enumerate(row)}
        rows += _wrapped(row)
    return rows


def loose(boxes: Sequence[Box], lines: Sequence[Line]) -> dict[str, list[list[Box]]]:
    """Return the bodies without lines, by group, in rows."""
    touched = {key for line in lines for key in (line.start, line.end)}
    left = [box for box in boxes if box.key not in touched]
    groups = dict.fromkeys(box.group for box in left)
    return {name: _wrapped([box for box in left if box.group == name]) for name in groups}


def depth(key: str, targets: Mapping[str, Sequence[str]], seen: tuple[str, ...]) -> int:
    """Return how many lines lie at most between a body and one that points at nothing; cycles count once."""
    if key in seen:
        return 0
    return max((1 + depth(end, targets, (*seen, key)) for end in targets.get(key, ())), default=0)


def _wrapped(row: list[Box]) -> list[list[Box]]:
    return [row[n : n + ACROSS] for n in range(0, len(row), ACROSS)]


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0


def _grid(rows: Sequence[Sequence[Box]], top: int, gap: int) -> dict[str, tuple[int, int]]:
    return {
        box.key: (MARGIN + n * (WIDE + GAP_X), top + r * (HIGH + gap))
        for r, row in enumerate(rows)
        for n, box in enumerate(row)
    }


def _marker(kind: str) -> Markup:
    return Markup(
        '<marker id="arrow-{k}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="6" markerHeight="6" '
        'orient="auto"><path d="M0 0 8 4 0 8Z" fill="{c}"/></marker>'
    ).format(k=kind.replace(" ", "-"), c=STROKES[kind][0])


def _line(line: Line, places: Mapping[str, tuple[int, int]], number: int) -> Markup:
    if line.start not in places or line.end not in places:
        return Markup("")
    colour, dashes = STROKES.get(line.kind, ("#4c6272", ""))
    return Markup(
        '<path d="{d}" fill="none" stroke="{c}" stroke-width="2"{a} marker-end="url(#arrow-{k})"/>'
    ).format(
        d=_path(places[line.start], places[line.end], (number % 7 - 3) * 9),
        c=colour,
        a=Markup(' stroke-dasharray="{}"').format(dashes) if dashes else "",
        k=line.kind.replace(" ", "-"),
    )


def _path(start: tuple[int, int], end: tuple[int, int], shift: int) -> str:
    """Return a path from the top of one box to the foot of another; past other ranks it runs in the gutter."""
    (x1, y1), (x2, y2) = start, end
    here, there = x1 + WIDE // 2 + shift, x2 + WIDE // 2 + shift
    leave, arrive = y1 - GAP_Y // 2 + shift // 2, y2 + HIGH + GAP_Y // 2 + shift // 2
    if y1 == y2:
        return f"M{here} {y1}V{y1 - 20}H{there}V{y2}"
    if y1 - y2 <= HIGH + GAP_Y:
        return f"M{here} {y1}V{leave}H{there}V{y2 + HIGH}"
    gutter = x1 - GAP_X // 2 + shift // 4
    return f"M{here} {y1}V{leave}H{gutter}V{arrive}H{there}V{y2 + HIGH}"


def _heading(name: str, top: int) -> Markup:
    return Markup('<text x="{x}" y="{y}" fill="#4c6272">{t}</text>').format(
        x=MARGIN, y=top + HEADING - 8, t=escape(f"{name[:1].upper()}{name[1:]}, no line stated")
    )


def _box(box: Box, x: int, y: int) -> Markup:
    words = textwrap.wrap(box.label, LETTERS)
    if len(words) > LINES:
        words = [*words[: LINES - 1], f"{words[LINES - 1]} …"]
    first = y + HIGH // 2 - (len(words) - 1) * STEP // 2 + 4
    text = Markup("").join(
        Markup('<tspan x="{x}" y="{y}">{t}</tspan>').format(
            x=x + WIDE // 2, y=first + n * STEP, t=escape(word)
        )
        for n, word in enumerate(words)
    )
    shape = Markup(
        '<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="4" fill="#fff" stroke="#005eb8"/>'
        '<text text-anchor="middle" fill="{c}">{t}</text>'
    ).format(x=x, y=y, w=WIDE, h=HIGH, t=text, c="#005eb8" if box.href else "#212b32")
    return Markup('<a href="{h}">{s}</a>').format(h=box.href, s=shape) if box.href else shape
