"""The timeline agrees with the answer sheet on both sides of each boundary, and with the life of the organisation."""

from datetime import date, timedelta

import pytest

from server.answers.holders import held_by, holders
from server.answers.organisation import load
from server.answers.reference import reference
from server.answers.sheet import answer_sheet
from server.answers.timeline import boundaries, timeline
from server.errors import NotFound

LISTS = {"applies": "applies", "doesNotApply": "does-not-apply", "unknown": "unknown"}


def told(sheet):
    return {
        row["power"]["slug"]: (verdict, (row.get("holder") or {}).get("id"))
        for name, verdict in LISTS.items()
        for row in sheet[name]
    }


@pytest.mark.parametrize("code", ["RA7", "RVJ", "QUY"])
def test_each_period_has_the_answer_of_its_first_and_last_day(store, code):
    for period in timeline(store, code)["periods"]:
        first = date.fromisoformat(period["from"])
        days = [first]
        if period["to"]:
            days.append(date.fromisoformat(period["to"]) - timedelta(days=1))
        sheets = [answer_sheet(store, code, day) for day in days]
        assert told(sheets[0]) == told(sheets[-1])
        assert {name: len(sheets[0][name]) for name in LISTS} == {
            name: period[name] for name in LISTS
        }


@pytest.mark.parametrize("code", ["RVJ"])
def test_the_changes_of_a_period_are_those_between_the_sheets_of_two_days(store, code):
    for period in timeline(store, code)["periods"][1:]:
        day = date.fromisoformat(period["from"])
        before = told(answer_sheet(store, code, day - timedelta(days=1)))
        after = told(answer_sheet(store, code, day))
        changed = {slug for slug, answer in after.items() if before[slug] != answer}
        assert {change["power"]["slug"] for change in period["changes"]} == changed


def test_a_closed_trust_has_a_last_period_in_which_nothing_applies(store):
    last = timeline(store, "RVJ")["periods"][-1]
    assert (last["from"], last["to"], last["applies"]) == ("2026-07-01", None, 0)


def test_boundaries_lie_within_the_life_of_the_organisation(store):
    organisation = load(store, "RVJ")
    days = boundaries(reference(store), organisation)
    assert days == sorted(set(days))
    assert days[0] == (organisation.life.start or organisation.life.seen)
    assert days[-1] == organisation.life.end


def test_the_timeline_of_an_unknown_code_suggests_near_ones(client):
    response = client.get("/api/v1/organisations/RVJJ/timeline")
    assert response.status_code == 404
    assert "RVJ" in response.get_data(as_text=True)


def test_holders_are_those_that_the_register_names(store):
    assert {each["slug"] for each in holders(store)} >= {"monitor", "nhs-england"}


def test_a_sheet_narrowed_to_a_holder_keeps_its_powers_and_counts_the_others(store):
    sheet = answer_sheet(store, "RA7", "2022-06-30")
    narrowed = held_by(store, sheet, "monitor")
    assert narrowed["applies"]
    assert {row["holder"]["label"] for row in narrowed["applies"]} == {"Monitor"}
    assert len(narrowed["applies"]) + narrowed["heldByOthers"] == len(sheet["applies"])
    later = held_by(store, answer_sheet(store, "RA7", "2023-05-01"), "monitor")
    assert later["applies"] == []


def test_an_unknown_holder_is_answered_with_those_that_there_are(store):
    with pytest.raises(NotFound, match="monitor"):
        held_by(store, answer_sheet(store, "RA7", "2023-05-01"), "nobody")
