"""Eligibility for segments in the frameworks of 2021 and 2022, case by case."""

from datetime import date

import pytest

from server.answers import segmentation
from server.errors import BadParameter, NotFound


def ask(store, slug, kind, as_of=None, **facts):
    return segmentation.segment(store, slug, {"organisationKind": kind, "facts": facts}, as_of)


def outcome(answer, number):
    return answer["segments"][number - 1]["outcome"]


@pytest.mark.parametrize("slug", ["sof-2021-22-consultation", "sof-2021-22", "nof-2022-23"])
def test_without_facts_only_the_default_is_told(store, slug):
    answer = ask(store, slug, "trust")
    assert [s["outcome"] for s in answer["segments"]] == [
        "undetermined",
        "eligible",
        "undetermined",
        "undetermined",
    ]
    assert answer["default"] == 2


@pytest.mark.parametrize(
    ("slug", "facts", "expected"),
    [
        ("sof-2021-22-consultation", {"performance": "bottom-quartile"}, "eligible"),
        ("sof-2021-22", {"themesInBottomQuartile": 2}, "eligible"),
        ("sof-2021-22", {"themesInBottomQuartile": 1}, "undetermined"),
        ("nof-2022-23", {"dramaticDrop": True}, "eligible"),
        ("nof-2022-23", {"sustainedBottomDecile": True}, "eligible"),
        ("sof-2021-22", {"underlyingDeficitBottomQuartile": True}, "eligible"),
        ("sof-2021-22", {"negativeVariance": True}, "eligible"),
        ("sof-2021-22", {"forecastingToMeetPlan": False}, "eligible"),
        (
            "nof-2022-23",
            {"cqcOverall": "requires-improvement", "cqcWellLed": "requires-improvement"},
            "eligible",
        ),
        (
            "nof-2022-23",
            {"cqcOverall": "requires-improvement", "cqcWellLed": "good"},
            "undetermined",
        ),
    ],
)
def test_one_criterion_is_enough_for_segment_3(store, slug, facts, expected):
    assert outcome(ask(store, slug, "trust", **facts), 3) == expected


def test_the_table_and_the_annex_differ_on_finance(store):
    quiet = {"themesInBottomQuartile": 0, "dramaticDrop": False, "sustainedBottomDecile": False}
    table = ask(store, "nof-2022-23", "icb", **quiet, planBalanced=False, negativeVariance=False,
                forecastingToMeetPlan=True, underlyingDeficitBottomQuartile=False)["segments"][2]  # fmt: skip
    assert table["outcome"] == "undetermined"
    assert [(r["reading"], r["outcome"]) for r in table["readings"]] == [
        ("Table 3", "eligible"), ("Annex A paragraph 9", "not-eligible"),
    ]  # fmt: skip
    annex = ask(store, "nof-2022-23", "icb", **quiet, planBalanced=True, materialDeficit=False,
                negativeVariance=True)["segments"][2]  # fmt: skip
    assert [r["outcome"] for r in annex["readings"]] == ["not-eligible", "eligible"]


def test_a_worse_rating_is_not_settled_by_the_text(store):
    answer = ask(store, "nof-2022-23", "trust", cqcOverall="inadequate", cqcWellLed="inadequate")
    (rating,) = [
        c for c in answer["segments"][2]["criteria"] if "Requires Improvement" in c["label"]
    ]
    assert rating["met"] is None
    assert not rating["missing"]


def test_placement_of_a_trust_needs_evidence_of_a_breach(store):
    answer = ask(
        store, "nof-2022-23", "foundation-trust", dramaticDrop=True, licenceBreachEvidence=False
    )
    row = answer["segments"][2]
    assert row["outcome"] == "eligible"
    assert [p["met"] for p in row["placement"]] == [False]
    assert not ask(store, "nof-2022-23", "icb", dramaticDrop=True)["segments"][2]["placement"]


def test_material_concerns_may_trigger_consideration(store):
    quiet = {
        "themesInBottomQuartile": 0, "dramaticDrop": False, "sustainedBottomDecile": False,
        "negativeVariance": False, "forecastingToMeetPlan": True, "underlyingDeficitBottomQuartile": False,
    }  # fmt: skip
    without = ask(store, "sof-2021-22", "ics", **quiet)["segments"][2]
    with_ = ask(store, "sof-2021-22", "ics", **quiet, materialConcerns=True)["segments"][2]
    assert without["outcome"] == "not-eligible"
    assert with_["outcome"] == "undetermined"
    assert with_["mayBeConsidered"]


def test_longstanding_issues_count_in_2021_for_those_in_segment_3_only(store):
    in_two = ask(store, "sof-2021-22", "trust", longstandingIssues=True, currentSegment=2)
    in_three = ask(store, "sof-2021-22", "trust", longstandingIssues=True, currentSegment=3)
    assert in_two["segments"][3]["criteria"][2]["met"] is not True
    assert outcome(in_three, 4) == "eligible"
    assert outcome(ask(store, "nof-2022-23", "trust", longstandingIssues=True), 4) == "eligible"


def test_a_gateway_that_is_closed_leaves_segment_4_unsettled(store):
    quiet = {"themesInBottomQuartile": 0, "dramaticDrop": False, "sustainedBottomDecile": False,
             "onAgreedFinancialPlan": True, "forecastingToMeetPlan": True, "underlyingDeficitBottomQuartile": False,
             "cqcOverall": "good", "cqcWellLed": "good", "currentSegment": 2}  # fmt: skip
    row = ask(store, "sof-2021-22", "trust", **quiet, catastrophicLeadershipFailure=True)[
        "segments"
    ][3]
    assert row["outcome"] == "undetermined"
    assert [g["met"] for g in row["gateway"]] == [False, None]
    assert "does not settle" in row["because"]


def test_considerations_are_those_of_the_kind(store):
    for_ics = ask(store, "sof-2021-22", "ics")["segments"][2]["considerations"]
    for_trust = ask(store, "sof-2021-22", "trust")["segments"][2]["considerations"]
    assert any("collaborative" in c["text"] for c in for_ics)
    assert not any("collaborative" in c["text"] for c in for_trust)


def test_inference_and_contradiction(store):
    answer = ask(store, "sof-2021-22", "trust", onAgreedFinancialPlan=True, negativeVariance=True)
    assert {c["fact"] for c in answer["conflicts"]} == {"onAgreedFinancialPlan", "negativeVariance"}
    inferred = ask(store, "sof-2021-22", "trust", onAgreedFinancialPlan=True)["inferred"]
    assert {"negativeVariance"} <= {row["fact"] for row in inferred}


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        ("nof-2022-23", "ics"),
        ("nof-2022-23", "ccg"),
        ("sof-2021-22", "icb"),
        ("sof-2021-22", "primary-care"),
    ],
)
def test_a_kind_that_is_not_segmented_gets_no_segment(store, slug, kind):
    answer = ask(store, slug, kind)
    assert answer["covered"] is False
    assert answer["segments"] == []
    assert answer["sources"]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"organisationKind": "hospital"}, "organisationKind"),
        ({}, "organisationKind"),
        ({"organisationKind": "trust", "facts": []}, "facts"),
        ({"organisationKind": "trust", "facts": {"planBalance": True}}, "facts.planBalance"),
        ({"organisationKind": "trust", "facts": {"planBalanced": "perhaps"}}, "facts.planBalanced"),
        ({"organisationKind": "trust", "facts": {"planBalanced": 1}}, "facts.planBalanced"),
        ({"organisationKind": "trust", "facts": {"cqcOverall": "poor"}}, "facts.cqcOverall"),
        (
            {"organisationKind": "trust", "facts": {"themesInBottomQuartile": 7}},
            "facts.themesInBottomQuartile",
        ),
        (
            {"organisationKind": "trust", "facts": {"themesInBottomQuartile": True}},
            "facts.themesInBottomQuartile",
        ),
        (
            {"organisationKind": "trust", "facts": {"themesInBottomQuartile": "२"}},
            "facts.themesInBottomQuartile",
        ),
    ],
)
def test_a_wrong_request_names_its_field(store, request_, field):
    with pytest.raises(BadParameter) as caught:
        segmentation.segment(store, "nof-2022-23", request_)
    assert caught.value.members["parameter"] == field


def test_null_means_not_known(store):
    assert ask(store, "nof-2022-23", "trust", planBalanced=None)["facts"] == {}


def test_in_effect_follows_the_date(store):
    assert ask(store, "in-effect", "trust", date(2022, 6, 30))["framework"]["slug"] == "sof-2021-22"
    assert ask(store, "in-effect", "trust", date(2022, 7, 1))["framework"]["slug"] == "nof-2022-23"
    before = ask(store, "in-effect", "trust", date(2021, 4, 20))
    assert before["framework"] is None
    assert before["segments"] == []


def test_the_schema_is_narrowed_to_the_kind(store):
    keys = {f["key"] for f in segmentation.schema(store, "sof-2021-22", "ccg")["facts"]}
    assert "streamlinedCommissioningPlans" in keys
    assert "cqcOverall" not in keys
    every = segmentation.schema(store, "sof-2021-22")
    assert every["organisationKinds"] == ["trust", "foundation-trust", "ics", "ccg"]
    assert "cqcOverall" in {f["key"] for f in every["facts"]}


def test_a_version_that_is_not_held_has_no_engine(store):
    with pytest.raises(NotFound):
        segmentation.segment(store, "sof-1999", {"organisationKind": "trust"})
