"""The engine: subclasses, chosen nodes, and values that the library cannot compare."""

from rdflib import Graph, Namespace

from loader.validation.engine import Engine

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


def test_values_that_the_library_cannot_compare_are_found_and_stop_nothing() -> None:
    shapes = Graph().parse(
        data=PREFIXES
        + "ex:Order a sh:PropertyShape ; sh:targetClass ex:Body ; sh:path ex:from ; sh:lessThan ex:to .",
        format="turtle",
    )
    data = Graph().parse(
        data=PREFIXES
        + "ex:a a ex:Body ; ex:from [] ; ex:to 2 . ex:b a ex:Body ; ex:from 3 ; ex:to 2 . "
        + "ex:c a ex:Body ; ex:from 1 ; ex:to 2 .",
        format="turtle",
    )
    assert {result.focus for result in Engine(data, shapes).results()} == {EX.a, EX.b}
