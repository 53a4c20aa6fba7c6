"""SIGTERM: the server says that it stops, answers what it has begun, and ends by itself.

Slow, so it is run by name: pytest -m slow tests/server/test_shutdown.py
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from server.auth import new_token

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

# Runs for some seconds: the time limit ends it, and that answer must come whole.
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LARGE = "SELECT ?a ?d { ?a <a:p1> ?c . ?d <a:p2> ?f } LIMIT 100000"  # some megabytes
SERVE = "from server import http_worker, serving; http_worker.GRACE = {grace}; serving.run('127.0.0.1', {port}, 64)"
JSON = {"Accept": "application/json"}


@contextmanager
def serving(
    folder: Path, grace: int | None = None, **settings: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Serve a data folder; the grace is that of a server, or a shorter one."""
    from site_ import free_port, wait

    port = free_port()
    environment = os.environ | {"REMIT_HOME": str(folder), "REMIT_RATE": "0"} | settings
    command = [str(Path(sys.executable).with_name("remit")), "serve", "--port", str(port)]
    if grace is not None:
        command = [sys.executable, "-c", SERVE.format(grace=grace, port=port)]
    process = subprocess.Popen(
        command, env=environment, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL
    )
    try:
        wait(port, "/ready")
        yield port, process
    finally:
        process.kill()
        process.wait()


def get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("GET", path, headers=JSON)
        with connection.getresponse() as response:
            response.read()
            return response.status


def sparql(query: str) -> str:
    return f"/sparql?query={quote(query)}"


@pytest.mark.slow
def test_a_server_that_is_told_to_stop_finishes_its_requests(small_home: Path) -> None:
    with serving(small_home, REMIT_QUERY_SECONDS="4", REMIT_DRAIN_SECONDS="2") as (port, process):
        answers: list[int] = []
        begun = threading.Event()

        def ask() -> None:
            begun.set()
            answers.append(get(port, sparql(LONG)))

        thread = threading.Thread(target=ask)
        thread.start()
        assert begun.wait(30)
        while get(port, "/ready") != 200:
            pass
        process.send_signal(signal.SIGTERM)
        seen = [get(port, "/ready")]
        while seen[-1] == 200:  # the signal is on its way
            seen.append(get(port, "/ready"))
        assert seen[-1] == 503
        assert get(port, "/health") == 200  # requests are still taken
        thread.join(60)
        assert answers == [503]  # a time-out, told as such, and not a broken connection
        assert process.wait(60) == 0
        with pytest.raises(OSError, match="refused"):
            get(port, "/health")


class Client(threading.Thread):
    """Asks again and again until the server lets nobody in; what goes wrong before is told in `broken`."""

    def __init__(self, port: int, path: str, keeps: bool, begin: threading.Barrier) -> None:
        super().__init__()
        self.port, self.path, self.keeps, self.begin = port, path, keeps, begin
        self.statuses: Counter[int] = Counter()
        self.broken: list[str] = []

    def run(self) -> None:
        self.begin.wait(60)
        connection = self.connect()
        while connection:
            try:
                self.statuses[self.ask(connection)] += 1
            except (OSError, http.client.HTTPException) as error:
                self.broken.append(f"{self.path[:40]}: {error!r}")
                connection.close()
            if connection.sock is None or not self.keeps:
                connection.close()
                connection = self.connect()

    def connect(self) -> http.client.HTTPConnection | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.connect()
        except OSError:
            return None
        return connection

    def ask(self, connection: http.client.HTTPConnection) -> int:
        """Ask once and read all of the answer; returns its status."""
        connection.request("GET", self.path, headers=JSON)
        with connection.getresponse() as response:
            json.loads(response.read())
            return response.status


class Reader(Client):
    """Downloads, and reads so slowly that the server has to wait."""

    def connect(self) -> http.client.HTTPConnection | None:
        connection = super().connect()
        if connection:
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        return connection

    def ask(self, connection: http.client.HTTPConnection) -> int:
        connection.request("GET", self.path, headers=JSON)
        with connection.getresponse() as response:
            parts = []
            while part := response.read(1 << 18):
                parts.append(part)
                time.sleep(0.02)
            json.loads(b"".join(parts))
            return response.status


class Writer(Client):
    """Writes, and counts what was answered."""

    token = ""

    def ask(self, connection: http.client.HTTPConnection) -> int:
        number = self.statuses.total()
        body = f"INSERT DATA {{ GRAPH <g:{self.name}> {{ <a:n{number}> <a:p> {number} }} }}"
        headers = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/sparql-update",
        }  # fmt: skip
        connection.request("POST", "/update", body, headers)
        with connection.getresponse() as response:
            response.read()
            return response.status


PARTS: list[tuple[type[Client], int, Callable[[int], str]]] = [
    (Client, 18, lambda n: sparql(f"SELECT ?p ?o {{ <a:s{n}> ?p ?o }}")),
    (Client, 14, lambda _: "/health"),
    (Client, 10, lambda n: sparql(LONG.replace("?n", f"?n{n}"))),
    (Reader, 6, lambda n: sparql(LARGE.replace("?d", f"?d{n}"))),
    (Writer, 2, lambda _: "/update"),
]


@pytest.mark.slow
def test_a_server_in_the_midst_of_everything_breaks_no_answer_off(small_home: Path) -> None:
    Writer.token, line = new_token("writer", ["update"])
    (small_home / "tokens").write_text(line)
    begin = threading.Barrier(51)
    settings = {"REMIT_QUERY_SECONDS": "3", "REMIT_TOKENS": str(small_home / "tokens")}
    with serving(small_home, REMIT_DRAIN_SECONDS="1", **settings) as (port, process):
        clients = [
            kind(port, path(n), n % 2 == 0, begin)
            for kind, count, path in PARTS
            for n in range(count)
        ]
        for client in clients:
            client.start()
        begin.wait(60)
        while not all(client.statuses for client in clients if not isinstance(client, Reader)):
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        for client in clients:
            client.join(60)
    assert [line for client in clients for line in client.broken] == []
    for client in clients:
        assert set(client.statuses) <= {200, 503}
    for client in clients:
        if isinstance(client, Writer):  # what was answered is there
            store = ox.Store.read_only(str((small_home / "current" / "store").resolve()))
            found = list(
                store.quads_for_pattern(None, None, None, ox.NamedNode(f"g:{client.name}"))
            )
            assert len(found) >= client.statuses[200] > 0


@pytest.mark.slow
def test_what_outlasts_the_grace_is_told_that_the_server_stops(small_home: Path) -> None:
    with serving(small_home, grace=1, REMIT_QUERY_SECONDS="50") as (port, process):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", sparql(LONG), headers=JSON)
        while get(port, "/health") != 200 or not busy(port):
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        with connection.getresponse() as response:
            assert response.status == 503
            assert "shutting down" in json.loads(response.read())["detail"]
        connection.close()
        assert process.wait(30) == 0


def busy(port: int) -> bool:
    """Say whether a query was set aside, as the metrics tell."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("GET", "/metrics")
        with connection.getresponse() as response:
            return b"remit_query_workers_aside 1.0\n" in response.read()
