"""Checks of a dataset before it goes into service: queries in ``queries/checks`` that must return nothing.

The queries look at statements in named graphs. What a large import holds is in the default graph alone and is checked
by its survey. A defect refuses the build, except where a check says what to do about an imported file (``imported`` in
its header): such a defect of an import is reported, and the build goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from loader.catalogue import Query, catalogue, query
from loader.errors import Fault
from loader.imported import Finding
from loader.survey import Survey
from loader.terms import DEF, GRAPH, ID
from loader.yamlld import locate

_LIMIT = 200
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@dataclass(frozen=True)
class Checked:
    """What checks found: ``faults`` refuse the build, ``findings`` are defects of imports that are reported."""

    faults: list[Fault]
    findings: list[Finding]


def check(store: ox.Store, root: Path, surveys: Sequence[Survey] = ()) -> Checked:
    """Run every check over ``store`` and the surveys of its large imports, and return what they find.

    ``root`` is the folder of the registers, so that a fault names the file and line of its entity. A check gives at
    most 200 faults, and every finding.
    """
    done = Checked([], [])
    for rule in catalogue("checks").values():
        _run(store, rule, root, done)
    for survey in surveys:
        done.faults.extend(_survey_faults(store, survey))
        done.findings.extend(_unresolved(store, survey))
    return Checked(done.faults, list(dict.fromkeys(done.findings)))


def _run(store: ox.Store, rule: Query, root: Path, done: Checked) -> None:
    rows = store.query(rule.text)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - the catalogue test holds checks to SELECT
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        entity, prop, value, graph = (
            _text(row, name) for name in ("entity", "property", "value", "graph")
        )
        if "imported" in rule.header and graph.startswith(f"{GRAPH}import/"):
            done.findings.append(_finding(rule, graph, entity, prop, value))
        elif (entity, prop, value) not in seen and len(seen) < _LIMIT:
            seen.add((entity, prop, value))
            file, line = _place(store, entity, root)
            done.faults.append(_fault(rule, (entity, prop, value), file, line))


def _fault(
    rule: Query, defect: tuple[str, str, str], file: Path | None, line: int | None = None
) -> Fault:
    entity, prop, value = defect
    shown = f" ({_short(value)})" if value else ""
    message = f"{_short(entity)}: {rule.header['problem']}{shown}"
    return Fault(message, file, line, _short(prop) or None, rule.header["solution"])


def _finding(rule: Query, graph: str, entity: str, prop: str, value: str) -> Finding:
    header = rule.header
    name = graph.removeprefix(f"{GRAPH}import/")
    return Finding(
        name, _short(entity), _short(prop), _short(value), header["problem"], header["imported"]
    )


def _survey_faults(store: ox.Store, survey: Survey) -> Iterator[Fault]:
    """Yield what the checks on terms, dates and intervals would find in a large import."""
    unknown = query("unknown-term", "checks")
    for term, entity in survey.terms.items():
        if term.startswith(DEF) and not _described(store, term, _TYPE):
            yield _fault(unknown, (entity, term, term), survey.path)
    for name, defects in (
        ("date-not-a-date", survey.undated),
        ("reversed-interval", survey.reversed),
    ):
        for defect in defects:
            yield _fault(query(name, "checks"), defect, survey.path)


def _unresolved(store: ox.Store, survey: Survey) -> Iterator[Finding]:
    """Yield the references of a large import that nothing describes."""
    rule = query("dangling-reference", "checks")
    for value, (entity, prop) in survey.references.items():
        if not _described(store, value):
            yield _finding(rule, survey.graph, entity, prop, value)


def _described(store: ox.Store, thing: str, by: ox.NamedNode | None = None) -> bool:
    found = store.quads_for_pattern(ox.NamedNode(thing), by, None, ox.DefaultGraph())
    return any(True for _ in found)


def _text(row: ox.QuerySolution, name: str) -> str:
    try:
        term = row[name]
    except KeyError:
        return ""
    return getattr(term, "value", "") if term is not None else ""


def _short(iri: str) -> str:
    return iri.removeprefix(ID).removeprefix(DEF)


def _place(store: ox.Store, entity: str, root: Path) -> tuple[Path | None, int | None]:
    if not entity.startswith(("http://", "https://")):
        return None, None
    for quad in store.quads_for_pattern(ox.NamedNode(entity), None, None, None):
        graph = getattr(quad.graph_name, "value", "")
        path = root / f"{graph.removeprefix(GRAPH)}.yaml"
        if graph.startswith(GRAPH) and path.is_file():
            return path, locate(path, entity)
    return None, None
