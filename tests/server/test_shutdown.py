"""SIGTERM: the server says that it stops, answers what it has begun, and ends by itself.

Slow, so it is run by name: pytest -m slow tests/server/test_shutdown.py
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

# Runs for some seconds: the time limit ends it, and that answer must come whole.
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    from site_ import free_port, wait

    build = tmp_path / "builds" / "v1"
    build.mkdir(parents=True)
    store = ox.Store(str(build / "store"))
    triples = "".join(f"<a:s{n}> <a:p{n % 7}> {n} ." for n in range(3000))
    store.load(f"{triples} GRAPH <a:g> {{ {triples} }}".encode(), ox.RdfFormat.TRIG)
    store.flush()
    facts = {"version": "v1", "defaultGraph": "merged", "triples": 3000, "made": "2026-01-01"}
    (build / "manifest.json").write_text(json.dumps(facts))
    (tmp_path / "current").symlink_to("builds/v1")
    port = free_port()
    settings = {"REMIT_HOME": str(tmp_path), "REMIT_QUERY_SECONDS": "4", "REMIT_DRAIN_SECONDS": "2"}
    command = [str(Path(sys.executable).with_name("remit")), "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, env=os.environ | settings, cwd="/", stderr=subprocess.DEVNULL
    )
    wait(port, "/ready")
    yield port, process
    process.kill()
    process.wait()


def get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("GET", path, headers={"Accept": "application/json"})
        with connection.getresponse() as response:
            response.read()
            return response.status


@pytest.mark.slow
def test_a_server_that_is_told_to_stop_finishes_its_requests(running) -> None:
    port, process = running
    answers: list[int] = []
    begun = threading.Event()

    def ask() -> None:
        begun.set()
        answers.append(get(port, f"/sparql?query={quote(LONG)}"))

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
