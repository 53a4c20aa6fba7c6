"""Make the index of names of a store: the engine answers in this process, and another puts the answers in order."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen

import pyoxigraph as ox

from loader.catalogue import query
from loader.errors import BuildError
from loader.textindex.imported import GROWING
from loader.textindex.writing import QUERIES

_TOGETHER = 2
_FIRST = 2


@contextmanager
def indexing(
    store: ox.Store,
    target: Path,
    merged: bool = True,
    kept: Sequence[Path] = (),
    rest: ox.Store | None = None,
) -> Iterator[None]:
    """Write the index of what ``store`` holds to ``target`` while the block runs; it is there when the block has ended.

    The queries are answered two at a time into temporary files next to ``target``; the block begins when the first are
    answered. With ``merged`` the default graph of the store holds everything; otherwise the named graphs are seen
    together. The rows that large imports bring are in the folders ``kept``; ``rest`` then is all but those imports, in
    its default graph. Raises BuildError when the index cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix=".rows", dir=target.parent) as folder:
        command = [
            sys.executable,
            "-m",
            "loader.textindex.answered",
            folder,
            str(target),
            *map(str, kept),
        ]
        with (
            Popen(command, stdin=PIPE, stderr=PIPE, text=True) as process,  # noqa: S603 - our own module
            ThreadPoolExecutor(_TOGETHER) as pool,
        ):
            try:
                of = dict.fromkeys(QUERIES, store) | dict.fromkeys(GROWING, rest or store)
                ask = partial(_answer, Path(folder), process, merged)
                asked = [pool.submit(ask, of[name], name) for name in QUERIES]
                wait(asked[:_FIRST])
                yield
                for each in asked:
                    each.result()
            except BaseException:
                process.kill()
                pool.shutdown(cancel_futures=True)
                raise
            _, said = process.communicate()
    if process.returncode:
        reason = said.strip().rpartition("\n")[2]
        remedy = " Remove the folder cache/surveys and build again." if kept else ""
        raise BuildError(f"The index of names could not be written: {reason}.{remedy}")


def _answer(folder: Path, process: Popen[str], merged: bool, store: ox.Store, name: str) -> None:
    """Answer a query of the index, and tell the process that writes it; if that has failed, it says so at its end."""
    asked = query(name, "index")
    text = asked.bind() if asked.parameters else asked.text
    found = store.query(text, use_default_graph_as_union=not merged)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - the queries are our own
    try:
        found.serialize(output=str(folder / f"{name}.csv"), format=ox.QueryResultsFormat.CSV)
    finally:
        del (
            found
        )  # an error keeps what the function holds, and this must go in the thread that made it
    with suppress(BrokenPipeError):
        os.write(process.stdin.fileno(), f"{name}\n".encode())  # type: ignore[union-attr]


def main() -> None:
    """Write the index of the build in the folder of the first argument to the file of the second."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    manifest = folder / "manifest.json"
    facts = json.loads(manifest.read_text("utf-8")) if manifest.exists() else {}
    store = ox.Store.read_only(str(folder / "store"))
    with indexing(store, target, facts.get("defaultGraph", "union") == "merged"):
        pass
