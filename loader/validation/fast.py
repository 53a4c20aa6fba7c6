"""The fast engine: shifty, for volume. It takes SHACL Core; every other shape goes to the reference, pySHACL.

The tests show that both find the same in the W3C suite and in the examples of all our rules.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import SH, XSD
from rdflib.term import Node

from loader.validation.parts import recursive, with_parts
from loader.validation.result import Result

_CORE = frozenset(
    SH[name]
    for name in [
        "targetClass",
        "targetNode",
        "targetSubjectsOf",
        "targetObjectsOf",
        "path",
        "property",
        "node",
        "and",
        "or",
        "not",
        "xone",
        "in",
        "class",
        "datatype",
        "nodeKind",
        "minCount",
        "maxCount",
        "minInclusive",
        "maxInclusive",
        "minExclusive",
        "maxExclusive",
        "minLength",
        "maxLength",
        "pattern",
        "flags",
        "languageIn",
        "uniqueLang",
        "equals",
        "disjoint",
        "lessThan",
        "lessThanOrEquals",
        "hasValue",
        "closed",
        "ignoredProperties",
        "qualifiedValueShape",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "qualifiedValueShapesDisjoint",
        "inversePath",
        "alternativePath",
        "zeroOrMorePath",
        "oneOrMorePath",
        "zeroOrOnePath",
        "severity",
        "message",
        "deactivated",
        "name",
        "description",
        "order",
        "group",
        "defaultValue",
    ]
)
_FORMAT = "ntriples"


def installed() -> bool:
    """Return whether the fast engine is installed (the extra ``fast``)."""
    return importlib.util.find_spec("shifty") is not None


def understood(shapes: Graph) -> bool:
    """Return whether shapes use SHACL Core only and none refers to itself: what both engines understand alike."""
    terms = (p for p in shapes.predicates() if str(p).startswith(str(SH)))
    return all(term in _CORE for term in terms) and not recursive(shapes)


class FastEngine:
    """Shapes made ready to validate any number of data graphs; raises ValueError where it does not understand them."""

    def __init__(self, shapes: Graph) -> None:
        from shifty._shifty import PreparedValidator

        if not understood(shapes):
            raise ValueError("The fast engine takes SHACL Core without recursion.")
        text = shapes.serialize(format="nt", encoding="utf-8")
        self._validator = PreparedValidator(text, None, _FORMAT, None)

    def results(self, data: bytes | Path) -> list[Result]:
        """Return what every shape finds in data, N-Triples in memory or in a file, with the class hierarchy."""
        path, content = (str(data), None) if isinstance(data, Path) else (None, data)
        found = self._validator.validate_w3c(
            content, path, _FORMAT, "data", None, False, "info", False, "error", False
        )
        return list(_results(found.report_turtle))


def parted(shapes: Graph, tops: Iterable[Node]) -> tuple[Graph, Graph]:
    """Return the shapes that the fast engine takes, and the rest; ``tops`` are those that have targets."""
    taken, rest = Graph(), Graph()
    for top in tops:
        part = with_parts(shapes, top)
        target = taken if understood(part) else rest
        target += part
    return taken, rest


def node(term: Any) -> Any:
    """Return a term of the store's engine as rdflib has it, its text as it was written."""
    if isinstance(term, ox.NamedNode):
        return iri(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    datatype = None if term.language else iri(term.datatype.value)
    kind = None if datatype == XSD.string else datatype
    return Literal(term.value, lang=term.language, datatype=kind, normalize=False)


@lru_cache(maxsize=100_000)
def iri(text: str) -> URIRef:
    """Return an IRI as rdflib has it."""
    return URIRef(text)


def _results(report: str) -> Iterator[Result]:
    parts: dict[Any, dict[str, Any]] = {}
    top: list[Any] = []
    for quad in ox.parse(report.encode(), format=ox.RdfFormat.TURTLE):
        if quad.predicate.value == str(SH.result):
            top.append(quad.object)
        else:
            parts.setdefault(quad.subject, {}).setdefault(quad.predicate.value, quad.object)
    return (_result(parts[subject]) for subject in top)


def _result(parts: dict[str, Any]) -> Result:
    def part(name: Node) -> Any:
        term = parts.get(str(name))
        return None if term is None else node(term)

    return Result(
        part(SH.sourceShape),
        part(SH.focusNode),
        part(SH.resultPath),
        part(SH.value),
        part(SH.sourceConstraintComponent),
        str(part(SH.resultMessage) or ""),
        part(SH.resultSeverity),
    )
