"""The grammar of ordinary legal citations: which provisions of an instrument a text names.

Paths are those of legislation.gov.uk: ``section/105/2``, ``schedule/11/paragraph/3``, ``part/3/chapter/2``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBER = r"\d+[A-Z]{0,3}\d{0,3}[A-Z]{0,2}"
_SUBS = r"(?:\s?\([0-9A-Za-z]{1,5}\))*"
_ONE = rf"{_NUMBER}{_SUBS}"
_JOIN = r"\s*(?:,\s*and\s+|,\s*or\s+|,|;|and|or|&|to|[-–—])\s*"
_ALSO = r"\([0-9A-Za-z]{1,5}\)(?:\s?\([0-9A-Za-z]{1,5}\))*"

_KINDS: tuple[tuple[str, str], ...] = (
    ("section", r"(?:sections?|sects?\.?|secs?\.?|ss?\.?|§§?)"),
    ("regulation", r"(?:regulations?|regs?\.?)"),
    ("article", r"(?:articles?|arts?\.?)"),
    ("rule", r"(?:rules?|rr?\.|rr?(?=\s))"),
    ("paragraph", r"(?:paragraphs?|paras?\.?|¶)"),
    ("schedule", r"(?:schedules?|schs?\.?|scheds?\.?)"),
    ("part", r"(?:parts?|pts?\.?)"),
    ("chapter", r"(?:chapters?|chs?\.?|chaps?\.?)"),
)
_WORDS = dict(_KINDS)
_PATTERNS = {
    kind: re.compile(
        rf"(?<![A-Za-z0-9]){word}\s*(?P<list>{_ONE}(?:{_JOIN}(?:(?:{word}\s*)?{_ONE}|{_ALSO}))*)(?![A-Za-z0-9])",
        re.IGNORECASE,
    )
    for kind, word in _KINDS
}
_BETWEEN = re.compile(
    r"[\s,]*(?:(?:to|of|in)\s+)?(?:the\s+)?□*[\s,]*(?:p(?:ar)?t\.? \d+[\s,]*)?", re.IGNORECASE
)
_BEHIND = re.compile(r"[\s,]*(?:of|to|in|,)?\s*(?:p(?:ar)?t\.? \d+,?\s*of\s*)?", re.IGNORECASE)
_LONE_SCHEDULE = re.compile(
    r"\bthe\s+schedule\b(?!\s*\d)|(?<=□, )sch(?:edule)?\b\.?(?!\s*\d)", re.IGNORECASE
)
_SUBSECTION = re.compile(
    r"\b(?:sub-?sections?|sub-?s\.?|sub-?paragraphs?|sub-?paras?\.?|paragraphs?|paras?\.?)\s*(?P<subs>(?:\([0-9A-Za-z]{1,5}\)\s?)+"
    rf"(?:{_JOIN}(?:\([0-9A-Za-z]{{1,5}}\)\s?)+)*)"
    r"\s*of\s+(?=section|s\.?\s*\d|sch|regulation|reg|article|para)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?P<one>(?:section|s\.?|regulation|reg\.?|article|art\.?)\s*\d+[A-Z0-9]*)\s*,?\s*sub-?s(?:ection)?\.?\s*(?P<subs>(?:\([0-9A-Za-z]{1,5}\))+)",
    re.IGNORECASE,
)
_ROMAN = re.compile(
    r"(?<![A-Za-z])(?P<word>part|pt\.?)\s+(?P<roman>[IVXLC]+)(?![A-Za-z])", re.IGNORECASE
)
_RANGE = re.compile(r"^\s*(?:to|[-–—])\s*$")
_FOLLOWING = re.compile(r"(?<=\d)\s?ff\.?(?![A-Za-z])")
_ROMAN_SUB = re.compile(r"[ivx]+")
_MOST_RANGE = 60


@dataclass(frozen=True)
class Named:
    """A provision named in a text: its kind, its path, and where it stands."""

    kind: str
    path: str
    start: int
    end: int


def named(plain: str) -> list[Named]:
    """Return the provisions that a text made plain names, in the order of the text."""
    found = [each for kind in _PATTERNS for each in _of_kind(kind, plain)]
    found += [
        Named("schedule", "schedule", m.start(), m.end()) for m in _LONE_SCHEDULE.finditer(plain)
    ]
    found = _outermost(found)
    return _joined(plain, sorted(found, key=lambda each: (each.start, each.path)))


def plain(text: str) -> str:
    """Return a text in which “subsection (2) of section 105” reads “section 105(2)”, with plain spaces."""
    found = _FOLLOWING.sub("", re.sub(r"[\s\u00a0]+", " ", text))
    found = _AFTER.sub(lambda m: f"{m['one']}{m['subs']}", found)
    while match := _SUBSECTION.search(found):
        rest = found[match.end() :]
        target = re.match(rf"[A-Za-z.]+\s*{_ONE}", rest, re.IGNORECASE)
        if target is None:
            break
        subs = re.sub(r"\) \(", ")(", match["subs"].strip())
        found = f"{found[: match.start()]}{target[0]}{subs}{rest[target.end() :]}"
    return found


def _of_kind(kind: str, text: str) -> Iterator[Named]:
    for match in _PATTERNS[kind].finditer(text):
        if kind == "chapter" and re.search(r"\d{4}\s*$", text[: match.start()]):
            continue  # “2012 c. 7” and “2012 ch. 7” number the Act, not a chapter of it
        for number, subs in _numbers(match["list"]):
            path = "".join(f"/{part}" for part in (number, *subs))
            yield Named(kind, f"{kind}{path}", match.start(), match.end())
    if kind == "part":
        for match in _ROMAN.finditer(text):
            if match["roman"].isupper():
                yield Named("part", f"part/{match['roman']}", match.start(), match.end())


def _numbers(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each number of a list with its subdivisions; a range is written out.

    Subdivisions without a number, as in “105(1) and (2)”, belong to the number before them.
    """
    last = ""
    before: list[str] = []
    end = 0
    for match in re.finditer(rf"(?P<number>{_NUMBER})?(?P<subs>{_SUBS})", text, re.IGNORECASE):
        if not match[0].strip():
            continue
        number = (match["number"] or last).upper()
        subs = re.findall(r"\(([0-9A-Za-z]+)\)", match["subs"])
        if not match["number"]:
            subs = [*before[: _level(before, subs[0], len(subs))], *subs]
        if _RANGE.match(text[end : match.start()]):
            if number == last and subs[:-1] == before[:-1] and subs and before:
                yield from ((number, [*subs[:-1], each]) for each in _among(before[-1], subs[-1]))
            elif not subs and not before:
                yield from ((each, []) for each in _among(last, number))
        yield number, subs
        last, before, end = number, subs, match.end()


def _level(before: list[str], sub: str, depth: int) -> int:
    """Return how many subdivisions of the one before a lone one shares: “(2)(a) or (b)” shares the “(2)”."""
    for style in (_style, lambda text: text.isdigit()):
        for place in range(len(before) - 1, -1, -1):
            if style(before[place]) == style(sub):
                return place
    return max(len(before) - depth, 0)


def _style(sub: str) -> str:
    if _ROMAN_SUB.fullmatch(sub):
        return "roman"
    return "letter" if sub.isalpha() else "number"


def _among(first: str, last: str) -> list[str]:
    """Return what lies between two ends of a range: 105–107, 14Z59–14Z61, 65A–65C, (a)–(c); nothing where unclear."""
    if first.isalpha() and last.isalpha() and len(first) == len(last) == 1:
        return [chr(each) for each in range(ord(first) + 1, ord(last))]
    for ending in (r"\d+", r"[A-Z]"):
        ends = [re.fullmatch(rf"(.*?)({ending})", each) for each in (first, last)]
        if ends[0] and ends[1] and ends[0][1] == ends[1][1]:
            stem, one, other = ends[0][1], ends[0][2], ends[1][2]
            if ending == r"\d+" and 1 < int(other) - int(one) <= _MOST_RANGE:
                return [f"{stem}{each}" for each in range(int(one) + 1, int(other))]
            return [f"{stem}{each}" for each in _among(one, other)] if one.isalpha() else []
    return []


def _outermost(found: list[Named]) -> list[Named]:
    """Drop what stands within another find, such as the “s” of “ss”."""
    return [
        each
        for each in found
        if not any(
            other is not each
            and other.start <= each.start
            and each.end <= other.end
            and (other.start, other.end) != (each.start, each.end)
            for other in found
        )
    ]


def _joined(text: str, found: list[Named]) -> list[Named]:
    """Put paragraphs with their schedule, and parts and chapters with what they belong to."""
    result: list[Named] = []
    used: set[int] = set()
    for place, each in enumerate(found):
        if each.kind in ("paragraph", "part", "chapter"):
            holder = _holder(text, found, place)
            if holder is not None:
                used.add(holder)
                above = found[holder]
                start, end = min(each.start, above.start), max(each.end, above.end)
                result.append(Named(each.kind, f"{above.path}/{each.path}", start, end))
                continue
        result.append(each)
    kept = [each for place, each in enumerate(found) if place in used]
    joined = [each for each in result if each not in kept or each.kind == "paragraph"]
    return _deepest(
        [each for each in joined if each.kind != "paragraph" or "schedule" in each.path]
    )


def _holder(text: str, found: list[Named], place: int) -> int | None:
    """Return the place of the schedule (or part) that a paragraph, part or chapter belongs to."""
    each = found[place]
    kinds = {"paragraph": ("schedule",), "part": ("schedule",), "chapter": ("part",)}[each.kind]
    for other, candidate in enumerate(found):
        if candidate.kind not in kinds or other == place:
            continue
        between = text[candidate.end : each.start] if candidate.end <= each.start else ""
        behind = text[each.end : candidate.start] if each.end <= candidate.start else ""
        if candidate.end <= each.start and _BETWEEN.fullmatch(between):
            return other
        if each.end <= candidate.start and _BEHIND.fullmatch(behind):
            return other
    return None


def _deepest(found: list[Named]) -> list[Named]:
    """Drop a part of a schedule where a paragraph of the same schedule is named beside it."""
    paragraphs = [
        each for each in found if each.path.startswith("schedule") and "/paragraph/" in each.path
    ]
    return [
        each
        for each in found
        if not (
            each.kind == "part"
            and each.path.startswith("schedule")
            and any(
                p.path.split("/part/")[0].startswith(each.path.split("/part/")[0])
                for p in paragraphs
            )
        )
    ]
