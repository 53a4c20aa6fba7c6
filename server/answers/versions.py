"""What changed in the registers between two data versions, entry by entry."""

from __future__ import annotations

from collections import defaultdict

from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from server.answers.reference import Json, Reference, reference
from server.store.protocol import Store

_Facts = dict[str, set[tuple[Node, Node, Node]]]


def changed(old: Store, new: Store) -> Json:
    """Compare the registers of two stores.

    Returns ``{added, removed, changed}``, each a list of ``{id, label}``; a changed entry also has the number of
    statements that were added and removed. What is said of parts of an entry (``#step-1``) counts as said of it.
    """
    before, after = reference(old), reference(new)
    said, says = _by_entry(before.graph), _by_entry(after.graph)
    common = sorted(set(said) & set(says))
    return {
        "added": [_named(after, entry) for entry in sorted(set(says) - set(said))],
        "removed": [_named(before, entry) for entry in sorted(set(said) - set(says))],
        "changed": [
            _named(after, entry)
            | {
                "statementsAdded": len(says[entry] - said[entry]),
                "statementsRemoved": len(said[entry] - says[entry]),
            }
            for entry in common
            if says[entry] != said[entry]
        ],
    }


def _by_entry(graph: Graph) -> _Facts:
    found: _Facts = defaultdict(set)
    for subject, property_, value in graph:
        if isinstance(subject, URIRef) and not isinstance(value, BNode):
            found[str(subject).partition("#")[0]].add((subject, property_, value))
    return found


def _named(ref: Reference, entry: str) -> Json:
    return {"id": entry, "label": ref.label(URIRef(entry))}
