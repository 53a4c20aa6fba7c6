"""Import tables of successions between organisations with ODS codes."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from loader.errors import Fault, InputError
from loader.importing.keeping import Kept, date_in_name, slug, writing
from loader.importing.others import write_document, write_succession
from loader.importing.outcome import Imported
from loader.sources.soundness import circular, period_fault
from loader.sources.successions import Followed, read, untaken


def import_file(
    path: Path, home: Path, released: date | None, strict: bool, known: frozenset[str]
) -> Imported:
    """Import a table; raises InputError when it cannot be used, or is faulty and ``strict`` holds.

    Without a date in the name, the table counts as published on the day of its latest succession.
    """
    found, problems = _read(path)
    if not found or (strict and problems):
        raise InputError(problems or [Fault("holds no succession.", path)])
    day = released or _date(path, found)
    kept = Kept(home, "ods", f"successions-{day.isoformat()}-{slug(path.stem)}", path)
    document, title = f"document/ods-{kept.name}", f"Successions of organisations, {path.stem}"
    described = set(known)
    with writing(kept, title, document, day) as out:
        write_document(out, document, title, "", day)
        for each in found:
            write_succession(out, document, each, described)
    counts = Counter(each.kind or "succession" for each in found)
    left = untaken(path)
    return Imported(kept.name, kept.target, len(found), (), tuple(problems), counts, left)


def _read(path: Path) -> tuple[list[Followed], list[Fault]]:
    items = list(read(path))
    found = [item for item in items if isinstance(item, Followed)]
    problems = [item for item in items if isinstance(item, Fault)]
    circles = circular((each.before, each.after, each.day) for each in found)
    wrong = {each for circle in circles for each in circle}
    for each in list(found):
        message = period_fault(each.day, None, date.today())
        if (each.before, each.after, each.day) in wrong:
            message = f"{each.before} and {each.after} succeed one another in a circle."
        if message:
            found.remove(each)
            remedy = "Correct the succession in the register it comes from."
            problems.append(Fault(message, path, each.place, "succession_date", remedy))
    return found, problems


def _date(path: Path, found: list[Followed]) -> date:
    try:
        return date_in_name(path)
    except InputError:
        return max(each.day for each in found)
