"""The template as text: CSV headings of a sheet, and YAML-LD and Turtle with each field and an example of each kind."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import cache

import pyoxigraph as ox

from loader.paths import content
from loader.state.records import RDF_TYPE
from loader.state.sheets import Column, Sheet, Term, sheets
from loader.state.values import cell_text
from loader.terms import DEF, ID, slug

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBER = re.compile(r",? ?R\d{3} valid(?:-\d+)?")
_INTRODUCTION = """\
# Records for Remit: one entry for each. Leave out what there is nothing to say on; write dates as year-month-day.
# Below the fields of each kind stands an example: replace it. Check the file with “remit validate”.
"""


@cache
def example_records() -> ox.Store:
    """Return one record of each kind that no rule finds anything in, as the examples of the rules have it."""
    found, store = ox.Store(), ox.Store()
    for path in sorted((content("shapes") / "examples").glob("R*/valid-record.ttl")):
        found.load(path=str(path), format=ox.RdfFormat.TURTLE)
    for sheet in sheets():
        record = _fullest(found, sheet)
        store.add(ox.Quad(record, RDF_TYPE, ox.NamedNode(sheet.cls)))
        for column in sheet.columns:
            for quad in found.quads_for_pattern(record, ox.NamedNode(column.property), None):
                store.add(ox.Quad(record, quad.predicate, _unnumbered(quad.object)))
    return store


def _unnumbered(term: Term) -> Term:
    """Return a text without the number of the rule that its example belongs to."""
    if not isinstance(term, ox.Literal) or not _NUMBER.search(term.value):
        return term
    return ox.Literal(_NUMBER.sub("", term.value).strip() or "Example 1")


def _fullest(found: ox.Store, sheet: Sheet) -> ox.NamedNode:
    """Return the record of a sheet that fills most columns, the first by name among equals."""
    held = {column.property for column in sheet.columns}
    records = {q.subject for q in found.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(sheet.cls))}

    def filled(record: ox.NamedNode) -> int:
        return len({q.predicate.value for q in found.quads_for_pattern(record, None, None)} & held)

    return max(sorted((r for r in records if isinstance(r, ox.NamedNode)), key=str), key=filled)


def as_csv(sheet: Sheet, examples: bool = False) -> str:
    """Return a sheet as CSV: its headings, and an example row where asked for."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.header for column in sheet.columns])
    if examples:
        record = _record(sheet)
        cells = [
            [str(cell_text(column, term)) for term in _values(record, column)]
            for column in sheet.columns
        ]
        writer.writerow(["; ".join(parts) for parts in cells])
    return text.getvalue()


def as_yaml() -> str:
    """Return the template as YAML-LD."""
    return _INTRODUCTION + "entries:\n" + "\n".join(_yaml(sheet) for sheet in sheets())


def as_turtle() -> str:
    """Return the template as Turtle."""
    heads = f"@prefix remit: <{DEF}> .\n@prefix xsd: <{_XSD}> .\n@prefix id: <{ID}> .\n"
    return _INTRODUCTION + heads + "".join(_turtle(sheet) for sheet in sheets())


def _record(sheet: Sheet) -> ox.NamedNode:
    quads = example_records().quads_for_pattern(None, RDF_TYPE, ox.NamedNode(sheet.cls))
    return next(quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode))


def _values(record: ox.NamedNode, column: Column) -> list[Term]:
    found = example_records().quads_for_pattern(record, ox.NamedNode(column.property), None)
    return sorted((quad.object for quad in found), key=str)


def _help(sheet: Sheet, indent: str, name: str) -> Iterator[str]:
    yield f"\n{indent}# {sheet.name}: {sheet.about}"
    for column in sheet.columns:
        field = f"remit:{slug(column.property)}" if name == "property" else column.field
        listed = (
            f" One of: {', '.join(sorted(map(_short, column.choices.values())))}."
            if column.choices
            else ""
        )
        yield f"{indent}#   {field} ({column.header}): {column.help}{listed}"


def _short(iri: str) -> str:
    return iri.removeprefix(DEF).removeprefix(ID)


def _yaml(sheet: Sheet) -> str:
    lines = [
        *_help(sheet, "  ", "field"),
        f"  - id: state/{sheet.slug}-1",
        f"    type: {slug(sheet.cls)}",
    ]
    for column in sheet.columns:
        values = [_yaml_value(term) for term in _values(_record(sheet), column)]
        if values:
            lines.append(
                f"    {column.field}: {values[0] if len(values) == 1 else '[' + ', '.join(values) + ']'}"
            )
    return "\n".join(lines) + "\n"


def _yaml_value(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return _short(term.value)
    assert isinstance(term, ox.Literal)  # noqa: S101 - records hold no other terms
    plain = term.datatype.value.removeprefix(_XSD) in ("integer", "decimal", "boolean", "date")
    return term.value if plain else json.dumps(term.value, ensure_ascii=False)


def _turtle(sheet: Sheet) -> str:
    lines = [
        *_help(sheet, "", "property"),
        f"<{ID}state/{sheet.slug}-1> a remit:{slug(sheet.cls)} ;",
    ]
    for column in sheet.columns:
        for term in _values(_record(sheet), column):
            lines.append(f"    remit:{slug(column.property)} {_turtle_value(term)} ;")
    return "\n".join(lines)[:-1] + ".\n"


def _turtle_value(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f"remit:{slug(term.value)}" if term.value.startswith(DEF) else f"<{term.value}>"
    return (
        str(term).replace(f"<{_XSD}", "xsd:").removesuffix(">") if "^^" in str(term) else str(term)
    )
