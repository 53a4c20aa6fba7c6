import pytest
from rdflib import XSD, BNode, Literal, URIRef

from server.errors import StoreUnavailable
from server.store import results


def test_rows_hold_rdflib_terms() -> None:
    body = b"""{"head": {"vars": ["a"]}, "results": {"bindings": [
        {"a": {"type": "uri", "value": "http://x/"}, "b": {"type": "bnode", "value": "n"}},
        {"a": {"type": "literal", "value": "Ash", "xml:lang": "en"},
         "b": {"type": "literal", "value": "007",
               "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}, {}]}}"""
    assert results.read_rows(body) == [
        {"a": URIRef("http://x/"), "b": BNode("n")},
        {
            "a": Literal("Ash", lang="en"),
            "b": Literal("007", datatype=XSD.integer, normalize=False),
        },
        {},
    ]


def test_the_lexical_form_of_a_literal_is_kept() -> None:
    body = b"""{"results": {"bindings": [{"a": {"type": "literal", "value": "007",
        "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}]}}"""
    assert str(results.read_rows(body)[0]["a"]) == "007"


def test_equal_terms_are_one_object() -> None:
    cell = '{"a": {"type": "uri", "value": "http://x/"}}'
    rows = results.read_rows(f'{{"results": {{"bindings": [{cell}, {cell}]}}}}'.encode())
    assert rows[0]["a"] is rows[1]["a"]


def test_a_triple_term_is_refused() -> None:
    with pytest.raises(StoreUnavailable, match="triple term"):
        results.read_rows(b'{"results": {"bindings": [{"a": {"type": "triple", "value": {}}}]}}')


@pytest.mark.parametrize(
    ("accept", "select", "graph"),
    [
        ("", "application/sparql-results+json", "text/turtle"),
        ("application/json", "application/json", "application/json"),
        ("text/csv, text/turtle;q=0.5", "text/csv", "text/turtle"),
        ("application/rdf+xml", None, "application/rdf+xml"),
        ("image/png", None, None),
    ],
)
def test_each_kind_of_result_is_negotiated(
    accept: str, select: str | None, graph: str | None
) -> None:
    chosen = results.negotiate(accept)
    assert (chosen["select"], chosen["ask"], chosen["graph"]) == (select, select, graph)


def test_the_engine_gets_its_own_names_of_formats() -> None:
    chosen = results.negotiate("application/json")
    assert results.engine_formats(chosen) == {
        "select": "application/sparql-results+json",
        "ask": "application/sparql-results+json",
        "graph": "application/ld+json",
    }


def test_text_types_name_their_charset() -> None:
    assert results.content_type("text/csv") == "text/csv; charset=utf-8"
    assert results.content_type("text/turtle") == "text/turtle"
