"""Fixtures that many tests share: a build of the shipped registers, its store, and the application over it."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from loader.build import build
from server import create_app
from server.settings import Settings
from server.store.embedded import EmbeddedStore
from server.store.limits import Limits
from server.store.protocol import Store
from server.store.remote import RemoteStore

SHARED = Path(__file__).parents[2] / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh", action="store_true", help="Write the golden answers anew.")


@pytest.fixture(scope="session")
def refresh(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--refresh"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a build of the shipped registers in service, or of those that REMIT_TEST_REGISTERS names."""
    folder = tmp_path_factory.mktemp("remit")
    named = os.environ.get("REMIT_TEST_REGISTERS")
    build(folder, Path(named) if named else None)
    return folder


@pytest.fixture(scope="session")
def store(home: Path) -> Iterator[Store]:
    """A store over that build, or the server that REMIT_TEST_ENDPOINT names (tests/remote)."""
    if address := os.environ.get("REMIT_TEST_ENDPOINT"):
        with RemoteStore(address, seconds=60) as far:
            yield far
        return
    with EmbeddedStore(home / "current", Limits(workers=2, reserved=1, seconds=20)) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(home: Path, store: Store) -> FlaskClient:
    app = create_app(Settings(home=home), store)
    app.testing = True
    return app.test_client()


@contextmanager
def _over_http(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def over_http() -> Callable[[Flask], AbstractContextManager[str]]:
    """Serves an application on a free port while the block runs; the block is given its address."""
    return _over_http


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of source documents and real data beside the project; the test is skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("the source documents and real files (../shared) are not on this machine")
    return SHARED
