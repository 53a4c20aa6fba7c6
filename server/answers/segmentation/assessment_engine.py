"""Run the steps of an assessment framework over what is known of a case.

Outcomes are sets: a “may” adds to a set, a “must” moves it, and a fact that is not known leaves the outcomes of all
its values in. So a further fact can only narrow a set. Which fact does what stands in the registers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from server.answers.segmentation.assessment_conditions import Possible, Value
from server.answers.segmentation.assessment_model import SCALE, Matter, Model, Rule, Step
from server.errors import BadParameter

Outcomes = frozenset[int]
Move = tuple[int, int]
_ALL = frozenset(SCALE)
_MOST_CASES = 20_000


@dataclass
class Applied:
    """What a rule did: whether it is met (None: cannot be told), and the outcomes where it is met."""

    step: Step
    rule: Rule | None
    met: bool | None
    permits: Outcomes


@dataclass
class Run:
    """The steps taken: outcomes by name, the trace, and the facts as far as they are known.

    ``first`` is the number of the first step taken (0: all), ``alone`` whether its outcome is stated and no rule of it
    is asked. ``moves`` holds, by outcome, from which number of the outcome before one came to which.
    """

    outcomes: dict[str, Outcomes] = field(default_factory=dict)
    applied: list[Applied] = field(default_factory=list)
    possible: dict[str, frozenset[Value]] = field(default_factory=dict)
    moves: dict[str, frozenset[Move]] = field(default_factory=dict)
    first: int = 0
    alone: bool = False


def run(model: Model, known: Possible) -> Run:
    """Take the steps that work on an outcome, from the first of which a fact is known.

    Raises BadParameter when a stated outcome does not follow from the facts of the steps before it.
    """
    done = Run(possible=dict(known))
    earliest = next((step for step in model.steps if _known_of(step) & known.keys()), None)
    if earliest is not None and earliest.starts_from in known:
        done.first = earliest.number
    outcomes = _ALL
    for step in model.steps:
        if step.number < done.first or not (step.rules or step.starts_from):
            continue
        outcomes = _take(model, step, outcomes, done)
        done.outcomes[step.outcome] = outcomes
        if step.starts_from:
            done.possible[step.starts_from] = frozenset(outcomes)
    return done


def _known_of(step: Step) -> frozenset[str]:
    tested: frozenset[str] = frozenset().union(*(rule.test.facts() for rule in step.rules))
    return tested | ({step.starts_from} if step.starts_from else frozenset())


def raised(model: Model, done: Run) -> list[Matter]:
    """Return the undefined matters that the case raises, in the order of the steps."""
    found = [matter for matter in model.matters if _raises(matter, done)]
    return sorted(found, key=lambda matter: (matter.step or 0, str(matter.id)))


def _take(model: Model, step: Step, outcomes: Outcomes, done: Run) -> Outcomes:
    stated = done.possible.get(step.starts_from) if step.starts_from else None
    if step.number == done.first:
        done.alone = not _tested(step, done)
    left_out = step.number == done.first and done.alone
    reached = outcomes if left_out or not step.rules else _reach(model, step, outcomes, done)
    if stated is None:
        return reached
    kept = reached & frozenset(int(value) for value in stated)
    if not kept:
        told = ", ".join(str(value) for value in sorted(reached))
        raise BadParameter(
            f"{step.starts_from} does not follow from the other facts, which lead to {told}. "
            "Leave out one of them.",
            parameter=step.starts_from or "",
        )
    done.applied.append(Applied(step, None, True, kept))
    return kept


def _tested(step: Step, done: Run) -> bool:
    return any(rule.test.facts() & done.possible.keys() for rule in step.rules)


def _reach(model: Model, step: Step, outcomes: Outcomes, done: Run) -> Outcomes:
    """Return what the rules of a step make of ``outcomes``, over every way the facts can turn out."""
    met: dict[int, set[bool]] = {n: set() for n in range(len(step.rules))}
    permits: dict[int, Outcomes] = {n: frozenset() for n in range(len(step.rules))}
    result: Outcomes = frozenset()
    moves: set[Move] = set()
    for case in _cases(model, step, done.possible):
        holding = [n for n, rule in enumerate(step.rules) if rule.test.holds(case)]
        ways = {v: _led(v, [step.rules[n] for n in holding]) for v in outcomes}
        reached = frozenset().union(*ways.values())
        moves |= {(v, w) for v, led in ways.items() for w in led}
        for n in met:
            met[n].add(n in holding)
            permits[n] |= reached if n in holding else frozenset()
        result |= reached
    for n, rule in enumerate(step.rules):
        told = met[n].pop() if len(met[n]) == 1 else None
        done.applied.append(Applied(step, rule, told, permits[n]))
    before = done.moves.get(step.outcome)
    done.moves[step.outcome] = frozenset(moves) if before is None else _chained(before, moves)
    return result


def _led(value: int, rules: list[Rule]) -> Outcomes:
    """Return what an outcome becomes when the rules work on it one after another."""
    reached = frozenset({value})
    for rule in rules:
        reached = frozenset().union(*(rule.effect(each) for each in reached))
    return reached


def _chained(first: frozenset[Move], second: set[Move]) -> frozenset[Move]:
    return frozenset((a, d) for a, b in first for c, d in second if b == c)


def _cases(
    model: Model, step: Step, possible: Possible
) -> Iterator[Mapping[str, frozenset[Value]]]:
    """Yield every way in which the facts that the rules look at can turn out."""
    keys = sorted(frozenset().union(*(rule.test.facts() for rule in step.rules)))
    domains = [possible.get(key) or model.facts[key].domain or frozenset() for key in keys]
    number = math.prod(max(1, len(domain)) for domain in domains)
    if number > _MOST_CASES:
        raise ValueError(f"{step.id} looks at facts with {number} combinations of values.")
    pairs = [(key, domain) for key, domain in zip(keys, domains, strict=True) if domain]
    for values in product(*(sorted(domain, key=str) for _, domain in pairs)):
        yield {key: frozenset({value}) for (key, _), value in zip(pairs, values, strict=True)}


def _raises(matter: Matter, done: Run) -> bool:
    conditional = matter.raised_by or matter.raised_without or matter.test
    if not conditional or (matter.step or 0) < done.first + done.alone:
        return False
    if matter.raised_by and not all(key in done.possible for key in matter.raised_by):
        return False
    if any(_stated(key, done) for key in matter.raised_without):
        return False
    return matter.test is None or matter.test.holds(done.possible) is not False


def _stated(key: str, done: Run) -> bool:
    values = done.possible.get(key)
    return values is not None and len(values) == 1
