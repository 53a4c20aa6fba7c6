"""Find the cited passages of a document in its flattened text.

The text of a source was extracted from a PDF or word-processor file: numbers are lost or
displaced, footnotes stand in the middle of paragraphs. A passage is found by the number in its
locator or, where the register gives one, by its anchor, a few distinctive words. The order of the
passages decides between several places that fit.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_WORD = re.compile(f"[^\\W_{SUPERSCRIPTS}]+")
_TO_SUPERSCRIPT = str.maketrans("0123456789", SUPERSCRIPTS)
_FOOTNOTE = re.compile(r"footnote (\d+)$")
_NUMBERED = re.compile(r"(?:para(?:graph)?|section|recommendation) (\d+(?:\.\d+)*)")
_ITEM = re.compile(r"\((\w+)\)$")


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, without punctuation and footnote marks."""
    return [match.group().casefold() for match in _WORD.finditer(text)]


@dataclass(frozen=True)
class Passage:
    """A passage as the register gives it: how it is cited, its order, how to find it."""

    id: str
    document: str
    locator: str
    order: int
    parent: str | None = None
    anchor: str | None = None

    @property
    def footnote(self) -> str | None:
        """The number of the footnote, or None when the passage is not one."""
        match = _FOOTNOTE.match(self.locator)
        return match[1] if match else None


@dataclass(frozen=True)
class Span:
    """A stretch of the text, from ``start`` to before ``end``, in characters."""

    start: int
    end: int


@dataclass
class SourceText:
    """The text of one file, with an index of its words."""

    text: str
    _joined: str = field(init=False, repr=False)
    _ends: list[int] = field(init=False, repr=False)
    _starts: list[int] = field(init=False, repr=False)
    _lines: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found = list(_WORD.finditer(self.text))
        self._starts = [match.start() for match in found]
        self._lines = [0, *(m.end() for m in re.finditer("\n", self.text))]
        self._joined, self._ends, length = " ", [], 1
        parts = [match.group().casefold() for match in found]
        for part in parts:
            self._ends.append(length)
            length += len(part) + 1
        self._joined += " ".join(parts) + " "

    def line(self, offset: int) -> int:
        """Return the number of the line, from 1, in which the character at ``offset`` stands."""
        return bisect_right(self._lines, offset)

    def line_start(self, offset: int) -> int:
        """Return the offset at which the line of the character at ``offset`` begins."""
        return self._lines[self.line(offset) - 1]

    def last_line(self, span: Span) -> int:
        """Return the number of the last line of ``span`` that is not empty."""
        return self.line(span.start + len(self.text[span.start : span.end].rstrip()) - 1)

    def opening(self, offset: int) -> int:
        """Return the start of the line when no letter stands before ``offset`` in it."""
        start = self.line_start(offset)
        return offset if any(ch.isalpha() for ch in self.text[start:offset]) else start

    def phrase(self, phrase: str, span: Span) -> list[int]:
        """Return where ``phrase`` begins within ``span``, punctuation and case ignored."""
        wanted = words(phrase)
        if not wanted:
            return []
        needle, places, at = f" {' '.join(wanted)} ", [], -1
        while (at := self._joined.find(needle, at + 1)) >= 0:
            start = self._starts[bisect_left(self._ends, at + 1)]
            if span.start <= start < span.end:
                places.append(start)
        return places

    def matches(self, pattern: str, span: Span) -> list[int]:
        """Return where ``pattern`` begins within ``span``; ``^`` is the start of any line."""
        found = re.compile(pattern, re.MULTILINE).finditer(self.text, span.start, span.end)
        return [match.start() for match in found]

    def without(self, span: Span, holes: Iterable[Span]) -> str:
        """Return the text of ``span`` with the ``holes`` in it left out."""
        parts, at = [], span.start
        for hole in sorted(holes, key=lambda hole: hole.start):
            if span.start <= hole.start and hole.end <= span.end and hole.start >= at:
                parts.append(self.text[at : hole.start])
                at = hole.end
        return "".join([*parts, self.text[at : span.end]])


@dataclass(frozen=True)
class Located:
    """The passages of one document found in its text, with the reasons for those that were not."""

    spans: dict[str, Span]
    reasons: dict[str, str]
    notes: tuple[Span, ...]


def locate(passages: Sequence[Passage], text: SourceText, region: Span) -> Located:
    """Find ``passages`` of one document within ``region`` of ``text``."""
    ids = {passage.id for passage in passages}
    ordered = sorted(passages, key=lambda passage: passage.order)
    notes = [p for p in ordered if p.footnote]
    tops = [p for p in ordered if not p.footnote and p.parent not in ids]
    spans: dict[str, Span] = {}
    reasons: dict[str, str] = {}
    _place(notes, text, region, spans, reasons)
    for note in notes:
        if note.id in spans:
            spans[note.id] = _block(text, spans[note.id])
    found_notes = tuple(spans.values())
    _place_tree(tops, ordered, text, region, spans, reasons)
    _place_displaced(ordered, text, region, spans, reasons)
    for orphan in ordered:
        if orphan.id not in spans and orphan.id not in reasons:
            reasons[orphan.id] = "the passage that contains it was not found."
    return Located(spans, reasons, found_notes)


def _place_tree(
    level: Sequence[Passage],
    everything: Sequence[Passage],
    text: SourceText,
    region: Span,
    spans: dict[str, Span],
    reasons: dict[str, str],
) -> None:
    _place(level, text, region, spans, reasons)
    for passage in level:
        parts = [p for p in everything if p.parent == passage.id]
        if parts and passage.id in spans:
            _place_tree(parts, everything, text, spans[passage.id], spans, reasons)


def _place_displaced(
    ordered: Sequence[Passage],
    text: SourceText,
    region: Span,
    spans: dict[str, Span],
    reasons: dict[str, str],
) -> None:
    """Place passages that stand elsewhere than their order says, if their anchor stands only once.

    The cells of a table are often torn apart when its text is extracted.
    """
    found: dict[str, int] = {}
    for passage in ordered:
        if passage.id not in spans and passage.anchor and not passage.footnote:
            places = text.phrase(passage.anchor, region)
            if len(places) == 1:
                found[passage.id] = max(text.opening(places[0]), region.start)
    starts = sorted({*found.values(), *(span.start for span in spans.values()), region.end})
    for name, start in found.items():
        spans[name] = Span(start, starts[starts.index(start) + 1])
        reasons.pop(name, None)


def _place(
    level: Sequence[Passage],
    text: SourceText,
    region: Span,
    spans: dict[str, Span],
    reasons: dict[str, str],
) -> None:
    """Give each passage of one level its span: from its own start to that of the next."""
    options = [_candidates(passage, text, region) for passage in level]
    starts = longest_chain(options)
    placed = [start for start in starts if start is not None]
    for passage, start, choices in zip(level, starts, options, strict=True):
        if start is None:
            reasons[passage.id] = _why_not(passage, choices, text)
        else:
            following = placed[placed.index(start) + 1 :]
            spans[passage.id] = Span(start, following[0] if following else region.end)


def _why_not(passage: Passage, choices: Sequence[int], text: SourceText) -> str:
    if choices:
        lines = ", ".join(str(text.line(choice)) for choice in choices[:3])
        return f"stands in line {lines}, out of the order of the other passages."
    if passage.anchor:
        return f"the anchor “{passage.anchor}” does not stand where the passage should be."
    return "its number does not stand where the passage should be; give it an anchor."


def _candidates(passage: Passage, text: SourceText, span: Span) -> list[int]:
    if passage.anchor:
        return [max(text.opening(at), span.start) for at in text.phrase(passage.anchor, span)]
    if passage.footnote:
        raised = passage.footnote.translate(_TO_SUPERSCRIPT)
        plain = rf"^[ \t]*\[?{passage.footnote}\]?\.?[ \t]+(?=\S)"
        return text.matches(rf"^[ \t]*{raised}[ \t]+", span) or text.matches(plain, span)
    if (item := _ITEM.search(passage.locator)) and passage.parent:
        return _item_starts(re.escape(item[1]), text, span)
    if match := _NUMBERED.match(passage.locator):
        number = re.escape(match[1])
        return text.matches(rf"^[ \t]*[-*•]?[ \t]*\**{number}[.)]?\**[ \t]+(?=\S)", span)
    return []


def _item_starts(marker: str, text: SourceText, span: Span) -> list[int]:
    """Return where an item begins: its marker opens a line, is bracketed or was displaced in it."""
    opening = text.matches(rf"^[ \t]*[-*•]?[ \t]*\**\(?{marker}[.)]\**[ \t]+(?=\S)", span)
    bracketed = text.matches(rf"\({marker}\)\s", span)
    displaced = [text.line_start(at) for at in text.matches(rf"(?<![\w.]){marker}\.(?=\s)", span)]
    return opening or bracketed or [at for at in displaced if at >= span.start]


def _block(text: SourceText, span: Span) -> Span:
    """Return the span cut off at the first empty line: a footnote is one block of lines."""
    end = re.compile(r"\n[ \t]*\n").search(text.text, span.start, span.end)
    return Span(span.start, end.start() if end else span.end)


def longest_chain(options: Sequence[Sequence[int]]) -> list[int | None]:
    """Choose at most one number of each list so that they increase, as many as can be.

    Among equally long choices the later numbers win: a heading is the one next to its text, not
    the one in the list of contents. A list of which no number is chosen yields None.
    """
    tails: list[int] = []
    chains: list[tuple[int, int, object]] = []
    for index in range(len(options) - 1, -1, -1):
        for start in sorted(options[index]):
            length = bisect_left(tails, -start)
            before = chains[length - 1] if length else None
            tails[length : length + 1] = [-start]
            chains[length : length + 1] = [(index, start, before)]
    chosen: list[int | None] = [None] * len(options)
    link: object = chains[-1] if chains else None
    while isinstance(link, tuple):
        index, start, link = link
        chosen[index] = start
    return chosen
