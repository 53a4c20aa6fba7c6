"""Facts as a user gives them: checked against the facts that the framework asks for, and made comparable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from server.answers.reference import Json
from server.answers.segmentation.assessment_conditions import Fact, Value
from server.errors import BadParameter, excerpt


@dataclass
class Given:
    """What the user gave: values by fact, and the values that the framework does not know."""

    values: dict[str, Any] = field(default_factory=dict)
    ignored: dict[str, list[str]] = field(default_factory=dict)

    def possible(self) -> dict[str, frozenset[Value]]:
        """Return the facts with one value each, as conditions test them."""
        single = {k: v for k, v in self.values.items() if isinstance(v, str | int | float)}
        return {key: frozenset({value}) for key, value in single.items()}


def read_given(facts: Mapping[str, Fact], asked: Mapping[str, Any]) -> Given:
    """Check ``asked`` (key to value; null means not given) and return it.

    Raises BadParameter, naming the fact, for an unknown fact or a value that it cannot have.
    """
    given = Given()
    for key, value in asked.items():
        fact = facts.get(key)
        if fact is None:
            raise _unknown(key, facts)
        if value is not None:
            given.values[key] = _READERS[fact.kind](fact, value, given)
    return given


def schema(fact: Fact) -> Json:
    """Return how a fact is given: ``{key, label, type, values, least, greatest, assumed, …}``."""
    return {
        "key": fact.key,
        "label": fact.label,
        "type": fact.kind,
        "description": fact.statement,
        "values": list(fact.choices),
        "least": fact.least,
        "greatest": fact.most,
        "assumed": fact.assumed,
        "required": False,
        "id": fact.id,
        "sources": fact.sources,
    }


def _unknown(key: str, facts: Mapping[str, Fact]) -> BadParameter:
    near = get_close_matches(str(key), list(facts), n=1)
    hint = f"Did you mean {near[0]}?" if near else f"The facts are {', '.join(facts)}."
    return BadParameter(
        f"“{excerpt(str(key))}” is not a fact asked for. {hint}", parameter=str(key)[:60]
    )


def _wrong(fact: Fact, needed: str) -> BadParameter:
    return BadParameter(f"{fact.key} needs {needed}.", parameter=fact.key)


def _whole(fact: Fact, value: Any, given: Given) -> int:
    within = not isinstance(value, bool) and isinstance(value, int | float) and value == value // 1
    if not within or not (fact.least or 0) <= value <= (value if fact.most is None else fact.most):
        raise _wrong(fact, f"a whole number from {fact.least} to {fact.most}")
    return int(value)


def _number(fact: Fact, value: Any, given: Given) -> float:
    usable = not isinstance(value, bool) and isinstance(value, int | float)
    if not usable or not abs(value) < 1e15 or (fact.least is not None and value < fact.least):
        raise _wrong(fact, "a number" + ("" if fact.least is None else f", {fact.least} or more"))
    return float(value)


def _boolean(fact: Fact, value: Any, given: Given) -> str:
    if not isinstance(value, bool):
        raise _wrong(fact, "true or false")
    return "true" if value else "false"


def _choice(fact: Fact, value: Any, given: Given) -> str:
    found = _name(fact, value) if isinstance(value, str) else None
    if found is None:
        raise _wrong(fact, f"one of: {', '.join(fact.choices)}")
    return found


def _choices(fact: Fact, value: Any, given: Given) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _wrong(fact, "a list of names")
    known: list[str] = []
    for text in texts[:100]:
        found = _name(fact, text)
        if found is None:
            given.ignored.setdefault(fact.key, []).append(excerpt(text.strip()))
        elif found not in known:
            known.append(found)
    return known


def _named_numbers(fact: Fact, value: Any, given: Given) -> dict[str, float]:
    if not isinstance(value, dict) or not value or len(value) > 100:
        raise _wrong(fact, "a mapping of names to numbers")
    return {str(name)[:100]: _number(fact, number, given) for name, number in value.items()}


def _named_lists(fact: Fact, value: Any, given: Given) -> dict[str, list[float]]:
    if not isinstance(value, dict) or not value or len(value) > 100:
        raise _wrong(fact, "a mapping of names to lists of numbers")
    found: dict[str, list[float]] = {}
    for name, numbers in value.items():
        if not isinstance(numbers, list) or not 0 < len(numbers) <= 1000:
            raise _wrong(fact, "a list of numbers for each name")
        found[str(name)[:100]] = [_number(fact, number, given) for number in numbers]
    return found


def _name(fact: Fact, text: str) -> str | None:
    wanted = " ".join(text.replace("_", " ").split()).casefold()
    names = {name.casefold(): name for name in fact.choices}
    others = {other.casefold(): name for other, name in fact.aliases.items()}
    return names.get(wanted) or others.get(wanted)


_READERS: dict[str, Callable[[Fact, Any, Given], Any]] = {
    "whole number": _whole,
    "number": _number,
    "boolean": _boolean,
    "choice": _choice,
    "choices": _choices,
    "numbers by name": _named_numbers,
    "lists of numbers by name": _named_lists,
}
