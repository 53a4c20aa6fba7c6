"""What is read once per data version, and kept for the last few."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Versioned(Generic[T]):
    """Keeps a value for each of the last `most` data versions. Safe to share between threads.

    While the value of one version is made, those who ask for it wait, and nobody else does.
    """

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}

    def get(self, version: str, make: Callable[[], T]) -> T:
        """Return the value of a version, made by ``make`` at first asking; raises what ``make`` raises."""
        with self._lock:
            if version in self._kept:
                self._kept.move_to_end(version)
                return self._kept[version]
            making = self._making.setdefault(version, threading.Lock())
        with making:
            with self._lock:
                if version in self._kept:
                    return self._kept[version]
            value = make()
            with self._lock:
                self._kept[version] = value
                self._making.pop(version, None)
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return value

    def values(self) -> list[T]:
        """Return what is kept now, oldest first."""
        with self._lock:
            return list(self._kept.values())
