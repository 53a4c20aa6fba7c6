"""Comparison of framework versions."""

import pytest

from server.answers import comparison, frameworks
from server.answers.reference import reference
from server.errors import BadParameter, NotFound

SOFC, SOF, NOF = "sof-2021-22-consultation", "sof-2021-22", "nof-2022-23"
OAF = "oaf-2024-draft"


def rows(answer, **wanted):
    return [r for r in answer["changes"] if all(r[key] == value for key, value in wanted.items())]


def texts(answer, side, words):
    return [r for r in answer["changes"] if r[side] and words in r[side]["text"]]


def test_counts_are_those_of_the_changes(store):
    answer = comparison.compare(store, SOF, NOF)
    for kind, number in answer["counts"].items():
        assert number == len(rows(answer, change=kind))
    assert sum(answer["counts"].values()) == len(answer["changes"])
    assert answer["decisionRelevant"] == len(rows(answer, decisionRelevant=True))


@pytest.mark.parametrize(("a", "b"), [(SOFC, SOF), (SOF, NOF), (SOFC, NOF), (NOF, SOF)])
def test_every_change_has_locators_on_the_sides_that_it_has(store, a, b):
    for row in comparison.compare(store, a, b)["changes"]:
        assert row["before"] or row["after"]
        for side in ("before", "after"):
            assert row[side] is None or row[side]["locators"]
        assert row["change"] in comparison.KINDS
        if row["change"] == "added" and row["before"]:
            assert a == NOF, "only backwards does a statement of absence come before"


@pytest.mark.parametrize(("a", "b"), [(SOFC, SOF), (SOF, NOF), (SOFC, NOF)])
def test_what_did_not_change_is_not_reported(store, a, b):
    ref = reference(store)
    both = frameworks.items(ref, frameworks.version(ref, a)) & frameworks.items(
        ref, frameworks.version(ref, b)
    )
    for row in comparison.compare(store, a, b)["changes"]:
        before = {i["id"] for i in (row["before"] or {"items": []})["items"]}
        after = {i["id"] for i in (row["after"] or {"items": []})["items"]}
        assert row["change"] == "moved" or before != after
        assert not (before and before == after and row["change"] != "moved")
        assert not (before <= {str(i) for i in both} and not after and row["change"] == "removed")


@pytest.mark.parametrize(("a", "b"), [(SOFC, SOF), (SOF, NOF), (SOFC, NOF)])
def test_what_stands_in_one_version_only_is_reported(store, a, b):
    ref = reference(store)
    first = {str(i) for i in frameworks.items(ref, frameworks.version(ref, a))}
    last = {str(i) for i in frameworks.items(ref, frameworks.version(ref, b))}
    changes = comparison.compare(store, a, b)["changes"]
    before = {i["id"] for row in changes if row["before"] for i in row["before"]["items"]}
    after = {i["id"] for row in changes if row["after"] for i in row["after"]["items"]}
    assert first - last <= before
    assert last - first <= after


def test_quarterly_review_of_the_memorandum_goes_with_the_consultation(store):
    (row,) = texts(comparison.compare(store, SOFC, SOF), "before", "reviewed on a quarterly basis")
    assert row["change"] == "removed"
    assert row["decisionRelevant"]
    assert row["before"]["locators"] == ["para 23"]
    assert row["after"]["locators"] == ["para 16"]


def test_the_normal_recommendation_changes(store):
    (row,) = texts(comparison.compare(store, SOF, NOF), "after", "single trust rating level")
    assert row["before"]["locators"] == ["para 13 of Annex A"]
    assert row["decisionRelevant"]


def test_changes_join_along_the_chain(store):
    found = texts(
        comparison.compare(store, SOFC, NOF),
        "before",
        "to the existing Director of Intensive Support",
    )
    assert [row["after"]["locators"] for row in found] == [["para 55"]]


def test_a_change_of_several_items_keeps_those_that_no_earlier_change_names(store):
    answer = comparison.compare(store, SOF, OAF)
    gone = texts(answer, "before", "within 12 months of start of mandated intensive support")
    assert [(row["change"], "Care Quality Commission" in row["statement"]) for row in gone] == [
        ("removed", True)
    ]


def test_what_became_of_every_provision_of_2022_is_told_in_words(store):
    answer = comparison.compare(store, NOF, OAF)
    assert [row for row in answer["changes"] if not row["statement"]] == []
    assert answer["counts"]["removed"] < answer["counts"]["reworded"]


def test_back_turns_added_into_removed(store):
    there, back = comparison.compare(store, SOF, NOF), comparison.compare(store, NOF, SOF)
    assert back["counts"]["added"] == there["counts"]["removed"]
    assert back["counts"]["narrowed"] == there["counts"]["widened"]
    assert back["unchanged"] == there["unchanged"]


def test_the_same_version_twice_is_refused(store):
    with pytest.raises(BadParameter, match="two different"):
        comparison.compare(store, SOF, SOF)


def test_an_unknown_version_is_refused(store):
    with pytest.raises(NotFound):
        comparison.compare(store, SOF, "nope")
