"""The words of the index: which things each word leads to, by the word itself, its beginning, or a near spelling."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

_WORD = re.compile(r"[a-z0-9]+")
_SAME = {
    "paragraph": "para",
    "paragraphs": "para",
    "paras": "para",
    "fn": "footnote",
    "organization": "organisation",
}
_SHORTEST_BEGINNING, _SHORTEST_FUZZY = 3, 4
_NEAR = 80
_MOST_SPELLINGS = 20
_MOST_BEGINNINGS = 400


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, with spellings of “paragraph” made alike."""
    return [_SAME.get(word, word) for word in _WORD.findall(text.lower().replace("’", "'"))]


@dataclass(frozen=True)
class Vocabulary:
    """The identifiers that each word leads to."""

    postings: dict[str, set[str]]

    @cached_property
    def sorted_words(self) -> list[str]:
        """All words in order, to find those with a given beginning."""
        return sorted(self.postings)

    def meanings(self, word: str, unfinished: bool = False) -> dict[str, float]:
        """Return the known words that ``word`` can stand for, each with its likeness from 0 to 1.

        A word stands for itself and for longer ones that begin with it (an ``unfinished`` one may be of any length
        and may be a number); a near spelling counts only where neither is known.
        """
        found = {word: 1.0} if word in self.postings else {}
        if unfinished or (len(word) >= _SHORTEST_BEGINNING and not word.isdigit()):
            found |= dict.fromkeys(self._beginning(word), 0.9) | found
        if found or len(word) < _SHORTEST_FUZZY or word.isdigit():
            return found
        near = process.extract(
            word, self.sorted_words, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_MOST_SPELLINGS
        )
        return {spelling: score / 100 for spelling, score, _ in near if not spelling.isdigit()}

    def things(self, meanings: dict[str, float]) -> set[str]:
        """Return the identifiers that any of the words leads to."""
        return set().union(*(self.postings[word] for word in meanings))

    def _beginning(self, word: str) -> list[str]:
        start = bisect_left(self.sorted_words, word)
        end = bisect_left(self.sorted_words, word + "\uffff")
        return self.sorted_words[start : min(end, start + _MOST_BEGINNINGS)]
