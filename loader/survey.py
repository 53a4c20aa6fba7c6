"""Survey a large import: one pass over its file finds what the checks and the report of conflicts need to know of it.

Checks by query look at named graphs. A large import is held in the default graph alone (see ``loader.bulk``), where a
query would take minutes to find what a pass over the file finds in seconds, beside the engine that loads it. The pass
reads N-Quads of one graph as ``loader.nquads`` writes them, in which the statements of a thing follow one another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from loader.errors import Fault, InputError
from loader.terms import DEF, ID, LEGISLATION

_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_OURS = tuple(f"<{start}".encode() for start in ("https://w3id.org/remit/", LEGISLATION))
_ENTITIES = tuple(f"<{start}".encode() for start in (ID, LEGISLATION))
_DATE = b'"^^<http://www.w3.org/2001/XMLSchema#date>'
_ORGANISATION = f"<{ID}organisation/".encode()
_MOST = 200

# The dates that an import states, and which of them begins what another ends: as in queries/checks.
DATES = frozenset(
    ["validFrom", "validTo", "attestedFrom", "existsFrom", "existsTo", "inForceFrom", "inForceTo", "date", "issued"]
)  # fmt: skip
INTERVALS = (
    ("validFrom", "validTo"), ("attestedFrom", "validTo"), ("existsFrom", "existsTo"), ("inForceFrom", "inForceTo"),
)  # fmt: skip
# What two registers can contradict each other in, and so is compared: see queries/views/conflict-*.rq.
COMPARED = (
    "existsFrom", "existsTo", "operationalFrom", "operationalTo", "postcode", "nameText", "organisationClass",
    "kind", "target", "validFrom", "validTo",
)  # fmt: skip

Place = tuple[str, str]
Block = tuple[int, ...]


@dataclass
class Survey:
    """What a large import holds.

    ``terms`` are its properties and classes. ``references`` are the identifiers of ours that it points at, each with
    the first statement (entity, property) that does. ``undated`` and ``reversed`` are statements (entity, property,
    value) whose value is no date, or a date on or before the one on which the fact begins. ``blocks`` tell, by code of
    an organisation, a checksum of what can be contradicted and then the first and last byte of each part of the file
    that describes it.
    """

    path: Path
    graph: str
    digest: str
    terms: dict[str, str] = field(default_factory=dict)
    references: dict[str, Place] = field(default_factory=dict)
    undated: list[tuple[str, str, str]] = field(default_factory=list)
    reversed: list[tuple[str, str, str]] = field(default_factory=list)
    blocks: dict[str, Block] = field(default_factory=dict)


def graph_of(path: Path) -> str:
    """Return the IRI of the graph that the first statement of an N-Quads file names; raises InputError."""
    with path.open("rb") as file:
        line = file.readline().rstrip()
    start = line.rfind(b" <")
    if start < 0 or not line.endswith(b"> ."):
        raise InputError(Fault("does not name its graph.", path, 1))
    return line[start + 2 : -3].decode()


def survey(path: Path) -> Survey:
    """Return the survey of an N-Quads file of one graph. A line that is no statement raises ValueError.

    ``loader.surveys`` keeps what it returns.
    """
    graph = graph_of(path)
    return _Pass(path, graph).run()


class _Pass:
    """One pass over a file. Terms stay as bytes until the end, when few are left."""

    def __init__(self, path: Path, graph: str) -> None:
        self._path, self._graph = path, graph
        self._suffix = len(f" <{graph}> .\n".encode())
        self._terms: dict[bytes, bytes] = {}
        self._references: dict[bytes, tuple[bytes, bytes]] = {}
        self._undated: list[tuple[bytes, bytes, bytes]] = []
        self._reversed: list[tuple[bytes, bytes, bytes]] = []
        self._blocks: dict[bytes, Block] = {}
        self._days: dict[bytes, bytes] = {}

    def run(self) -> Survey:
        """Read the file to its end."""
        with self._path.open("rb", buffering=0) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with self._path.open("rb", buffering=1 << 20) as lines:
            self._read(lines)
        return Survey(
            self._path,
            self._graph,
            digest,
            {_iri(term): _iri(entity) for term, entity in self._terms.items()},
            {_iri(r): (_iri(s), _iri(p)) for r, (s, p) in self._references.items()},
            [(_iri(s), _iri(p), v.decode()) for s, p, v in self._undated[:_MOST]],
            [(_iri(s), _iri(p), v.decode()) for s, p, v in self._reversed[:_MOST]],
            {code.decode(): block for code, block in self._blocks.items()},
        )

    def _read(self, lines: Iterator[bytes]) -> None:
        subject = pending = code = b""
        pointing = (b"", b"")
        position = start = checksum = 0
        terms, references, suffix = self._terms, self._references, self._suffix
        dates = {_property(name) for name in DATES}
        compared = {_property(name) for name in COMPARED}
        for line in lines:
            this, predicate, rest = line.split(b" ", 2)
            if this != subject:
                subject = this
                self._days.clear()
                if pending == this:  # a fact follows the statement that points at it
                    pending = b""
                if (now := code_of(this)) != code:
                    self._close(code, checksum, start, position)
                    code, start, checksum = now, position, 0
            position += len(line)
            if predicate not in terms:
                terms[predicate] = subject
            if predicate in compared:
                checksum = crc32(rest[:-suffix], checksum)
            if predicate in dates:
                self._date(subject, predicate, rest[:-suffix])
            elif rest.startswith(_OURS) and subject.startswith(_ENTITIES):
                if pending and pending not in references:
                    references[pending] = pointing
                pending, pointing = rest[:-suffix], (subject, predicate)
                if predicate == _TYPE and pending not in terms:
                    terms[pending] = subject
        self._close(code, checksum, start, position)
        if pending:
            references.setdefault(pending, pointing)

    def _close(self, code: bytes, checksum: int, start: int, end: int) -> None:
        if code and checksum:
            older = self._blocks.get(code, (0,))
            self._blocks[code] = (older[0] ^ checksum, *older[1:], start, end)

    def _date(self, subject: bytes, predicate: bytes, value: bytes) -> None:
        day = value[1:11]
        if not (len(value) == 11 + len(_DATE) and value.endswith(_DATE)):
            self._undated.append((subject, predicate, value))
            return
        days = self._days
        days[predicate] = day
        for first, last in _INTERVALS.get(predicate, ()):
            if first in days and last in days and days[last] <= days[first]:
                self._reversed.append((subject, last, days[last]))


def code_of(subject: bytes) -> bytes:
    """Return the code of the organisation that a subject is, or is a fact of; else nothing."""
    if not subject.startswith(_ORGANISATION):
        return b""
    return subject[len(_ORGANISATION) : -1].partition(b"/")[0].partition(b"#")[0]


def _property(name: str) -> bytes:
    return f"<{DEF}{name}>".encode()


def _iri(term: bytes) -> str:
    return term[1:-1].decode()


_INTERVALS = {
    _property(name): [(_property(a), _property(b)) for a, b in INTERVALS if name in (a, b)]
    for name in {each for pair in INTERVALS for each in pair}
}
