"""The index of names: every name, former name, code, citation and locator, read once per data version."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rdflib import DCTERMS, RDF, RDFS, SKOS

from loader.catalogue import query
from loader.terms import ID, REMIT
from server.answers.facts import Row, text
from server.answers.reference import Reference, reference
from server.answers.vocabulary import Vocabulary, words
from server.store.protocol import Store

_TOLD = 300
_NAMES = (
    (RDFS.label, "label"), (SKOS.altLabel, "alternative"), (REMIT.shortTitle, "alternative"),
    (REMIT.citation, "alternative"), (REMIT.locator, "locator"), (SKOS.definition, "text"),
    (REMIT.statement, "text"), (DCTERMS.description, "text"),
)  # fmt: skip


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
        part = self.id.removeprefix(f"{ID}passage/").partition("/")[0]
        return words(f"{self.context or ''} {part if self.kind == 'passage' else ''}")

    @property
    def summary(self) -> str | None:
        """What the registers say of the thing, cut to a paragraph; None where they say nothing."""
        told = next((name.text for name in self.names if name.role == "text"), None)
        return told if told is None or len(told) <= _TOLD else f"{told[:_TOLD].rsplit(' ', 1)[0]} …"


@dataclass(frozen=True)
class Index:
    """All entries by identifier, and the words that lead to them."""

    entries: dict[str, Entry]
    vocabulary: Vocabulary
    norms: dict[str, list[str]]

    def of_kind(self, kind: str) -> list[Entry]:
        """Return the entries of a kind in the order of their labels."""
        return sorted((e for e in self.entries.values() if e.kind == kind), key=lambda e: e.label)


_lock = threading.Lock()
_kept: dict[str, Index] = {}


def index(store: Store) -> Index:
    """Return the index of the store's data version; it is read on first use."""
    version = store.version
    with _lock:
        if version not in _kept:
            found = _organisations(store.select(query("entries", "views").text))
            found = _registered(reference(store)) | found
            norms = _norms(store.select(query("norms-by-basis", "views").text))
            while len(_kept) >= 4:
                _kept.pop(next(iter(_kept)))
            _kept[version] = Index(found, _vocabulary(found), norms)
        return _kept[version]


def singular(register: str) -> str:
    """Return the kind of thing that a register holds: ``power`` for ``powers``, ``body`` for ``bodies``."""
    if register.endswith("criteria"):
        return register.removesuffix("a") + "on"
    return re.sub(r"(ie)?s$", lambda match: "y" if match[1] else "", register)


def _organisations(rows: Iterable[Row]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for row in rows:
        identifier = str(row["id"])
        entry = found.get(identifier)
        if entry is None:
            label, code = str(row["label"]), text(row, "code")
            entry = found[identifier] = Entry(identifier, "organisation", label, code, None)
        name = Name(str(row["text"]), str(row["role"]), text(row, "from"), text(row, "to"))
        if name not in entry.names:
            entry.names.append(name)
    return found


def _registered(ref: Reference) -> dict[str, Entry]:
    """Return the things of every register; one in two registers is no mere document."""
    found: dict[str, Entry] = {}
    for class_, register in ref.graph.subject_objects(REMIT.register):
        kind = singular(str(register))
        for node in ref.graph.subjects(RDF.type, class_):
            known = found.get(str(node))
            if "#" in str(node) or (known and kind == "document"):
                continue
            whole = ref.one(node, REMIT.framework, REMIT.ofMemorandum)
            context = None if whole is None else ref.label(whole)
            entry = Entry(str(node), kind, ref.label(node), None, context)
            entry.names += [
                Name(told, role, None, None)
                for property_, role in _NAMES
                for told in ref.texts(node, property_)
            ]
            if entry.names:
                found[entry.id] = entry
    return found


def _vocabulary(entries: dict[str, Entry]) -> Vocabulary:
    postings: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries.values():
        for word in (*entry.around, *(word for name in entry.names for word in words(name.text))):
            postings[word].add(entry.id)
    return Vocabulary(dict(postings))


def _norms(rows: Iterable[Row]) -> dict[str, list[str]]:
    """Return the norms that rest on each provision."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        if (norm := str(row["norm"])) not in found[str(row["provision"])]:
            found[str(row["provision"])].append(norm)
    return dict(found)
