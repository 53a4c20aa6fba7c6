"""Apply triggers and case rules in their order, each seeing what the earlier ones concluded."""

from __future__ import annotations

from dataclasses import dataclass, field

from rdflib import RDF, URIRef
from rdflib.term import Node

from loader.terms import REMIT
from server.answers.quality.conditions import Known, Outcome, Value, evaluate
from server.answers.reference import Json, Reference


@dataclass(frozen=True)
class Fired:
    """A rule with what became of its condition."""

    rule: URIRef
    outcome: Outcome
    kind: Node | None
    concluded: tuple[Node, ...]


@dataclass
class Run:
    """Everything that a run of the rules gave: rules with their outcomes, and what was concluded."""

    facts: dict[str, Value]
    fired: list[Fired] = field(default_factory=list)
    concluded: set[Node] = field(default_factory=set)

    @property
    def known(self) -> Known:
        """What conditions can look at by the end of the run."""
        return Known(self.facts, self.concluded)

    def met(self, kind: URIRef) -> list[Fired]:
        """Return the rules of a kind of conclusion whose conditions hold."""
        return [each for each in self.fired if each.outcome.met and each.kind == kind]


def run(ref: Reference, facts: dict[str, Value]) -> Run:
    """Apply all triggers, then all case rules, in the order of the registers."""
    done = Run(facts)
    for rule in [*_ordered(ref, REMIT.Trigger), *_ordered(ref, REMIT.CaseRule)]:
        outcome = evaluate(ref, ref.one(rule, REMIT.condition), done.known)
        things = tuple(ref.all(rule, REMIT.outcomeOf))
        done.fired.append(Fired(rule, outcome, ref.one(rule, REMIT.concludes), things))
        if outcome.met:
            done.concluded.update(things)
    return done


def told(ref: Reference, fired: Fired) -> Json:
    """Return a rule for an answer: label, modality, what it concludes, its tests and sources."""
    modality = ref.one(fired.rule, REMIT.itemModality)
    return {
        **ref.link(fired.rule),
        "conclusion": ref.label(fired.kind) if fired.kind is not None else None,
        "outcome": [ref.link(thing) for thing in fired.concluded],
        "modality": ref.label(modality) if modality is not None else "states",
        "reading": ref.text(fired.rule, REMIT.reading),
        "met": fired.outcome.met,
        "missing": list(fired.outcome.missing),
        "tests": list(fired.outcome.tests),
        "locator": locator(ref, fired.rule),
        "sources": ref.sources(fired.rule),
    }


def locator(ref: Reference, node: Node) -> str:
    """Return the locators of a thing in one line."""
    return "; ".join(source["locator"] for source in ref.sources(node) if source["locator"])


def _ordered(ref: Reference, class_: URIRef) -> list[URIRef]:
    nodes = [URIRef(str(node)) for node in ref.graph.subjects(RDF.type, class_)]
    return sorted(nodes, key=lambda node: int(ref.text(node, REMIT.ordinal) or 0))
