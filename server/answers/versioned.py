"""What is read of a data version and kept, for whoever asks the same of the same version."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

from server.store.protocol import Store
from server.store.remote import RemoteStore

T = TypeVar("T")


class Versioned(Generic[T]):
    """Keeps at most `most` values, each of one key and data version. Safe to share between threads.

    The one that was not asked for the longest gives way. While a value is made, those who ask for
    the same wait for it, or for the error that its maker raises, and nobody else waits. The version
    of a remote store does not tell when its data change: `remote` says whether to keep its values.
    """

    def __init__(self, most: int = 4, *, remote: bool = True) -> None:
        self._most = most
        self._remote = remote
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._making: dict[Hashable, Future[T]] = {}

    def get(self, store: Store, make: Callable[[], T], key: Hashable = None) -> T:
        """Return what ``make`` gives, or gave for the same key and data version; raises what it raises.

        ``make`` reads ``store``, and never asks for the same value. What it read while the store
        switched to another version is not kept. Callers must not change the value.
        """
        if not self._remote and isinstance(store, RemoteStore):
            return make()
        version = store.version
        whole = (version, key)
        with self._lock:
            if whole in self._kept:
                self._kept.move_to_end(whole)
                return self._kept[whole]
            making = self._making.get(whole)
            if making is None:
                mine = self._making[whole] = Future()
        if making is not None:
            return making.result()
        try:
            value = make()
            self._keep(whole, value, sure=store.version == version)
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(value)
            return value
        finally:
            with self._lock:
                del self._making[whole]

    def _keep(self, whole: Hashable, value: T, *, sure: bool) -> None:
        if sure:
            with self._lock:
                self._kept[whole] = value
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)

    def values(self) -> list[T]:
        """Return what is kept now, oldest first."""
        with self._lock:
            return list(self._kept.values())
