import inspect

import pytest

from server import errors
from server.errors import Problem, excerpt

CLASSES = [
    value for _, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, Problem)
]


@pytest.mark.parametrize("problem", CLASSES)
def test_each_error_is_drawn_in_the_tree_with_its_status(problem: type[Problem]) -> None:
    lines = [line.split() for line in (errors.__doc__ or "").splitlines()]
    drawn = [line for line in lines if problem.__name__ in line]
    assert drawn
    assert problem is Problem or str(problem.status) in drawn[0]


def test_slugs_are_unique() -> None:
    slugs = [problem.slug for problem in CLASSES]
    assert len(slugs) == len(set(slugs))


def test_a_body_has_the_members_of_rfc_9457() -> None:
    body = errors.BadDate("31/02/2023").body()
    assert body["type"] == "https://w3id.org/remit/problem/bad-date"
    assert body["status"] == 400
    assert body["parameter"] == "asOf"
    assert "31/02/2023" in body["detail"]
    assert "2022-07-01" in body["detail"]


def test_suggestions_come_with_not_found() -> None:
    suggestion = {"label": "RA7", "href": "/organisations/RA7"}
    assert errors.NotFound("No RA8.", suggestions=[suggestion]).body()["suggestions"] == [
        suggestion
    ]


def test_a_timeout_says_how_long_the_query_had() -> None:
    body = errors.QueryTimedOut(2.5).body()
    assert (body["status"], body["limitSeconds"]) == (503, 2.5)
    assert "after 2.5 seconds" in body["detail"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("<script>alert(1)</script>", "‹script›alert(1)‹/script›"),
        ("two\r\nlines\x00", "two lines"),
        ("\u202eright to left", "\u202eright to left"),
        ("x" * 100, "x" * 59 + "…"),
    ],
)
def test_an_excerpt_is_one_short_clean_line(text: str, shown: str) -> None:
    assert excerpt(text) == shown
