"""Import tables “Names and codes” of the Office for National Statistics."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from loader.errors import Fault, InputError
from loader.importing.keeping import Kept, date_in_name, slug, writing
from loader.importing.others import write_area, write_document
from loader.importing.outcome import Imported, Tick
from loader.sources import ons


def import_file(
    path: Path, home: Path, released: date | None, strict: bool, tick: Tick
) -> Imported:
    """Import a table of areas; raises InputError when it cannot be used."""
    items = list(ons.read(path))
    areas = [item for item in items if isinstance(item, ons.Area)]
    problems = [item for item in items if isinstance(item, Fault)]
    if not areas or (strict and problems):
        raise InputError(problems or [Fault("holds no area.", path)])
    day = released or date_in_name(path)
    kept = Kept(home, "ons", f"areas-{day.isoformat()}-{slug(path.stem)}", path)
    document, title = f"document/ons-{kept.name}", f"Names and codes of areas, {path.stem}"
    with writing(kept, title, document, day) as out:
        write_document(out, document, title, "Office for National Statistics", day)
        for area in areas:
            write_area(out, document, area)
    tick(len(areas))
    left = ons.untaken(path)
    return Imported(kept.name, kept.target, len(areas), (), tuple(problems), untaken=left)
