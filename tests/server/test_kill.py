"""Kill -9 of the whole server during writes: what was answered is there, what was not is whole or absent.

Slow, so it is run by name: pytest -m slow tests/server/test_kill.py
"""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from server.auth import new_token
from server.store.embedded import EmbeddedStore

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
WRITES = 100


def start(home: Path, tokens: Path, port: int) -> subprocess.Popen[bytes]:
    from site_ import wait

    environment = os.environ | {
        "REMIT_HOME": str(home), "REMIT_TOKENS": str(tokens), "REMIT_RATE": "0", "REMIT_LOG": "off",
    }  # fmt: skip
    command = [str(Path(sys.executable).with_name("remit")), "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, env=environment, cwd="/", stderr=subprocess.DEVNULL, start_new_session=True
    )
    wait(port, "/health")
    return process


def write(port: int, token: str, number: int) -> bool:
    """Write two statements in two graphs; says whether the write was answered."""
    pair = "".join(f"GRAPH <g:{g}> {{ <a:n{number}> <a:p{g}> {number} }} " for g in (1, 2))
    body = urlencode({"update": f"INSERT DATA {{ {pair} }}"})
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with closing(connection):
        try:
            connection.request("POST", "/update", body, headers)
            with connection.getresponse() as response:
                return response.status == 200
        except (OSError, http.client.HTTPException):
            return False


@pytest.mark.slow
def test_nothing_is_lost_or_half_done(home: Path, tmp_path: Path) -> None:
    from site_ import free_port

    copy = tmp_path / "home"
    subprocess.run(["cp", "-a", str(home), str(copy)], check=True)
    token, line = new_token("killer", ["update"])
    (tmp_path / "tokens").write_text(line)
    chance, answered, port = random.Random(7), set[int](), free_port()
    process = start(copy, tmp_path / "tokens", port)
    for number in range(WRITES):
        if number % 20 == 10:
            victim = process
            timer = threading.Timer(
                chance.uniform(0, 0.06), os.killpg, (victim.pid, signal.SIGKILL)
            )
            timer.start()
            if write(port, token, number):
                answered.add(number)
            timer.join()
            victim.wait()
            port = free_port()
            process = start(copy, tmp_path / "tokens", port)
        elif write(port, token, number):
            answered.add(number)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(0.2)
    with EmbeddedStore(copy / "current") as store:
        found = [
            {
                str(row["s"])
                for row in store.select(f"SELECT ?s {{ GRAPH <g:{g}> {{ ?s <a:p{g}> ?o }} }}")
            }
            for g in (1, 2)
        ]
    assert found[0] == found[1]  # none half done
    assert {f"a:n{number}" for number in answered} <= found[0]  # none lost
    assert len(answered) >= WRITES - 5
