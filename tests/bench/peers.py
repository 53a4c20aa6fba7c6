"""SPARQL servers to measure beside: given by address, or as a program that is started here on the same data."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
from site_ import free_port, get

JSON = "application/sparql-results+json"
_LOADING = 600.0


class Peer:
    """A peer at an address; one that was started here can be started anew when it is stuck on a query."""

    def __init__(self, address: str, command: list[str] | None = None) -> None:
        self.address = address
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start the program, if it is ours, and wait until it has the data."""
        self.end()
        if self._command:
            self._process = subprocess.Popen(
                self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            _wait(self.address)

    def end(self) -> None:
        """End the program that was started."""
        if self._process:
            self._process.kill()
            self._process.wait()


def peer(name: str, where: str, home: Path, folder: Path) -> Peer:
    """Return a peer by its address, or by its program: that of Oxigraph, or rdflib-endpoint's."""
    if where.startswith("http://"):
        return Peer(where)
    port = free_port()
    if Path(where).name == "rdflib-endpoint":
        data = folder / "all.nq"
        ox.Store.read_only(str(home / "current" / "store")).dump(data, ox.RdfFormat.N_QUADS)
        command = [where, "serve", "--host", "127.0.0.1", "--port", str(port), str(data)]
        return Peer(f"http://127.0.0.1:{port}/", command)
    if Path(where).name == "oxigraph":
        store = str((home / "current" / "store").resolve())
        command = [where, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]
        return Peer(f"http://127.0.0.1:{port}/query", command)
    raise ValueError(f"{name}: {where} is neither an address nor a program that is known here")


@contextmanager
def started(name: str, where: str, home: Path, folder: Path) -> Iterator[Peer]:
    """Have a peer with the data of the build in `home` while the block runs."""
    found = peer(name, where, home, folder)
    found.begin()
    try:
        yield found
    finally:
        found.end()


def _wait(address: str) -> None:
    parts = urlsplit(address)
    deadline = time.monotonic() + _LOADING
    while time.monotonic() < deadline:
        connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=5)
        with suppress(OSError):
            if get(connection, f"{parts.path}?query={quote('ASK {}')}", JSON)[0] == 200:
                connection.close()
                return
        connection.close()
        time.sleep(0.2)
    raise TimeoutError(f"nothing answers at {address}")
