"""Versions of the oversight framework: which there are, which governs on a date, and what each says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rdflib import RDF, RDFS, SKOS, Literal, URIRef
from rdflib.term import Node

from loader.dates import in_words
from loader.terms import REMIT, iri, slug
from server.answers.kept import kept
from server.answers.reference import Json, Reference
from server.errors import NotFound, excerpt

IN_EFFECT = "in-effect"


def versions(ref: Reference) -> list[URIRef]:
    """Return the framework versions in the order of their issue."""
    found = ref.graph.subjects(RDF.type, REMIT.FrameworkVersion)
    return sorted(
        (URIRef(str(v)) for v in found), key=lambda v: (number(ref, v, REMIT.versionOrder), v)
    )


def version(ref: Reference, name: str) -> URIRef:
    """Return the framework version of that slug; raises NotFound, with those there are."""
    node = URIRef(iri(f"framework/{name}"))
    if (node, RDF.type, REMIT.FrameworkVersion) in ref.graph:
        return node
    near = [{"label": ref.label(v), "href": f"/frameworks/{slug(str(v))}"} for v in versions(ref)]
    raise NotFound(f"There is no framework version “{excerpt(name)}”.", suggestions=near)


def summary(ref: Reference, node: URIRef) -> Json:
    """Return what a version is: ``{id, slug, label, status, issued, governsFrom, governsTo, …}``."""
    status = ref.one(node, REMIT.frameworkStatus)
    return {
        **ref.link(node),
        "definition": ref.text(node, SKOS.definition),
        "status": ref.label(status) if status is not None else None,
        "reference": ref.text(node, REMIT.publicationReference),
        "issued": ref.text(node, REMIT.issued, REMIT.issuedStatement),
        "periodCovered": ref.text(node, REMIT.periodCovered),
        "governsFrom": ref.text(node, REMIT.validFrom),
        "governsAttestedFrom": ref.text(node, REMIT.attestedFrom),
        "mayGovernFrom": ref.text(node, REMIT.mayGovernFrom),
        "governsTo": ref.text(node, REMIT.validTo),
        "governingNote": ref.text(node, REMIT.governingNote),
        "covers": ref.links(node, REMIT.audience),
        "replaces": ref.links(node, REMIT.replaces),
        "sources": ref.sources(node),
    }


def governs(ref: Reference, node: URIRef, day: date) -> bool | None:
    """Return whether a version governs on the day; None where its source prints no day to tell by.

    A version that was consulted on or is a draft never governs.
    """
    if (node, REMIT.frameworkStatus, REMIT.adopted) not in ref.graph:
        return False
    end = _day(ref, node, REMIT.validTo)
    if end is not None and day >= end:
        return False
    certain = _day(ref, node, REMIT.validFrom) or _day(ref, node, REMIT.attestedFrom)
    if certain is not None and day >= certain:
        return True
    perhaps = _day(ref, node, REMIT.mayGovernFrom)
    return None if perhaps is not None and day >= perhaps else False


def in_effect(ref: Reference, day: date) -> Json:
    """Return which version governs on a date: ``{asOf, status, framework, because, notGoverning, sources}``.

    ``status`` is in-effect, uncertain (the source prints no day) or none. ``notGoverning`` lists the consultations
    and drafts published by then, which never govern.
    """
    told = {node: governs(ref, node, day) for node in versions(ref)}
    current = next((n for n, yes in told.items() if yes), None)
    perhaps = next((n for n, yes in told.items() if yes is None), None)
    chosen = current or perhaps
    others = [n for n in told if told[n] is False and _published(ref, n, day)]
    never = [n for n in others if (n, REMIT.frameworkStatus, REMIT.adopted) not in ref.graph]
    return {
        "asOf": day.isoformat(),
        "status": "in-effect" if current else "uncertain" if perhaps else "none",
        "framework": summary(ref, chosen) if chosen else None,
        "because": _because(ref, day, current, perhaps, never),
        "notGoverning": [summary(ref, node) for node in never],
        "sources": ref.sources(chosen) if chosen else _near_sources(ref),
    }


def governing(ref: Reference, day: date) -> URIRef | None:
    """Return the version that certainly governs on the day, or None."""
    return next((node for node in versions(ref) if governs(ref, node, day)), None)


def items(ref: Reference, framework: URIRef) -> frozenset[URIRef]:
    """Return the items of a version."""
    return kept(ref, ("items", framework), lambda: _items(ref, framework))


def _items(ref: Reference, framework: URIRef) -> frozenset[URIRef]:
    found = ref.graph.subjects(REMIT.framework, framework)
    return frozenset(
        URIRef(str(i)) for i in found if (i, RDF.type, REMIT.FrameworkItem) in ref.graph
    )


def item(ref: Reference, node: Node, framework: URIRef | None = None) -> Json:
    """Return one item: ``{id, slug, label, text, topic, segments, modality, appliesTo, who, locators, …}``.

    With ``framework``, only the passages of that version's document are given.
    """
    topic, modality = ref.one(node, REMIT.topic), ref.one(node, REMIT.itemModality)
    return {
        **ref.link(node),
        "text": ref.text(node, REMIT.statement) or ref.label(node),
        "topic": ref.label(topic) if topic is not None else None,
        "topicId": str(topic) if topic is not None else None,
        "heading": ref.text(node, REMIT.heading),
        "segments": sorted(int(str(s)) for s in ref.graph.objects(node, REMIT.segment)),
        "modality": ref.label(modality) if modality is not None else None,
        "appliesTo": ref.labels(node, REMIT.appliesTo),
        "who": ref.links(node, REMIT.itemActor),
        "powers": ref.links(node, REMIT.standsBehind),
        "locators": [p["locator"] for p in _passages(ref, node, framework)],
        "sources": _passages(ref, node, framework),
        "notes": ref.notes(node),
    }


def by_topic(ref: Reference, nodes: Iterable[URIRef], framework: URIRef) -> list[Json]:
    """Return items grouped by topic, in the order of topics: ``[{topic, label, items}]``."""
    groups: dict[Node | None, list[URIRef]] = {}
    for node in sorted(nodes, key=lambda n: order(ref, n)):
        groups.setdefault(ref.one(node, REMIT.topic), []).append(node)
    return [
        {
            "topic": slug(str(topic)) if topic is not None else None,
            "label": ref.label(topic) if topic is not None else "Other",
            "items": [item(ref, node, framework) for node in group],
        }
        for topic, group in groups.items()
    ]


def order(ref: Reference, node: Node) -> tuple[int, int, str]:
    """Return the place of an item or change: topic, then position within it."""
    topic = ref.one(node, REMIT.topic)
    place = number(ref, topic, REMIT.topicOrder) if topic is not None else 999
    return place, number(ref, node, REMIT.itemOrder), str(node)


def number(ref: Reference, node: Node, property_: URIRef) -> int:
    """Return a whole-number property, or 0."""
    value = ref.one(node, property_)
    return int(str(value)) if isinstance(value, Literal) else 0


def document(framework: URIRef) -> URIRef:
    """Return the document that holds a version's text: the one of the same slug."""
    return URIRef(iri(f"document/{slug(str(framework))}"))


def _passages(ref: Reference, node: Node, framework: URIRef | None) -> list[Json]:
    if framework is None:
        return ref.sources(node)
    wanted = document(framework)
    stated = ref.graph.objects(node, REMIT.statedIn)
    return ref.source_list(p for p in stated if (p, REMIT.inDocument, wanted) in ref.graph)


def _day(ref: Reference, node: URIRef, property_: URIRef) -> date | None:
    text = ref.text(node, property_)
    return date.fromisoformat(text) if text else None


def _published(ref: Reference, node: URIRef, day: date) -> bool:
    """Whether a version was published by the day, as far as its date is printed.

    A month counts from its last day; a version whose date is not printed is not said to be published.
    """
    if (issued := _day(ref, node, REMIT.issued)) is not None:
        return issued <= day
    closes = _day(ref, node, REMIT.closes)
    if (printed := ref.text(node, REMIT.issuedStatement)) is None:
        return closes is not None and closes <= day
    month = next((n for n in range(1, 13) if date(2000, n, 1).strftime("%B") in printed), None)
    year = next((int(w) for w in printed.split() if w.isdigit() and len(w) == 4), None)
    if month is None or year is None:
        return False
    return day >= (date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)) or (
        closes is not None and closes <= day
    )


def _because(
    ref: Reference, day: date, current: URIRef | None, perhaps: URIRef | None, never: list[URIRef]
) -> str:
    told = []
    if current is not None:
        told.append(f"{ref.label(current)} governs on {in_words(day)}.")
        told.extend(_next_version(ref, current, day))
    elif perhaps is not None:
        told.append(
            f"It cannot be told whether {ref.label(perhaps)} governs yet on {in_words(day)}."
        )
    else:
        told.append(f"None of the framework versions held here governs on {in_words(day)}.")
    if current is None:
        told.extend(f"{ref.label(n)} is a proposal and never governs." for n in never)
        if (first := _first_adopted(ref)) is not None and perhaps is None:
            told.append(f"The first version held that came to govern is {ref.label(first)}.")
    note = ref.text(current or perhaps or _first_adopted(ref) or URIRef(""), REMIT.governingNote)
    return " ".join([*told, *([note] if note else [])])


def _next_version(ref: Reference, current: URIRef, day: date) -> Iterator[str]:
    """Say of a version published by the day that it takes effect later."""
    for node in versions(ref):
        start = _day(ref, node, REMIT.validFrom)
        if start is not None and start > day and _published(ref, node, day):
            yield f"{ref.label(node)} is published but takes effect on {in_words(start)} only."


def _first_adopted(ref: Reference) -> URIRef | None:
    adopted = (n for n in versions(ref) if (n, REMIT.frameworkStatus, REMIT.adopted) in ref.graph)
    return next(adopted, None)


def _near_sources(ref: Reference) -> list[Json]:
    first = _first_adopted(ref)
    return ref.sources(first) if first is not None else []


def class_labels(ref: Reference, classes: Iterable[Node]) -> list[str]:
    """Return the labels of classes, sorted."""
    return sorted(str(ref.text(c, RDFS.label) or slug(str(c))) for c in classes)
