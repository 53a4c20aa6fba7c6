"""While a large store waits for a new index, search reads the one of the build that was written to, and says so."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.answers import index_meanwhile
from server.answers.index import Index, index
from server.answers.organisations import organisations
from server.answers.search import search, suggest
from server.errors import StoreUnavailable
from server.store.embedded import EmbeddedStore
from server.store.protocol import Store
from server.store.writes import Writes

GRAPH = "https://w3id.org/remit/id/graph/state/names"
NEW = "<https://w3id.org/remit/id/organisation/ZZ9>"
NAMED = (
    f"{NEW} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/remit/def/Organisation> .\n"
    f'{NEW} <http://www.w3.org/2000/01/rdf-schema#label> "Zebedee Care" .\n'
)


@pytest.fixture(scope="module")
def written(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A store to which an organisation was written after its build."""
    folder = tmp_path_factory.mktemp("meanwhile")
    build = (home / "current").resolve()
    (folder / "builds").mkdir()
    shutil.copytree(build, folder / "builds" / build.name)
    (folder / "current").symlink_to(f"builds/{build.name}")
    writes = Writes(folder)
    try:
        writes.put(GRAPH, NAMED, replace=False)
    finally:
        writes.close()
    with EmbeddedStore(folder / "current") as opened:
        yield opened


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_meanwhile, "LARGE", 10)
    monkeypatch.setattr(index_meanwhile, "PATIENCE", 0.01)
    index_meanwhile._ready.clear()


def test_the_older_index_serves_until_the_new_one_is_made(
    written: EmbeddedStore, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slowly(store: Store) -> Index:
        assert go_on.wait(60)
        return index(store)

    monkeypatch.setattr(index_meanwhile, "index", slowly)
    answer = search(written, "North Bristol")
    assert answer["indexOf"] == written.build.base
    assert answer["total"] > 0
    assert search(written, "Zebedee")["total"] == 0
    assert suggest(written, "North Bris")["suggestions"]
    listed = organisations(written, "North Bristol", as_of="2023-05-01")
    assert listed["indexOf"] == written.build.base
    assert listed["total"] > 0
    go_on.set()
    assert index_meanwhile._ready[written.version][0].wait(60)
    answer = search(written, "Zebedee")
    assert answer["results"][0]["label"] == "Zebedee Care"
    assert "indexOf" not in answer
    assert "indexOf" not in organisations(written, "North Bristol", as_of="2023-05-01")


def test_an_index_that_cannot_be_made_is_an_error_as_before(
    written: EmbeddedStore, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_at_all(_: Store) -> Index:
        raise StoreUnavailable("no room")

    monkeypatch.setattr(index_meanwhile, "PATIENCE", 60)
    monkeypatch.setattr(index_meanwhile, "index", not_at_all)
    with pytest.raises(StoreUnavailable, match="no room"):
        search(written, "Zebedee")


def test_a_small_store_waits(written: EmbeddedStore) -> None:
    index_meanwhile._ready.clear()
    assert search(written, "Zebedee")["results"][0]["label"] == "Zebedee Care"
    assert not index_meanwhile._ready
