"""A chart of percentages as SVG, made on the server; the page gives the same content as a table."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, LEFT, ROW = 720, 300, 26


def draw(rows: Sequence[tuple[str, float]], title: str) -> Markup:
    """Return the SVG of labelled bars from 0 to 100 percent."""
    height = ROW * len(rows) + 8
    start = Markup(
        '<svg class="remit-timeline" viewBox="0 0 {w} {h}" width="100%" role="img" aria-label="{t}" '
        'font-family="inherit" font-size="14">'
    ).format(w=WIDTH, h=height, t=title)
    return Markup("").join(
        [start, *(_bar(n, *row) for n, row in enumerate(rows)), Markup("</svg>")]
    )


def _bar(number: int, label: str, percent: float) -> Markup:
    y = number * ROW + 4
    full = WIDTH - LEFT - 60
    return Markup(
        '<text x="0" y="{ty}" fill="#212b32">{label}</text>'
        '<rect x="{x}" y="{y}" width="{full}" height="18" fill="#f0f4f5"/>'
        '<rect x="{x}" y="{y}" width="{w}" height="18" fill="#005eb8"/>'
        '<text x="{px}" y="{ty}" fill="#212b32">{percent}%</text>'
    ).format(
        ty=y + 14, y=y, x=LEFT, full=full, w=round(full * percent / 100, 1), px=LEFT + full + 8,
        label=label if len(label) <= 40 else label[:39] + "…", percent=percent,
    )  # fmt: skip
