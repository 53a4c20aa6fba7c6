"""Answers of a moment ago, kept for the next reader who asks the same of the same data version."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from server.store.protocol import Store
from server.store.remote import RemoteStore

T = TypeVar("T")


class Recent:
    """At most ``most`` answers; the one that was not asked for the longest gives way.

    Answers of a remote store are not kept: its version does not tell when its data change.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, store: Store, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` gives, or gave for the same key and data version. Callers must not change it."""
        if isinstance(store, RemoteStore):
            return make()
        version = store.version
        whole = (version, key)
        with self._lock:
            if whole in self._kept:
                self._kept.move_to_end(whole)
                return cast(T, self._kept[whole])
        made = make()
        if store.version == version:
            with self._lock:
                self._kept[whole] = made
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return made
