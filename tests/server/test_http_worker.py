"""The server as a socket sees it: what is no HTTP, bodies cut short, and clients that keep it waiting."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pyoxigraph as ox
import pytest

from server import http_worker
from server.auth import new_token

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

# As the server does, with less patience.
SERVE = (
    "from server import http_worker, serving; http_worker.HEADER_SECONDS = 1.0; "
    "http_worker.IDLE_SECONDS = 1; serving.run('127.0.0.1', {port}, 8)"
)
POST = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


@pytest.fixture(scope="module")
def home(make_home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found: Path = make_home(tmp_path_factory.mktemp("worker"))
    return found


@pytest.fixture(scope="module")
def token(home: Path) -> str:
    found, line = new_token("writer", ["update"])
    (home / "tokens").write_text(line)
    return found


@pytest.fixture(scope="module")
def port(home: Path, token: str) -> Iterator[int]:
    from site_ import free_port, wait

    found = free_port()
    settings = {"REMIT_HOME": str(home), "REMIT_TOKENS": str(home / "tokens"), "REMIT_RATE": "0"}
    settings["REMIT_QUERY_SECONDS"] = "60"
    with subprocess.Popen(
        [sys.executable, "-c", SERVE.format(port=found)],
        env=os.environ | settings,
        cwd=Path(__file__).parents[2],
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait(found, "/health")
            yield found
        finally:
            process.terminate()
            process.wait(60)


@contextmanager
def sent(port: int, data: str) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(data.encode())
        yield connection


def told(connection: socket.socket) -> tuple[int, dict[str, object]]:
    """Read one answer that ends its connection, or has a length; returns status and problem."""
    data = b""
    while part := connection.recv(1 << 16):
        data += part
        head, _, body = data.partition(b"\r\n\r\n")
        if b"Content-Length: %d\r\n" % len(body) in head + b"\r\n":
            break
    return int(data.split()[1]), json.loads(data.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ("<script>\r\n\r\n", 400),
        ("GET /" + "x" * 9000 + " HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        ("GET /health HTTP/1.1\r\nHost: x\r\nX: " + "x" * 20_000 + "\r\n\r\n", 431),
        ("GET /health HTTP/1.1\r\nHost: x\r\nBad name: x\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\n\r\n", 400),
        (POST + "Expect: <script>\r\nContent-Length: 5\r\n\r\nASK{}", 417),
        (POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}", 400),
        (POST + "Transfer-Encoding: chunked\r\n\r\n<script>\r\nASK\r\n", 400),
    ],
)
def test_what_is_no_request_is_a_problem_that_echoes_nothing(
    port: int, data: str, status: int
) -> None:
    with sent(port, data) as connection:
        found, problem = told(connection)
    assert (found, problem["status"]) == (status, status)
    assert "script" not in json.dumps(problem)


def test_a_body_in_chunks_is_read(port: int) -> None:
    body = "Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n"
    with sent(port, POST + body) as connection:
        assert told(connection)[1]["boolean"] is True


def test_an_update_that_is_cut_short_is_not_done(port: int, home: Path, token: str) -> None:
    update = "INSERT DATA { <a:cut> <a:short> 1 }"  # whole, but more was announced
    head = (
        f"POST /update HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/sparql-update\r\nContent-Length: {len(update) + 20}\r\n\r\n"
    )
    with sent(port, head + update) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert told(connection)[0] == 400
    store = ox.Store.read_only(str((home / "current" / "store").resolve()))
    assert not list(store.quads_for_pattern(ox.NamedNode("a:cut"), None, None))


def test_a_body_that_does_not_come_is_not_waited_for(port: int) -> None:
    with sent(port, POST + "Content-Length: 50\r\n\r\nASK{}") as connection:
        assert told(connection)[0] == 400
    with sent(port, POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nASK") as connection:
        assert told(connection)[0] == 400


def test_a_head_that_does_not_come_is_not_waited_for(port: int) -> None:
    with sent(port, "GET /health HTTP/1.1\r\nHo") as connection:
        assert connection.recv(1) == b""


@pytest.mark.slow
def test_a_client_that_takes_nothing_is_left(port: int) -> None:
    query = "SELECT * { ?a <a:p1> ?c . ?d <a:p2> ?f } LIMIT 60000"  # more than a socket holds
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", port))
        connection.sendall(f"{POST}Content-Length: {len(query)}\r\n\r\n{query}".encode())
        head = connection.recv(1 << 12).decode()
        time.sleep(5)  # several times as long as is waited
        taken = 0
        try:
            while part := connection.recv(1 << 20):
                taken += len(part)
        except ConnectionResetError:
            pass
    length = int(head.partition("Content-Length: ")[2].split()[0])
    assert taken < length - len(head)


def test_a_refusal_is_http() -> None:
    head, _, body = http_worker.refusal(HTTPStatus.BAD_REQUEST).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert json.loads(body)["status"] == 400
