"""The organisations of a data version as reconciliation needs them: names, codes, lives, classes, successions."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from loader.catalogue import query
from loader.terms import ID, slug
from server.answers.facts import Row, day, text
from server.reconciliation.spelling import form, telling
from server.store.protocol import Store


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
        return (self.start is None or self.start <= on) and (self.end is None or on < self.end)


@dataclass
class Body:
    """One organisation: identifier, label, names, life, dated classes and single facts."""

    id: str
    label: str = ""
    codes: set[str] = field(default_factory=set)
    names: list[Name] = field(default_factory=list)
    start: date | None = None
    end: date | None = None
    classes: list[tuple[str, str, date | None, date | None]] = field(default_factory=list)
    facts: dict[str, list[tuple[str, date | None, date | None]]] = field(default_factory=dict)
    successors: list[tuple[str, date | None]] = field(default_factory=list)
    predecessors: list[tuple[str, date | None]] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The identifier below the identifier space."""
        return self.id.removeprefix(ID)

    def exists(self, on: date) -> bool:
        """Tell whether it exists on the day, as far as its dates show."""
        return (self.start is None or self.start <= on) and (self.end is None or on < self.end)

    def name(self, on: date) -> str:
        """Return the name as on the day, or the label."""
        held = [name for name in self.names if name.dated and name.held(on)]
        return held[-1].written if held else self.label

    def types(self, on: date) -> dict[str, str]:
        """Return the classes as on the day, or of its whole life where it has none then: slug to label."""
        held = {slug(c): label for c, label, first, end in self.classes if _within(on, first, end)}
        return held or {slug(c): label for c, label, _, _ in self.classes}

    def fact(self, name: str, on: date) -> str:
        """Return a single fact as on the day, or nothing."""
        found = [v for v, first, end in self.facts.get(name, ()) if _within(on, first, end)]
        return found[-1] if found else ""


class Register:
    """All organisations, and the ways in: by code, and by word of a name."""

    def __init__(self, store: Store) -> None:
        self.bodies: dict[str, Body] = {}
        for row in store.select(query("reconciliation-organisations", "views").text):
            self._fact(row)
        for row in store.select(query("reconciliation-names", "views").text):
            self._name(row)
        for row in store.select(query("reconciliation-classes", "views").text):
            found = (str(row["class"]), str(row["label"]), day(row, "from"), day(row, "to"))
            self._body(row).classes.append(found)
        for row in store.select(query("successions", "views").text):
            self._succession(row)
        self.by_code = {code.upper(): body for body in self.bodies.values() for code in body.codes}
        self.by_word: dict[str, set[str]] = defaultdict(set)
        for body in self.bodies.values():
            for name in body.names:
                for word in telling(name.form):
                    self.by_word[word].add(body.id)
        self.words = list(self.by_word)

    def _body(self, row: Row) -> Body:
        identifier = str(row["organisation"])
        return self.bodies.setdefault(identifier, Body(identifier))

    def _fact(self, row: Row) -> None:
        body, name, value = (
            self._body(row),
            slug(str(row["property"])).rpartition("#")[2],
            str(row["value"]),
        )
        if name == "label":
            body.label = value
        elif name == "odsCode":
            body.codes.add(value)
        elif name in ("existsFrom", "attestedFrom"):
            known = date.fromisoformat(value)
            body.start = min(body.start, known) if body.start else known
        elif name == "existsTo":
            known = date.fromisoformat(value)
            body.end = min(body.end, known) if body.end else known
        if (value, day(row, "from"), day(row, "to")) not in body.facts.setdefault(name, []):
            body.facts[name].append((value, day(row, "from"), day(row, "to")))

    def _name(self, row: Row) -> None:
        start, end = day(row, "from") or day(row, "seen"), day(row, "to")
        written = str(row["name"])
        dated = bool(text(row, "from") or text(row, "seen") or end)
        name = Name(form(written), written, day(row, "from"), end, dated)
        if start and not name.start:
            name = Name(name.form, written, None, end, dated)
        names = self._body(row).names
        if name not in names:
            names.append(name)

    def _succession(self, row: Row) -> None:
        before, after = self.bodies.get(str(row["before"])), self.bodies.get(str(row["after"]))
        if before and after:
            when = day(row, "date")
            before.successors.append((after.id, when))
            after.predecessors.append((before.id, when))

    def followers(self, body: Body, on: date) -> list[tuple[Body, list[Body]]]:
        """Return the bodies that exist on the day and follow a body, each with the chain that leads to it.

        A body that has ended is passed through; successions after the day are not followed.
        """
        found: list[tuple[Body, list[Body]]] = []
        waiting: list[tuple[Body, list[Body]]] = [(body, [])]
        seen = {body.id}
        while waiting:
            current, chain = waiting.pop(0)
            for identifier, when in current.successors:
                after = self.bodies[identifier]
                if identifier in seen or (when and when > on):
                    continue
                seen.add(identifier)
                step = [*chain, current]
                if after.exists(on):
                    found.append((after, step))
                else:
                    waiting.append((after, step))
        return found


def _within(on: date, first: date | None, end: date | None) -> bool:
    return (first is None or first <= on) and (end is None or on < end)


_lock = threading.Lock()
_kept: dict[str, Register] = {}


def register(store: Store) -> Register:
    """Return the organisations of the store's data version; they are read on first use."""
    version = store.version
    with _lock:
        if version not in _kept:
            while len(_kept) >= 2:
                _kept.pop(next(iter(_kept)))
            _kept[version] = Register(store)
        return _kept[version]
