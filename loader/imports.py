"""Imports: files of other registers, turned into graphs that every later build contains.

An import is kept below ``imports/`` in the data folder: the file as it came, and the graph made from it. A newer
release of the same report is compared with the one before it, and the differences become events; nothing that an
earlier release said is rewritten.

``IMPORTERS`` names the families (``ods``, ``cqc``, ``ons``, ``legislation``); each finds out the format of a file by
itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from loader.importing import cqc, legislation, ods, ons
from loader.importing.keeping import date_in_name
from loader.importing.outcome import Imported, Tick, no_tick

Importer = Callable[[Path, Path, date | None, bool, Tick], Imported]

IMPORTERS: dict[str, Importer] = {
    "ods": ods.import_file,
    "cqc": cqc.import_file,
    "ons": ons.import_file,
    "legislation": legislation.import_file,
}

__all__ = ["IMPORTERS", "Imported", "date_in_name", "import_ods"]


def import_ods(
    path: Path,
    home: Path,
    released: date | None = None,
    strict: bool = False,
    tick: Tick = no_tick,
) -> Imported:
    """Import a file of the Organisation Data Service in any of its formats.

    ``released`` defaults to the date in the file or in its name. With ``strict`` one faulty row refuses the whole
    file; otherwise faulty rows are reported and the rest imported. Raises InputError when the file cannot be used;
    nothing is then stored.
    """
    return ods.import_file(path, home, released, strict, tick)
