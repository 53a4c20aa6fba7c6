"""Load imported graphs into a store through the engine's own bulk loader, without making terms in Python.

A small import is held twice, as the rest of a build is: in its named graph, and in the default graph that merges all. A
national register is held once, in the default graph, where every query looks. Twice would take more than three times
the disk, because the engine keeps six orders of a statement in a named graph and three of one in the default graph.

What a report of conflicts needs is held in the named graph of a large import too: its own description (title, source,
date, digest), and for each organisation of which another source says something else, the names, classes, boards, dates
and postcode that the import states. Where sources agree nothing is held twice.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from loader import surveys
from loader.errors import Fault, InputError
from loader.graph import DERIVED_GRAPH, import_quads, merged
from loader.survey import COMPARED, Survey, graph_of, survey
from loader.terms import DEF, ID

LARGE = 200 << 20
_CHUNK = 256 << 10
_LINKS = ("hasName", "membership", "hasRelation")
_CLAIMS = {f"<{DEF}{name}>".encode() for name in (*COMPARED, *_LINKS, "attestedFrom", "odsCode")}
_NO_CLAIM = b"/role-"
_REMEDY = "Import the file again with “remit import”."


def load_imports(
    store: ox.Store, paths: Iterable[Path], large: int | None = None, home: Path | None = None
) -> list[Survey]:
    """Load N-Quads files of imports; those over ``large`` (200 MB) bytes, each of one graph, only once.

    Returns the surveys of the large ones, which are kept in the data folder ``home`` or made meanwhile. What is written
    over HTTP is kept in a file of several graphs (``imports/written.nq``) and held twice whatever its size. Raises
    InputError when a file is not N-Quads, or not what its survey says.
    """
    paths, large = list(paths), LARGE if large is None else large
    big = [p for p in paths if p.stat().st_size > large and p.name != "written.nq"]
    kept = {path: surveys.kept(path, home) for path in big} if home else {}
    with _surveying([path for path in big if not kept.get(path)]) as made:
        for path in paths:
            if path not in big:
                store.bulk_extend(merged(import_quads([path])))
        digests = {path: _load_once(store, path, sound=bool(kept.get(path))) for path in big}
        found = [kept.get(path) or _result(path, made[path]) for path in big]
    for each in found:
        if each.digest != digests[each.path]:
            raise InputError(
                Fault("has been changed since it was surveyed.", each.path, remedy=_REMEDY)
            )
        if home and each.path in made:
            surveys.keep(each, home)
    _keep_contested(store, found)
    return found


def contested(store: ox.Store, large: Sequence[Survey]) -> set[str]:
    """Return the codes of organisations in large imports of which another source says, or may say, something else.

    Other large imports contradict each other where their checksums differ. What is held in named graphs is not
    compared: every organisation that it names counts.
    """
    named = set(_named_codes(store, {each.graph for each in large}))
    seen: dict[str, int] = {}
    found: set[str] = set()
    for each in large:
        for code, block in each.blocks.items():
            if code in named or seen.setdefault(code, block[0]) != block[0]:
                found.add(code)
    return found


@contextmanager
def _surveying(paths: Sequence[Path]) -> Iterator[dict[Path, Future[Survey]]]:
    """Survey files in a process of their own while the block runs."""
    if not paths:
        yield {}
        return
    with ProcessPoolExecutor(1, get_context("fork")) as pool:
        yield {path: pool.submit(survey, path) for path in paths}


def _result(path: Path, each: Future[Survey]) -> Survey:
    try:
        return each.result()
    except ValueError as error:
        fault = Fault(f"is not N-Quads of one graph: {error}.", path, remedy=_REMEDY)
        raise InputError(fault) from None


def _load_once(store: ox.Store, path: Path, sound: bool = False) -> str:
    """Load a file into the default graph; return its SHA-256 digest. A sound file’s terms are not checked again."""
    graph, digest = graph_of(path), hashlib.sha256()
    try:
        with path.open("rb") as file, ThreadPoolExecutor(1) as pool:
            pieces = _Triples(file, graph, lambda piece: pool.submit(digest.update, piece))
            with io.BufferedReader(pieces, _CHUNK) as triples:
                store.bulk_load(input=triples, format=ox.RdfFormat.N_TRIPLES, lenient=sound)
    except SyntaxError as error:
        fault = Fault(f"is not N-Quads of one graph: {error}.", path, remedy=_REMEDY)
        raise InputError(fault) from None
    name = ox.NamedNode(graph)
    about = store.quads_for_pattern(name, None, None, ox.DefaultGraph())
    store.extend([ox.Quad(q.subject, q.predicate, q.object, name) for q in about])
    return digest.hexdigest()


def _keep_contested(store: ox.Store, found: Sequence[Survey]) -> None:
    codes = contested(store, found)
    for each in found:
        blocks = sorted(block[1:] for code, block in each.blocks.items() if code in codes)
        if blocks:
            with io.BufferedReader(_Claims(each.path, blocks), _CHUNK) as claims:
                store.bulk_load(input=claims, format=ox.RdfFormat.N_QUADS)


def _named_codes(store: ox.Store, but: set[str]) -> Iterator[str]:
    """Yield the codes of the organisations of which named graphs say something, other than the graphs ``but``."""
    start = f"{ID}organisation/"
    for graph in store.named_graphs():
        if graph.value in but or graph.value == DERIVED_GRAPH:
            continue
        for name in (*_LINKS, *COMPARED):
            for quad in store.quads_for_pattern(None, ox.NamedNode(DEF + name), None, graph):
                subject = getattr(quad.subject, "value", "")
                if subject.startswith(start):
                    yield subject.removeprefix(start).partition("#")[0].partition("/")[0]


class _Lines(io.RawIOBase):
    """A file of bytes that are made piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._ready = b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer from the pieces; 0 at their end."""
        while not self._ready:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._ready = piece
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


class _Triples(_Lines):
    """The statements of an N-Quads file of one graph, without the graph; ``seen`` is told each piece of the file."""

    def __init__(self, inner: IO[bytes], graph: str, seen: Callable[[bytes], object]) -> None:
        super().__init__(_without(inner, f" <{graph}> .\n".encode(), seen))


class _Claims(_Lines):
    """The statements in parts of an N-Quads file that another register can contradict."""

    def __init__(self, path: Path, blocks: Sequence[Sequence[int]]) -> None:
        super().__init__(_claims(path, blocks))


def _without(inner: IO[bytes], suffix: bytes, seen: Callable[[bytes], object]) -> Iterator[bytes]:
    rest = b""
    while chunk := inner.read(_CHUNK):
        seen(chunk)
        end = chunk.rfind(b"\n") + 1
        if end:
            yield (rest + chunk[:end]).replace(suffix, b" .\n")
            rest = b""
        rest += chunk[end:]
    yield rest.replace(suffix, b" .\n")


def _claims(path: Path, blocks: Sequence[Sequence[int]]) -> Iterator[bytes]:
    with path.open("rb") as file:
        for block in blocks:
            for start, end in zip(block[::2], block[1::2], strict=True):
                file.seek(start)
                lines = file.read(end - start).splitlines(keepends=True)
                yield b"".join(line for line in lines if _is_claim(line))


def _is_claim(line: bytes) -> bool:
    subject, predicate, _ = line.split(b" ", 2)
    return predicate in _CLAIMS and _NO_CLAIM not in subject
