"""The words of the index: what a word can stand for, by itself, as the beginning of one, or by a near spelling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from loader.textindex.words import grams, one_off, words
from server.answers.index_reader import Reader

__all__ = ["Meaning", "Vocabulary", "near", "quoted", "words"]

_SHORTEST_BEGINNING, _SHORTEST_FUZZY = 3, 4
_NEAR = 80
_MOST_SPELLINGS = 20
_MOST_LIKE = 400
_MOST_LONGER = 24
_BEGINS = 0.9


@dataclass(frozen=True)
class Meaning:
    """What a word can stand for: itself, longer ones that begin with it, and words spelt nearly so.

    ``longer`` are the longer ones where they are few; None where they are too many to be looked for one by one.
    """

    word: str
    beginning: bool = False
    spellings: dict[str, float] = field(default_factory=dict)
    longer: tuple[str, ...] | None = ()

    def likeness(self, known: Iterable[str]) -> float:
        """Return how well the best of the ``known`` words fits, from 0 to 1."""
        if self.word in known:
            return 1.0
        if self.beginning and any(each.startswith(self.word) for each in known):
            return _BEGINS
        return max((self.spellings.get(each, 0.0) for each in known), default=0.0)

    @property
    def sought(self) -> str:
        """The words to look for, as the full-text index has it: alternatives, a star for a beginning."""
        if self.longer is None:
            return f'"{self.word}" *'
        some = dict.fromkeys([self.word, *self.longer, *self.spellings])
        return f"({' OR '.join(quoted(each) for each in some)})"


def quoted(word: str) -> str:
    """Return a word as the full-text index has it in an expression."""
    return f'"{word}"'


class Vocabulary:
    """The words of one field of the index: ``words`` for search, ``forms`` for names in their one form."""

    def __init__(self, reader: Reader, field_: str = "words") -> None:
        self._reader = reader
        self._field = field_

    def meaning(self, word: str, unfinished: bool = False) -> Meaning | None:
        """Return what ``word`` can stand for; None where nothing that is known.

        A word stands for itself and for longer ones that begin with it (an ``unfinished`` one may be of any length
        and may be a number); a near spelling counts only where neither is known.
        """
        begins = unfinished or (len(word) >= _SHORTEST_BEGINNING and not word.isdigit())
        if known := self._known(word, begins):
            few = len(known) <= _MOST_LONGER
            return Meaning(word, begins, {}, tuple(known) if few else None)
        if len(word) < _SHORTEST_FUZZY or word.isdigit():
            return None
        spellings = self.near(word, _NEAR, _MOST_SPELLINGS)
        return Meaning(word, False, spellings) if spellings else None

    def near(self, word: str, cutoff: float, most: int) -> dict[str, float]:
        """Return known words that are spelt nearly as ``word``, each with its likeness from 0 to 1.

        For a code, those that differ in one sign; for a word, the best of those that share most of its parts.
        """
        return near(word, self._like(word), cutoff, most)

    def things(self, found: Sequence[str]) -> dict[str, int]:
        """Return how many things have each of the words; words that are not known are left out."""
        rows = self._reader.among(
            "SELECT word, things FROM word WHERE field = ? AND word IN ({})", found, self._field
        )
        return dict(rows)

    def _known(self, word: str, begins: bool) -> list[str]:
        """Return the known words that are the word or begin with it, but no more than tell that they are many."""
        upper = word + "\U0010ffff" if begins else word
        sql = "SELECT word FROM word WHERE field = ? AND word BETWEEN ? AND ? LIMIT ?"
        return self._reader.column(sql, self._field, word, upper, _MOST_LONGER + 1)

    def _like(self, word: str) -> list[str]:
        if any(sign.isdigit() for sign in word):
            return list(self.things(one_off(word)))
        parts = grams(word)
        least = 1 if len(word) <= _SHORTEST_FUZZY else 2
        rows = self._reader.among(
            "SELECT word, count(*) FROM spelling WHERE field = ? AND gram IN ({})"
            " GROUP BY word ORDER BY count(*) DESC",
            parts,
            self._field,
        )
        return [known for known, shared in rows[:_MOST_LIKE] if shared >= least]


def near(word: str, known: Iterable[str], cutoff: float, most: int) -> dict[str, float]:
    """Return the best of the ``known`` words by likeness of spelling, from 0 to 1; numbers are left out."""
    scored = process.extract(word, list(known), scorer=fuzz.ratio, score_cutoff=cutoff, limit=most)
    return {each: score / 100 for each, score, _ in scored if not each.isdigit()}
