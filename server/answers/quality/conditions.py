"""Conditions of case rules: tests of facts and of earlier conclusions, combined by all, any and none.

A condition is data: a node with ``remit:tests`` (a fact, with ``remit:equals``, ``remit:atLeast``, ``remit:atMost``),
``remit:concluded`` (something that an earlier rule concluded), ``remit:allOf``, ``remit:anyOf`` or ``remit:noneOf``.
A fact that is not known leaves a condition open only where it can change the result.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from rdflib.term import Node

from loader.terms import REMIT
from server.answers.reference import Json, Reference
from server.answers.segmentation.logic import Truth, every, some, written

Value: TypeAlias = bool | int | str | tuple[str, ...]

NOT_APPLICABLE = "none"


@dataclass(frozen=True)
class Known:
    """What is known of a case: stated and assumed facts by key, and what was concluded so far."""

    facts: Mapping[str, Value]
    concluded: Collection[Node] = ()


@dataclass(frozen=True)
class Outcome:
    """Whether a condition holds, the facts that would settle it, and each test with the value known."""

    met: Truth
    missing: tuple[str, ...] = ()
    tests: tuple[Json, ...] = ()


def evaluate(ref: Reference, node: Node | None, known: Known) -> Outcome:
    """Evaluate a condition; without one (``node`` None) it holds."""
    if node is None:
        return Outcome(True)
    groups: list[tuple[Truth, list[Outcome]]] = []
    if (fact := ref.one(node, REMIT.tests)) is not None:
        own = _test(ref, node, fact, known)
        groups.append((own.met, [own]))
    if (thing := ref.one(node, REMIT.concluded)) is not None:
        groups.append((thing in known.concluded, []))
    for property_, combine in ((REMIT.allOf, every), (REMIT.anyOf, some), (REMIT.noneOf, _none)):
        if children := ref.all(node, property_):
            parts = [evaluate(ref, child, known) for child in children]
            groups.append((combine(part.met for part in parts), parts))
    met = every(truth for truth, _ in groups)
    parts = [part for _, each in groups for part in each]
    missing = [m for part in parts if part.met is None for m in part.missing] if met is None else []
    tests = tuple(test for part in parts for test in part.tests)
    return Outcome(met, tuple(dict.fromkeys(missing)), tests)


def _none(parts: Iterable[Truth]) -> Truth:
    found = some(parts)
    return None if found is None else not found


def _test(ref: Reference, node: Node, fact: Node, known: Known) -> Outcome:
    key = ref.text(fact, REMIT.factKey) or ref.label(fact)
    given = known.facts.get(key)
    shown = {"fact": key, "label": ref.label(fact), "needed": _needed(ref, node), "given": given}
    if given is None:
        return Outcome(None, (key,), ({**shown, "met": None},))
    met = _fits(ref, node, given)
    return Outcome(met, (), ({**shown, "met": met},))


def _fits(ref: Reference, node: Node, given: Value) -> bool:
    values = given if isinstance(given, tuple) else (written(given),)
    wanted = ref.texts(node, REMIT.equals)
    if wanted:
        return bool(set(values) & set(wanted))
    if NOT_APPLICABLE in values or not values:
        return False
    least, most = ref.text(node, REMIT.atLeast), ref.text(node, REMIT.atMost)
    number = Decimal(values[0])
    return (least is None or number >= Decimal(least)) and (most is None or number <= Decimal(most))


def _needed(ref: Reference, node: Node) -> str:
    parts = [" or ".join(ref.texts(node, REMIT.equals))]
    for property_, words in ((REMIT.atLeast, "at least"), (REMIT.atMost, "at most")):
        if (bound := ref.text(node, property_)) is not None:
            parts.append(f"{words} {bound}")
    return ", ".join(part for part in parts if part)
