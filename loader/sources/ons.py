"""Read tables “Names and codes” of the Office for National Statistics: area codes with the ODS code of the body.

Headings carry the kind of area and the year, such as ICB23CD, ICB23CDH (ODS) and ICB23NM. Tables with plain headings
(``icb_ons_…``, ``icb_ods``, ``icb_name``) are read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loader.errors import Fault, InputError
from loader.sources.records import Faulty, code
from loader.sources.tables import columns, headings, rows

_HEADING = re.compile(r"(?P<kind>[a-z]+)(?P<year>\d\d)(?P<what>cd|cdh|nm)")
_PLAIN = re.compile(r"(?P<kind>[a-z]+)_(?P<what>ods|ons|name)(?:_\w+)?")
_WHAT = {"cd": "ons", "cdh": "ods", "nm": "name"}
_GSS = re.compile(r"[EWSNK]\d{8}")


@dataclass(frozen=True, slots=True)
class Area:
    """An area: the kind in the heading (such as ICB), its codes and its name."""

    kind: str
    code: str
    ods_code: str
    name: str
    place: int


def read(path: Path) -> Iterator[Area | Fault]:
    """Yield the areas of each row, every one once, and a fault for a code that cannot be used.

    Raises InputError when no heading gives a code and a name.
    """
    groups = {kind: found for kind, found in _groups(columns(path)).items() if len(found) == 3}
    if not groups:
        remedy = "Give a table such as “Integrated care boards (April 2023) names and codes”."
        raise InputError(Fault("has no columns of codes and names.", path, remedy=remedy))
    seen: set[str] = set()
    for row in rows(path, {heading for found in groups.values() for heading in found.values()}):
        for kind, found in groups.items():
            values = {what: row.cells.get(heading, "") for what, heading in found.items()}
            if not values["ons"] or values["ons"] in seen:
                continue
            try:
                yield _area(kind, values, row.number)
                seen.add(values["ons"])
            except Faulty as error:
                yield error.at(path, row.number)


def untaken(path: Path) -> tuple[str, ...]:
    """Return the columns of a table that ``read`` does not take."""
    groups = [found for found in _groups(columns(path)).values() if len(found) == 3]
    taken = {heading for found in groups for heading in found.values()}
    return tuple(name for name in headings(path, taken) if name not in taken)


def _area(kind: str, values: dict[str, str], place: int) -> Area:
    if not _GSS.fullmatch(values["ons"]):
        raise Faulty(f"“{values['ons'][:20]}” is not a code of nine characters.", "area code")
    return Area(kind.upper(), values["ons"], code(values["ods"], "ODS code"), values["name"], place)


def _groups(names: set[str]) -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = {}
    for name in sorted(names):
        if match := _HEADING.fullmatch(name):
            groups.setdefault(match["kind"], {})[_WHAT[match["what"]]] = name
        elif match := _PLAIN.fullmatch(name):
            groups.setdefault(match["kind"], {}).setdefault(match["what"], name)
    return groups
