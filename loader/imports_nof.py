"""Import of files of the NHS Oversight Framework: kept below ``imports/nof`` and part of every later build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from loader.errors import Fault, InputError
from loader.importing.keeping import Kept, keep_register
from loader.importing.ods import known_codes
from loader.sources.nof import read
from loader.sources.nof_entries import name_of, to_entries
from loader.yamlld import register_from


@dataclass(frozen=True)
class ImportedMetrics:
    """What an import did: its name, the graph file, rows by trust, faulty rows, and columns that were not taken."""

    name: str
    path: Path
    counts: dict[str, int]
    problems: tuple[Fault, ...]
    untaken: tuple[str, ...] = ()

    @property
    def observations(self) -> int:
        """Number of observations imported."""
        return sum(self.counts.values())


def import_nof(path: Path, home: Path, strict: bool = False) -> ImportedMetrics:
    """Import one file for the builds below ``home``; a later file for the same quarter replaces it.

    With ``strict`` one faulty row refuses the whole file; otherwise faulty rows are reported and the rest imported.
    Raises InputError when the file cannot be used; nothing is then stored.
    """
    release = read(path)
    if strict and release.problems:
        raise InputError(list(release.problems))
    kept = Kept(home, "nof", f"nof-{name_of(release)}", path)
    tree = to_entries(release, known_codes())
    keep_register(kept, register_from(tree, kept.graph, path))
    return ImportedMetrics(
        kept.name, kept.target, release.counts, release.problems, release.untaken
    )
