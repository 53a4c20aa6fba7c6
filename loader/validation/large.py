"""Validate a store too large to be looked at whole: in portions of whole organisations, each in a process of its own.

The statements are written once into portions (see `loader.validation.portions`), which processes with bounded memory
then judge. What they find is what one look at the whole would find.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox
from rdflib import RDFS, BNode, Literal
from rdflib.term import Node

from loader.errors import BuildError
from loader.validation.data import TYPE, about, hierarchy, quads, view
from loader.validation.engines import of_file
from loader.validation.findings import NO_ONE, Finding, finding, organisation_of
from loader.validation.looks import looks
from loader.validation.portions import Split, number_of, split
from loader.validation.report import Report, Tally, shares
from loader.validation.rules import REGISTER, labels, rules
from loader.validation.scope import scopes

LARGE = 1_000_000
PORTION = 250_000
MEMORY = 3 << 30
KEPT_BY_RULE = 2_000
_STEPS = 2
_DUMP = (
    "import sys, pyoxigraph as ox; ox.Store.read_only(sys.argv[1]).dump("
    "sys.stdout.buffer, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())"
)


class Tell(Protocol):
    """Is told a stage, how much of it is done, and how much there is."""

    def __call__(self, stage: str, done: int, /, total: int) -> None:
        """Take it."""


def _untold(stage: str, done: int, /, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Portion:
    """One portion: its number of how many, its file, and the nodes elsewhere that it refers to."""

    number: int
    count: int
    file: Path
    beyond: frozenset[bytes]


def validate_large(
    folder: Path,
    statements: int,
    title: str,
    workers: int = 1,
    engine: str | None = None,
    memory: int = MEMORY,
    tell: Tell = _untold,
) -> Report:
    """Validate the store in ``folder``, of about so many statements, with ``workers`` processes of ``memory`` bytes.

    ``tell`` is given a stage with how much of it is done and how much there is. The report counts every finding and
    tells the first ``KEPT_BY_RULE`` of each rule. Raises BuildError when a portion needs more memory.
    """
    count = max(1, -(-statements // PORTION))
    gathered = _Gathered()
    with tempfile.TemporaryDirectory(prefix="remit-shacl-") as scratch:
        with _statements(folder) as lines:
            read = partial(tell, "Reading statements", total=statements)
            made = split(lines, Path(scratch), count, looks(REGISTER), read)
        for done, found in enumerate(_judged(folder, made, workers, engine, memory), 1):
            gathered.add(found)
            tell("Validating portions", done, total=count)
    store = ox.Store.read_only(str(folder))
    counts = {**gathered.tally.kept(), **_shares(store, made, gathered.faulty)}
    run = sum(rule.family == REGISTER for rule in rules().values())
    return Report(title, gathered.told(), (), run, kept=counts, scope=scopes(store))


class _Gathered:
    """What the portions give: all is counted, and the first of each rule are kept."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.faulty: set[str] = set()
        self._seen: set[int] = set()
        self._kept: dict[str, list[Finding]] = {}

    def add(self, found: Iterable[Finding]) -> None:
        """Take what a portion gives; what two portions find alike, at shared values, counts once."""
        for each in found:
            if (mark := hash(each)) in self._seen:
                continue
            self._seen.add(mark)
            self.tally.add([each])
            if each.severity == "violation":
                self.faulty.add(each.record)
            if len(kept := self._kept.setdefault(each.rule, [])) < KEPT_BY_RULE:
                kept.append(each)

    def told(self) -> tuple[Finding, ...]:
        """Return the findings that are kept, in the order of a report."""
        kept = (each for found in self._kept.values() for each in found)
        return tuple(sorted(kept, key=lambda each: (each.rule, each.record, each.what)))


@contextmanager
def _statements(folder: Path) -> Iterator[Iterable[bytes]]:
    """Give the statements of the default graph of a store as N-Triples, written by a process of its own."""
    command = [sys.executable, "-P", "-c", _DUMP, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=1 << 20) as process:  # noqa: S603 - our own words
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        yield process.stdout
        if process.wait():
            raise BuildError(f"The store in {folder} cannot be read.")


def _judged(
    folder: Path, made: Split, workers: int, engine: str | None, memory: int
) -> Iterator[list[Finding]]:
    """Yield what is found in each portion, as they are done."""
    count = len(made.files)
    portions = [
        Portion(number, count, file, frozenset(made.beyond[number]))
        for number, file in enumerate(made.files)
    ]
    context = get_context("spawn")
    try:
        with ProcessPoolExecutor(workers, context, _begin, (folder, engine, memory)) as pool:
            yield from pool.map(_judge, portions)
    except BrokenProcessPool:
        raise BuildError(
            f"A portion of the store needs more than {memory >> 20:,} MB. Give more with --memory."
        ) from None


def _begin(folder: Path, engine: str | None, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    _worker.clear()
    _worker.append((ox.Store.read_only(str(folder)), engine))


_worker: list[tuple[ox.Store, str | None]] = []


def _judge(portion: Portion) -> list[Finding]:
    """Return what the rules find at the nodes of a portion."""
    ((store, engine),) = _worker
    data = view(store)
    with portion.file.open("ab") as out:
        out.write(_context(store, portion))
    results = of_file(portion.file, REGISTER, None, 1, engine)
    portion.file.unlink()
    own = (r for r in results if number_of(_written(r.focus), portion.count) == portion.number)
    return list(dict.fromkeys(finding(result, data) for result in own))


def _context(store: ox.Store, portion: Portion) -> bytes:
    """Return as N-Triples what every portion needs, the classes, and what is said of the nodes it refers to."""
    below = quads(store, None, ox.NamedNode(str(RDFS.subClassOf)), None)
    triples = [*hierarchy(), *(quad.triple for quad in below)]
    near, seen = {term[1:-1].decode() for term in portion.beyond if term[:1] == b"<"}, set[str]()
    for _ in range(_STEPS):
        seen |= near
        found = list(about(store, near))
        triples += found
        near = {t.object.value for t in found if isinstance(t.object, ox.NamedNode)} - seen
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _written(focus: Node) -> bytes:
    """Return a node as N-Triples writes it."""
    if isinstance(focus, BNode):
        return f"_:{focus}".encode()
    if not isinstance(focus, Literal):
        return f"<{focus}>".encode()
    datatype = ox.NamedNode(str(focus.datatype)) if focus.datatype else None
    if focus.language:
        return str(ox.Literal(str(focus), language=focus.language)).encode()
    return str(ox.Literal(str(focus), datatype=datatype)).encode()


def _shares(store: ox.Store, made: Split, faulty: Iterable[str]) -> Mapping[str, object]:
    """Return how many things were checked, and how complete they are by kind and organisation."""
    kinds, bodies = Counter[str](), Counter[str]()
    for record in faulty:
        for quad in quads(store, ox.NamedNode(record), TYPE, None):
            if (cls := getattr(quad.object, "value", "")) in made.kinds:
                kinds[labels().get(cls, cls)] += 1
                bodies[organisation_of(record) or NO_ONE] += 1
    checked = {
        "byKind": Counter[str](),
        "byOrganisation": Counter(
            {code or NO_ONE: number for code, number in made.organisations.items()}
        ),
    }
    for cls, number in made.kinds.items():
        checked["byKind"][labels().get(cls, cls)] += number
    complete = shares(checked, {"byKind": kinds, "byOrganisation": bodies})
    return {
        "checked": checked["byKind"].total(),
        "completeness": complete,
        "organisations": len(complete["byOrganisation"]),
    }
