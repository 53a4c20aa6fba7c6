"""What is read ahead: the server is not ready before, and a new build is prepared before it is switched to."""

import threading
from pathlib import Path

import pytest
from flask import Flask

from server import create_app, warming
from server.settings import Settings
from server.store.embedded import EmbeddedStore
from server.store.limits import Limits
from server.store.protocol import Store

ONE = Limits(workers=1, reserved=0, strangers=0)


@pytest.fixture
def current(make_build, tmp_path: Path) -> Path:
    for name, facts in (("b1", {}), ("b2", {}), ("b3", {"writtenAfter": "b2"})):
        make_build(tmp_path / name, f"<a:build> <a:is> '{name}' .", version=name, **facts)
    (tmp_path / "current").symlink_to("b1")
    return tmp_path / "current"


def switch(link: Path, target: str) -> None:
    (link.parent / "next").symlink_to(target)
    (link.parent / "next").replace(link)


def until(store: EmbeddedStore, version: str) -> None:
    waiting = threading.Event()
    while store.version != version:
        waiting.wait(0.01)


def test_a_new_build_is_prepared_before_it_is_switched_to(current: Path) -> None:
    begun, go, seen = threading.Event(), threading.Event(), list[str]()

    def prepare(store: Store) -> None:
        seen.append(store.version)
        begun.set()
        assert go.wait(30)

    with EmbeddedStore(current, ONE) as store:
        store.prepare_with(prepare)
        switch(current, "b2")
        assert store.version == "b1"
        assert begun.wait(30)
        assert (store.version, seen) == ("b1", ["b2"])  # the old one is served meanwhile
        go.set()
        until(store, "b2")
        assert store.build.version == "b2"


def test_a_write_is_followed_at_once(current: Path) -> None:
    with EmbeddedStore(current, ONE) as store:
        store.prepare_with(lambda _: pytest.fail("a write is not prepared"))
        switch(current, "b3")
        assert store.version == "b3"


def test_a_build_that_cannot_be_prepared_is_taken_as_it_is(current: Path, caplog) -> None:
    def prepare(store: Store) -> None:
        raise ValueError("broken")

    with EmbeddedStore(current, ONE) as store:
        store.prepare_with(prepare)
        switch(current, "b2")
        until(store, "b2")
    assert "could not be prepared" in caplog.text


@pytest.fixture
def app(home: Path, store: EmbeddedStore) -> Flask:
    return create_app(Settings(home=home), store)


def test_the_server_is_ready_once_it_is_warm(app: Flask, monkeypatch) -> None:
    go, remit = threading.Event(), app.extensions["remit"]
    monkeypatch.setattr(warming, "warm", lambda _: go.wait(30))
    monkeypatch.setattr(remit.current, "prepare_with", lambda _: None)
    warming.start(app)
    cold = app.test_client().get("/ready")
    assert (cold.status_code, cold.headers["Retry-After"]) == (503, "2")
    assert app.test_client().get("/health").status_code == 200
    go.set()
    assert remit.warm.wait(60)
    assert app.test_client().get("/ready").status_code == 200


def test_a_server_that_stops_is_not_ready(app: Flask) -> None:
    app.extensions["remit"].stopping.set()
    assert app.test_client().get("/ready").status_code == 503
    assert app.test_client().get("/health").status_code == 200


def test_warming_reads_what_answers_need(store: EmbeddedStore) -> None:
    warming.warm(store)
