"""Named questions: what they refuse, how rows come together, and what an empty answer says."""

import re

import pytest

from loader.catalogue import catalogue
from loader.errors import DateError
from server.answers import questions
from server.answers.cells import columns
from server.answers.entities import resolve
from server.errors import BadParameter, NotFound

ALL = list(catalogue("questions").values())


@pytest.mark.parametrize("found", ALL, ids=lambda q: q.name)
def test_templates_name_columns_and_parameters_that_exist(found):
    projected = set(columns(found.text)) | {"figure"}
    assert set(re.findall(r"{(\w+)}", found.header.get("row", ""))) <= projected
    assert set(found.header.get("several", ())) <= projected
    assert set(found.header.get("columns", {})) <= projected
    parameters = {each.name for each in found.parameters}
    assert set(re.findall(r"{(\w+)}", found.header.get("none", ""))) <= parameters


@pytest.mark.parametrize("found", ALL, ids=lambda q: q.name)
def test_examples_name_things_that_the_register_holds(store, found):
    for parameter in found.parameters:
        classes = questions.classes(found, parameter.name)
        if parameter.kind == "iri" and classes:
            assert resolve(store, parameter.example, classes)


@pytest.mark.parametrize("found", ALL, ids=lambda q: q.name)
def test_each_question_has_an_answer_for_its_required_examples(store, found):
    given = {p.name: p.example for p in found.parameters if p.required}
    answer = questions.answer(store, found.name, given)
    assert answer["answer"]
    if not answer["rows"]:  # questions on files that users import have no answer before
        assert "imported" in answer["explanation"]


def test_rows_that_differ_in_their_source_are_one_row_with_all_sources(store):
    answer = questions.answer(store, "grounds-of-appeal", {"asked": "discretionary-requirement"})
    assert answer["total"] == 5
    assert {"para 130", "footnote 56"} <= {s["locator"] for s in answer["rows"][0]["sources"]}


def test_a_column_can_hold_several_values(store):
    answer = questions.answer(
        store, "legal-basis-of", {"norm": "power/impose-discretionary-requirement"}
    )
    (row,) = answer["rows"]
    assert {v["label"].rpartition(", ")[2] for v in row["basis"]["values"]} >= {
        "s 105",
        "Sch 11 para 1",
    }


def test_an_empty_answer_tells_that_the_source_is_silent(store):
    answer = questions.answer(
        store, "limits-of-power", {"norm": "impose-additional-licence-condition"}
    )
    assert answer["rows"] == []
    assert "does not say how many days" in answer["explanation"]
    assert answer["explanation"] == answer["answer"]


def test_an_empty_answer_without_a_silence_says_that_the_register_holds_nothing(store):
    answer = questions.answer(
        store, "notes-on", {"about": "term/triple-aim", "kind": "wrong-cross-reference"}
    )
    assert answer["rows"] == []
    assert answer["explanation"].startswith("No defect of the sources is recorded on: triple aim")


def test_notes_on_the_passages_cited_come_with_the_answer(store):
    answer = questions.answer(store, "factors-of-power", {"power": "impose-monetary-penalty"})
    assert any("Paragraph 53" in note["text"] for note in answer["notes"])


def test_values_have_their_type_and_a_label(store):
    given = {
        "limit": "monetary-penalty-notice-period",
        "event": "31 March 2018",
        "act": "2023-04-01",
    }
    (row,) = questions.answer(store, "in-time", given)["rows"]
    assert row["lastDay"] == {"value": "2023-03-31", "label": "31 March 2023"}
    assert row["value"] == {"value": 5, "label": "5"}
    assert row["verdict"]["value"] == "No: too late"


@pytest.mark.parametrize(
    ("limit", "event", "act", "verdict"),
    [
        ("certificate-decision-provider", "2023-05-01", "2023-05-15", "Yes: in time"),
        ("certificate-decision-provider", "2023-05-01", "2023-05-16", "No: too late"),
        ("representations-period-monetary-penalty", "2023-05-01", "2023-05-28", "No: shorter"),
        ("representations-period-monetary-penalty", "2023-05-01", "2023-05-29", "Yes: the least"),
        ("representations-period-steps", "2023-05-01", "2023-05-06", "Only where"),
        ("representations-period-steps", "2023-05-01", "2023-05-05", "No: shorter"),
        ("monetary-penalty-notice-period", "2020-02-29", "2025-02-28", "Yes: in time"),
    ],
)
def test_periods_are_counted_from_the_day_after_the_event(store, limit, event, act, verdict):
    (row,) = questions.answer(store, "in-time", {"limit": limit, "event": event, "act": act})[
        "rows"
    ]
    assert row["verdict"]["value"].startswith(verdict)


def test_an_unknown_question_is_told_with_near_ones(store):
    with pytest.raises(NotFound, match="no question called") as caught:
        questions.answer(store, "grounds-appeal", {})
    near = [each["href"] for each in caught.value.members["suggestions"]]
    assert "/questions/grounds-of-appeal" in near


def test_an_unknown_thing_is_told_with_near_ones(store):
    with pytest.raises(NotFound, match="no power called") as caught:
        questions.answer(store, "what-bars", {"power": "impose-monetary-penalties"})
    near = caught.value.members["suggestions"]
    assert near[0]["href"] == "/questions/what-bars?power=impose-monetary-penalty"


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("what-bars", {}, "power is missing"),
        ("what-bars", {"bogus": "1"}, "no parameter bogus. It takes: power"),
    ],
)
def test_parameters_that_are_missing_or_unknown_are_refused(store, name, given, told):
    with pytest.raises(BadParameter, match=told):
        questions.answer(store, name, given)


def test_an_impossible_date_is_refused(store):
    with pytest.raises(DateError):
        questions.answer(store, "instruments-on-date", {"asOf": "2022-02-30"})


def test_classes_hold_a_licence_only_from_the_day_of_the_rule(store):
    """Paragraph 36: NHS trusts hold the licence from April 2023."""

    def open_to_trusts(day):
        answer = questions.answer(store, "tools-over-class", {"class": "NHSTrust", "asOf": day})
        return {
            row["power"]["slug"]
            for row in answer["rows"]
            if row["bearing"]["value"] == "can be used"
        }

    assert "revoke-licence-for-breach" not in open_to_trusts("2023-03-31")
    assert "revoke-licence-for-breach" in open_to_trusts("2023-04-01")
    assert "direct-nhs-trust" in open_to_trusts("2023-03-31")


def test_the_columns_of_a_query_are_read_from_its_head():
    text = "# SELECT ?no\nSELECT DISTINCT ?a (MAX(?b) AS ?c) (IF(COUNT(?x) > 1, 1, 0) AS ?d)\nWHERE { ?a ?b ?e }"
    assert columns(text) == ["a", "c", "d"]
    assert columns("ASK {}") == []


def test_parameters_can_be_written_again_in_short(store):
    answer = questions.answer(store, "what-is-stated-in", {"passage": "eg:para-47"})
    assert questions.written(answer["parameters"]) == {"passage": "eg:para-47"}
