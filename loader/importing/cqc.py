"""Import files of the Care Quality Commission."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from loader.errors import Fault, InputError
from loader.importing.keeping import Kept, date_in_name, slug, writing
from loader.importing.others import CqcWriter, write_document
from loader.importing.outcome import Imported, Tick
from loader.sources import cqc
from loader.sources.soundness import period_fault

_TITLES = {
    "api": "Provider or location (interface)",
    "directory": "Care directory",
    "active-locations": "Active locations",
    "latest-ratings": "Latest ratings",
}
_EVERY = 1_000


def import_file(
    path: Path, home: Path, released: date | None, strict: bool, tick: Tick
) -> Imported:
    """Import a file of the Commission; raises InputError when it cannot be used.

    An answer of the interface that has no date in its name counts as of today.
    """
    kind = cqc.form(path)
    day = released or (_dated(path) if kind == "api" else date_in_name(path))
    suffix = f"-{slug(path.stem)}" if kind == "api" else ""
    kept = Kept(home, "cqc", f"{kind}-{day.isoformat()}{suffix}", path)
    document = f"document/cqc-{kept.name}"
    title = f"{_TITLES[kind]}, Care Quality Commission, {day.isoformat()}"
    problems: list[Fault] = []
    codes: set[tuple[str, str]] = set()
    with writing(kept, title, document, day) as out:
        write_document(out, document, title, "Care Quality Commission", day)
        writer = CqcWriter(out, kept.name, document)
        for number, record in enumerate(_usable(path, kind, day, problems), 1):
            if number % _EVERY == 0:
                tick(number)
            writer.write(record)
            codes.add((record.kind, record.code))
        writer.close()
        if not codes or (strict and problems):
            raise InputError(problems or [Fault("holds no provider or location.", path)])
    left = cqc.untaken(path, kind)
    return Imported(kept.name, kept.target, len(codes), (), tuple(problems), untaken=left)


def _usable(
    path: Path, kind: str, released: date, problems: list[Fault]
) -> Iterator[cqc.CqcRecord]:
    for item in cqc.read(path, kind):
        if isinstance(item, Fault):
            problems.append(item)
        elif message := period_fault(item.registered.first, item.registered.last, released):
            remedy = "Correct the date in the register it comes from."
            problems.append(Fault(f"{item.code}: {message}", path, item.place, "date", remedy))
        else:
            yield item


def _dated(path: Path) -> date:
    try:
        return date_in_name(path)
    except InputError:
        return date.today()
