"""Duties owed by and to an organisation, by its classes on the date."""

import pytest

from loader.errors import DateError
from server.answers.duties import duties
from server.errors import NotFound


def slugs(rows):
    return {row["slug"] for row in rows}


def test_a_board_has_its_general_duties_and_can_expect_to_be_consulted(store):
    found = duties(store, "QUY", "2022-11-15")
    assert {"board-triple-aim", "board-give-information"} <= slugs(found["owedBy"])
    assert "consult-board-before-formal-action" in slugs(found["owedTo"])
    assert "hold-licence" not in slugs(found["owedBy"])
    assert all(row["sources"] for row in found["owedBy"] + found["owedTo"])


def test_a_foundation_trust_holds_the_licence_and_may_be_heard(store):
    found = duties(store, "RA7", "2023-05-01")
    assert "hold-licence" in slugs(found["owedBy"])
    assert "representations-on-additional-condition" in slugs(found["rights"])


def test_an_organisation_that_does_not_exist_has_none_and_it_is_said(store):
    found = duties(store, "QUY", "2022-06-30")
    assert found["owedBy"] == found["owedTo"] == []
    assert "no duty" in found["explanation"]


def test_duties_that_are_not_in_force_are_told_as_such(store):
    found = duties(store, "nhs-england", "2022-10-27")
    states = {row["slug"]: row["inForce"] for row in found["owedBy"]}
    assert states["publish-patient-choice-undertaking"] == "not yet in force"
    assert states["publish-provider-undertaking"] == "in force"


def test_a_national_body_has_the_duties_that_it_holds_by_name(store):
    found = duties(store, "nhs-england", "2023-05-01")
    assert "publish-provider-undertaking" in slugs(found["owedBy"])
    before = duties(store, "nhs-england", "2022-06-30")
    assert "publish-provider-undertaking" not in slugs(before["owedBy"])


def test_unknown_organisations_and_dates_are_refused(store):
    with pytest.raises(NotFound):
        duties(store, "ZZZ", "2023-05-01")
    with pytest.raises(DateError):
        duties(store, "QUY", "soon")
