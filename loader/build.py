"""Make a build: an immutable directory with a store and a manifest, put into service by an atomic switch.

A build is made beside the one in service, checked, and only then switched to, by renaming a symbolic link. A build
that fails or is killed at any moment leaves the one in service untouched.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from loader import surveys
from loader.bulk import load_imports
from loader.checks import check
from loader.derive import derive
from loader.errors import BuildError, RegisterError
from loader.graph import merged, ontology_quads, read_registers
from loader.imported import Finding, write_findings
from loader.ontology_docs import document
from loader.paths import content
from loader.paths import registers as shipped_registers
from loader.survey import Survey
from loader.switching import switch as switch
from loader.textindex import FILE, indexing
from loader.validation.rules import check_shapes
from loader.validation.run import validate_build
from loader.validation.scope import scopes

KEEP, KEEP_WRITTEN = 5, 20
_WRITTEN = re.compile(r"Z-w[0-9a-f]{6}$")
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

    @property
    def written(self) -> bool:
        """Tell whether a write over HTTP made it, rather than a build from files."""
        return bool(_WRITTEN.search(self.version))


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
    is under way or REMIT_KEEP_BUILDS is no number; the build in service is then unchanged. What is wrong with imports
    alone does not refuse a build: ``loader.imported.read_findings`` returns it.
    """
    root, keep = registers or shipped_registers(), _kept()
    with _only_one(home):
        _clear_partial(home)
        partial = home / "builds" / f".partial-{os.getpid()}"
        try:
            made = _make(home, partial, root, report, reasoner)
            final = partial.rename(home / "builds" / made.version)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        switch(home, final)
        _prune(home, keep)
    return current(home)


def verify(registers: Path | None = None) -> int:
    """Read, derive and check registers in memory; return the number of statements.

    Raises RegisterError with every fault found. Nothing is written.
    """
    store, root = ox.Store(), registers or shipped_registers()
    large = _load(store, root, [], lambda _: None)
    _derive(store, lambda _: None)
    _check(store, root, large)
    return len(store)


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


def held_once(path: Path) -> list[str]:
    """Return the graphs of a build's large imports, which were not held against the shapes."""
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    return list(manifest.get("heldOnce", ()))


def builds(home: Path) -> list[Build]:
    """Return the builds that are kept, oldest first."""
    found = (home / "builds").glob("*/manifest.json")
    return sorted((read_build(path.parent) for path in found), key=lambda b: (b.made, b.version))


def _make(home: Path, folder: Path, root: Path, report: Report, reasoner: bool) -> Build:
    imports = sorted((home / "imports").rglob("*.nq"))
    folder.mkdir(parents=True)
    store = ox.Store(str(folder / "store"))
    large = _load(store, root, imports, report, home)
    kept = _kept_rows(large, home)  # without them, every name is asked of the store
    with nullcontext() if kept else _optimising(store, report):
        document(folder / "docs")
    derived = _derive(store, report, reasoner)
    once = [each.graph for each in large]
    shaped = _shaped(store, once)
    with indexing(store, folder / FILE, kept=kept, rest=shaped if kept else None):
        report("Checking")
        findings = _check(store, root, large)
        write_findings(folder, findings)
        report("Validating against the shapes")
        validate_build(folder, shaped, 2, scopes(store, set(once)))
        report("Compressing the store")  # now that something was added, it goes a level deeper
        store.flush()
        store.optimize()
        triples = len(store)
        report("Making the index of names")
    del store
    made = datetime.now(UTC)
    version = f"{made:%Y%m%dT%H%M%SZ}-{_fingerprint(root, imports, large)[:8]}"
    manifest = {
        "version": version,
        "defaultGraph": "merged",
        "made": made.isoformat(timespec="milliseconds"),
        "triples": triples,
        "derived": derived,
        "imports": [path.name for path in imports],
        "heldOnce": once,
        "findings": len(findings),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    return Build(folder, version, triples, manifest["made"])  # type: ignore[arg-type]


def _load(
    store: ox.Store, root: Path, imports: list[Path], report: Report, home: Path | None = None
) -> list[Survey]:
    """Load what there is into a store; return the surveys of large imports, which are kept below ``home``."""
    report("Reading the registers")
    registers = read_registers(root)
    report("Loading the ontology, registers and imported files")
    statements = (register.quads() for register in registers)
    store.bulk_extend(merged(chain(ontology_quads(), *statements)))
    return load_imports(store, imports, home=home)


def _derive(store: ox.Store, report: Report, reasoner: bool = False) -> dict[str, int]:
    """Add what follows from what a store holds; return the number of statements concluded by each rule."""
    report("Deriving what follows")
    derived = derive(store)
    if reasoner:
        report("Reasoning")
        derived["hermit"] = _reason(store)
    return derived


def _check(store: ox.Store, root: Path, large: Sequence[Survey]) -> list[Finding]:
    """Return what is wrong with imports; raises RegisterError when anything else is wrong."""
    checked = check(store, root, large)
    if faults := [*check_shapes(), *checked.faults]:
        raise RegisterError(faults)
    return checked.findings


def _kept_rows(large: Sequence[Survey], home: Path) -> list[Path]:
    """Return where the rows are kept that large imports bring to the index; nothing if those of one are not."""
    kept = [surveys.rows(each.path, home) for each in large]
    return kept if all(each.is_dir() for each in kept) else []


@contextmanager
def _optimising(store: ox.Store, report: Report) -> Iterator[None]:
    """Put the files of a store in order while the block runs: they are read several times as fast then."""
    report("Optimising the store")
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(store.optimize)
        yield
        done.result()


def _shaped(store: ox.Store, large: Collection[str]) -> ox.Store:
    """Return the part of a store that is held against the shapes: all but its large imports.

    The shapes on millions of facts take minutes; the importer and the survey answer for those, and the report says so.
    ``remit validate --keep`` holds them against the shapes too.
    """
    if not large:
        return store
    part = ox.Store()
    for graph in store.named_graphs():
        if graph.value not in large:
            quads = store.quads_for_pattern(None, None, None, graph)
            part.bulk_extend(ox.Quad(*quad.triple) for quad in quads)
    return part


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


def _fingerprint(root: Path, imports: Iterable[Path], surveys: Iterable[Survey] = ()) -> str:
    digest, known = hashlib.sha256(), {each.path: each.digest for each in surveys}
    folders = (root, content("ontology"), content("queries"))
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in [*files, *imports]:
        content_of = known[path].encode() if path in known else path.read_bytes()
        digest.update(path.name.encode() + b"\0" + content_of)
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


def _prune(home: Path, keep: int) -> None:
    """Remove all but the last builds from files (REMIT_KEEP_BUILDS) and the last written versions."""
    in_service, all_kept = current(home).path, builds(home)
    made = [each for each in all_kept if not each.written]
    written = [each for each in all_kept if each.written]
    for old in [*made[:-keep], *written[:-KEEP_WRITTEN]]:
        if old.path != in_service:
            shutil.rmtree(old.path, ignore_errors=True)


def _kept() -> int:
    given = os.environ.get("REMIT_KEEP_BUILDS", "")
    if given and not (given.isdecimal() and int(given) > 0):
        raise BuildError(f"REMIT_KEEP_BUILDS is “{given}”. Give a number of builds from 1.")
    return int(given) if given else KEEP
