"""The SPARQL 1.1 Protocol, over a tiny store."""

import json
from collections.abc import Iterator
from types import SimpleNamespace

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import DictLoader
from oxrdflib._converter import from_ox
from rdflib import RDF, Graph, URIRef

from server import problems, sparql
from server.service_description import SD
from server.sparql_page import MOST_ROWS
from server.store.embedded import EmbeddedStore
from server.store.limits import Limits

DATA = b"PREFIX : <http://example.org/> GRAPH :one { :a :p :b } GRAPH :two { :a :q 'B'@en }"
JSON = "application/sparql-results+json"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGE = "{{ query }}|{{ (problem or {}).detail }}|{{ result | tojson if result }}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    path = tmp_path_factory.mktemp("build")
    data = ox.Store(str(path / "store"))
    data.load(DATA, format=ox.RdfFormat.TRIG)
    data.flush()
    (path / "manifest.json").write_text('{"version": "v9"}')
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"error.html": "{{ problem.detail }}", "sparql.html": PAGE})
    problems.register(app)
    app.register_blueprint(sparql.bp)
    with EmbeddedStore(path, Limits(workers=2, seconds=0.5)) as store:
        app.extensions["remit"] = SimpleNamespace(store=store)
        yield app.test_client()


def test_query_by_get(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }"})
    assert (answer.status_code, answer.content_type) == (200, JSON)
    assert answer.json == {"head": {}, "boolean": True}
    assert answer.headers["Remit-Data-Version"] == "v9"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "accept" in answer.vary.as_set()


def test_query_by_form(client: FlaskClient) -> None:
    answer = client.post("/sparql", data={"query": "ASK { ?s ?p ?o }"})
    assert answer.json == {"head": {}, "boolean": True}


@pytest.mark.parametrize(
    "media_type", ["application/sparql-query", "application/sparql-query; charset=UTF-8"]
)
def test_query_by_direct_post(client: FlaskClient, media_type: str) -> None:
    answer = client.post("/sparql", data="ASK { FILTER('é' = 'é') }", content_type=media_type)
    assert answer.json == {"head": {}, "boolean": True}


def test_head_answers_without_a_body(client: FlaskClient) -> None:
    answer = client.head("/sparql", query_string={"query": "ASK {}"})
    assert (answer.status_code, answer.content_type, answer.data) == (200, JSON, b"")


def test_options_allow_other_sites(client: FlaskClient) -> None:
    answer = client.options("/sparql")
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"default-graph-uri": "http://example.org/one"}, "true"),
        ({"default-graph-uri": "http://example.org/two"}, "false"),
        ({"default-graph-uri": ["http://example.org/two", "http://example.org/one"]}, "true"),
        ({"named-graph-uri": "http://example.org/one"}, "false"),
    ],
)
def test_the_dataset_is_chosen_in_each_way(
    client: FlaskClient, fields: dict[str, str], answer: str
) -> None:
    query, csv = "ASK { ?s <http://example.org/p> ?o }", {"Accept": "text/csv"}
    ways = [
        client.get("/sparql", query_string={"query": query, **fields}, headers=csv),
        client.post("/sparql", data={"query": query, **fields}, headers=csv),
        client.post(
            "/sparql",
            query_string=fields,
            data=query,
            content_type="application/sparql-query",
            headers=csv,
        ),
    ]
    assert [each.text for each in ways] == [answer] * 3
    assert ways[0].content_type == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("status", "arguments"),
    [
        (400, {"query_string": {"query": "SELECT * {"}}),
        (400, {"query_string": {"query": ["ASK {}", "ASK {}"]}}),
        (400, {"query_string": {"query": "ASK {}", "timeout": "soon"}}),
        (400, {"query_string": {"query": "ASK {}", "timeout": "-1"}}),
        (400, {"query_string": {"query": "ASK {}", "timeout": "inf"}}),
        (400, {"query_string": {"query": "ASK {}", "default-graph-uri": "file:///etc/passwd"}}),
        (400, {"query_string": {"update": "DROP ALL"}}),
        (400, {"query_string": "query=ASK%20%7B%7D%ff"}),
        (400, {"query_string": "&".join(["a=b"] * 2000)}),
        (400, {"query_string": {"query": "SELECT * { SERVICE <http://127.0.0.1> {} }"}}),
        (406, {"query_string": {"query": "ASK {}"}, "headers": {"Accept": "image/png"}}),
        (
            503,
            {
                "query_string": {
                    "query": "SELECT (COUNT(*) AS ?n) {"
                    + " ".join(f"VALUES ?v{i} {{ 1 2 3 4 5 6 7 8 9 10 }}" for i in range(14))
                    + "}",
                    "timeout": "0.05",
                }
            },
        ),
    ],
)
def test_what_cannot_be_answered_by_get_is_a_problem(
    client: FlaskClient, status: int, arguments: dict[str, object]
) -> None:
    answer = client.get("/sparql", **arguments)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("status", "data", "media_type"),
    [
        (415, b"ASK {}", None),
        (415, b"ASK {}", "text/plain"),
        (415, b"ASK {}", "application/sparql-query; charset=UTF-16"),
        (415, b"DROP ALL", "application/sparql-update"),
        (400, b"\xff\xfeA\x00", "application/sparql-query"),
        (400, b"", "application/sparql-query"),
        (400, b"other=1", "application/x-www-form-urlencoded"),
        (400, b"query=ASK{}&query=ASK{}", "application/x-www-form-urlencoded"),
        (400, b"query=\xff", "application/x-www-form-urlencoded"),
        (400, b"query=ASK{}&update=x", "application/x-www-form-urlencoded"),
        (413, b"#" * 1_100_000, "application/sparql-query"),
    ],
)
def test_what_cannot_be_answered_by_post_is_a_problem(
    client: FlaskClient, status: int, data: bytes, media_type: str | None
) -> None:
    answer = client.post("/sparql", data=data, content_type=media_type)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(client: FlaskClient, method: str) -> None:
    answer = client.open("/sparql", method=method)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("media_type", "format_"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_without_a_query_the_service_describes_itself(
    client: FlaskClient, media_type: str, format_: ox.RdfFormat
) -> None:
    answer = client.get("/sparql", headers={"Accept": media_type})
    assert answer.content_type == media_type
    graph = Graph()
    for triple in ox.parse(answer.data, format=format_):
        graph.add(tuple(from_ox(term) for term in triple.triple))  # type: ignore[arg-type]
    service = URIRef("http://localhost/sparql")
    assert (service, RDF.type, SD.Service) in graph
    assert (service, SD.endpoint, service) in graph
    assert set(graph.objects(None, SD.name)) == {
        URIRef("http://example.org/one"),
        URIRef("http://example.org/two"),
    }


def test_the_description_is_what_a_plain_client_gets(client: FlaskClient) -> None:
    assert client.get("/sparql").content_type == "text/turtle"


def test_a_client_of_results_is_asked_for_a_query(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers={"Accept": JSON})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["parameter"] == "query"


def test_a_browser_gets_the_editor(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers=BROWSER)
    assert (answer.content_type, answer.text) == ("text/html; charset=utf-8", "||")


def page(client: FlaskClient, query: str) -> tuple[int, str, dict[str, object]]:
    answer = client.get("/sparql", query_string={"query": query}, headers=BROWSER)
    assert answer.content_type == "text/html; charset=utf-8"
    shown, problem, result = answer.text.split("|")
    return answer.status_code, problem, json.loads(result or "{}") | {"query": shown}


def test_a_browser_sees_rows(client: FlaskClient) -> None:
    query = "SELECT ?s ?o ?x { ?s <http://example.org/q> ?o }"
    assert page(client, query)[2] == {
        "query": query.replace("<", "&lt;").replace(">", "&gt;"),
        "kind": "select",
        "variables": ["s", "o", "x"],
        "rows": [
            [
                {"text": "http://example.org/a", "href": "http://example.org/a"},
                {"text": "B", "lang": "en"},
                None,
            ]
        ],
        "total": 1,
        "shown": 1,
    }


def test_a_browser_is_told_when_not_all_rows_are_shown(client: FlaskClient) -> None:
    result = page(client, "SELECT * { VALUES ?x { " + "1 " * (MOST_ROWS + 5) + "} }")[2]
    assert (result["shown"], result["total"]) == (MOST_ROWS, MOST_ROWS + 5)
    assert isinstance(result["rows"], list)
    assert len(result["rows"]) == MOST_ROWS


def test_a_browser_sees_other_kinds_of_result(client: FlaskClient) -> None:
    assert page(client, "ASK {}")[2]["answer"] is True
    graph = page(client, "CONSTRUCT { <a:a> <a:b> 1 } {}")[2]
    assert (graph["kind"], graph["text"]) == ("graph", "<a:a> <a:b> 1 .\n")


def test_links_are_for_web_addresses_only(client: FlaskClient) -> None:
    rows = page(client, "SELECT ?x { VALUES ?x { <javascript:alert(1)> } }")[2]["rows"]
    assert rows == [[{"text": "javascript:alert(1)"}]]


def test_a_browser_keeps_the_query_when_it_fails(client: FlaskClient) -> None:
    status, problem, result = page(client, "SELECT * {")
    assert (status, result["query"]) == (400, "SELECT * {")
    assert "ends too early" in problem
