"""The index of names of a data version: every name, former name, code, citation and locator, read from its file."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from loader.textindex.words import one_off
from loader.textindex.writing import around, singular
from server.answers.index_file import of_build, of_remote
from server.answers.index_reader import Reader
from server.answers.versioned import Versioned
from server.answers.vocabulary import Vocabulary
from server.store.embedded import EmbeddedStore
from server.store.protocol import Store

__all__ = ["Entry", "Index", "Name", "index", "singular"]

ORGANISATION = "organisation"
_TOLD = 300
_MOST = 10_000


@dataclass(frozen=True)
class Name:
    """One text by which a thing is found; ``role`` is label, alternative, name, code, locator or text."""

    text: str
    role: str
    since: str | None
    until: str | None


@dataclass
class Entry:
    """One thing with its names; ``context`` is the framework or memorandum that it is part of."""

    id: str
    kind: str
    label: str
    code: str | None
    context: str | None
    names: list[Name] = field(default_factory=list)

    @property
    def around(self) -> list[str]:
        """The words by which the whole is known that the thing is part of: a framework, a document."""
        return around(self.id, self.kind, self.context).split()

    @property
    def summary(self) -> str | None:
        """What the registers say of the thing, cut to a paragraph; None where they say nothing."""
        told = next((name.text for name in self.names if name.role == "text"), None)
        return told if told is None or len(told) <= _TOLD else f"{told[:_TOLD].rsplit(' ', 1)[0]} …"


class Index:
    """The things that can be found, by number, identifier, kind and words.

    Organisations have the first numbers; within a kind, those with short names come first.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.vocabulary = Vocabulary(reader)

    @cached_property
    def kinds(self) -> dict[str, tuple[int, int]]:
        """The first and last number of the things of each kind."""
        rows = self.reader.rows("SELECT name, first, last FROM kind ORDER BY first")
        return {name: (first, last) for name, first, last in rows}

    @cached_property
    def organisations(self) -> int:
        """How many organisations there are, and the number of the last of them."""
        return self.kinds.get(ORGANISATION, (1, 0))[1]

    def entry(self, iri: str) -> Entry | None:
        """Return the thing of an identifier, or None."""
        numbers = self.reader.column("SELECT number FROM thing WHERE iri = ?", iri)
        return self.entries(numbers)[0] if numbers else None

    def holds(self, iri: str) -> bool:
        """Tell whether a thing of that identifier is in the index."""
        return bool(self.reader.rows("SELECT 1 FROM thing WHERE iri = ?", iri))

    def entries(self, numbers: Iterable[int]) -> list[Entry]:
        """Return the things of these numbers with their names, in the order of the numbers given."""
        wanted = list(numbers)
        rows = self.reader.among(
            "SELECT number, iri, kind, label, code, context FROM thing WHERE number IN ({})", wanted
        )
        found = {number: Entry(*rest) for number, *rest in rows}
        for number, *rest in self.reader.among(
            "SELECT thing, text, role, since, until FROM name WHERE thing IN ({}) ORDER BY rowid",
            wanted,
        ):
            found[number].names.append(Name(*rest))
        return [found[number] for number in wanted if number in found]

    def numbers(self, iris: Iterable[str]) -> dict[str, int]:
        """Return the numbers of things by their identifiers; those not in the index are left out."""
        wanted, found = list(iris), dict[str, int]()
        for start in range(0, len(wanted), _MOST):
            part = wanted[start : start + _MOST]
            sql = "SELECT iri, number FROM thing WHERE iri IN ({})"
            found.update(self.reader.among(sql, part))
        return found

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Return the labels of things by their identifiers; those not in the index are left out."""
        wanted = set(iris)
        return dict(self.reader.among("SELECT iri, label FROM thing WHERE iri IN ({})", wanted))

    def within(self, iri: str) -> list[str]:
        """Return the identifiers of the things that lie below one: the parts of a provision."""
        low, high = f"{iri}/", f"{iri}0"  # “0” is the sign that follows “/”
        return self.reader.column(
            "SELECT iri FROM thing WHERE iri > ? AND iri < ? ORDER BY iri", low, high
        )

    def of_kind(self, kind: str) -> list[Entry]:
        """Return the things of a kind in the order of their labels; meant for kinds of which there are few."""
        first, last = self.kinds.get(kind, (1, 0))
        return sorted(self.entries(range(first, last + 1)), key=lambda each: each.label)

    def kind_of(self, number: int) -> str:
        """Return the kind of the thing of a number."""
        return self._names[bisect_right(self._firsts, number) - 1]

    @cached_property
    def _names(self) -> list[str]:
        return list(self.kinds)

    @cached_property
    def _firsts(self) -> list[int]:
        return [first for first, _ in self.kinds.values()]

    def coded(self, code: str) -> list[int]:
        """Return the numbers of the organisations that bear a code."""
        return self.reader.column("SELECT thing FROM code WHERE code = ?", code.strip().upper())

    def begun(self, code: str, most: int = 50) -> list[int]:
        """Return the numbers of organisations whose code begins so, in the order of their codes."""
        wanted = code.strip().upper()
        sql = "SELECT thing FROM code WHERE code BETWEEN ? AND ? ORDER BY code LIMIT ?"
        return self.reader.column(sql, wanted, f"{wanted}\U0010ffff", most) if wanted else []

    def mistyped(self, code: str, most: int = 20) -> list[int]:
        """Return the numbers of organisations whose code differs in one sign."""
        near = [each.upper() for each in one_off(code.strip().lower())]
        sql = "SELECT DISTINCT thing FROM code WHERE code IN ({}) ORDER BY code"
        return [row[0] for row in self.reader.among(sql, near)][:most]

    def named(self, form: str, most: int = 50) -> list[int]:
        """Return the numbers of organisations one of whose names has this one form (see loader.textindex.forms)."""
        return self.reader.column(
            "SELECT DISTINCT thing FROM name WHERE form = ? ORDER BY thing LIMIT ?", form, most
        )

    @cached_property
    def norms(self) -> dict[str, list[str]]:
        """The norms that rest on each provision."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for norm, provision in self.reader.rows(
            "SELECT DISTINCT norm, provision FROM norm ORDER BY rowid"
        ):
            found[provision].append(norm)
        return dict(found)


_kept = Versioned[Index]()


def index(store: Store) -> Index:
    """Return the index of the store's data version; its file is made first where the build has none.

    Raises StoreUnavailable when the file cannot be made.
    """
    return _kept.get(store, lambda: _read(store))


def _read(store: Store) -> Index:
    """Return the index of a version; versions that share a file share the index too."""
    path = of_build(store.build) if isinstance(store, EmbeddedStore) else of_remote(store)
    same = (known for known in _kept.values() if known.reader.path == path)
    return next(same, None) or Index(Reader(path))
