"""Segmentation by eligibility criteria: the frameworks of 2021 and 2022.

Given facts about an organisation, each segment is eligible to be considered, not eligible, or cannot be told without
a further fact. Eligibility is never allocation: what is left to judgement is returned as considerations. Rules,
criteria and tests are data; where table and annex of a version differ there is a rule for each reading, and both are
returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import RDF, Literal, URIRef

from loader.terms import REMIT
from server.answers import frameworks
from server.answers.reference import Json, Reference, reference
from server.answers.segmentation import facts as facts_
from server.answers.segmentation import kinds
from server.answers.segmentation.rules import Case, criterion, reading
from server.store.protocol import Store


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
        "segments": [
            _segment(case, number, rules) for number, rules in _rules(ref, framework).items()
        ],
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
    covered = [
        name for name, classes in kinds.KINDS.items() if kinds.covers(ref, framework, classes)
    ]
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
            found.setdefault(frameworks.number(ref, node, REMIT.segment), []).append(
                URIRef(str(node))
            )
    return dict(sorted(found.items()))


def _default(ref: Reference, framework: URIRef) -> int | None:
    """Return the segment of the rule that has no criteria, which is the default."""
    for number, rules in _rules(ref, framework).items():
        if not any(ref.all(rule, REMIT.criterionOf) for rule in rules):
            return number
    return None


def _segment(case: Case, number: int, rules: list[URIRef]) -> Json:
    readings = [reading(case, rule) for rule in rules]
    outcomes = {each["outcome"] for each in readings}
    outcome = outcomes.pop() if len(outcomes) == 1 else "undetermined"
    criteria = list({c["id"]: c for each in readings for c in each["criteria"]}.values())
    missing = list(dict.fromkeys(m for each in readings for m in each["missing"]))
    differ = len({each["outcome"] for each in readings}) > 1
    because = " ".join(
        f"{each['reading']}: {each['because']}" if each["reading"] and differ else each["because"]
        for each in (readings if differ else readings[:1])
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
        "gateway": [g for each in readings for g in each["gateway"]],
        "alternativeTrigger": readings[0]["alternativeTrigger"],
        "placement": readings[0]["placement"],
        "mayBeConsidered": any(each["mayBeConsidered"] for each in readings),
        "effect": case.ref.text(rules[0], REMIT.effect),
        "sources": case.ref.source_list(
            p for r in rules for p in case.ref.graph.objects(r, REMIT.statedIn)
        ),
        "notes": _notes(case, rules),
    }


def _considerations(case: Case, rules: list[URIRef]) -> list[Json]:
    ref = case.ref
    nodes = {
        n for rule in rules for n in ref.graph.objects(rule, REMIT.considers) if case.concerns(n)
    }
    told = (
        frameworks.item(ref, n, case.framework)
        for n in sorted(nodes, key=lambda n: frameworks.order(ref, n))
    )
    return [{**row, "locator": "; ".join(row["locators"])} for row in told]


def _recommendation(case: Case) -> list[Json]:
    """Return whether another regulator would normally recommend the segment, by the version's rule."""
    found = case.ref.graph.subjects(REMIT.aspect, Literal("recommendation"))
    nodes = [
        n for n in sorted(found, key=str) if (n, REMIT.framework, case.framework) in case.ref.graph
    ]
    rows = [criterion(case, n) for n in nodes if case.concerns(n)]
    return [{**row, "normallyRecommended": row["met"]} for row in rows]


def _notes(case: Case, rules: list[URIRef]) -> list[Json]:
    ref = case.ref
    items = {
        i
        for r in rules
        for c in ref.all(r, REMIT.criterionOf)
        for i in ref.graph.objects(c, REMIT.setByItem)
    }
    own = frameworks.document(case.framework)
    notes = ref.notes(*items)
    return [
        n
        for n in notes
        if any((URIRef(s["url"]), REMIT.inDocument, own) in ref.graph for s in n["sources"])
    ]


def _fact(ref: Reference, key: str) -> Json:
    node = facts_.every_key(ref).get(key)
    return {"key": key, "label": ref.label(node) if node is not None else key}


def _not_covered(ref: Reference, framework: URIRef, about: tuple[URIRef, ...]) -> Json:
    """Say that a version does not segment organisations of this kind, with what it says of them."""
    scope = URIRef("https://w3id.org/remit/id/topic/scope")
    said = [i for i in frameworks.items(ref, framework) if (i, REMIT.topic, scope) in ref.graph]
    own = [i for i in said if set(ref.graph.objects(i, REMIT.appliesTo)) & set(about)]
    rows = [
        frameworks.item(ref, i, framework)
        for i in sorted(own, key=lambda i: frameworks.order(ref, i))
    ]
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
