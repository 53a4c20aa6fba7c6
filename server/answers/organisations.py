"""Lists and descriptions of organisations, as on a date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rdflib import RDF, URIRef

from loader.catalogue import query
from loader.dates import parse_date
from loader.terms import REMIT, slug
from server.answers.facts import text
from server.answers.index import Index
from server.answers.index_meanwhile import index_meanwhile
from server.answers.listing import Choice, Listed, Listing, Table
from server.answers.organisation import load
from server.answers.reference import Json, Reference, reference
from server.answers.versioned import Versioned
from server.store.protocol import Store


def organisation(store: Store, code: str, as_of: date | str) -> Json:
    """Return the description of an organisation as on a date."""
    day = as_of if isinstance(as_of, date) else parse_date(as_of, "asOf")
    return load(store, code).described(day)


def organisations(
    store: Store,
    q: str = "",
    type_: str = "",
    within: str = "",
    as_of: date | str = "",
    page: int = 1,
    size: int = 50,
) -> Json:
    """Return one page of the organisations that exist on a date, narrowed by words, type and area.

    Returns ``{results: [{code, id, name, types, exists, exemplar}], total, page, pages, facets: {types}}``.
    ``q`` is words that a name, a former name or the code holds, ``type_`` a class name or IRI, and ``within`` the code
    of a board or region.
    """
    day = as_of if isinstance(as_of, date) else parse_date(as_of, "asOf")
    known, older = index_meanwhile(store)
    listing, ref = _listing(store, known, q, type_, within, day), reference(store)
    total = len(listing)
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    return {
        "results": [_told(ref, each) for each in listing.part((page - 1) * size, size)],
        "total": total,
        "page": page,
        "pages": pages,
        "asOf": day.isoformat(),
        "facets": {"types": _facets(ref)},
        **({"indexOf": older} if older else {}),
    }


def every_organisation(
    store: Store, q: str = "", type_: str = "", within: str = "", as_of: date | str = ""
) -> Iterator[Listed]:
    """Yield all organisations of the list that `organisations` gives page by page."""
    day = as_of if isinstance(as_of, date) else parse_date(as_of, "asOf")
    known, _ = index_meanwhile(store)
    return _listing(store, known, q, type_, within, day).all()


_tables = Versioned[Table](2, remote=False)
_kept = Versioned[Listing](8, remote=False)
_related = Versioned[list[tuple[int, str, str]]](8, remote=False)
_PATIENCE = 60.0


def _listing(store: Store, known: Index, q: str, type_: str, within: str, day: date) -> Listing:
    path = known.reader.path

    def made() -> Listing:
        table = _tables.get(store, lambda: Table(known.reader), path)
        among = _within(store, known, within, day) if within else None
        return Listing(known, table, Choice(day, slug(type_ or "Agent"), q, among))

    return _kept.get(store, made, (path, q, type_, within, day))


def _within(store: Store, known: Index, code: str, day: date) -> set[int]:
    """Return the numbers of the organisations that relate to a board or region on a day."""
    on = day.isoformat()
    key = (known.reader.path, code)
    related = _related.get(store, lambda: _relations(store, known, code), key)
    return {number for number, first, end in related if first <= on and (not end or on < end)}


def _relations(store: Store, known: Index, code: str) -> list[tuple[int, str, str]]:
    """Return the organisations that relate to a board, by number, with the first day and the first day after."""
    bound = query("organisations-within", "views").bind(within=f"organisation/{code}")
    rows = store.select(bound, timeout=_PATIENCE)
    numbers = known.numbers({str(row["organisation"]) for row in rows})
    return [
        (numbers[iri], str(row["from"]), text(row, "to") or "")
        for row in rows
        if (iri := str(row["organisation"])) in numbers
    ]


def _told(ref: Reference, each: Listed) -> Json:
    return {
        "code": each.code or slug(each.id),
        "id": each.id,
        "name": each.name,
        "types": list(each.types),
        "exists": {"from": each.first, "to": each.last},
        "exemplar": _is_exemplar(ref, each.id),
    }


def _is_exemplar(ref: Reference, identifier: str) -> bool:
    return (URIRef(identifier), RDF.type, REMIT.ExemplarOrganisation) in ref.graph


def _facets(ref: Reference) -> list[Json]:
    names = (
        "IntegratedCareBoard", "ClinicalCommissioningGroup", "NHSTrust", "FoundationTrust", "NationalBody",
        "NHSEnglandRegion", "IndependentProvider", "NHSControlledProvider", "PrimaryCareOnlyProvider",
    )  # fmt: skip
    return [{"value": name, "label": ref.label(REMIT[name])} for name in names]
