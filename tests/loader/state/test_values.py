from datetime import date, datetime

import pyoxigraph as ox
import pytest

from loader.state.sheets import Column, sheets
from loader.state.values import cell_text, terms
from loader.terms import DEF, ID

COLUMNS = {column.field: column for sheet in sheets() for column in sheet.columns}
XSD = "http://www.w3.org/2001/XMLSchema#"


def shown(field: str, cell: object) -> list[tuple[str, str]]:
    found = []
    for term in terms(COLUMNS[field], cell):
        assert isinstance(term, (ox.NamedNode, ox.Literal))
        kind = "iri" if isinstance(term, ox.NamedNode) else term.datatype.value.removeprefix(XSD)
        found.append((kind, term.value))
    return found


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("issuedOn", datetime(2023, 5, 1), ("date", "2023-05-01")),
        ("issuedOn", date(2023, 5, 1), ("date", "2023-05-01")),
        ("issuedOn", "2023-05-01", ("date", "2023-05-01")),
        ("issuedOn", "1 May 2023", ("date", "2023-05-01")),
        ("issuedOn", "01/05/2023", ("string", "01/05/2023")),
        ("issuedOn", datetime(2023, 5, 1, 12), ("string", "2023-05-01 12:00:00")),
        ("issuedOn", "2023-02-30", ("string", "2023-02-30")),
        ("turnover", 900.5, ("decimal", "900.5")),
        ("turnover", "£1,000,000", ("integer", "1000000")),
        ("turnover", 900.0, ("integer", "900")),
        ("turnover", True, ("string", "True")),
        ("turnover", "lots", ("string", "lots")),
        ("segmentNumber", "3", ("integer", "3")),
        ("boardConfirmed", "Yes", ("boolean", "true")),
        ("boardConfirmed", False, ("boolean", "false")),
        ("boardConfirmed", "perhaps", ("string", "perhaps")),
        ("concerns", "ra7", ("iri", f"{ID}organisation/RA7")),
        ("concerns", "not a code", ("string", "not a code")),
        ("noticeKind", "Notice of intent", ("iri", f"{DEF}notice-of-intent")),
        ("noticeKind", "notice-of-intent", ("iri", f"{DEF}notice-of-intent")),
        ("noticeKind", "postcard", ("string", "postcard")),
        ("underScheme", "nof-2022-23", ("iri", f"{ID}framework/nof-2022-23")),
        ("matter", 2023.0, ("string", "2023")),
        ("matter", "a\x07b", ("string", "a b")),
    ],
)
def test_a_cell_becomes_a_term(field: str, cell: object, expected: tuple[str, str]) -> None:
    assert shown(field, cell) == [expected]


@pytest.mark.parametrize("cell", [None, "", "   "])
def test_an_empty_cell_states_nothing(cell: object) -> None:
    assert shown("matter", cell) == []


def test_several_values_stand_between_semicolons() -> None:
    found = shown("certifiedArea", "quality of care; People and culture;; nonsense")
    assert found == [
        ("iri", f"{DEF}area-quality"),
        ("iri", f"{DEF}area-people"),
        ("string", "nonsense"),
    ]


def test_a_long_text_is_cut() -> None:
    ((_, text),) = shown("matter", "x" * 10_000)
    assert len(text) == 5_000


@pytest.mark.parametrize(
    "field", ["noticeKind", "turnover", "boardConfirmed", "issuedOn", "concerns", "matter"]
)
def test_a_term_stands_in_a_cell_as_it_was_read(field: str) -> None:
    cells = {
        "noticeKind": "final notice", "turnover": 900, "boardConfirmed": "yes",
        "issuedOn": date(2023, 5, 1), "concerns": "RA7", "matter": "Waiting times",
    }  # fmt: skip
    column: Column = COLUMNS[field]
    (term,) = terms(column, cells[field])
    assert cell_text(column, term) == cells[field]
