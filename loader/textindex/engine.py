"""The rows of the index’s queries straight from the store of a build, through a file on disk rather than memory."""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from loader.catalogue import Query
from loader.textindex.writing import Row, Rows, write_index


def engine_rows(store: ox.Store, folder: Path, merged: bool = True) -> Rows:
    """Return how to read the rows of a query from ``store``, by way of temporary files in ``folder``.

    With ``merged`` the default graph of the store holds everything; otherwise the named graphs are seen together.
    """

    def rows(query: Query) -> Iterator[Row]:
        text = query.bind() if query.parameters else query.text
        with tempfile.TemporaryFile(dir=folder) as file:
            found = store.query(text, use_default_graph_as_union=not merged)
            assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - the queries are our own
            found.serialize(output=file, format=ox.QueryResultsFormat.CSV)
            file.seek(0)
            with io.TextIOWrapper(file, encoding="utf-8", newline="") as lines:
                read = csv.reader(lines)
                next(read)
                yield from read

    return rows


def main() -> None:
    """Write the index of the build in the folder of the first argument to the file of the second."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    manifest = folder / "manifest.json"
    facts = json.loads(manifest.read_text("utf-8")) if manifest.exists() else {}
    store = ox.Store.read_only(str(folder / "store"))
    merged = facts.get("defaultGraph", "union") == "merged"
    write_index(target, engine_rows(store, target.parent, merged))
