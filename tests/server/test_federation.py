"""Other endpoints are asked within a time limit; when they do not answer, that is said."""

import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from loader.errors import InputError, QueryFileError
from server import create_app, federated
from server.errors import NotFound
from server.federation import Federation, endpoints
from server.settings import Settings

RESULT = {"results": {"bindings": [{"label": {"type": "literal", "value": "A trust"}}]}}
ASK = ("organisation-elsewhere", {"code": "RA7"})


def federation(fetch, **more):
    return Federation({"remit": "http://other.example/sparql"}, fetch=fetch, **more)


def test_rows_are_given_and_kept():
    asked = []
    other = federation(lambda address, query, seconds: asked.append(query) or RESULT)
    first, second = other.ask(*ASK), other.ask(*ASK)
    assert first["answered"]
    assert first["rows"] == [{"label": "A trust"}]
    assert (first["cached"], second["cached"], len(asked)) == (False, True, 1)
    assert '"RA7"' in asked[0]


def test_values_are_bound_not_formatted():
    asked = []
    other = federation(lambda address, query, seconds: asked.append(query) or RESULT)
    other.ask("organisation-elsewhere", {"code": '") } DROP ALL #'})
    assert '\\") } DROP ALL #' in asked[0]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (URLError("refused"), "did not answer"),
        (TimeoutError(), "within"),
        (ValueError("no JSON"), "not one of SPARQL"),
    ],
)
def test_silence_is_said_and_not_kept(error, said):
    asked = []

    def fetch(*_):
        asked.append(1)
        raise error

    other = federation(fetch)
    for _ in range(2):
        answer = other.ask(*ASK)
        assert answer["answered"] is False
        assert answer["rows"] == []
        assert said in answer["because"]
    assert len(asked) == 2


def test_a_slow_endpoint_is_given_up():
    release = threading.Event()
    other = federation(lambda *_: release.wait(30) and RESULT, seconds=0.05)
    answer = other.ask(*ASK)
    release.set()
    assert answer["because"] == "other.example did not answer within 0.05 seconds."


def test_an_endpoint_that_is_not_configured_is_said():
    answer = Federation({}).ask(*ASK)
    assert "REMIT_ENDPOINTS" in answer["because"]


def test_what_does_not_exist_is_refused():
    with pytest.raises(NotFound):
        Federation({}).ask("nothing", {})
    with pytest.raises(QueryFileError):
        federation(lambda *_: RESULT).ask("organisation-elsewhere", {"other": "x"})


@pytest.mark.parametrize("text", ["x", "x=ftp://host/", "x=file:///etc/passwd", "=http://host/"])
def test_a_faulty_setting_is_refused(text):
    with pytest.raises(InputError):
        endpoints({"REMIT_ENDPOINTS": text})


AREA = "http://statistics.data.gov.uk/id/statistical-geography/E54000040"
ANSWER = b'{"head": {"vars": ["label"]}, "results": {"bindings": []}}'
BROKEN = {
    "/html": (200, b"<html>Down for maintenance</html>"),
    "/cut": (200, ANSWER[:20]),
    "/error": (500, b"no"),
    "/large": (200, b" " * (17 << 20) + ANSWER),
}


class Handler(BaseHTTPRequestHandler):
    """A small SPARQL server over a store of area names; other paths misbehave, each in its way."""

    areas: ox.Store
    asked: ClassVar[list[str]] = []
    waiting: ClassVar[threading.Event] = threading.Event()

    def do_GET(self):
        split = urlsplit(self.path)
        self.asked.append(split.path)
        if split.path == "/slow":
            self.waiting.wait(20)
        status, body = BROKEN.get(split.path, (200, b""))
        if not body:
            results = self.areas.query(parse_qs(split.query)["query"][0])
            body = results.serialize(format=ox.QueryResultsFormat.JSON)
        self.send_response(status)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        with suppress(OSError):  # whoever asked has given up
            self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def statistics():
    """Another publisher's endpoint on the loopback address, with the name of one area."""
    Handler.areas = ox.Store()
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    Handler.areas.add(ox.Quad(ox.NamedNode(AREA), label, ox.Literal("Somerset", language="en")))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Handler.waiting.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def neighbour(home, store, over_http):
    """A second Remit that answers SPARQL over HTTP."""
    with over_http(create_app(Settings(home=home), store)) as address:
        yield f"{address}/sparql"


@pytest.fixture
def client(home, store):
    app = create_app(Settings(home=home), store)
    if "federated" not in app.blueprints:
        app.register_blueprint(federated.bp)
    app.testing = True
    return app


def test_a_second_remit_and_the_statistics_answer_over_http(
    client, neighbour, statistics, monkeypatch
):
    monkeypatch.setenv("REMIT_ENDPOINTS", f"remit={neighbour} ons={statistics}/sparql")
    client.extensions.pop("remit-federation", None)
    web = client.test_client()
    listed = web.get("/api/v1/federated").get_json()["questions"]
    assert {each["name"]: each["configured"] for each in listed} == {
        "organisation-elsewhere": True,
        "area-in-statistics": True,
    }
    here = web.get("/api/v1/organisations/RA7?asOf=2023-05-01").get_json()
    first, again = (
        web.get("/api/v1/federated/organisation-elsewhere?code=RA7").get_json() for _ in range(2)
    )
    assert first["answered"]
    assert {row["organisation"] for row in first["rows"]} == {here["id"]}
    assert (first["cached"], again["cached"]) == (False, True)
    assert again["rows"] == first["rows"]
    Handler.asked.clear()
    for _ in range(2):
        area = web.get("/api/v1/federated/area-in-statistics", query_string={"area": AREA})
        assert area.get_json()["rows"] == [{"area": AREA, "label": "Somerset"}]
    assert Handler.asked == ["/sparql"]
    assert web.get("/api/v1/federated/organisation-elsewhere?nothing=1").status_code == 400
    assert web.get("/api/v1/federated/nothing").status_code == 404


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_answer_is_told_as_none(statistics, path):
    answer = Federation({"remit": statistics + path}).ask(*ASK)
    assert (answer["answered"], answer["rows"]) == (False, [])
    assert answer["because"].startswith("127.0.0.1 ")


def test_a_slow_server_is_given_up_over_http(statistics):
    answer = Federation({"remit": f"{statistics}/slow"}, seconds=0.3).ask(*ASK)
    assert answer["because"] == "127.0.0.1 did not answer within 0.3 seconds."
    Handler.waiting.set()


def test_nobody_listening_is_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/sparql"
        answer = Federation({"remit": address}).ask(*ASK)
    assert (answer["answered"], answer["because"]) == (False, "127.0.0.1 did not answer: URLError.")


def test_users_cannot_make_the_server_ask_an_endpoint(client, statistics):
    """Neither an address of this machine nor one that the operator configured: SERVICE is refused, nobody is asked."""
    Handler.asked.clear()
    query = f"SELECT * {{ SERVICE <{statistics}/sparql> {{ ?s ?p ?o }} }}"
    refused = client.test_client().get("/sparql", query_string={"query": query})
    assert refused.status_code in (400, 403)
    web = client.test_client()
    answer = web.get("/api/v1/federated/area-in-statistics", query_string={"endpoint": statistics})
    assert answer.status_code == 400
    assert Handler.asked == []
