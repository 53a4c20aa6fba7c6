"""A helper process of the server that answers framed requests: start it, ask it, wait for it, kill it."""

import ctypes
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from server.errors import StoreUnavailable
from server.store import worker

HUMBLE = 10
_CHUNK = 1 << 20
_MRELEASE = 448  # process_mrelease(2), the same number on every architecture
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",  # each arena reserves addresses, which the memory limit counts
    "PATH": os.defpath,
    "RUST_BACKTRACE": "0",
}


class WorkerDiedError(Exception):
    """The process ended without a whole reply; `returncode` is minus the signal that ended it."""

    def __init__(self, returncode: int) -> None:
        super().__init__(f"query worker ended with status {returncode}")
        self.returncode = returncode


class Process:
    """One process that reads frames from its input and writes frames to its output.

    It serves one caller at a time. Frames are those of `server.store.worker`.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._received = bytearray()
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_ENVIRONMENT,
            bufsize=0,
        )
        if self._process.stdin is None or self._process.stdout is None:  # pragma: no cover
            raise StoreUnavailable("A helper process could not be started.")
        self._requests, self._replies = self._process.stdin, self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._replies, select.POLLIN)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def alive(self) -> bool:
        """Say whether the process still runs."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any]) -> None:
        """Send a request. Raises WorkerDiedError when the process was gone already."""
        data = json.dumps(request).encode()
        frame = memoryview(worker.HEADER.pack(len(data)) + data)
        try:
            while frame:
                frame = frame[self._requests.write(frame) :]
        except OSError as error:
            raise WorkerDiedError(self._process.wait()) from error

    def reply(self, seconds: float) -> bytes | None:
        """Wait up to `seconds` for the reply; None when it has not come whole by then.

        Can be called again to go on waiting. Raises WorkerDiedError when the process ends first.
        """
        deadline = time.monotonic() + seconds
        while (reply := self._take()) is None:
            left = deadline - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
                return None
            data = os.read(self._replies.fileno(), _CHUNK)
            if not data:
                raise WorkerDiedError(self._process.wait())
            self._received += data
        return reply

    def speaks(self) -> bool:
        """Say whether something of a reply, or the end, is there to be read."""
        return bool(self._poll.poll(0))

    def _take(self) -> bytes | None:
        start = worker.HEADER.size
        if len(self._received) < start:
            return None
        end = start + worker.HEADER.unpack_from(self._received)[0]
        if len(self._received) < end:
            return None
        reply = bytes(memoryview(self._received)[start:end])
        self._received.clear()
        return reply

    def step_back(self) -> None:
        """Let others go first, so that short queries are answered beside a long one.

        It keeps a tenth of what an ordinary process gets: enough to come to an end on a machine that
        is busy with other things, and to be gone soon when it is killed, which takes processor time.
        """
        self.lower_priority(HUMBLE)
        if hasattr(os, "sched_setscheduler"):
            with suppress(OSError):
                os.sched_setscheduler(self.pid, os.SCHED_BATCH, os.sched_param(0))

    def lower_priority(self, nice: int) -> None:
        """Let others go first, by so many steps up to 19."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, nice)

    def kill(self) -> None:
        """Kill the process; whoever waits for a reply gets WorkerDiedError."""
        self._process.kill()

    def close(self) -> None:
        """Kill the process and wait for its end. Nobody may be waiting for a reply."""
        self.kill()
        if self._process.returncode is None:
            _take_back(self.pid)
        self.abandon()
        self._process.wait()

    def abandon(self) -> None:
        """Close our ends of the pipes, without touching the process (after a fork)."""
        for stream in (self._requests, self._replies):
            with suppress(OSError):
                stream.close()


def _take_back(pid: int) -> None:
    """Free the memory of a killed process now, not when it is its turn; older systems leave it to the process."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):  # pragma: no cover - Linux only
        return
    with suppress(OSError):
        number = os.pidfd_open(pid)
        try:
            ctypes.CDLL(None).syscall(_MRELEASE, number, 0)
        finally:
            os.close(number)
