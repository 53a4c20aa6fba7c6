"""What an organisation was on a day, from the registers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import pyoxigraph as ox

from loader.catalogue import query

Interval = tuple[str, date | None, date | None]


@dataclass(frozen=True)
class Body:
    """An organisation: when it exists, and the classes to which it belongs in which intervals."""

    begins: date | None
    shown: date | None
    ends: date | None
    memberships: tuple[Interval, ...]

    def kinds(self) -> set[str]:
        """Return the classes to which it belongs on any day."""
        return {cls for cls, _, _ in self.memberships}

    def classes(self, day: date) -> set[str]:
        """Return the classes to which it belongs on a day, as far as the registers show."""
        return {
            cls
            for cls, start, end in self.memberships
            if (start is None or start <= day) and (end is None or day < end)
        }

    def exists(self, day: date) -> bool | None:
        """Return whether it exists on a day; None where the registers do not show it."""
        if self.ends is not None and day >= self.ends:
            return False
        if self.begins is not None:
            return day >= self.begins
        return True if self.shown is not None and day >= self.shown else None


class Organisations(Protocol):
    """Whoever can look an organisation up."""

    def find(self, iri: str) -> Body | None:
        """Return the organisation, or None where the registers do not describe it."""
        ...


@dataclass
class StoredOrganisations:
    """Looks organisations up in a store of registers, each once."""

    store: ox.Store
    _found: dict[str, Body | None] = field(default_factory=dict)

    def find(self, iri: str) -> Body | None:
        """Return the organisation, or None where the registers do not describe it."""
        if iri not in self._found:
            self._found[iri] = self._look_up(iri)
        return self._found[iri]

    def _look_up(self, iri: str) -> Body | None:
        rows = self.store.query(query("organisation-classes", "views").bind(organisation=iri))
        found = list(rows)  # type: ignore[arg-type]
        if not found:
            return None
        memberships = {
            (str(row["class"].value), _day(row["from"]), _day(row["to"]))
            for row in found
            if row["class"] is not None
        }
        first = found[0]
        begins, shown, ends = (_day(first[n]) for n in ("existsFrom", "existsShown", "existsTo"))
        return Body(begins, shown, ends, tuple(sorted(memberships, key=str)))


def _day(term: ox.Literal | None) -> date | None:
    return None if term is None else date.fromisoformat(term.value)
