"""Oversight of one organisation on a date: the framework that governs, what segments entail, and who leads."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from rdflib import RDF, URIRef
from rdflib.term import Node

from loader.catalogue import query
from loader.dates import in_words, parse_date
from loader.terms import REMIT, slug
from server.answers import frameworks
from server.answers.facts import text
from server.answers.kept import kept
from server.answers.organisation import Organisation, load
from server.answers.reference import Json, Reference, reference
from server.answers.segmentation import kinds
from server.answers.segmentation.facts import concerns
from server.store.protocol import Store

SEGMENTS = (1, 2, 3, 4)
LEADING = ("roles", "development-levels", "decision-makers", "scope")


def oversight(store: Store, code: str, as_of: date | str) -> Json:
    """Return how an organisation is overseen on a date, as far as the framework in effect says.

    ``{organisation, asOf, inEffect, kind, covered, because, segment, leads, meetings, segments, sources}``: ``segment``
    is the recorded allocation or says that none is recorded; ``segments`` holds what follows from each segment for
    this kind of organisation. Raises NotFound for an unknown organisation and InputError for an impossible date.
    """
    day = as_of if isinstance(as_of, date) else parse_date(as_of, "asOf")
    organisation, ref = load(store, code), reference(store)
    told = frameworks.in_effect(ref, day)
    governing = frameworks.governing(ref, day)
    found = {cls for _, cls, interval in organisation.memberships() if interval.holds(day)}
    kind = kinds.kind_of(found)
    answer = {
        "organisation": organisation.summary(day),
        "asOf": day.isoformat(),
        "inEffect": told,
        "kind": kind,
        "segment": _allocation(store, organisation, day),
        "dataVersion": store.version,
    }
    if (why := _outside(ref, organisation, day, governing, kind)) is not None:
        empty: list[Json] = []
        return {
            **answer,
            "covered": False,
            "because": why,
            "leads": empty,
            "meetings": empty,
            "segments": empty,
            "sources": told["sources"],
        }
    assert governing is not None  # noqa: S101 - settled by _outside
    assert kind is not None  # noqa: S101 - settled by _outside
    about = kinds.KINDS[kind]
    return {
        **answer,
        "covered": True,
        "because": told["because"],
        **kept(ref, ("oversight", governing, kind), lambda: _followed(ref, governing, about)),
        "sources": told["sources"],
    }


def _followed(ref: Reference, governing: URIRef, about: Collection[URIRef]) -> Json:
    return {
        "leads": said(ref, governing, about, topics=LEADING),
        "meetings": meetings(ref, governing, about),
        "segments": [consequences(ref, governing, about, number) for number in SEGMENTS],
    }


def consequences(
    ref: Reference, framework: URIRef, about: Collection[URIRef], segment: int
) -> Json:
    """Return what follows from a segment: ``{segment, description, default, topics, powers}``, by topic."""
    nodes = [
        node
        for node in frameworks.items(ref, framework)
        if concerns(ref, node, about) and segment in _segments(ref, node)
    ]
    groups = frameworks.by_topic(ref, nodes, framework)
    powers = {URIRef(p["id"]) for group in groups for row in group["items"] for p in row["powers"]}
    described = [row for g in groups if g["topic"] == "segment-descriptions" for row in g["items"]]
    return {
        "segment": segment,
        "description": " ".join(row["text"] for row in described) or None,
        "topics": groups,
        "powers": [ref.link(power) for power in sorted(powers)],
    }


def said(
    ref: Reference, framework: URIRef, about: Collection[URIRef], topics: tuple[str, ...]
) -> list[Json]:
    """Return the items under some topics that concern organisations of these classes, whatever the segment."""
    nodes = [
        node
        for node in frameworks.items(ref, framework)
        if concerns(ref, node, about)
        and not _segments(ref, node)
        and slug(str(ref.one(node, REMIT.topic))) in topics
    ]
    return [row for group in frameworks.by_topic(ref, nodes, framework) for row in group["items"]]


def meetings(ref: Reference, framework: URIRef, about: Collection[URIRef]) -> list[Json]:
    """Return the review meetings: ``[{id, label, scope, ledBy, takesPart, frequency, sources}]``."""
    found = [
        node
        for node in ref.graph.subjects(REMIT.framework, framework)
        if (node, RDF.type, REMIT.ReviewMeeting) in ref.graph and concerns(ref, node, about)
    ]
    return [_meeting(ref, node) for node in sorted(found, key=str)]


def _meeting(ref: Reference, node: Node) -> Json:
    return {
        **ref.link(node),
        "scope": ref.text(node, REMIT.meetingScope),
        "ledBy": ref.text(node, REMIT.ledBy),
        "takesPart": ref.text(node, REMIT.takesPart),
        "frequency": ref.text(node, REMIT.frequency),
        "sources": ref.sources(node),
    }


def _segments(ref: Reference, node: Node) -> set[int]:
    return {int(str(value)) for value in ref.graph.objects(node, REMIT.segment)}


def _outside(
    ref: Reference,
    organisation: Organisation,
    day: date,
    governing: URIRef | None,
    kind: str | None,
) -> str | None:
    """Return why nothing can be said of an organisation's oversight on the day, or None."""
    if organisation.exists(day) is False:
        return organisation.existence(day)
    if governing is None:
        return str(frameworks.in_effect(ref, day)["because"])
    if kind is None or not kinds.covers(ref, governing, kinds.KINDS[kind]):
        covered = ", ".join(ref.labels(governing, REMIT.audience))
        return (
            f"{ref.label(governing)} is about {covered}; {organisation.classes(day)} "
            f"on {in_words(day)}."
        )
    return None


def _allocation(store: Store, organisation: Organisation, day: date) -> Json:
    """Return the segment recorded for the organisation on the day, or that none is recorded."""
    bound = query("segment-of-organisation", "views").bind(
        organisation=str(organisation.node), asOf=day
    )
    rows = [
        {
            "segment": int(str(row["segment"])),
            "from": text(row, "from"),
            "framework": text(row, "scheme"),
        }
        for row in store.select(bound)
    ]
    if rows:
        return {"known": True, "allocations": rows, "because": "As recorded in the data loaded."}
    return {
        "known": False,
        "allocations": [],
        "because": "No allocation to a segment is recorded for this organisation on this date. "
        "A framework never puts an organisation in a segment by itself: regional teams decide.",
    }
