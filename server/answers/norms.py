"""What the registers say of a power, whatever the organisation and date."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rdflib import SKOS, Literal, URIRef
from rdflib.term import Node

from loader.terms import REMIT
from server.answers.reference import Json, Reference

_AVAILABLE = {
    REMIT["appeal-available"]: True,
    REMIT["appeal-excluded"]: False,
    REMIT["appeal-not-applicable"]: False,
    REMIT["appeal-not-listed"]: None,
}


def describe(ref: Reference, power: URIRef) -> Json:
    """Return the part of an answer-sheet row that depends on the power alone.

    The shape is that of ``applies[]`` in the HTTP contract, without holder, grounds and trace. It is worked out
    once for each power and data version; callers must not change it.
    """
    if power not in ref.described:
        ref.described[power] = _describe(ref, power)
    return ref.described[power]


def _describe(ref: Reference, power: URIRef) -> Json:
    return {
        "power": ref.link(power),
        "definition": ref.text(power, SKOS.definition),
        "family": _label(ref, power, REMIT.family),
        "broader": _link(ref, power, REMIT.broader),
        "bindingness": _bindingness(ref, power),
        "basis": ref.links(power, REMIT.legalBasis),
        "basisStatement": ref.text(power, REMIT.basisStatement),
        "standard": _link(ref, power, REMIT.standard),
        "test": ref.text(power, REMIT.test),
        "exercisableOverPosts": ref.texts(power, REMIT.exercisableOverPost),
        "preconditions": [_statement(ref, n) for n in ref.all(power, REMIT.precondition)],
        "preconditionSources": [
            {"text": _statement(ref, n), "sources": ref.sources(n)}
            for n in ref.all(power, REMIT.precondition)
        ],
        "contents": ref.texts(power, REMIT.content),
        "factors": ref.links(power, REMIT.factor),
        "limits": [limit(ref, node) for node in ref.all(power, REMIT.limit)],
        "procedure": procedure(ref, ref.one(power, REMIT.procedure)),
        "procedureOf": _link(ref, power, REMIT.procedure),
        "generalProcedures": ref.links(power, REMIT.generalProcedure),
        "recommendedBy": ref.labels(power, REMIT.recommendedBy),
        "decidedBy": ref.labels(power, REMIT.decidedBy),
        "consults": [_duty(ref, node) for node in ref.all(power, REMIT.mustConsult)],
        "notifies": [_duty(ref, node) for node in ref.all(power, REMIT.mustNotify)],
        "publishes": [_duty(ref, node) for node in ref.all(power, REMIT.mustPublish)],
        "relatedNorms": ref.links(power, REMIT.relatedNorm),
        **_relations(ref, power),
        "review": review(ref, ref.one(power, REMIT.review)),
        "excludes": [_exclusion(ref, node) for node in ref.all(power, REMIT.exclusion)],
        "inForceFrom": ref.text(power, REMIT.inForceFrom),
        "inForceAttestedFrom": ref.text(power, REMIT.inForceAttestedFrom),
        "notInForceAsAt": ref.text(power, REMIT.notInForceAsAt),
        "inForceTo": ref.text(power, REMIT.inForceTo),
        "commencementNote": ref.text(power, REMIT.commencementNote),
        "details": ref.texts(power, REMIT.detail),
        "note": ref.text(power, SKOS.note),
        "notes": ref.notes(power, *ref.graph.objects(power, REMIT.statedIn)),
        "sources": ref.sources(power),
    }


def limit(ref: Reference, node: Node) -> Json:
    """Return a limit in figures: ``{label, value, unit, of, bound, from, shortened…, sources}``."""
    return {
        "label": ref.label(node),
        "value": number(ref.one(node, REMIT.value)),
        "unit": ref.text(node, REMIT.unit),
        "of": ref.text(node, REMIT.of),
        "bound": ref.text(node, REMIT.bound),
        "from": ref.text(node, REMIT.startEvent),
        "mayBeShortenedTo": number(ref.one(node, REMIT.shortenedTo)),
        "shortenedWhen": ref.text(node, REMIT.shortenedWhen),
        "basis": ref.links(node, REMIT.legalBasis),
        "sources": ref.sources(node),
    }


def procedure(ref: Reference, node: Node | None) -> list[Json]:
    """Return the steps of a procedure in order: ``{step, actor, action, timeLimit, …}``."""
    if node is None:
        return []
    steps = sorted(
        ref.all(node, REMIT.step), key=lambda s: number(ref.one(s, REMIT.stepNumber)) or 0
    )
    return [_step(ref, step) for step in steps]


def _step(ref: Reference, step: Node) -> Json:
    limits = [limit(ref, node) for node in ref.all(step, REMIT.timeLimit)]
    return {
        "step": number(ref.one(step, REMIT.stepNumber)),
        "id": str(step),
        "actor": ", ".join(ref.labels(step, REMIT.actor)) or None,
        "action": ref.text(step, REMIT.action),
        "contents": ref.texts(step, REMIT.content),
        "timeLimit": limits[0] if limits else None,
        "timeLimits": limits,
        "optional": ref.text(step, REMIT.optional) == "true",
        "routes": [_route(ref, route) for route in ref.all(step, REMIT.route)],
        "sources": ref.sources(step),
    }


def _route(ref: Reference, route: Node) -> Json:
    step, other = ref.one(route, REMIT.toStep), ref.one(route, REMIT.toProcedure)
    return {
        "toStep": number(ref.one(step, REMIT.stepNumber)) if step is not None else None,
        "to": str(step) if step is not None else None,
        "toProcedure": ref.link(other) if other is not None else None,
        "when": ref.text(route, REMIT.when),
    }


def review(ref: Reference, node: Node | None) -> Json | None:
    """Return an appeal route; ``available`` and ``suspensive`` are null where the source does not say."""
    if node is None:
        return None
    availability = ref.one(node, REMIT.availability)
    forum = ref.one(node, REMIT.forum)
    suspensive = ref.text(node, REMIT.suspensive)
    return {
        "id": str(node),
        "label": ref.label(node),
        "available": _AVAILABLE.get(URIRef(str(availability))),
        "availability": ref.label(availability) if availability is not None else None,
        "decision": ref.text(node, REMIT.decision),
        "forum": ref.label(forum) if forum is not None else None,
        "grounds": ref.texts(node, REMIT.appealGround),
        "disposals": ref.texts(node, REMIT.disposal),
        "suspensive": None if suspensive is None else suspensive == "true",
        "suspensiveStatement": ref.text(node, REMIT.suspensiveStatement),
        "statement": ref.text(node, REMIT.reviewStatement),
        "basis": ref.links(node, REMIT.legalBasis),
        "sources": ref.sources(node),
    }


def number(node: Node | None) -> int | float | None:
    """Return a figure as a whole number where it is one."""
    if not isinstance(node, Literal):
        return None
    value = Decimal(str(node))
    return int(value) if value == value.to_integral_value() else float(value)


def _relations(ref: Reference, power: URIRef) -> Json:
    """Return the relations of a power to other norms, by kind and direction."""
    found: dict[str, list[Json]] = {"bars": [], "barredBy": [], "escalatesTo": [], "inLieuOf": []}
    names = {
        (REMIT["bars"], True): "bars",
        (REMIT["bars"], False): "barredBy",
        (REMIT["escalates-to"], True): "escalatesTo",
        (REMIT["in-lieu-of"], True): "inLieuOf",
    }
    others: list[Json] = []
    for outward, property_, far in (
        (True, REMIT.fromNorm, REMIT.toNorm),
        (False, REMIT.toNorm, REMIT.fromNorm),
    ):
        for relation in sorted(ref.graph.subjects(property_, power), key=str):
            kind = ref.one(relation, REMIT.kind)
            for norm in ref.all(relation, far):
                row = _relation(ref, relation, norm)
                name = names.get((URIRef(str(kind)), outward))
                if name:
                    found[name].append(row)
                else:
                    label = ref.label(kind) if kind is not None else "related to"
                    others.append({**row, "kind": label, "outward": outward})
    return {**found, "otherRelations": others}


def _relation(ref: Reference, relation: Node, norm: Node) -> Json:
    return {
        "power": ref.link(norm),
        "label": ref.label(norm),
        "condition": ref.text(relation, REMIT.when, REMIT.statement),
        "bindingness": _bindingness(ref, relation),
        "sources": ref.sources(relation),
    }


def _duty(ref: Reference, node: Node) -> Json:
    owed = [*ref.labels(node, REMIT.owedTo), *ref.labels(node, REMIT.owedToClass)]
    beneficiary = ref.text(node, REMIT.beneficiary)
    return {
        "id": str(node),
        "label": ref.label(node),
        "who": ", ".join(owed) or beneficiary,
        "detail": ref.text(node, REMIT.action, SKOS.definition),
        "bindingness": _bindingness(ref, node),
        "basis": ref.links(node, REMIT.legalBasis),
        "timeLimits": [limit(ref, n) for n in ref.all(node, REMIT.timeLimit)],
        "sources": ref.sources(node),
    }


def _exclusion(ref: Reference, node: Node) -> Json:
    return {
        "classes": ref.labels(node, REMIT.excludedClass),
        "note": ref.text(node, SKOS.note),
        "sources": ref.sources(node),
    }


def _statement(ref: Reference, node: Node) -> str:
    return ref.text(node, REMIT.statement) or ref.label(node)


def _bindingness(ref: Reference, node: Node) -> str | None:
    kind = ref.one(node, REMIT.bindingness)
    return ref.label(kind) if kind is not None else None


def _label(ref: Reference, node: Node, property_: URIRef) -> str | None:
    value = ref.one(node, property_)
    return ref.label(value) if value is not None else None


def _link(ref: Reference, node: Node, property_: URIRef) -> dict[str, Any] | None:
    value = ref.one(node, property_)
    return ref.link(value) if value is not None else None
