"""Writes: what they do, what they refuse, and that none is lost or half done when a process is killed."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.terms import GRAPH
from server.errors import Forbidden, QueryProblem, QuerySyntax
from server.store.embedded import EmbeddedStore
from server.store.limits import Limits
from server.store.updates import UNNAMED, Using, read_update
from server.store.writes import Writes, Written

LIMITS = Limits(workers=1, reserved=0, strangers=1)
REGISTER = f"{GRAPH}law/powers"
DATA = f"GRAPH <{REGISTER}> {{ <a:a> <a:p> 1 }} <a:a> <a:p> 1 ."


@pytest.fixture
def home(tmp_path: Path, make_build) -> Path:
    """A data folder with a merged build of one register."""
    make_build(
        tmp_path / "builds" / "v1", DATA, version="v1", defaultGraph="merged", made="2026-01-01"
    )
    (tmp_path / "current").symlink_to("builds/v1")
    return tmp_path


@pytest.fixture
def writes(home: Path) -> Iterator[Writes]:
    side = Writes(home)
    yield side
    side.close()


def update(writes: Writes, text: str) -> Written:
    return writes.update(text, read_update(text, Using(), size=100_000, depth=50))


def rows(home: Path, query: str) -> list[str]:
    with EmbeddedStore(home / "current", LIMITS) as store:
        return store.query(query, accept="text/csv").body.decode().split()[1:]


def test_a_write_is_a_version_that_readers_see(home: Path, writes: Writes) -> None:
    written = update(writes, "INSERT DATA { <a:b> <a:p> 2 . GRAPH <g:1> { <a:c> <a:p> 3 } }")
    assert (
        json.loads((home / "current" / "manifest.json").read_text())["version"] == written.version
    )
    assert rows(home, "SELECT ?o { ?s <a:p> ?o } ORDER BY ?o") == ["1", "2", "3"]
    assert rows(home, f"SELECT ?o {{ GRAPH <{UNNAMED}> {{ ?s <a:p> ?o }} }}") == ["2"]
    assert (home / "builds" / "v1").is_dir()  # the version before is kept


def test_the_default_graph_stays_the_union(home: Path, writes: Writes) -> None:
    writes.put("g:1", "<a:a> <a:p> <a:x> .\n<a:b> <a:p> <a:x> .\n", replace=False)
    writes.put("g:2", "<a:b> <a:p> <a:x> .\n", replace=False)
    query = "SELECT ?s { ?s <a:p> <a:x> } ORDER BY ?s"
    assert rows(home, query) == ["a:a", "a:b"]
    assert writes.delete("g:1").existed
    assert rows(home, query) == ["a:b"]  # g:2 still states it
    writes.put("g:2", "<a:c> <a:p> <a:x> .\n", replace=True)
    assert rows(home, query) == ["a:c"]


def test_a_later_operation_sees_what_an_earlier_one_wrote(home: Path, writes: Writes) -> None:
    text = (
        "INSERT DATA { GRAPH <g:1> { <a:n> <a:q> 1 } } ; INSERT { ?s <a:q> 2 } WHERE { ?s <a:q> 1 }"
    )
    update(writes, text)
    assert rows(home, "SELECT ?o { <a:n> <a:q> ?o } ORDER BY ?o") == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (f"CLEAR GRAPH <{REGISTER}>", Forbidden),
        ("DROP ALL", Forbidden),
        (f"INSERT DATA {{ GRAPH <{GRAPH}derived> {{ <a:a> <a:b> 1 }} }}", Forbidden),
        ("DROP GRAPH <g:none>", QueryProblem),
        ("INSERT DATA { GRAPH <g:1> { <a:a> <a:b> 1 } } ; DROP GRAPH <g:none>", QueryProblem),
        ("INSERT DATA { GRAPH <g:1> { <a:a> <a:b> } }", QuerySyntax),
        ("INSERT DATA { GRAPH <g:1> { <a:a> <a:b> 1 } } ; INSERT DATA { <a:a> }", QuerySyntax),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    home: Path, writes: Writes, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        update(writes, text)
    assert (home / "current").resolve().name == "v1"
    update(writes, "INSERT DATA { GRAPH <g:2> { <a:a> <a:after> 1 } }")
    assert rows(home, "SELECT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g") == ["g:2", REGISTER]


def test_writes_that_arrive_together_share_a_version(home: Path, writes: Writes) -> None:
    texts = [f"INSERT DATA {{ <a:n{n}> <a:t> {n} }}" for n in range(20)]
    threads = [threading.Thread(target=update, args=(writes, text)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(home, "SELECT (COUNT(*) AS ?n) { ?s <a:t> ?o }") == ["20"]
    assert len(list((home / "builds").iterdir())) < 21


def test_the_written_is_kept_for_the_next_build_from_files(home: Path, writes: Writes) -> None:
    update(writes, "INSERT DATA { <a:b> <a:p> <a:c> }")
    kept = (home / "imports" / "written.nq").read_text()
    assert kept == f"<a:b> <a:p> <a:c> <{UNNAMED}> .\n"


def test_another_build_that_comes_into_service_is_followed(
    home: Path, writes: Writes, make_build
) -> None:
    update(writes, "INSERT DATA { <a:b> <a:p> 2 }")
    make_build(
        home / "builds" / "v2", "<a:z> <a:p> 9 .", version="v2", defaultGraph="merged", made="x"
    )
    (home / "next").symlink_to("builds/v2")
    (home / "next").replace(home / "current")
    update(writes, "INSERT DATA { <a:b> <a:p> 3 }")
    assert rows(home, "SELECT ?o { ?s <a:p> ?o } ORDER BY ?o") == ["3", "9"]


def test_a_writer_killed_at_any_moment_loses_nothing(home: Path, writes: Writes) -> None:
    """One hundred writes while the writer is killed again and again: each is there, and whole."""
    update(writes, "INSERT DATA { <a:start> <a:p> 0 }")
    over = threading.Event()

    def killer() -> None:
        for delay in (0.003, 0.011, 0.02, 0.007, 0.05) * 4:
            if over.wait(0.3 + delay):
                return
            if (process := writes._process) is not None:
                os.kill(process.pid, signal.SIGKILL)

    thread = threading.Thread(target=killer)
    thread.start()
    for n in range(100):
        update(
            writes,
            f"INSERT DATA {{ GRAPH <g:1> {{ <a:n{n}> <a:one> {n} }} GRAPH <g:2> {{ <a:n{n}> <a:two> {n} }} }}",
        )
    over.set()
    thread.join()
    assert rows(home, "SELECT (COUNT(*) AS ?n) { ?s <a:one> ?o ; <a:two> ?o }") == ["100"]
    assert rows(home, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s <a:one>|<a:two> ?o } }") == ["200"]


def test_clear_named_leaves_what_names_no_graph(tmp_path: Path, make_build) -> None:
    make_build(tmp_path / "b", "", version="b", defaultGraph="merged", made="2026-01-01")
    (tmp_path / "builds").mkdir()
    (tmp_path / "b").rename(tmp_path / "builds" / "b")
    (tmp_path / "current").symlink_to("builds/b")
    side = Writes(tmp_path)
    update(side, "INSERT DATA { <a:x> <a:p> 1 . GRAPH <g:1> { <a:y> <a:p> 2 } }")
    for verb in ("CLEAR NAMED", "DROP NAMED"):
        update(side, verb)
        assert rows(tmp_path, "SELECT ?o { ?s <a:p> ?o }") == ["1"]
    side.close()


def test_a_blank_node_label_stands_in_one_insert_data_only(writes: Writes) -> None:
    with pytest.raises(QuerySyntax, match="_:b"):
        update(writes, "INSERT DATA { _:b <a:p> 1 } ; INSERT DATA { _:b <a:p> 2 }")
    update(writes, "INSERT DATA { _:b <a:p> 1 . GRAPH <g:1> { _:b <a:p> 2 } }")
