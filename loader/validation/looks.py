"""What rules look at: the properties that they read, and how far from a node they read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from rdflib import RDF, Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from loader.terms import DEF
from loader.validation.rules import family_shapes, path_predicates, rules

_COMPARED = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_BEYOND = (
    SH["class"], SH.node, SH.property, SH["and"], SH["or"], SH["not"], SH.xone, SH.qualifiedValueShape,
)  # fmt: skip


@dataclass(frozen=True)
class Looks:
    """What the rules of a family look at; properties are written as in N-Triples.

    ``read`` are all properties that they read. Of ``forward`` ones they read statements about the values too. By
    ``backward`` ones they go from a value to whatever has it, and of that they read its classes. ``pointed`` ones make
    a value something to judge. ``targets`` are the classes whose things the rules are about.
    """

    read: frozenset[bytes]
    forward: frozenset[bytes]
    backward: frozenset[bytes]
    pointed: frozenset[bytes]
    targets: frozenset[str]


@cache
def looks(family: str) -> Looks:
    """Return what the rules of a family look at."""
    shapes = family_shapes(family)
    paths = list(shapes.subject_objects(SH.path))
    backward = {p for _, path in paths for p in _inverse(shapes, path)}
    forward = {p for shape, path in paths for p in _leads_on(shapes, shape, path)} - backward
    pointed = set(shapes.objects(None, SH.targetObjectsOf))
    read = {p for _, path in paths for p in path_predicates(shapes, path)} | pointed | {RDF.type}
    for term in (SH.targetSubjectsOf, *_COMPARED):
        read.update(shapes.objects(None, term))
    targets = {rule.target for rule in rules().values() if rule.family == family}
    classes = {
        DEF + name
        for name in targets
        if DEF + name in map(str, shapes.objects(None, SH.targetClass))
    }
    return Looks(
        _bytes(read), _bytes(forward), _bytes(backward), _bytes(pointed), frozenset(classes)
    )


def _inverse(shapes: Graph, path: Node) -> Iterator[Node]:
    for part in (path, *shapes.transitive_objects(path, None)):
        yield from shapes.objects(part, SH.inversePath)


def _leads_on(shapes: Graph, shape: Node, path: Node) -> Iterator[Node]:
    """Yield the properties of a path whose values the rule reads more of than that they are there."""
    in_steps = (path, RDF.first, None) in shapes
    if in_steps or any((shape, term, None) in shapes for term in _BEYOND):
        yield from path_predicates(shapes, path)


def _bytes(terms: Iterable[Node]) -> frozenset[bytes]:
    return frozenset(f"<{term}>".encode() for term in terms if isinstance(term, URIRef))
