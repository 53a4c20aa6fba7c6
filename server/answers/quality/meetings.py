"""The meetings of a case: who must be there, who may, who chairs, where it reports, when it closes."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib.term import Node

from loader.terms import REMIT
from server.answers.quality.conditions import Known, evaluate
from server.answers.quality.rules import locator
from server.answers.reference import Json, Reference

_CHAIRS = ("should-chair", "may-chair", "may-co-chair", "co-chairs")


def meeting(ref: Reference, node: Node, known: Known, because: list[Json]) -> Json:
    """Return a meeting as it applies to a case.

    ``{id, slug, label, modality, members, otherPartners, chair, cadence, reporting, closing, because, sources}``;
    ``because`` are the rules that call for it.
    """
    return {
        **ref.link(node),
        "modality": _strongest(because),
        "because": because,
        "purposes": points(ref, node, "purpose"),
        "members": participants(ref, node, "minimum-member"),
        "otherPartners": participants(ref, node, "other-partner"),
        "authority": points(ref, node, "authority"),
        "attendance": points(ref, node, "attendance"),
        "convening": points(ref, node, "convening"),
        "chair": chair(ref, node, known),
        "cadence": cadence(ref, node),
        "reporting": lines(ref, node),
        "closing": points(ref, node, "closing condition"),
        "sources": ref.sources(node),
    }


def chair(ref: Reference, node: Node, known: Known) -> Json:
    """Return who chairs in this case: ``{should, may, barred, undetermined, rules}``.

    Whoever is barred is left out of those who should or may chair; a rule whose condition is open is undetermined.
    """
    rules = [_chair_rule(ref, rule, known) for rule in ref.all(node, REMIT.chairRule)]
    barred = [r["who"] for r in rules if r["effect"] == "cannot-chair" and r["applies"]]
    out = {who["id"] for who in barred}
    free = [
        r for r in rules if r["applies"] and r["effect"] in _CHAIRS and r["who"]["id"] not in out
    ]
    return {
        "should": _once(r["who"] for r in free if r["effect"] == "should-chair"),
        "may": _once(r["who"] for r in free if r["effect"] in ("may-chair", "may-co-chair")),
        "coChairs": _once(r["who"] for r in free if r["effect"] == "co-chairs"),
        "barred": _once(barred),
        "undetermined": [r for r in rules if r["applies"] is None],
        "rules": rules,
        "considerations": points(ref, node, "chair"),
    }


def participants(ref: Reference, node: Node, standing: str) -> list[Json]:
    """Return the participants of a standing, in the order of the source."""
    found = []
    for part in _sorted(ref, node, REMIT.participation):
        who = ref.one(part, REMIT.participant)
        if who is not None and ref.one(part, REMIT.standing) == REMIT[standing]:
            found.append(
                {
                    **ref.link(who),
                    "line": int(ref.text(part, REMIT.ordinal) or 0),
                    "capacity": ref.text(part, REMIT.capacity),
                    "when": ref.text(part, REMIT.when),
                    "locator": locator(ref, part),
                    "sources": ref.sources(part),
                }
            )
    return found


def points(ref: Reference, node: Node, kind: str) -> list[Json]:
    """Return the points of a kind that a source makes about a thing."""
    return [
        {
            "text": ref.label(point),
            "when": ref.text(point, REMIT.when),
            "modality": _modality(ref, point),
            "locator": locator(ref, point),
            "sources": ref.sources(point),
        }
        for point in _sorted(ref, node, REMIT.point)
        if ref.text(point, REMIT.pointKind) == kind
    ]


def lines(ref: Reference, node: Node) -> list[Json]:
    """Return where a meeting reports, accounts and escalates."""
    found = []
    for line in ref.all(node, REMIT.line):
        kind, target = ref.one(line, REMIT.lineKind), ref.one(line, REMIT.target)
        if kind is not None and target is not None:
            found.append(
                {
                    "kind": ref.label(kind),
                    "to": ref.link(target),
                    "statement": ref.text(line, REMIT.statement),
                    "modality": _modality(ref, line),
                    "locator": locator(ref, line),
                    "sources": ref.sources(line),
                }
            )
    return found


def cadence(ref: Reference, node: Node) -> Json:
    """Return how often a body meets: ``{stated, text, until, reason, sources}``."""
    stated = ref.one(node, REMIT.cadence)
    if stated is None:
        told = (
            ref.text(node, REMIT.cadenceStatement) or "The source does not say how often it meets."
        )
        return {"stated": False, "text": told, "sources": ref.sources(node)}
    return {
        "stated": True,
        "text": ref.label(stated),
        "until": ref.text(stated, REMIT.until),
        "reason": ref.text(stated, REMIT.reason),
        "locator": locator(ref, stated),
        "sources": ref.sources(stated),
    }


def _chair_rule(ref: Reference, rule: Node, known: Known) -> Json:
    who, effect = ref.one(rule, REMIT.participant), ref.one(rule, REMIT.chairEffect)
    outcome = evaluate(ref, ref.one(rule, REMIT.condition), known)
    return {
        "who": ref.link(who) if who is not None else None,
        "effect": str(effect).rsplit("/", 1)[-1],
        "label": ref.label(effect) if effect is not None else None,
        "when": ref.text(rule, REMIT.when),
        "applies": outcome.met,
        "missing": list(outcome.missing),
        "statement": ref.text(rule, REMIT.statement),
        "modality": _modality(ref, rule),
        "locator": locator(ref, rule),
        "sources": ref.sources(rule),
    }


def _sorted(ref: Reference, node: Node, property_: Node) -> list[Node]:
    found = list(ref.graph.objects(node, property_))
    return sorted(found, key=lambda each: (int(ref.text(each, REMIT.ordinal) or 0), str(each)))


def _modality(ref: Reference, node: Node) -> str:
    modality = ref.one(node, REMIT.itemModality)
    return ref.label(modality) if modality is not None else "states"


def _strongest(because: list[Json]) -> str:
    order = ("must", "states", "should", "typical", "may")
    found = [str(rule["modality"]) for rule in because]
    return min(found, key=order.index) if found else "may"


def _once(people: Iterable[Json]) -> list[Json]:
    return list({each["id"]: each for each in people}.values())
