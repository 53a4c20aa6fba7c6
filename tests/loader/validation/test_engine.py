"""The engine: the W3C suite through our wrapper, subclasses, chosen nodes, and shared work."""

import logging
import os
import warnings
from pathlib import Path

import pytest
from pyshacl.validator_conformance import compare_validation_reports
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.term import Node

from loader.validation.engine import Engine

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
EX = Namespace("http://example.org/")
PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
SHAPES = Graph().parse(
    data=PREFIXES
    + "ex:Named a sh:PropertyShape ; sh:targetClass ex:Body ; sh:path ex:name ; sh:minCount 1 .",
    format="turtle",
)
DATA = Graph().parse(
    data=PREFIXES
    + "ex:Trust rdfs:subClassOf ex:Body . ex:a a ex:Trust . ex:b a ex:Body . "
    + "ex:c a ex:Body ; ex:name 'C' .",
    format="turtle",
)


def test_targets_follow_subclasses() -> None:
    assert {result.focus for result in Engine(DATA, SHAPES).results()} == {EX.a, EX.b}


def test_only_chosen_nodes_are_validated() -> None:
    assert {r.focus for r in Engine(DATA, SHAPES).results({EX.a, EX.c})} == {EX.a}
    assert Engine(DATA, SHAPES).results(set()) == []


def test_neither_graph_is_changed() -> None:
    data, shapes = set(DATA), set(SHAPES)
    Engine(DATA, SHAPES).results()
    assert (set(DATA), set(SHAPES)) == (data, shapes)


def test_a_deactivated_shape_finds_nothing() -> None:
    off = SHAPES + Graph().parse(data=PREFIXES + "ex:Named sh:deactivated true .", format="turtle")
    assert Engine(DATA, off).results() == []


@pytest.mark.filterwarnings("ignore")
def test_w3c_suite() -> None:
    """119 of 121, the rate of the library: set REMIT_SHACL_SUITE to data-shapes-test-suite/tests to run it."""
    folder = os.environ.get("REMIT_SHACL_SUITE")
    if not folder:
        pytest.skip("set REMIT_SHACL_SUITE to the tests of github.com/w3c/data-shapes")
    outcomes = [
        _passes(path, case)
        for path in sorted(Path(folder).rglob("*.ttl"))
        for case in _read(path).subjects(RDF.type, SHT.Validate)
    ]
    assert len(outcomes) == 121
    assert sum(outcomes) >= 119


def _passes(path: Path, case: Node) -> bool:
    graph = _read(path)
    action, expected = graph.value(case, MF.action), graph.value(case, MF.result)
    try:
        data, shapes = (_at(graph.value(action, p)) for p in (SHT.dataGraph, SHT.shapesGraph))
        _, report = Engine(data, shapes).report()
    except Exception:
        return expected == SHT.Failure
    if expected == SHT.Failure:
        return False
    return bool(compare_validation_reports(report, graph, expected, logging.getLogger("w3c")))


def _at(node: Node | None) -> Graph:
    return _read(Path(str(node).removeprefix("file://")))


def _read(path: Path) -> Graph:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Graph().parse(path, format="turtle", publicID=URIRef(path.as_uri()))
