"""Speed against peers in the same run: python tests/bench DATA_FOLDER [PEER=ADDRESS …].

Prints the median of each job in milliseconds and the ratio to the peer: the bare engine in process,
and any SPARQL servers that hold the same data (for example oxigraph=http://127.0.0.1:7878/query).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
from flood import main as flood
from site_ import get, serving

from loader.catalogue import catalogue, query
from server.store.embedded import EmbeddedStore

TURNS, PATIENCE, JSON = 30, 10, "application/sparql-results+json"
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


def over_http(address: str, text: str) -> Callable[[], object]:
    """Return a job that asks a SPARQL server over one open connection; it gives None when no answer came in time."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=PATIENCE)
    headers = {"Accept": JSON, "Content-Type": "application/sparql-query"}

    def job() -> object:
        try:
            connection.request("POST", parts.path or "/", text.encode(), headers)
            response = connection.getresponse()
            body = response.read()
        except TimeoutError:
            connection.close()
            return None
        if response.status != 200:
            raise RuntimeError(f"{address} answered {response.status}: {text[:200]}")
        return body

    return job


def ask_all(address: str, texts: list[str]) -> float:
    """Return the median time of asking a server all of `texts`, one after the other; once only of a slow server.

    What was not answered within `PATIENCE` seconds counts as that long, and is told.
    """
    jobs = [over_http(address, text) for text in texts]
    began = time.perf_counter()
    unanswered = [job() for job in jobs].count(None)
    first = (time.perf_counter() - began) * 1000
    if unanswered:
        print(f"{address}: {unanswered} of {len(texts)} not answered in {PATIENCE} s")
    return first if unanswered else median(lambda: [job() for job in jobs], 5)


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
        address = f"http://127.0.0.1:{port}/sparql"
        texts = [each.text for each in catalogue("questions").values()]
        for name, peer in peers.items():
            ours, theirs = ask_all(address, texts), ask_all(peer, texts)
            show(f"{len(texts)} named questions as SPARQL", ours, name, theirs)
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


if __name__ == "__main__":
    main(Path(sys.argv[1]), dict(peer.split("=", 1) for peer in sys.argv[2:]))
