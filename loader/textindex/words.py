"""The words of a text as search knows them, and the parts of a word by which near spellings are found."""

from __future__ import annotations

import re
import string

_WORD = re.compile(r"[a-z0-9]+")
_SAME = {
    "paragraph": "para",
    "paragraphs": "para",
    "paras": "para",
    "fn": "footnote",
    "organization": "organisation",
}
_SHORTEST_SPELLING = 4
_SIGNS = string.ascii_lowercase + string.digits


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, with spellings of “paragraph” made alike."""
    return [_SAME.get(word, word) for word in _WORD.findall(text.lower().replace("’", "'"))]


def plain(text: str | None) -> str:
    """Return the words of a text parted by blanks."""
    return " ".join(words(text or ""))


def grams(word: str) -> list[str]:
    """Return the threes of letters of a word, its beginning and end marked; none for a short word or a code."""
    if len(word) < _SHORTEST_SPELLING or any(sign.isdigit() for sign in word):
        return []
    padded = f" {word} "
    return list(dict.fromkeys(padded[n : n + 3] for n in range(len(padded) - 2)))


def one_off(code: str) -> list[str]:
    """Return what a code may be where one sign of it is wrong, lost, one too many, or in the place of the next."""
    parts = [(code[:n], code[n:]) for n in range(len(code) + 1)]
    found = [left + right[1:] for left, right in parts if right]
    found += [left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1]
    found += [left + sign + right[1:] for left, right in parts if right for sign in _SIGNS]
    found += [left + sign + right for left, right in parts for sign in _SIGNS]
    return list(dict.fromkeys(found))
