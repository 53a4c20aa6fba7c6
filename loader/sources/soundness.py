"""What no single record shows to be wrong: codes that stand twice, dates outside the NHS's time, circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from loader.errors import Fault
from loader.sources.records import Dates, Items, Record

EARLIEST = date(1948, 1, 1)
ANNOUNCED = timedelta(days=366)
Succession = tuple[str, str, date | None]


def sound(items: Items, path: Path, released: date) -> Items:
    """Yield the records that can be used, and a fault for every other record.

    A code that stands twice, a date before 1948, one more than a year after ``released`` (nearer ones
    are announcements), and a period that ends before it begins make a record unusable.
    """
    first: dict[str, int] = {}
    for item in items:
        if isinstance(item, Fault):
            yield item
        elif item.code in first:
            message = f"{item.code} stands at {first[item.code]} already; this record is not used."
            yield Fault(message, path, item.place, "code", "Keep the record that is right.")
        elif fault := _date_fault(item, path, released):
            yield fault
        else:
            first[item.code] = item.place
            yield item


def _date_fault(record: Record, path: Path, released: date) -> Fault | None:
    groups: list[tuple[str, Dates]] = [("date", record.dates)]
    groups += [(f"role {role.code}", role.dates) for role in record.roles]
    groups += [(f"relation {each.code}", each.dates) for each in record.relations]
    for field, dates in groups:
        for period in dates.periods():
            if message := period_fault(period.first, period.last, released):
                return Fault(f"{record.code}: {message}", path, record.place, field, _REMEDY)
    return None


_REMEDY = "Correct the date in the register it comes from."


def period_fault(first: date | None, last: date | None, released: date) -> str:
    """Return what is wrong with a period of a release of a day, or nothing."""
    for day in (first, last):
        if day and day < EARLIEST:
            return f"{day} is before 1948, when the NHS began."
        if day and day > released + ANNOUNCED and day.year < 9999:
            return f"{day} is more than a year after the release of {released}."
    if first and last and last < first:
        return f"it ends on {last} before it begins on {first}."
    return ""


def circular(successions: Iterable[Succession]) -> list[list[Succession]]:
    """Return the circles of successions: organisations that would follow themselves.

    A return after time has passed (A → B in 2010, B → A in 2020) is no circle: dates must not go
    back along a circle, so only successions of one day, or undated ones, can close it.
    """
    by_day: dict[date | None, list[Succession]] = {}
    for each in successions:
        by_day.setdefault(each[2], []).append(each)
    return [circle for same in by_day.values() for circle in _circles(same)]


def _circles(successions: list[Succession]) -> Iterator[list[Succession]]:
    """Yield groups of successions whose organisations reach one another (strongly connected)."""
    ahead: dict[str, set[str]] = {}
    for before, after, _ in successions:
        ahead.setdefault(before, set()).add(after)
    reach = {code: _reached(code, ahead) for code in ahead}
    done: set[str] = set()
    for code in sorted(reach):
        if code in reach[code] and code not in done:
            circle = {other for other in reach[code] if code in reach.get(other, ())}
            done |= circle
            yield [each for each in successions if each[0] in circle and each[1] in circle]


def _reached(code: str, ahead: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [code]
    while waiting:
        for after in ahead.get(waiting.pop(), ()):
            if after not in found:
                found.add(after)
                waiting.append(after)
    return found


__all__ = ["circular", "period_fault", "sound"]
