from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.dates import in_words, parse_date
from loader.errors import DateError

JULY = date(2022, 7, 1)


@pytest.mark.parametrize(
    "text", ["2022-07-01", " 2022-7-1 ", "1 July 2022", "01 jul 2022", "1 Jul. 2022"]
)
def test_forms_that_are_understood(text):
    assert parse_date(text) == JULY


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("01/07/2022", "ambiguous"),
        ("1.7.22", "ambiguous"),
        ("2022-02-30", "not a day"),
        ("31 June 2022", "not a day"),
        ("1 Ju 2022", "no month"),
        ("1 Juno 2022", "no month"),
        ("soon", "not a date"),
        ("", "not a date"),
        ("0000-01-01", "not a day"),
    ],
)
def test_what_is_not_understood_says_the_expected_form(text, message):
    with pytest.raises(DateError, match=message) as raised:
        parse_date(text, "asOf")
    assert "2022-07-01" in str(raised.value)
    assert raised.value.faults[0].field == "asOf"


@given(st.dates())
def test_a_date_in_words_is_the_same_date(day):
    assert parse_date(day.isoformat()) == day
    if day.year >= 1000:
        assert parse_date(in_words(day)) == day
