"""An organisation's life and the law's as SVG, with the days on which the answer changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from server.answers.reference import Json
from server.filters import count, nhs_date

TOP, BAR, FOOT, LETTER = 34, 24, 26, 7.0
FILLS = {
    "life": "#e8edee",
    "type": "#e8edee",
    "law": "#e8edee",
    "answer": "#005eb8",
    "none": "#ffffff",
}


@dataclass(frozen=True)
class Layout:
    """How wide a drawing is, where its bars begin, how high a row is, and how many years it can name.

    Where bars begin at the left edge, the name of a row stands above its bars.
    """

    width: int
    left: int
    row: int
    years: int


WIDE = Layout(960, 210, 34, 16)
NARROW = Layout(320, 0, 52, 6)


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


def draw(
    answer: Json, mark: date | None, today: date, address: str = "", layout: Layout = WIDE
) -> Markup:
    """Return the SVG, with a line at ``mark``; periods link to the sheet at ``address`` where one is given.

    The lines lie behind the words, so that every word can be read.
    """
    shown = rows(answer)
    starts = [bar.start for _, bars in shown for bar in bars]
    first = date(min([*starts, *([mark] if mark else []), today]).year, 1, 1)
    last = date(max(today.year, mark.year if mark else 0) + 1, 1, 1)
    scale = _Scale(first, last, layout, TOP + layout.row * len(shown) + 8)
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="remit-timeline" viewBox="0 0 {w} {h}" width="100%" role="{r}" '
        'aria-label="{t}" font-family="Arial, sans-serif" font-size="13">'
    ).format(
        w=layout.width, h=scale.height + FOOT, t=_title(answer), r="group" if address else "img"
    )
    tops = [TOP + place * layout.row for place in range(len(shown))]
    boxes = [
        _box(bar, top, scale) for (_, bars), top in zip(shown, tops, strict=True) for bar in bars
    ]
    words = [
        _row(label, bars, top, scale, address)
        for (label, bars), top in zip(shown, tops, strict=True)
    ]
    changes = [date.fromisoformat(each["from"]) for each in answer["periods"][1:]]
    lines = [scale.line(day, "#212b32", "3 3") for day in changes]
    marked = [scale.line(mark, "#d5281b"), scale.named(mark)] if mark else []
    return Markup("").join(
        [head, *scale.named_years(), *boxes, *lines, *marked, *words, Markup("</svg>")]
    )


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    layout: Layout
    height: int

    def x(self, day: date) -> float:
        days = (min(max(day, self.first), self.last) - self.first).days
        room = self.layout.width - self.layout.left - 6
        return round(self.layout.left + 1 + days / (self.last - self.first).days * room, 1)

    def line(self, day: date, colour: str, dashes: str = "") -> Markup:
        return Markup(
            '<line x1="{x}" y1="{t}" x2="{x}" y2="{h}" stroke="{c}" stroke-width="2" stroke-dasharray="{d}"/>'
        ).format(x=self.x(day), t=TOP - 8, h=self.height, c=colour, d=dashes)

    def named(self, day: date) -> Markup:
        """The day itself in words, below its line."""
        x = self.x(day)
        return Markup('<text x="{x}" y="{y}" fill="#d5281b" text-anchor="{a}">{t}</text>').format(
            x=x, y=self.height + 17, t=nhs_date(day), a=self._anchor(x)
        )

    def named_years(self) -> Iterable[Markup]:
        span = self.last.year - self.first.year
        step = next(
            n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if span / n <= self.layout.years
        )
        for year in range(self.first.year, self.last.year + 1):
            if year % step == 0 or span <= 3:
                x = self.x(date(year, 1, 1))
                yield Markup(
                    '<line x1="{x}" y1="{t}" x2="{x}" y2="{h}" stroke="#d8dde0"/>'
                    '<text x="{x}" y="18" fill="#4c6272" text-anchor="{a}">{y}</text>'
                ).format(x=x, t=TOP - 10, h=self.height, y=year, a=self._anchor(x))

    def _anchor(self, x: float) -> str:
        """How words at a place are set so that they do not run over an edge."""
        if x > self.layout.width - 45:
            return "end"
        return "start" if x < 45 else "middle"


def _bar_top(top: int, layout: Layout) -> int:
    return top if layout.left else top + 20


def _box(bar: Bar, top: int, scale: _Scale) -> Markup:
    return Markup(
        '<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{f}" stroke="#768692"/>'
    ).format(
        x=scale.x(bar.start), y=_bar_top(top, scale.layout), w=_width(bar, scale), h=BAR, f=FILLS[bar.fill]
    )  # fmt: skip


def _width(bar: Bar, scale: _Scale) -> float:
    return max(3.0, round(scale.x(bar.end or scale.last) - scale.x(bar.start), 1))


def _row(label: str, bars: Sequence[Bar], top: int, scale: _Scale, address: str) -> Markup:
    layout = scale.layout
    name = Markup('<text x="0" y="{y}" fill="#212b32">{t}</text>').format(
        y=top + (17 if layout.left else 13), t=_fit(label, layout.left or layout.width)
    )
    return Markup("").join([name, *(_words(bar, top, scale, address) for bar in bars)])


def _words(bar: Bar, top: int, scale: _Scale, address: str) -> Markup:
    """The words of a bar, with an unseen box over the bar that tells all of them and takes clicks."""
    x, width, y = scale.x(bar.start), _width(bar, scale), _bar_top(top, scale.layout)
    fitting = _fit(bar.text, width - 8)
    shown = Markup(
        '<text x="{x}" y="{y}" fill="{c}" stroke="{f}" stroke-width="4" paint-order="stroke">{t}</text>'
    ).format(
        x=x + 5, y=y + 17, c="#ffffff" if bar.fill == "answer" else "#212b32", f=FILLS[bar.fill], t=fitting
    )  # fmt: skip
    drawn = Markup(
        '<g><title>{told}</title><rect x="{x}" y="{y}" width="{w}" height="{h}" fill-opacity="0"/>{t}</g>'
    ).format(told=f"{bar.text}: {_when(bar)}", x=x, y=y, w=width, h=BAR, t=shown if fitting else "")
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
