"""How soon is a runaway query gone after its limit: python tests/bench/runaway.py DATA_FOLDER.

Asks queries that would never end, each of another kind, of a server whose limit is two seconds: first alone, then
while as many processes as there are processors do nothing but count. Prints when the answer came and when the query's
process was gone, in milliseconds after the limit; before it where another limit ended the query.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from site_ import get, serving

LIMIT, TURNS, PATIENCE = 2, 3, 15.0
_VALUES = " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(20)))} }}" for i in range(12))
_DOUBLED = " ".join(f"BIND(CONCAT(?s{i}, ?s{i}) AS ?s{i + 1})" for i in range(20))
_THREE = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
_TEXT = "CONCAT(STR(?a), STR(?d), STR(?h))"
KINDS = {
    "product of VALUES": f"SELECT (COUNT(*) AS ?n) {{ {_VALUES} }}",
    "join without an end": f"SELECT (COUNT(*) AS ?n) {{ {_THREE} }}",
    "GROUP_CONCAT": f"SELECT (GROUP_CONCAT(STR(?a)) AS ?n) {{ {_VALUES} {_THREE} }}",
    "property paths": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>)* ?b . ?c (!<x:y>)* ?d }",
    "sorting (memory)": f"SELECT * {{ {_THREE} }} ORDER BY ?i ?f ?c",
    "doubled strings (memory)": f"SELECT * {{ {_THREE} BIND(STR(?a) AS ?s0) {_DOUBLED} }} ORDER BY ?s20",
    "regular expressions": f"SELECT (COUNT(*) AS ?n) {{ {_THREE} FILTER(REGEX({_TEXT}, '(.*a){{30}}$')) }}",
    "nested too deeply": f"SELECT * {{ {'{' * 2000} ?a ?b ?c {'}' * 2000} }}",
}


@dataclass(frozen=True)
class Ended:
    """When the answer came and when the process was gone, in seconds after the request; 0 for no process."""

    status: int
    answered: float
    gone: float


def workers() -> list[int]:
    """Return the query workers below this process."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, parent = (
                int(entry.parent.name),
                int(entry.read_text().rpartition(")")[2].split()[1]),
            )
        except OSError:
            continue
        below.setdefault(parent, []).append(pid)
    found, waiting = [], [os.getpid()]
    while waiting:
        children = below.get(waiting.pop(), [])
        waiting += children
        found += [pid for pid in children if _is_worker(pid)]
    return found


def _is_worker(pid: int) -> bool:
    try:
        return b"store/worker.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def ask(port: int, query: str) -> Ended:
    """Ask a runaway query, and watch the processes that could run it."""
    watch = select.poll()
    watched = [os.pidfd_open(pid) for pid in workers()]
    for each in watched:
        watch.register(each, select.POLLIN)
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    watch.register(connection.sock, select.POLLIN)
    began, answered, gone = time.monotonic(), 0.0, 0.0
    headers = {"Accept": "application/json", "Content-Type": "application/sparql-query"}
    connection.request("POST", "/sparql", query, headers)
    while not answered or (not gone and time.monotonic() < began + PATIENCE):
        for number, _ in watch.poll(500 if answered else 60_000):
            watch.unregister(number)
            if number == connection.sock.fileno():
                answered = time.monotonic() - began
            else:
                gone = time.monotonic() - began
        if answered and answered < LIMIT / 4 and not gone:
            break  # refused before it began
    for each in watched:
        os.close(each)
    status = connection.getresponse().status
    connection.close()
    return Ended(status, answered, gone)


@contextmanager
def crowded() -> Iterator[None]:
    """Keep every processor busy."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def measure(port: int, name: str, query: str) -> None:
    """Ask a query several times and print the worst."""
    ends = []
    for turn in range(TURNS):
        ends.append(ask(port, query.replace("?a", f"?a{turn}")))
        time.sleep(0.5)
    answered, gone = max(e.answered for e in ends) - LIMIT, max(e.gone for e in ends) - LIMIT
    told = f"gone {gone * 1000:6.0f} ms" if any(e.gone for e in ends) else "never begun"
    statuses = "/".join(str(e.status) for e in ends)
    print(f"  {name:26} {statuses:12} answered {answered * 1000:6.0f} ms, {told}", flush=True)


def main(home: Path) -> None:
    """Measure on the build in `home` and print."""
    with serving(home, REMIT_QUERY_SECONDS=str(LIMIT)) as port:
        get(HTTPConnection("127.0.0.1", port, timeout=60), "/powers")
        print(f"runaway queries: the worst of {TURNS}, after their limit of {LIMIT} s")
        for name, query in KINDS.items():
            measure(port, name, query)
        print("the same, while all processors are busy")
        with crowded():
            for name, query in KINDS.items():
                measure(port, name, query)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
