"""Compare the figures, dates and terms of a fact with the text of the passages that it cites."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from loader.sources_text import words

Node = Mapping[str, Any]

CITING = ("statedIn", "commencementStatedIn")
_FIGURES = ("value", "shortenedTo")
_DATES = frozenset(
    [
        "issued",
        "closes",
        "date",
        "from",
        "to",
        "inForceFrom",
        "inForceTo",
        "notInForceAsAt",
        "attestedFrom",
    ]
)
_NOT_STATED = frozenset(
    [
        "id",
        "type",
        "url",
        "note",
        "commencementNote",
        "basisStatement",
        "correction",
        "confidence",
        "modified",
        "citation",
        "shortTitle",
        "altLabel",
        "publicationReference",
        "anchor",
        "locator",
        "sourceFile",
        "odsCode",
    ]
)
_REFERENCE = re.compile(
    r"\b(?:paragraphs?|paras?|footnotes?|annex)\s+\d+[\w()]*"
    r"(?:\s*(?:,|and|or|to)\s*\d+[\w()]*)*",
    re.IGNORECASE,
)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=1
    )
} | {"fourteen": "14", "once": "1", "twice": "2", "weekly": "1", "monthly": "1", "annually": "1"}
_MONTHS = [name.casefold() for name in month_name]


@dataclass(frozen=True)
class Claim:
    """Something that a fact states and that should stand in one of the passages that it cites."""

    entity: str
    field: str
    shown: str
    wanted: tuple[str, ...]
    passages: tuple[str, ...]
    term: bool = False


def claims(entry: Node, inherited: tuple[str, ...] = ()) -> Iterator[Claim]:
    """Yield the claims of an entry of a register and of the nodes within it.

    A nested node without sources of its own is held to those of the entry around it.
    """
    sources = tuple(_as_list(entry, *CITING)) or inherited
    identifier = str(entry.get("id", ""))
    fields = ("description",) if "document" in entry else tuple(entry)
    for key in fields:
        value = entry.get(key)
        if value is None or key in CITING or key in _NOT_STATED:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                yield from claims(item, sources)
            else:
                yield from _claims_of(identifier, key, item, entry, sources)


def _claims_of(
    identifier: str, key: str, item: Any, entry: Node, sources: tuple[str, ...]
) -> Iterator[Claim]:
    if key in _DATES:
        year, month, day = str(item).split("-")
        shown = f"{int(day)} {month_name[int(month)]} {year}"
        yield Claim(identifier, key, shown, (_MONTHS[int(month)], year), sources)
    elif key in _FIGURES:
        figure = str(item).removesuffix(".0")
        yield Claim(identifier, key, figure, (figure,), sources)
    elif isinstance(item, str) and (" " in item or key == "label"):
        text = item if key == "printed" else _REFERENCE.sub(" ", item)
        for figure in figures(text):
            yield Claim(identifier, key, figure, (figure,), sources)
    if key == "label" and entry.get("type") == "DefinedTerm":
        term = re.sub(r"\([^)]*\)", " ", str(item))
        yield Claim(identifier, key, str(item), tuple(words(term)), sources, term=True)


def figures(text: str) -> list[str]:
    """Return the figures in ``text``: the words that hold a digit, letters before it left out."""
    return [_bare(word) for word in words(text) if any(ch.isdigit() for ch in word)]


def stands(claim: Claim, text: str) -> bool:
    """Return whether what ``claim`` states stands in ``text``, in figures or in words."""
    if claim.term:
        return _run(claim.wanted, text)
    return vocabulary(text).issuperset(claim.wanted)


@lru_cache(maxsize=2048)
def vocabulary(text: str) -> frozenset[str]:
    """Return the words of ``text`` and, for numbers in words, the figures."""
    found: set[str] = set()
    for word in words(text):
        found.update({word, _bare(word)})
        if word in _NUMBER_WORDS:
            found.add(_NUMBER_WORDS[word])
    return frozenset(found)


def _run(wanted: tuple[str, ...], text: str) -> bool:
    """Return whether the words stand in ``text`` next to each other, in singular or plural."""
    needle = " ".join(_singular(word) for word in wanted)
    return f" {needle} " in f" {' '.join(_singular(word) for word in words(text))} "


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _bare(word: str) -> str:
    """Return “105” for “s105” and “9” for “09” and “9th”, as a source may write a figure."""
    match = re.fullmatch(r"(?:[a-z]+|0+)?(\d\w*?)(?:(?<=\d)(?:st|nd|rd|th))?", word)
    return match[1] if match else word


def _as_list(entry: Node, *keys: str) -> list[str]:
    values: Iterable[Any] = (entry.get(key) for key in keys)
    return [
        str(item)
        for value in values
        if value is not None
        for item in (value if isinstance(value, list) else [value])
    ]
