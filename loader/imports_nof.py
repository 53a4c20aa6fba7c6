"""Import of files of the NHS Oversight Framework: kept below ``imports/nof`` and part of every later build."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from loader.errors import Fault, InputError
from loader.graph import read_registers
from loader.paths import registers
from loader.sources.nof import read
from loader.sources.nof_entries import name_of, to_entries
from loader.terms import GRAPH
from loader.yamlld import Register, register_from

_IDENTIFIER = ox.NamedNode("http://purl.org/dc/terms/identifier")


@dataclass(frozen=True)
class ImportedMetrics:
    """What an import did: its name, the graph file, the rows by trust, and the rows that were faulty."""

    name: str
    path: Path
    counts: dict[str, int]
    problems: tuple[Fault, ...]

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
    name = f"nof-{name_of(release)}"
    tree = to_entries(release, _known_codes())
    register = register_from(tree, f"{GRAPH}import/nof/{name}", path)
    folder = home / "imports" / "nof"
    folder.mkdir(parents=True, exist_ok=True)
    target, partial = folder / f"{name}.nq", folder / f".{name}.partial"
    ox.serialize(_quads(register, path), output=str(partial), format=ox.RdfFormat.N_QUADS)
    shutil.copyfile(path, folder / f"{name}.csv")
    partial.replace(target)
    return ImportedMetrics(name, target, release.counts, release.problems)


def _quads(register: Register, original: Path) -> Iterator[ox.Quad]:
    yield from register.quads()
    digest = hashlib.sha256(original.read_bytes()).hexdigest()
    node = ox.NamedNode(register.graph)
    yield ox.Quad(node, _IDENTIFIER, ox.Literal(f"sha256:{digest}"), node)


def _known_codes() -> set[str]:
    return {
        str(entry["odsCode"])
        for register in read_registers(registers())
        for entry in register.entries
        if "odsCode" in entry
    }
