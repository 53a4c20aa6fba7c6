"""Which engine validates: the fast one where it is installed and understands the shapes, else the reference, pySHACL.

``REMIT_SHACL`` chooses: ``auto`` (the default), ``reference``, or ``fast``, an error where it is not installed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.term import Node

from loader.errors import Fault, InputError
from loader.validation.data import dump, graph
from loader.validation.engine import Engine
from loader.validation.fast import FastEngine, installed, parted
from loader.validation.result import Result
from loader.validation.rules import family_shapes, rules

VARIABLE = "REMIT_SHACL"
AUTO, REFERENCE, FAST = "auto", "reference", "fast"
NAMES = (AUTO, REFERENCE, FAST)


def chosen(name: str | None = None) -> str:
    """Return ``reference`` or ``fast``: what ``name`` says, or else the environment.

    Raises InputError where there is no such engine, or it is not installed.
    """
    asked = name or os.environ.get(VARIABLE) or AUTO
    if asked not in NAMES:
        raise InputError(
            Fault(f"{VARIABLE} is “{asked}”.", remedy=f"Use one of {', '.join(NAMES)}.")
        )
    if asked == FAST and not installed():
        remedy = "Install it: pip install 'remit-graph[fast]'."
        raise InputError(Fault("The fast SHACL engine is not installed.", remedy=remedy))
    if asked == AUTO:
        return FAST if installed() else REFERENCE
    return asked


def results(
    triples: Iterable[ox.Triple],
    family: str,
    focus: Collection[Node] | None = None,
    workers: int = 1,
    engine: str | None = None,
) -> list[Result]:
    """Return what the rules of a family find in statements, or what they find at ``focus`` nodes."""
    if chosen(engine) == REFERENCE:
        return Engine(graph(triples), family_shapes(family)).results(focus, workers)
    with tempfile.TemporaryDirectory(prefix="remit-shacl-") as folder:
        path = dump(triples, Path(folder) / "data.nt")
        return of_file(path, family, focus, workers, engine)


def of_file(
    path: Path,
    family: str,
    focus: Collection[Node] | None = None,
    workers: int = 1,
    engine: str | None = None,
) -> list[Result]:
    """Return what the rules of a family find in a file of N-Triples; the reference does what the fast engine leaves."""
    if chosen(engine) == REFERENCE:
        return Engine(_parsed(path), family_shapes(family)).results(focus, workers)
    fast, rest = _engines(family)
    found = [r for r in fast.results(path) if focus is None or r.focus in focus]
    if len(rest):
        found += Engine(_parsed(path), rest).results(focus, workers)
    return found


def _parsed(path: Path) -> Graph:
    parsed = ox.parse(path=str(path), format=ox.RdfFormat.N_TRIPLES)
    return graph(quad.triple for quad in parsed)


@cache
def _engines(family: str) -> tuple[FastEngine, Graph]:
    tops = [URIRef(iri) for iri, rule in rules().items() if rule.family == family]
    taken, rest = parted(family_shapes(family), tops)
    return FastEngine(taken), rest
