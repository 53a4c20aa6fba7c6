"""Bodies and meetings of a system, or of quality governance in general: members, cadence, remit, reporting."""

from __future__ import annotations

from rdflib import DCTERMS, RDF, URIRef
from rdflib.term import Node

from loader.terms import ID, REMIT
from server.answers.quality.meetings import cadence, lines
from server.answers.quality.rules import locator
from server.answers.reference import Json, Reference, reference
from server.errors import NotFound, excerpt
from server.store.protocol import Store


def systems(store: Store) -> list[Json]:
    """Return the systems of which bodies are recorded: ``[{id, slug, label}]``."""
    ref = reference(store)
    found = {ref.one(body, REMIT.ofSystem) for body in _bodies(ref)}
    return [ref.link(node) for node in sorted((n for n in found if n is not None), key=str)]


def governance(store: Store, code: str | None = None) -> Json:
    """Return the bodies of the system of a board's ODS ``code``, or those of no system without one.

    ``{system, bodies: [{id, slug, label, kind, tier, description, cadence, participants, points, lines, sources}],
    silences, notes}``. Raises NotFound, with the systems that are recorded, for another code.
    """
    ref = reference(store)
    system = None if code is None else URIRef(f"{ID}organisation/{code}")
    bodies = [body for body in _bodies(ref) if ref.one(body, REMIT.ofSystem) == system]
    if not bodies:
        near = [{"label": s["label"], "href": f"/governance/{s['slug']}"} for s in systems(store)]
        raise NotFound(
            f"No bodies of the system “{excerpt(code or '')}” are recorded.", suggestions=near
        )
    return {
        "system": None if system is None else ref.link(system),
        "bodies": [_body(ref, body) for body in bodies],
        "silences": _silences(ref, bodies),
        "notes": ref.notes(*bodies),
        "dataVersion": store.version,
    }


def _bodies(ref: Reference) -> list[URIRef]:
    nodes = {
        n for class_ in (REMIT.Body, REMIT.Meeting) for n in ref.graph.subjects(RDF.type, class_)
    }
    return sorted(
        (URIRef(str(node)) for node in nodes),
        key=lambda node: (_name(ref, node, REMIT.bodyKind), ref.label(node)),
    )


def _body(ref: Reference, node: URIRef) -> Json:
    return {
        **ref.link(node),
        "kind": _name(ref, node, REMIT.bodyKind),
        "tier": _name(ref, node, REMIT.tier),
        "status": ref.text(node, REMIT.developmentStatus),
        "description": ref.text(node, DCTERMS.description),
        "cadence": cadence(ref, node),
        "participants": _participants(ref, node),
        "points": [
            {"kind": ref.text(p, REMIT.pointKind), "text": ref.label(p), "sources": ref.sources(p)}
            for p in ref.all(node, REMIT.point)
        ],
        "lines": lines(ref, node),
        "replaces": ref.links(node, REMIT.takesOverFrom),
        "sources": ref.sources(node),
    }


def _participants(ref: Reference, node: URIRef) -> list[Json]:
    found = []
    for part in ref.all(node, REMIT.participation):
        who = ref.one(part, REMIT.participant)
        if who is not None:
            found.append(
                {
                    **ref.link(who),
                    "standing": _name(ref, part, REMIT.standing),
                    "capacity": ref.text(part, REMIT.capacity),
                    "locator": locator(ref, part),
                    "sources": ref.sources(part),
                }
            )
    return found


def _name(ref: Reference, node: Node, property_: URIRef) -> str:
    value = ref.one(node, property_)
    return ref.label(value) if value is not None else ""


def _silences(ref: Reference, bodies: list[URIRef]) -> list[Json]:
    found = {
        silence
        for body in bodies
        for silence in ref.graph.subjects(REMIT.about, body)
        if (silence, RDF.type, REMIT.Silence) in ref.graph
    }
    return [
        {**ref.link(s), "statement": ref.text(s, REMIT.statement), "sources": ref.sources(s)}
        for s in sorted(found, key=str)
    ]
