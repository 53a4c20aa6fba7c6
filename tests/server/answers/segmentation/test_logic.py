"""Three-valued logic of criteria, and the properties that any segmentation keeps."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.answers import segmentation
from server.answers.reference import reference
from server.answers.segmentation import facts as facts_
from server.answers.segmentation.logic import Result, combine, every, some

TRUTHS = st.sampled_from([True, False, None])
BOOLEANS = (
    "dramaticDrop", "sustainedBottomDecile", "onAgreedFinancialPlan", "forecastingToMeetPlan",
    "underlyingDeficitBottomQuartile", "planBalanced", "breakevenOrBetter", "licenceBreachEvidence",
    "cqcRecommendation", "longstandingIssues", "catastrophicLeadershipFailure", "catastrophicSafetyFailure",
    "significantUnderlyingDeficit", "significantGapToPlan", "materialConcerns",
)  # fmt: skip
RATINGS = ("outstanding", "good", "requires-improvement", "inadequate")
GIVEN = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(BOOLEANS, st.booleans()),
        "performance": st.sampled_from(["top-quartile", "middle", "bottom-quartile"]),
        "themesInBottomQuartile": st.integers(0, 6),
        "cqcOverall": st.sampled_from(RATINGS),
        "cqcWellLed": st.sampled_from(RATINGS),
        "currentSegment": st.integers(1, 4),
    },
)
VERSIONS = st.sampled_from(["sof-2021-22-consultation", "sof-2021-22", "nof-2022-23"])
STEADY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(st.lists(TRUTHS))
def test_not_all_is_some_not(parts):
    turned = [None if p is None else not p for p in parts]
    met = every(parts)
    assert some(turned) == (None if met is None else not met)


@given(st.lists(TRUTHS))
def test_an_unknown_part_only_matters_where_it_can_decide(parts):
    for how in (every, some):
        outcomes = {how([fill if p is None else p for p in parts]) for fill in (True, False)}
        if len(outcomes) == 2:
            assert how(parts) is None
        if how(parts) is not None:
            assert outcomes == {how(parts)}


def test_missing_facts_are_those_of_unknown_parts():
    parts = [Result(None, ("a",)), Result(False, ("b",)), Result(None, ("a", "c"))]
    assert combine("any", parts) == Result(None, ("a", "c"), ())
    assert combine("all", parts).missing == ()


def test_a_combination_has_a_name():
    with pytest.raises(ValueError, match="most"):
        combine("most", [])


@STEADY
@given(slug=VERSIONS, facts=GIVEN)
def test_more_facts_never_undo_what_is_told(store, slug, facts):
    told = {s["segment"]: s for s in segmentation.segment(store, slug, request(facts))["segments"]}
    for key in list(facts):
        less = {k: v for k, v in facts.items() if k != key}
        for before in segmentation.segment(store, slug, request(less))["segments"]:
            after = told[before["segment"]]
            for old, new in zip(before["criteria"], after["criteria"], strict=True):
                assert old["met"] in (None, new["met"])


@STEADY
@given(slug=VERSIONS, facts=GIVEN)
def test_what_cannot_be_told_says_why(store, slug, facts):
    answer = segmentation.segment(store, slug, request(facts))
    assert [s["segment"] for s in answer["segments"]] == [1, 2, 3, 4]
    for row in answer["segments"]:
        assert row["because"]
        if row["outcome"] == "eligible" and row["segment"] != answer["default"]:
            assert any(c["met"] for c in row["criteria"])
        if row["outcome"] == "not-eligible":
            assert any(c["met"] is False for c in row["criteria"])
        if row["outcome"] == "undetermined":
            silent = any(t.get("because") for c in row["criteria"] for t in c["tests"])
            closed = any(g["met"] is False for g in row["gateway"])
            assert (
                row["missing"]
                or row["readingsDiffer"]
                or row["mayBeConsidered"]
                or silent
                or closed
            )


@STEADY
@given(facts=GIVEN)
def test_every_criterion_carries_a_locator(store, facts):
    for row in segmentation.segment(store, "nof-2022-23", request(facts))["segments"]:
        assert all(c["locator"] for c in row["criteria"])
        assert all(c["locator"] for c in row["considerations"])


@STEADY
@given(facts=GIVEN)
def test_what_is_inferred_never_replaces_what_is_given(store, facts):
    complete, inferred, _ = facts_.completed(reference(store), facts)
    assert all(complete[key] == value for key, value in facts.items())
    assert {row["fact"] for row in inferred} == set(complete) - set(facts)


def request(facts):
    return {"organisationKind": "trust", "facts": facts}
