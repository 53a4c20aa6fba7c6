"""The build and the remote store that hold the same; see test_remote_answers.py for the settings."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store.embedded import EmbeddedStore
from server.store.limits import Limits
from server.store.remote import RemoteStore

ENDPOINT = os.environ.get("REMIT_TEST_ENDPOINT", "")
HOME = os.environ.get("REMIT_TEST_HOME", "")


@pytest.fixture(scope="session", autouse=True)
def named() -> None:
    if not (ENDPOINT and HOME):
        pytest.skip("REMIT_TEST_ENDPOINT and REMIT_TEST_HOME name no server and build")


@pytest.fixture(scope="session")
def near() -> Iterator[EmbeddedStore]:
    with EmbeddedStore(Path(HOME) / "current", Limits(seconds=60, memory_bytes=4 << 30)) as store:
        yield store


@pytest.fixture(scope="session")
def far() -> Iterator[RemoteStore]:
    with RemoteStore(ENDPOINT, seconds=60) as store:
        yield store
