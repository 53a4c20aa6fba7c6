"""Read tables of successions: which organisation followed which, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from loader.errors import Fault
from loader.sources.records import Faulty, code, day
from loader.sources.tables import columns, headings, rows

_REQUIRED = frozenset(["predecessor_ods", "successor_ods", "succession_date"])


@dataclass(frozen=True, slots=True)
class Followed:
    """One succession: codes of both organisations, its day, and its kind where the table says one."""

    before: str
    after: str
    day: date
    kind: str
    place: int


def fits(path: Path) -> bool:
    """Tell whether a file is a table of successions."""
    return columns(path) >= _REQUIRED


def untaken(path: Path) -> tuple[str, ...]:
    """Return the columns of a table that ``read`` does not take."""
    taken = _REQUIRED | {"rcpch_type"}
    return tuple(name for name in headings(path, _REQUIRED) if name not in taken)


def read(path: Path) -> Iterator[Followed | Fault]:
    """Yield each succession, and a fault for each row that cannot be used."""
    for row in rows(path, _REQUIRED):
        try:
            when = day(row.cells["succession_date"], "succession_date")
            if when is None:
                raise Faulty("is empty.", "succession_date", "Give the day as YYYY-MM-DD.")
            before = code(row.cells["predecessor_ods"], "predecessor_ods")
            after = code(row.cells["successor_ods"], "successor_ods")
            yield Followed(before, after, when, row.cells.get("rcpch_type", ""), row.number)
        except Faulty as error:
            yield error.at(path, row.number)
