"""Writes held against the shapes before they are published (REMIT_VALIDATE_WRITES)."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from loader.terms import DEF, ID
from server.errors import DataInvalid
from server.store.embedded import EmbeddedStore
from server.store.limits import Limits
from server.store.shape_check import things
from server.store.updates import Using, read_update
from server.store.writes import Writes

EXAMPLES = Path(__file__).parents[3] / "shapes" / "examples" / "R001"
BASIS = f"<{ID}power/example> <{DEF}legalBasis> <{ID}provision/example>"
GRAPH = "http://example.org/powers"


def n_triples(name: str) -> str:
    data = (EXAMPLES / name).read_bytes()
    triples = (quad.triple for quad in ox.parse(data, ox.RdfFormat.TURTLE))
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def update(writes: Writes, text: str) -> None:
    writes.update(text, read_update(text, Using(), size=100_000, depth=50))


@pytest.fixture
def writes(tmp_path: Path, make_build) -> Iterator[Writes]:
    """Writes that are validated, on a merged build that holds one power as it should be."""
    triples = n_triples("valid-entry.ttl")
    data = f"GRAPH <{GRAPH}> {{ {triples} }} {triples}"
    make_build(
        tmp_path / "builds" / "v1", data, version="v1", defaultGraph="merged", made="2026-01-01"
    )
    (tmp_path / "current").symlink_to("builds/v1")
    side = Writes(tmp_path, validate=True)
    yield side
    side.close()


def holds(writes: Writes, pattern: str) -> bool:
    limits = Limits(workers=1, reserved=0, strangers=1)
    with EmbeddedStore(writes._home / "current", limits) as store:
        return store.ask(f"ASK {{ {pattern} }}")


def test_what_breaks_a_rule_is_refused_and_leaves_nothing(writes: Writes) -> None:
    text = f"INSERT DATA {{ <a:note> <a:p> 1 }} ; DELETE DATA {{ GRAPH <{GRAPH}> {{ {BASIS} }} }}"
    with pytest.raises(DataInvalid) as refused:
        update(writes, text)
    finding = refused.value.members["findings"][0]
    assert (finding["rule"], finding["record"]) == ("R001", f"{ID}power/example")
    assert finding["fix"]
    assert finding["label"] in refused.value.detail
    assert (writes._home / "current").resolve().name == "v1"
    update(writes, "INSERT DATA { <a:other> <a:p> 1 }")
    assert holds(writes, f"<a:other> ?p ?o . {BASIS}")
    assert not holds(writes, "<a:note> ?p ?o")


def test_uploads_and_removals_are_validated_too(writes: Writes) -> None:
    with pytest.raises(DataInvalid):
        writes.put(GRAPH, n_triples("invalid-entry.ttl"), replace=True)
    assert holds(writes, BASIS)
    writes.put(GRAPH, n_triples("valid-entry.ttl"), replace=True)
    assert writes.delete(GRAPH).existed  # nothing is left that a rule could miss


def test_what_was_wrong_before_is_not_held_against_a_write(writes: Writes) -> None:
    plain = Writes(writes._home)
    update(plain, f"DELETE DATA {{ GRAPH <{GRAPH}> {{ {BASIS} }} }}")
    plain.close()
    update(writes, f'INSERT DATA {{ <{ID}power/example> <a:note> "seen" }}')
    assert holds(writes, f"<{ID}power/example> <a:note> ?o")


def test_nested_facts_count_as_their_thing() -> None:
    store = ox.Store()
    store.load(b"<a:x> <a:p> [ <a:q> [ <a:r> 1 ] ] . <a:y#part> <a:p> 2 .", ox.RdfFormat.TURTLE)
    deep = [q.triple for q in store if q.predicate.value == "a:r" or q.subject.value == "a:y#part"]
    assert things(store, deep) == {"a:x", "a:y#part", "a:y"}
