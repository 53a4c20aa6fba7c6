"""Imports: files of other registers, turned into graphs that every later build contains.

An import is kept below ``imports/`` in the data folder: the file as it came, and the graph made from it. A newer
release of the same report is compared with the one before it, and the differences become events; nothing that an
earlier release said is rewritten.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loader.errors import Fault, InputError
from loader.graph import read_registers
from loader.paths import registers
from loader.sources import ods_csv
from loader.terms import GRAPH
from loader.yamlld import register_from

_DATE = re.compile(r"(20\d\d)-(\d\d)(?:-(\d\d))?")
_EVENTS = {
    "opened": "Establishment",
    "closed": "Dissolution",
    "renamed": "Renaming",
    "moved": "Move",
}


@dataclass(frozen=True)
class Imported:
    """What an import did: entries made, rows left out or faulty, and events since the release before."""

    name: str
    path: Path
    entries: int
    skipped: tuple[Fault, ...] = ()
    problems: tuple[Fault, ...] = ()
    events: Counter[str] = field(default_factory=Counter)


def import_ods(
    path: Path, home: Path, released: date | None = None, strict: bool = False
) -> Imported:
    """Import an ODS report (``etr`` or ``eccg``); ``released`` defaults to the date in the file's name.

    With ``strict`` one faulty row refuses the whole file; otherwise faulty rows are reported and the rest imported.
    Raises InputError when the file cannot be used; nothing is then stored.
    """
    release = ods_csv.read(path)
    if strict and release.problems:
        raise InputError(list(release.problems))
    day = released or date_in_name(path)
    tree = ods_csv.to_entries(release, day, known=_known_codes())
    events = _events(release, home, day)
    tree["entries"] += events
    name = f"{release.kind}-{day.isoformat()}"
    target = _store(tree, home / "imports" / "ods", name, path)
    counts = Counter(str(event["type"]) for event in events)
    return Imported(
        name, target, len(tree["entries"]), tuple(release.skipped), tuple(release.problems), counts
    )


def date_in_name(path: Path) -> date:
    """Return the date that a file's name holds, such as ``etr_2026-07.csv``; the first of a month without day."""
    match = _DATE.search(path.name)
    if match is None:
        remedy = "Say when it was published, with --released 2026-07-08."
        raise InputError(Fault("has no date in its name.", path, remedy=remedy))
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        raise InputError(Fault(f"“{match[0]}” is not a date.", path)) from None


def _known_codes() -> set[str]:
    return {
        str(entry["odsCode"])
        for register in read_registers(registers())
        for entry in register.entries
        if "odsCode" in entry
    }


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
        "label": f"{event.code} {event.kind}: {event.before or '–'} → {event.after or '–'}",
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


def _store(tree: dict[str, Any], folder: Path, name: str, original: Path) -> Path:
    register = register_from(tree, f"{GRAPH}import/ods/{name}", original, mark=name)
    folder.mkdir(parents=True, exist_ok=True)
    target, partial = folder / f"{name}.nq", folder / f".{name}.partial"
    quads = _with_digest(register.quads(), register.graph, original)
    ox.serialize(quads, str(partial), format=ox.RdfFormat.N_QUADS)
    shutil.copyfile(original, folder / f"{name}.csv")
    partial.replace(target)
    return target


def _with_digest(quads: Iterator[ox.Quad], graph: str, original: Path) -> Iterator[ox.Quad]:
    yield from quads
    digest = hashlib.sha256(original.read_bytes()).hexdigest()
    node = ox.NamedNode(graph)
    identifier = ox.NamedNode("http://purl.org/dc/terms/identifier")
    yield ox.Quad(node, identifier, ox.Literal(f"sha256:{digest}"), node)
