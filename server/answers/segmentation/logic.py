"""Three-valued evaluation of criteria: a test is met, not met, or cannot be told without a further fact.

Criteria are data: nested ``remit:allOf`` and ``remit:anyOf`` over tests of single facts, each with the values
(``remit:equals``), bounds (``remit:atLeast``, ``remit:atMost``) and the values on which the text is silent
(``remit:silentOn``). Strong Kleene logic: an unknown part matters only where it can change the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from rdflib.term import Node

from loader.terms import REMIT
from server.answers.reference import Json, Reference

Truth: TypeAlias = bool | None
Value: TypeAlias = bool | int | str
Facts: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True)
class Result:
    """Whether a condition is met, the facts that would settle it, and each test with the value given."""

    met: Truth
    missing: tuple[str, ...] = ()
    tests: tuple[Json, ...] = ()


def every(parts: Iterable[Truth]) -> Truth:
    """Return whether all parts are met; None where an unknown part decides. No parts: met."""
    known = list(parts)
    return False if False in known else None if None in known else True


def some(parts: Iterable[Truth]) -> Truth:
    """Return whether a part is met; None where an unknown part decides. No parts: not met."""
    known = list(parts)
    return True if True in known else None if None in known else False


def combine(how: str, parts: list[Result]) -> Result:
    """Return ``all`` or ``any`` of several results; raises ValueError for another combination."""
    if how not in ("all", "any"):
        raise ValueError(f"A combination is “all” or “any”, not “{how}”.")
    met = (every if how == "all" else some)(part.met for part in parts)
    missing = [m for part in parts if part.met is None for m in part.missing] if met is None else []
    tests = tuple(test for part in parts for test in part.tests)
    return Result(met, tuple(dict.fromkeys(missing)), tests)


def evaluate(ref: Reference, node: Node, facts: Facts) -> Result:
    """Evaluate a criterion or condition against stated facts."""
    parts: list[Result] = []
    if tested := ref.one(node, REMIT.tests):
        parts.append(_test(ref, node, tested, facts))
    if children := ref.all(node, REMIT.allOf):
        parts.append(combine("all", [evaluate(ref, child, facts) for child in children]))
    if children := ref.all(node, REMIT.anyOf):
        parts.append(combine("any", [evaluate(ref, child, facts) for child in children]))
    return combine("all", parts)


def _test(ref: Reference, node: Node, fact: Node, facts: Facts) -> Result:
    key = ref.text(fact, REMIT.factKey) or ref.label(fact)
    given = facts.get(key)
    silent = ref.texts(node, REMIT.silentOn)
    shown = {
        "fact": key,
        "label": ref.label(fact),
        "needed": _needed(ref, node),
        "given": given,
    }
    if given is None:
        return Result(None, (key,), ({**shown, "met": None},))
    if written(given) in silent:
        told = {**shown, "met": None, "because": "The text does not say whether this value counts."}
        return Result(None, (), (told,))
    met = _fits(ref, node, given)
    return Result(met, (), ({**shown, "met": met},))


def _fits(ref: Reference, node: Node, given: Value) -> bool:
    wanted = ref.texts(node, REMIT.equals)
    if wanted and written(given) not in wanted:
        return False
    least, most = ref.text(node, REMIT.atLeast), ref.text(node, REMIT.atMost)
    if least is not None and Decimal(written(given)) < Decimal(least):
        return False
    return most is None or Decimal(written(given)) <= Decimal(most)


def _needed(ref: Reference, node: Node) -> str:
    parts = []
    if wanted := ref.texts(node, REMIT.equals):
        parts.append(" or ".join(wanted))
    for property_, words in ((REMIT.atLeast, "at least"), (REMIT.atMost, "at most")):
        if (bound := ref.text(node, property_)) is not None:
            parts.append(f"{words} {bound}")
    return ", ".join(parts)


def written(value: Value) -> str:
    """Return a value of a fact as the registers write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
