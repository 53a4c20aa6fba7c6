"""SERVICE, LOAD and FROM towards an allowed host, and how they are refused elsewhere."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from server import create_app
from server.auth import new_token
from server.errors import QueryRefused
from server.settings import Settings
from server.store.guard import tokens
from server.store.services import clauses, values

HERE = "<a:ann> <a:knows> <a:bob> . <a:cat> <a:knows> <a:dan> ."
THERE = (
    '<a:bob> <a:age> 7 ; <a:note> "a \\"quoted\\" \\n line"@en . <a:dan> <a:age> 9 . [] <a:age> 1 .'
)


def home(folder: Path, triples: str) -> Path:
    build = folder / "builds" / "v1"
    build.mkdir(parents=True)
    store = ox.Store(str(build / "store"))
    store.load(f"GRAPH <a:graph> {{ {triples} }} {triples}".encode(), ox.RdfFormat.TRIG)
    store.flush()
    facts = {"version": "v1", "defaultGraph": "merged", "triples": 1, "made": "2026-01-01"}
    (build / "manifest.json").write_text(json.dumps(facts))
    (folder / "current").symlink_to("builds/v1")
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Another server of ours; gives its host and port."""
    folder = home(tmp_path_factory.mktemp("other"), THERE)
    app = create_app(Settings(home=folder, workers=1))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield f"localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    app.extensions["remit"].close()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, other: str) -> Iterator[FlaskClient]:
    folder = home(tmp_path_factory.mktemp("here"), HERE)
    token, line = new_token("ann", ["update"])
    (folder / "tokens").write_text(line)
    hosts = frozenset({other, "localhost:1", "private.test"})
    app = create_app(
        Settings(
            home=folder,
            tokens=folder / "tokens",
            workers=1,
            allow_hosts=hosts,
            allow_loopback=True,
        )
    )
    found = app.test_client()
    found.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    yield found
    app.extensions["remit"].close()


def rows(client: FlaskClient, query: str) -> list[str]:
    answer = client.get(
        "/sparql", query_string={"query": query}, headers={"Accept": "text/tab-separated-values"}
    )
    assert answer.status_code == 200, answer.text
    return answer.text.splitlines()[1:]


def test_the_answer_is_joined_where_the_clause_stood(client: FlaskClient, other: str) -> None:
    query = (
        f"PREFIX a: <a:> SELECT ?who ?age {{ ?who a:knows ?friend "
        f"SERVICE <http://{other}/sparql> {{ ?friend a:age ?age }} FILTER(?age > 8) }}"
    )
    assert rows(client, query) == ["<a:cat>\t9"]
    optional = (
        f"SELECT ?who ?note {{ ?who <a:knows> ?friend OPTIONAL {{ SERVICE SILENT "
        f"<http://{other}/sparql> {{ ?friend <a:note> ?note }} }} }} ORDER BY ?who"
    )
    assert rows(client, optional) == ['<a:ann>\t"a \\"quoted\\" \\n line"@en', "<a:cat>\t"]


def test_blank_nodes_of_the_other_side_become_iris(client: FlaskClient, other: str) -> None:
    query = f"SELECT ?x {{ SERVICE <http://{other}/sparql> {{ ?x <a:age> 1 }} }}"
    assert "/.well-known/genid/" in rows(client, query)[0]


def test_an_endpoint_that_fails_is_told_unless_silent(client: FlaskClient) -> None:
    query = (
        "SELECT ?who {{ ?who <a:knows> ?x SERVICE {0} <http://localhost:1/sparql> {{ ?x ?p ?o }} }}"
    )
    answer = client.get("/sparql", query_string={"query": query.format("")})
    assert (answer.status_code, answer.mimetype) == (502, "application/problem+json")
    assert len(rows(client, query.format("SILENT"))) == 2


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://other.test/sparql> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://other.test/sparql> { ?s ?p ?o } }",
        "SELECT * { ?x ?p ?o SERVICE ?x { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://OTHER/sparql> { SERVICE <http://OTHER/sparql> { ?s ?p ?o } } }",
        "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
        "SELECT * { FILTER(1<2)SERVICE<http://other.test/>{?s ?p ?o} }",
        "SELECT * FROM <http://other.test/data.ttl> { ?s ?p ?o }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * { SERVICE:x{ ?s ?p ?o } }",
    ],
)
def test_what_is_not_allowed_is_refused_even_silently(client, other: str, query: str) -> None:
    answer = client.get("/sparql", query_string={"query": query.replace("OTHER", other)})
    assert (answer.status_code, answer.json["type"].rpartition("/")[2]) == (400, "query-refused")


def test_a_graph_of_an_allowed_host_can_be_asked(client: FlaskClient, other: str) -> None:
    graph = f"http://{other}/data?graph={quote('a:graph')}"
    query = f"SELECT (COUNT(*) AS ?n) FROM <{graph}> {{ ?s <a:age> ?o }}"
    assert rows(client, query) == ["3"]
    both = f"SELECT ?a FROM <{graph}> FROM <a:graph> {{ <a:ann> <a:knows> ?b . ?b <a:age> ?a }}"
    assert rows(client, both) == ["7"]
    named = f"SELECT ?g FROM NAMED <{graph}> {{ GRAPH ?g {{ <a:bob> <a:age> 7 }} }}"
    assert rows(client, named) == [f"<{graph}>"]


def test_a_document_of_an_allowed_host_can_be_loaded(client: FlaskClient, other: str) -> None:
    source = f"http://{other}/data?graph={quote('a:graph')}"
    text = f"LOAD <{source}> INTO GRAPH <a:loaded> ; LOAD SILENT <http://localhost:1/x>"
    assert client.post("/update", data={"update": text}).status_code == 200
    assert rows(client, "SELECT (COUNT(*) AS ?n) { GRAPH <a:loaded> { ?s <a:age> ?o } }") == ["3"]
    for refused in ("http://other.test/x", "file:///etc/passwd"):
        answer = client.post("/update", data={"update": f"LOAD SILENT <{refused}>"})
        assert answer.status_code == 400
    failed = client.post("/update", data={"update": "LOAD <http://localhost:1/x>"})
    assert failed.status_code == 502
    wrong = client.post("/update", data={"update": f"LOAD <http://{other}/openapi.json>"})
    assert wrong.status_code == 502


def test_results_become_values() -> None:
    cells = {
        "u": {"type": "uri", "value": "a:x"},
        "l": {"type": "literal", "value": 'a "b"\\\n', "xml:lang": "en-GB"},
        "d": {"type": "literal", "value": "1", "datatype": "a:int"},
    }
    answer = {"head": {"vars": ["u", "l", "d", "n"]}, "results": {"bindings": [cells]}}
    text = values(answer)
    assert (
        text == 'VALUES (?u ?l ?d ?n) { (<a:x> "a \\"b\\"\\\\\\u000A"@en-GB "1"^^<a:int> UNDEF) }'
    )
    assert len(list(ox.Store().query(f"SELECT * {{ {text} }}"))) == 1
    assert values({"head": {"vars": []}, "results": {"bindings": [{}]}}) == "VALUES () { () }"


@pytest.mark.parametrize(
    "answer",
    [
        {"boolean": True},
        [],
        {"head": {"vars": ["x) {} #"]}, "results": {"bindings": []}},
        {
            "head": {"vars": ["x"]},
            "results": {"bindings": [{"x": {"type": "uri", "value": "a:> ?"}}]},
        },
        {
            "head": {"vars": ["x"]},
            "results": {"bindings": [{"x": {"type": "triple", "value": {}}}]},
        },
        {
            "head": {"vars": ["x"]},
            "results": {"bindings": [{"x": {"type": "literal", "value": "a", "xml:lang": "e n"}}]},
        },
    ],
)
def test_results_that_could_break_out_are_not_taken(answer: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        values(answer)


def test_the_word_in_strings_comments_and_names_is_no_clause() -> None:
    query = '# SERVICE <a:x> {}\nSELECT ?service { ?service a:service "SERVICE <a:x> { }" }'
    assert clauses(query, list(tokens(query))) == []
    with pytest.raises(QueryRefused):
        clauses("SERVICE <a:x> { ", list(tokens("SERVICE <a:x> { ")))
