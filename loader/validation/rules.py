"""The rules: numbered SHACL shapes in ``shapes/``, and the check that each of them can find something."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SH
from rdflib.term import Node

from loader.errors import Fault, InputError
from loader.paths import content
from loader.terms import DEF, REMIT, slug
from loader.validation.parts import with_parts

SHAPE = "https://w3id.org/remit/shape/"
STATE, REGISTER = "framework constraint", "completeness"
_SEVERITY = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_PATHS = {SH.inversePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath}
_TARGETS = (SH.targetSubjectsOf, SH.targetObjectsOf)
_PREDICATES = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)


@dataclass(frozen=True)
class Rule:
    """One rule: its shape, the sentence that it encodes, and what a steward needs to act on it."""

    iri: str
    number: str
    message: str
    severity: str
    family: str
    fix: str
    owner: str
    affects: str
    sources: tuple[str, ...]
    topic: str
    target: str


@cache
def shapes() -> Graph:
    """Return all shapes as one graph; raises InputError when a file is not Turtle."""
    whole = Graph()
    for path in shape_files():
        whole += _read(path)
    return whole


def shape_files() -> list[Path]:
    """Return the files of shapes, in the order of their names."""
    return sorted(content("shapes").glob("*.ttl"))


@cache
def rules() -> dict[str, Rule]:
    """Return the rules by the IRI of their shape, in the order of their numbers."""
    found = {}
    for path in shape_files():
        graph = _read(path)
        for node in graph.subjects(SH.message, None):
            if str(node).startswith(SHAPE):
                found[str(node)] = _rule(graph, node, path.stem)
    return dict(sorted(found.items()))


@cache
def family_shapes(family: str) -> Graph:
    """Return the shapes of the rules of one family, with the parts that they are made of."""
    whole, part = shapes(), Graph()
    for iri, rule in rules().items():
        if rule.family == family:
            part += with_parts(whole, URIRef(iri))
    return part


def check_shapes(folder: Path | None = None, terms: Graph | None = None) -> list[Fault]:
    """Return a fault for each target, path or value of a shape that the ontology does not describe.

    A shape with a misspelt target conforms silently; this check is what makes it fail. ``folder`` holds the shape
    files, ``terms`` the ontology; both are the shipped ones by default.
    """
    known = terms if terms is not None else ontology()
    faults = []
    for path in sorted((folder or content("shapes")).glob("*.ttl")):
        graph = _read(path)
        for node, term, wanted in _mentions(graph):
            if str(term).startswith(DEF) and not _is_a(known, term, wanted):
                message = f"names remit:{slug(str(term))}, which the ontology does not define as {wanted}."
                place = _line(path, f"remit:{slug(str(term))}")
                remedy = "Correct the term, or define it in ontology/."
                faults.append(Fault(message, path, place, _number(graph, node), remedy))
    return faults


@cache
def ontology() -> Graph:
    """Return the ontology modules as one graph."""
    whole = Graph()
    for path in sorted(content("ontology").glob("*.ttl")):
        whole += _read(path)
    return whole


def path_predicates(graph: Graph, path: Node) -> Iterator[URIRef]:
    """Yield the predicates that a SHACL path mentions."""
    if isinstance(path, URIRef):
        yield path
        return
    for predicate, value in graph.predicate_objects(path):
        if predicate in _PATHS:
            yield from path_predicates(graph, value)
        elif predicate == SH.alternativePath:
            for part in Collection(graph, value):
                yield from path_predicates(graph, part)
    if (path, RDF.first, None) in graph:
        for part in Collection(graph, path):
            yield from path_predicates(graph, part)


def _mentions(graph: Graph) -> Iterator[tuple[Node, Node, str]]:
    """Yield (shape, term, kind of term) for everything that a shape expects the ontology to define."""
    for predicate in (SH.targetClass, SH["class"]):
        for node, term in graph.subject_objects(predicate):
            yield node, term, "a class"
    for predicate in (*_TARGETS, *_PREDICATES, REMIT.faultField):
        for node, term in graph.subject_objects(predicate):
            yield node, term, "a property"
    for node, path in graph.subject_objects(SH.path):
        for term in path_predicates(graph, path):
            yield node, term, "a property"
    for node, term in graph.subject_objects(SH.hasValue):
        yield node, term, "a thing"
    for node, head in graph.subject_objects(SH["in"]):
        for term in Collection(graph, head):
            yield node, term, "a thing"


def _is_a(known: Graph, term: Node, wanted: str) -> bool:
    types = set(known.objects(term, RDF.type))
    if wanted == "a class":
        return OWL.Class in types
    if wanted == "a property":
        return bool(types & {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty})
    return bool(types)


def _rule(graph: Graph, node: Node, stem: str) -> Rule:
    def text(predicate: URIRef) -> str:
        return str(graph.value(node, predicate) or "")

    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
    target = next((t for kind in targets if (t := graph.value(node, kind)) is not None), "")
    severity = graph.value(node, SH.severity)
    return Rule(
        str(node),
        slug(str(node)),
        text(SH.message),
        _SEVERITY[URIRef(str(severity))] if severity is not None else "violation",
        text(REMIT.ruleFamily),
        text(REMIT.fixHint),
        text(REMIT.responsible),
        text(REMIT.affects),
        tuple(sorted(str(source) for source in graph.objects(node, REMIT.statedIn))),
        stem.removesuffix("-advice"),
        slug(str(target)),
    )


@cache
def _read(path: Path) -> Graph:
    """Return a Turtle file as a graph; the store's parser reads it several times faster than rdflib's."""
    try:
        triples = (quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    except SyntaxError as error:
        fault = Fault(f"is not Turtle: {error.msg}.", path, getattr(error, "lineno", None))
        raise InputError(fault) from None
    return Graph().parse(io.BytesIO(text), format="nt")


def _number(graph: Graph, node: Node) -> str:
    """Return the number of the rule to which a part of a shape belongs."""
    seen: set[Node] = set()
    while not str(node).startswith(SHAPE) and node not in seen:
        seen.add(node)
        node = next(iter(graph.subjects(None, node)), node)
    return slug(str(node))


def _line(path: Path, text: str) -> int | None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text in line:
            return number
    return None


@cache
def labels() -> dict[str, str]:
    """Return the labels of the ontology's terms by IRI."""
    return {str(term): str(label) for term, label in ontology().subject_objects(RDFS.label)}
