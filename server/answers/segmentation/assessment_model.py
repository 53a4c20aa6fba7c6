"""The steps, rules, facts and undefined matters of an assessment framework, read from the registers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rdflib import RDF, SKOS, URIRef
from rdflib.term import Node

from loader.terms import REMIT, slug
from server.answers.norms import number
from server.answers.reference import Json, Reference
from server.answers.segmentation.assessment_conditions import (
    Condition,
    Fact,
    boolean_domain,
    whole_domain,
)

SCALE = (1, 2, 3, 4)


@dataclass(frozen=True)
class Rule:
    """One sentence of the framework: when it is met, and what it does to the outcome of its step."""

    id: URIRef
    label: str
    statement: str
    test: Condition
    modality: str
    shift: int
    least: int | None
    fixed: int | None
    opens: bool
    action: str | None
    action_in: str | None
    note: str | None
    sources: list[Json]

    @property
    def moves(self) -> bool:
        """Whether the rule can change an outcome, rather than let it stand or name an action."""
        return bool(self.shift or self.least or self.fixed or self.opens)

    def effect(self, value: int) -> frozenset[int]:
        """Return what an outcome may become when the rule is met; a “may” keeps the old one too."""
        if self.opens:
            return frozenset(SCALE)
        if self.fixed is not None:
            return frozenset({self.fixed})
        if self.least is not None:
            return frozenset({max(value, self.least)})
        moved = min(max(value + self.shift, SCALE[0]), SCALE[-1])
        return frozenset({moved}) if self.modality == "must" else frozenset({value, moved})


@dataclass(frozen=True)
class Step:
    """One step: its outcome, the fact that may state the outcome, and its rules in order."""

    id: URIRef
    number: int
    label: str
    statement: str
    outcome: str
    starts_from: str | None
    rules: tuple[Rule, ...]
    sources: list[Json]


@dataclass(frozen=True)
class Matter:
    """Something that the text leaves undefined, and when a case raises it."""

    id: URIRef
    key: str
    label: str
    statement: str
    user_rule: str | None
    step: int | None
    test: Condition | None
    raised_by: tuple[str, ...]
    raised_without: tuple[str, ...]
    sources: list[Json]

    def told(self, what: str | None = None) -> Json:
        """Return ``{what, why, key, userRule, locator, sources}``."""
        return {
            "what": what or self.label,
            "why": self.statement,
            "key": self.key,
            "userRule": self.user_rule,
            "locator": locator(self.sources),
            "sources": self.sources,
        }


@dataclass(frozen=True)
class Model:
    """A framework as the engine uses it."""

    framework: URIRef
    facts: dict[str, Fact]
    steps: tuple[Step, ...]
    matters: tuple[Matter, ...]
    order: dict[str, int] = field(default_factory=dict)

    def matter(self, key: str) -> Matter | None:
        """Return the undefined matter of that key, or None."""
        return next((matter for matter in self.matters if matter.key == key), None)


def read_model(ref: Reference, framework: URIRef) -> Model:
    """Return the model of ``framework`` from the registers."""
    facts = {fact.id: fact for fact in read_facts(ref, framework)}
    asked = {fact.key: fact for fact in facts.values()}
    nodes = [n for n in _of(ref, framework) if (n, RDF.type, REMIT.AssessmentStep) in ref.graph]
    steps = sorted((_step(ref, node, facts) for node in nodes), key=lambda step: step.number)
    numbers = {step.id: step.number for step in steps}
    found = ref.graph.subjects(RDF.type, REMIT.UndefinedMatter)
    matters = sorted((_matter(ref, n, facts, numbers) for n in found), key=lambda m: str(m.id))
    return Model(framework, asked, tuple(steps), tuple(matters))


def read_facts(ref: Reference, framework: URIRef) -> list[Fact]:
    """Return the facts that ``framework`` asks for, in their order."""
    nodes = [n for n in _of(ref, framework) if (n, RDF.type, REMIT.AssessedFact) in ref.graph]
    return sorted((_fact(ref, node) for node in nodes), key=lambda fact: (fact.order, fact.key))


def read_test(ref: Reference, node: Node, facts: dict[str, Fact]) -> Condition:
    """Return the test of a rule, criterion or part of one: all of, any of, or a test of one fact."""
    fact = ref.one(node, REMIT.tests)
    if fact is not None:
        return Condition(
            fact=facts[str(fact)].key,
            equals=frozenset(ref.texts(node, REMIT.equals)),
            least=number(ref.one(node, REMIT.atLeast)),
            most=number(ref.one(node, REMIT.atMost)),
        )
    all_of = tuple(read_test(ref, part, facts) for part in ref.all(node, REMIT.allOf))
    any_of = tuple(read_test(ref, part, facts) for part in ref.all(node, REMIT.anyOf))
    return Condition(all_of=all_of, any_of=any_of)


def locator(sources: Iterable[Json]) -> str:
    """Return the locators of sources in one line."""
    return "; ".join(source["locator"] for source in sources if source["locator"])


def whole(ref: Reference, node: Node, property_: URIRef) -> int | None:
    """Return a whole number, or None where it is not stated."""
    value = number(ref.one(node, property_))
    return None if value is None else int(value)


def _of(ref: Reference, framework: URIRef) -> list[Node]:
    return list(ref.graph.subjects(REMIT.framework, framework))


def _fact(ref: Reference, node: Node) -> Fact:
    kind = ref.text(node, REMIT.factType) or "choice"
    least, most = whole(ref, node, REMIT.leastValue), whole(ref, node, REMIT.greatestValue)
    choices = tuple(sorted(str(v) for v in ref.graph.objects(node, REMIT.choice)))
    domain = whole_domain(least, most) if kind == "whole number" else boolean_domain(kind, choices)
    counted, rated = ref.one(node, REMIT.countedFrom), ref.one(node, REMIT.ratedFrom)
    aliases = (text.partition("=") for text in ref.texts(node, REMIT.choiceAlias))
    return Fact(
        id=str(node),
        key=str(ref.text(node, REMIT.factKey)),
        label=ref.label(node),
        kind=kind,
        statement=ref.text(node, REMIT.statement),
        choices=choices,
        aliases={other.strip(): name.strip() for other, _, name in aliases},
        least=least,
        most=most,
        domain=domain,
        assumed=ref.text(node, REMIT.assumedValue),
        counted_from=_key(ref, counted),
        rated_from=_key(ref, rated),
        order=whole(ref, node, REMIT.itemOrder) or 0,
        sources=ref.sources(node),
    )


def _key(ref: Reference, fact: Node | None) -> str | None:
    return None if fact is None else ref.text(fact, REMIT.factKey)


def _step(ref: Reference, node: Node, facts: dict[str, Fact]) -> Step:
    found = ref.graph.subjects(REMIT.ofStep, node)
    rules = [n for n in found if (n, RDF.type, REMIT.AssessmentRule) in ref.graph]
    rules.sort(key=lambda rule: whole(ref, rule, REMIT.itemOrder) or 0)
    return Step(
        id=URIRef(str(node)),
        number=whole(ref, node, REMIT.stepNumber) or 0,
        label=ref.label(node),
        statement=ref.text(node, REMIT.statement) or "",
        outcome=ref.text(node, REMIT.outcomeKey) or "",
        starts_from=_key(ref, ref.one(node, REMIT.startsFrom)),
        rules=tuple(_rule(ref, rule, facts) for rule in rules),
        sources=ref.sources(node),
    )


def _rule(ref: Reference, node: Node, facts: dict[str, Fact]) -> Rule:
    modality = ref.text(node, REMIT.itemModality) or ""
    return Rule(
        id=URIRef(str(node)),
        label=ref.label(node),
        statement=ref.text(node, REMIT.statement) or ref.label(node),
        test=read_test(ref, node, facts),
        modality=slug(modality).removeprefix("modality-"),
        shift=whole(ref, node, REMIT.shift) or 0,
        least=whole(ref, node, REMIT.leastOutcome),
        fixed=whole(ref, node, REMIT.fixedOutcome),
        opens=ref.text(node, REMIT.opensOutcome) == "true",
        action=ref.text(node, REMIT.actionKey),
        action_in=_key(ref, ref.one(node, REMIT.requiresActionIn)),
        note=ref.text(node, SKOS.note),
        sources=ref.sources(node),
    )


def _matter(
    ref: Reference, node: Node, facts: dict[str, Fact], numbers: dict[URIRef, int]
) -> Matter:
    step = ref.one(node, REMIT.ofStep)
    tested = (node, REMIT.allOf, None) in ref.graph or (node, REMIT.anyOf, None) in ref.graph
    return Matter(
        id=URIRef(str(node)),
        key=ref.text(node, REMIT.matterKey) or slug(str(node)),
        label=ref.label(node),
        statement=ref.text(node, REMIT.statement) or "",
        user_rule=ref.text(node, REMIT.userRule),
        step=numbers.get(URIRef(str(step))),
        test=read_test(ref, node, facts) if tested else None,
        raised_by=tuple(facts[str(f)].key for f in ref.all(node, REMIT.raisedBy)),
        raised_without=tuple(facts[str(f)].key for f in ref.all(node, REMIT.raisedWithout)),
        sources=ref.sources(node),
    )
