"""Organisations are found by current, former and misspelt names and codes, as at a date, following succession."""

import csv
from datetime import date
from pathlib import Path

import pytest

from loader.textindex.forms import form
from server.reconciliation.matching import Asked, Candidate, candidates
from server.reconciliation.register import register

MESSY = Path(__file__).parents[2] / "data" / "reconciliation" / "messy-names.csv"
TODAY = date(2026, 11, 22)


def found(store, text: str, **more) -> list[Candidate]:
    return candidates(register(store), Asked(text, **more), TODAY)


def codes(results: list[Candidate]) -> list[str]:
    return [each.body.local.removeprefix("organisation/") for each in results]


def test_a_hundred_messy_names(store):
    rows = list(csv.DictReader(MESSY.read_text("utf-8").splitlines()))
    right = matched = wrong = 0
    for row in rows:
        on = date.fromisoformat(row["as_of"]) if row["as_of"] else None
        results = found(store, row["name"], on=on)
        wanted = set(row["code"].split("|"))
        is_right = set(codes(results)[: len(wanted)]) == wanted
        right += is_right
        matched += bool(results and results[0].match)
        wrong += bool(results and results[0].match and not is_right)
    assert len(rows) >= 100
    assert right >= len(rows) - 2
    assert matched >= 85
    assert wrong == 0


def test_a_name_of_the_past_leads_to_the_successor_on_a_later_day(store):
    later = found(store, "North Bristol NHS Trust", on=date(2026, 7, 1))
    assert codes(later)[0] == "RA7"
    assert later[0].features["through_succession"] == 1
    before = found(store, "North Bristol NHS Trust", on=date(2026, 6, 30))
    assert codes(before)[0] == "RVJ"
    assert before[0].match


def test_a_board_that_was_split_has_several_successors_and_no_match(store):
    results = found(store, "Frimley ICB", on=date(2026, 4, 1))
    assert set(codes(results)[:3]) == {"QRL", "S0E4D", "S9B9J"}
    assert not any(each.match for each in results)
    assert {each.features["successors"] for each in results[:3]} == {3}


def test_a_type_that_does_not_agree_is_left_out_when_strict(store):
    strict = found(store, "Bristol", types=("IntegratedCareBoard",), strict=True)
    assert strict
    assert all("IntegratedCareBoard" in each.body.types(TODAY) for each in strict)


def test_a_postcode_tells_two_apart(store):
    body = register(store).coded("RA7")[0]
    postcode = body.fact("postcode")
    with_it = found(store, "Bristol", postcode=postcode)
    assert codes(with_it)[0] == "RA7"
    assert with_it[0].features["postcode"] is True


def test_nonsense_finds_nothing(store):
    assert found(store, "zzzz qqqq") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Univ Hosps of X", "University Hospitals X"),
        ("St. Mary's", "st marys"),
        ("A & B NHSFT", "a and b nhs foundation trust"),
        ("Teching Hosptials", "teaching hospitals"),
    ],
)
def test_ways_of_writing_agree(one, other):
    assert form(one) == form(other)
