"""Search and reconciliation over an index of any size: python tests/bench/names.py COUNT [DATA_FOLDER].

Makes the index of a register of COUNT invented organisations (see loader.generator; each name gets an invented word,
so that there are as many different words as in a real register) and prints how long that took, its size and memory,
then the median and the 95th percentile of searches, suggestions and reconciliation queries of several kinds, in
milliseconds, in this process. With DATA_FOLDER it asks a server on the build in service there over HTTP too.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

from site_ import get, serving

from loader.catalogue import Query
from loader.generator import Made, organisations
from loader.terms import DEF, ID
from loader.textindex import write_index
from server.answers.index import Index
from server.answers.index_reader import Reader
from server.answers.search import matches
from server.reconciliation.matching import Asked, candidates
from server.reconciliation.register import Register

TURNS, TODAY = 60, date(2026, 11, 22)
SYLLABLES = "al an ar bel bra cor den dor el far gan har il kel lin mar nor or pel ram sel tan ul ver wen".split()  # noqa: SIM905


def renamed(made: Made) -> str:
    """Return the name with its second word replaced by an invented one."""
    chance = random.Random(made.code)
    word = "".join(chance.choice(SYLLABLES) for _ in range(chance.choice((2, 3, 3, 4))))
    first, _, *rest = made.name.title().split()
    return " ".join([first, word.title(), *rest])


def rows(count: int) -> Callable[[Query], Iterator[list[str]]]:
    """Return the rows of the index’s queries for an invented register."""

    def found(query: Query) -> Iterator[list[str]]:
        for made in organisations(count):
            iri = f"{ID}organisation/{made.code}"
            if query.name == "organisations":
                facts = (
                    ("label", renamed(made)), ("odsCode", made.code), ("postcode", made.postcode),
                    ("existsFrom", str(made.first)), ("existsTo", str(made.last or "")),
                )  # fmt: skip
                yield from ([iri, name, value] for name, value in facts if value)
            elif query.name == "names":
                yield [iri, renamed(made), "", "2026-07-01", ""]
            elif query.name == "memberships":
                yield [iri, f"{DEF}RegisteredOrganisation", str(made.first), "", ""]
            elif query.name == "successions" and made.successor:
                yield [iri, f"{ID}organisation/{made.successor}", str(made.last or "")]

    return found


def misspelt(text: str, chance: random.Random) -> str:
    """Return a text with two letters exchanged."""
    place = chance.randrange(1, len(text) - 2)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def texts(count: int) -> dict[str, list[str]]:
    """Return what is looked for, by kind of query."""
    chance = random.Random(7)
    made = [each for each in organisations(count) if chance.random() < 600 / count][:TURNS]
    names = [renamed(each) for each in made]
    return {
        "whole name": names,
        "misspelt name": [misspelt(name, chance) for name in names],
        "invented word": [name.split()[1] for name in names],
        "misspelt word": [misspelt(name.split()[1], chance) for name in names if len(name.split()[1]) > 4],
        "common word": [name.split()[-1] for name in names],
        "two common words": [" ".join(name.split()[-2:]) for name in names],
        "code": [each.code for each in made],
        "wrong code": [each.code[:-1] + chance.choice("QXZ") for each in made],
    }  # fmt: skip


def show(what: str, jobs: list[Callable[[], object]]) -> None:
    """Print the median and the 95th percentile of jobs that are each run once: by the clock, and of processor time.

    On a machine that does other things meanwhile, the processor time of this thread tells more than the clock.
    """
    times, own = [], []
    for job in jobs:
        began, used = time.perf_counter(), time.thread_time()
        job()
        times.append((time.perf_counter() - began) * 1000)
        own.append((time.thread_time() - used) * 1000)
    last = int(len(times) * 0.95)
    print(f"{what:40} median {statistics.median(times):7.1f} ms, p95 {sorted(times)[last]:7.1f} ms; "
          f"processor {statistics.median(own):6.1f} ms, p95 {sorted(own)[last]:6.1f} ms")  # fmt: skip


def measure(count: int, folder: Path) -> None:
    """Make an index and print what it costs to make and to ask."""
    began, path = time.perf_counter(), folder / "names.sqlite"
    write_index(path, rows(count))
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"index of {count:,} organisations: {time.perf_counter() - began:.1f} s, "
          f"{path.stat().st_size / 1e6:.0f} MB, {used} MB of memory")  # fmt: skip
    known = Index(Reader(path))
    register = Register(known)
    asked = texts(count)
    for what, some in asked.items():
        show(f"search: {what}", [lambda q=q: matches(known, q) for q in some])  # type: ignore[misc]
    for what, some in asked.items():
        show(f"suggest: {what}, half typed", [
            lambda q=q: matches(known, q[: max(2, len(q) // 2)], unfinished=True) for q in some  # type: ignore[misc]
        ])  # fmt: skip
    for what, some in asked.items():
        show(
            f"reconcile: {what}", [lambda q=q: candidates(register, Asked(q), TODAY) for q in some]
        )  # type: ignore[misc]


def over_http(home: Path, asked: dict[str, list[str]]) -> None:
    """Ask a server on the build in service: searches, and batches of ten reconciliation queries."""
    with serving(home) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        for what, some in asked.items():
            show(f"HTTP search: {what}", [
                lambda q=q: get(connection, f"/api/v1/search?limit=20&q={quote(q)}") for q in some  # type: ignore[misc]
            ])  # fmt: skip
        every = [text for some in asked.values() for text in some]
        random.Random(3).shuffle(every)
        tens = [every[n : n + 10] for n in range(0, len(every) - 9, 10)]
        show("HTTP reconcile: batch of 10", [lambda t=ten: post(connection, t) for ten in tens])  # type: ignore[misc]


def post(connection: HTTPConnection, ten: list[str]) -> bytes:
    """Post one batch as OpenRefine does."""
    batch = {f"q{n}": {"query": text} for n, text in enumerate(ten)}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/reconcile", urlencode({"queries": json.dumps(batch)}), headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {body[:300]!r}")
    return body


def names_in(home: Path) -> dict[str, list[str]]:
    """Return what to look for in the build in service, from names in its own index."""
    reader, chance = Reader(home / "current" / "names.sqlite"), random.Random(7)
    last = reader.column("SELECT max(number) FROM thing WHERE kind = 'organisation'")[0]
    numbers = sorted(chance.sample(range(1, last + 1), min(TURNS, last)))
    names = [
        reader.column("SELECT label FROM thing WHERE number = ?", number)[0] for number in numbers
    ]
    codes = [
        code for n in numbers for code in reader.column("SELECT code FROM code WHERE thing = ?", n)
    ]
    return {
        "whole name": names,
        "misspelt name": [misspelt(name, chance) for name in names],
        "common word": [name.split()[-1] for name in names],
        "code": codes,
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        measure(int(sys.argv[1]), Path(scratch))
    if len(sys.argv) > 2:
        over_http(Path(sys.argv[2]), names_in(Path(sys.argv[2])))
