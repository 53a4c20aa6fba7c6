"""What tests of servers share: a small build for a server in its own process, and an endpoint to stand behind one."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from far import Far


@pytest.fixture
def far() -> Iterator[Far]:
    """A small endpoint in this process, which fails as it is told."""
    server = Far()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.ending.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def make_home() -> Callable[[Path], Path]:
    """Put a small build of 3,000 statements into service in a folder; returns the folder."""

    def make(folder: Path) -> Path:
        build = folder / "builds" / "v1"
        build.mkdir(parents=True)
        store = ox.Store(str(build / "store"))
        triples = "".join(f"<a:s{n}> <a:p{n % 7}> {n} ." for n in range(3000))
        store.load(f"{triples} GRAPH <a:g> {{ {triples} }}".encode(), ox.RdfFormat.TRIG)
        store.flush()
        facts = {"version": "v1", "defaultGraph": "merged", "triples": 3000, "made": "2026-01-01"}
        (build / "manifest.json").write_text(json.dumps(facts))
        (folder / "current").symlink_to("builds/v1")
        return folder

    return make


@pytest.fixture
def small_home(make_home: Callable[[Path], Path], tmp_path: Path) -> Path:
    """A data folder with a small build in service."""
    return make_home(tmp_path)
