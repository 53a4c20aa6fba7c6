"""Result formats: what is on offer, and how results become rdflib terms."""

import json
from collections.abc import Callable
from typing import Any

from rdflib import XSD, BNode, Literal, URIRef

from server.errors import StoreUnavailable
from server.negotiation import choose
from server.store.protocol import Row, Term

JSON = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"

# Each media type on offer, in order of preference, with the engine's name for the same format.
SELECT_FORMATS = {
    JSON: JSON,
    "application/sparql-results+xml": "application/sparql-results+xml",
    "text/csv": "text/csv",
    "text/tab-separated-values": "text/tab-separated-values",
    "application/json": JSON,
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}
GRAPH_FORMATS = {
    "text/turtle": "text/turtle",
    N_TRIPLES: N_TRIPLES,
    "application/rdf+xml": "application/rdf+xml",
    "application/ld+json": "application/ld+json",
    "text/plain": N_TRIPLES,
    "application/x-turtle": "text/turtle",
    "application/xml": "application/rdf+xml",
    "text/xml": "application/rdf+xml",
    "application/json": "application/ld+json",
}
OFFERED = {"select": SELECT_FORMATS, "ask": SELECT_FORMATS, "graph": GRAPH_FORMATS}

# The media types in which RDF is read.
PARSED = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")

_CHARSET = ("text/csv", "text/tab-separated-values", "text/plain")


def negotiate(accept: str) -> dict[str, str | None]:
    """Choose the media type to send for each kind of result; None where none is acceptable."""
    return {kind: choose(list(formats), accept) for kind, formats in OFFERED.items()}


def engine_formats(chosen: dict[str, str | None]) -> dict[str, str | None]:
    """Translate chosen media types into the engine's names of the same formats."""
    return {kind: name and OFFERED[kind][name] for kind, name in chosen.items()}


def content_type(media_type: str) -> str:
    """Add the charset to the text types whose default is not UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type in _CHARSET else media_type


def read_rows(body: bytes) -> list[Row]:
    """Read SPARQL JSON results into rows of rdflib terms; unbound variables are left out.

    Equal terms of one result share one object. Raises StoreUnavailable for a triple term, which
    rdflib cannot hold.
    """
    cache: dict[tuple[str, ...], Term] = {}
    return [
        {name: _term(value, cache) for name, value in binding.items()}
        for binding in json.loads(body)["results"]["bindings"]
    ]


def read_answer(body: bytes) -> bool:
    """Read the SPARQL JSON result of an ASK query, also in the form of Virtuoso: a row with 1 or 0."""
    found = json.loads(body)
    if "boolean" in found:
        return bool(found["boolean"])
    return any(
        value["value"] == "1" for row in found["results"]["bindings"] for value in row.values()
    )


def _term(value: dict[str, Any], cache: dict[tuple[str, ...], Term]) -> Term:
    if value["type"] not in _MAKERS:
        raise StoreUnavailable("The result holds a triple term, which cannot be shown here.")
    key = (value["type"], value["value"], value.get("datatype", ""), value.get("xml:lang", ""))
    term = cache.get(key)
    if term is None:
        term = cache[key] = _MAKERS[value["type"]](value)
    return term


def _literal(value: dict[str, Any]) -> Literal:
    datatype, text = value.get("datatype"), value["value"]
    if datatype == str(XSD.boolean):
        text = {"1": "true", "0": "false"}.get(text, text)  # some engines write the short form
    return Literal(
        text,
        lang=value.get("xml:lang"),
        datatype=URIRef(datatype) if datatype else None,
        normalize=False,
    )


_MAKERS: dict[str, Callable[[dict[str, Any]], Term]] = {
    "uri": lambda value: URIRef(value["value"]),
    "bnode": lambda value: BNode(value["value"]),
    "literal": _literal,
    "typed-literal": _literal,  # the older name, which Virtuoso uses
}
