"""Where the index of names of a store is: with its build, shared with the one it was written after, or made."""

import json
import os
import shutil
import time

import pytest

from loader.catalogue import query
from loader.textindex import FILE, is_index
from server.answers import index_file
from server.answers.index import Index, index
from server.answers.index_reader import Reader
from server.errors import QueryTimedOut, ResultTooLarge, StoreUnavailable
from server.store.embedded import EmbeddedStore
from server.store.writes import Writes

NAMES = "https://w3id.org/remit/id/graph/state/names"
FACTS = "https://w3id.org/remit/id/graph/state/facts"
SHORT = '<urn:x:plain> <urn:x:says> "nothing" .'
NEW = "<https://w3id.org/remit/id/organisation/ZZ9>"
NAMED = (
    f"{NEW} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/remit/def/Organisation> .\n"
    f'{NEW} <http://www.w3.org/2000/01/rdf-schema#label> "Zebedee Care" .\n'
)


class Remote:
    """A store behind an endpoint: answers as another does, but no more than some rows at once."""

    def __init__(self, inner, most, fault=ResultTooLarge):
        self.inner, self.most, self.fault, self.asked = inner, most, fault, 0
        self.version = f"remote-{most}-{fault.__name__}"

    def select(self, text):
        self.asked += 1
        rows = self.inner.select(text)
        if len(rows) > self.most:
            raise self.fault(1)
        return rows


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("REMIT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def copy(home, tmp_path):
    """A data folder with a copy of the build in service."""
    build = (home / "current").resolve()
    (tmp_path / "builds").mkdir()
    shutil.copytree(build, tmp_path / "builds" / build.name)
    (tmp_path / "current").symlink_to(f"builds/{build.name}")
    return tmp_path


def known(path):
    with_label = Reader(path)
    return with_label.rows(
        "SELECT iri, kind, label, code, context, start_day, end_day FROM thing ORDER BY iri"
    )


def test_the_index_of_a_build_is_read_where_it_is(store):
    assert index_file.of_build(store.build) == store.build.path / FILE


@pytest.mark.parametrize("fault", [ResultTooLarge, QueryTimedOut])
def test_a_remote_store_is_asked_part_by_part(store, own_home, fault):
    remote = Remote(store, 2_000 if fault is QueryTimedOut else 100_000, fault)
    if fault is QueryTimedOut:
        remote.most = max(remote.most, 13_500)  # the registers’ texts are asked for whole
    path = index_file.of_remote(remote)
    assert path.is_relative_to(own_home / "cache")
    assert known(path) == known(store.build.path / FILE)
    asked = remote.asked
    assert index_file.of_remote(remote) == path
    assert remote.asked == asked


def test_organisations_are_asked_for_in_shards_where_they_are_too_many(store):
    class Few(Remote):
        def select(self, text):
            return super().select(text) if "hasName" in text else self.inner.select(text)

    few = Few(store, 100)
    rows = index_file._rows(few)
    found = sorted(tuple(row) for row in rows(query("names", "index")))
    assert few.asked > 16
    whole = index_file._rows(store)
    assert found == sorted(tuple(row) for row in whole(query("names", "index")))


def test_a_query_that_cannot_be_parted_fails(store, own_home):
    class Mute(Remote):
        def select(self, text):
            if "remit:RegisterGraph" in text:
                raise ResultTooLarge(1)
            return []

    with pytest.raises(ResultTooLarge):
        index_file.of_remote(Mute(store, 1))
    assert not list((own_home / "cache" / "names").glob("*.sqlite"))


def test_the_index_of_a_remote_store_is_made_again_after_a_day(store, own_home):
    remote = Remote(store, 1_000_000)
    path = index_file.of_remote(remote)
    asked, old = remote.asked, time.time() - 90_000
    os.utime(path, (old, old))
    assert index_file.of_remote(remote) == path
    assert remote.asked > asked


def test_a_build_without_an_index_gets_one_in_the_cache(copy, store):
    (copy / "current" / FILE).unlink()
    with EmbeddedStore(copy / "current") as opened:
        path = index_file.of_build(opened.build)
        assert path.parent == copy / "cache" / "names"
        assert known(path) == known(store.build.path / FILE)


def test_a_build_that_cannot_be_read_is_a_store_that_is_unavailable(copy):
    (copy / "current" / FILE).unlink()
    with EmbeddedStore(copy / "current") as opened:
        shutil.rmtree(opened.build.path / "store")
        with pytest.raises(StoreUnavailable, match="cannot be made"):
            index_file.of_build(opened.build)


def test_only_the_latest_files_are_kept(own_home, store):
    folder = own_home / "cache" / "names"
    folder.mkdir(parents=True)
    for number in range(20):
        (folder / f"old{number}.sqlite").write_bytes(b"")
        os.utime(folder / f"old{number}.sqlite", (number, number))
    path = index_file.of_remote(Remote(store, 1_000_000))
    assert path.exists()
    assert len(list(folder.glob("*.sqlite"))) == 8


def test_a_write_that_names_nothing_shares_the_index_and_one_that_does_gets_its_own(copy):
    base = (copy / "current").resolve()
    writes = Writes(copy)
    try:
        writes.put(FACTS, SHORT, replace=False)
        with EmbeddedStore(copy / "current") as opened:
            assert opened.build.written
            assert index_file.of_build(opened.build) == base / FILE
        writes.put(NAMES, NAMED, replace=False)
        with EmbeddedStore(copy / "current") as opened:
            path = index_file.of_build(opened.build)
            assert path.parent == copy / "cache" / "names"
            assert Index(Reader(path)).holds("https://w3id.org/remit/id/organisation/ZZ9")
            assert (
                index(opened).entry("https://w3id.org/remit/id/organisation/ZZ9").label
                == "Zebedee Care"
            )
    finally:
        writes.close()
    assert is_index(path)
    assert json.loads((copy / "current" / "manifest.json").read_text("utf-8"))["changed"]
