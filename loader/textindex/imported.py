"""The rows of the index that a large import brings, read when it is imported: a build need not ask the engine for them.

They are the answers to the queries of the index that grow with a register, asked of the import part by part, since the
facts of an organisation follow one another in it. They are kept compressed next to the survey of the import.
"""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from loader.catalogue import Query, query, terms_of
from loader.survey import code_of, graph_of
from loader.textindex.writing import QUERIES, Row

_STATEMENTS = 400_000
_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


GROWING = tuple(name for name in QUERIES if query(name, "index").parameters)
"""The queries of the index whose answers grow with a register, and that can be asked of parts of it."""


def keep_rows(path: Path, folder: Path) -> None:
    """Write the rows that an N-Quads file of one graph brings to ``folder``, whole or not at all."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    asked = [query(name, "index") for name in GROWING]
    with ExitStack() as stack:
        out = [stack.enter_context(gzip.open(_file(partial, each.name), "wb", 1)) for each in asked]
        for part in _parts(path, asked):
            store = ox.Store()
            store.bulk_load(input=part, format=ox.RdfFormat.N_TRIPLES, lenient=True)
            for each, file in zip(asked, out, strict=True):
                _append(store, each, file)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def kept_rows(folder: Path, name: str) -> Iterator[Row]:
    """Yield the rows of a query that ``folder`` keeps; none of a query that does not grow."""
    file = _file(folder, name)
    if file.is_file():
        with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.reader(lines)


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.csv.gz"


def _append(store: ox.Store, asked: Query, out: BinaryIO | gzip.GzipFile) -> None:
    found = store.query(asked.bind())
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - the queries are our own
    rows = io.BytesIO()
    found.serialize(output=rows, format=ox.QueryResultsFormat.CSV)
    rows.seek(0)
    rows.readline()
    out.write(rows.read())


def _parts(path: Path, asked: list[Query]) -> Iterator[bytes]:
    """Yield the statements that the queries read, as N-Triples, parted between organisations."""
    read = {f"<{term}>".encode() for term in terms_of(asked)} | {_TYPE}
    suffix = f" <{graph_of(path)}> .\n".encode()
    part: list[bytes] = []
    subject = code = b""
    with path.open("rb", buffering=1 << 20) as lines:
        for line in lines:
            this, predicate, _ = line.split(b" ", 2)
            if this != subject:
                subject, before, code = this, code, code_of(this)
                if code != before and len(part) > _STATEMENTS:
                    yield b"".join(part)
                    part = []
            if predicate in read:
                part.append(line[: -len(suffix)] + b" .\n")
    yield b"".join(part)
