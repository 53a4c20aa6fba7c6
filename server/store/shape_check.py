"""What a write changed, held against the shapes before it is published."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import pyoxigraph as ox

from loader.validation.findings import Finding
from loader.validation.run import validate_changed

Fault = dict[str, str]

_DEEPEST = 8


def faults(store: ox.Store, before: Path, changed: Collection[str]) -> list[Fault]:
    """Return the violations at `changed` things in `store` that the store at `before` does not have.

    Advice (warnings and information) refuses nothing. What was wrong before the write is not held
    against it. Both stores keep the union of their graphs in the default graph.
    """
    earlier = ox.Store.read_only(str(before))
    found = _violations(store, changed, earlier)
    if not found:
        return []
    known = _violations(earlier, changed, store)
    return [_told(each) for key, each in found.items() if key not in known]


def things(store: ox.Store, triples: Iterable[ox.Triple]) -> set[str]:
    """Return the IRIs of the things that some triples are about: without the fragments of nested facts.

    A blank node counts as the things that lead to it.
    """
    found: set[str] = set()
    waiting = [(triple.subject, 0) for triple in triples]
    seen: set[ox.BlankNode] = set()
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, ox.NamedNode):
            found.update({node.value, node.value.partition("#")[0]})
        elif isinstance(node, ox.BlankNode) and node not in seen and depth < _DEEPEST:
            seen.add(node)
            quads = store.quads_for_pattern(None, None, node, None)
            waiting += [(quad.subject, depth + 1) for quad in quads]
    return found


def _violations(
    store: ox.Store, changed: Collection[str], other: ox.Store
) -> dict[tuple[str, ...], Finding]:
    report = validate_changed(store, changed, "what was written", other)
    return {
        (each.rule, each.record, each.path, each.value, each.component): each
        for each in report.findings
        if each.severity == "violation"
    }


def _told(found: Finding) -> Fault:
    kept = ("rule", "record", "label", "field", "what", "fix", "message")
    return {name: str(getattr(found, name)) for name in kept}
