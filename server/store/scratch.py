"""The writer's own copy of the build in service: changed, then published as a new build.

The copy is made of hard links, so that it costs milliseconds at any size. What counts is what is
published: a copy that is lost, or left half changed, is thrown away and made again.
"""

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loader.switching import switch
from server.store.builds import Build, read_build
from server.store.conditions import Condition
from server.store.operations import UNNAMED, protected

KEEP = 20
_LOCK_SECONDS = 20.0


class RefusedError(Exception):
    """The write cannot be done; `kind` says why, in the words of `server.store.writes`."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class InvalidError(Exception):
    """What was written does not conform to the shapes; `faults` says how."""

    def __init__(self, faults: list[dict[str, str]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class Scratch:
    """A writable copy of the build in service below `home`.

    With `validate`, `check` holds what was changed since `begin` against the shapes.
    """

    def __init__(self, home: Path, *, validate: bool = False) -> None:
        self.home = home
        self._validate = validate
        self._changed: set[ox.Triple] = set()
        self._pending: set[str] = set()
        self.base = read_build(home / "current")
        self._folder = home / ".writing"
        shutil.rmtree(self._folder, ignore_errors=True)
        _link_store(self.base.store_path, self._folder)
        self._store = ox.Store(str(self._folder))
        self._delta = 0

    def stale(self) -> bool:
        """Say whether another build has come into service meanwhile."""
        return (self.home / "current").resolve() != self.base.path

    def begin(self) -> None:
        """Begin a write, which `check` will look at as a whole."""
        self._changed = set()

    def check(self) -> None:
        """Raise InvalidError when the write that was begun breaks a mandatory rule of the shapes.

        Raises ValueError for a build that does not keep the union of its graphs, which shapes need.
        """
        if not self._validate or not self._changed:
            return
        from server.store.shape_check import faults, things

        if not self.base.merged:
            raise ValueError("writes can be validated on a build made by “remit build” only")
        changed = things(self._store, self._changed)
        if found := faults(self._store, self.base.store_path, changed):
            raise InvalidError(found)

    def update(self, operations: Sequence[dict[str, Any]]) -> None:
        """Apply operations of an update (see `server.store.updates.Operation`), in order.

        The default graph is brought up to date after the last of them.
        """
        touched = set[str]().union(*(self._touched(each) for each in operations))
        self._refuse_protected(touched)
        unnamed = ox.NamedNode(UNNAMED)
        self._store.add_graph(unnamed)

        def run() -> None:
            for each in operations:
                for text in self._texts(each):
                    self._store.update(text)

        try:
            self._change(touched, run)
        finally:
            if not self._filled(unnamed):
                self._store.remove_graph(unnamed)

    def put(
        self, graph: str, triples: str, *, replace: bool, condition: dict[str, Any] | None = None
    ) -> bool:
        """Add N-Triples to a graph, or make them its contents; returns whether it was created.

        Raises RefusedError when `condition` (see `Condition`) does not hold.
        """
        self._refuse_protected([graph])
        self._meet(graph, condition)
        name = ox.NamedNode(graph)
        created = not self._store.contains_named_graph(name)

        def fill() -> None:
            if replace:
                self._store.clear_graph(name)
            self._store.add_graph(name)
            parsed = ox.parse(triples, ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True)
            self._store.extend(ox.Quad(q.subject, q.predicate, q.object, name) for q in parsed)

        self._change({graph}, fill)
        return created

    def delete(self, graph: str, condition: dict[str, Any] | None = None) -> bool:
        """Remove a graph; returns whether there was one. Raises RefusedError as `put` does."""
        self._refuse_protected([graph])
        self._meet(graph, condition)
        name = ox.NamedNode(graph)
        if not self._store.contains_named_graph(name):
            return False
        self._change({graph}, lambda: self._store.remove_graph(name))
        return True

    def publish(self) -> str:
        """Put what was written into service as a new build, and return its data version."""
        with _build_lock(self.home):
            if self.stale():
                raise RefusedError("stale")
            build = self._checkpoint()
            self._keep_written()
            switch(self.home, build.path)
        self.base, self._delta, self._pending = build, 0, set()
        _prune(self.home)
        return build.version

    def _meet(self, graph: str, condition: dict[str, Any] | None) -> None:
        """Raise RefusedError unless `condition` holds now; nobody else writes meanwhile."""
        if condition is None:
            return
        exists = self._store.contains_named_graph(ox.NamedNode(graph))
        tag = None if graph in self._pending or not exists else self.base.tag(graph)
        if not Condition(**condition).holds(exists, tag):
            raise RefusedError("condition", graph)

    def _touched(self, operation: dict[str, Any]) -> set[str]:
        if operation["everything"]:
            found = {str(graph.value) for graph in self._store.named_graphs()}
            return found - {UNNAMED} if operation["named"] else found
        return set(operation["graphs"])

    def _texts(self, operation: dict[str, Any]) -> list[str]:
        """Return what the engine does: for all named graphs, one text each, for ours has one name more."""
        if not operation["named"]:
            return [operation["text"]]
        graphs = sorted(self._touched(operation))
        return [f"{operation['named']} SILENT GRAPH <{graph}>" for graph in graphs]

    def _refuse_protected(self, graphs: Iterable[str]) -> None:
        for graph in sorted(graphs):
            if protected(graph):
                raise RefusedError("protected", graph)

    def _change(self, graphs: set[str], action: Callable[[], object]) -> None:
        """Do `action`, which changes `graphs` only, and keep the default graph their union."""
        before = {graph: self._triples(graph) for graph in graphs}
        action()
        added: set[ox.Triple] = set()
        removed: set[ox.Triple] = set()
        for graph, old in before.items():
            new = self._triples(graph)
            added |= new - old
            removed |= old - new
            self._delta += len(new) - len(old)
            if new != old:
                self._pending.add(graph)
        if self._validate:
            self._changed |= added | removed
        if not self.base.merged:
            return
        gone = [t for t in removed - added if not self._held(t)]
        self._store.extend(ox.Quad(*t) for t in added)
        for triple in gone:
            self._store.remove(ox.Quad(*triple))

    def _triples(self, graph: str) -> set[ox.Triple]:
        found = self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
        return {quad.triple for quad in found}

    def _held(self, triple: ox.Triple) -> bool:
        subject, predicate, object_ = triple
        quads = self._store.quads_for_pattern(subject, predicate, object_, None)
        return any(not isinstance(quad.graph_name, ox.DefaultGraph) for quad in quads)

    def _filled(self, graph: ox.NamedNode) -> bool:
        quads = self._store.quads_for_pattern(None, None, None, graph)
        return next(quads, None) is not None

    def _checkpoint(self) -> Build:
        made = datetime.now(UTC)
        version = f"{made:%Y%m%dT%H%M%S}{made.microsecond // 1000:03}Z-w{secrets.token_hex(3)}"
        partial = self.home / "builds" / f".partial-{version}"
        partial.mkdir(parents=True)
        self._store.backup(str(partial / "store"))
        if (self.base.path / "docs").is_dir():  # the ontology, which no write changes
            shutil.copytree(self.base.path / "docs", partial / "docs", copy_function=os.link)
        old = json.loads((self.base.path / "manifest.json").read_text("utf-8"))
        manifest = old | {
            "version": version,
            "made": made.isoformat(timespec="milliseconds"),
            "triples": old.get("triples", 0) + self._delta,
            "writtenAfter": self.base.version,
            "base": self.base.base or self.base.version,
            "changed": {**self.base.changed, **dict.fromkeys(self._pending, version)},
        }
        _write(partial / "manifest.json", json.dumps(manifest, indent=2).encode())
        return read_build(partial.rename(self.home / "builds" / version))

    def _keep_written(self) -> None:
        """Keep all written graphs as an import, so that a later build from files has them too."""
        names = [g for g in self._store.named_graphs() if not protected(str(g.value))]
        imported = self.home / "imports"
        imported.mkdir(exist_ok=True)
        target = imported / "written.nq"
        if not names and not target.exists():
            return
        quads = (q for name in names for q in self._store.quads_for_pattern(None, None, None, name))
        _write(target, ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")


def _link_store(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for entry in os.scandir(source):
        fixed = entry.name.endswith((".sst", ".blob"))
        (os.link if fixed else shutil.copyfile)(entry.path, target / entry.name)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and see it on the disk."""
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


@contextmanager
def _build_lock(home: Path) -> Iterator[None]:
    """Hold the lock that builds hold; raises RefusedError (busy) when it does not become free."""
    deadline = time.monotonic() + _LOCK_SECONDS
    with (home / ".lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise RefusedError("busy") from None
                time.sleep(0.02)
        yield


def _prune(home: Path) -> None:
    """Remove all but the latest of the builds that writes made."""
    written = sorted((home / "builds").glob("*Z-w??????"), key=lambda path: path.name)
    in_service = (home / "current").resolve()
    for old in written[:-KEEP]:
        if old != in_service:
            shutil.rmtree(old, ignore_errors=True)
