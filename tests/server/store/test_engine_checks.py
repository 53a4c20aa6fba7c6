"""What an endpoint must do rightly before our queries are answered by it."""

from pathlib import Path

import pytest

from loader.catalogue import catalogue
from server.query_errors import QuerySyntax, StoreUnavailable
from server.store.embedded import EmbeddedStore
from server.store.engine import Engine
from server.store.limits import Limits

CHECKS = list(catalogue("engine").values())
OPTIONAL = "# a path? \nSELECT ?b { ?a a ?c OPTIONAL { ?a ?p ?b } }"
PATH = "SELECT ?b { ?a remit:part? ?b }"
PLAIN = "# OPTIONAL\nSELECT ?a { ?a a remit:Power }"


class Asked:
    """Answers each query with the next of `answers`, or raises it; the last serves for the rest."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers, self.texts = list(answers), list[str]()

    def __call__(self, text: str) -> bool:
        self.texts.append(text)
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(given, Exception):
            raise given
        return given


def test_an_engine_that_answers_rightly_passes(home: Path) -> None:
    with EmbeddedStore(home / "current", Limits(workers=1, reserved=0, seconds=20)) as near:
        assert [check.name for check in CHECKS if not near.ask(check.text)] == []


def test_an_engine_that_answers_wrongly_is_not_asked():
    asked = Asked(False)
    engine = Engine(asked)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="takes what is not stated for stated"):
            engine.confirm(OPTIONAL)
    assert len(asked.texts) == 1
    with pytest.raises(StoreUnavailable, match="paths that may have no length"):
        engine.confirm(PATH)


def test_an_engine_that_answers_rightly_is_asked_once():
    asked = Asked(True)
    engine = Engine(asked)
    for query in (OPTIONAL, OPTIONAL, PATH):
        engine.confirm(query)
    wanted = {"path-of-no-length", "unbound-stays-unbound", "values-are-kept"}
    assert sorted(asked.texts) == sorted(c.text for c in CHECKS if c.name in wanted)


def test_a_query_without_what_is_checked_is_not_held_up():
    asked = Asked(False)
    Engine(asked).confirm(PLAIN)
    assert not asked.texts


def test_a_check_that_is_not_understood_is_not_passed():
    for failure in (QuerySyntax("no such thing"), StoreUnavailable("status 500")):
        with pytest.raises(StoreUnavailable, match="wrongly"):
            Engine(Asked(failure, True)).confirm(PATH)


def test_a_check_that_could_not_be_asked_is_asked_again():
    down = StoreUnavailable("down")
    engine = Engine(Asked(down, down, True))
    with pytest.raises(StoreUnavailable, match="down"):
        engine.confirm(PATH)
    engine.confirm(PATH)
