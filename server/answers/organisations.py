"""Lists and descriptions of organisations, as on a date."""

from __future__ import annotations

from datetime import date

from rdflib import RDF, URIRef

from loader.catalogue import query
from loader.dates import parse_date
from loader.terms import DEF, REMIT, slug
from server.answers.facts import Row, text
from server.answers.organisation import load
from server.answers.reference import Json, Reference, reference
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
    ``type_`` is a class name or IRI and ``within`` the code of a board or region.
    """
    day = as_of if isinstance(as_of, date) else parse_date(as_of, "asOf")
    cls = f"{DEF}{type_}" if type_ and "/" not in type_ else type_ or f"{DEF}Agent"
    bound = query("organisations-by-type").bind(
        asOf=day, type=cls, within=f"organisation/{within}" if within else None
    )
    found: dict[str, Json] = {}
    for row in store.select(bound):
        entry = found.setdefault(str(row["organisation"]), _listed(row))
        entry["types"].append(str(row["classLabel"]))
    words = q.lower().split()
    rows = [
        r for r in found.values() if all(w in f"{r['name']} {r['code']}".lower() for w in words)
    ]
    pages = max(1, -(-len(rows) // size))
    page = min(max(page, 1), pages)
    ref = reference(store)
    shown = rows[(page - 1) * size : page * size]
    return {
        "results": [{**row, "exemplar": _is_exemplar(ref, row["id"])} for row in shown],
        "total": len(rows),
        "page": page,
        "pages": pages,
        "asOf": day.isoformat(),
        "facets": {"types": _facets(ref)},
    }


def _listed(row: Row) -> Json:
    identifier = str(row["organisation"])
    return {
        "code": text(row, "code") or slug(identifier),
        "id": identifier,
        "name": str(row["label"]),
        "types": [],
        "exists": {"from": text(row, "existsFrom"), "to": text(row, "existsTo")},
    }


def _is_exemplar(ref: Reference, identifier: str) -> bool:
    return (URIRef(identifier), RDF.type, REMIT.ExemplarOrganisation) in ref.graph


def _facets(ref: Reference) -> list[Json]:
    names = (
        "IntegratedCareBoard", "ClinicalCommissioningGroup", "NHSTrust", "FoundationTrust", "NationalBody",
        "NHSEnglandRegion", "IndependentProvider", "NHSControlledProvider", "PrimaryCareOnlyProvider",
    )  # fmt: skip
    return [{"value": name, "label": ref.label(REMIT[name])} for name in names]
