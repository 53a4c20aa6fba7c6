"""What every request passes through: limits, ids, counts, headers, conditions, compression, feeds, description."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from server import create_app
from server.errors import StoreUnavailable
from server.limits import Buckets, client_of
from server.settings import Settings
from server.store.circuit import Circuit

DATA = "/api/v1/powers"


def test_an_answer_that_the_client_has_is_not_sent_again(client):
    first = client.get(DATA)
    again = client.get(DATA, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_data_is_compressed_for_those_who_accept_it(client, encoding):
    assert client.get(DATA, headers={"Accept-Encoding": encoding}).content_encoding == encoding
    assert client.get(DATA).content_encoding is None


@pytest.mark.parametrize("path", ["/", DATA, "/nothing", "/sparql", "/openapi.json"])
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_a_request_has_an_id_which_may_be_the_clients_own(client):
    assert (
        client.get("/health", headers={"X-Request-ID": "mine-0001"}).headers["X-Request-ID"]
        == "mine-0001"
    )
    for odd in ("a b", "x" * 100, "<script>"):
        assert client.get("/health", headers={"X-Request-ID": odd}).headers["X-Request-ID"] != odd


def test_requests_are_counted_by_route(client):
    client.get("/health")
    text = client.get("/metrics").text
    assert 'remit_requests_total{method="GET",route="/health",status="200"}' in text
    assert "remit_query_workers_idle" in text


def test_a_client_beyond_its_rate_is_told_when_to_come_back(home: Path, store):
    app = create_app(Settings(home=home, rate=8), store)
    client = app.test_client()
    statuses = [client.get("/feeds/law.json").status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
    answer = client.get("/feeds/law.json")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/health").status_code == 200


def test_buckets_fill_again():
    now = [0.0]
    buckets = Buckets(60, clock=lambda: now[0])
    assert [buckets.take("a") for _ in range(15)] == [0.0] * 15
    assert buckets.take("a") == 1.0
    assert buckets.take("b") == 0.0
    now[0] = 1.0
    assert buckets.take("a") == 0.0


@pytest.mark.parametrize(
    ("address", "client"),
    [("10.0.0.1", "10.0.0.1"), ("2001:db8::1:2:3:4", "2001:db8::/64"), ("odd", "odd")],
)
def test_what_counts_as_one_client(address, client):
    assert client_of(address) == client


def test_a_circuit_opens_and_lets_one_call_try_later():
    now = [0.0]
    circuit = Circuit(2, 10, clock=lambda: now[0])
    circuit.failed()
    circuit.check()
    circuit.failed()
    with pytest.raises(StoreUnavailable, match="left alone"):
        circuit.check()
    now[0] = 11
    circuit.check()
    with pytest.raises(StoreUnavailable):
        circuit.check()
    circuit.worked()
    circuit.check()


@pytest.mark.parametrize("name", ["law", "versions"])
def test_feeds_have_the_same_items_in_both_forms(client, name):
    atom = ElementTree.fromstring(client.get(f"/feeds/{name}.atom").data)
    entries = atom.findall("{http://www.w3.org/2005/Atom}entry")
    items = client.get(f"/feeds/{name}.json").json["items"]
    assert len(entries) == len(items) > 0
    assert {item["id"] for item in items} == {
        e.findtext("{http://www.w3.org/2005/Atom}id") for e in entries
    }


def test_the_feed_of_law_has_the_day_on_which_boards_took_over(client):
    items = client.get("/feeds/law.json").json["items"]
    assert any(item["date_modified"].startswith("2022-07-01") for item in items)


def test_the_description_lists_every_route_of_the_api(client):
    described = client.get("/openapi.json").json["paths"]
    rules = {
        rule.rule
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
    }
    wanted = {rule.replace("<path:", "{").replace("<", "{").replace(">", "}") for rule in rules}
    assert wanted <= set(described)
    ids = [op["operationId"] for item in described.values() for op in item.values()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "value", ["yesterday", "2026-13-01", "0001-01-01", "../../etc", "2026-11-22T99:00"]
)
def test_a_version_that_cannot_be_had_is_a_plain_problem(client, value):
    answer = client.get(DATA, query_string={"knownAt": value})
    assert (answer.status_code, answer.json["parameter"]) == (400, "knownAt")
