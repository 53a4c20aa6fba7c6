"""Speed against peers in the same run: python tests/bench DATA_FOLDER [PEER …].

Prints the median of each job in milliseconds and the ratio to the peer: the bare engine in process, and SPARQL servers
that hold the same data. Each peer is NAME=ADDRESS of one that runs, or NAME=PROGRAM of one to start: `oxigraph` or
`rdflib-endpoint`, of the packages of those names. For example

    python3 -m venv /tmp/peers
    /tmp/peers/bin/pip install oxigraph 'rdflib-endpoint[cli]'
    make bench PEERS="oxigraph=/tmp/peers/bin/oxigraph rdflib=/tmp/peers/bin/rdflib-endpoint"

A question that a peer does not answer in time counts as that long, and is named. It may go on computing long after: a
peer that was started here is then started anew, so that the questions that follow find it idle.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import pyoxigraph as ox
from flood import main as flood
from peers import JSON, Peer, started
from runaway import main as runaway
from site_ import get, serving

from loader.catalogue import catalogue, query
from server.store.embedded import EmbeddedStore

TURNS, PATIENCE = 30, 10
LOOKUP = "SELECT ?p ?o { <https://w3id.org/remit/id/organisation/RA7> ?p ?o }"


def median(job: Callable[[], object], turns: int = TURNS) -> float:
    """Return the median time of a job in milliseconds, after one turn that does not count."""
    job()
    times = []
    for _ in range(turns):
        began = time.perf_counter()
        job()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def show(what: str, ours: float, peer: str, theirs: float) -> None:
    """Print one line: our median, the peer's, and the ratio."""
    print(f"{what:34} {ours:9.2f} ms   {peer:12} {theirs:9.2f} ms   ratio {ours / theirs:6.2f}")


def in_engine(store: ox.Store, text: str) -> Callable[[], object]:
    """Return a job that evaluates and serialises a query in this process."""

    def job() -> object:
        return store.query(text).serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[union-attr]

    return job


class Question:
    """A query asked of a SPARQL server over one open connection."""

    def __init__(self, address: str, text: str) -> None:
        self.address, self.text = address, text
        self._parts = urlsplit(address)
        self._connection = HTTPConnection(
            self._parts.hostname or "", self._parts.port or 80, timeout=PATIENCE
        )

    def ask(self) -> bool:
        """Ask, and read the answer; says whether it came in time. Raises RuntimeError for an error."""
        headers = {"Accept": JSON, "Content-Type": "application/sparql-query"}
        try:
            self._connection.request("POST", self._parts.path or "/", self.text.encode(), headers)
            response = self._connection.getresponse()
            body = response.read()
        except TimeoutError:
            self._connection.close()
            return False
        if response.status != 200:
            raise RuntimeError(f"{self.address} answered {response.status}: {body[:300]!r}")
        return True


@dataclass
class Asked:
    """What came of asking a server all questions: the median time of each, those not answered, those refused."""

    times: dict[str, float]
    late: list[str]
    refused: list[str]

    def total(self, names: Iterable[str]) -> float:
        """Return the time of asking some of the questions, one after the other."""
        return sum(self.times[name] for name in names)


def ask_all(server: Peer, texts: dict[str, str], turns: int = 5) -> Asked:
    """Ask a server all of `texts` by name, each several times; what takes too long is asked once."""
    asked = Asked({}, [], [])
    for name, text in texts.items():
        question = Question(server.address, text)
        try:
            if question.ask():
                asked.times[name] = median(question.ask, turns)
            else:
                asked.times[name] = PATIENCE * 1000
                asked.late.append(name)
                server.begin()
        except (RuntimeError, OSError, HTTPException) as error:
            print(f"{name}: {error}"[:300])
            asked.refused.append(name)
    return asked


def beside(ours: Peer, name: str, theirs: Peer, texts: dict[str, str]) -> None:
    """Print how long we and a peer take for all questions that the peer understands, and for those that it answers."""
    us, them = ask_all(ours, texts), ask_all(theirs, texts)
    for kind, names in (("not answered", them.late), ("refused", them.refused)):
        if names:
            print(f"{name}: {len(names)} of {len(texts)} {kind}: {', '.join(names)}")
    if us.late or us.refused:
        print(f"we: not answered: {us.late}, refused: {us.refused}")
    both = [each for each in them.times if each in us.times]
    done = [each for each in both if each not in them.late]
    for names in (both, done) if them.late else (both,):
        what = f"{len(names)} named questions as SPARQL"
        show(what, us.total(names), name, them.total(names))


def main(home: Path, peers: dict[str, str]) -> None:
    """Measure the build in `home` and print the lines."""
    engine = ox.Store.read_only(str(home / "current" / "store"))
    with EmbeddedStore(home / "current") as store:
        ours = median(lambda: store.query(LOOKUP, accept=JSON), 300)
        theirs = median(in_engine(engine, LOOKUP), 300)
        show("look-up through a query worker", ours, "engine", theirs)
    sheet = query("powers-of-organisation").text
    parts = [sheet, query("grounds-for-organisation").text, query("holders-of-powers").text]
    with serving(home) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        path = "/api/v1/organisations/RA7/powers?asOf=2022-06-30"
        ours = median(lambda: get(connection, path))
        theirs = median(lambda: [in_engine(engine, text)() for text in parts])
        show("answer sheet over HTTP", ours, "engine", theirs)
        us = Peer(f"http://127.0.0.1:{port}/sparql")
        texts = {name: each.text for name, each in catalogue("questions").items()}
        for name, where in peers.items():
            with TemporaryDirectory() as folder, started(name, where, home, Path(folder)) as peer:
                beside(us, name, peer, texts)
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        for page in (
            "/",
            "/organisations/RA7",
            "/powers",
            "/powers/direct-nhs-trust",
            "/api/v1/search?q=Bristol",
        ):
            ours = median(lambda page=page: get(connection, page, "text/html,*/*;q=0.5"))  # type: ignore[misc]
            print(f"{page:34} {ours:9.2f} ms")
    flood(home)
    runaway(home)


if __name__ == "__main__":
    main(Path(sys.argv[1]), dict(peer.split("=", 1) for peer in sys.argv[2:]))
