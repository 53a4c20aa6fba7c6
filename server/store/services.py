"""SERVICE: asked by us, through the gate, and put into the query as data before the engine sees it.

`SERVICE <endpoint> { P }` joins the solutions that the endpoint gives for P to the group that it
stands in; `VALUES` in its place joins the same solutions. So the answer is the one that SPARQL 1.1
Federated Query defines, and the engine needs no network. A blank node of the other side becomes an
IRI below `SKOLEM` (RDF 1.1, section 3.5), for VALUES holds none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from loader.terms import safe
from server.errors import QueryRefused, SourceFailed, excerpt
from server.store.gate import Gate
from server.store.guard import (
    Prologue,
    Token,
    check_service,
    checked,
    graph_iri,
    prologue_of,
    read_prologue,
)

SKOLEM = "https://w3id.org/remit/.well-known/genid/"
_MOST = 5
_MOST_ROWS = 100_000
_JSON = "application/sparql-results+json"
_NAME = re.compile(r"[^\W\d]\w*\Z")
_LANGUAGE = re.compile(r"[A-Za-z]+(-[A-Za-z0-9]+)*\Z")
_NOTHING_KNOWN = "VALUES () { () }"


@dataclass(frozen=True)
class Clause:
    """One SERVICE clause: where it begins and ends in the text, whom it asks, and what."""

    begin: int
    end: int
    address: str
    body: str
    silent: bool


def inspect(query: str, *, size: int, depth: int, base: str = "") -> tuple[Prologue, list[Clause]]:
    """Check a query as `guard.inspect` does, but for its SERVICE clauses, and return those too."""
    found = checked(query, size=size, depth=depth, services=True)
    listed = clauses(query, found, base)
    begins = {clause.begin for clause in listed}
    check_service(query, [token for token in found if token.at not in begins])
    return prologue_of(found), listed


def clauses(query: str, found: Sequence[Token], base: str = "") -> list[Clause]:
    """Return the SERVICE clauses of a query, written plainly: SERVICE, SILENT or not, an IRI, a group.

    Raises QueryRefused for an endpoint named by a variable, clauses within clauses, and too many.
    """
    prefixes = read_prologue(list(found)).prefixes
    listed: list[Clause] = []
    place = 0
    while place < len(found):
        if not _is(found, place, "SERVICE"):
            place += 1
            continue
        clause, place = _clause(query, found, place, prefixes, base)
        listed.append(clause)
    if len(listed) > _MOST:
        raise QueryRefused(f"The query has more than {_MOST} SERVICE clauses.")
    return listed


def _clause(
    query: str, found: Sequence[Token], begin: int, prefixes: dict[str, str], base: str
) -> tuple[Clause, int]:
    silent = _is(found, begin + 1, "SILENT")
    place = begin + 1 + silent
    if place + 1 >= len(found) or found[place + 1].text != "{":
        raise QueryRefused("Write SERVICE, the IRI of the endpoint in angle brackets, and { … }.")
    if found[place].kind not in ("iri", "name"):
        raise QueryRefused("SERVICE names its endpoint by an IRI, not by a variable, here.")
    last = place + 1
    level = 0
    while last < len(found):
        level += (found[last].text == "{") - (found[last].text == "}")
        if _is(found, last, "SERVICE"):
            raise QueryRefused("A SERVICE clause within another is not supported.")
        if level == 0:
            break
        last += 1
    else:
        raise QueryRefused("The group of a SERVICE clause does not end.")
    first = found[place + 1].at
    end = found[last].at + 1
    address = graph_iri(found[place], prefixes, base)
    return Clause(found[begin].at, end, address, query[first:end], silent), last + 1


def _is(found: Sequence[Token], place: int, word: str) -> bool:
    if place >= len(found):
        return False
    return found[place].kind == "word" and found[place].text.upper() == word


def expand(
    query: str,
    listed: Sequence[Clause],
    prefixes: Mapping[str, str],
    gate: Gate,
    seconds: float,
) -> str:
    """Return the query with the answer of each endpoint in place of its clause.

    Raises QueryRefused for an endpoint that may not be asked, SILENT or not; SourceFailed for one
    that fails, unless SILENT says to go on without it.
    """
    for clause in listed:  # before any is asked
        gate.check(clause.address)
    parts, place = [], 0
    for clause in listed:
        parts += [query[place : clause.begin], _answer(clause, prefixes, gate, seconds)]
        place = clause.end
    return "".join([*parts, query[place:]])


def _answer(clause: Clause, prefixes: Mapping[str, str], gate: Gate, seconds: float) -> str:
    names = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
    form = urlencode({"query": f"{names}SELECT * WHERE {clause.body}"}).encode()
    try:
        answer = gate.fetch(clause.address, _JSON, seconds=seconds, form=form)
        return values(json.loads(answer.body), clause.address)
    except (SourceFailed, ValueError) as error:
        if clause.silent:
            return _NOTHING_KNOWN
        if isinstance(error, SourceFailed):
            raise
        raise SourceFailed(f"{_host(clause)} gave an answer that is not SPARQL JSON.") from None


def values(answer: Any, address: str = "") -> str:
    """Return SPARQL JSON results as a VALUES block. Raises ValueError for what is none."""
    try:
        names: list[str] = answer["head"]["vars"]
        rows: list[dict[str, dict[str, str]]] = answer["results"]["bindings"]
        if not all(_NAME.match(name) for name in names) or len(rows) > _MOST_ROWS:
            raise ValueError("names or rows")
        lines = [
            "(" + " ".join(_term(row[name], address) if name in row else "UNDEF" for name in names)
            + ")"
            for row in rows
        ]  # fmt: skip
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not SPARQL JSON") from error
    return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {' '.join(lines)} }}"


def _term(cell: Mapping[str, str], address: str) -> str:
    kind, text = cell["type"], cell["value"]
    if kind == "uri":
        return _iri(text)
    if kind == "bnode":
        return _iri(f"{SKOLEM}{quote(address, safe='')}/{quote(text, safe='')}")
    if kind not in ("literal", "typed-literal"):
        raise ValueError(kind)
    quoted = '"' + "".join(_escaped(char) for char in text) + '"'
    if language := cell.get("xml:lang"):
        if not _LANGUAGE.match(language):
            raise ValueError(language)
        return f"{quoted}@{language}"
    return f"{quoted}^^{_iri(cell['datatype'])}" if cell.get("datatype") else quoted


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char < " " or "\ud800" <= char <= "\udfff":
        if char >= "\ud800":
            raise ValueError("half a surrogate pair")
        return f"\\u{ord(char):04X}"
    return char


def _iri(text: str) -> str:
    if not text or not safe(text):
        raise ValueError(text)
    return f"<{text}>"


def _host(clause: Clause) -> str:
    return excerpt(clause.address, 80)
