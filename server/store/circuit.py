"""A circuit breaker: after several failures in a row, leave a broken service alone for a while."""

import threading
import time
from collections.abc import Callable

from server.errors import StoreUnavailable


class Circuit:
    """Opens after `most` failures in a row, for `seconds`; then lets one call try.

    Safe to share between threads. `clock` gives seconds.
    """

    def __init__(
        self, most: int = 5, seconds: float = 15.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def check(self) -> None:
        """Raise StoreUnavailable while the circuit is open."""
        with self._lock:
            left = self._until - self._clock()
            if self._failures < self._most:
                return
            if left > 0:
                raise StoreUnavailable(
                    "The store behind this server has failed several times in a row, and is left "
                    f"alone for {left:.0f} seconds more.",
                    headers={"Retry-After": str(max(1, round(left)))},
                )
            self._until = self._clock() + self._seconds  # this caller tries; the others wait

    def failed(self) -> None:
        """Note a failure."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._most:
                self._until = self._clock() + self._seconds

    def worked(self) -> None:
        """Note a success: the circuit is closed."""
        with self._lock:
            self._failures = 0
