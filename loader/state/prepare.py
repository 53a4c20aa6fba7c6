"""Add to records what rules need and users do not write: days counted, percentages, and what the organisation was.

The sums are data of the ontology (``remit:countsDaysFrom`` and the like), the comparisons of records with one
another are queries in ``queries/state``, and what the organisation was comes from the registers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox
from rdflib import RDFS

from loader.catalogue import catalogue
from loader.state.organisations import Organisations
from loader.state.records import RDF_TYPE, Records
from loader.state.sheets import Term
from loader.terms import DEF, REMIT
from loader.validation.rules import ontology

_XSD = "http://www.w3.org/2001/XMLSchema#"
_YEAR = Decimal("365")


def prepare(records: Records, organisations: Organisations) -> None:
    """Add the derived statements to ``records``."""
    store = records.store
    for adder in (_superclasses, _days_of_records, _measures):
        store.extend(list(adder(store)))
    store.extend(list(_organisations(store, organisations)))
    for rule in catalogue("state").values():
        found = store.query(rule.text)
        assert isinstance(found, ox.QueryTriples)  # noqa: S101 - the catalogue test holds rules to CONSTRUCT
        store.extend([ox.Quad(t.subject, t.predicate, t.object) for t in found])


def _superclasses(store: ox.Store) -> Iterator[ox.Quad]:
    for cls, _, above in ontology().triples((None, RDFS.subClassOf, REMIT.StateRecord)):
        for quad in store.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(str(cls))):
            yield ox.Quad(quad.subject, RDF_TYPE, ox.NamedNode(str(above)))


def _days_of_records(store: ox.Store) -> Iterator[ox.Quad]:
    for cls, dated in ontology().subject_objects(REMIT.datedBy):
        for record in store.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(str(cls))):
            for day in _values(store, record.subject, str(dated)):
                yield ox.Quad(record.subject, ox.NamedNode(f"{DEF}recordedOn"), day)


def _measures(store: ox.Store) -> Iterator[ox.Quad]:
    terms = ontology()
    for first, second, count, datatype in (
        (REMIT.countsDaysFrom, REMIT.countsDaysTo, _days, "integer"),
        (REMIT.countsYearsFrom, REMIT.countsYearsTo, _years, "decimal"),
        (REMIT.percentPart, REMIT.percentWhole, _percent, "decimal"),
    ):
        for measure, start in terms.subject_objects(first):
            end = terms.value(measure, second)
            for quad in store.quads_for_pattern(None, ox.NamedNode(str(start)), None):
                for other in _values(store, quad.subject, str(end)):
                    if (result := count(quad.object, other)) is not None:
                        literal = ox.Literal(result, datatype=ox.NamedNode(_XSD + datatype))
                        yield ox.Quad(quad.subject, ox.NamedNode(str(measure)), literal)


def _organisations(store: ox.Store, organisations: Organisations) -> Iterator[ox.Quad]:
    known = ox.NamedNode(f"{DEF}subjectKnown")
    exists = ox.NamedNode(f"{DEF}subjectExists")
    for quad in store.quads_for_pattern(None, ox.NamedNode(f"{DEF}concerns"), None):
        if not isinstance(quad.object, ox.NamedNode):
            continue
        body = organisations.find(quad.object.value)
        yield ox.Quad(quad.subject, known, _truth(body is not None))
        if body is None:
            continue
        for cls in body.kinds():
            yield ox.Quad(quad.subject, ox.NamedNode(f"{DEF}subjectKind"), ox.NamedNode(cls))
        for literal in _values(store, quad.subject, f"{DEF}recordedOn"):
            if (day := _day(literal)) is None:
                continue
            if (lives := body.exists(day)) is not None:
                yield ox.Quad(quad.subject, exists, _truth(lives))
            for cls in body.classes(day):
                yield ox.Quad(quad.subject, ox.NamedNode(f"{DEF}subjectClass"), ox.NamedNode(cls))


def _values(store: ox.Store, subject: object, property_: str) -> list[Term]:
    return [q.object for q in store.quads_for_pattern(subject, ox.NamedNode(property_), None)]  # type: ignore[arg-type]


def _truth(value: bool) -> ox.Literal:
    return ox.Literal(str(value).lower(), datatype=ox.NamedNode(_XSD + "boolean"))


def _day(term: object) -> date | None:
    if not isinstance(term, ox.Literal) or term.datatype.value != _XSD + "date":
        return None
    try:
        return date.fromisoformat(term.value)
    except ValueError:
        return None


def _number(term: object) -> Decimal | None:
    if not isinstance(term, ox.Literal) or term.datatype.value not in (
        _XSD + "decimal",
        _XSD + "integer",
    ):
        return None
    try:
        return Decimal(term.value)
    except InvalidOperation:
        return None


def _days(first: object, second: object) -> str | None:
    start, end = _day(first), _day(second)
    return None if start is None or end is None else str((end - start).days)


def _years(first: object, second: object) -> str | None:
    """Return the years from one day to another: whole up to the anniversary, and a part for the days after it."""
    start, end = _day(first), _day(second)
    if start is None or end is None:
        return None
    whole = end.year - start.year - ((end.month, end.day) < (start.month, start.day))
    after = (end - _anniversary(start, whole)).days
    return str(whole + Decimal(after) / _YEAR)


def _anniversary(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 2, 28)


def _percent(part: object, whole: object) -> str | None:
    top, bottom = _number(part), _number(whole)
    return None if top is None or not bottom else f"{top / bottom * 100:f}"
