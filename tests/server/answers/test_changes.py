"""What changed between two dates, and the condition or event that caused it."""

import pytest

from loader.errors import DateError
from server.answers.changes import changes
from server.errors import BadParameter, NotFound


def power(found, slug):
    return next((row for row in found["powers"] if row["power"]["slug"] == slug), None)


def test_powers_passed_from_monitor_to_nhs_england(store):
    row = power(
        changes(store, "RA7", "2022-06-30", "2022-07-01"), "impose-discretionary-requirement"
    )
    assert (row["before"]["holder"], row["after"]["holder"]) == ("Monitor", "NHS England")
    (cause,) = row["causes"]
    assert cause["condition"] == "holder-exists"
    assert cause["sources"]


def test_nhs_trusts_came_under_the_licence_in_april_2023(store):
    found = changes(store, "RVJ", "2023-03-31", "2023-04-01")
    row = power(found, "impose-discretionary-requirement")
    assert (row["before"]["verdict"], row["after"]["verdict"]) == ("does-not-apply", "applies")
    assert {cause["condition"] for cause in row["causes"]} & {"type-in-reach", "type-not-excluded"}
    assert power(found, "direct-nhs-trust") is None
    assert ("licence holder", "begins") in {(t["label"], t["change"]) for t in found["types"]}


def test_nothing_changes_between_a_day_and_itself(store):
    found = changes(store, "RA7", "2023-05-01", "2023-05-01")
    assert (found["powers"], found["names"], found["types"], found["events"]) == ([], [], [], [])
    assert found["unchanged"] > 40


def test_a_closure_ends_every_power_and_is_told_as_an_event(store):
    found = changes(store, "RVJ", "2026-06-30", "2026-07-01")
    assert power(found, "direct-nhs-trust")["after"]["failedCondition"] == "organisation-exists"
    assert found["events"]


def test_names_that_begin_or_end_are_told(store):
    found = changes(store, "RA7", "2026-06-30", "2026-07-01")
    assert {each["change"] for each in found["names"]} == {"begins", "ends"}


def test_dates_in_the_wrong_order_and_unknown_organisations_are_refused(store):
    with pytest.raises(BadParameter, match="before"):
        changes(store, "RA7", "2023-05-02", "2023-05-01")
    with pytest.raises(DateError):
        changes(store, "RA7", "2023-02-30", "2023-05-01")
    with pytest.raises(NotFound):
        changes(store, "ZZZ", "2023-05-01", "2023-05-02")
