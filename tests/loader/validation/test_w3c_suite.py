"""The W3C suite through our wrapper, and the agreement of the fast engine with the reference on it.

Set REMIT_SHACL_SUITE to the folder data-shapes-test-suite/tests of github.com/w3c/data-shapes.
"""

import logging
import os
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyshacl.validator_conformance import compare_validation_reports
from rdflib import BNode, Graph, Namespace, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from loader.validation.data import graph
from loader.validation.engine import Engine
from loader.validation.fast import FastEngine, understood
from loader.validation.result import Result

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
REPORT = {
    str(SH[name])
    for name in [
        "conforms",
        "result",
        "focusNode",
        "resultPath",
        "resultSeverity",
        "resultMessage",
        "sourceShape",
        "sourceConstraint",
        "value",
        "detail",
        "sourceConstraintComponent",
    ]
}
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def suite() -> list[tuple[Path, Node]]:
    """Each case of the suite: its file and its name."""
    folder = os.environ.get("REMIT_SHACL_SUITE")
    if not folder:
        pytest.skip("set REMIT_SHACL_SUITE to the tests of github.com/w3c/data-shapes")
    paths = sorted(Path(folder).rglob("*.ttl"))
    found = [(path, case) for path in paths for case in cases(path)]
    assert len(found) == 121
    return found


def test_119_of_121_pass_as_in_the_library(suite: list[tuple[Path, Node]]) -> None:
    assert sum(passes(path, case) for path, case in suite) >= 119


def test_the_fast_engine_finds_what_the_reference_finds(suite: list[tuple[Path, Node]]) -> None:
    """On every case whose shapes it takes; the others go to the reference."""
    pytest.importorskip("shifty", reason="the fast engine (the extra “fast”) is not installed")
    taken, differing = 0, []
    for path, case in suite:
        data, shapes = files(path, case)
        if not understood(graph(shapes)) or wanted_failure(path, case):
            continue
        taken += 1
        if fast(data, shapes) != reference(data, shapes):
            differing.append(path.name)
    assert differing == []
    assert taken >= 90


def fast(data: list[ox.Triple], shapes: list[ox.Triple]) -> Counter[tuple[object, ...]]:
    text = ox.serialize(data, format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    return counted(FastEngine(graph(shapes)).results(text))


def reference(data: list[ox.Triple], shapes: list[ox.Triple]) -> Counter[tuple[object, ...]]:
    return counted(Engine(graph(data), graph(shapes)).results())


def counted(results: list[Result]) -> Counter[tuple[object, ...]]:
    """Count results by all their parts; nodes without a name count as one."""
    parts = ((r.focus, r.path, r.value, r.shape, r.component, r.severity) for r in results)
    return Counter(tuple("_" if isinstance(p, BNode) else p for p in each) for each in parts)


def wanted_failure(path: Path, case: Node) -> bool:
    return read(path).value(case, MF.result) == SHT.Failure


def files(path: Path, case: Node) -> tuple[list[ox.Triple], list[ox.Triple]]:
    known = read(path)
    action = known.value(case, MF.action)
    data, shapes = (
        statements(at(known.value(action, p))) for p in (SHT.dataGraph, SHT.shapesGraph)
    )
    return data, [t for t in shapes if t.predicate.value not in REPORT]


def statements(path: Path) -> list[ox.Triple]:
    """Return the statements of a file with each text as it was written, which rdflib would put in order."""
    parsed = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())
    return [quad.triple for quad in parsed]


def passes(path: Path, case: Node) -> bool:
    known = read(path)
    action, expected = known.value(case, MF.action), known.value(case, MF.result)
    try:
        data, shapes = (read(at(known.value(action, p))) for p in (SHT.dataGraph, SHT.shapesGraph))
        _, report = Engine(data, shapes).report()
    except Exception:
        return expected == SHT.Failure
    if expected == SHT.Failure:
        return False
    return bool(compare_validation_reports(report, known, expected, logging.getLogger("w3c")))


def cases(path: Path) -> Iterator[Node]:
    yield from read(path).subjects(None, SHT.Validate)


def at(node: Node | None) -> Path:
    return Path(str(node).removeprefix("file://"))


def read(path: Path) -> Graph:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Graph().parse(path, format="turtle", publicID=URIRef(path.as_uri()))
