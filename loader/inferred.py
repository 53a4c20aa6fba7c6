"""What the reasoner concluded, as statements for the graph."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pyoxigraph as ox

from loader.patterns import RDF_TYPE, RDFS
from loader.phases import Phase
from loader.reasoning import XSD_DATE, Report
from loader.terms import DEF, GRAPH

INFERRED_GRAPH = f"{GRAPH}inferred"

Statement = tuple[str, str, ox.NamedNode | ox.Literal]


def inferred_quads(report: Report, beyond: ox.Store | None = None) -> Iterator[ox.Quad]:
    """Yield what the reasoner concluded, in the graph ``graph/inferred``; with ``beyond`` only what that store lacks.

    Classes above a class (``rdfs:subClassOf``, ``remit:subClassOfOrSelf``); all classes of a thing (``rdf:type``); and
    for each class of an organisation that no membership shows, a membership with its interval.
    """
    graph = ox.NamedNode(INFERRED_GRAPH)
    for subject, predicate, target in _statements(report):
        quad = ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), target)
        if beyond is None or quad not in beyond:
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def unshown(report: Report) -> dict[Phase, frozenset[str]]:
    """Return, by phase, the realised classes that no membership of the organisation shows."""
    above: dict[str, set[str]] = {}
    for cls, higher in report.subclasses:
        above.setdefault(cls, {cls}).add(higher)
    missing = {
        phase: types.difference(*(above.get(cls, {cls}) for cls in phase.shown))
        for phase, types in report.phases.items()
    }
    return {phase: classes for phase, classes in missing.items() if classes}


def _statements(report: Report) -> Iterator[Statement]:
    for cls, above in sorted(report.subclasses):
        yield cls, f"{RDFS}subClassOf", ox.NamedNode(above)
        yield cls, f"{DEF}subClassOfOrSelf", ox.NamedNode(above)
    for thing, types in sorted(report.things.items()):
        for cls in sorted(types):
            yield thing, RDF_TYPE.value, ox.NamedNode(cls)
    rows = [(p.organisation, cls, p) for p, classes in unshown(report).items() for cls in classes]
    rows.sort(key=lambda row: (row[0], row[1], row[2].start))
    for (organisation, cls), group in groupby(rows, key=lambda row: row[:2]):
        for first, last in _runs([phase for _, _, phase in group]):
            yield from _membership(organisation, cls, first, last)


def _runs(phases: list[Phase]) -> Iterator[tuple[Phase, Phase]]:
    """Yield the first and last phase of each run of phases that follow one another without a gap."""
    first = last = phases[0]
    for phase in phases[1:]:
        if phase.start != last.end:
            yield first, last
            first = phase
        last = phase
    yield first, last


def _membership(organisation: str, cls: str, first: Phase, last: Phase) -> Iterator[Statement]:
    node = f"{organisation}#realised-{cls.rsplit('/', 1)[-1]}-{first.start}"
    yield organisation, f"{DEF}membership", ox.NamedNode(node)
    yield node, RDF_TYPE.value, ox.NamedNode(f"{DEF}ClassMembership")
    yield node, f"{DEF}organisationClass", ox.NamedNode(cls)
    yield node, f"{DEF}{'attestedFrom' if first.attested else 'validFrom'}", _date(first.start)
    if last.end:
        yield node, f"{DEF}validTo", _date(last.end)


def _date(day: str) -> ox.Literal:
    return ox.Literal(day, datatype=ox.NamedNode(XSD_DATE))
