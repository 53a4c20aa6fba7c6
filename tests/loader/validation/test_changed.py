"""Validating only what changed finds what a full run finds: changes that Hypothesis chooses, in shipped registers."""

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loader.terms import DEF, ID
from loader.validation.data import neighbourhood, quads
from loader.validation.findings import Finding
from loader.validation.run import validate_changed, validate_store

SEEDS = [
    "organisation/RA7",
    "organisation/QUY",
    "organisation/RVJ",
    "power/accept-provider-undertaking",
]
XSD = "http://www.w3.org/2001/XMLSchema#"
VALUES = [
    ox.Literal("soon"),
    ox.Literal(""),
    ox.Literal("RA7"),
    ox.Literal("1999-01-01", datatype=ox.NamedNode(f"{XSD}date")),
    ox.NamedNode(f"{ID}organisation/RA7"),
    ox.NamedNode(f"{ID}passage/nowhere"),
    ox.NamedNode(f"{DEF}NHSTrust"),
]  # fmt: skip
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@pytest.fixture(scope="module")
def sample(registers: ox.Store) -> list[ox.Quad]:
    """A few organisations and powers of the registers, with what they link to."""
    triples, _ = neighbourhood(registers, [ID + seed for seed in SEEDS])
    return [ox.Quad(t.subject, t.predicate, t.object) for t in triples]


@pytest.fixture(scope="module")
def before(sample: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(sample)
    return store


@pytest.fixture(scope="module")
def known(before: ox.Store) -> set[Finding]:
    return set(validate_store(before, "before").findings)


def choices(sample: list[ox.Quad]) -> list[ox.Quad]:
    """Statements that may change: those about named things, without the ontology's."""
    return sorted((q for q in sample if str(q.subject).startswith(f"<{ID}")), key=str)


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_validating_only_what_changed_finds_what_a_full_run_finds(
    data: st.DataObject, sample: list[ox.Quad], before: ox.Store, known: set[Finding]
) -> None:
    store, touched = ox.Store(), set()
    store.bulk_extend(sample)
    for _ in range(data.draw(st.integers(1, 4))):
        quad = data.draw(st.sampled_from(choices(sample)))
        touched.add(quad.subject.value)
        action = data.draw(st.sampled_from(["remove", "add", "replace", "untype"]))
        if action in ("remove", "replace"):
            store.remove(quad)
        if action in ("add", "replace"):
            store.add(ox.Quad(quad.subject, quad.predicate, data.draw(st.sampled_from(VALUES))))
        if action == "untype":
            for each in list(quads(store, quad.subject, ox.NamedNode(TYPE), None)):
                store.remove(each)
    whole = set(validate_store(store, "after").findings)
    part = set(validate_changed(store, touched, "changed", before).findings)
    assert part <= whole
    assert whole - known <= part
    gone = known - whole
    assert not gone & part


def test_what_a_removed_statement_linked_to_is_validated(
    before: ox.Store, sample: list[ox.Quad]
) -> None:
    """Without its organisation, a membership breaks a rule, though nothing was said of the membership itself."""
    store = ox.Store()
    store.bulk_extend(sample)
    body = ox.NamedNode(f"{ID}organisation/RA7")
    lost = [q for q in sample if q.subject == body and q.predicate.value == f"{DEF}membership"]
    for quad in lost:
        store.remove(quad)
    found = validate_changed(store, [body.value], "changed", before).findings
    assert {f.record for f in found} >= {quad.object.value for quad in lost}
