"""A server of our own in a process of its own, for measuring: started on a data folder, stopped at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path, threads: int = 64, **settings: str) -> Iterator[int]:
    """Serve the build in `home` while the block runs; gives the port."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("remit")), "serve"]
    command += ["--port", str(port), "--threads", str(threads)]
    environment = (
        os.environ | {"REMIT_HOME": str(home), "REMIT_RATE": "0", "REMIT_LOG": "off"} | settings
    )
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, cwd="/") as process:
        try:
            wait(port, "/ready")
            yield port
        finally:
            process.terminate()
            process.wait(40)


def wait(port: int, path: str, seconds: float = 60) -> None:
    """Wait until a path of a local server answers 200; raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection, suppress(OSError):
            if get(connection, path)[0] == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


def get(
    connection: HTTPConnection, path: str, accept: str = "application/json"
) -> tuple[int, bytes]:
    """Get a path over an open connection."""
    connection.request("GET", path, headers={"Accept": accept})
    response = connection.getresponse()
    return response.status, response.read()
