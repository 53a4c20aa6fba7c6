"""Comparison of two framework versions, item by item.

What changed is data: ``remit:FrameworkChange`` names the items before and after in two successive versions. An item
of one version only that no change names is added or removed without more being said. Versions that are not
successive are compared along the chain of changes; an older version can be the target, and changes then run back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from rdflib import RDF, URIRef
from rdflib.term import Node

from loader.terms import REMIT, slug
from server.answers import frameworks
from server.answers.kept import kept as once
from server.answers.reference import Json, Reference, reference
from server.errors import BadParameter
from server.store.protocol import Store

KINDS = ("added", "removed", "reworded", "narrowed", "widened", "renamed", "moved")
_SAME = "no-change"
_BACK = {"added": "removed", "removed": "added", "narrowed": "widened", "widened": "narrowed"}


@dataclass(frozen=True)
class Change:
    """One point of change: items before and after, kind, whether decisions differ, and what is said of it."""

    before: frozenset[URIRef]
    after: frozenset[URIRef]
    kind: str
    decisive: bool
    topic: Node | None
    statements: tuple[str, ...] = ()

    def reversed(self) -> Change:
        """Return the change as it reads from the later version to the earlier."""
        kind = _BACK.get(self.kind, self.kind)
        return Change(self.after, self.before, kind, self.decisive, self.topic, self.statements)


def compare(store: Store, from_: str, to: str) -> Json:
    """Return what changed between two framework versions, named by their slugs.

    ``{from, to, changes: [{topic, change, decisionRelevant, statement, before, after}], counts, unchanged}``.
    Raises NotFound for an unknown version and BadParameter when both are the same.
    """
    ref = reference(store)
    a, b = frameworks.version(ref, from_), frameworks.version(ref, to)
    if a == b:
        raise BadParameter("Name two different versions to compare.", parameter="other")
    answer = once(ref, ("comparison", a, b), lambda: _compared(ref, a, b))
    return {**answer, "dataVersion": store.version}


def _compared(ref: Reference, a: URIRef, b: URIRef) -> Json:
    paired = sorted(changes(ref, a, b), key=lambda c: _place(ref, c))
    found = [change for change in paired if change.kind != _SAME]
    rows = [_row(ref, change, a, b) for change in found]
    counts = Counter(row["change"] for row in rows)
    return {
        "from": frameworks.summary(ref, a),
        "to": frameworks.summary(ref, b),
        "changes": rows,
        "counts": {kind: counts[kind] for kind in KINDS},
        "decisionRelevant": sum(1 for row in rows if row["decisionRelevant"]),
        "unchanged": len((frameworks.items(ref, a) & frameworks.items(ref, b)) - _touched(found))
        + len(paired)
        - len(found),
    }


def changes(ref: Reference, a: URIRef, b: URIRef) -> list[Change]:
    """Return the changes from version ``a`` to version ``b``: those stated, and those that follow from the items."""
    line = frameworks.versions(ref)
    back = line.index(a) > line.index(b)
    first, last = (b, a) if back else (a, b)
    stated = _along(ref, line[line.index(first) : line.index(last) + 1])
    of_first, of_last = frameworks.items(ref, first), frameworks.items(ref, last)
    kept = [c for c in (_within(c, of_first, of_last) for c in stated) if c is not None]
    named_before = {i for c in kept for i in c.before}
    named_after = {i for c in kept for i in c.after}
    kept += [_plain(ref, i, "removed") for i in of_first - of_last - named_before]
    kept += [_plain(ref, i, "added") for i in of_last - of_first - named_after]
    return [c.reversed() for c in kept] if back else kept


def _along(ref: Reference, line: list[URIRef]) -> list[Change]:
    """Return the changes along successive versions, those that continue one another joined."""
    joined: list[Change] = []
    for earlier, later in pairwise(line):
        step = _stated(ref, earlier, later)
        continued: list[Change] = []
        for change in joined:
            following = [s for s in step if change.after & s.before]
            continued += [_join(change, s) for s in following] or [change]
        starts = {i for change in joined for i in change.after}
        begun = [replace(s, before=s.before - starts) for s in step]
        continued += [
            s for s, whole in zip(begun, step, strict=True) if s.before or not whole.before
        ]
        joined = continued
    return joined


def _stated(ref: Reference, a: URIRef, b: URIRef) -> list[Change]:
    nodes = set(ref.graph.subjects(REMIT.fromFramework, a))
    nodes &= set(ref.graph.subjects(REMIT.toFramework, b))
    return [
        _read(ref, n)
        for n in sorted(nodes, key=str)
        if (n, RDF.type, REMIT.FrameworkChange) in ref.graph
    ]


def _read(ref: Reference, node: Node) -> Change:
    kind = ref.one(node, REMIT.changeKind)
    return Change(
        _items(ref.graph.objects(node, REMIT.before)),
        _items(ref.graph.objects(node, REMIT.after)),
        slug(str(kind)) if kind is not None else "reworded",
        ref.text(node, REMIT.decisionRelevant) == "true",
        ref.one(node, REMIT.topic),
        (ref.label(node),),
    )


def _items(nodes: Iterable[Node]) -> frozenset[URIRef]:
    return frozenset(URIRef(str(n)) for n in nodes)


def _join(first: Change, second: Change) -> Change:
    if first.kind == second.kind or second.kind == _SAME:
        kind = first.kind
    elif first.kind == _SAME:
        kind = second.kind
    elif second.kind == "removed" or first.kind == "added":
        kind = second.kind if second.kind == "removed" else first.kind
    else:
        telling = [
            k for k in (first.kind, second.kind) if k not in ("moved", "renamed", "reworded")
        ]
        kind = telling[0] if len(telling) == 1 else "reworded"
    return Change(
        first.before,
        second.after,
        kind,
        first.decisive or second.decisive,
        second.topic if second.topic is not None else first.topic,
        (*first.statements, *second.statements),
    )


def _within(change: Change, first: Set[URIRef], last: Set[URIRef]) -> Change | None:
    """Return a change as it bears on the two versions, or None where it makes no difference between them."""
    before, after = change.before & first, change.after & last
    if not before and not after:
        return None
    if before == after and change.kind != "moved":
        return None
    kind = change.kind
    if not before and kind not in ("added", "removed"):
        kind = "added"
    if not after and kind not in ("added", "removed"):
        kind = "removed"
    if kind == "added" and before:
        kind = "reworded"
    return Change(before, after, kind, change.decisive, change.topic, change.statements)


def _plain(ref: Reference, item: URIRef, kind: str) -> Change:
    topic = ref.one(item, REMIT.topic)
    decisive = topic is not None and ref.text(topic, REMIT.decisionRelevant) == "true"
    items = frozenset({item})
    none: frozenset[URIRef] = frozenset()
    before, after = (items, none) if kind == "removed" else (none, items)
    return Change(before, after, kind, decisive, topic)


def _touched(found: Iterable[Change]) -> set[URIRef]:
    return {i for c in found for i in c.before & c.after}


def _place(ref: Reference, change: Change) -> tuple[int, int, str]:
    topic = (
        frameworks.number(ref, change.topic, REMIT.topicOrder) if change.topic is not None else 999
    )
    places = [frameworks.order(ref, i) for i in change.after or change.before]
    return topic, min(p[1] for p in places), min(p[2] for p in places)


def _row(ref: Reference, change: Change, a: URIRef, b: URIRef) -> Json:
    return {
        "topic": ref.label(change.topic) if change.topic is not None else None,
        "topicId": str(change.topic) if change.topic is not None else None,
        "change": change.kind,
        "decisionRelevant": change.decisive,
        "statement": " ".join(change.statements) or None,
        "before": _side(ref, change.before, a),
        "after": _side(ref, change.after, b),
    }


def _side(ref: Reference, items: frozenset[URIRef], framework: URIRef) -> Json | None:
    if not items:
        return None
    told = [
        frameworks.item(ref, i, framework)
        for i in sorted(items, key=lambda i: frameworks.order(ref, i))
    ]
    return {
        "text": " ".join(t["text"] for t in told),
        "locators": list(dict.fromkeys(p for t in told for p in t["locators"])),
        "items": [
            {key: t[key] for key in ("id", "slug", "label", "text", "locators")} for t in told
        ],
        "sources": ref.source_list(URIRef(s["url"]) for t in told for s in t["sources"]),
    }
