"""A report says by what each graph was checked."""

import json

import pyoxigraph as ox

from loader.validation.outputs import as_table
from loader.validation.report import Report, from_json
from loader.validation.rules import REGISTER, rules
from loader.validation.scope import SHAPES, SURVEY, SURVEYED, scopes

TITLE = ox.NamedNode("http://purl.org/dc/terms/title")
LARGE, SMALL, UNTITLED = (f"urn:graph:{name}" for name in ("large", "small", "untitled"))


def store() -> ox.Store:
    made = ox.Store()
    for name in (LARGE, SMALL, UNTITLED):
        node = ox.NamedNode(name)
        made.add(ox.Quad(node, TITLE, ox.Literal(name), node))
        if name != UNTITLED:
            made.add(ox.Quad(node, TITLE, ox.Literal(f"The {name[10:]} one")))
    return made


def test_the_surveyed_come_first_with_the_rules_that_the_survey_covers() -> None:
    told = [(each.graph, each.title, each.by, each.rules) for each in scopes(store(), {LARGE})]
    assert told == [
        (LARGE, "The large one", SURVEY, SURVEYED),
        (SMALL, "The small one", SHAPES, ()),
        (UNTITLED, UNTITLED, SHAPES, ()),
    ]


def test_the_rules_of_the_survey_are_rules_on_registers() -> None:
    known = {rule.number for rule in rules().values() if rule.family == REGISTER}
    assert set(SURVEYED) < known


def test_it_is_told_in_every_form_of_a_report() -> None:
    report = Report("t", (), (), 133, scope=scopes(store(), {LARGE}))
    kept = json.loads(json.dumps(report.as_json()))
    assert kept["graphs"][0] == {
        "graph": LARGE, "title": "The large one", "checkedBy": SURVEY, "rules": list(SURVEYED),
    }  # fmt: skip
    assert kept["graphs"][1]["checkedBy"] == SHAPES
    assert from_json(kept).scope == report.scope
    text = "".join(as_table(report))
    assert "held against every rule: 2" in text
    assert "R082 only: The large one" in text
    whole = Report("t", (), (), 133, scope=scopes(store()))
    assert "only:" not in "".join(as_table(whole))
