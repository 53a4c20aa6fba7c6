"""A server on an empty build, and the folder of W3C's tests (https://github.com/w3c/rdf-tests).

The suites are not part of the project: name a copy of them in REMIT_W3C_TESTS. With REMIT_TEST_ENDPOINT and
REMIT_TEST_UPDATE the server runs over that remote store, which must be empty: each test leaves it so.
"""

import json
import os
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pyoxigraph as ox
import pytest
from werkzeug.serving import make_server

from server import create_app
from server.auth import new_token
from server.settings import Settings
from server.store.endpoint import Endpoint
from server.store.remote import RemoteStore

QUERIES = os.environ.get("REMIT_TEST_ENDPOINT", "")
UPDATES = os.environ.get("REMIT_TEST_UPDATE", "")


class Site:
    """A running server: requests to it, and the token that allows writes."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}", **headers}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer, data


@pytest.fixture(scope="session")
def suites() -> Path:
    named = os.environ.get("REMIT_W3C_TESTS", "")
    folder = Path(named) / "sparql" / "sparql11"
    if not named or not folder.is_dir():
        pytest.skip("REMIT_W3C_TESTS does not name a copy of github.com/w3c/rdf-tests")
    return folder


def empty_home(folder: Path) -> Path:
    """Make a data folder whose build holds nothing."""
    build = folder / "builds" / "empty"
    build.mkdir(parents=True)
    ox.Store(str(build / "store")).flush()
    (build / "manifest.json").write_text(
        json.dumps(
            {"version": "empty", "defaultGraph": "merged", "triples": 0, "made": "2026-01-01"}
        )
    )
    (folder / "current").symlink_to("builds/empty")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Settings of a server on an empty build, or over the empty remote store that is named."""
    home, tokens = tmp_path / "home", tmp_path / "tokens"
    if not (QUERIES and UPDATES):
        yield Settings(home=empty_home(home), tokens=tokens, workers=2)
        return
    if RemoteStore(QUERIES).graphs:
        pytest.exit(f"{QUERIES} is not empty, and these tests would remove what it holds.", 2)
    try:
        yield Settings(home=home, tokens=tokens, workers=1, remote=QUERIES, remote_update=UPDATES)
    finally:
        Endpoint(UPDATES).send("DROP ALL", 30)


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """A fresh server for each test."""
    token, line = new_token("w3c", ["update", "upload"])
    assert settings.tokens is not None
    settings.tokens.write_text(line)
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Site(server.server_port, token)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["remit"].close()
