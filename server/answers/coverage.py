"""Coverage: how many facts of each kind there are, from which documents and passages, and which passages have none."""

from __future__ import annotations

from collections import Counter
from weakref import WeakKeyDictionary

from rdflib import RDF, URIRef
from rdflib.term import Node

from loader.terms import DEF, REMIT
from server.answers.reference import Json, Reference, reference
from server.store.protocol import Store

_NOT_FACTS = {REMIT.Passage, REMIT.Silence, REMIT.SourceNote}
_kept: WeakKeyDictionary[Reference, Json] = WeakKeyDictionary()


def coverage(store: Store) -> Json:
    """Return what the register covers: ``{kinds, documents, silences, notes, facts, dataVersion}``.

    A fact is an entry, or a part of one, that names the passage or document which states it. Each document tells its
    passages, how many facts each states, and those that state none.
    """
    ref = reference(store)
    if ref not in _kept:
        _kept[ref] = _count(ref)
    return {**_kept[ref], "dataVersion": store.version}


def _count(ref: Reference) -> Json:
    facts = {s for s in ref.graph.subjects(REMIT.statedIn) if not _types(ref, s) & _NOT_FACTS}
    stated = Counter(
        passage for fact in facts for passage in set(ref.graph.objects(fact, REMIT.statedIn))
    )
    return {
        "facts": len(facts),
        "kinds": _kinds(ref, facts),
        "documents": _documents(ref, stated),
        "silences": sum(1 for _ in ref.graph.subjects(RDF.type, REMIT.Silence)),
        "notes": sum(1 for _ in ref.graph.subjects(RDF.type, REMIT.SourceNote)),
    }


def _types(ref: Reference, node: Node) -> set[Node]:
    return set(ref.graph.objects(node, RDF.type))


def _kinds(ref: Reference, facts: set[Node]) -> list[Json]:
    """Return the kinds of facts with their numbers, the most frequent first."""
    counted: Counter[Node] = Counter()
    for fact in facts:
        counted.update(cls for cls in _types(ref, fact) if str(cls).startswith(DEF))
    rows = [
        {
            "id": str(cls),
            "label": ref.label(cls),
            "register": ref.text(cls, REMIT.register),
            "facts": n,
        }
        for cls, n in counted.items()
    ]
    return sorted(rows, key=lambda row: (-int(str(row["facts"])), str(row["label"])))


def _documents(ref: Reference, stated: Counter[Node]) -> list[Json]:
    passages: dict[Node, list[Node]] = {}
    for passage, document in ref.graph.subject_objects(REMIT.inDocument):
        passages.setdefault(document, []).append(passage)
    whole = {n for n in stated if (n, REMIT.inDocument, None) not in ref.graph}
    documents = [
        _document(ref, node, passages.get(node, []), stated) for node in {*passages, *whole}
    ]
    return sorted(documents, key=lambda row: (-row["passages"], str(row["label"])))


def _document(ref: Reference, node: Node, passages: list[Node], stated: Counter[Node]) -> Json:
    placed = sorted(passages, key=lambda p: (_order(ref, p), str(p)))
    rows = [
        {
            "id": str(passage),
            "locator": ref.text(passage, REMIT.locator) or ref.label(passage),
            "description": ref.text(passage, URIRef("http://purl.org/dc/terms/description")),
            "facts": stated[passage] + sum(stated[part] for part in _parts(ref, passage)),
        }
        for passage in placed
    ]
    return {
        **ref.link(node),
        "licence": ref.text(node, REMIT.licence),
        "url": ref.text(node, REMIT.url),
        "facts": sum(stated[passage] for passage in passages) + stated[node],
        "passages": len(rows),
        "covered": sum(1 for row in rows if row["facts"]),
        "byPassage": rows,
        "without": [row for row in rows if not row["facts"]],
    }


def _parts(ref: Reference, passage: Node) -> set[Node]:
    """Return the passages below a passage, at any depth."""
    below = ref.graph.transitive_subjects(REMIT.partOfPassage, passage)
    return {part for part in below if part is not None and part != passage}


def _order(ref: Reference, passage: Node) -> int:
    order = ref.text(passage, REMIT.locatorOrder)
    return int(order) if order else 0
