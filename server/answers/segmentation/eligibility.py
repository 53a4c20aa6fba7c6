"""Segmentation by eligibility criteria: the frameworks of 2021 and 2022.

Given facts about an organisation, each segment is eligible to be considered, not eligible, or cannot be told without
a further fact. Eligibility is never allocation: what is left to judgement is returned as considerations. Rules,
criteria and tests are data; where table and annex of a version differ there is a rule for each reading, and both are
returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rdflib import RDF, SKOS, Literal, URIRef
from rdflib.term import Node

from loader.terms import REMIT
from server.answers import frameworks
from server.answers.reference import Json, Reference, reference
from server.answers.segmentation import facts as facts_
from server.answers.segmentation import kinds
from server.answers.segmentation.logic import Facts, Result, Truth, combine, evaluate
from server.store.protocol import Store

OUTCOMES: dict[Truth, str] = {True: "eligible", False: "not-eligible", None: "undetermined"}


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


def segment(store: Store, slug: str, request: Mapping[str, Any]) -> Json:
    """Return for each segment whether the organisation is eligible to be considered, and why.

    ``request`` is ``{organisationKind, facts}``; the answer ``{framework, covered, segments, default, …}`` as the
    HTTP contract has it. Raises BadParameter for an unknown kind, fact or value, NotFound for an unknown version.
    Nothing is stored.
    """
    ref = reference(store)
    framework = frameworks.version(ref, slug)
    about = kinds.classes(request.get("organisationKind"))
    given = facts_.read(ref, request.get("facts", {}))
    answer = {
        "framework": frameworks.summary(ref, framework),
        "organisationKind": request.get("organisationKind"),
        "facts": given,
    }
    if not kinds.covers(ref, framework, about):
        return {**answer, **_not_covered(ref, framework, about), "dataVersion": store.version}
    complete, inferred, conflicts = facts_.completed(ref, given)
    case = Case(ref, framework, about, complete)
    return {
        **answer,
        "covered": True,
        "governs": (framework, REMIT.frameworkStatus, REMIT.adopted) in ref.graph,
        "segments": [_segment(case, number, rules) for number, rules in _rules(ref, framework).items()],
        "default": _default(ref, framework),
        "recommendation": _recommendation(case),
        "inferred": inferred,
        "conflicts": conflicts,
        "unused": sorted(set(given) - set(facts_.known(ref, framework))),
        "dataVersion": store.version,
    }


def schema(store: Store, slug: str, kind: str | None = None) -> Json:
    """Return the facts that can be given: ``{framework, organisationKinds, facts}``."""
    ref = reference(store)
    framework = frameworks.version(ref, slug)
    about = kinds.classes(kind) if kind else None
    covered = [name for name, classes in kinds.KINDS.items() if kinds.covers(ref, framework, classes)]
    return {
        "framework": frameworks.summary(ref, framework),
        "organisationKinds": covered,
        "facts": facts_.schema(ref, framework, about),
        "dataVersion": store.version,
    }


def _rules(ref: Reference, framework: URIRef) -> dict[int, list[URIRef]]:
    """Return the rules of a version by segment; several for one segment are readings of the text."""
    found: dict[int, list[URIRef]] = {}
    for node in sorted(ref.graph.subjects(REMIT.framework, framework), key=str, reverse=True):
        if (node, RDF.type, REMIT.SegmentRule) in ref.graph:
            found.setdefault(frameworks.number(ref, node, REMIT.segment), []).append(URIRef(str(node)))
    return dict(sorted(found.items()))


def _default(ref: Reference, framework: URIRef) -> int | None:
    """Return the segment of the rule that has no criteria, which is the default."""
    for number, rules in _rules(ref, framework).items():
        if not any(ref.all(rule, REMIT.criterionOf) for rule in rules):
            return number
    return None


def _segment(case: Case, number: int, rules: list[URIRef]) -> Json:
    readings = [_reading(case, rule) for rule in rules]
    outcomes = {reading["outcome"] for reading in readings}
    outcome = outcomes.pop() if len(outcomes) == 1 else "undetermined"
    criteria = list({c["id"]: c for reading in readings for c in reading["criteria"]}.values())
    missing = list(dict.fromkeys(m for reading in readings for m in reading["missing"]))
    differ = len({reading["outcome"] for reading in readings}) > 1
    because = " ".join(
        f"{reading['reading']}: {reading['because']}" if reading["reading"] and differ else reading["because"]
        for reading in (readings if differ else readings[:1])
    )
    return {
        "segment": number,
        "outcome": outcome,
        "because": f"The readings of the text differ. {because}" if differ else because,
        "criteria": criteria,
        "considerations": _considerations(case, rules),
        "missing": missing,
        "missingFacts": [_fact(case.ref, key) for key in missing],
        "readings": readings if len(readings) > 1 else [],
        "readingsDiffer": differ,
        "gateway": [g for reading in readings for g in reading["gateway"]],
        "alternativeTrigger": readings[0]["alternativeTrigger"],
        "placement": readings[0]["placement"],
        "mayBeConsidered": any(reading["mayBeConsidered"] for reading in readings),
        "effect": case.ref.text(rules[0], REMIT.effect),
        "sources": case.ref.source_list(p for r in rules for p in case.ref.graph.objects(r, REMIT.statedIn)),
        "notes": _notes(case, rules),
    }


def _reading(case: Case, rule: URIRef) -> Json:
    ref = case.ref
    nodes = [n for n in ref.all(rule, REMIT.criterionOf) if case.concerns(n)]
    how = ref.text(rule, REMIT.combination)
    results = [case.evaluate(node) for node in nodes]
    result = combine(how, results) if how else Result(True)
    gates = [_gate(case, node) for node in ref.all(rule, REMIT.gateway)]
    triggers = [_criterion(case, n) for n in ref.all(rule, REMIT.alternativeTrigger) if case.concerns(n)]
    criteria = [_criterion(case, node) for node in nodes]
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
        "placement": [_criterion(case, n) for n in ref.all(rule, REMIT.placementCondition) if case.concerns(n)],
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


def _criterion(case: Case, node: Node) -> Json:
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


def _considerations(case: Case, rules: list[URIRef]) -> list[Json]:
    ref = case.ref
    nodes = {n for rule in rules for n in ref.graph.objects(rule, REMIT.considers) if case.concerns(n)}
    told = (frameworks.item(ref, n, case.framework) for n in sorted(nodes, key=lambda n: frameworks.order(ref, n)))
    return [{**row, "locator": "; ".join(row["locators"])} for row in told]


def _recommendation(case: Case) -> list[Json]:
    """Return whether another regulator would normally recommend the segment, by the version's rule."""
    found = case.ref.graph.subjects(REMIT.aspect, Literal("recommendation"))
    nodes = [n for n in sorted(found, key=str) if (n, REMIT.framework, case.framework) in case.ref.graph]
    rows = [_criterion(case, n) for n in nodes if case.concerns(n)]
    return [{**row, "normallyRecommended": row["met"]} for row in rows]


def _notes(case: Case, rules: list[URIRef]) -> list[Json]:
    ref = case.ref
    items = {i for r in rules for c in ref.all(r, REMIT.criterionOf) for i in ref.graph.objects(c, REMIT.setByItem)}
    own = frameworks.document(case.framework)
    notes = ref.notes(*items)
    return [n for n in notes if any((URIRef(s["url"]), REMIT.inDocument, own) in ref.graph for s in n["sources"])]


def _fact(ref: Reference, key: str) -> Json:
    node = facts_.every_key(ref).get(key)
    return {"key": key, "label": ref.label(node) if node is not None else key}


def _not_covered(ref: Reference, framework: URIRef, about: tuple[URIRef, ...]) -> Json:
    """Say that a version does not segment organisations of this kind, with what it says of them."""
    scope = URIRef("https://w3id.org/remit/id/topic/scope")
    said = [i for i in frameworks.items(ref, framework) if (i, REMIT.topic, scope) in ref.graph]
    own = [i for i in said if set(ref.graph.objects(i, REMIT.appliesTo)) & set(about)]
    rows = [frameworks.item(ref, i, framework) for i in sorted(own, key=lambda i: frameworks.order(ref, i))]
    kinds_covered = ", ".join(ref.labels(framework, REMIT.audience))
    told = " ".join(row["text"] for row in rows)
    return {
        "covered": False,
        "segments": [],
        "default": None,
        "because": f"This version segments {kinds_covered}: no segment. {told}".strip(),
        "items": rows,
        "sources": [s for row in rows for s in row["sources"]] or ref.sources(framework),
    }
