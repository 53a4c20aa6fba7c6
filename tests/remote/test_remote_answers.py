"""The same answers from another make of server as from the build: sheets, questions, search and protocol.

Load the build into a SPARQL server (the guide in the documentation says how), then set
REMIT_TEST_HOME to the data folder of the build and REMIT_TEST_ENDPOINT to the address of its queries.
"""

import os
import random
from functools import cache
from pathlib import Path

import pytest
from rdflib import URIRef

from loader.catalogue import catalogue
from loader.terms import DEF
from server import create_app
from server.answers.questions import classes
from server.answers.sheet import answer_sheet
from server.query_errors import StoreUnavailable
from server.settings import Settings

ENDPOINT = os.environ.get("REMIT_TEST_ENDPOINT", "")
HOME = os.environ.get("REMIT_TEST_HOME", "")
QUESTIONS = list(catalogue("questions").values())
VALUES = int(os.environ.get("REMIT_TEST_VALUES", "6"))


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


def answered(far, text):
    """The rows, where the server asks the store at all: it does not, where the store would answer wrongly."""
    try:
        return rows(far, text)
    except StoreUnavailable as refusal:
        if "would answer this question wrongly" not in refusal.detail:
            raise
        pytest.skip(refusal.detail)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.name)
def test_questions_are_answered_the_same(near, far, question):
    assert answered(far, question.text) == rows(near, question.text)


@cache
def things(store, cls):
    """The things of a class, or the classes of organisations."""
    kinds = cls == "OrganisationClass"
    pattern = "remit:subClassOfOrSelf remit:Agent" if kinds else f"a remit:{cls}"
    found = store.select(f"PREFIX remit: <{DEF}> SELECT DISTINCT ?x {{ ?x {pattern} }}")
    return sorted(str(row["x"]) for row in found if isinstance(row["x"], URIRef))


ASKED = [
    pytest.param(question, parameter, id=f"{question.name}-{parameter.name}")
    for question in QUESTIONS
    for parameter in question.parameters
    if parameter.kind == "iri"
]


@pytest.mark.parametrize(("question", "parameter"), ASKED)
def test_other_values_are_answered_the_same(near, far, question, parameter):
    """One parameter takes some of its values by chance, the others their examples where they must be given."""
    kinds = classes(question, parameter.name)
    pool = sorted({thing for kind in kinds for thing in things(near, kind)})
    needed = {each.name: each.example for each in question.parameters if each.required}
    for value in random.Random(question.name).sample(pool, min(VALUES, len(pool))):
        text = question.bind(**needed | {parameter.name: value})
        assert answered(far, text) == rows(near, text), value


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
