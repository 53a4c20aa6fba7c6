"""Where the index of names of a store is: with the build, shared with the one it was written after, or made.

A build from files holds its index. A version that was written over HTTP uses that of the build it began from, unless
what was written since says anything that an index holds; then one is made from the version's own store, in another
process. A remote store’s is made from its answers, part by part. What is made is kept below ``cache/names`` in the data
folder: by data version for a build, and for a day at most for a remote store, whose version does not tell when its
data change.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from loader.catalogue import Query, catalogue, terms_of
from loader.paths import home
from loader.terms import DEF
from loader.textindex.writing import FILE, SCHEMA, Row, is_index, write_index
from server.errors import QueryTimedOut, ResultTooLarge, StoreUnavailable
from server.store.builds import Build, read_build
from server.store.protocol import Store

_KEPT = 8
_DAY = 86_400.0
_DIGITS = "0123456789abcdef"
_DEEPEST = 2
_SECONDS = 900


def of_remote(store: Store) -> Path:
    """Return the file of the index of a store of which we have no files, made from its answers if need be.

    Raises StoreUnavailable when it cannot be kept, and whatever the store raises.
    """
    name = hashlib.sha256(store.version.encode()).hexdigest()[:16]
    return _made(home(), name, lambda path: write_index(path, _rows(store)), _DAY)


def of_build(build: Build) -> Path:
    """Return the file of the index of a build, made if need be; raises StoreUnavailable when it cannot be."""
    own = build.path / FILE
    if is_index(own):
        return own
    base = build.path.parent / build.base / FILE
    if build.written and build.base and is_index(base) and not said_anew(build, _terms()):
        return base
    return _made(build.path.parent.parent, build.version, lambda path: _from_store(build, path))


def _from_store(build: Build, path: Path) -> None:
    """Make the index of a build in another process, so that answers go on meanwhile."""
    command = [sys.executable, "-m", "loader.textindex", str(build.path), str(path)]
    done = subprocess.run(  # noqa: S603 - our own program
        command, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode:
        raise StoreUnavailable(
            f"The index of names of data version {build.version} cannot be made: {done.stderr[-300:].strip()}"
        )


def _rows(store: Store) -> Callable[[Query], Iterable[Row]]:
    """Return how to read the rows of a query from any store: whole, or where that is too much, part by part."""

    def rows(query: Query, shard: str = "") -> Iterator[Row]:
        text = query.bind(shard=shard) if query.parameters else query.text
        names = _variables(query.text)
        try:
            found = store.select(text)
        except (ResultTooLarge, QueryTimedOut):
            if not query.parameters or len(shard) == _DEEPEST:
                raise
            for digit in _DIGITS:
                yield from rows(query, shard + digit)
            return
        yield from ([str(row.get(name, "")) for name in names] for row in found)

    return rows


def _variables(text: str) -> list[str]:
    """Return the variables of a query of the index, in the order in which it gives them."""
    line = next(line for line in text.splitlines() if line.startswith("SELECT"))
    return re.findall(r"\?(\w+)", line)


def said_anew(build: Build, terms: frozenset[str]) -> bool:
    """Tell whether writes since the build from files changed a statement with one of these terms."""
    if not build.changed:
        return False
    try:
        base = read_build(build.path.parent / build.base)
        stores = [ox.Store.read_only(str(each.store_path)) for each in (build, base)]
    except (OSError, StoreUnavailable):
        return True
    return any(
        _held(stores[0], graph, terms) != _held(stores[1], graph, terms)
        for graph in sorted(build.changed)
    )


def _held(store: ox.Store, graph: str, terms: frozenset[str]) -> set[ox.Quad]:
    """Return the statements of a graph with one of these terms as property or value."""
    found = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    return {quad for quad in found if quad.predicate.value in terms or _value(quad.object) in terms}


def _value(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else ""


@cache
def _terms() -> frozenset[str]:
    """The terms that the queries of the index name; ``a`` they have for classes, which they name too."""
    return terms_of(catalogue("index").values()) | {f"{DEF}register", f"{DEF}RegisterGraph"}


def _made(
    folder: Path, name: str, make: Callable[[Path], None], oldest: float | None = None
) -> Path:
    """Return a file of the cache, made where it is missing or too old; one process at a time makes any."""
    cache_ = folder / "cache" / "names"
    try:
        cache_.mkdir(parents=True, exist_ok=True)
        path = cache_ / f"{name}-{SCHEMA}.sqlite"
        with _alone(cache_):
            if not is_index(path) or (oldest and time.time() - path.stat().st_mtime > oldest):
                make(path)
            _prune(cache_, path)
    except OSError as error:
        raise StoreUnavailable(
            f"The index of names cannot be kept in {cache_}: {error}."
        ) from error
    return path


def _prune(folder: Path, kept: Path) -> None:
    """Remove all but the latest files; one that is still read stays on the disk until it is closed."""
    files = sorted(folder.glob("*.sqlite"), key=lambda path: path.stat().st_mtime)
    for path in files[:-_KEPT]:
        if path != kept:
            path.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
