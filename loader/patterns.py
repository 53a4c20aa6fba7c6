"""Small look-ups of statements in a store, by pattern."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def text(term: Term) -> str:
    """Return the IRI, the blank node's name or the literal's text; a quoted triple in N-Triples."""
    return str(term) if isinstance(term, ox.Triple) else term.value


def pairs(
    store: ox.Store, predicate: str, subject: Node | None = None, target: Term | None = None
) -> Iterator[tuple[ox.NamedNode | ox.BlankNode, Term]]:
    """Yield subject and object of the statements with this predicate (an IRI), each once."""
    found = store.quads_for_pattern(subject, ox.NamedNode(predicate), target, ox.DefaultGraph())
    for quad in found:
        if not isinstance(quad.subject, ox.Triple):
            yield quad.subject, quad.object
