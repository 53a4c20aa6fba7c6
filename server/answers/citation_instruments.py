"""Which instrument a citation means: by title, short title, abbreviation, year, chapter or number, or address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from loader.paths import registers
from loader.terms import LEGISLATION
from loader.yamlld import Node, read_register

_SMALL = frozenset(["and", "of", "the", "for", "in", "to", "etc", "on"])
_CHAPTER = re.compile(
    r"\b(?P<year>(?:1[89]|20)\d\d)\s*,?\s*(?:c|ch|chapter)\.?\s*(?P<number>\d+)\b", re.I
)
_NUMBERED = re.compile(
    r"\b(?:S\.?\s?I\.?|UKSI|statutory\s+instruments?)\s*(?:no\.?\s*)?(?P<year>(?:19|20)\d\d)\s*(?:/|,?\s*no\.?\s*|\s)\s*(?P<number>\d+)",
    re.I,
)
_NUMBERED_OF = re.compile(
    r"\b(?:S\.?\s?I\.?|statutory\s+instruments?)\s*no\.?\s*(?P<number>\d+)\s+of\s+(?P<year>(?:19|20)\d\d)\b",
    re.I,
)
_LONE_NUMBER = re.compile(
    r"(?<![\w/])(?P<year>(?:19|20)\d\d)/(?P<number>\d{1,4})\b(?=,?\s*(?:reg|art|sch|rule|r\.))",
    re.I,
)
_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?legislation\.gov\.uk/(?:id/)?(?P<path>[a-z]{3,5}/\d{4}/\d+)(?P<rest>(?:/[A-Za-z0-9.-]+)*)"
)
_BARE = re.compile(
    r"(?<![A-Za-z/])(?P<path>(?:ukpga|uksi|asp|ukla|eur)/\d{4}/\d+)(?P<rest>(?:/[A-Za-z0-9-]+)*)"
)
_YEAR_FORM = re.compile(
    r"\b(?P<year>(?:1[89]|20)\d\d)\s+(?P<kind>act|regulations|regs|order)\b", re.I
)


@dataclass(frozen=True)
class Instrument:
    """An instrument that Remit holds: identifier, title, year, and the ways in which it is named."""

    id: str
    title: str
    year: str
    is_act: bool
    names: tuple[str, ...]


@cache
def instruments() -> tuple[Instrument, ...]:
    """Return the instruments on legislation.gov.uk that the shipped registers hold."""
    root = registers()
    entries = read_register(root / "law" / "instruments.yaml", root).entries
    return tuple(_instrument(entry) for entry in entries if str(entry["id"]).startswith("leg:"))


def _instrument(entry: Node) -> Instrument:
    title = str(entry["label"])
    path = str(entry["id"]).removeprefix("leg:")
    year = path.split("/")[1]
    other = entry.get("altLabel") or []
    names = {
        title,
        str(entry.get("shortTitle") or title),
        *(other if isinstance(other, list) else [other]),
    }
    initials = "".join(
        word[0] for word in re.findall(r"[A-Za-z]+", title) if word.lower() not in _SMALL
    )
    if title.endswith(year) and entry.get("type") == "Act":
        names |= {f"{initials} {year}", f"{initials}{year}", initials}
    names = {name for name in names if not _YEAR_FORM.fullmatch(name)}
    return Instrument(
        LEGISLATION + path, title, year, entry.get("type") == "Act", tuple(sorted(names))
    )


@dataclass(frozen=True)
class Mention:
    """An instrument named in a text, with a path below it where the text is an address."""

    id: str
    start: int
    end: int
    rest: str = ""


def mentions(text: str) -> list[Mention]:
    """Return the instruments that a text names, in the order of the text; each stretch counts once."""
    found = [
        *(
            Mention(LEGISLATION + m["path"], m.start(), m.end(), m["rest"].strip("/"))
            for m in _ADDRESS.finditer(text)
        ),
        *(
            Mention(LEGISLATION + m["path"], m.start(), m.end(), m["rest"].strip("/"))
            for m in _BARE.finditer(text)
        ),
        *(
            Mention(f"{LEGISLATION}uksi/{m['year']}/{m['number']}", m.start(), m.end())
            for pattern in (_NUMBERED, _NUMBERED_OF, _LONE_NUMBER)
            for m in pattern.finditer(text)
        ),
        *(
            Mention(f"{LEGISLATION}ukpga/{m['year']}/{m['number']}", m.start(), m.end())
            for m in _CHAPTER.finditer(text)
        ),
    ]
    for each in instruments():
        for name in each.names:
            pattern = _named(name)
            found += [Mention(each.id, m.start(), m.end()) for m in pattern.finditer(text)]
    for match in _YEAR_FORM.finditer(text):
        wants_act = match["kind"].lower() == "act"
        same = [i for i in instruments() if i.year == match["year"] and i.is_act is wants_act]
        found += [Mention(i.id, match.start(), match.end()) for i in same]
    return _widest(found)


@cache
def _named(name: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in re.split(r"\s+", name)]
    optional = r"(?:the\s+)?"
    body = r"\s+".join(words).replace(r"and", r"(?:and|&)")
    flags = 0 if name.isupper() or re.fullmatch(r"[A-Z]+ ?\d{4}", name) else re.IGNORECASE
    return re.compile(rf"(?<![A-Za-z]){optional}{body}(?![A-Za-z0-9])", flags)


def of_year(year: str) -> list[str]:
    """Return the identifiers of the Acts of a year that Remit holds."""
    return [each.id for each in instruments() if each.year == year and each.is_act]


def title(identifier: str) -> str | None:
    """Return the title of an instrument that Remit holds, or None."""
    return next((each.title for each in instruments() if each.id == identifier), None)


def _widest(found: list[Mention]) -> list[Mention]:
    kept = [
        each
        for each in found
        if not any(
            o.start <= each.start
            and each.end <= o.end
            and (o.end - o.start) > (each.end - each.start)
            for o in found
        )
    ]
    return sorted(set(kept), key=lambda each: (each.start, each.id))
