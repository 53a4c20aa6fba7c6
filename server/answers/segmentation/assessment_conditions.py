"""Conditions on facts of which only the possible values are known: met, not met, or not to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from server.answers.reference import Json

Value: TypeAlias = str | int | float
Possible: TypeAlias = Mapping[str, frozenset[Value]]


@dataclass(frozen=True)
class Fact:
    """A fact that a framework asks for; ``domain`` holds its values where they are few."""

    id: str
    key: str
    label: str
    kind: str
    statement: str | None
    choices: tuple[str, ...]
    aliases: Mapping[str, str]
    least: int | None
    most: int | None
    domain: frozenset[Value]
    assumed: str | None
    counted_from: str | None
    rated_from: str | None
    order: int
    sources: list[Json] = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class Condition:
    """A test of one fact, or of all of or any of other tests; an empty test is met."""

    fact: str | None = None
    equals: frozenset[str] = frozenset()
    least: int | float | None = None
    most: int | float | None = None
    all_of: tuple[Condition, ...] = ()
    any_of: tuple[Condition, ...] = ()

    def holds(self, possible: Possible) -> bool | None:
        """Return whether the test is met; None where the possible values do not settle it."""
        if self.fact is not None:
            return self._of_fact(possible.get(self.fact))
        parts = [test.holds(possible) for test in self.all_of]
        if self.any_of:
            parts.append(either([test.holds(possible) for test in self.any_of]))
        return both(parts)

    def facts(self) -> frozenset[str]:
        """Return the keys of the facts that the test looks at."""
        own = frozenset({self.fact}) if self.fact else frozenset()
        return own.union(*(test.facts() for test in (*self.all_of, *self.any_of)))

    def _of_fact(self, values: frozenset[Value] | None) -> bool | None:
        if not values:
            return None
        found = {self._of_value(value) for value in values}
        return found.pop() if len(found) == 1 else None

    def _of_value(self, value: Value) -> bool:
        if self.equals and as_text(value) not in self.equals:
            return False
        if self.least is None and self.most is None:
            return True
        if isinstance(value, str):
            return False
        number = Decimal(str(value))
        above = self.least is None or number >= Decimal(str(self.least))
        return above and (self.most is None or number <= Decimal(str(self.most)))


def both(parts: list[bool | None]) -> bool | None:
    """Return whether all hold: False when one fails, None when one cannot be told."""
    if False in parts:
        return False
    return None if None in parts else True


def either(parts: list[bool | None]) -> bool | None:
    """Return whether any holds: True when one does, None when it cannot be told."""
    if True in parts:
        return True
    return None if None in parts else False


def as_text(value: Value | bool) -> str:
    """Return a value as registers write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def whole_domain(least: int | None, most: int | None) -> frozenset[Value]:
    """Return the whole numbers from ``least`` to ``most``; none where either is open."""
    if least is None or most is None:
        return frozenset()
    return frozenset(range(least, most + 1))


def boolean_domain(kind: str, choices: tuple[str, ...]) -> frozenset[Value]:
    """Return the values of a truth value or a choice; none for other kinds of fact."""
    if kind == "boolean":
        return frozenset({"true", "false"})
    return frozenset(choices) if kind == "choice" else frozenset()
