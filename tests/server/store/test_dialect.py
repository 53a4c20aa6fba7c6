"""The forms in which a remote store is asked our own queries: they say the same as the queries."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.catalogue import catalogue
from server.store.dialect import forms
from server.store.embedded import EmbeddedStore
from server.store.limits import Limits

QUESTIONS = list(catalogue("questions").values())


@pytest.fixture(scope="module")
def near(home: Path) -> Iterator[EmbeddedStore]:
    """The embedded store, also where the other tests ask a server of another make."""
    with EmbeddedStore(home / "current", Limits(workers=1, reserved=0, seconds=60)) as opened:
        yield opened


def rows(body: bytes) -> Counter[str]:
    return Counter(
        json.dumps(row, sort_keys=True) for row in json.loads(body)["results"]["bindings"]
    )


def check_selected(near: EmbeddedStore, text: str) -> None:
    wanted = near.own(text, "select", 60)
    for form in forms(text):
        told = near.own(form, "select", 60)
        assert json.loads(told)["head"] == json.loads(wanted)["head"]
        lost, added = rows(wanted) - rows(told), rows(told) - rows(wanted)
        assert (list(lost)[:3], list(added)[:3]) == ([], [])


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda each: each.name)
def test_each_form_of_a_question_is_answered_the_same(near, query):
    check_selected(near, query.text)


@pytest.mark.slow
@pytest.mark.parametrize("query", QUESTIONS, ids=lambda each: each.name)
def test_the_least_that_a_question_can_be_asked_is_answered_the_same(near, query):
    least = {each.name: each.example for each in query.parameters if each.required}
    check_selected(near, query.bind(**least))
