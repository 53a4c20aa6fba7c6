"""One organisation as reconciliation knows it: names, codes, life, classes and successions, each with its dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from loader.terms import ID


@dataclass(frozen=True)
class Name:
    """A name in its one form, as written, and when it was borne; ``start`` None where not known."""

    form: str
    written: str
    start: date | None
    end: date | None
    dated: bool

    def held(self, on: date) -> bool:
        """Tell whether it is a name as on the day; a name without dates always is."""
        return within(on, self.start, self.end)


@dataclass
class Body:
    """One organisation: identifier, label, names, life, dated classes and single facts."""

    id: str
    label: str = ""
    start: date | None = None
    end: date | None = None
    codes: set[str] = field(default_factory=set)
    names: list[Name] = field(default_factory=list)
    classes: list[tuple[str, str, date | None, date | None]] = field(default_factory=list)
    facts: dict[str, list[str]] = field(default_factory=dict)
    successors: list[tuple[str, date | None]] = field(default_factory=list)
    predecessors: list[tuple[str, date | None]] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The identifier below the identifier space."""
        return self.id.removeprefix(ID)

    def exists(self, on: date) -> bool:
        """Tell whether it exists on the day, as far as its dates show."""
        return within(on, self.start, self.end)

    def name(self, on: date) -> str:
        """Return the name as on the day, or the label."""
        held = [name for name in self.names if name.dated and name.held(on)]
        return held[-1].written if held else self.label

    def types(self, on: date) -> dict[str, str]:
        """Return the classes as on the day, or of its whole life where it has none then: slug to label."""
        held = {c: label for c, label, first, end in self.classes if within(on, first, end)}
        return held or {c: label for c, label, _, _ in self.classes}

    def fact(self, name: str) -> str:
        """Return a single fact, or nothing."""
        return next(reversed(self.facts.get(name, [""])))


def within(on: date, first: date | None, end: date | None) -> bool:
    """Tell whether a day lies in an interval that includes its first day and excludes its last."""
    return (first is None or first <= on) and (end is None or on < end)


def day(value: str | None) -> date | None:
    """Return a day as the index writes it; None for none."""
    return date.fromisoformat(value) if value else None
