"""Materialise what follows from the registers: the rules in ``queries/derive``, run in the order of their names."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from loader.catalogue import Query, catalogue
from loader.graph import DERIVED_GRAPH, merged


def derive(store: ox.Store) -> dict[str, int]:
    """Run every rule over ``store`` and add what it concludes to the derived graph.

    Returns the number of statements each rule concluded, by rule name. Each rule is a CONSTRUCT query over the
    default graph, which merges all named graphs, and sees the conclusions of the rules before it.
    """
    return {name: _run(store, rule) for name, rule in catalogue("derive").items()}


def _run(store: ox.Store, rule: Query) -> int:
    result = store.query(rule.text)
    assert isinstance(result, ox.QueryTriples)  # noqa: S101 - the catalogue test holds rules to CONSTRUCT
    concluded = _Counted(result)
    store.extend(merged(concluded))
    return concluded.count


class _Counted:
    """The conclusions of a rule as quads of the derived graph, made one by one and counted as they pass."""

    def __init__(self, triples: ox.QueryTriples) -> None:
        self._triples = triples
        self.count = 0

    def __iter__(self) -> Iterator[ox.Quad]:
        graph = ox.NamedNode(DERIVED_GRAPH)
        for triple in self._triples:
            self.count += 1
            yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
