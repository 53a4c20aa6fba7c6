"""What a shape is made of."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF, BNode, Graph
from rdflib.namespace import SH
from rdflib.term import Node

_LEADS = (
    SH.property,
    SH.node,
    SH["and"],
    SH["or"],
    SH["not"],
    SH.xone,
    SH.qualifiedValueShape,
    RDF.first,
    RDF.rest,
)


def with_parts(source: Graph, top: Node) -> Graph:
    """Return the statements of a shape and of what it is made of."""
    found: Graph = Graph()
    waiting, seen = [top], {top}
    while waiting:
        for triple in source.triples((waiting.pop(), None, None)):
            found.add(triple)
            value = triple[2]
            if value not in seen and (isinstance(value, BNode) or triple[1] in _LEADS):
                seen.add(value)
                waiting.append(value)
    return found


def recursive(shapes: Graph) -> bool:
    """Return whether some shape leads back to itself."""
    done: set[Node] = set()
    for start in set(shapes.subjects()):
        waiting, seen = [start], set[Node]()
        while waiting:
            for value in _parts(shapes, waiting.pop()):
                if value == start:
                    return True
                if value not in seen and value not in done:
                    seen.add(value)
                    waiting.append(value)
        done.add(start)
    return False


def _parts(shapes: Graph, start: Node) -> Iterator[Node]:
    for predicate in _LEADS:
        yield from shapes.objects(start, predicate)
