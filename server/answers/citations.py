"""Citations as lawyers write them, to identifiers of legislation.gov.uk, and back.

``s106``, ``section 106 of the 2012 Act``, ``ss 105 and 106 HSCA 2012``, ``Sch 11 para 3(3)``, ``reg. 5 SI 2013/500``,
``2012 c. 7, s 105``, ``http://www.legislation.gov.uk/ukpga/2012/7/section/105/2022-07-01``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from loader.dates import parse_date
from loader.errors import DateError
from loader.terms import LEGISLATION
from server.answers.citation_grammar import Named, named, plain
from server.answers.citation_instruments import Mention, instruments, mentions, of_year, title

_BARE = re.compile(r"^\s*(\d+[A-Z]+\d*[A-Z]*|\d{2,3})((?:\(\w+\))*)\s*$", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_AS_AT = re.compile(
    r"\b(?:as (?:at|of|it stood on|in force on)|on)\s+(\d{4}-\d\d-\d\d|\d{1,2}\s+[A-Za-z]+\s+\d{4})",
    re.I,
)
_POINT = re.compile(r"/(\d{4}-\d\d-\d\d)$")
_DEFAULT_ACTS = 3
_FILLER = "□"
_SHORT = {
    "section": "s", "regulation": "reg", "article": "art", "rule": "r", "schedule": "Sch",
    "paragraph": "para", "part": "Pt", "chapter": "Ch",
}  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """One provision, or a whole instrument (``path`` empty); ``as_at`` is the day of the text meant.

    ``certain`` is False where the text does not say which instrument is meant.
    """

    instrument: str
    path: str
    as_at: date | None = None
    certain: bool = True

    @property
    def id(self) -> str:
        """The identifier of the provision or instrument."""
        return f"{self.instrument}/{self.path}" if self.path else self.instrument

    @property
    def url(self) -> str:
        """The address of the text on legislation.gov.uk, at the point in time where one is given."""
        page = self.id.replace("/id/", "/", 1)
        return f"{page}/{self.as_at.isoformat()}" if self.as_at else page


def parse(text: str) -> list[Citation]:
    """Return the provisions and instruments that a text cites, in order, each once.

    A provision belongs to the instrument named after it, else before it, in the text. Without any
    instrument it can belong to each of the main Acts that Remit holds, which is marked as uncertain.
    """
    day, text = _as_at(plain(text[:2_000]))
    where = mentions(text)
    blanked = _blank(text, where)
    found = [*_addresses(where), *_provisions(blanked, where, day)]
    if not found:
        found = _bare(text, day) or [Citation(each.id, "", day) for each in where]
    return list(dict.fromkeys(found))


def provisions_cited(text: str) -> set[str]:
    """Return the identifiers of provisions that a citation can mean.

    Without an instrument the citation can mean the provision of that number in any of the main Acts.
    """
    return {citation.id for citation in parse(text) if citation.path}


def cite(identifier: str, short: bool = False) -> str:
    """Return the ordinary citation of a provision or instrument on legislation.gov.uk.

    In full “Health and Social Care Act 2012, s 105(2)”; ``short`` gives “s 105(2)”. An instrument that
    Remit does not hold is cited by number. Raises ValueError for any other identifier.
    """
    match = re.fullmatch(
        r"https?://(?:www\.)?legislation\.gov\.uk/(?:id/)?([a-z]+/\d+/\d+)(?:/(.*?))?/?",
        _POINT.sub("", identifier),
    )
    if match is None:
        raise ValueError(f"“{identifier[:80]}” is not an identifier of legislation.gov.uk.")
    where = _place(match[2] or "")
    if short and where:
        return where
    whole = title(LEGISLATION + match[1]) or _numbered(match[1])
    return f"{whole}, {where}" if where else whole


def _numbered(path: str) -> str:
    kind, year, number = path.split("/")
    return (
        f"{year} c. {number}"
        if kind == "ukpga"
        else f"SI {year}/{number}"
        if kind == "uksi"
        else path
    )


def _place(path: str) -> str:
    parts = path.split("/") if path else []
    told: list[str] = []
    while parts:
        word = parts.pop(0)
        if word in _SHORT:
            number = f" {parts.pop(0)}" if parts and parts[0] not in _SHORT else ""
            told.append(f"{_SHORT[word]}{number}")
        elif told:
            told[-1] += f"({word})"
        else:
            told.append(word)
    if len(told) == 2 and told[0].startswith("Pt") and told[1].startswith("Ch"):
        return f"{told[0]} {told[1]}"
    return " ".join(told)


def _as_at(text: str) -> tuple[date | None, str]:
    match = _AS_AT.search(text)
    if match is None:
        return None, text
    try:
        return parse_date(match[1]), text[: match.start()] + text[match.end() :]
    except DateError:
        return None, text


def _blank(text: str, where: list[Mention]) -> str:
    """Return the text with instruments blanked out, so that their numbers are not read as provisions."""
    letters = list(text)
    for each in where:
        letters[each.start : each.end] = _FILLER * (each.end - each.start)
    return "".join(letters)


def _addresses(where: list[Mention]) -> list[Citation]:
    found = []
    for each in where:
        if each.rest:
            point = _POINT.search(f"/{each.rest}")
            path = _POINT.sub("", f"/{each.rest}").strip("/")
            path = re.sub(r"/?(?:data\.\w+|enacted|made|contents)$", "", path)
            found.append(Citation(each.id, path, date.fromisoformat(point[1]) if point else None))
    return found


def _provisions(text: str, where: list[Mention], day: date | None) -> list[Citation]:
    found = []
    for each in named(text):
        owners = _owners(each, text, where)
        certain = len(owners) == 1
        found += [Citation(owner, each.path, day, certain) for owner in owners]
    return found


def _owners(each: Named, text: str, where: list[Mention]) -> list[str]:
    """Return the instrument named next after a provision; else the last before; else all it can be."""
    within = [m.id for m in where if each.start <= m.start < each.end]
    if within:
        return within
    after = [m for m in where if m.start >= each.end - 1]
    before = [m for m in where if m.end <= each.start + 1]
    if before and (
        not after
        or not re.match(r"[\s,]*(?:of|to|in|,)?\s*(?:the)?\s*$", text[each.end : after[0].start])
    ):
        nearest = [m for m in before if m.start == before[-1].start]
        if not after or re.match(r"^[\s,:;(–-]*$", text[before[-1].end : each.start]):
            return [m.id for m in nearest]
    if after:
        return [m.id for m in after if m.start == after[0].start]
    years = [identifier for year in _YEAR.findall(text) for identifier in of_year(year)]
    return years or _main_acts()


def _main_acts() -> list[str]:
    """Return the Acts that the register puts first: those that the sources are about."""
    return [each.id for each in instruments() if each.is_act][:_DEFAULT_ACTS]


def _bare(text: str, day: date | None) -> list[Citation]:
    match = _BARE.match(text)
    if match is None:
        return []
    subs = "".join(f"/{part}" for part in re.findall(r"\((\w+)\)", match[2]))
    return [Citation(act, f"section/{match[1].upper()}{subs}", day, False) for act in _main_acts()]
