"""Validate: records that users bring, the registers of a build, and what changed in a build."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from loader.state.files import MOST_ROWS, read_files
from loader.state.organisations import Organisations
from loader.state.prepare import prepare
from loader.state.records import Records
from loader.terms import DEF, ID, REMIT, slug
from loader.validation.engine import Engine
from loader.validation.findings import NO_ONE, Finding, finding
from loader.validation.report import Checked, Report
from loader.validation.rules import (
    REGISTER,
    STATE,
    family_shapes,
    labels,
    ontology,
    path_predicates,
    rules,
    shapes,
)

_CHUNK = 4_000
_WHOLE = 600_000
REPORT_FILE = "validation.json"
KEPT = 20_000


def validate_files(
    paths: Sequence[Path], organisations: Organisations, most: int = MOST_ROWS, workers: int = 1
) -> Report:
    """Validate files of records; raises InputError where a file cannot be read, with the place."""
    records = read_files(paths, most)
    prepare(records, organisations)
    title = ", ".join(path.name for path in paths)
    return validate_records(records, title, workers)


def validate_records(records: Records, title: str, workers: int = 1) -> Report:
    """Validate prepared records, a few thousand at a time so that memory stays bounded.

    That is sound since every rule on records looks at one record only: what it needs of others was derived before.
    """
    found: list[Finding] = []
    rule_shapes = family_shapes(STATE)
    subjects = records.subjects()
    for start in range(0, len(subjects), _CHUNK):
        data = hierarchy()
        add(data, _about(records.store, subjects[start : start + _CHUNK]))
        results = Engine(data, rule_shapes).results(workers=workers)
        found.extend(finding(result, data, records) for result in results)
    checked = tuple(_checked_record(records, subject) for subject in subjects)
    found.sort(key=lambda f: (f.file, f.sheet, f.row or 0, f.rule))
    return Report(title, tuple(found), checked, _run_count(STATE))


def validate_store(store: ox.Store, title: str, workers: int = 1) -> Report:
    """Validate the registers and imports in a store."""
    found: list[Finding] = []
    rule_shapes = family_shapes(REGISTER)
    parts: Iterable[list[str] | None] = [None] if len(store) <= _WHOLE else _parts(store)
    for part in parts:
        data, focus = Graph(), None
        if part is None:
            add(data, _default(store))
        else:
            triples, focus = neighbourhood(store, part)
            add(data, triples)
        results = Engine(data, rule_shapes).results(focus, workers=workers)
        found.extend(finding(result, data) for result in results)
    found = sorted(set(found), key=lambda f: (f.rule, f.record, f.what))
    return Report(title, tuple(found), tuple(_checked_entries(store)), _run_count(REGISTER))


def validate_changed(store: ox.Store, changed: Collection[str], title: str) -> Report:
    """Validate only what a change to some things can affect: those things, and what links to or shares with them.

    ``changed`` holds IRIs; facts nested below a thing count as part of it. Every path of the rules reaches at most two
    steps, so nodes further away cannot be affected.
    """
    data = Graph()
    triples, focus = neighbourhood(store, changed)
    add(data, triples)
    results = Engine(data, family_shapes(REGISTER)).results(focus)
    found = tuple(finding(result, data) for result in results)
    return Report(title, found, (), _run_count(REGISTER))


def validate_build(folder: Path, store: ox.Store, workers: int = 1) -> Report:
    """Validate the store of a build and keep the report beside it, for the page and the trend of the next build."""
    report = validate_store(store, "registers and imports", workers)
    text = json.dumps(report.as_json(size=KEPT), ensure_ascii=False)
    (folder / REPORT_FILE).write_text(text, encoding="utf-8")
    return report


def neighbourhood(store: ox.Store, things: Collection[str]) -> tuple[list[ox.Triple], set[Node]]:
    """Return what rules can look at around some things, and the nodes that a change to the things can affect.

    Those nodes are the things with what is nested in them, whatever links to them, and whatever they link to. Of each
    go along its own statements, those of the nodes that it links to, and what shares a value by an inverse path.
    """
    own = {quad.subject for thing in things for quad in _of_thing(store, thing)}
    affected: set[Any] = set(own)
    for subject in own:
        affected.update(
            q.object for q in _quads(store, subject, None, None) if q.predicate != _TYPE
        )
        affected.update(q.subject for q in _quads(store, None, None, subject))
    found = set(_schema(store))
    near: set[Any] = set(affected)
    for node in affected:
        if not isinstance(node, ox.Literal):
            near.update(q.object for q in _quads(store, node, None, None))
        for predicate in _inverse_predicates():
            near.update(q.subject for q in _quads(store, None, predicate, node))
    for node in near:
        if not isinstance(node, ox.Literal):
            found.update(q.triple for q in _quads(store, node, None, None))
    return list(found), {_node(node) for node in affected}


def _node(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return _iri(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    datatype = None if term.language else _iri(term.datatype.value)
    return Literal(
        term.value, lang=term.language, datatype=None if datatype == XSD.string else datatype
    )


@lru_cache(maxsize=100_000)
def _iri(text: str) -> URIRef:
    return URIRef(text)


_TYPE = ox.NamedNode(str(RDF.type))


def hierarchy() -> Graph:
    """Return the subclass statements of the ontology, which targets follow."""
    data = Graph()
    for triple in ontology().triples((None, RDFS.subClassOf, None)):
        if isinstance(triple[2], URIRef):
            data.add(triple)
    return data


def add(data: Graph, triples: Iterable[ox.Triple]) -> None:
    """Add statements of the store's engine to a graph of rdflib."""
    for triple in triples:
        data.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))


def _about(store: ox.Store, subjects: Iterable[str]) -> Iterator[ox.Triple]:
    for subject in subjects:
        for quad in store.quads_for_pattern(ox.NamedNode(subject), None, None):
            yield quad.triple


def _default(store: ox.Store) -> Iterator[ox.Triple]:
    return (quad.triple for quad in _quads(store, None, None, None))


def _quads(store: ox.Store, s: object, p: object, o: object) -> Iterator[ox.Quad]:
    return store.quads_for_pattern(s, p, o, ox.DefaultGraph())  # type: ignore[arg-type]


def _schema(store: ox.Store) -> Iterator[ox.Triple]:
    for quad in _quads(store, None, ox.NamedNode(str(RDFS.subClassOf)), None):
        yield quad.triple


def _of_thing(store: ox.Store, thing: str) -> Iterator[ox.Quad]:
    """Yield the statements of a thing and of the facts nested in it, whose IRIs begin with its own and “#”."""
    waiting, seen = [ox.NamedNode(thing)], {thing}
    while waiting:
        for quad in _quads(store, waiting.pop(), None, None):
            yield quad
            node = quad.object
            if (
                isinstance(node, ox.NamedNode)
                and node.value.startswith(f"{thing}#")
                and node.value not in seen
            ):
                seen.add(node.value)
                waiting.append(node)


@cache
def _inverse_predicates() -> list[ox.NamedNode]:
    graph = shapes()
    inverse = {
        p for part in graph.objects(None, SH.inversePath) for p in path_predicates(graph, part)
    }
    return [ox.NamedNode(str(predicate)) for predicate in sorted(inverse)]


def _parts(store: ox.Store) -> Iterator[list[str]]:
    part: list[str] = []
    for quad in _quads(store, None, _TYPE, None):
        if isinstance(quad.subject, ox.NamedNode) and "#" not in quad.subject.value:
            part.append(quad.subject.value)
            if len(part) >= _CHUNK:
                yield part
                part = []
    if part:
        yield part


def _checked_record(records: Records, subject: str) -> Checked:
    node = ox.NamedNode(subject)
    kind = records.places[subject].sheet
    for quad in records.store.quads_for_pattern(node, _TYPE, None):
        if not kind and quad.object.value != f"{DEF}StateRecord":  # type: ignore[union-attr]
            kind = labels().get(quad.object.value, "")  # type: ignore[union-attr]
    concerned = next(
        records.store.quads_for_pattern(node, ox.NamedNode(f"{DEF}concerns"), None), None
    )
    value = getattr(concerned.object, "value", "") if concerned else ""
    return Checked(subject, kind or "record", slug(value) if value else NO_ONE)


def _checked_entries(store: ox.Store) -> Iterator[Checked]:
    for cls in sorted({rule.target for rule in rules().values() if rule.family == REGISTER}):
        if (REMIT[cls], RDF.type, None) not in ontology():
            continue
        kind = labels().get(DEF + cls, cls)
        for quad in _quads(store, None, _TYPE, ox.NamedNode(DEF + cls)):
            iri = str(getattr(quad.subject, "value", ""))
            body = iri.removeprefix(f"{ID}organisation/").partition("#")[0]
            yield Checked(iri, kind, body if iri.startswith(f"{ID}organisation/") else NO_ONE)


def _run_count(family: str) -> int:
    return sum(rule.family == family for rule in rules().values())
