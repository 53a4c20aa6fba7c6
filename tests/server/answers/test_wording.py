import pytest

from server.answers.wording import figure, fill, heading, sentence


@pytest.mark.parametrize(
    ("template", "texts", "told"),
    [
        ("{a}: {b}", {"a": "x", "b": "y"}, "X: y."),
        ("{a}[ ({b})]", {"a": "x"}, "X."),
        ("{a}[ ({b})]", {"a": "x", "b": "y"}, "X (y)."),
        ("{a}[. {b}][. {c}]", {"a": "One.", "b": "Two.", "c": "three"}, "One. Two. three."),
        ("[{a}, {b}]{c}", {"a": "x", "c": "left"}, "Left."),
    ],
)
def test_parts_without_their_columns_are_left_out(template, texts, told):
    assert fill(template, texts) == told


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"bound": "maximum", "value": "10", "unit": "percent"}, "at most 10%"),
        ({"bound": "minimum", "value": "28", "unit": "day"}, "at least 28 days"),
        ({"bound": "maximum", "value": "1", "unit": "occasion"}, "at most 1 occasion"),
        ({"bound": "to be exceeded", "value": "10", "unit": "GBP million a year"}, "more than 10 GBP million a year"),
        ({"unit": "day"}, ""),
    ],
)  # fmt: skip
def test_figures_read_as_words(texts, told):
    assert figure(texts) == told


def test_small_words():
    assert heading("startEvent") == "Start event"
    assert sentence("already ended!") == "Already ended!"
    assert sentence("") == ""
