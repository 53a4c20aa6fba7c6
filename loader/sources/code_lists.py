"""Read code lists of the Organisation Data Service: names of roles and of relationships, JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.errors import Fault
from loader.sources.opened import document
from loader.sources.records import Faulty
from loader.sources.tables import columns, rows

_LISTS = {"Roles": "role", "Relationships": "relationship"}
_CSV = {"role_id": "role", "rel_id": "relationship"}


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list (``role`` or ``relationship``), and its name as printed."""

    kind: str
    code: str
    name: str
    place: int


def fits_json(text: str) -> bool:
    """Tell whether JSON holds such a list."""
    return any(f'"{name}"' in text[:200] for name in _LISTS) and '"Organisation"' not in text[:200]


def fits_table(path: Path) -> bool:
    """Tell whether a CSV file holds such a list."""
    names = columns(path)
    return "display" in names and bool(names & _CSV.keys())


def read(path: Path) -> Iterator[Code | Fault]:
    """Yield each code, and a fault for each entry that cannot be used."""
    for kind, place, code, name in _entries(path):
        prefix = "RO" if kind == "role" else "RE"
        try:
            if not (code.startswith(prefix) and code[2:].isdigit() and name):
                raise Faulty(f"“{code[:20]}” is not the code of a {kind} with a name.", "code")
            yield Code(kind, code, name, place)
        except Faulty as error:
            yield error.at(path, place)


def _entries(path: Path) -> Iterator[tuple[str, int, str, str]]:
    if path.suffix.lower() == ".csv":
        for row in rows(path, ["display"]):
            key = next(key for key in _CSV if key in row.cells)
            yield _CSV[key], row.number, row.cells[key], row.cells.get("display", "")
        return
    value: Mapping[str, Any] = json.loads(document(path)[1])
    for heading, kind in _LISTS.items():
        for place, each in enumerate(value.get(heading, ()), 1):
            yield kind, place, str(each.get("id", "")), str(each.get("displayName", ""))
