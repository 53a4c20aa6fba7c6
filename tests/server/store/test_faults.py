import signal

import pytest

from server.errors import QuerySyntax, QueryTimedOut, QueryTooComplex, StoreUnavailable
from server.store.embedded import EmbeddedStore
from server.store.faults import crash, syntax_error
from server.store.limits import Limits


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT * {", 1, 11, "the query ends too early"),
        ("SELECT *\nWHERE { ?s ?p ?o }\nORDER NAME", 3, 9, "“NAME” cannot stand here"),
    ],
)
def test_a_syntax_error_names_its_place(
    store: EmbeddedStore, query: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(QuerySyntax) as caught:
        store.select(query)
    assert caught.value.members == {"line": line, "column": column}
    assert words in caught.value.detail
    assert f"Line {line}, column {column}" in caught.value.detail


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT * { ?s ex:p ?o }", "prefix “ex:” is not declared"),
        ("SELEC * { ?s ?p ?o }", "not SELEC"),
        ("PREFIX x: <http://x/> SELECT * { _:b x:p ?o", "ends too early"),
    ],
)
def test_common_slips_are_named(store: EmbeddedStore, query: str, words: str) -> None:
    with pytest.raises(QuerySyntax, match=words):
        store.select(query)


def test_a_message_without_a_place_is_kept() -> None:
    assert "strange" in syntax_error("something strange", "SELECT").detail


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (signal.SIGALRM, QueryTimedOut),
        (signal.SIGSEGV, QueryTooComplex),
        (signal.SIGABRT, QueryTooComplex),
        (signal.SIGKILL, StoreUnavailable),
        (signal.SIGTERM, StoreUnavailable),
    ],
)
def test_each_end_of_a_worker_is_explained(number: int, error: type[Exception]) -> None:
    assert type(crash(-number, Limits(), 3)) is error
