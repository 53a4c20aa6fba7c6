"""Rate limits: how many requests one client may make, so that the others are served too."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from flask import Flask, request

from server.errors import TooManyRequests

_MOST_CLIENTS = 10_000
_FREE = frozenset({"/health", "/ready", "/metrics"})


class Buckets:
    """Token buckets by client: `rate` requests a minute, saved up to a quarter of a minute's worth.

    Safe to share between threads. The least recent client is forgotten beyond 10,000.
    """

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = rate / 60
        self._most = max(1.0, rate / 4)
        self._clock = clock
        self._lock = threading.Lock()
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take one request from a client's bucket; returns 0, or the seconds until there is one."""
        with self._lock:
            now = self._clock()
            left, then = self._clients.pop(client, (self._most, now))
            left = min(self._most, left + (now - then) * self._per_second)
            wait = 0.0 if left >= 1 else (1 - left) / self._per_second
            self._clients[client] = (left - 1 if wait == 0 else left, now)
            if len(self._clients) > _MOST_CLIENTS:
                self._clients.popitem(last=False)
            return wait


def client_of(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def install(app: Flask, rate: int) -> None:
    """Answer 429 to clients of `app` beyond `rate` requests a minute; 0 sets no limit."""
    if rate <= 0:
        return
    buckets = Buckets(rate)

    @app.before_request
    def limit() -> None:
        if request.path in _FREE:
            return
        wait = buckets.take(client_of(request.remote_addr or ""))
        if wait:
            raise TooManyRequests(math.ceil(wait))
