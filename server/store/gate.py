"""What this server fetches from others: only from hosts that are allowed, at addresses that are public.

The name of a host is resolved once, every address that it has is checked, and the connection goes
to a checked address: a name that changes its answer in between gains nothing. Proxies of the
environment are not used. Each fetch has a time limit and a size limit, over all redirects.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urljoin, urlsplit

from server.errors import QueryRefused, SourceFailed, StoreBusy, excerpt

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = 3
_AT_ONCE = 4
_CHUNK = 1 << 16
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_AGENT = "Remit"


@dataclass(frozen=True)
class Fetched:
    """What was fetched: the body, its media type, and the address that it came from in the end."""

    body: bytes
    media_type: str
    address: str


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Gate:
    """The way out. `hosts` holds names, each with a port where that is not the usual one.

    `loopback` lets allowed hosts be on this machine: for tests, and for nothing else. `most` is in
    bytes. Safe to share between threads; at most four fetches run at once.
    """

    def __init__(
        self,
        hosts: frozenset[str] = frozenset(),
        *,
        loopback: bool = False,
        most: int = 16 << 20,
        resolver: Resolve = resolve,
    ) -> None:
        self._hosts = hosts
        self._loopback = loopback
        self._most = most
        self._resolve = resolver
        self._room = threading.Semaphore(_AT_ONCE)

    def allows(self, address: str) -> bool:
        """Say whether an address is one of an allowed host; whether that is public shows when fetched."""
        try:
            self.check(address)
        except QueryRefused:
            return False
        return True

    def check(self, address: str) -> SplitResult:
        """Return the parts of an address that may be asked. Raises QueryRefused."""
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            host, port, parts = "", None, urlsplit("")
        usual = _PORTS.get(parts.scheme)
        named = host if port in (None, usual) else f"{host}:{port}"
        plain = not parts.username and not parts.password and address.isascii()
        if usual is None or not plain or not host or named not in self._hosts:
            raise QueryRefused(
                f"“{excerpt(address, 120)}” is not asked: this server fetches only from hosts that "
                "its operator allows (REMIT_ALLOW_HOSTS), over HTTP."
            )
        return parts

    def fetch(
        self,
        address: str,
        accept: str,
        *,
        seconds: float,
        form: bytes | None = None,
    ) -> Fetched:
        """Get `address`, or post `form` to it, within `seconds`; a form follows no redirects.

        Raises QueryRefused for a host that is not allowed or not public, SourceFailed for what goes
        wrong at the other side, StoreBusy when too many fetches run.
        """
        deadline = time.monotonic() + seconds
        if not self._room.acquire(timeout=seconds):
            raise StoreBusy("Too many requests to other servers are under way. Try again later.")
        try:
            for _ in range(_REDIRECTS + 1):
                found = self._once(address, accept, form, deadline)
                if isinstance(found, Fetched):
                    return found
                if form is not None:
                    raise _failed(address, "it sent us elsewhere")
                address = urljoin(address, found)
            raise _failed(address, "it sent us on too often")
        finally:
            self._room.release()

    def _once(
        self, address: str, accept: str, form: bytes | None, deadline: float
    ) -> Fetched | str:
        """Ask once; returns what came, or where a redirect leads."""
        parts = self.check(address)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port or _PORTS[parts.scheme]
        connection = _Pinned(
            host, port, self._public(host, port, deadline), parts.scheme == "https"
        )
        left = max(0.01, deadline - time.monotonic())
        connection.timeout = left
        alarm = threading.Timer(left, connection.cut)
        alarm.daemon = True
        alarm.start()
        headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": _AGENT}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with closing(connection):
                connection.request("GET" if form is None else "POST", target, form, headers)
                response = connection.getresponse()
                if 300 <= response.status < 400 and (place := response.getheader("Location")):
                    return place
                found = self._taken(address, response)
                if connection.was_cut:  # an answer without a length seems to end there
                    raise TimeoutError
                return found
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = connection.was_cut or isinstance(error, TimeoutError)
            raise _failed(address, "it took too long" if late else type(error).__name__) from error
        finally:
            alarm.cancel()

    def _taken(self, address: str, response: http.client.HTTPResponse) -> Fetched:
        if response.status != 200:
            raise _failed(address, f"status {response.status}")
        if response.getheader("Content-Encoding", "identity") != "identity":
            raise _failed(address, "it compressed its answer without being asked to")
        chunks, size = [], 0
        while chunk := response.read(_CHUNK):
            size += len(chunk)
            if size > self._most:
                raise _failed(address, f"its answer is larger than {self._most:,} bytes; narrow it")
            chunks.append(chunk)
        if response.length:  # promised, but cut off
            raise _failed(address, "its answer was cut off")
        media_type = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
        return Fetched(b"".join(chunks), media_type, address)

    def _public(self, host: str, port: int, deadline: float) -> str:
        """Resolve a host and return an address of it. Raises QueryRefused if any is not public."""
        try:
            answer = _resolvers().submit(self._resolve, host, port)
            found = answer.result(max(0.01, deadline - time.monotonic()))
        except (OSError, TooLate, UnicodeError) as error:
            raise _failed(host, "its name cannot be resolved") from error
        for each in found:
            if not self._fine(ipaddress.ip_address(each.partition("%")[0])):
                raise QueryRefused(
                    f"{excerpt(host)} is at an address that is not public, and so is not asked."
                )
        if not found:
            raise _failed(host, "its name has no address")
        return found[0]

    def _fine(self, address: Address) -> bool:
        if self._loopback and address.is_loopback:
            return True
        inner = _inner(address)
        return (
            address.is_global
            and not address.is_multicast
            and not address.is_reserved
            and (inner is None or self._fine(inner))
        )


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the name of the host resolves to by now."""

    def __init__(self, host: str, port: int, address: str, secure: bool) -> None:
        super().__init__(host, port)
        self._address, self._secure = address, secure
        self.was_cut = False
        self._open: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the address; TLS checks the certificate against the name."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            self.sock = _tls().wrap_socket(self.sock, server_hostname=self.host)
        self._open = self.sock  # the base class forgets its own when the answer is the last

    def cut(self) -> None:
        """End the connection at once, whatever it waits for."""
        self.was_cut = True
        with suppress(OSError):
            if self._open is not None:
                self._open.shutdown(socket.SHUT_RDWR)


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _resolvers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="resolving")


def _failed(address: str, why: str) -> SourceFailed:
    host = urlsplit(address).hostname or address
    return SourceFailed(f"{excerpt(host)} did not give what was asked: {excerpt(why)}.")
