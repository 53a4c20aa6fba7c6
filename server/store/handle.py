"""The server's end of one query worker."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from server.errors import StoreUnavailable
from server.store import worker
from server.store.builds import Build
from server.store.process import HUMBLE, Process, WorkerDiedError

__all__ = ["Hello", "Worker", "WorkerDiedError"]

_START_SECONDS = 60.0


@dataclass(frozen=True)
class Hello:
    """What a worker says once it has opened its store."""

    graphs: frozenset[str]
    sealed: bool


class Worker(Process):
    """One worker process. It serves one caller at a time; the pool sees to that.

    A `humble` one yields the processor to others, and is given users' queries not seen before.
    """

    def __init__(
        self, build: Build, *, memory_bytes: int, result_bytes: int, humble: bool = False
    ) -> None:
        self.build = build
        self.humble = humble
        self._hello: Hello | None = None
        arguments = {
            "path": str(build.store_path),
            "memory_bytes": memory_bytes,
            "result_bytes": result_bytes,
        }
        file = str(Path(worker.__file__))
        super().__init__([sys.executable, "-I", file, json.dumps(arguments)])
        if humble:
            self.lower_priority(HUMBLE)

    def is_ready(self) -> bool:
        """Say whether the worker has opened its store, or could not, without waiting."""
        return self._hello is not None or self.speaks()

    def ready(self) -> Hello:
        """Wait until the store is open. Raises StoreUnavailable when it cannot be opened."""
        if self._hello is None:
            try:
                reply = self.reply(_START_SECONDS)
            except WorkerDiedError:
                reply = None
            if reply is None or reply[:1] != worker.Reply.HELLO:
                raise StoreUnavailable("The build in service cannot be opened.")
            facts = json.loads(reply[1:])
            self._hello = Hello(frozenset(facts["graphs"]), facts["sealed"])
        return self._hello
