"""Other endpoints are asked within a time limit; when they do not answer, that is said."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import URLError

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


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"head": {"vars": ["label"]}, "results": {"bindings": [{"label": {"type": "literal", "value": "X"}}]}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def endpoint():
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(home, store):
    app = create_app(Settings(home=home), store)
    if "federated" not in app.blueprints:
        app.register_blueprint(federated.bp)
    app.testing = True
    return app


def test_over_http(client, endpoint):
    client.extensions["remit-federation"] = Federation({"remit": endpoint})
    web = client.test_client()
    assert {each["name"] for each in web.get("/api/v1/federated").get_json()["questions"]} >= {
        ASK[0]
    }
    answer = web.get("/api/v1/federated/organisation-elsewhere?code=RA7").get_json()
    assert (answer["answered"], answer["rows"]) == (True, [{"label": "X"}])
    assert web.get("/api/v1/federated/organisation-elsewhere?nothing=1").status_code == 400
