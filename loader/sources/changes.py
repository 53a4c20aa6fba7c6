"""What changed between two releases of a register, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from loader.sources.names import same

Change = Literal["opened", "closed", "renamed", "moved", "reappeared", "unlisted"]


@dataclass(frozen=True)
class Event:
    """One change of one organisation between an older and a newer release.

    ``date`` is the first day of the new state where the release gives it, else None: as a rule only
    openings and closings are dated. ``before`` and ``after`` hold the name, or the board's code.
    """

    kind: Change
    code: str
    name: str
    date: date | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An organisation as one release shows it; ``closed`` is its last open day."""

    code: str
    name: str
    opened: date | None
    closed: date | None
    board: str


def differences(
    was: Mapping[str, Snapshot], now: Mapping[str, Snapshot], known_until: date, whole: bool = True
) -> list[Event]:
    """Return the changes from one release to a newer one, by code.

    ``opened``: new in the list, and opened after ``known_until``. ``closed``: has a closing date that
    it had not. ``renamed``, ``moved``: open under another name, or with another board. ``reappeared``:
    listed or open again although not new. ``unlisted``: no longer in the list; only told when both
    releases are of the ``whole`` register.
    """
    events: list[Event] = []
    for code in sorted(was.keys() | now.keys()):
        if code not in now:
            if whole:
                events.append(Event("unlisted", code, was[code].name))
        elif code not in was:
            events.extend(_new(now[code], known_until))
        else:
            events.extend(_changed(was[code], now[code]))
    return events


def reused(was: Snapshot | None, now: Snapshot) -> bool:
    """Tell whether a code that a closed organisation had now belongs to another that opened later."""
    return bool(
        was
        and was.closed
        and now.opened
        and now.opened > was.closed
        and not same(was.name, now.name)
    )


def _new(row: Snapshot, known_until: date) -> Iterator[Event]:
    if row.opened is None or row.opened <= known_until:
        yield Event("reappeared", row.code, row.name)
        return
    yield Event("opened", row.code, row.name, row.opened)
    if row.closed:
        yield Event("closed", row.code, row.name, _day_after(row.closed))


def _changed(was: Snapshot, now: Snapshot) -> Iterator[Event]:
    if now.closed and now.closed != was.closed:
        yield Event("closed", now.code, now.name, _day_after(now.closed))
    if was.closed and not now.closed:
        yield Event("reappeared", now.code, now.name)
    if not same(was.name, now.name):
        yield Event("renamed", now.code, now.name, None, was.name, now.name)
    if was.board != now.board and not now.closed:
        yield Event("moved", now.code, now.name, None, was.board, now.board)


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
