"""What changed between two releases of a report of the Organisation Data Service."""

from __future__ import annotations

from loader.errors import Fault, InputError
from loader.sources.changes import Change, Event, Snapshot, differences
from loader.sources.ods_rows import Release

__all__ = ["Change", "Event", "compare"]


def compare(older: Release, newer: Release) -> list[Event]:
    """Return the changes from ``older`` to ``newer``, by code; see ``changes.differences``.

    Raises InputError when the two are reports of different kinds.
    """
    if older.kind != newer.kind:
        message = f"a report {older.kind} cannot be compared with a report {newer.kind}."
        raise InputError(Fault(message, remedy="Give two releases of the same report."))
    return differences(snapshots(older), snapshots(newer), older.latest)


def snapshots(release: Release) -> dict[str, Snapshot]:
    """Return the organisations of a release by code."""
    return {
        row.code: Snapshot(row.code, row.name, row.opened, row.closed, row.board)
        for row in release.rows
    }
