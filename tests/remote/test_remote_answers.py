"""The same answers from another make of server as from the build: sheets, questions, search and protocol.

Load the build into a SPARQL server (the guide in the documentation says how), then set
REMIT_TEST_HOME to the data folder of the build and REMIT_TEST_ENDPOINT to the address of its queries.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.catalogue import catalogue
from server import create_app
from server.answers.sheet import answer_sheet
from server.query_errors import StoreUnavailable
from server.settings import Settings
from server.store.dialect import counts_days
from server.store.embedded import EmbeddedStore
from server.store.limits import Limits
from server.store.remote import RemoteStore

ENDPOINT = os.environ.get("REMIT_TEST_ENDPOINT", "")
HOME = os.environ.get("REMIT_TEST_HOME", "")
pytestmark = pytest.mark.skipif(
    not (ENDPOINT and HOME),
    reason="REMIT_TEST_ENDPOINT and REMIT_TEST_HOME name no server and build",
)
QUESTIONS = list(catalogue("questions").values())


@pytest.fixture(scope="module")
def near() -> Iterator[EmbeddedStore]:
    with EmbeddedStore(Path(HOME) / "current", Limits(seconds=60, memory_bytes=4 << 30)) as store:
        yield store


@pytest.fixture(scope="module")
def far() -> Iterator[RemoteStore]:
    with RemoteStore(ENDPOINT, seconds=60) as store:
        yield store


def plain(value: object) -> object:
    """Leave out what names the store, and the order and names of nodes without one."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in ("dataVersion", "knownAt")}
    if isinstance(value, list):
        return sorted((plain(each) for each in value), key=repr)
    return value


@pytest.mark.parametrize("code", ["RA7", "RVJ", "QUY", "15C"])
@pytest.mark.parametrize("day", ["2021-12-01", "2022-06-30", "2022-07-01", "2024-06-01"])
def test_sheets_are_the_same(near, far, code, day):
    try:
        wanted = answer_sheet(near, code, day)
    except Exception as error:
        with pytest.raises(type(error)):
            answer_sheet(far, code, day)
        return
    assert plain(answer_sheet(far, code, day)) == plain(wanted)


def rows(store, text):
    found = store.select(text, timeout=60)
    return sorted(
        sorted((name, value.toPython().__str__()) for name, value in row.items()) for row in found
    )


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.name)
def test_questions_are_answered_the_same(near, far, question):
    if counts_days(question.text) and not far.counts_days():
        with pytest.raises(StoreUnavailable, match="does not add lengths of time to days"):
            rows(far, question.text)
        return
    assert rows(far, question.text) == rows(near, question.text)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/organisations/RA7?asOf=2023-05-01",
        "/api/v1/organisations?type=IntegratedCareBoard&asOf=2022-07-01&pageSize=10",
        "/api/v1/powers",
        "/api/v1/powers/direct-nhs-trust",
        "/api/v1/search?q=Bristol",
    ],
)
def test_the_api_answers_the_same(near, far, path):
    answers = []
    for store in (near, far):
        client = create_app(Settings(home=Path(HOME)), store).test_client()
        response = client.get(path)
        assert response.status_code == 200
        answers.append(plain(response.get_json()))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("ASK { ?s ?p ?o }", "application/sparql-results+json", 200),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "application/sparql-results+xml", 200),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "text/csv", 200),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", "application/n-triples", 200),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", "text/turtle", 200),
        ("SELECT * {", "application/sparql-results+json", 400),
        ("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "*/*", 400),
        ("ASK FROM <http://example.org/none> { ?s ?p ?o }", "*/*", 400),
        ("ASK {}", "image/png", 406),
    ],
)
def test_the_protocol_holds(far, query, accept, status):
    client = create_app(Settings(home=Path(HOME), remote=ENDPOINT), far).test_client()
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == status, answer.text[:300]
    if status == 200:
        assert answer.mimetype == accept
