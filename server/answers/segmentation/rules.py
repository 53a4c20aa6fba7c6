"""Rules of segments, applied to one case: criteria with their logic, gateways, triggers and conditions of placement."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import SKOS, URIRef
from rdflib.term import Node

from loader.terms import REMIT
from server.answers import frameworks
from server.answers.reference import Json, Reference
from server.answers.segmentation import facts as facts_
from server.answers.segmentation.logic import Facts, Result, Truth, combine, evaluate


@dataclass(frozen=True)
class Case:
    """What is asked: a framework version, the classes of the organisation, and the facts stated of it."""

    ref: Reference
    framework: URIRef
    classes: tuple[URIRef, ...]
    facts: Facts

    def concerns(self, node: Node) -> bool:
        """Return whether a criterion or consideration is about the organisation."""
        return facts_.concerns(self.ref, node, self.classes)

    def evaluate(self, node: Node) -> Result:
        """Evaluate a criterion against the facts."""
        return evaluate(self.ref, node, self.facts)


def reading(case: Case, rule: URIRef) -> Json:
    """Return the outcome of one rule: eligible, not-eligible or undetermined, with what decided it."""
    ref = case.ref
    nodes = [n for n in ref.all(rule, REMIT.criterionOf) if case.concerns(n)]
    how = ref.text(rule, REMIT.combination)
    results = [case.evaluate(node) for node in nodes]
    result = combine(how, results) if how else Result(True)
    gates = [_gate(case, node) for node in ref.all(rule, REMIT.gateway)]
    triggers = [
        criterion(case, n) for n in ref.all(rule, REMIT.alternativeTrigger) if case.concerns(n)
    ]
    criteria = [criterion(case, node) for node in nodes]
    outcome, because = _outcome(result, criteria, gates, triggers, how)
    return {
        "rule": str(rule),
        "reading": ref.text(rule, REMIT.reading),
        "outcome": outcome,
        "because": because,
        "combination": how,
        "criteria": criteria,
        "missing": list(result.missing) if result.met is None else [],
        "gateway": gates,
        "alternativeTrigger": triggers,
        "placement": [
            criterion(case, n) for n in ref.all(rule, REMIT.placementCondition) if case.concerns(n)
        ],
        "mayBeConsidered": result.met is not True and any(t["met"] for t in triggers),
        "sources": ref.sources(rule),
    }


def _outcome(
    result: Result, criteria: list[Json], gates: list[Json], triggers: list[Json], how: str | None
) -> tuple[str, str]:
    if how is None:
        return "eligible", "The default: it needs no criterion."
    met = [c["label"] for c in criteria if c["met"]]
    failed = [c["label"] for c in criteria if c["met"] is False]
    if result.met:
        told = f"Met: {'; '.join(met)}."
        if closed := [g["label"] for g in gates if g["met"] is False]:
            return "undetermined", (
                f"{told} But it stands “{closed[0][0].lower()}{closed[0][1:]}”, and none of those is met; "
                "whether they must be met too the text does not settle."
            )
        return "eligible", told
    if any(t["met"] for t in triggers):
        return "undetermined", (
            f"No criterion is shown to be met, but consideration may be triggered: {triggers[0]['label']}."
        )
    if result.met is False:
        told = "; ".join(failed) if how == "all" else "none of its criteria is met"
        return "not-eligible", f"Not met: {told}."
    if result.missing:
        return "undetermined", f"Cannot be told without: {', '.join(result.missing)}."
    return "undetermined", "The text does not say whether what is given counts."


def criterion(case: Case, node: Node) -> Json:
    """Return a criterion with whether it is met, its tests, the facts that are missing and its locator."""
    ref, result = case.ref, case.evaluate(node)
    sources = ref.sources(node)
    return {
        **ref.link(node),
        "met": result.met,
        "locator": "; ".join(s["locator"] for s in sources),
        "tests": list(result.tests),
        "missing": list(result.missing),
        "note": ref.text(node, SKOS.note),
        "sources": sources,
    }


def _gate(case: Case, node: Node) -> Json:
    """Evaluate what the criteria of a segment are in addition to; not met, met, or not to be told (null)."""
    ref = case.ref
    rules = ref.all(node, REMIT.segmentRuleMet)
    met: Truth = None
    if rules:
        tested = [case.evaluate(node)] if ref.all(node, REMIT.anyOf) else []
        tested += [_met(case, URIRef(str(rule))) for rule in rules]
        met = combine("any", tested).met
    sources = ref.sources(node)
    return {
        "label": ref.label(node),
        "met": met,
        "locator": "; ".join(s["locator"] for s in sources),
        "segments": sorted({frameworks.number(ref, rule, REMIT.segment) for rule in rules}),
        "sources": sources,
    }


def _met(case: Case, rule: URIRef) -> Result:
    nodes = [n for n in case.ref.all(rule, REMIT.criterionOf) if case.concerns(n)]
    how = case.ref.text(rule, REMIT.combination) or "all"
    return combine(how, [case.evaluate(node) for node in nodes])
