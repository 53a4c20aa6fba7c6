"""An organisation's life and the law's as SVG, with the days on which the answer changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from server.answers.reference import Json
from server.filters import count, nhs_date

WIDTH, LEFT, ROW, TOP, BAR = 960, 210, 34, 34, 24
LETTER = 7.0
FILLS = {
    "life": "#e8edee",
    "type": "#e8edee",
    "law": "#e8edee",
    "answer": "#005eb8",
    "none": "#ffffff",
}


@dataclass(frozen=True)
class Bar:
    """A stretch ``[start, end)`` of a row with the words in it; ``end`` None is open."""

    start: date
    end: date | None
    text: str
    fill: str


Rows = Sequence[tuple[str, Sequence[Bar]]]


def rows(answer: Json) -> list[tuple[str, list[Bar]]]:
    """Return the rows of the drawing of a timeline as ``server.answers.timeline`` gives it."""
    holders = [
        (
            f"Powers of {each['label']}",
            _bars([each], "law", lambda each: count(each["powers"], "power")),
        )
        for each in answer["holders"]
    ]
    found = [
        ("Name", _bars(answer["names"], "life", lambda each: each["name"])),
        ("Type", _bars(answer["types"], "type", lambda each: each["label"])),
        *holders,
        ("The answer", [_period(each) for each in answer["periods"]]),
    ]
    return [(label, bars) for label, bars in found if bars]


def draw(answer: Json, mark: date | None, today: date, address: str = "") -> Markup:
    """Return the SVG, with a line at ``mark``; periods link to the sheet at ``address`` where one is given."""
    shown = rows(answer)
    starts = [bar.start for _, bars in shown for bar in bars]
    first = date(min([*starts, *([mark] if mark else []), today]).year, 1, 1)
    scale = _Scale(first, date(max(today.year, mark.year if mark else 0) + 1, 1, 1))
    height = TOP + ROW * len(shown) + 8
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="remit-timeline" viewBox="0 0 {w} {h}" width="100%" role="{r}" '
        'aria-label="{t}" font-family="Arial, sans-serif" font-size="13">'
    ).format(w=WIDTH, h=height, t=_title(answer), r="group" if address else "img")
    parts = [head, *scale.years(height)]
    for place, (label, bars) in enumerate(shown):
        parts.append(_row(label, bars, TOP + place * ROW, scale, address))
    changes = [date.fromisoformat(each["from"]) for each in answer["periods"][1:]]
    parts += [scale.line(day, height, "#212b32", "3 3") for day in changes]
    if mark:
        parts.append(scale.line(mark, height, "#d5281b"))
    return Markup("").join([*parts, Markup("</svg>")])


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> float:
        share = (min(max(day, self.first), self.last) - self.first).days / (
            self.last - self.first
        ).days
        return round(LEFT + share * (WIDTH - LEFT - 6), 1)

    def line(self, day: date, height: int, colour: str, dashes: str = "") -> Markup:
        return Markup(
            '<line x1="{x}" y1="{t}" x2="{x}" y2="{h}" stroke="{c}" stroke-width="2" stroke-dasharray="{d}"/>'
        ).format(x=self.x(day), t=TOP - 8, h=height, c=colour, d=dashes)

    def years(self, height: int) -> Iterable[Markup]:
        span = self.last.year - self.first.year
        step = next(n for n in (1, 2, 5, 10, 20, 50, 100) if span / n <= 16)
        for year in range(self.first.year, self.last.year + 1):
            if year % step == 0 or span <= 3:
                x = self.x(date(year, 1, 1))
                yield Markup(
                    '<line x1="{x}" y1="{t}" x2="{x}" y2="{h}" stroke="#d8dde0"/>'
                    '<text x="{x}" y="18" fill="#4c6272" text-anchor="{a}">{y}</text>'
                ).format(x=x, t=TOP - 10, h=height, y=year, a="end" if x > WIDTH - 40 else "middle")


def _row(label: str, bars: Sequence[Bar], top: int, scale: _Scale, address: str) -> Markup:
    name = Markup('<text x="0" y="{y}" fill="#212b32">{t}</text>').format(
        y=top + 17, t=_fit(label, LEFT)
    )
    return Markup("").join([name, *(_bar(bar, top, scale, address) for bar in bars)])


def _bar(bar: Bar, top: int, scale: _Scale, address: str) -> Markup:
    x, end = scale.x(bar.start), scale.x(bar.end or scale.last)
    width = max(3.0, round(end - x, 1))
    drawn = Markup(
        '<g><title>{told}</title><rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{f}" stroke="#768692"/>'
        '<text x="{tx}" y="{ty}" fill="{c}">{t}</text></g>'
    ).format(
        told=f"{bar.text}: {_when(bar)}", x=x, y=top, w=width, h=BAR, f=FILLS[bar.fill],
        tx=x + 5, ty=top + 17, t=_fit(bar.text, width - 8),
        c="#ffffff" if bar.fill == "answer" else "#212b32",
    )  # fmt: skip
    if not address or bar.fill not in ("answer", "none"):
        return drawn
    return Markup('<a href="{a}?asOf={d}">{b}</a>').format(
        a=address, d=bar.start.isoformat(), b=drawn
    )


def _bars(items: Sequence[Json], fill: str, told: Callable[[Json], object]) -> list[Bar]:
    return [
        Bar(date.fromisoformat(start), _day(each.get("to")), str(told(each)), fill)
        for each in items
        if (start := each.get("from") or each.get("attestedFrom"))
    ]


def _period(each: Json) -> Bar:
    number = each["applies"]
    text = f"{number} {'applies' if number == 1 else 'apply'}" if number else "none applies"
    return Bar(
        date.fromisoformat(each["from"]), _day(each["to"]), text, "answer" if number else "none"
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _when(bar: Bar) -> str:
    return f"from {nhs_date(bar.start)}" + (f" until {nhs_date(bar.end)}" if bar.end else "")


def _fit(text: str, width: float) -> str:
    """Return as much of a text as a width holds; nothing where it is too narrow for a few letters."""
    most = int(width / LETTER)
    if len(text) <= most:
        return text
    return f"{text[: most - 1]}…" if most >= 4 else ""


def _title(answer: Json) -> str:
    name, periods = answer["organisation"]["label"], answer["periods"]
    days = ", ".join(nhs_date(each["from"]) for each in periods[1:])
    return f"Timeline of {name}. The answer changes on {days}." if days else f"Timeline of {name}."
