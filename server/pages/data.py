"""The one place where pages ask for data, so that a view never touches a store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from weakref import WeakKeyDictionary

from flask import current_app
from rdflib import URIRef

from loader.catalogue import Query, catalogue
from loader.terms import REMIT
from server.answers import changes as changes_
from server.answers import coverage as coverage_
from server.answers import diagrams, holders, registers
from server.answers import duties as duties_
from server.answers import organisations as organisations_
from server.answers import search as search_
from server.answers import timeline as timeline_
from server.answers.listing import Listed
from server.answers.norms import describe
from server.answers.reference import Json, Reference, reference
from server.answers.sheet import answer_sheet, power_answer
from server.answers.versioned import Versioned
from server.store.protocol import Store

_kinds = Versioned[dict[str, Json]]()
_sheets, _answers = Versioned[Json](24, remote=False), Versioned[Json](128, remote=False)
_addresses: WeakKeyDictionary[Reference, dict[str, str | None]] = WeakKeyDictionary()


def today() -> date:
    """The date that a form without a date means."""
    return date.today()


def version() -> str:
    """The data version of the store in service; empty without a store."""
    state = current_app.extensions.get("remit")
    return str(state.store.version) if state else ""


def named_questions() -> list[Query]:
    """The stored questions, in the order of their names."""
    return list(catalogue("questions").values())


def store() -> Store:
    """The store in service."""
    found: Store = current_app.extensions["remit"].store
    return found


def sheet(code: str, as_of: str, known_at: str | None = None) -> Json:
    """The answer sheet of one organisation on one date."""
    asked = store()
    whole = _sheet(asked, code, as_of)
    return {**whole, "knownAt": known_at or whole["knownAt"]}


def _sheet(asked: Store, code: str, as_of: date | str) -> Json:
    return _sheets.get(asked, lambda: answer_sheet(asked, code, as_of), (code, str(as_of)))


def power_of(code: str, slug: str, as_of: str) -> Json:
    """The verdict on one power for one organisation on one date, with every detail."""
    asked = store()
    return _answers.get(
        asked, lambda: power_answer(asked, code, slug, as_of), ("power", code, slug, as_of)
    )


def organisation(code: str, as_of: str) -> Json:
    """Identity, names, types, relations and events of one organisation."""
    return organisations_.organisation(store(), code, as_of)


def organisations(q: str, type_: str, within: str, as_of: str, page: int) -> Json:
    """One page of the list of organisations."""
    return organisations_.organisations(store(), q, type_, within, as_of, page)


def every_organisation(q: str, type_: str, within: str, as_of: str) -> Iterator[Listed]:
    """All organisations of the list."""
    return organisations_.every_organisation(store(), q, type_, within, as_of)


def duties(code: str, as_of: str) -> Json:
    """The duties owed by and to an organisation on a date."""
    asked = store()
    return _answers.get(asked, lambda: duties_.duties(asked, code, as_of), ("duties", code, as_of))


def changes(code: str, start: str, end: str | date) -> Json:
    """What changed for an organisation between two dates."""
    asked = store()
    return _answers.get(
        asked,
        lambda: changes_.changes(asked, code, start, end, _sheet),
        ("changes", code, start, str(end)),
    )


def entry(kind: str, slug: str) -> Json:
    """One entry of a register."""
    return registers.entry(store(), kind, slug)


def power(iri: str) -> Json:
    """What the registers say of a power, in the shape of a row of the sheet, without a verdict."""
    return describe(reference(store()), URIRef(iri))


def entries(kind: str, q: str, page: int, within: str = "") -> Json:
    """One page of a register, narrowed by words and by a value of its facet."""
    return registers.entries(store(), kind, q, page, within=within)


def kinds() -> dict[str, Json]:
    """The registers by path, with their names."""
    asked = store()
    return _kinds.get(asked, lambda: registers.kinds(asked))


def address(iri: str) -> str | None:
    """The path of the page of a thing in the registers, or None."""
    ref = reference(store())
    known = _addresses.setdefault(ref, {})
    if iri not in known:
        known[iri] = registers.address(ref, URIRef(iri))
    return known[iri]


def short_title(iri: str) -> str | None:
    """The short title of a document, or of the document of a passage, where the register gives one."""
    ref, node = reference(store()), URIRef(iri)
    return ref.text(ref.one(node, REMIT.inDocument) or node, REMIT.shortTitle)


def coverage() -> Json:
    """What the register covers, by kind, document and passage."""
    return coverage_.coverage(store())


def versions() -> list[Json]:
    """The data versions that are kept, newest first: ``{version, made}`` with an ISO time."""
    kept = getattr(current_app.extensions.get("remit"), "versions", None)
    builds = reversed(kept.kept()) if kept else ()
    return [{"version": build.version, "made": build.made} for build in builds]


def procedure(iri: str) -> Json:
    """The steps of a procedure with their drawing."""
    return diagrams.procedure(store(), iri)


def search(q: str, as_of: str, kind: str | None = None, page: int = 1) -> Json:
    """One page of ranked things of every kind, or of one."""
    return search_.search(store(), q, kind, as_of, page=page)


def timeline(code: str) -> Json:
    """How the answer for an organisation changes over time."""
    return timeline_.timeline(store(), code)


def all_holders() -> list[Json]:
    """The bodies that have ever held a power."""
    return holders.holders(store())


def held_by(answer: Json, holder: str) -> Json:
    """The part of an answer sheet that concerns one holder."""
    return holders.held_by(store(), answer, holder)
