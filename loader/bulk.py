"""Load imported graphs into a store through the engine's own bulk loader, without making terms in Python.

A small import is held twice, as the rest of a build is: in its named graph, and in the default graph that merges all. A
national register is held once, in the default graph, where every query looks: its named graph then holds only its own
description (title, source, date, digest), and each organisation and fact still names its document. Twice would take
more than three times the disk, because the engine keeps six orders of a statement in a named graph and three of one in
the default graph.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from loader.errors import Fault, InputError
from loader.graph import import_quads, merged

LARGE = 200 << 20
_CHUNK = 4 << 20


def load_imports(store: ox.Store, paths: Iterable[Path], large: int = LARGE) -> None:
    """Load N-Quads files of imports, each of one graph; those over ``large`` bytes only once.

    Raises InputError when a file is not N-Quads.
    """
    for path in paths:
        if path.stat().st_size <= large:
            store.bulk_extend(merged(import_quads([path])))
        else:
            _load_once(store, path)


def _load_once(store: ox.Store, path: Path) -> None:
    graph = _graph(path)
    try:
        with path.open("rb") as file, io.BufferedReader(_Triples(file, graph), _CHUNK) as triples:
            store.bulk_load(input=triples, format=ox.RdfFormat.N_TRIPLES)
    except SyntaxError as error:
        remedy = "Import the file again with “remit import”."
        raise InputError(
            Fault(f"is not N-Quads of one graph: {error}.", path, remedy=remedy)
        ) from None
    name = ox.NamedNode(graph)
    about = store.quads_for_pattern(name, None, None, ox.DefaultGraph())
    store.extend([ox.Quad(q.subject, q.predicate, q.object, name) for q in about])


def _graph(path: Path) -> str:
    with path.open("rb") as file:
        line = file.readline().rstrip()
    start = line.rfind(b" <")
    if start < 0 or not line.endswith(b"> ."):
        raise InputError(Fault("does not name its graph.", path, 1))
    return line[start + 2 : -3].decode()


class _Triples(io.RawIOBase):
    """The statements of an N-Quads file of one graph, without the graph."""

    def __init__(self, inner: IO[bytes], graph: str) -> None:
        self._inner = inner
        self._suffix = f" <{graph}> .\n".encode()
        self._ready = b""
        self._rest = b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with whole and part lines, their graph left out."""
        while not self._ready:
            chunk = self._inner.read(_CHUNK)
            if not chunk and not self._rest:
                return 0
            lines, newline, rest = (self._rest + chunk).rpartition(b"\n")
            if not chunk:
                lines, newline, rest = self._rest, b"", b""
            self._ready = (lines + newline).replace(self._suffix, b" .\n")
            self._rest = rest
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size
