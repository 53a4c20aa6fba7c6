"""The fast engine and the reference find the same: in all examples at once, and in examples changed at random."""

import random
import re
from collections import Counter
from collections.abc import Callable

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import BNode, Graph, URIRef

from loader.errors import InputError
from loader.terms import DEF
from loader.validation.data import hierarchy
from loader.validation.engines import chosen, results
from loader.validation.examples import examples
from loader.validation.fast import FastEngine, parted, understood
from loader.validation.result import Result
from loader.validation.rules import REGISTER, STATE, family_shapes, rules

needs_fast = pytest.mark.usefixtures("_fast")
XSD = "http://www.w3.org/2001/XMLSchema#"
KIND = {REGISTER: "entry", STATE: "record"}
ODD = [
    ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
    for text, kind in (
        ("soon", "string"), ("", "string"), ("RA7", "string"), ("ra7", "string"), ("a\nb", "string"),
        ("2023-05-01", "date"), ("2021-01-31", "date"), ("3", "integer"), ("28", "integer"), ("03", "integer"),
        ("10.00", "decimal"), ("99999999999999999999", "integer"), ("28", "nonNegativeInteger"),
    )
] + [ox.Literal("hello", language="en"), ox.NamedNode(f"{DEF}Power"), ox.NamedNode("urn:x:no")]  # fmt: skip


@pytest.fixture(scope="module")
def _fast() -> None:
    pytest.importorskip("shifty", reason="the fast engine (the extra “fast”) is not installed")


def counted(found: list[Result]) -> Counter[tuple[object, ...]]:
    return Counter(
        (r.shape, r.focus, "_" if isinstance(r.path, BNode) else r.path, r.value, r.component, r.severity, r.message)
        for r in found
    )  # fmt: skip


def examples_of(family: str) -> list[list[ox.Triple]]:
    """Return the statements of each example; those of entries get names and codes that no other example has."""
    found = []
    for number, path in enumerate(sorted(examples().glob(f"R*/*-{KIND[family]}.ttl"))):
        text = re.sub(
            r"(/id/[a-z-]+/)example", rf"\g<1>{path.stem}-{number}", path.read_text("utf-8")
        )
        text = re.sub(r'(label "|"ZX|"zx)', rf"\g<1>{number}", text)
        found.append([q.triple for q in ox.parse(text, format=ox.RdfFormat.TURTLE)])
    return found


def both(triples: list[ox.Triple], family: str) -> list[Counter[tuple[object, ...]]]:
    whole = [*hierarchy(), *triples]
    return [counted(results(whole, family, engine=name)) for name in ("fast", "reference")]


@needs_fast
@pytest.mark.parametrize("family", [REGISTER, STATE])
def test_the_fast_engine_takes_all_our_rules(family: str) -> None:
    tops = [URIRef(iri) for iri, rule in rules().items() if rule.family == family]
    taken, rest = parted(family_shapes(family), tops)
    assert set(taken) == set(family_shapes(family))
    assert len(rest) == 0


@needs_fast
@pytest.mark.parametrize(("family", "least"), [(REGISTER, 128), (STATE, 202)])
def test_both_find_the_same_in_all_examples(family: str, least: int) -> None:
    fast, reference = both([t for each in examples_of(family) for t in each], family)
    assert fast == reference
    assert len({key[0] for key in reference}) >= least


def changed(
    triples: list[ox.Triple], chance: random.Random, some: list[ox.Triple]
) -> list[ox.Triple]:
    """Return statements of which a few are left out, repeated with the value of another, or given an odd value."""
    actions: list[Callable[[ox.Triple], list[ox.Triple]]] = [
        lambda t: [],
        lambda t: [t, ox.Triple(t.subject, t.predicate, chance.choice(some).object)],
        lambda t: [ox.Triple(t.subject, t.predicate, chance.choice(ODD))],
    ]
    found: list[ox.Triple] = []
    for triple in triples:
        typed = triple.predicate.value.endswith("#type")
        action = chance.choice(actions) if not typed and chance.random() < 0.1 else lambda t: [t]
        found += action(triple)
    return found


@needs_fast
@settings(deadline=None, max_examples=6, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.sampled_from([REGISTER, STATE]))
def test_both_find_the_same_in_examples_changed_at_random(
    chance: random.Random, family: str
) -> None:
    some = chance.sample(examples_of(family), 12)
    triples = list({t for each in some for t in each})
    fast, reference = both(changed(sorted(triples, key=str), chance, triples), family)
    assert comparable(fast) == comparable(reference)
    assert fast >= reference


def comparable(found: Counter[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    """Leave out comparisons: of values that are not of one kind the reference says that they are in order.

    SHACL calls such a pair a finding, as the fast engine does; the rule on the kind of value finds it in both.
    """
    order = ("LessThan", "Inclusive", "Exclusive", "OrConstraint", "NotConstraint")
    return Counter(
        {key: n for key, n in found.items() if not any(part in str(key[4]) for part in order)}
    )


CUSTOM = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
ex:Plain a sh:PropertyShape ; sh:targetClass ex:Body ; sh:path ex:name ; sh:minCount 1 .
ex:Query a sh:NodeShape ; sh:targetClass ex:Body ;
    sh:sparql [ sh:select "SELECT $this WHERE { $this <http://example.org/bad> ?value }" ] .
ex:Loop a sh:NodeShape ; sh:targetClass ex:Body ; sh:property [ sh:path ex:next ; sh:node ex:Loop ] .
"""


def test_shapes_beyond_core_or_that_lead_back_to_themselves_go_to_the_reference() -> None:
    shapes = Graph().parse(data=CUSTOM, format="turtle")
    tops = [URIRef(f"http://example.org/{name}") for name in ("Plain", "Query", "Loop")]
    taken, rest = parted(shapes, tops)
    assert set(taken.subjects()) == {tops[0]}
    assert {tops[1], tops[2]} <= set(rest.subjects())
    assert not understood(shapes)


@needs_fast
def test_the_fast_engine_refuses_what_it_does_not_understand() -> None:
    with pytest.raises(ValueError, match="without recursion"):
        FastEngine(Graph().parse(data=CUSTOM, format="turtle"))


def test_an_engine_is_chosen_by_name_or_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loader.validation.engines.installed", lambda: True)
    assert chosen() == "fast"
    monkeypatch.setenv("REMIT_SHACL", "reference")
    assert chosen() == "reference"
    assert chosen("fast") == "fast"
    monkeypatch.setattr("loader.validation.engines.installed", lambda: False)
    assert chosen("auto") == "reference"
    with pytest.raises(InputError, match="is not installed"):
        chosen("fast")
    with pytest.raises(InputError, match="Use one of auto, reference, fast"):
        chosen("slow")
