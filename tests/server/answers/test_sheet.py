"""Rules of law that the sheet must get right, each with the paragraph that makes it so."""

import pytest

from loader.errors import DateError
from server.answers.sheet import answer_sheet
from server.errors import NotFound


def verdicts(store, code, day):
    sheet = answer_sheet(store, code, day)
    return {
        **{row["power"]["slug"]: ("applies", row) for row in sheet["applies"]},
        **{row["power"]["slug"]: ("does-not-apply", row) for row in sheet["doesNotApply"]},
        **{row["power"]["slug"]: ("unknown", row) for row in sheet["unknown"]},
    }


@pytest.mark.parametrize(
    ("code", "applies"),
    [
        ("RA7", True),
        ("RVJ", False),
        ("QUY", False),
        ("independent-provider-licensed", False),
        ("nhs-controlled-provider-licensed", False),
    ],
)
def test_additional_conditions_reach_foundation_trusts_only(store, code, applies):
    """Paragraphs 12(e), 42(d) and 102."""
    verdict, _ = verdicts(store, code, "2023-05-01")["impose-additional-licence-condition"]
    assert (verdict == "applies") is applies


def test_a_board_meets_discretionary_requirements_only_for_ignoring_a_notice(store):
    """Footnote 5 and paragraphs 43 and 103."""
    _, row = verdicts(store, "QUY", "2022-11-15")["impose-discretionary-requirement"]
    arising = [ground["slug"] for ground in row["grounds"] if ground["canArise"]]
    assert arising == ["impose-discretionary-requirement-board-notice"]


def test_directions_to_a_board_cannot_be_appealed(store):
    """Paragraph 139."""
    found = verdicts(store, "QUY", "2022-11-15")
    for slug in (
        "direct-board-discharge-functions",
        "direct-board-cease-functions",
        "direct-board-replace-chief-executive",
    ):
        verdict, row = found[slug]
        assert verdict == "applies"
        assert row["review"]["available"] is False
        assert any(source["locator"] == "para 139" for source in row["review"]["sources"])


def test_a_general_practice_is_outside_enforcement_yet_a_notice_can_reach_it(store):
    """Footnote 1 against paragraph 86: both are shown with their sources."""
    found = verdicts(store, "general-practice", "2023-05-01")
    verdict, notice = found["issue-information-notice"]
    assert verdict == "applies"
    assert "para 86" in {source["locator"] for source in notice["sources"]}
    verdict, row = found["impose-discretionary-requirement"]
    assert verdict == "does-not-apply"
    assert row["failedCondition"] == "type-not-excluded"
    exclusion = next(step for step in row["trace"] if step["condition"] == "type-not-excluded")
    assert "footnote 1" in {source["locator"] for source in exclusion["sources"]}


def test_provider_powers_were_monitors_until_30_june_2022(store):
    before = verdicts(store, "RA7", "2022-06-30")["impose-discretionary-requirement"][1]
    after = verdicts(store, "RA7", "2022-07-01")["impose-discretionary-requirement"][1]
    assert before["holder"]["label"] == "Monitor"
    assert after["holder"]["label"] == "NHS England"


def test_patient_choice_powers_await_commencement_and_then_cannot_be_told(store):
    """Footnote 2 and consultation paragraph 4(iii): not in force on 27 October 2022."""
    verdict, row = verdicts(store, "QUY", "2022-10-27")["direct-patient-choice"]
    assert (verdict, row["failedCondition"]) == ("does-not-apply", "power-in-force")
    verdict, row = verdicts(store, "QUY", "2022-10-28")["direct-patient-choice"]
    assert verdict == "unknown"
    assert "commencement" in row["missing"]


def test_the_cap_on_a_monetary_penalty_is_a_figure_with_its_unit(store):
    """Paragraph 47 and footnotes 18 and 23."""
    _, row = verdicts(store, "RA7", "2023-05-01")["impose-monetary-penalty"]
    caps = [(each["value"], each["unit"], each["bound"]) for each in row["limits"]]
    assert (10, "percent", "maximum") in caps
    assert (28, "day", "minimum") in caps
    assert row["review"]["forum"] == "First-tier Tribunal"
    assert row["review"]["suspensive"] is True


def test_lower_case_codes_are_understood(store):
    assert answer_sheet(store, "ra7", "2023-05-01")["organisation"]["code"] == "RA7"


def test_dates_in_words_are_understood(store):
    assert answer_sheet(store, "RA7", "1 May 2023")["asOf"] == "2023-05-01"


@pytest.mark.parametrize("code", ["RA77", "rvj1", "ZZZZ", "RA7'", "<RA7>", "no such trust"])
def test_an_unknown_code_suggests_near_ones(store, code):
    with pytest.raises(NotFound) as raised:
        answer_sheet(store, code, "2023-05-01")
    assert "There is no organisation" in raised.value.detail


@pytest.mark.parametrize("day", ["2023-02-30", "01/07/2022", "yesterday", "2023-13-01", ""])
def test_an_impossible_or_ambiguous_date_says_the_expected_form(store, day):
    with pytest.raises(DateError, match="2022-07-01"):
        answer_sheet(store, "RA7", day)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2020-03-31", "University Hospitals Bristol NHS Foundation Trust"),
        ("2020-04-01", "University Hospitals Bristol and Weston NHS Foundation Trust"),
        ("2026-06-30", "University Hospitals Bristol and Weston NHS Foundation Trust"),
        ("2026-07-01", "Bristol NHS Foundation Trust"),
    ],
)
def test_the_sheet_bears_the_name_of_the_day(store, day, name):
    assert answer_sheet(store, "RA7", day)["organisation"]["name"] == name
