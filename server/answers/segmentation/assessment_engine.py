"""Run the steps of an assessment framework over what is known of a case.

Outcomes are sets: a “may” adds to a set, a “must” moves it, and a fact that is not known leaves the outcomes of all
its values in. So a further fact can only narrow a set. Which fact does what stands in the registers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from server.answers.segmentation.assessment_conditions import Possible, Value
from server.answers.segmentation.assessment_model import SCALE, Matter, Model, Rule, Step

Outcomes = frozenset[int]
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
    """The steps taken: outcomes by name, the trace, and what each step started from."""

    outcomes: dict[str, Outcomes] = field(default_factory=dict)
    applied: list[Applied] = field(default_factory=list)
    before: dict[int, Outcomes] = field(default_factory=dict)
    possible: dict[str, frozenset[Value]] = field(default_factory=dict)
    first: int = 0


def run(model: Model, known: Possible) -> Run:
    """Take the steps that work on an outcome, from the last one whose outcome the facts state."""
    done = Run(possible=dict(known))
    given = [s.number for s in model.steps if s.starts_from and s.starts_from in known]
    done.first = max(given, default=0)
    outcomes = _ALL
    for step in model.steps:
        if step.number < done.first or not (step.rules or step.starts_from):
            continue
        done.before[step.number] = outcomes
        outcomes = _take(model, step, outcomes, done)
        done.outcomes[step.outcome] = outcomes
        if step.starts_from:
            done.possible[step.starts_from] = frozenset(outcomes)
    return done


def raised(model: Model, done: Run) -> list[Matter]:
    """Return the undefined matters that the case raises, in the order of the steps."""
    found = [matter for matter in model.matters if _raises(matter, done)]
    return sorted(found, key=lambda matter: (matter.step or 0, str(matter.id)))


def _take(model: Model, step: Step, outcomes: Outcomes, done: Run) -> Outcomes:
    if step.starts_from and step.number == done.first:
        stated = frozenset(int(value) for value in done.possible[step.starts_from])
        done.applied.append(Applied(step, None, True, stated))
        return stated
    if not step.rules:
        return outcomes
    met: dict[int, set[bool]] = {n: set() for n in range(len(step.rules))}
    permits: dict[int, Outcomes] = {n: frozenset() for n in range(len(step.rules))}
    result: Outcomes = frozenset()
    for case in _cases(model, step, done.possible):
        holding = [n for n, rule in enumerate(step.rules) if rule.test.holds(case)]
        reached = outcomes
        for n in holding:
            reached = frozenset().union(*(step.rules[n].effect(value) for value in reached))
        for n in met:
            met[n].add(n in holding)
            permits[n] |= reached if n in holding else frozenset()
        result |= reached
    for n, rule in enumerate(step.rules):
        told = met[n].pop() if len(met[n]) == 1 else None
        done.applied.append(Applied(step, rule, told, permits[n]))
    return result


def _cases(
    model: Model, step: Step, possible: Possible
) -> Iterator[Mapping[str, frozenset[Value]]]:
    """Yield every way in which the facts that the rules look at can turn out."""
    keys = sorted(frozenset().union(*(rule.test.facts() for rule in step.rules)))
    domains = [possible.get(key) or model.facts[key].domain or frozenset() for key in keys]
    number = 1
    for domain in domains:
        number *= max(1, len(domain))
    if number > _MOST_CASES:
        raise ValueError(f"{step.id} looks at facts with {number} combinations of values.")
    choices = [sorted(domain, key=str) or [None] for domain in domains]
    for values in product(*choices):
        pairs = zip(keys, values, strict=True)
        yield {k: frozenset({v}) for k, v in pairs if v is not None}


def _raises(matter: Matter, done: Run) -> bool:
    conditional = matter.raised_by or matter.raised_without or matter.test
    if not conditional or (matter.step or 0) < done.first:
        return False
    if (matter.step or 0) == done.first and matter.step is not None and done.first:
        return False
    if matter.raised_by and not all(key in done.possible for key in matter.raised_by):
        return False
    without = [key for key in matter.raised_without if _stated(key, done)]
    if without:
        return False
    return matter.test is None or matter.test.holds(done.possible) is not False


def _stated(key: str, done: Run) -> bool:
    values = done.possible.get(key)
    return values is not None and len(values) == 1
