"""Validate: records that users bring, the registers of a build, and what changed in a build."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF

from loader.state.files import MOST_ROWS, read_files
from loader.state.organisations import Organisations
from loader.state.prepare import prepare
from loader.state.records import Records
from loader.terms import DEF, REMIT, slug
from loader.validation.data import TYPE, about, hierarchy, neighbourhood, quads, things, view
from loader.validation.engines import REFERENCE, chosen, of_file, results
from loader.validation.findings import NO_ONE, Finding, finding, organisation_of
from loader.validation.report import Checked, Report
from loader.validation.result import Result
from loader.validation.rules import REGISTER, STATE, labels, ontology, rules
from loader.validation.scope import Scope, scopes

PIECES = {"reference": 2_000, "fast": 4_000}
WHOLE = {"reference": 600_000, "fast": 3_000_000}
REPORT_FILE = "validation.json"
TITLE = "registers and imports"
KEPT = 20_000


def validate_files(
    paths: Sequence[Path],
    organisations: Organisations,
    most: int = MOST_ROWS,
    workers: int = 1,
    engine: str | None = None,
) -> Report:
    """Validate files of records; raises InputError where a file cannot be read, with the place."""
    records = read_files(paths, most)
    prepare(records, organisations)
    title = ", ".join(path.name for path in paths)
    return validate_records(records, title, workers, engine)


def validate_records(
    records: Records, title: str, workers: int = 1, engine: str | None = None
) -> Report:
    """Validate prepared records, a few thousand at a time so that memory stays bounded.

    That is sound since every rule on records looks at one record only: what it needs of others was derived before.
    """
    name = chosen(engine)
    found: list[Finding] = []
    subjects = records.subjects()
    data = view(records.store)
    for start in range(0, len(subjects), PIECES[name]):
        piece = about(records.store, subjects[start : start + PIECES[name]])
        made = results(chain(hierarchy(), piece), STATE, None, workers, name)
        found.extend(finding(result, data, records) for result in made)
    checked = tuple(_checked_record(records, subject) for subject in subjects)
    found.sort(key=lambda f: (f.file, f.sheet, f.row or 0, f.rule, f.value))
    return Report(title, tuple(found), checked, _run_count(STATE))


def validate_store(
    store: ox.Store, title: str, workers: int = 1, engine: str | None = None
) -> Report:
    """Validate the registers and imports in a store: whole where it fits in memory, else a part at a time."""
    name = chosen(engine)
    data = view(store)
    if len(store) <= WHOLE[name]:
        made = _whole(store, workers, name)
    else:
        parts = (neighbourhood(store, part) for part in things(store, PIECES[name]))
        made = (
            r for triples, focus in parts for r in results(triples, REGISTER, focus, workers, name)
        )
    found = sorted(
        {finding(result, data) for result in made}, key=lambda f: (f.rule, f.record, f.what)
    )
    checked = tuple(_checked_entries(store))
    return Report(title, tuple(found), checked, _run_count(REGISTER), scope=scopes(store))


def _whole(store: ox.Store, workers: int, name: str) -> Iterator[Result]:
    """Yield what the rules find in a whole store; the fast engine reads what the store writes out itself."""
    if name == REFERENCE:
        yield from results(
            (q.triple for q in quads(store, None, None, None)), REGISTER, None, workers, name
        )
        return
    with tempfile.TemporaryDirectory(prefix="remit-shacl-") as folder:
        path = Path(folder) / "data.nt"
        store.dump(str(path), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        yield from of_file(path, REGISTER, None, workers)


def validate_changed(
    store: ox.Store,
    changed: Collection[str],
    title: str,
    before: ox.Store | None = None,
    engine: str | None = None,
) -> Report:
    """Validate only what a change to some things can affect: those things, and what links to or shares with them.

    ``changed`` holds the IRIs of the subjects of statements added or removed; facts nested below a thing count as part
    of it. ``before`` is the store before the change: what a removed statement linked to is then validated too. Every
    path of the rules reaches at most two steps, so nodes further away cannot be affected.
    """
    triples, affected = neighbourhood(store, changed, before)
    data = view(store)
    made = results(triples, REGISTER, affected, 1, engine)
    found = tuple(finding(result, data) for result in made)
    return Report(title, found, (), _run_count(REGISTER))


def validate_build(
    folder: Path, store: ox.Store, workers: int = 1, scope: Sequence[Scope] = ()
) -> Report:
    """Validate the store of a build and keep the report beside it, for the page and the trend of the next build.

    ``scope`` says by what each graph was checked, where ``store`` is not all of the build.
    """
    report = validate_store(store, TITLE, workers)
    if scope:
        report = replace(report, scope=tuple(scope))
    keep_report(folder, report)
    return report


def keep_report(folder: Path, report: Report) -> None:
    """Keep a report beside the build in ``folder``; a kill leaves the one that was there."""
    text = json.dumps(report.as_json(size=KEPT), ensure_ascii=False)
    partial = folder / f".{REPORT_FILE}.partial"
    partial.write_text(text, encoding="utf-8")
    partial.replace(folder / REPORT_FILE)


def _checked_record(records: Records, subject: str) -> Checked:
    node = ox.NamedNode(subject)
    kind = records.places[subject].sheet
    for quad in records.store.quads_for_pattern(node, TYPE, None):
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
        for quad in quads(store, None, TYPE, ox.NamedNode(DEF + cls)):
            iri = str(getattr(quad.subject, "value", ""))
            yield Checked(iri, kind, organisation_of(iri) or NO_ONE)


def _run_count(family: str) -> int:
    return sum(rule.family == family for rule in rules().values())
