"""Ordinary clients beside runaway queries: how much slower do they get, and do they see errors?

Fifty clients ask a page, a named question, a look-up or an ad-hoc query about once a second each,
first alone and then while others fire queries that would run for ever. Prints the 50th and 99th
percentiles of both, and the number of answers that were not 200.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from site_ import get, serving

CLIENTS, RUNAWAYS, SECONDS = 50, 12, 15.0
LOOKUP = "SELECT ?p ?o {{ <https://w3id.org/remit/id/organisation/{0}> ?p ?o }}"
ORDINARY = [
    "/powers",
    "/organisations/RA7",
    "/api/v1/powers/direct-nhs-trust",
    "/api/v1/organisations/RVJ?asOf=2023-05-01",
    "/api/v1/search?q=Bristol",
    "/sparql?query=" + quote(LOOKUP.format("RA7")),
    "/sparql?query=" + quote(LOOKUP.format("RVJ")),
    "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?s a ?c }"),
]


def runaway(number: int) -> str:
    """Return a query that would not end, different for each number."""
    values = " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(20)))} }}" for i in range(12))
    kinds = (
        f"SELECT (COUNT(*) AS ?n{number}) {{ {values} }}",
        f"SELECT (GROUP_CONCAT(STR(?a)) AS ?x{number}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}",
        f"SELECT ?a{number} {{ ?a{number} ?b ?c . ?d ?e ?f . ?g ?h ?i }} ORDER BY ?i ?f ?c",
    )
    return "/sparql?query=" + quote(kinds[number % len(kinds)])


class Clients:
    """Threads that ask for a while, and what came of it."""

    def __init__(self, port: int, until: float) -> None:
        self.port, self.until = port, until
        self.times: list[float] = []
        self.statuses: list[int] = []

    def run(self, count: int, path: Callable[[int], str], pause: float) -> list[threading.Thread]:
        """Start `count` clients that ask the paths that `path` gives, about every `pause` seconds."""
        threads = [threading.Thread(target=self._one, args=(i, path, pause)) for i in range(count)]
        for thread in threads:
            thread.start()
        return threads

    def _one(self, number: int, path: Callable[[int], str], pause: float) -> None:
        chance = random.Random(number)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        time.sleep(chance.random() * pause)
        while time.monotonic() < self.until:
            began = time.monotonic()
            try:
                status, _ = get(
                    connection, path(chance.randrange(1_000_000)), "text/html;q=0.1, */*"
                )
            except OSError:
                connection.close()
                status = 0
            self.times.append(time.monotonic() - began)
            self.statuses.append(status)
            time.sleep(max(0.0, pause * (0.5 + chance.random()) - (time.monotonic() - began)))


def percentile(times: list[float], share: float) -> float:
    """Return a percentile in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def measure(port: int, runaways: int) -> Clients:
    """Let the ordinary clients ask for a while, beside so many clients with runaway queries."""
    until = time.monotonic() + SECONDS
    ordinary, hostile = Clients(port, until), Clients(port, until)
    threads = ordinary.run(CLIENTS, lambda n: ORDINARY[n % len(ORDINARY)], 1.0)
    threads += hostile.run(runaways, runaway, 0.01)
    for thread in threads:
        thread.join()
    if runaways:
        print("runaway answers:", {s: hostile.statuses.count(s) for s in set(hostile.statuses)})
    return ordinary


def main(home: Path) -> None:
    """Measure on the build in `home` and print."""
    with serving(home, REMIT_QUERY_SECONDS="3") as port:
        measure(port, 0)  # what is read once is read now
        found = {}
        for name, runaways in (("quiet", 0), ("flooded", RUNAWAYS)):
            clients = measure(port, runaways)
            found[name] = clients
            wrong = sum(status != 200 for status in clients.statuses)
            if wrong:
                print("answers:", {s: clients.statuses.count(s) for s in set(clients.statuses)})
            p50, p99 = percentile(clients.times, 0.5), percentile(clients.times, 0.99)
            print(
                f"{name:8} {len(clients.times)} answers, {wrong} wrong, p50 {p50:.0f} ms, p99 {p99:.0f} ms"
            )
        ratio = percentile(found["flooded"].times, 0.99) / percentile(found["quiet"].times, 0.99)
        print(f"p99 flooded / quiet: {ratio:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
