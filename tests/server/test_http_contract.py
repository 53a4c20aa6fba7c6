"""What HTTP asks of every path: HEAD as GET, conditions, preflights, bodies of the right type, one value each."""

import json

import pytest
from flask.testing import FlaskClient

POWER = "/api/v1/powers/direct-nhs-trust"
POSTED = (
    "/api/v1/frameworks/nof-2022-23/segmentation",
    "/api/v1/frameworks/oaf-2024-draft/metric-scores",
    "/api/v1/frameworks/oaf-2024-draft/capability-ratings",
    "/api/v1/quality/case",
)
DIFFER = {"Date", "X-Request-ID"}


@pytest.mark.parametrize(
    "path", ["/", "/powers", "/organisations/RA7", POWER, "/sparql", "/id/power/x"]
)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_head_has_the_headers_of_get(client: FlaskClient, path: str, encoding: str) -> None:
    headers = {"Accept": "text/html, */*;q=0.5", "Accept-Encoding": encoding}
    get, head = client.get(path, headers=headers), client.head(path, headers=headers)
    assert head.data == b""
    for name in {*get.headers.keys(), *head.headers.keys()} - DIFFER:
        assert head.headers.get(name) == get.headers.get(name), name


@pytest.mark.parametrize("path", [POWER, "/powers"])
def test_304_says_what_the_answer_depends_on(client: FlaskClient, path: str) -> None:
    whole = client.get(path)
    tag = whole.headers["ETag"]
    for given in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        answer = client.get(path, headers={"If-None-Match": given})
        assert answer.status_code == 304
        assert answer.data == b""
        for name in ("ETag", "Vary", "Cache-Control"):
            assert answer.headers[name] == whole.headers[name]
    for other in ('"x"', "x", ""):
        assert client.get(path, headers={"If-None-Match": other}).status_code == 200


def test_if_match(client: FlaskClient) -> None:
    assert client.get(POWER, headers={"If-Match": "*"}).status_code == 200
    answer = client.get(POWER, headers={"If-Match": '"x"', "Accept-Encoding": "gzip"})
    assert answer.status_code == 412
    assert answer.content_type == "application/problem+json"
    assert answer.headers.get("Content-Encoding") is None
    assert json.loads(answer.data)["status"] == 412


@pytest.mark.parametrize("path", [*POSTED, "/api/v1/validation", "/reconcile", "/sparql"])
def test_a_browser_may_post_from_another_site(client: FlaskClient, path: str) -> None:
    asked = {"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    answer = client.options(path, headers=asked)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text/plain", "{}", 415),
        (None, "{}", 415),
        ("application/json", "{", 400),
        ("application/json", "[]", 400),
        ("application/json", "", 400),
        ("application/json", '{"facts":' + "[" * 20_000 + "]" * 20_000 + "}", 400),
        ("application/json", '{"facts":' + "1" * 6_000 + "}", 400),
        ("application/json", '{"facts": "' + "x" * (5 << 20) + '"}', 413),
    ],
)
def test_bodies_are_json_objects(
    client: FlaskClient, path: str, kind: str | None, body: str, status: int
) -> None:
    answer = client.post(path, data=body, content_type=kind)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/powers", "/api/v1/organisations"])
def test_a_page_beyond_the_end_is_empty(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?page=9999").json
    assert answer["results"] == []
    assert answer["page"] == 9999 > answer["pages"]
    assert client.get(f"{path}?page={answer['pages']}").json["results"]


def test_a_parameter_has_one_value(client: FlaskClient) -> None:
    twice = client.get("/api/v1/organisations/RA7?asOf=2022-07-01&asOf=2023-07-01")
    assert twice.status_code == 400
    assert twice.json["parameter"] == "asOf"
    assert client.get("/api/v1/powers?page=1&page=1").status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_updates_are_posted(client: FlaskClient, method: str) -> None:
    answer = client.open("/update", method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == client.options("/update").headers["Allow"] == "OPTIONS, POST"
