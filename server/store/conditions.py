"""Conditions of a write to a graph: the writer looks at them, so that no other write comes between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """What must hold of a graph before it is written: If-Match and If-None-Match.

    `match` and `none_match` hold tags (see `Build.tag`), or `*` for a graph that exists; None for no condition.
    """

    match: Sequence[str] | None = None
    none_match: Sequence[str] | None = None

    def holds(self, exists: bool, tag: str | None) -> bool:
        """Say whether the condition holds of a graph that exists or does not, and its tag if it has one."""
        return (self.match is None or _among(self.match, exists, tag)) and (
            self.none_match is None or not _among(self.none_match, exists, tag)
        )


def _among(tags: Sequence[str], exists: bool, tag: str | None) -> bool:
    return exists and ("*" in tags or tag in tags)
