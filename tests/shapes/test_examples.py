"""Each rule holds in its passing example; its failing example fails by that rule and by no other."""

from collections import defaultdict
from pathlib import Path

import pytest
from rdflib import Graph

from loader.terms import slug
from loader.validation.data import graph, hierarchy
from loader.validation.engine import Engine
from loader.validation.examples import example, examples
from loader.validation.rules import REGISTER, STATE, family_shapes, rules

FOLDER = examples()
OF_REGISTERS = [r.number for r in rules().values() if r.family == REGISTER]
OF_STATE = [r.number for r in rules().values() if r.family == STATE]


def found(path: Path, family: str) -> set[str]:
    data = graph(hierarchy())
    data.parse(path, format="turtle")
    return {slug(str(result.shape)) for result in Engine(data, family_shapes(family)).results()}


def by_rule(name: str) -> dict[str, set[str]]:
    """Validate all examples of records called ``name`` at once; return what was found by the rule they belong to."""
    data, owner = graph(hierarchy()), {}
    for number in OF_STATE:
        example = Graph().parse(FOLDER / number / name, format="turtle")
        owner.update(dict.fromkeys(example.subjects(), number))
        data += example
    grouped: dict[str, set[str]] = defaultdict(set)
    for result in Engine(data, family_shapes(STATE)).results():
        grouped[owner[result.focus]].add(slug(str(result.shape)))
    return grouped


@pytest.fixture(scope="module")
def passing() -> dict[str, set[str]]:
    return by_rule("valid-record.ttl")


@pytest.fixture(scope="module")
def failing() -> dict[str, set[str]]:
    return by_rule("invalid-record.ttl")


@pytest.mark.parametrize("number", OF_REGISTERS)
def test_entry(number: str) -> None:
    assert found(FOLDER / number / "valid-entry.ttl", REGISTER) == set()
    assert found(FOLDER / number / "invalid-entry.ttl", REGISTER) == {number}


@pytest.mark.parametrize("number", OF_STATE)
def test_record(number: str, passing: dict[str, set[str]], failing: dict[str, set[str]]) -> None:
    assert passing[number] == set()
    assert failing[number] == {number}


def test_every_folder_belongs_to_a_rule() -> None:
    assert {path.name for path in FOLDER.glob("R*")} == {rule.number for rule in rules().values()}


@pytest.mark.parametrize("number", [*OF_REGISTERS, *OF_STATE])
def test_the_two_examples_of_a_rule_differ_and_say_in_what(number: str) -> None:
    shown = example(number)
    assert shown is not None
    assert shown.only_valid or shown.only_invalid
    assert len(shown.only_valid + shown.only_invalid) < len(shown.valid + shown.invalid)


def test_a_rule_without_examples_has_none() -> None:
    assert example("R9999") is None
