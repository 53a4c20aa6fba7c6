"""Dates, quantities and links as pages write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.errors import DateError
from server import filters
from server.pages import data, dates, links


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2022-07-01", "1 July 2022"),
        (date(2022, 7, 1), "1 July 2022"),
        ("2022-07", "July 2022"),
        ("2022", "2022"),
        ("2026-11-22T01:00:00Z", "22 November 2026"),
        ("2022-02-31", "2022-02-31"),
        ("soon", "soon"),
        (None, ""),
    ],
)
def test_dates_are_written_in_the_nhs_style(value, text):
    assert filters.nhs_date(value) == text


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"from": "2020-04-01", "to": "2026-07-01"}, "1 April 2020 to 30 June 2026"),
        ({"from": "2020-04-01", "to": None}, "from 1 April 2020"),
        ({"to": "2022-07-01"}, "until 30 June 2022"),
        ({"attestedFrom": "2021-01-01"}, "seen from 1 January 2021, start not known"),
        ({}, "dates not stated"),
    ],
)
def test_the_last_day_of_an_interval_is_the_day_before_its_end(item, text):
    assert filters.interval(item) == text


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"value": 10, "unit": "percent", "of": "turnover", "bound": "maximum"},
         "at most 10% of turnover"),
        ({"value": 10_000_000, "unit": "GBP"}, "£10,000,000"),
        ({"value": 1, "unit": "day", "bound": "minimum"}, "at least 1 day"),
        ({"value": None, "label": "Once for each breach"}, "Once for each breach"),
    ],
)  # fmt: skip
def test_limits_are_written_with_their_units(item, text):
    assert filters.limit(item) == text


def test_a_time_limit_says_from_what_it_counts_and_how_it_may_be_shortened():
    item = {"value": 28, "unit": "day", "bound": "minimum", "from": "the notice",
            "mayBeShortenedTo": 5, "shortenedWhen": "in urgent cases"}  # fmt: skip
    assert filters.time_limit(item) == (
        "at least 28 days, counted from the notice, may be shortened to 5 days: in urgent cases"
    )
    assert (
        filters.time_short(item)
        == "at least 28 days, counted from the notice, may be shortened to 5 days"
    )


def test_a_limit_on_occasions_names_them_once():
    item = {
        "value": 1,
        "unit": "occasion",
        "bound": "maximum",
        "of": "occasions on which it is used",
    }
    assert filters.limit(item) == "at most 1 occasion on which it is used"


def test_the_glance_names_each_limit_once():
    step = {"timeLimit": {"value": 14, "unit": "day", "bound": "maximum"}}
    power = {"limits": [], "procedure": [step, step, {"timeLimit": None}]}
    assert filters.glance(power) == ["within 14 days"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("so it is", "So it is."), ("Done.", "Done."), ("Is it?", "Is it?"), ("", ""), (None, "")],
)
def test_a_sentence_has_one_full_stop(text, sentence):
    assert filters.sentence(text) == sentence


def test_every_condition_has_words_for_holding_and_for_failing():
    assert filters.CONDITIONS.keys() == filters.FAILURES.keys()
    assert filters.failure("type-in-reach") == "Its type is not within reach"
    assert filters.failure("new-condition") == "Fails: new condition"


def test_an_unknown_binding_force_is_said_as_it_is():
    assert filters.bindingness("statutory") == ("Statutory", "blue")
    assert filters.bindingness("custom") == ("Custom", "grey")
    assert filters.bindingness(None) == ("Not stated", "grey")


def test_sources_are_grouped_by_document():
    sources = [{"document": d, "locator": p} for d, p in (("A", "1"), ("B", "2"), ("A", "3"))]
    grouped = [
        (name, [s["locator"] for s in places]) for name, places in filters.by_document(sources)
    ]
    assert grouped == [("A", ["1", "3"]), ("B", ["2"])]


def test_acts_are_linked_as_they_stood_and_never_in_the_future():
    section = "http://www.legislation.gov.uk/id/ukpga/2012/7/section/105"
    current = "https://www.legislation.gov.uk/ukpga/2012/7/section/105"
    assert links.legislation(section, "2023-05-01") == f"{current}/2023-05-01"
    assert links.legislation(section, "9999-01-01") == current
    assert links.legislation(section) == current
    regulations = "http://www.legislation.gov.uk/id/uksi/2013/2677"
    assert links.legislation(regulations, "2023-05-01").endswith("/uksi/2013/2677")


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        ("https://w3id.org/remit/id/power/direct-icb", "/powers/direct-icb"),
        ("https://w3id.org/remit/id/organisation/RA7", "/organisations/RA7"),
        ("https://w3id.org/remit/id/nothing-known/x", None),
        (
            "http://www.legislation.gov.uk/id/ukpga/2012/7/section/105",
            "/provisions/ukpga/2012/7/section/105",
        ),
        (
            "http://www.legislation.gov.uk/id/uksi/2099/1",
            "https://www.legislation.gov.uk/uksi/2099/1",
        ),
        ("https://example.org/a", "https://example.org/a"),
        ("javascript:alert(1)", None),
        ("", None),
        (None, None),
    ],
)
def test_only_things_with_pages_are_linked(monkeypatch, iri, address):
    listed = {
        "https://w3id.org/remit/id/power/direct-icb": "/powers/direct-icb",
        "http://www.legislation.gov.uk/id/ukpga/2012/7/section/105": (
            "/provisions/ukpga/2012/7/section/105"
        ),
    }
    monkeypatch.setattr(data, "address", listed.get)
    assert links.page(iri) == address


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_is_read_back_from_each_form(day):
    assert dates.parse(day.isoformat()) == day
    assert dates.parse(filters.nhs_date(day)) == day
    boxes = {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
    assert dates.read(boxes, date(2000, 1, 1)).value == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_problem_in_words(text):
    question = dates.read({"asOf": text}, date(2000, 1, 1))
    assert (question.value is None) == bool(question.problem)
    assert question.iso == (question.value.isoformat() if question.value else "")


@given(st.tuples(*[st.text(max_size=6)] * 3))
def test_any_three_boxes_are_a_date_or_name_the_box_to_mend(typed):
    boxes = dict(zip(("day", "month", "year"), typed, strict=True))
    question = dates.read(boxes, date(2000, 1, 1))
    assert (question.value is None) == bool(question.problem)
    assert question.field in {"day", "month", "year"}


def test_parse_raises_for_an_ambiguous_date():
    with pytest.raises(DateError, match="ambiguous"):
        dates.parse("01/07/2022")
