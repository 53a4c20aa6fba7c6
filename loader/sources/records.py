"""Records of organisations as the Organisation Data Service publishes them, whatever the file format.

Legal and operational dates are kept apart, as published: ``Period.last`` is the last day *in* the period. The readers
of formats yield records and faults in the order of the file; nothing holds a whole register in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

from loader.errors import Fault

Follows: TypeAlias = Literal["predecessor", "successor"]
CODE = re.compile(r"[A-Z0-9]{2,12}")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Period:
    """A period as published: first and last day, either of which may be missing."""

    first: date | None = None
    last: date | None = None

    @property
    def end(self) -> date | None:
        """The first day after the period, or None when it is open."""
        return self.last + timedelta(days=1) if self.last else None


@dataclass(frozen=True, slots=True)
class Dates:
    """The legal and the operational period of one fact; either may be missing."""

    legal: Period | None = None
    operational: Period | None = None

    @property
    def chosen(self) -> Period:
        """The legal period where it is given, else the operational one, else an unknown one."""
        return self.legal or self.operational or Period()

    def periods(self) -> tuple[Period, ...]:
        """Return the periods that are given."""
        return tuple(period for period in (self.legal, self.operational) if period)


@dataclass(frozen=True, slots=True)
class Role:
    """A role that an organisation has during a period, by its code, such as RO57."""

    code: str
    dates: Dates
    primary: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation to another organisation during a period, by its code, such as RE5."""

    code: str
    target: str
    dates: Dates
    number: str = ""


@dataclass(frozen=True, slots=True)
class Succession:
    """A predecessor or successor of the organisation; ``day`` is when the succession took effect."""

    kind: Follows
    target: str
    day: date | None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One organisation. ``whole`` tells whether the file gives its roles and dates, or only a summary."""

    code: str
    name: str
    place: int
    active: bool
    dates: Dates = Dates()
    changed: date | None = None
    site: bool = False
    address: str = ""
    postcode: str = ""
    uprn: str = ""
    roles: tuple[Role, ...] = ()
    relations: tuple[Relation, ...] = ()
    successions: tuple[Succession, ...] = ()
    whole: bool = True

    @property
    def life(self) -> Dates:
        """The dates of the organisation, or those of its only or primary role where it has none."""
        if self.dates.periods():
            return self.dates
        primary = [role for role in self.roles if role.primary] or list(self.roles)
        return primary[0].dates if len(primary) == 1 else Dates()


Item: TypeAlias = Record | Fault
Items: TypeAlias = Iterator[Item]


class Faulty(ValueError):  # noqa: N818 - a record is faulty
    """A record that cannot be used: the message, field and remedy of its fault."""

    def __init__(self, message: str, field: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message, self.field, self.remedy = message, field, remedy

    def at(self, path: Path, place: int | None) -> Fault:
        """Return the fault with its place: the line, or the number of the record in the file."""
        return Fault(self.message, path, place, self.field or None, self.remedy)


def code(text: object, field: str = "code") -> str:
    """Return an ODS code; raises Faulty when the text is not one."""
    found = str(text or "").strip()
    if not CODE.fullmatch(found):
        raise Faulty(
            f"“{found[:20]}” is not an ODS code.", field, "A code has capitals and digits."
        )
    return found


def succession(kind: str, target: object, day: date | None, number: str, field: str) -> Succession:
    """Return a succession; raises Faulty when the kind is neither predecessor nor successor, or the code is none."""
    other = code(target, field)
    match kind.strip().lower():
        case "predecessor":
            return Succession("predecessor", other, day, number)
        case "successor":
            return Succession("successor", other, day, number)
    raise Faulty(f"“{kind.strip()[:20]}” is neither Predecessor nor Successor.", field)


def day(text: object, field: str = "date") -> date | None:
    """Return the day that an ISO date or timestamp names, or None for nothing; raises Faulty."""
    found = str(text or "").strip()
    if not found:
        return None
    try:
        return date.fromisoformat(found[:10]) if ISO_DAY.match(found) else _compact(found)
    except ValueError:
        remedy = "Write it as YYYY-MM-DD."
        raise Faulty(f"“{found[:20]}” is not a day of the calendar.", field, remedy) from None


def _compact(text: str) -> date:
    if len(text) != 8 or not text.isdigit():
        raise ValueError(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def joined(*parts: object) -> str:
    """Return the parts of an address on one line, without those that are empty."""
    return ", ".join(text for part in parts if (text := " ".join(str(part or "").split())))
