from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import QueryRefused, QuerySyntax
from server.store.guard import Prologue, inspect, tokens

PREFIXES = "PREFIX : <http://127.0.0.1:9/> PREFIX x: <http://127.0.0.1:9/> "


def look(query: str) -> Prologue:
    return inspect(query, size=100_000, depth=100)


CALLS_OUT = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { SERVICE#comment\n:x { ?s ?p ?o } }",
    "SELECT * {SERVICE:x{?s ?p ?o}}",
    "SELECT * {SERVICEx:y{?s ?p ?o}}",
    "SELECT * {SERVICESILENT:x{?s ?p ?o}}",
    "SELECT * {?s ?p true.SERVICE:x{?s ?p ?o}}",
    "SELECT * {?s ?p 1SERVICE:x{?s ?p ?o}}",
    "SELECT * {FILTER(1<2)SERVICE:x#>\n{?s ?p ?o}}",
    "SELECT * {FILTER(1<'>')SERVICE<http://127.0.0.1:9/>{}#'\n}",
]


@pytest.mark.parametrize("query", CALLS_OUT)
def test_no_spelling_of_service_passes(query: str) -> None:
    ox.Store().query(PREFIXES + query)  # the engine takes it for a query
    with pytest.raises(QueryRefused):
        look(PREFIXES + query)


def test_the_engine_does_not_read_escaped_keywords() -> None:
    """Were it to, the guard would have to decode escapes first."""
    with pytest.raises(SyntaxError):
        ox.Store().query(r"SELECT * { \u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX service: <http://x/> SELECT ?service { ?service service:service 'SERVICE <x> {}' }",
        "SELECT * { ?s ?p <http://example.org/service/x> } # SERVICE",
        "PREFIX nhsservice: <http://x/> SELECT * { GRAPH nhsservice:x { ?s ?p ?o } }",
        'PREFIX e: <http://x/> SELECT * { ?s e:service """ a "SERVICE" """@en-GB }',
        "PREFIX e: <http://x/> SELECT * { ?s e:o\\'service ?o FILTER(?o<3 && ?o>1) }",
        "SELECT * { ?s <http://x/o'reilly> ?o }",
    ],
)
def test_queries_that_only_mention_service_pass(query: str) -> None:
    ox.Store().query(query)
    look(query)


@pytest.mark.parametrize(("opening", "closing"), ["()", "{}", "[]"])
def test_nesting_is_limited(opening: str, closing: str) -> None:
    look("SELECT * " + opening * 100 + closing * 100)
    with pytest.raises(QueryRefused, match="more than 100 deep"):
        look("SELECT * " + opening * 101 + closing * 101)


def test_brackets_in_strings_and_comments_are_not_nesting() -> None:
    look("SELECT * { ?s ?p '" + "(" * 500 + '\' , """' + "{" * 500 + '""" } #' + "[" * 500)


def test_brackets_hidden_in_a_comparison_count() -> None:
    with pytest.raises(QueryRefused):
        look("SELECT * { FILTER(1<" + "(" * 200 + "2>3" + ")" * 200 + ") }")


def test_size_is_counted_in_bytes() -> None:
    with pytest.raises(QueryRefused, match="100,001 bytes; at most 100,000"):
        look("é" * 50_000 + "x")


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(QuerySyntax, match="surrogate"):
        look("SELECT ('\ud800' AS ?x) {}")


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX x: <http://x/> delete where { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "BASE <http://x/> DROP ALL",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused_by_name(update: str) -> None:
    with pytest.raises(QueryRefused, match="is an update"):
        look(update)


@pytest.mark.parametrize(
    ("query", "graphs"),
    [
        ("SELECT * { ?s ?p ?o }", []),
        ("SELECT * FROM <http://x/g> { ?s ?p ?o }", ["http://x/g"]),
        ("SELECT*FROM<http://x/g>FROM NAMED<http://x/h>{}", ["http://x/g", "http://x/h"]),
        ("PREFIX x: <http://x/> ASK FROM x:g FROM NAMED x:h {}", ["http://x/g", "http://x/h"]),
        ("BASE <http://x/> SELECT * FROM <g> {}", ["http://x/g"]),
        ("CONSTRUCT { ?s ?p ?o } FROM <http://x/g> WHERE { ?s ?p ?o }", ["http://x/g"]),
        ("SELECT (EXISTS { ?a ?b ?c } AS ?x) FROM <http://x/g> {}", ["http://x/g"]),
        ("SELECT ?from { ?from ?named 'FROM <http://x/g>' }", []),
    ],
)
def test_the_dataset_of_a_query_is_read(query: str, graphs: list[str]) -> None:
    ox.Store().query(query)
    assert look(query).graphs == graphs


def test_prefixes_are_read() -> None:
    query = "BASE <http://b/> PREFIX x: <http://x/> PREFIX : <y#> SELECT * {}"
    assert look(query).prefixes == {"x": "http://x/", "": "http://b/y#"}
    assert look(query).form == "SELECT"


PIECES = st.lists(st.sampled_from([*"<>\"'#\\(){}[]?$:.@-_ \n", "a", "SERVICE", "é"])).map("".join)


@given(PIECES)
def test_tokens_lose_nothing_but_space_and_comments(query: str) -> None:
    for token in tokens(query):
        assert token.text in query


@given(st.text() | PIECES)
def test_any_text_is_judged_without_a_crash(query: str) -> None:
    with suppress(QueryRefused, QuerySyntax):
        assert isinstance(look(query), Prologue)


def test_an_iri_that_cannot_be_resolved_is_left_to_the_engine() -> None:
    assert look("BASE <http://[/> SELECT * FROM <g> {}").graphs == ["g"]
