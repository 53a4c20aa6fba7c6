"""The remote store against a server that fails as it is told: tries, time limits, and forms of our queries."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from server.query_errors import QuerySyntax, QueryTimedOut, StoreUnavailable
from server.store.circuit import Circuit
from server.store.dialect import forms
from server.store.remote import RemoteStore

ROW = json.dumps(
    {
        "head": {"vars": ["x"]},
        "results": {
            "bindings": [
                {
                    "x": {
                        "type": "typed-literal",
                        "datatype": "http://www.w3.org/2001/XMLSchema#boolean",
                        "value": "1",
                    }
                }
            ]
        },
    }
)


class Far(HTTPServer):
    """Answers with the statuses of `script` in turn, then with one row; `asked` holds the queries."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.script: list[tuple[int, str]] = []
        self.asked: list[str] = []


class Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Far)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        server.asked.append(parse_qs(body)["query"][0])
        status, text = server.script.pop(0) if server.script else (200, ROW)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def far() -> Iterator[Far]:
    server = Far()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def over(server: Far, **options: object) -> RemoteStore:
    address = f"http://127.0.0.1:{server.server_port}/query"
    return RemoteStore(address, pause=0.001, **options)  # type: ignore[arg-type]


def test_a_call_that_failed_is_tried_again(far):
    far.script = [(503, ""), (502, "")]
    assert [str(row["x"]) for row in over(far).select("SELECT ?x {}")] == ["true"]
    assert len(far.asked) == 3


def test_an_endpoint_that_keeps_failing_is_left_alone(far):
    far.script = [(503, "")] * 9
    store = over(far, circuit=Circuit(3, 60))
    with pytest.raises(StoreUnavailable, match="tried 3 times"):
        store.select("SELECT ?x {}")
    with pytest.raises(StoreUnavailable, match="left alone") as caught:
        store.select("SELECT ?x {}")
    assert caught.value.headers["Retry-After"]
    assert len(far.asked) == 3


def test_an_endpoint_that_is_down_is_told_as_such(far):
    store = over(far)
    store._address = "http://127.0.0.1:9/query"
    with pytest.raises(StoreUnavailable, match="does not answer"):
        store.ask("ASK {}")


def test_a_time_out_and_a_refusal_are_not_tried_again(far):
    far.script = [(500, "Transaction timed out")]
    with pytest.raises(QueryTimedOut):
        over(far).select("SELECT ?x {}")
    far.script = [(400, "no such syntax")]
    with pytest.raises(QuerySyntax, match="no such syntax"):
        over(far).select("SELECT ?x {}")
    assert len(far.asked) == 2


def test_a_query_that_is_not_understood_is_asked_in_another_form(far):
    far.script = [(400, "")]
    over(far).select('SELECT ?x { VALUES (?a ?b) { (<a:a> "b) }") } }')
    assert far.asked[1] == 'SELECT ?x { VALUES ?a { <a:a> } VALUES ?b { "b) }" } }'


@pytest.mark.parametrize("status", [500, 400])
def test_an_endpoint_that_cannot_count_days_is_not_asked_to(far, status):
    far.script = [(status, "")] * (3 if status == 500 else 1)
    store = over(far)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="lengths of time"):
            store.select("SELECT ?x { BIND(STRDT('P1D', xsd:dayTimeDuration) AS ?x) }")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("ASK { ?s ?p ?o }", ("ASK { ?s ?p ?o }",)),
        ("ASK { VALUES (?a) { (UNDEF) } ?a ?p ?o }", ("ASK {  ?a ?p ?o }",)),
        ("ASK { VALUES (?a ?b) { (UNDEF 4) } }", ("ASK { VALUES ?b { 4 } }",)),
        ("ASK { VALUES (?a) { (1) (2) } }", ("ASK { VALUES (?a) { (1) (2) } }",)),
    ],
)
def test_forms_of_a_query(query, wanted):
    assert forms(query) == wanted
