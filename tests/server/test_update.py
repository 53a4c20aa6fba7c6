"""Writes over HTTP: who may, what is logged, and how what cannot be done is answered."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from server import create_app
from server.auth import new_token
from server.settings import Settings

TURTLE = {"Content-Type": "text/turtle"}
GRAPH = "/data?graph=http://example.org/g"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("tokens")
    made = {scope: new_token(scope, [scope]) for scope in ("update", "upload")}
    old, line = new_token("old", ["update", "upload"])
    lines = ["# who may write", *(line for _, line in made.values()), f"{line} 2020-01-01", ""]
    (folder / "tokens").write_text("\n".join(lines))
    return {
        **{scope: token for scope, (token, _) in made.items()},
        "old": old,
        "file": str(folder / "tokens"),
    }


@pytest.fixture
def client(tmp_path: Path, tokens: dict[str, str]) -> Iterator[FlaskClient]:
    build = tmp_path / "builds" / "v1"
    build.mkdir(parents=True)
    store = ox.Store(str(build / "store"))
    store.load(
        b"GRAPH <http://example.org/old> { <a:a> <a:b> 1 } <a:a> <a:b> 1 .", ox.RdfFormat.TRIG
    )
    store.flush()
    facts = {
        "version": "v1",
        "defaultGraph": "merged",
        "triples": 2,
        "made": "2026-01-01T00:00:00+00:00",
    }
    (build / "manifest.json").write_text(json.dumps(facts))
    (tmp_path / "current").symlink_to("builds/v1")
    app = create_app(Settings(home=tmp_path, tokens=Path(tokens["file"]), workers=2, upload_mb=1))
    yield app.test_client()
    app.extensions["remit"].close()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def count(client: FlaskClient, **parameters: str) -> int:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    answer = client.get(
        "/sparql", query_string={"query": query, **parameters}, headers={"Accept": "text/csv"}
    )
    return int(answer.text.split()[1])


@pytest.mark.parametrize(
    ("token", "status"),
    [(None, 401), ("wrong", 401), ("old", 401), ("upload", 403), ("update", 200)],
)
def test_an_update_needs_a_token_with_its_scope(client, tokens, token, status):
    headers = bearer(tokens.get(token, token)) if token else {}
    answer = client.post(
        "/update", data={"update": "INSERT DATA { <a:x> <a:y> 1 }"}, headers=headers
    )
    assert answer.status_code == status
    assert count(client) == (2 if status == 200 else 1)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    ("method", "token", "status"),
    [
        ("PUT", None, 401),
        ("PUT", "update", 403),
        ("PUT", "upload", 201),
        ("DELETE", None, 401),
        ("POST", None, 401),
    ],
)
def test_an_upload_needs_a_token_with_its_scope(client, tokens, method, token, status):
    headers = TURTLE | (bearer(tokens[token]) if token else {})
    answer = client.open(GRAPH, method=method, data="<a:x> <a:y> 1 .", headers=headers)
    assert answer.status_code == status


def test_without_tokens_nothing_can_be_written(client):
    home = client.application.extensions["remit"].settings.home
    app = create_app(Settings(home=home, workers=1))
    answer = app.test_client().post("/update", data={"update": "CLEAR DEFAULT"})
    assert answer.status_code == 403
    assert "REMIT_TOKENS" in answer.json["detail"]
    app.extensions["remit"].close()


def test_every_write_is_logged_and_no_token_is(client, tokens):
    headers = bearer(tokens["update"])
    client.post("/update", data={"update": "INSERT DATA { <a:x> <a:y> 1 }"}, headers=headers)
    client.post("/update", data={"update": "INSERT {"}, headers=headers)
    client.put(GRAPH, data="<a:x> <a:y> 2 .", headers=TURTLE | bearer(tokens["upload"]))
    text = (client.application.extensions["remit"].settings.home / "audit.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(each["who"], each["action"], each["status"]) for each in lines] == [
        ("update", "update", 200),
        ("update", "update", 400),
        ("upload", "put", 201),
    ]
    assert lines[0]["version"] != "v1"
    assert lines[2]["graphs"] == ["http://example.org/g"]
    assert tokens["update"] not in text


@pytest.mark.parametrize(
    ("data", "media_type", "status"),
    [
        (b"<a:x> <a:y>", "text/turtle", 400),
        (b"<a:x> <a:y> 1 .", "text/html", 415),
        (b"<a:x> <a:y> 1 .", None, 415),
        (b"#" * 1_100_000, "text/turtle", 413),
        (b"x", "multipart/form-data", 400),
        (b"x", "multipart/form-data; boundary=x", 400),
        (b"", "text/turtle", 201),
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'a'>]>", "application/rdf+xml", 400),
        (b'{"@context": "http://127.0.0.1:9/c", "@id": "a:x"}', "application/ld+json", 400),
    ],
)
def test_uploads_are_read_strictly(client, tokens, data, media_type, status):
    answer = client.put(GRAPH, data=data, content_type=media_type, headers=bearer(tokens["upload"]))
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("LOAD <http://127.0.0.1:9/x>", 400),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }", 400),
        ("INSERT { GRAPH ?g { <a:x> <a:y> 1 } } WHERE { GRAPH ?g { } }", 400),
        ("CLEAR GRAPH <https://w3id.org/remit/id/graph/ontology>", 403),
        ("", 400),
    ],
)
def test_updates_that_are_refused(client, tokens, body, status):
    answer = client.post(
        "/update",
        data=body,
        content_type="application/sparql-update",
        headers=bearer(tokens["update"]),
    )
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert count(client) == 1


def test_the_version_before_a_write_can_still_be_asked(client, tokens):
    client.post(
        "/update",
        data={"update": "INSERT DATA { <a:x> <a:y> 1 }"},
        headers=bearer(tokens["update"]),
    )
    assert count(client) == 2
    assert count(client, knownAt="v1") == 1
    assert count(client, knownAt="2026-01-02") == 1
    versions = client.get("/api/v1/versions").json["versions"]
    assert [each["madeBy"] for each in versions] == ["write", "build"]
    answer = client.get("/sparql?query=ASK{}&knownAt=2025-12-31")
    assert (answer.status_code, answer.json["parameter"]) == (400, "knownAt")


def test_a_permalink_pins_the_version(client, tokens):
    address = client.get("/sparql?query=SELECT*{?s ?p ?o}").headers["Link"]
    assert "knownAt=v1" in address
    client.post(
        "/update",
        data={"update": "INSERT DATA { <a:x> <a:y> 1 }"},
        headers=bearer(tokens["update"]),
    )
    link = address.split(">")[0][1:].removeprefix("http://localhost")
    pinned = client.get(link)
    assert pinned.headers["Remit-Data-Version"] == "v1"
    assert len(pinned.json["results"]["bindings"]) == 1


def test_a_graph_is_written_only_as_the_client_knows_it(client, tokens):
    upload = TURTLE | bearer(tokens["upload"])
    new = client.put(GRAPH, data="<a:x> <a:y> 1 .", headers=upload | {"If-None-Match": "*"})
    assert new.status_code == 201
    tag = client.get(GRAPH).headers["ETag"]
    assert not tag.startswith("W/")
    other = client.get(GRAPH, headers={"Accept": "application/n-triples"}).headers["ETag"]
    assert other != tag
    assert client.get(GRAPH, headers={"If-None-Match": tag}).status_code == 304
    again = client.put(GRAPH, data="<a:x> <a:y> 2 .", headers=upload | {"If-None-Match": "*"})
    assert (again.status_code, again.mimetype) == (412, "application/problem+json")
    changed = client.put(GRAPH, data="<a:x> <a:y> 3 .", headers=upload | {"If-Match": other})
    assert changed.status_code == 204
    for method in ("PUT", "POST", "DELETE"):
        late = client.open(
            GRAPH, method=method, data="<a:x> <a:y> 4 .", headers=upload | {"If-Match": tag}
        )
        assert late.status_code == 412
    assert client.get(GRAPH, headers={"Accept": "text/csv, text/turtle"}).text.split()[2] == "3"
    client.put("/data?graph=http://example.org/h", data="<a:z> <a:y> 1 .", headers=upload)
    known = client.get(GRAPH).headers["ETag"]  # what happens to other graphs does not matter
    assert (
        client.delete(GRAPH, headers=upload | {"If-Match": f'"other", {known}'}).status_code == 204
    )
    assert client.put(GRAPH, data="", headers=upload | {"If-Match": "*"}).status_code == 412


def test_a_compressed_graph_has_a_tag_of_its_own(client, tokens):
    data = "".join(f"<a:x> <a:y> {n} ." for n in range(500))
    client.put(GRAPH, data=data, headers=TURTLE | bearer(tokens["upload"]))
    squeezed = {"Accept-Encoding": "gzip"}
    plain, packed = client.get(GRAPH), client.get(GRAPH, headers=squeezed)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["ETag"] != packed.headers["ETag"]
    known = squeezed | {"If-None-Match": packed.headers["ETag"]}
    assert client.get(GRAPH, headers=known).status_code == 304
