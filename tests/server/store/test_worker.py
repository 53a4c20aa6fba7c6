import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from server.store import worker

FORMATS = {
    "select": "application/sparql-results+json",
    "ask": "application/sparql-results+json",
    "graph": "text/turtle",
}


@pytest.fixture(scope="module")
def graph() -> ox.Store:
    store = ox.Store()
    store.load(
        b"PREFIX : <http://example.org/> :g { :a :p :b } :h { :a :q :c }", format=ox.RdfFormat.TRIG
    )
    return store


def ask(store: ox.Store, query: str, limit: int = 10_000, **more: Any) -> bytes:
    request = {"query": query, "formats": FORMATS, "union": True, **more}
    return b"".join(worker.evaluate(store, request, limit))


def error(reply: bytes) -> dict[str, str]:
    assert reply[:1] == worker.Reply.ERROR
    found: dict[str, str] = json.loads(reply[1:])
    return found


def test_each_kind_of_result_is_marked(graph: ox.Store) -> None:
    assert ask(graph, "ASK {}") == b'a{"head":{},"boolean":true}'
    assert ask(graph, "SELECT * {}")[:1] == worker.Reply.SELECT
    assert ask(graph, "CONSTRUCT WHERE { ?s ?p ?o }")[:1] == worker.Reply.GRAPH


def test_turtle_uses_the_prefixes_of_the_query(graph: ox.Store) -> None:
    reply = ask(
        graph, "CONSTRUCT WHERE { ?s ?p ?o }", prefixes={"e": "http://example.org/"}
    ).decode()
    assert "e:a e:" in reply


def test_the_union_is_the_default_graph_only_when_asked(graph: ox.Store) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert b'"2"' in ask(graph, query)
    assert b'"0"' in ask(graph, query, union=False)


def test_a_dataset_can_be_given(graph: ox.Store) -> None:
    query = "SELECT ?p ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    reply = ask(
        graph,
        query,
        default_graphs=["http://example.org/g"],
        named_graphs=["http://example.org/h"],
    )
    rows = json.loads(reply[1:])["results"]["bindings"]
    assert {(row["p"]["value"][-1], "g" in row) for row in rows} == {("p", False), ("q", True)}


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT", "syntax"),
        ("SELECT (<http://x/f>(1) AS ?x) {}", "evaluation"),
        ("SELECT * { VALUES ?x { " + "1 " * 2000 + "} }", "too-large"),
        ("SELECT ('\ud800' AS ?x) {}", "evaluation"),
    ],
)
def test_failures_are_replies(graph: ox.Store, query: str, kind: str) -> None:
    assert error(ask(graph, query))["kind"] == kind


def test_nothing_acceptable_is_a_reply(graph: ox.Store) -> None:
    formats = {**FORMATS, "graph": None}
    reply = ask(graph, "CONSTRUCT WHERE { ?s ?p ?o }", formats=formats)
    assert error(reply) == {"kind": "not-acceptable", "message": "graph"}


def test_frames_survive_the_pipe() -> None:
    stream = io.BytesIO()
    worker.write_frame(stream, b"one", b"", b"two")
    worker.write_frame(stream)
    stream.seek(0)
    assert [worker.read_frame(stream) for _ in range(3)] == [b"onetwo", b"", None]


def test_requests_are_answered_until_they_end(graph: ox.Store) -> None:
    requests, replies = io.BytesIO(), io.BytesIO()
    for query in ("ASK {}", "SELECT"):
        request = {"query": query, "formats": FORMATS, "union": True, "seconds": 30}
        worker.write_frame(requests, json.dumps(request).encode())
    requests.seek(0)
    worker.serve(graph, requests, replies, 1000)
    replies.seek(0)
    first, second, end = (worker.read_frame(replies) for _ in range(3))
    assert (first or b"")[:1] == worker.Reply.ASK
    assert error(second or b"")["kind"] == "syntax"
    assert end is None


def test_a_store_that_is_not_there_is_a_reply(tmp_path: Path) -> None:
    store, reply = worker.open_store(str(tmp_path / "none"))
    assert store is None
    assert error(b"".join(reply))["kind"] == "open"


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is for Linux")
def test_a_worker_has_no_network() -> None:
    """Run in a process of its own: the filter cannot be taken off again."""
    program = (
        "import runpy, socket, sys; worker = runpy.run_path(sys.argv[1]);"
        "print(worker['close_network']());\n"
        "try: socket.socket()\nexcept PermissionError: print('refused')"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, worker.__file__], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["True", "refused"]


def test_a_worker_imports_nothing_of_the_project_or_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the working directory is on the path')")
    arguments = json.dumps({"path": str(tmp_path), "memory_bytes": 1, "result_bytes": 1})
    run = subprocess.run(
        [sys.executable, "-I", worker.__file__, arguments],
        cwd=tmp_path,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=True,
    )
    assert error(run.stdout[worker.HEADER.size :])["kind"] == "open"
