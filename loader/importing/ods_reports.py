"""Import the CSV reports of the Organisation Data Service: ``etr`` and ``eccg``."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from loader.errors import Fault, InputError
from loader.importing.keeping import Kept, date_in_name, keep_register
from loader.importing.outcome import Imported, event_label
from loader.sources import ods_csv
from loader.sources.soundness import period_fault
from loader.yamlld import register_from

_EVENTS = {
    "opened": "Establishment",
    "closed": "Dissolution",
    "renamed": "Renaming",
    "moved": "Move",
}


def import_file(
    path: Path, home: Path, released: date | None, strict: bool, known: frozenset[str]
) -> Imported:
    """Import a report; raises InputError when it cannot be used, or is faulty and ``strict`` holds."""
    day = released or date_in_name(path)
    release = _in_time(ods_csv.read(path), path, day)
    if release.problems and (strict or not release.rows):
        raise InputError(list(release.problems))
    tree = ods_csv.to_entries(release, day, known=known)
    events = _events(release, home, day)
    tree["entries"] += events
    name = f"{release.kind}-{day.isoformat()}"
    kept = Kept(home, "ods", name, path)
    keep_register(kept, register_from(tree, kept.graph, path, mark=name))
    counts = Counter(str(event["type"]) for event in events)
    skipped, problems = tuple(release.skipped), tuple(release.problems)
    left = ods_csv.UNTAKEN
    return Imported(name, kept.target, len(tree["entries"]), skipped, problems, counts, left)


def _in_time(release: ods_csv.Release, path: Path, day: date) -> ods_csv.Release:
    """Return the release without rows whose dates lie before 1948 or far in the future."""
    wrong = {
        row.code: Fault(f"{row.code}: {message}", path, row.line, "open date", "Correct the date.")
        for row in release.rows
        if (message := period_fault(row.opened, row.closed, day))
    }
    rows = tuple(row for row in release.rows if row.code not in wrong)
    problems = (*release.problems, *wrong.values())
    return ods_csv.Release(release.kind, rows, release.skipped, problems)


def _events(release: ods_csv.Release, home: Path, day: date) -> list[dict[str, Any]]:
    before = sorted((home / "imports" / "ods").glob(f"{release.kind}-*.csv"))
    earlier = [path for path in before if path.stem < f"{release.kind}-{day.isoformat()}"]
    if not earlier:
        return []
    older = ods_csv.read(earlier[-1])
    document = f"document/ods-{release.kind}-{day.isoformat()}"
    told = (_event(event, document, day) for event in ods_csv.compare(older, release))
    return [entry for entry in told if entry]


def _event(event: ods_csv.Event, document: str, day: date) -> dict[str, Any] | None:
    kind = _EVENTS.get(event.kind)
    if kind is None:
        return None
    organisation = f"organisation/{event.code}"
    when = (event.date or day).isoformat()
    entry: dict[str, Any] = {
        "id": f"event/ods-{when}-{event.code}-{event.kind}",
        "type": kind,
        "label": event_label(event),
        "date": when,
        "statedIn": [document],
    }
    if kind != "Establishment":
        entry["original"] = [organisation]
    if kind != "Dissolution":
        entry["resulting"] = [organisation]
    if event.date is None:
        entry["note"] = "The day is not known: it lies between the two releases."
    return entry
