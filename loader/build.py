"""Make a build: an immutable directory with a store and a manifest, put into service by an atomic switch.

A build is made beside the one in service, checked, and only then switched to, by renaming a symbolic link. A build
that fails or is killed at any moment leaves the one in service untouched.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from loader.bulk import load_imports
from loader.checks import check
from loader.derive import derive
from loader.errors import BuildError, RegisterError
from loader.graph import merged, ontology_quads, read_registers
from loader.ontology_docs import document
from loader.paths import content
from loader.paths import registers as shipped_registers
from loader.validation.rules import check_shapes
from loader.validation.run import validate_build

KEEP = 5
Report = Callable[[str], None]


@dataclass(frozen=True)
class Build:
    """One build: its directory and what its manifest says."""

    path: Path
    version: str
    triples: int
    made: str

    @property
    def store(self) -> Path:
        """The folder of the Oxigraph store."""
        return self.path / "store"


def build(
    home: Path,
    registers: Path | None = None,
    report: Report = lambda _: None,
    reasoner: bool = False,
) -> Build:
    """Build registers and imports into a new store below ``home`` and put it into service.

    What follows from the ontology is worked out by the rules in ``queries/derive``. With ``reasoner``, the OWL
    reasoner HermiT checks consistency too, and whatever it infers beyond the rules is added.

    ``report`` is told each stage. Raises RegisterError when registers are faulty, BuildError when another build
    is under way; the build in service is then unchanged.
    """
    root = registers or shipped_registers()
    with _only_one(home):
        _clear_partial(home)
        partial = home / "builds" / f".partial-{os.getpid()}"
        try:
            made = _make(partial, root, sorted((home / "imports").rglob("*.nq")), report, reasoner)
            final = partial.rename(home / "builds" / made.version)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        switch(home, final)
        _prune(home)
    return current(home)


def verify(registers: Path | None = None) -> int:
    """Read, derive and check registers in memory; return the number of statements.

    Raises RegisterError with every fault found. Nothing is written.
    """
    store = ox.Store()
    _fill(store, registers or shipped_registers(), [], lambda _: None)
    return len(store)


def switch(home: Path, target: Path) -> None:
    """Put the build directory ``target`` into service by an atomic rename of the link ``current``."""
    link = home / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(target.relative_to(home))
    link.replace(home / "current")


def current(home: Path) -> Build:
    """Return the build in service; raises BuildError when there is none."""
    link = home / "current"
    if not link.exists():
        raise BuildError(f"There is no build in {home}. Run “remit build” first.")
    return read_build(link.resolve())


def read_build(path: Path) -> Build:
    """Return the build in a directory, from its manifest."""
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    return Build(path, manifest["version"], manifest["triples"], manifest["made"])


def builds(home: Path) -> list[Build]:
    """Return the builds that are kept, oldest first."""
    found = (home / "builds").glob("*/manifest.json")
    return sorted((read_build(path.parent) for path in found), key=lambda b: (b.made, b.version))


def _make(folder: Path, root: Path, imports: list[Path], report: Report, reasoner: bool) -> Build:
    folder.mkdir(parents=True)
    store = ox.Store(str(folder / "store"))
    derived = _fill(store, root, imports, report, reasoner)
    report("Writing the documentation of the ontology")
    document(folder / "docs")
    report("Validating against the shapes")
    validate_build(folder, store, workers=2)
    report("Optimising the store")
    store.optimize()
    store.flush()
    triples = len(store)
    del store
    made = datetime.now(UTC)
    version = f"{made:%Y%m%dT%H%M%SZ}-{_fingerprint(root, imports)[:8]}"
    manifest = {
        "version": version,
        "defaultGraph": "merged",
        "made": made.isoformat(timespec="milliseconds"),
        "triples": triples,
        "derived": derived,
        "imports": [path.name for path in imports],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    return Build(folder, version, triples, manifest["made"])  # type: ignore[arg-type]


def _fill(
    store: ox.Store, root: Path, imports: list[Path], report: Report, reasoner: bool = False
) -> dict[str, int]:
    report("Reading the registers")
    registers = read_registers(root)
    report("Loading the ontology, registers and imported files")
    statements = (register.quads() for register in registers)
    store.bulk_extend(merged(chain(ontology_quads(), *statements)))
    load_imports(store, imports)
    report("Deriving what follows")
    derived = derive(store)
    if reasoner:
        report("Reasoning")
        derived["hermit"] = _reason(store)
    report("Checking")
    if faults := [*check_shapes(), *check(store, root)]:
        raise RegisterError(faults)
    return derived


def _reason(store: ox.Store) -> int:
    """Add what the OWL reasoner infers beyond the rules; return how many statements that is."""
    from loader.inferred import inferred_quads
    from loader.reasoning import check as check_ontology

    found = check_ontology(store)
    if not found.consistent or found.unsatisfiable:
        conflicts = [str(each) for each in (*found.unsatisfiable, *found.conflicts)]
        raise BuildError(
            f"The ontology with the registers is inconsistent: {'; '.join(conflicts)}."
        )
    inferred = list(inferred_quads(found, beyond=store))
    store.bulk_extend(merged(inferred))
    return len(inferred)


def _fingerprint(root: Path, imports: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    folders = (root, content("ontology"), content("queries"))
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in [*files, *imports]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    (home / "builds").mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildError(f"Another build is under way in {home}. Wait for it to end.") from None
        yield


def _clear_partial(home: Path) -> None:
    for path in (home / "builds").glob(".partial-*"):
        shutil.rmtree(path, ignore_errors=True)


def _prune(home: Path) -> None:
    in_service = current(home).path
    for old in builds(home)[:-KEEP]:
        if old.path != in_service:
            shutil.rmtree(old.path, ignore_errors=True)
