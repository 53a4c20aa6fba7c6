"""A quality case through the levels: each rule with the passage of the guidance that makes it so."""

import pytest

from server.answers import quality
from server.errors import BadParameter


@pytest.fixture
def case(store):
    def assess(**facts):
        return quality.assess(store, {"facts": facts})

    return assess


def slugs(items):
    return [item["slug"] for item in items]


def meeting(answer, slug):
    return next(each for each in answer["meetings"] if each["slug"] == slug)


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"standardOfCare": "met"}, "routine"),
        (
            {"standardOfCare": "one-or-more-areas-below", "manageableAtPlace": True, "plansDelivering": True},
            "routine",
        ),
        ({"standardOfCare": "number-of-areas-below"}, "enhanced"),
        ({"standardOfCare": "one-or-more-areas-below", "plansDelivering": False}, "enhanced"),
        ({"recurrentUnaddressed": True}, "enhanced"),
        (
            {"standardOfCare": "well-below", "optionsExhausted": True, "trajectoryMissed": True},
            "intensive",
        ),
        ({"nationalRegulatoryAction": True}, "intensive"),
        ({"challengedProviderRisks": True}, "intensive"),
    ],
)  # fmt: skip
def test_the_category_of_risk_tells_the_level(case, facts, level):
    """The three overviews, and the note on national regulatory action."""
    assert case(**facts)["level"]["slug"] == level


@pytest.mark.parametrize(
    "fact",
    [
        "pathwayConcerns", "incidentResponsePlansMissing", "significantSafetyConcerns",
        "significantContractBreaches", "outsideProviderControl", "lackOfConfidence",
        "conflictOfInterest", "recurrentCqcFailure",
    ],
)  # fmt: skip
def test_each_general_trigger_calls_for_the_enhanced_level(case, fact):
    answer = case(**{fact: True})
    assert answer["level"]["slug"] == "enhanced"
    assert {row["kind"] for row in answer["triggersMet"]} <= {"general", "regional"}
    assert all(row["locator"].startswith("Enhanced, Overview") for row in answer["triggersMet"])


@pytest.mark.parametrize("fact", ["verySignificantFailings", "actRapidly"])
def test_the_triggers_of_the_intensive_level(case, fact):
    answer = case(**{fact: True, "significantSafetyConcerns": True})
    assert answer["level"]["slug"] == "intensive"
    assert slugs(answer["authorisedBy"]) == ["nhs-england"]
    assert slugs(answer["ledBy"]) == ["nhs-england-and-regulators"]
    assert slugs(answer["regulatoryActionDecidedBy"]) == ["system-oversight-committee"]
    assert slugs(answer["alignment"]) == ["segment-4"]


def test_the_board_generally_authorises_enhanced_assurance_and_the_region_agrees(case):
    answer = case(significantSafetyConcerns=True)
    (who,) = answer["authorisedBy"]
    assert (who["slug"], who["modality"]) == ("integrated-care-board", "should")
    assert who["locator"] == "Overarching approach, paragraph 3"
    assert "nhs-england-regional-team" in [
        o["slug"] for r in answer["requirements"] for o in r["outcome"]
    ]
    assert not answer["regionalInvolvement"]["called"]


@pytest.mark.parametrize("fact", ["boardNotAssuring", "boardLeadershipConcerns", "systemTensions",
                                  "significantFailings", "programmesNotSustained", "outsideBoardControl"])  # fmt: skip
def test_regional_triggers_let_the_region_chair(case, fact):
    answer = case(**{fact: True})
    assert answer["regionalInvolvement"]["called"]
    for slug in ("rapid-quality-review", "quality-improvement-group"):
        assert slugs(meeting(answer, slug)["chair"]["may"]) == ["nhs-england-regional-team"]


@pytest.mark.parametrize(("months", "met"), [(5, False), (6, True), (12, True), (13, False)])
def test_recurrence_counts_from_six_to_twelve_months(case, months, met):
    answer = case(monthsSinceSameRisk=months)
    assert ("regional-recurrence" in slugs(answer["triggersMet"])) is met
    below = any("six months" in row["what"] for row in answer["unspecified"])
    assert below is (months < 6)


def test_a_service_of_nhs_england_calls_for_the_region_but_tells_no_level(case):
    answer = case(commissionedBy=["nhs-england"])
    assert answer["regionalInvolvement"]["called"]
    assert answer["level"] is None
    assert {row["outcome"] for row in answer["levels"]} == {"undetermined", "not-indicated"}


def test_national_action_alone_tells_no_level(case):
    answer = case(nationalActionNeeded=True)
    assert answer["nationalInvolvement"]["called"]
    assert answer["level"] is None
    assert {row["level"]["slug"] for row in answer["triggersMet"]} == {"enhanced", "intensive"}


def test_a_board_that_is_the_subject_cannot_chair_a_review(case):
    """Annex B says so; Annex C does not, and the answer says that it does not."""
    answer = case(subject="icb", boardLeadershipConcerns=True)
    review = meeting(answer, "rapid-quality-review")["chair"]
    assert "board-lead-for-quality" in slugs(review["barred"])
    assert slugs(review["should"]) == ["local-authority-representative"]
    assert answer["authorisedBy"] == []
    group = meeting(answer, "quality-improvement-group")["chair"]
    assert group["barred"] == []
    open_ = " ".join(row["why"] for row in answer["unspecified"])
    assert "for Quality Improvement Groups the source does not say it" in open_
    assert "who authorises a move to the enhanced level when" in open_


@pytest.mark.parametrize(
    ("commissioners", "co_chairs", "may"),
    [
        (["icb"], [], []),
        (["local-authority"], ["local-authority"], []),
        (["local-authority", "icb"], [], ["local-authority"]),
        (["nhs-england"], [], ["nhs-england-regional-team"]),
    ],
)
def test_commissioners_decide_who_may_chair_a_group(case, commissioners, co_chairs, may):
    answer = case(significantSafetyConcerns=True, commissionedBy=commissioners)
    chair = meeting(answer, "quality-improvement-group")["chair"]
    assert slugs(chair["coChairs"]) == co_chairs
    assert slugs(chair["may"]) == may


def test_a_group_meets_monthly_until_its_conditions_are_met(case):
    cadence = meeting(case(lackOfConfidence=True), "quality-improvement-group")["cadence"]
    assert (cadence["stated"], cadence["text"]) == (True, "monthly")
    assert "conditions" in cadence["until"]


@pytest.mark.parametrize(
    ("facts", "contents"),
    [({}, 4), ({"affectedBoards": 2}, 5), ({"commissionedBy": ["icb", "local-authority"]}, 5)],
)
def test_several_commissioners_need_coordinated_actions(case, facts, contents):
    plan = case(significantSafetyConcerns=True, **facts)["plan"]
    assert len(plan["mustContain"]) == contents
    assert plan["mustConsult"] == []


@pytest.mark.parametrize(("who", "consulted"), [("trust", "trust: Improvement Director"),
                                                ("system", "system: System Improvement Director")])  # fmt: skip
def test_the_director_of_the_recovery_support_programme_is_consulted(case, who, consulted):
    plan = case(significantSafetyConcerns=True, recoverySupport=who)["plan"]
    assert [row["text"] for row in plan["mustConsult"]] == [consulted]


def test_a_risk_that_nobody_addresses_may_be_reviewed_at_any_level(case):
    answer = case(standardOfCare="met", immediateRisk=True)
    assert meeting(answer, "rapid-quality-review")["modality"] == "may"
    elsewhere = case(standardOfCare="met", immediateRisk=True, addressedElsewhere=True)
    assert "rapid-quality-review" not in slugs(elsewhere["meetings"])


@pytest.mark.parametrize(
    ("embedded", "agree", "closing", "open_"),
    [
        (True, True, "group-can-close", False),
        (False, False, "group-goes-on", False),
        (True, False, None, True),
        (False, True, None, True),
    ],
)
def test_one_of_two_conditions_leaves_closing_open(case, embedded, agree, closing, open_):
    """The group meets until most or all of two conditions are met."""
    answer = case(milestonesEmbedded=embedded, membersAgree=agree)
    assert [o["slug"] for row in answer["closing"] for o in row["outcome"]] == (
        [closing] if closing else []
    )
    assert any("most of two" in row["what"] for row in answer["unspecified"]) is open_


def test_part_of_the_intensive_category_is_left_open(case):
    answer = case(standardOfCare="well-below")
    assert answer["level"] is None
    assert any("intensive category" in row["what"] for row in answer["unspecified"])


@pytest.mark.parametrize("now", ["enhanced", "intensive"])
def test_the_source_is_silent_on_moving_down(case, now):
    answer = case(currentLevel=now, standardOfCare="met")
    assert any(row["what"] == "Moving down a level" for row in answer["unspecified"])


def test_an_independent_provider_is_reached_by_contract_only(case):
    answer = case(independentProvider=True, significantSafetyConcerns=True)
    assert any("contractual levers" in row["label"] for row in answer["requirements"])


def test_every_step_names_its_place_and_assumptions_are_told(case):
    answer = case(significantSafetyConcerns=True, spansSystems=True)
    assert all(step["locator"] and step["sources"] for step in answer["steps"])
    assert {
        "fact": "subject",
        "label": "Who or what is the subject of the concern",
        "value": "provider",
    } in (answer["assumptions"])
    assert {row["fact"] for row in answer["missing"]} == {
        "standardOfCare",
        "manageableAtPlace",
        "plansDelivering",
    }
    tiers = {row["tier"] for row in answer["arrangements"]}
    assert tiers == {"place", "system", "region", "national"}


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ([], "object with facts"),
        ({"facts": []}, "object of facts"),
        ({"facts": {"subjekt": "icb"}}, "Did you mean subject"),
        ({"facts": {"subject": "hospital"}}, "one of icb"),
        ({"facts": {"commissionedBy": "police"}}, "list of icb"),
        ({"facts": {"actRapidly": "perhaps"}}, "true or false"),
        ({"facts": {"affectedBoards": -1}}, "whole number"),
        ({"facts": {"affectedBoards": True}}, "whole number"),
    ],
)
def test_a_wrong_fact_is_refused_with_what_it_could_be(store, request_, words):
    with pytest.raises(BadParameter, match=words):
        quality.assess(store, request_)


def test_unknown_values_count_as_not_stated(case):
    assert case(subject=None, commissionedBy=[], standardOfCare="")["facts"] == {}


def test_the_schema_lists_every_fact_that_a_rule_tests(store):
    schema = quality.schema(store)
    keys = {fact["key"] for fact in schema["facts"]}
    assert len(keys) == len(schema["facts"])
    assert {"subject", "commissionedBy", "standardOfCare"} <= keys
    assert all(fact["sources"] for fact in schema["facts"])
    answer = quality.assess(store, schema["example"])
    assert {test["fact"] for step in answer["steps"] for test in step["tests"]} <= keys
