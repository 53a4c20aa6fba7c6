"""What the checks of a build find in imported files: reported with the build, and no reason to refuse it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

FILE = "findings.csv"


@dataclass(frozen=True)
class Finding:
    """One defect of an import: the import (such as ``ods/etr-2026-07-01``), the statement, and what to do about it."""

    source: str
    entity: str
    property: str
    value: str
    problem: str
    remedy: str


def write_findings(folder: Path, findings: Sequence[Finding]) -> None:
    """Write what was found into the directory of a build, as CSV."""
    with (folder / FILE).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["import", *(field.name for field in fields(Finding)[1:])])
        out.writerows(astuple(each) for each in findings)


def read_findings(folder: Path) -> list[Finding]:
    """Return what was found in the imports of a build, from its directory."""
    path = folder / FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [Finding(*row) for row in list(csv.reader(file))[1:]]


def told(home: Path, findings: Sequence[Finding], most: int = 5) -> Iterator[str]:
    """Yield lines that tell how many findings each import has, of how many things, and the first with file and row."""
    counts = Counter(each.source for each in findings)
    for source, count in sorted(counts.items()):
        of_it = [each for each in findings if each.source == source]
        things = list(dict.fromkeys(each.value for each in of_it))
        named = ", ".join(things[:most]) + (", …" if len(things) > most else "")
        yield (
            f"{source}: {count:,} references to {len(things):,} "
            f"things that nothing describes ({named}), for example:"
        )
        for each in of_it[:most]:
            place = row_of(home, each)
            yield f"  {place}: {each.entity}: {each.property}: {each.problem} ({each.value}). {each.remedy}"


def row_of(home: Path, finding: Finding) -> str:
    """Return the file that a finding comes from, with the first row that names what is missing, where one does."""
    family, _, name = finding.source.rpartition("/")
    kept = sorted((home / "imports" / family).glob(f"{name}.*"))
    originals = [path for path in kept if path.suffix != ".nq"]
    code = finding.value.rpartition("/")[2].rpartition("#")[2]
    for path in originals:
        if number := _row(path, code):
            return f"{path}:{number}"
    return str((originals or kept or [Path(finding.source)])[0])


def _row(path: Path, code: str) -> int | None:
    word = re.compile(rb"(?<![\w-])" + re.escape(code.encode()) + rb"(?![\w-])")
    with path.open("rb") as file:
        return next((number for number, line in enumerate(file, 1) if word.search(line)), None)
