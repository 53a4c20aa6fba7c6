"""An invented organisation as an earlier release of its register showed it: what changed in a year is undone.

The register of ``LATEST`` is the whole history. About one organisation in 65 opened in the year before it, one in 65
took another name, one in 50 moved to another board, and one trust in 40 was merged into another; closings are in the
register itself. A release shows what had happened before its own day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

LATEST = date(2026, 7, 1)
_YEAR = 365
_OPENED, _RENAMED, _MOVED, _MERGED = 0.015, 0.015, 0.02, 0.025
_BOARD, _AREA, _TRUST = "RE5", "RO261", "RO197"


@dataclass(frozen=True)
class Made:
    """One invented organisation, as one release shows it."""

    code: str
    name: str
    roles: tuple[tuple[str, bool], ...]
    first: date
    last: date | None
    site: bool
    street: str
    town: str
    postcode: str
    relations: tuple[tuple[str, str], ...]
    successor: str | None


@dataclass(frozen=True)
class Around:
    """What changes draw on: the codes of boards and trusts, and a maker of another name for a name."""

    boards: Sequence[str]
    trusts: Sequence[str]
    other_name: Callable[[Random, str], str]


def as_at(made: Made, released: date, seed: int, around: Around) -> Made | None:
    """Return an organisation of the register of ``LATEST`` as a release of a day shows it; None before it opened.

    What happens to an organisation follows from ``seed`` and its code alone, so that every release tells one history.
    """
    chance = Random(f"{seed}/{made.code}")  # noqa: S311 - invented data, not a secret
    happens = [chance.random() for _ in range(3)]
    days = [LATEST - timedelta(days=chance.randrange(1, _YEAR)) for _ in range(3)]
    is_board, is_trust = made.code in around.boards, made.code in around.trusts
    if is_board:
        return made if made.first < released else None
    if (
        is_trust
        and len(around.trusts) > 2
        and happens[0] < _MERGED
        and made.code != around.trusts[0]
    ):
        made = replace(made, last=days[0], successor=around.trusts[0])
    elif not is_trust and made.last is None and happens[0] < _OPENED:
        made = replace(made, first=days[0])
    if happens[1] < _RENAMED and released <= days[1]:
        made = replace(made, name=around.other_name(chance, made.name))
    if happens[2] < _MOVED and released <= days[2]:
        made = replace(made, relations=_elsewhere(chance, made, around.boards))
    if made.last and made.last >= released:
        made = replace(made, last=None, successor=None)
    return made if made.first < released else None


def _elsewhere(chance: Random, made: Made, boards: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the relations of an organisation with another board as its area."""
    return tuple(
        (kind, chance.choice([each for each in boards if each != target]))
        if kind == _BOARD
        else (kind, target)
        for kind, target in made.relations
    )
