"""Names as registers print them in capitals, put into ordinary capitalisation."""

from __future__ import annotations

_SMALL = frozenset(["a", "and", "at", "by", "for", "in", "of", "on", "the", "to", "upon", "with"])
_FIXED = frozenset(["CCG", "CIC", "ICB", "ICS", "NHS", "UK"])


def ordinary(name: str) -> str:
    """Return a name printed in capitals in ordinary capitalisation; a name in mixed case is kept.

    For example ``KING'S COLLEGE HOSPITAL NHS FOUNDATION TRUST`` becomes
    ``King's College Hospital NHS Foundation Trust``.
    """
    words = name.split()
    if any(letter.islower() for letter in name):
        return " ".join(words)
    return " ".join(_word(word, first=position == 0) for position, word in enumerate(words))


def same(one: str, other: str) -> bool:
    """Tell whether two names differ only in capitals, spaces, commas or a leading “The”."""
    return _key(one) == _key(other)


def _word(word: str, *, first: bool) -> str:
    return "-".join(
        _part(part, small=not (first and position == 0))
        for position, part in enumerate(word.split("-"))
    )


def _part(part: str, *, small: bool) -> str:
    bare = part.strip("(),.&")
    if bare in _FIXED or any(letter.isdigit() for letter in bare):
        return part
    if small and bare.lower() in _SMALL:
        return part.lower()
    start = len(part) - len(part.lstrip("("))
    return part[: start + 1].upper() + part[start + 1 :].lower()


def _key(name: str) -> str:
    words = name.casefold().replace(",", " ").replace("&", " and ").split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)
