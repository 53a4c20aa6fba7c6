"""Assess a quality case: level, triggers, who authorises and leads, meetings with members and chair, requirements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import RDF, SKOS, URIRef
from rdflib.term import Node

from loader.terms import ID, REMIT
from server.answers.quality.conditions import evaluate
from server.answers.quality.facts import assumed, read
from server.answers.quality.meetings import meeting, points
from server.answers.quality.rules import Fired, Run, locator, run, told
from server.answers.reference import Json, Reference, reference
from server.errors import BadParameter
from server.store.protocol import Store

_PLAN = URIRef(f"{ID}component/action-plan")
_REGION = URIRef(f"{ID}conclusion/regional-involvement")
_NATION = URIRef(f"{ID}conclusion/national-involvement")


def assess(store: Store, request: Any) -> Json:
    """Return what follows for ``{"facts": {…}}``; nothing is stored.

    ``level`` is null where the facts do not settle one. Raises BadParameter for a body or fact that is wrong.
    """
    if not isinstance(request, Mapping):
        raise BadParameter("The body is an object with facts.", parameter="facts")
    ref = reference(store)
    given = read(ref, request.get("facts", {}))
    facts, assumptions = assumed(ref, given)
    done = run(ref, facts)
    level = _level(ref, done)
    return {
        "level": level,
        "levels": [_standing(ref, done, node) for node in _levels(ref)],
        "triggersMet": [_trigger(ref, each) for each in _triggers(ref, done)],
        "categories": _told(ref, done, "concludes-level", REMIT.CaseRule),
        "regionalInvolvement": _involvement(ref, done, _REGION),
        "nationalInvolvement": _involvement(ref, done, _NATION),
        "authorisedBy": _who(ref, done, "concludes-authoriser"),
        "ledBy": _who(ref, done, "concludes-lead"),
        "regulatoryActionDecidedBy": _who(ref, done, "concludes-decider"),
        "meetings": _meetings(ref, done),
        "plan": _plan(ref, done),
        "requirements": _told(ref, done, "concludes-requirement"),
        "arrangements": _arrangements(ref, done, level),
        "alignment": _who(ref, done, "concludes-alignment"),
        "closing": _told(ref, done, "concludes-closing"),
        "unspecified": [_open(ref, each) for each in done.met(REMIT["concludes-unspecified"])],
        "missing": _missing(ref, done),
        "assumptions": assumptions,
        "facts": given,
        "steps": [told(ref, each) for each in done.fired if each.outcome.met],
        "dataVersion": store.version,
        "stored": False,
    }


def _levels(ref: Reference) -> list[URIRef]:
    nodes = [URIRef(str(n)) for n in ref.graph.subjects(RDF.type, REMIT.QualityLevel)]
    return sorted(nodes, key=lambda node: int(ref.text(node, REMIT.ordinal) or 0))


def _level(ref: Reference, done: Run) -> Json | None:
    """Return the highest level that is called for."""
    called = [node for node in _levels(ref) if node in done.concluded]
    return _standing(ref, done, called[-1]) if called else None


def _standing(ref: Reference, done: Run, node: URIRef) -> Json:
    """Return whether a level is called for, by which rules, and what would settle it."""
    rules = [each for each in done.fired if node in each.concluded]
    called = [each for each in rules if each.outcome.met]
    open_ = [each for each in rules if each.outcome.met is None]
    outcome = "indicated" if called else "undetermined" if open_ else "not-indicated"
    return {
        **ref.link(node),
        "number": int(ref.text(node, REMIT.ordinal) or 0),
        "definition": ref.text(node, SKOS.definition),
        "outcome": outcome,
        "because": [told(ref, each) for each in called],
        "missing": list(dict.fromkeys(m for each in open_ for m in each.outcome.missing)),
        "sources": ref.sources(node),
    }


def _triggers(ref: Reference, done: Run) -> list[Fired]:
    return [
        f for f in done.fired if f.outcome.met and (f.rule, RDF.type, REMIT.Trigger) in ref.graph
    ]


def _trigger(ref: Reference, fired: Fired) -> Json:
    level = ref.one(fired.rule, REMIT.level)
    return {
        **told(ref, fired),
        "kind": ref.text(fired.rule, REMIT.triggerKind),
        "level": ref.link(level) if level is not None else None,
        "note": ref.text(fired.rule, SKOS.note),
        "sourceNotes": ref.notes(fired.rule),
    }


def _told(ref: Reference, done: Run, kind: str, class_: URIRef | None = None) -> list[Json]:
    met = done.met(REMIT[kind])
    return [told(ref, f) for f in met if class_ is None or (f.rule, RDF.type, class_) in ref.graph]


def _who(ref: Reference, done: Run, kind: str) -> list[Json]:
    """Return each thing that the rules of a kind conclude, with the rule's words and locator."""
    return [
        {**ref.link(thing), "statement": row["label"], "modality": row["modality"],
         "locator": row["locator"], "sources": row["sources"]}
        for fired in done.met(REMIT[kind])
        for row in [told(ref, fired)]
        for thing in fired.concluded
    ]  # fmt: skip


def _involvement(ref: Reference, done: Run, node: URIRef) -> Json:
    called = [told(ref, f) for f in done.fired if f.outcome.met and node in f.concluded]
    return {"called": bool(called), "because": called}


def _meetings(ref: Reference, done: Run) -> list[Json]:
    calling: dict[Node, list[Json]] = {}
    for fired in done.met(REMIT["concludes-meeting"]):
        for thing in fired.concluded:
            calling.setdefault(thing, []).append(told(ref, fired))
    return [meeting(ref, node, done.known, because) for node, because in calling.items()]


def _plan(ref: Reference, done: Run) -> Json | None:
    """Return what the plan must contain and who must be consulted on it, where one is called for."""
    if _PLAN not in done.concluded:
        return None
    kinds = {"mustContain": "required content", "mustReflect": "must reflect",
             "shouldAlignWith": "should align", "mustConsult": "must be consulted"}  # fmt: skip
    out = {point for point in ref.all(_PLAN, REMIT.point) if not _holds(ref, done, point)}
    left = {ref.label(point) for point in out}
    told_ = {
        name: [row for row in points(ref, _PLAN, kind) if row["text"] not in left]
        for name, kind in kinds.items()
    }
    return {**ref.link(_PLAN), **told_, "sources": ref.sources(_PLAN)}


def _holds(ref: Reference, done: Run, node: Node) -> bool:
    return evaluate(ref, ref.one(node, REMIT.condition), done.known).met is True


def _arrangements(ref: Reference, done: Run, level: Json | None) -> list[Json]:
    """Return what is done and reported at the level, by geography, where its condition is not ruled out."""
    if level is None:
        return []
    found = [
        node
        for node in ref.graph.subjects(REMIT.level, URIRef(str(level["id"])))
        if (node, RDF.type, REMIT.LevelArrangement) in ref.graph
        and evaluate(ref, ref.one(node, REMIT.condition), done.known).met is not False
    ]
    return [_arrangement(ref, node) for node in sorted(found, key=str)]


def _arrangement(ref: Reference, node: Node) -> Json:
    tier, modality = ref.one(node, REMIT.tier), ref.one(node, REMIT.itemModality)
    return {
        "text": ref.label(node),
        "kind": ref.text(node, REMIT.arrangementKind),
        "tier": ref.label(tier) if tier is not None else None,
        "modality": ref.label(modality) if modality is not None else "states",
        "locator": locator(ref, node),
        "sources": ref.sources(node),
    }


def _open(ref: Reference, fired: Fired) -> Json:
    silence = fired.concluded[0]
    return {
        "what": ref.label(silence),
        "why": ref.text(silence, REMIT.statement),
        "case": ref.label(fired.rule),
        "locator": locator(ref, silence),
        "sources": ref.sources(silence),
    }


def _missing(ref: Reference, done: Run) -> list[Json]:
    """Return the facts that would settle rules left open, each with the rules that wait for it."""
    waiting: dict[str, list[str]] = {}
    for fired in done.fired:
        for key in fired.outcome.missing:
            waiting.setdefault(key, []).append(ref.label(fired.rule))
    return [{"fact": key, "wouldSettle": rules} for key, rules in waiting.items()]
