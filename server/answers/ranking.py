"""How well the things that were found fit what was asked, and in which order they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz import fuzz, utils

from server.answers.index import Entry, Name
from server.answers.vocabulary import Meaning, words

_ORDER = (
    "organisation", "power", "duty", "right", "prohibition", "provision", "instrument", "framework",
)  # fmt: skip
_WHOLE = 0.98
_SOUGHT = {"organisation": 0.04, "power": 0.03, "duty": 0.02, "instrument": 0.02}
_LAST = ("note", "document", "passage")
_NAMED = frozenset(("label", "alternative", "name"))


@dataclass(frozen=True)
class Match:
    """A thing found: how well it fits, by which of its names, and why where that is not by a name."""

    entry: Entry
    score: float
    name: Name
    why: str = ""


@dataclass(frozen=True)
class Asked:
    """A text that is looked for: its words, and what those of them that tell something can stand for."""

    text: str
    words: list[str]
    telling: list[Meaning | None]
    upper: str = field(init=False)
    plain: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "upper", self.text.upper())
        object.__setattr__(self, "plain", utils.default_process(self.text))


def rank(kind: str) -> tuple[int, str]:
    """Sort key of kinds: the ones that people look for first, passages and documents last."""
    if kind in _ORDER:
        return (_ORDER.index(kind), kind)
    return (len(_ORDER) + (kind in _LAST), kind)


def place(match: Match) -> tuple[float, tuple[int, str], str, str]:
    """Sort key of matches: the best first, then by kind and label."""
    return (-match.score, rank(match.entry.kind), match.entry.label, match.entry.id)


def best(asked: Asked, entry: Entry) -> Match:
    """Return how well a thing fits by the best of its names."""
    around = entry.around
    once: dict[tuple[bool, str], Name] = {}
    for name in entry.names:
        once.setdefault((name.role in _NAMED, name.text), name)
    scored = [(_score(asked, name, around), name) for name in once.values()]
    score, found = max(scored, key=lambda pair: pair[0])
    sought = _SOUGHT.get(entry.kind, 0.0) if score < _WHOLE else 0.0
    return Match(entry, score + sought, found)


def _score(asked: Asked, name: Name, around: list[str]) -> float:
    """Return how well a name fits: a code by itself, a whole name, or the share of the words that it has."""
    if name.role == "code":
        same, begins = words(name.text) == asked.words, name.text.upper().startswith(asked.upper)
        return 1.0 if same else 0.9 if begins else 0.1
    have = words(name.text)
    if asked.words == have:
        return _WHOLE
    known = set(have) if name.role == "text" else {*have, *around}
    hits = [meaning.likeness(known) if meaning else 0.0 for meaning in asked.telling]
    share = sum(hits) / len(hits) if hits else 0.0
    if name.role == "text":
        return 0.05 + 0.4 * share
    if not hits or min(hits) == 0:
        return 0.05 + 0.35 * share
    closeness = fuzz.token_sort_ratio(asked.plain, utils.default_process(name.text)) / 100
    return 0.5 + 0.3 * share + 0.15 * closeness
