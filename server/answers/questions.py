"""Named questions: bind the parameters of a stored query, run it, and say what it found in rows and in words.

A query names its columns by its variables. Three names have a meaning here: ``?source`` is a passage or document
that states the row (rows that differ in their source alone become one row), ``?xLabel`` is the label of ``?x``, and a
column of identifiers gets labels from the registers. The header of a question may hold, besides what
``loader.catalogue`` describes:

- ``parameters.<name>.class``: the class, or classes, of the things that an ``iri`` parameter can name;
- ``row``: how a row reads in words (see ``server.answers.wording``);
- ``several``: columns of which one row can hold several values;
- ``none``: what an empty answer means, with the parameters as columns;
- ``topic``: regular expressions that tell which recorded silences of the sources bear on the question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rdflib import RDF, SKOS, URIRef
from rdflib.term import Node

from loader.catalogue import Parameter, Query, catalogue, query
from loader.dates import parse_date
from loader.errors import QueryFileError
from loader.terms import REMIT
from server.answers.cells import Cells, columns
from server.answers.entities import path, resolve
from server.answers.reference import Json, Reference, reference
from server.answers.wording import figure, fill, heading, sentence
from server.errors import BadParameter, NotFound, excerpt
from server.store.protocol import Store

_SHOWN = 200


def listed() -> list[Json]:
    """Return the stored questions: ``{name, question, why, parameters}``."""
    return [described(found) for found in catalogue("questions").values()]


def described(found: Query) -> Json:
    """Return what a question asks and which parameters it takes, with an example of each."""
    return {
        "name": found.name,
        "question": found.question,
        "why": found.why,
        "topic": found.header.get("group", "Organisations and powers"),
        "parameters": [
            {
                "name": each.name,
                "label": each.label,
                "type": each.kind,
                "class": list(classes(found, each.name)),
                "required": each.required,
                "example": each.example,
                "choices": list(each.choices),
            }
            for each in found.parameters
        ],
    }


def named(name: str) -> Query:
    """Return one stored question; raises NotFound, with near names, when there is none."""
    try:
        return query(name)
    except QueryFileError:
        words = set(re.findall(r"\w+", name.lower()))
        near = sorted(
            catalogue("questions").values(),
            key=lambda q: -len(words & set(re.findall(r"\w+", f"{q.name} {q.question}".lower()))),
        )
        raise NotFound(
            f"There is no question called “{excerpt(name)}”.",
            suggestions=[{"label": q.question, "href": f"/questions/{q.name}"} for q in near[:5]],
        ) from None


def classes(found: Query, parameter: str) -> tuple[str, ...]:
    """Return the classes of things that a parameter can name; none where any thing fits."""
    given = found.header["parameters"][parameter].get("class", ())
    return (given,) if isinstance(given, str) else tuple(given)


def answer(store: Store, name: str, given: Mapping[str, str]) -> Json:
    """Return the answer to the question ``name`` for the parameter values ``given`` as texts.

    ``{name, question, parameters, columns, rows, answer, total, explanation, silences, notes, sources, …}``. Raises
    NotFound for an unknown question or thing, BadParameter for an unknown parameter or a missing one, and InputError
    for a value of the wrong kind.
    """
    found = named(name)
    values = _values(store, found, given)
    text = found.bind(**values)
    ref = reference(store)
    cells = Cells(store, ref)
    names = columns(found.text)
    several = frozenset(found.header.get("several", ()))
    rows = cells.rows(store.select(text), names, several)
    shown = [column for column in names if column != "source" and not _folded(column, names)]
    labels = {n: cells.text(v) for n, v in values.items() if v is not None}
    silences = _silences(ref, found, values)
    return {
        "name": name,
        "question": found.question,
        "why": found.why,
        "parameters": {n: cells.cell(v) for n, v in values.items()},
        "columns": [{"name": c, "label": _heading(found, c)} for c in shown],
        "used": [c for c in shown if any(row[c] is not None for row in rows)],
        "rows": rows,
        "total": len(rows),
        "answer": _told(found, rows) if rows else _explained(found, labels, silences),
        "explanation": None if rows else _explained(found, labels, silences),
        "silences": silences,
        "notes": ref.notes(*{URIRef(s["url"]) for row in rows for s in row["sources"]}),
        "sources": _sources(rows),
        "dataVersion": store.version,
        "sparql": text,
    }


def _values(store: Store, found: Query, given: Mapping[str, str]) -> dict[str, Node | None]:
    known = {each.name: each for each in found.parameters}
    for name in given:
        if name not in known:
            takes = ", ".join(known) or "none"
            raise BadParameter(
                f"{found.name} has no parameter {excerpt(name)}. It takes: {takes}.", parameter=name
            )
    return {name: _value(store, found, each, given.get(name)) for name, each in known.items()}


def _value(store: Store, found: Query, parameter: Parameter, text: str | None) -> Node | None:
    text = (text or "").strip()
    if not text:
        if parameter.required:
            raise BadParameter(
                f"{parameter.name} is missing: {parameter.label}. For example {parameter.example}.",
                parameter=parameter.name,
            )
        return None
    if parameter.choices and text not in parameter.choices:
        raise BadParameter(
            f"{parameter.name} is one of: {', '.join(parameter.choices)}.", parameter=parameter.name
        )
    if parameter.kind == "iri":
        address = f"/questions/{found.name}?{parameter.name}="
        return resolve(store, text, classes(found, parameter.name), address)
    if parameter.kind == "date":
        return parameter.term(parse_date(text, parameter.name))
    return parameter.term(text)


def _folded(column: str, names: list[str]) -> bool:
    return column.endswith("Label") and column.removesuffix("Label") in names


def _heading(found: Query, column: str) -> str:
    return str(found.header.get("columns", {}).get(column) or heading(column))


def _told(found: Query, rows: list[Json]) -> str:
    template = found.header.get("row")
    lines = []
    for row in rows[:_SHOWN]:
        texts = {n: str(v["label"]) for n, v in row.items() if n != "sources" and v is not None}
        texts["figure"] = figure(texts)
        told = (
            fill(template, texts) if template else sentence("; ".join(filter(None, texts.values())))
        )
        if told not in lines:
            lines.append(told)
    if len(rows) > _SHOWN:
        lines.append(f"And {len(rows) - _SHOWN} more.")
    return "\n".join(lines)


def _explained(found: Query, labels: Mapping[str, str], silences: list[Json]) -> str:
    """Return what an empty answer means."""
    if silences and found.header.get("topic"):
        return "\n".join(str(each["statement"]) for each in silences)
    if none := found.header.get("none"):
        return fill(none, labels)
    told = "; ".join(labels.values())
    return f"The register holds nothing that answers this{f' for: {told}' if told else ''}."


def _silences(ref: Reference, found: Query, values: Mapping[str, Any]) -> list[Json]:
    """Return the recorded silences about the things asked for that bear on the question's topic."""
    topics = [re.compile(topic, re.IGNORECASE) for topic in found.header.get("topic", ())]
    nodes = {value for value in values.values() if isinstance(value, URIRef)}
    near = {n for node in nodes for p in (REMIT.review, REMIT.broader) for n in ref.all(node, p)}
    found_silences = {
        silence
        for node in nodes | near
        for silence in ref.graph.subjects(REMIT.about, node)
        if (silence, RDF.type, REMIT.Silence) in ref.graph
    }
    rows = [
        {
            "id": str(silence),
            "label": ref.label(silence),
            "statement": ref.text(silence, REMIT.statement, SKOS.definition) or ref.label(silence),
            "sources": ref.sources(silence),
        }
        for silence in sorted(found_silences, key=str)
    ]
    return [
        row
        for row in rows
        if not topics or any(t.search(f"{row['label']} {row['statement']}") for t in topics)
    ]


def _sources(rows: list[Json]) -> list[Json]:
    return list({s["url"]: s for row in rows for s in row["sources"]}.values())


def written(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of an answer in the short form in which they can be given again."""
    return {
        name: path(URIRef(cell["id"])) if "id" in cell else str(cell["value"])
        for name, cell in parameters.items()
        if cell is not None
    }
