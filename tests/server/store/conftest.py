"""A tiny build with two graphs that share a triple, and stores over it with short limits."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.store.embedded import EmbeddedStore
from server.store.limits import Limits

DATA = """
PREFIX : <http://example.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
GRAPH :one { :a :name "Ash"@en ; :since "2022-07-01"^^xsd:date ; :size 7 . :a :knows :b . }
GRAPH :two { :a :knows :b . :b :name "Birch" . :b :part [ :name "Twig" ] . }
"""
MakeBuild = Callable[..., Path]


@pytest.fixture(scope="session")
def make_build() -> MakeBuild:
    """Write a build directory from TriG text."""

    def make(path: Path, data: str = DATA, **manifest: str) -> Path:
        path.mkdir(parents=True)
        store = ox.Store(str(path / "store"))
        store.bulk_load(data.encode(), format=ox.RdfFormat.TRIG)
        store.flush()
        if manifest:
            (path / "manifest.json").write_text(json.dumps(manifest))
        return path

    return make


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory, make_build: MakeBuild) -> Path:
    """One build for all tests that only read."""
    return make_build(tmp_path_factory.mktemp("builds") / "v1", version="v1")


@pytest.fixture(scope="session")
def limits() -> Limits:
    """Limits short enough for tests of what happens beyond them."""
    return Limits(
        workers=2,
        reserved=1,
        aside=2,
        seconds=0.6,
        patience=0.15,
        queue=5,
        memory_bytes=256 << 20,
        result_bytes=100_000,
        query_bytes=100_000,
    )


@pytest.fixture(scope="session")
def store(build: Path, limits: Limits) -> Iterator[EmbeddedStore]:
    """One store for all tests that leave it as it was."""
    with EmbeddedStore(build, limits) as opened:
        yield opened
