"""Passages are found in flattened text by number, anchor and order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.sources_text import Passage, SourceText, Span, locate, longest_chain, words

GUIDANCE = """\
Sample Guidance

Contents

1. Scope\t\t2

1. Scope

- 1. Somebody may give a notice.¹ It must say
 - a. why, and
 - b. by when.

¹ Section 9 of the Act.

continuation of the paragraph after the note.

This paragraph lost its number 2. in extraction.

- 3. It may be changed:
 - first reason
 ii. second reason
"""


def passage(
    name: str, locator: str, order: int, parent: str | None = None, anchor: str | None = None
) -> Passage:
    return Passage(name, "doc", locator, order, parent, anchor)


PASSAGES = [
    passage("title", "title page", 0, anchor="Sample Guidance"),
    passage("contents", "contents page", 1, anchor="Contents"),
    passage("section-1", "section 1 (Scope)", 2, anchor="1. Scope"),
    passage("para-1", "para 1", 3),
    passage("para-1-a", "para 1(a)", 4, "para-1"),
    passage("para-1-b", "para 1(b)", 5, "para-1"),
    passage("para-2", "para 2", 6, anchor="This paragraph lost its"),
    passage("para-3", "para 3", 7),
    passage("para-3-i", "para 3(i)", 8, "para-3", "first reason"),
    passage("para-3-ii", "para 3(ii)", 9, "para-3"),
    passage("footnote-1", "footnote 1", 100),
]


@pytest.fixture
def text() -> SourceText:
    return SourceText(GUIDANCE)


def lines(text: SourceText, passages: list[Passage]) -> dict[str, int]:
    found = locate(passages, text, Span(0, len(text.text)))
    return {name: text.line(span.start) for name, span in found.spans.items()}


def test_each_passage_is_found_on_its_line(text: SourceText) -> None:
    assert lines(text, PASSAGES) == {
        "title": 1, "contents": 3, "section-1": 7, "para-1": 9, "para-1-a": 10, "para-1-b": 11,
        "footnote-1": 13, "para-2": 17, "para-3": 19, "para-3-i": 20, "para-3-ii": 21,
    }  # fmt: skip


def test_a_footnote_is_one_block_and_is_cut_out_of_the_paragraph_around_it(
    text: SourceText,
) -> None:
    found = locate(PASSAGES, text, Span(0, len(text.text)))
    note, para = found.spans["footnote-1"], found.spans["para-1"]
    assert text.text[note.start : note.end] == "¹ Section 9 of the Act."
    own = text.without(para, found.notes)
    assert "continuation" in own
    assert "Section 9" not in own


def test_a_number_that_is_not_there_is_reported_with_a_remedy(text: SourceText) -> None:
    found = locate([*PASSAGES, passage("para-4", "para 4", 20)], text, Span(0, len(text.text)))
    assert found.reasons == {
        "para-4": "its number does not stand where the passage should be; give it an anchor."
    }


def test_a_displaced_passage_is_found_where_its_anchor_stands_only_once(text: SourceText) -> None:
    late = passage("late", "cell of a table", 50, anchor="continuation of the paragraph")
    found = locate([*PASSAGES, late], text, Span(0, len(text.text)))
    span = found.spans["late"]
    assert (
        text.text[span.start : span.end].strip() == "continuation of the paragraph after the note."
    )


def test_a_passage_out_of_order_is_named_with_its_lines(text: SourceText) -> None:
    late = passage("late", "heading", 50, anchor="Scope")
    found = locate([*PASSAGES, late], text, Span(0, len(text.text)))
    assert found.reasons["late"].startswith("stands in line 5, 7, out of the order")


def test_a_wrong_anchor_is_shown(text: SourceText) -> None:
    wrong = passage("wrong", "heading", 50, anchor="nowhere at all")
    found = locate([*PASSAGES, wrong], text, Span(0, len(text.text)))
    assert "“nowhere at all”" in found.reasons["wrong"]


def test_a_part_of_a_missing_passage_says_so(text: SourceText) -> None:
    extra = [passage("para-4", "para 4", 20), passage("para-4-a", "para 4(a)", 21, "para-4")]
    found = locate([*PASSAGES, *extra], text, Span(0, len(text.text)))
    assert found.reasons["para-4-a"] == "the passage that contains it was not found."


def test_a_passage_with_neither_number_nor_anchor_needs_an_anchor(text: SourceText) -> None:
    found = locate([passage("box", "box on costs", 1)], text, Span(0, len(text.text)))
    assert "give it an anchor" in found.reasons["box"]
    assert text.phrase("–", Span(0, len(text.text))) == []


def test_words_leave_out_footnote_marks_and_punctuation() -> None:
    assert words("directions⁵ – under s 104(1).") == ["directions", "under", "s", "104", "1"]


def test_the_later_place_wins_among_equally_long_chains() -> None:
    assert longest_chain([[1], [2, 8], [9]]) == [1, 8, 9]
    assert longest_chain([[5], [1, 6], [], [7, 2]]) == [5, 6, None, 7]
    assert longest_chain([]) == []


@given(st.lists(st.lists(st.integers(0, 30), max_size=4), max_size=8))
def test_a_chain_increases_and_takes_from_each_list(options: list[list[int]]) -> None:
    chosen = longest_chain(options)
    taken = [number for number in chosen if number is not None]
    assert taken == sorted(set(taken))
    assert all(c is None or c in o for c, o in zip(chosen, options, strict=True))
    assert not any(options) or taken


@given(st.lists(st.lists(st.integers(0, 9), max_size=3), max_size=5))
def test_no_longer_chain_exists(options: list[list[int]]) -> None:
    def longest(index: int, floor: int) -> int:
        if index == len(options):
            return 0
        skip = longest(index + 1, floor)
        return max([skip, *(1 + longest(index + 1, n) for n in options[index] if n > floor)])

    assert sum(c is not None for c in longest_chain(options)) == longest(0, -1)
