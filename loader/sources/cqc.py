"""Records of the Care Quality Commission, from every form in which it publishes them.

``read`` tells the forms apart: the directory (CSV), active locations and latest ratings (OpenDocument spreadsheets, or
CSV made of them), and the JSON of the interface, one provider or location a file or a line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from loader.errors import Fault, InputError
from loader.sources import cqc_json, cqc_tables
from loader.sources.cqc_records import CqcRecord, Rating
from loader.sources.tables import columns

Item: TypeAlias = "CqcRecord | Fault"

__all__ = ["CqcRecord", "Rating", "form", "read", "untaken"]


def form(path: Path) -> str:
    """Return ``api``, ``directory``, ``active-locations`` or ``latest-ratings``.

    Raises InputError when the file is none of these.
    """
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith((b"{", b"[", b"HTTP/")):
        return "api"
    names = columns(path)
    for name, required in cqc_tables.REQUIRED.items():
        if required <= names:
            return name
    remedy = (
        "Give the directory, active locations or latest ratings as the Commission publishes them."
    )
    raise InputError(Fault("is no table of the Care Quality Commission.", path, remedy=remedy))


def read(path: Path, kind: str = "") -> cqc_tables.Items:
    """Yield the records of a file, and a fault for each row that cannot be used.

    A provider or location can be yielded more than once, each time with further ratings.
    """
    kind = kind or form(path)
    yield from cqc_json.read(path) if kind == "api" else cqc_tables.read(path, kind)


def untaken(path: Path, kind: str) -> tuple[str, ...]:
    """Return the columns or fields of a file that ``read`` does not take."""
    return cqc_json.untaken(path) if kind == "api" else cqc_tables.untaken(path, kind)
