"""A timeline of dated spans as SVG, made on the server; the page gives the same content as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

WIDTH, LEFT, ROW, TOP = 960, 300, 36, 30


@dataclass(frozen=True)
class Span:
    """A labelled span ``[start, end)``; ``end`` None is open, ``uncertain`` shows where its start lies."""

    label: str
    start: date
    end: date | None
    uncertain: date | None = None
    solid: bool = True


def draw(spans: Sequence[Span], first: date, last: date, mark: date | None, title: str) -> Markup:
    """Return the SVG of the spans between two days, with a line at ``mark``."""
    height = TOP + ROW * len(spans) + 10
    parts = [
        Markup(
            '<svg class="remit-timeline" viewBox="0 0 {w} {h}" width="100%" role="img" '
            'aria-label="{t}" font-family="inherit" font-size="14">'
        ).format(w=WIDTH, h=height, t=title)
    ]
    parts += [_year(year, first, last, height) for year in range(first.year, last.year + 1)]
    parts += [_span(span, n, first, last) for n, span in enumerate(spans)]
    if mark is not None and first <= mark <= last:
        x = _x(mark, first, last)
        parts.append(
            Markup(
                '<line x1="{x}" y1="{t}" x2="{x}" y2="{h}" stroke="#d5281b" stroke-width="2"/>'
            ).format(x=x, t=TOP - 8, h=height)
        )
    return Markup("").join([*parts, Markup("</svg>")])


def _x(day: date, first: date, last: date) -> float:
    share = (min(max(day, first), last) - first).days / max(1, (last - first).days)
    return round(LEFT + share * (WIDTH - LEFT - 10), 1)


def _year(year: int, first: date, last: date, height: int) -> Markup:
    day = max(date(year, 1, 1), first)
    return Markup(
        '<line x1="{x}" y1="{t}" x2="{x}" y2="{h}" stroke="#d8dde0"/><text x="{tx}" y="16" fill="#4c6272">{y}</text>'
    ).format(x=_x(day, first, last), t=TOP - 8, h=height, tx=_x(day, first, last) + 3, y=year)


def _span(span: Span, row: int, first: date, last: date) -> Markup:
    y = TOP + row * ROW
    start, end = _x(span.start, first, last), _x(span.end or last, first, last)
    label = Markup('<text x="0" y="{y}" fill="#212b32">{t}</text>').format(
        y=y + 18, t=escape(span.label)
    )
    colour = "#005eb8" if span.solid else "none"
    bar = Markup(
        '<rect x="{x}" y="{y}" width="{w}" height="22" fill="{c}" stroke="#005eb8"{d}/>'
    ).format(
        x=start, y=y + 2, w=max(6.0, round(end - start, 1)), c=colour,
        d=Markup("") if span.solid else Markup(' stroke-dasharray="4 3"'),
    )  # fmt: skip
    before = Markup("")
    if span.uncertain is not None:
        left = _x(span.uncertain, first, last)
        before = Markup(
            '<rect x="{x}" y="{y}" width="{w}" height="22" fill="none" stroke="#005eb8" stroke-dasharray="4 3"/>'
        ).format(x=left, y=y + 2, w=max(2.0, round(start - left, 1)))
    return Markup("").join([label, before, bar])
