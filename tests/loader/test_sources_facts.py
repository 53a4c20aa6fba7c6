"""Figures, dates and terms of a fact are compared with the text that it cites."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from loader.sources_facts import Claim, claims, figures, stands


def shown(entry: Mapping[str, object]) -> set[tuple[str, str]]:
    return {(claim.field, claim.shown) for claim in claims(entry)}


def test_figures_dates_and_amounts_are_claims() -> None:
    entry = {
        "id": "power/x",
        "label": "Penalty of 10%",
        "inForceFrom": "2022-07-01",
        "limits": [{"id": "power/x#limits-1", "value": 28, "unit": "day"}],
        "statedIn": ["eg:para-1"],
    }
    assert shown(entry) == {("label", "10"), ("inForceFrom", "1 July 2022"), ("value", "28")}
    assert {claim.passages for claim in claims(entry)} == {("eg:para-1",)}


def test_a_nested_fact_keeps_its_own_sources() -> None:
    entry = {
        "id": "x",
        "holdings": [{"id": "x#1", "from": "2022-07-01", "statedIn": ["b"]}],
        "statedIn": ["a"],
    }
    assert [claim.passages for claim in claims(entry)] == [("b",)]


def test_notes_citations_and_references_to_passages_are_no_claims() -> None:
    entry = {
        "id": "x",
        "note": "See rule 99.",
        "citation": "SI 2013/2677",
        "statement": "Follows from paragraphs 3 and 36(b) and footnote 10.",
        "statedIn": ["a"],
    }
    assert shown(entry) == set()


def test_what_is_printed_is_compared_with_its_references() -> None:
    entry = {"id": "note/x", "printed": "Points to paragraph 49.", "statedIn": ["a"]}
    assert shown(entry) == {("printed", "49")}


def test_a_passage_is_held_to_its_description_only() -> None:
    entry = {
        "id": "eg:para-1",
        "document": "d",
        "label": "Guidance 2022, para 1",
        "description": "Limit of 10 days",
    }
    assert shown(entry) == {("description", "10")}


@pytest.mark.parametrize(
    ("wanted", "text", "expected"),
    [
        (("10",), "up to 10% of turnover", True),
        (("5",), "a minimum of five days", True),
        (("1",), "on more than one occasion", True),
        (("105",), "s105(3) of the 2012 Act", True),
        (("9",), "ends on 09 December", True),
        (("9",), "closes on the 9th December", True),
        (("28",), "within 14 days", False),
        (("july", "2022"), "from 1 July 2022", True),
        (("july", "2022"), "from July 2023", False),
    ],
)
def test_a_figure_stands_in_figures_or_in_words(
    wanted: tuple[str, ...], text: str, expected: bool
) -> None:
    assert stands(Claim("x", "value", "", wanted, ()), text) is expected


def test_a_term_stands_as_a_run_of_words_in_singular_or_plural() -> None:
    entry = {
        "id": "term/x",
        "type": "DefinedTerm",
        "label": "NHS-controlled provider (licensed)",
        "statedIn": ["a"],
    }
    (claim,) = claims(entry)
    assert stands(claim, "⁴ NHS controlled providers are not trusts")
    assert not stands(claim, "providers controlled by the NHS")


def test_figures_leave_out_the_letter_of_a_citation() -> None:
    assert figures("s104 and section 14Z61, 28 days") == ["104", "14z61", "28"]
