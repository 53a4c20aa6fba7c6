import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.negotiation import MediaRange, choose, parse_accept, prefers_html

OFFERED = ["application/json", "text/turtle", "text/html"]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("nonsense", "application/json"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle", "text/turtle"),
        ("text/*", "text/turtle"),
        ("text/turtle;q=0.4, text/html;q=0.5", "text/html"),
        ("text/turtle;q=0.5, text/html;q=0.5", "text/turtle"),
        ("*/*;q=0.1, text/html", "text/html"),
        ("*/*, application/json;q=0", "text/turtle"),
        ("text/*, text/turtle;q=0, */*;q=0.1", "text/html"),
        ("*/*;q=0", None),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("text/turtle;q=2, text/html;q=0.1", "text/html"),
        ("*/json, text/html;q=0.1", "text/html"),
        ("text/turtle;charset=utf-8, text/html;q=0.1", "text/turtle"),
        ('text/turtle;title="a,b;q=0", image/png', None),
        (BROWSER, "text/html"),
    ],
)
def test_the_best_representation_is_chosen(header: str | None, chosen: str | None) -> None:
    assert choose(OFFERED, header) == chosen


def test_parameters_of_an_offer_can_be_asked_for() -> None:
    offered = ["application/ld+json", 'application/ld+json;profile="http://x/"']
    assert choose(offered, 'application/ld+json;profile="http://x/"') == offered[1]


def test_nothing_offered_is_nothing_chosen() -> None:
    assert choose([], "*/*") is None
    assert choose([], None) is None


def test_an_offer_must_be_a_media_type() -> None:
    with pytest.raises(ValueError, match="'json' is not a media type"):
        choose(["json"], "*/*")


def test_ranges_are_parsed_in_order() -> None:
    assert parse_accept("text/html;level=1;q=0.5;x=y, , */*") == [
        MediaRange("text", "html", frozenset({("level", "1")}), 0.5),
        MediaRange("*", "*", frozenset(), 1.0),
    ]


def test_html_is_preferred_by_browsers_only() -> None:
    assert prefers_html(BROWSER)
    assert not prefers_html("*/*")
    assert not prefers_html(None)
    assert not prefers_html("application/json, text/html;q=0.9")


@given(st.text())
def test_any_header_is_survived(header: str) -> None:
    assert choose(OFFERED, header) in [*OFFERED, None]
