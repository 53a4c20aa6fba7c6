"""How good links by likeness are, measured against links by identifier that were held out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loader.linking.exact import Link

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class Quality:
    """Precision and recall at a threshold, with the counts behind them."""

    threshold: float
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of the links found, the share that is right; 1 where none was found."""
        found = self.right + self.wrong
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """Of the links held out, the share that was found."""
        known = self.right + self.missed
        return self.right / known if known else 1.0


def quality(found: Sequence[Link], held_out: Iterable[Link]) -> list[Quality]:
    """Return the quality of links at each threshold; only records with a link held out count.

    A record linked to another organisation than its own counts as wrong, and its own link as missed.
    """
    truth: dict[str, set[str]] = {}
    for link in held_out:
        truth.setdefault(link.record, set()).add(link.organisation)
    return [_at(threshold, found, truth) for threshold in THRESHOLDS]


def _at(threshold: float, found: Sequence[Link], truth: dict[str, set[str]]) -> Quality:
    told = [link for link in found if link.record in truth and link.confidence >= threshold]
    right = sum(link.organisation in truth[link.record] for link in told)
    return Quality(threshold, right, len(told) - right, len(truth) - right)
