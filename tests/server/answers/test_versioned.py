"""What is read once per data version: by one reader, for all who ask, and never kept under another version."""

import threading
from dataclasses import dataclass, field

import pytest

from server.answers.versioned import Versioned
from server.store.remote import RemoteStore


@dataclass
class Switching:
    """A store of which a version is all that is asked; a build may come into service at any time."""

    version: str = "a"
    values: dict[str, str] = field(default_factory=lambda: {"a": "old", "b": "new"})

    def read(self) -> str:
        return self.values[self.version]


def test_a_value_is_made_once_for_each_version_and_key() -> None:
    kept, store, made = Versioned[str](), Switching(), list[str]()

    def make() -> str:
        made.append(store.version)
        return store.read()

    assert [kept.get(store, make) for _ in range(3)] == ["old"] * 3
    assert kept.get(store, make, "other") == "old"
    store.version = "b"
    assert kept.get(store, make) == "new"
    assert made == ["a", "a", "b"]


def test_a_value_read_while_the_store_switches_is_not_kept() -> None:
    kept, store = Versioned[str](), Switching()

    def make() -> str:
        store.version = "b"
        return store.read()

    assert kept.get(store, make) == "new"
    assert kept.values() == []
    store.version = "a"  # as a reader of the older version sees it
    assert kept.get(store, store.read) == "old"


def test_the_least_recent_gives_way() -> None:
    kept, store = Versioned[str](2), Switching()
    for key in ("x", "y", "x", "z"):
        kept.get(store, lambda key=key: key, key)  # type: ignore[misc]
    assert kept.values() == ["x", "z"]


def test_what_is_made_for_one_version_holds_up_no_other() -> None:
    kept, go, done = Versioned[str](2), threading.Event(), list[str]()

    def slow() -> str:
        assert go.wait(30)
        done.append("slow")
        return "a"

    threads = [threading.Thread(target=lambda: kept.get(Switching("a"), slow)) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert kept.get(Switching("b"), lambda: "b") == "b"
    assert done == []
    go.set()
    for thread in threads:
        thread.join()
    assert done == ["slow"]  # once, for all who asked
    kept.get(Switching("c"), lambda: "c")
    assert kept.values() == ["a", "c"]


def test_what_could_not_be_made_is_tried_again() -> None:
    kept, store = Versioned[str](), Switching()

    def broken() -> str:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        kept.get(store, broken)
    assert kept.get(store, lambda: "a") == "a"


def test_those_who_wait_get_the_error_of_the_one_who_makes() -> None:
    kept, store, begun, go = Versioned[str](), Switching(), threading.Event(), threading.Event()
    errors = list[str]()

    def broken() -> str:
        begun.set()
        assert go.wait(30)
        raise ValueError(f"broken after {len(errors)}")

    def ask() -> None:
        with pytest.raises(ValueError, match="broken after 0") as found:
            kept.get(store, broken)
        errors.append(str(found.value))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    threads[0].start()
    assert begun.wait(30)
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert len(errors) == 4


class Remote(RemoteStore):
    """A remote store whose version is known without asking it."""

    version = "remote"


@pytest.mark.parametrize(("keeps", "expected"), [(False, "12"), (True, "11")])
def test_values_of_a_remote_store_are_kept_only_where_that_is_wanted(
    keeps: bool, expected: str
) -> None:
    kept, numbers = Versioned[str](remote=keeps), iter("12")
    with Remote("http://127.0.0.1:9/") as store:
        assert kept.get(store, lambda: next(numbers)) + kept.get(store, lambda: next(numbers)) == (
            expected
        )
