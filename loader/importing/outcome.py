"""What an import did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from loader.errors import Fault
from loader.sources.changes import Event

Tick = Callable[[int], None]


@dataclass(frozen=True)
class Imported:
    """What an import did: entries made, rows left out or faulty, and events since the release before.

    ``untaken`` names what the file holds and the import does not take: columns, elements, fields.
    """

    name: str
    path: Path
    entries: int
    skipped: tuple[Fault, ...] = ()
    problems: tuple[Fault, ...] = ()
    events: Counter[str] = field(default_factory=Counter)
    untaken: tuple[str, ...] = ()


def event_label(event: Event) -> str:
    """Return the label of an event between two releases."""
    return f"{event.code} {event.kind}: {event.before or '–'} → {event.after or '–'}"


def no_tick(_: int) -> None:
    """Tell nobody how far an import is."""
