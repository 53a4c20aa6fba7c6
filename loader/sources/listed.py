"""Read plain lists of organisations, JSON or CSV, with ``ods_code`` and ``name`` or ``trust_name``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from loader.errors import Fault, InputError
from loader.sources.opened import document
from loader.sources.records import Faulty, Items, Record, code, joined
from loader.sources.tables import columns, rows

_NAMES = ("trust_name", "name", "organisation_name")
_LINES = ("address_line_1", "address_line_2", "town")
_TAKEN = frozenset(["ods_code", "postcode", *_NAMES, *_LINES])


def fits(path: Path) -> bool:
    """Tell whether a file is a table with the columns of such a list."""
    names = columns(path)
    return "ods_code" in names and any(name in names for name in _NAMES)


def read(path: Path) -> Items:
    """Yield a summary record for each organisation, and a fault for each that cannot be used.

    Raises InputError when the file is no such list.
    """
    for place, cells in _rows(path):
        try:
            name = next((cells[each] for each in _NAMES if cells.get(each)), "")
            if not name:
                raise Faulty("is empty.", "name", "Give the name.")
            lines = (cells.get(key) for key in _LINES)
            yield Record(
                code=code(cells.get("ods_code")),
                name=name,
                place=place,
                active=True,
                address=joined(*lines),
                postcode=str(cells.get("postcode") or ""),
                whole=False,
            )
        except Faulty as error:
            yield error.at(path, place)


def untaken(path: Path) -> tuple[str, ...]:
    """Return the columns or fields of a list that ``read`` does not take."""
    first: Mapping[str, str] = next((cells for _, cells in _rows(path)), {})
    return tuple(name for name in first if name not in _TAKEN)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    if path.suffix.lower() != ".json":
        for row in rows(path, ["ods_code"]):
            yield row.number, row.cells
        return
    _, text = document(path)
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or not all(
        isinstance(v, dict) and "ods_code" in v for v in values
    ):
        raise InputError(Fault("is no list of organisations with ods_code.", path))
    yield from enumerate(values, 1)
