"""Fixtures that many tests share: a build of the shipped registers, its store, and the application over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from loader.build import build
from server import create_app
from server.settings import Settings
from server.store.embedded import EmbeddedStore
from server.store.limits import Limits

SHARED = Path(__file__).parents[2] / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh", action="store_true", help="Write the golden answers anew.")


@pytest.fixture(scope="session")
def refresh(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--refresh"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a build of the shipped registers in service."""
    folder = tmp_path_factory.mktemp("remit")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def store(home: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(home / "current", Limits(workers=2, reserved=1, seconds=20)) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(home: Path, store: EmbeddedStore) -> FlaskClient:
    app = create_app(Settings(home=home), store)
    app.testing = True
    return app.test_client()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of source documents and real data beside the project; the test is skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("the source documents and real files (../shared) are not on this machine")
    return SHARED
