"""What changed between two releases of a report of the Organisation Data Service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from loader.errors import Fault, InputError
from loader.sources.names import same
from loader.sources.ods_rows import Release, Row

Change = Literal["opened", "closed", "renamed", "moved", "reappeared", "unlisted"]


@dataclass(frozen=True)
class Event:
    """One change of one organisation between an older and a newer release.

    ``date`` is the first day of the new state where the report gives it, else None: the report
    dates openings and closings only. ``before`` and ``after`` hold the name, or the board's code.
    """

    kind: Change
    code: str
    name: str
    date: date | None = None
    before: str | None = None
    after: str | None = None


def compare(older: Release, newer: Release) -> list[Event]:
    """Return the changes from ``older`` to ``newer``, by code.

    ``opened``: new in the list, and opened after the older release. ``closed``: has a closing date
    that it had not. ``renamed``, ``moved``: open under another name, or with another board.
    ``reappeared``: listed or open again although not new. ``unlisted``: no longer in the list.
    Raises InputError when the two are reports of different kinds.
    """
    if older.kind != newer.kind:
        message = f"a report {older.kind} cannot be compared with a report {newer.kind}."
        raise InputError(Fault(message, remedy="Give two releases of the same report."))
    was, now = older.by_code, newer.by_code
    events: list[Event] = []
    for code in sorted(was.keys() | now.keys()):
        if code not in now:
            events.append(Event("unlisted", code, was[code].name))
        elif code not in was:
            events.extend(_new(now[code], older.latest))
        else:
            events.extend(_changed(was[code], now[code]))
    return events


def _new(row: Row, known_until: date) -> list[Event]:
    if row.opened <= known_until:
        return [Event("reappeared", row.code, row.name)]
    events = [Event("opened", row.code, row.name, row.opened)]
    if row.closed:
        events.append(Event("closed", row.code, row.name, _day_after(row.closed)))
    return events


def _changed(was: Row, now: Row) -> list[Event]:
    events: list[Event] = []
    if now.closed and now.closed != was.closed:
        events.append(Event("closed", now.code, now.name, _day_after(now.closed)))
    if was.closed and not now.closed:
        events.append(Event("reappeared", now.code, now.name))
    if not same(was.name, now.name):
        events.append(Event("renamed", now.code, now.name, None, was.name, now.name))
    if was.board != now.board and not now.closed:
        events.append(Event("moved", now.code, now.name, None, was.board, now.board))
    return events


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
