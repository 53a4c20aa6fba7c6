"""Lists of organisations as on a day, read from the index of names: any page of a national register in its order."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import Any

from loader.textindex.words import plain
from server.answers.index import Index
from server.answers.index_reader import Reader

_STEP = 2_000


@dataclass(frozen=True)
class Choice:
    """Which organisations to list: on a day, of a class by its name, by words, among those of some numbers."""

    day: date
    cls: str
    words: str = ""
    among: set[int] | None = None


@dataclass(frozen=True)
class Listed:
    """One organisation of a list, with its classes in words; ``last`` is the first day on which it is no more."""

    id: str
    code: str | None
    name: str
    types: tuple[str, ...]
    first: str | None
    last: str | None


class Table:
    """The memberships of organisations in the order of their names, as numbers: some 20 bytes for each.

    A day is written as the number YYYYMMDD, and a class as its place among ``classes``.
    """

    def __init__(self, reader: Reader) -> None:
        rows = reader.rows(_ROWS)
        self.classes = sorted({row[1] for row in rows})
        number = {name: place for place, name in enumerate(self.classes)}
        self.place = array("L", (row[0] for row in rows))
        self.cls = array("H", (number[row[1]] for row in rows))
        self.since = array("L", (int(row[2].replace("-", "")) for row in rows))
        self.until = array("L", (int(row[3].replace("-", "")) for row in rows))
        self.thing = array("L", (row[4] for row in rows))

    def places(
        self, day: date, within: Collection[str], things: Collection[int] | None
    ) -> array[int]:
        """Return the places of the organisations that are in one of the classes on a day, each once and in order."""
        on = int(day.isoformat().replace("-", ""))
        days = zip(self.since, self.until, strict=True)
        if things is not None:
            named = (thing in things for thing in self.thing)
            there = [s <= on < u and known for (s, u), known in zip(days, named, strict=True)]
        else:
            there = [s <= on < u for s, u in days]
        chosen = {number for number, name in enumerate(self.classes) if name in within}
        if len(chosen) < len(self.classes):
            there = [yes and cls in chosen for yes, cls in zip(there, self.cls, strict=True)]
        return array("L", dict.fromkeys(compress(self.place, there)))


class Listing:
    """The organisations of an index that a choice leaves, in the order of their names; only their places are kept."""

    def __init__(self, index: Index, table: Table, choice: Choice) -> None:
        self._reader, self._day = index.reader, choice.day.isoformat()
        within = self._reader.column("SELECT class FROM class WHERE within = ?", choice.cls)
        self._within = frozenset(within)
        things = _things(index, choice)
        self._places = table.places(choice.day, self._within, things)

    def __len__(self) -> int:
        return len(self._places)

    def part(self, start: int, size: int) -> list[Listed]:
        """Return so many organisations of the list from a place, the first being 0."""
        return self._described(self._places[start : start + size])

    def all(self) -> Iterator[Listed]:
        """Yield every organisation of the list; memory stays bounded."""
        for start in range(0, len(self), _STEP):
            yield from self.part(start, _STEP)

    def _described(self, places: Sequence[int]) -> list[Listed]:
        types: dict[tuple[Any, ...], dict[str, None]] = defaultdict(dict)
        for *thing, cls, label in self._reader.among(_DESCRIBED, places, self._day, self._day):
            if cls in self._within:
                types[tuple(thing)][label] = None
        return [
            Listed(iri, code, name, tuple(labels), first, last)
            for (_, iri, code, name, first, last), labels in types.items()
        ]


_ROWS = "SELECT place, class, since, until, thing FROM listed ORDER BY place"
_DESCRIBED = """
  SELECT place, iri, code, thing.label, first, last, listed.class, class.label
  FROM listed JOIN class ON class.class = listed.class AND class.within = listed.class
  JOIN thing ON number = listed.thing LEFT JOIN life ON life.thing = number
  WHERE since <= ? AND until > ? AND place IN ({}) ORDER BY place, class.label
"""


def _things(index: Index, choice: Choice) -> Collection[int] | None:
    """Return the numbers of the organisations that words and an area leave, None where there are neither."""
    if not (wanted := choice.words.split()):
        return choice.among
    worded = _worded(index, wanted)
    return worded if choice.among is None else worded.intersection(choice.among)


def _worded(index: Index, wanted: list[str]) -> set[int]:
    """Return the organisations with words that begin so in their names, now or before, or in their codes.

    Where no name has such words, parts of words do.
    """
    last = index.organisations
    if match := " AND ".join(f'"{word}"*' for word in plain(" ".join(wanted)).split()):
        sql = "SELECT rowid FROM words WHERE words MATCH ? AND rowid <= ?"
        if found := index.reader.column(sql, match, last):
            return set(found)
    has = " AND ".join(r"(label LIKE ? ESCAPE '\' OR code LIKE ? ESCAPE '\')" for _ in wanted)
    sql = f"SELECT number FROM thing WHERE number <= ? AND {has}"  # noqa: S608 - our own words
    parts = [f"%{_SPECIAL.sub(_ESCAPED, word)}%" for word in wanted]
    return set(index.reader.column(sql, last, *(part for part in parts for _ in range(2))))


_SPECIAL, _ESCAPED = re.compile(r"([%_\\])"), r"\\\1"
