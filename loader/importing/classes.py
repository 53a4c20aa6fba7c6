"""The dated classes of an organisation, from its roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loader.importing.roles import CodeLists, Meaning
from loader.sources.records import Record, Role

UNKNOWN = "RegisteredOrganisation"


@dataclass(frozen=True)
class Membership:
    """Membership of a class on ``[first, end)``; ``seen`` stands where the first day is not given."""

    cls: str
    first: date | None
    end: date | None
    seen: date | None = None


def memberships(record: Record, lists: CodeLists, released: date) -> list[Membership]:
    """Return the classes of a record's roles with their intervals.

    A role without dates has those of the organisation; with neither, its class is attested from
    ``released``. A class does not hold while another role displaces it.
    """
    held = [(role, lists.roles[role.code]) for role in record.roles if role.code in lists.roles]
    found: list[Membership] = []
    for role, meaning in held:
        whole = _interval(record, role, meaning)
        if whole is None:
            continue
        blocked = [
            each
            for other, what in held
            if role.code in what.displaces and (each := _interval(record, other, what))
        ]
        found.extend(
            Membership(meaning.cls, first, end, None if first else released)
            for first, end in without(whole, blocked)
        )
    return found or [_unknown(record, released)]


def of_unit(record: Record, lists: CodeLists) -> bool:
    """Tell whether a record is of a site or unit rather than of a body."""
    meanings = [lists.roles[role.code] for role in record.roles if role.code in lists.roles]
    return record.site or (bool(meanings) and all(meaning.unit for meaning in meanings))


Interval = tuple[date | None, date | None]


def without(whole: Interval, blocked: Iterable[Interval]) -> list[Interval]:
    """Return what remains of an interval ``[first, end)`` outside the blocked ones.

    A missing end is open. A missing first day is before every other day.
    """
    parts = [whole]
    for first, end in blocked:
        parts = [
            piece for part in parts for piece in _cut(part, first or date.min, end or date.max)
        ]
    return parts


def _cut(part: Interval, low: date, high: date) -> list[Interval]:
    first, end = part[0] or date.min, part[1] or date.max
    if high <= first or end <= low:
        return [part]
    before: list[Interval] = [(part[0], low)] if first < low else []
    after: list[Interval] = [(high, part[1])] if high < end else []
    return before + after


def _interval(record: Record, role: Role, meaning: Meaning) -> Interval | None:
    dates = role.dates if role.dates.periods() else record.life
    first, end = dates.chosen.first, dates.chosen.end
    closed = record.life.chosen.end
    first = max((day for day in (first, meaning.first) if day), default=None)
    end = min((day for day in (end, meaning.end, closed) if day), default=None)
    return None if first and end and end <= first else (first, end)


def _unknown(record: Record, released: date) -> Membership:
    life = record.life.chosen
    return Membership(UNKNOWN, life.first, life.end, None if life.first else released)
