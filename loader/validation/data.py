"""The data that rules look at: a store's default graph, or the neighbourhood of some things in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from oxrdflib.store import OxigraphStore
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.namespace import SH
from rdflib.term import Node

from loader.validation.fast import node
from loader.validation.rules import ontology, path_predicates, shapes

TYPE = ox.NamedNode(str(RDF.type))


def view(store: ox.Store) -> Graph:
    """Return the default graph of a store behind rdflib's interface, without copying it."""
    return Graph(OxigraphStore(store=store), identifier=DATASET_DEFAULT_GRAPH_ID)


@cache
def hierarchy() -> tuple[ox.Triple, ...]:
    """Return the subclass statements of the ontology, which targets follow."""
    return tuple(
        ox.Triple(ox.NamedNode(str(cls)), ox.NamedNode(str(RDFS.subClassOf)), ox.NamedNode(above))
        for cls, above in ontology().subject_objects(RDFS.subClassOf)
        if isinstance(above, URIRef)
    )


def graph(triples: Iterable[ox.Triple]) -> Graph:
    """Return statements of the store's engine as a graph of rdflib, each text as it was written."""
    data = Graph()
    for triple in triples:
        data.add((node(triple.subject), node(triple.predicate), node(triple.object)))
    return data


def dump(triples: Iterable[ox.Triple], path: Path) -> Path:
    """Write statements to a file as N-Triples and return its path."""
    ox.serialize(triples, output=str(path), format=ox.RdfFormat.N_TRIPLES)
    return path


def quads(store: ox.Store, s: object, p: object, o: object) -> Iterator[ox.Quad]:
    """Yield the quads of the default graph of a store that fit a pattern."""
    return store.quads_for_pattern(s, p, o, ox.DefaultGraph())  # type: ignore[arg-type]


def about(store: ox.Store, subjects: Iterable[str]) -> Iterator[ox.Triple]:
    """Yield the statements whose subjects are given by IRI."""
    for subject in subjects:
        for quad in quads(store, ox.NamedNode(subject), None, None):
            yield quad.triple


def things(store: ox.Store, size: int) -> Iterator[list[str]]:
    """Yield the IRIs of the things in a store, without the facts nested in them, ``size`` at a time."""
    part: dict[str, None] = {}
    for quad in quads(store, None, TYPE, None):
        if isinstance(quad.subject, ox.NamedNode) and "#" not in quad.subject.value:
            part[quad.subject.value] = None
            if len(part) >= size:
                yield list(part)
                part = {}
    if part:
        yield list(part)


def neighbourhood(
    store: ox.Store, chosen: Collection[str], before: ox.Store | None = None
) -> tuple[list[ox.Triple], set[Node]]:
    """Return what rules can look at around some things, and the nodes that a change to the things can affect.

    Those nodes are the things with what is nested in them, whatever links to them, and whatever they link to, now and
    in the store ``before`` the change. Of each go along its own statements, those of the nodes that it links to, and
    what shares a value by an inverse path.
    """
    affected = _affected(store, chosen) | (
        _affected(before, chosen) if before is not None else set()
    )
    found = {q.triple for q in quads(store, None, ox.NamedNode(str(RDFS.subClassOf)), None)}
    near: set[Any] = set(affected)
    for each in affected:
        if not isinstance(each, ox.Literal):
            near.update(q.object for q in quads(store, each, None, None))
        for predicate in _inverse_predicates():
            near.update(q.subject for q in quads(store, None, predicate, each))
    for each in near:
        if not isinstance(each, ox.Literal):
            found.update(q.triple for q in quads(store, each, None, None))
    return list(found), {node(each) for each in affected}


def _affected(store: ox.Store, chosen: Collection[str]) -> set[Any]:
    own: set[Any] = {ox.NamedNode(thing) for thing in chosen}
    own.update(quad.subject for thing in chosen for quad in _of_thing(store, thing))
    affected = set(own)
    for subject in own:
        affected.update(q.object for q in quads(store, subject, None, None) if q.predicate != TYPE)
        affected.update(q.subject for q in quads(store, None, None, subject))
    return affected


def _of_thing(store: ox.Store, thing: str) -> Iterator[ox.Quad]:
    """Yield the statements of a thing and of the facts nested in it, whose IRIs begin with its own and “#”."""
    waiting, seen = [ox.NamedNode(thing)], {thing}
    while waiting:
        for quad in quads(store, waiting.pop(), None, None):
            yield quad
            value = quad.object
            if not isinstance(value, ox.NamedNode) or value.value in seen:
                continue
            if value.value.startswith(f"{thing}#"):
                seen.add(value.value)
                waiting.append(value)


@cache
def _inverse_predicates() -> list[ox.NamedNode]:
    whole = shapes()
    inverse = {
        p for part in whole.objects(None, SH.inversePath) for p in path_predicates(whole, part)
    }
    return [ox.NamedNode(str(predicate)) for predicate in sorted(inverse)]
