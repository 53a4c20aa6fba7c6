"""The whole server over an endpoint that takes updates: who may write, what is logged, what readers see."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from far import HANG, LOST, RESET, Far
from flask.testing import FlaskClient

from loader.errors import InputError
from loader.terms import GRAPH
from server import create_app
from server.auth import new_token
from server.opening import opened
from server.settings import Settings, from_environment

TURTLE = {"Content-Type": "text/turtle"}
PLACE = "/data?graph=http://example.org/g"
INSERT = {"update": "INSERT DATA { <a:x> <a:y> 1 }"}


@pytest.fixture
def settings(tmp_path: Path, far: Far) -> Settings:
    return Settings(
        home=tmp_path,
        remote=far.address("query"),
        remote_update=far.address("update"),
        tokens=tmp_path / "tokens",
        workers=1,
        query_seconds=2,
    )


@pytest.fixture
def bearer(tmp_path: Path) -> dict[str, str]:
    token, line = new_token("writer", ["update", "upload"])
    _, reader = new_token("reader", ["upload"])
    (tmp_path / "tokens").write_text(f"{line}\n{reader}\n")
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def client(settings: Settings, bearer: dict[str, str]) -> Iterator[FlaskClient]:
    app = create_app(settings)
    yield app.test_client()
    app.extensions["remit"].close()


def logged(settings: Settings) -> list[dict[str, object]]:
    return [json.loads(line) for line in (settings.home / "audit.jsonl").read_text().splitlines()]


def test_a_write_is_seen_at_once_and_logged(client, far, bearer, settings):
    before = client.get("/health").json["dataVersion"]
    answer = client.post("/update", data=INSERT, headers=bearer)
    assert answer.status_code == 200, answer.text
    version = answer.headers["Remit-Data-Version"]
    assert client.get("/health").json["dataVersion"] == version != before
    client.put(PLACE, data="<a:s> <a:p> [ <a:q> 1 ] .", headers=TURTLE | bearer)
    lines = logged(settings)
    assert [(each["who"], each["action"], each["status"]) for each in lines] == [
        ("writer", "update", 200),
        ("writer", "put", 201),
    ]
    assert lines[0]["version"] == version
    assert lines[0]["graphs"] == [f"{GRAPH}unnamed"]


def test_a_graph_and_its_tag_change_with_a_write(client, far, bearer):
    assert client.get(PLACE).status_code == client.head(PLACE).status_code == 404
    assert client.put(PLACE, data="<a:s> <a:p> 1 .", headers=TURTLE | bearer).status_code == 201
    first = client.head(PLACE)
    assert first.status_code == 200
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(PLACE, headers=tag).status_code == 304
    assert client.post(PLACE, data="<a:s> <a:p> 2 .", headers=TURTLE | bearer).status_code == 204
    second = client.get(PLACE, headers=tag)
    assert second.status_code == 200
    assert second.headers["Remit-Data-Version"] != first.headers["Remit-Data-Version"]
    assert client.delete(PLACE, headers=bearer).status_code == 204
    assert client.delete(PLACE, headers=bearer).status_code == 404


def test_what_is_refused_does_not_reach_the_store(client, far, bearer, settings):
    assert client.post("/update", data=INSERT).status_code == 401
    other = {"Authorization": "Bearer wrong"}
    assert client.put(PLACE, data="", headers=TURTLE | other).status_code == 401
    register = {"update": f"CLEAR GRAPH <{GRAPH}law/powers>"}
    assert client.post("/update", data=register, headers=bearer).status_code == 403
    condition = {"If-Match": '"v1"'}
    assert client.put(PLACE, data="", headers=TURTLE | bearer | condition).status_code == 412
    bad = client.put(PLACE, data="<a:s> <a:p>", headers=TURTLE | bearer)
    assert (bad.status_code, bad.json["type"].rpartition("/")[2]) == (400, "query-syntax")
    load = {"update": "LOAD <http://127.0.0.1/data>"}
    assert client.post("/update", data=load, headers=bearer).status_code == 400
    assert not far.updates()
    assert {each["status"] for each in logged(settings)} == {403, 412, 400}


def test_documents_are_loaded_by_this_server_with_their_nodes_apart(settings, far, bearer):
    allowed = {"allow_hosts": frozenset({f"127.0.0.1:{far.server_port}"}), "allow_loopback": True}
    app = create_app(replace(settings, **allowed))
    load = f"LOAD <{far.address('doc')}> INTO GRAPH <g:1>"
    answer = app.test_client().post("/update", data={"update": f"{load} ; {load}"}, headers=bearer)
    assert answer.status_code == 200, answer.text
    found = far.store.query("SELECT DISTINCT ?n { GRAPH <g:1> { ?s <a:b> ?n . ?n <a:c> 1 } }")
    assert len(list(found)) == 2
    assert len(far.updates()) == 1
    app.extensions["remit"].close()


@pytest.mark.parametrize(("fault", "status"), [(LOST, 200), (RESET, 502)])
def test_a_lost_answer_is_looked_up_or_said_to_be_untold(
    client, far, bearer, settings, fault, status
):
    far.faults.append(fault)
    answer = client.post("/update", data=INSERT, headers=bearer)
    assert answer.status_code == status
    if status == 502:
        assert answer.json["type"].endswith("/write-uncertain")
        assert answer.json["version"] == logged(settings)[-1]["version"]
        assert client.get("/health").json["dataVersion"] != answer.json["version"]
    assert logged(settings)[-1]["status"] == status
    assert len(far.updates()) == 1


def test_a_store_that_does_not_answer_is_unavailable(client, far):
    far.faults.append(HANG)
    answer = client.get("/sparql", query_string={"query": "ASK {}"})
    assert answer.status_code == 503
    assert client.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200


def test_without_an_address_for_updates_the_store_is_only_read(tmp_path, far, bearer):
    settings = Settings(home=tmp_path, remote=far.address("query"), tokens=tmp_path / "tokens")
    app = create_app(settings)
    answer = app.test_client().post("/update", data=INSERT, headers=bearer)
    assert answer.status_code == 403
    assert "REMIT_STORE_UPDATE" in answer.json["detail"]
    assert not far.asked
    app.extensions["remit"].close()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"REMIT_STORE": "file:///tmp/a"}, "REMIT_STORE"),
        ({"REMIT_STORE_UPDATE": "http://a.org/update"}, "there is no endpoint to read"),
        ({"REMIT_STORE_UPDATE": "http://a:secret@a.org/update"}, "holds no login"),
        (
            {
                "REMIT_STORE": "http://a.org/query",
                "REMIT_STORE_UPDATE": "http://a.org/update",
                "REMIT_VALIDATE_WRITES": "1",
            },
            "cannot be held against the shapes",
        ),
        (
            {"REMIT_STORE": "http://a.org/query", "REMIT_STORE_LOGIN": "/nowhere"},
            "cannot be read",
        ),
    ],
)
def test_settings_that_cannot_be_kept_are_refused_at_the_start(given, said):
    with pytest.raises(InputError, match=said) as caught:
        opened(from_environment(given))
    assert "secret" not in str(caught.value)


def test_the_login_of_the_settings_goes_with_queries_and_updates(settings, bearer, far, tmp_path):
    (tmp_path / "login").write_text("Basic a:b")
    app = create_app(replace(settings, remote_login=tmp_path / "login"))
    app.test_client().post("/update", data=INSERT, headers=bearer)
    assert {path for path, _ in far.asked} == {"/update"}
    app.test_client().get("/health")
    assert far.logins == ["Basic YTpi"] * 3
    app.extensions["remit"].close()
