"""What every write side can do, be it of a build or of a remote store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from server.errors import Forbidden, excerpt
from server.store.conditions import Condition
from server.store.operations import Operation


@dataclass(frozen=True)
class Written:
    """What a write did: the data version that has it, and whether it made or found its graph."""

    version: str
    created: bool = False
    existed: bool = True


def forbidden(graph: str) -> Forbidden:
    """Return what is raised for a write to a graph that is built from files."""
    return Forbidden(
        f"The graph “{excerpt(graph, 120)}” is built from files and is not changed over HTTP. "
        "Change the file and build again, or write to a graph of your own."
    )


class WriteSide(Protocol):
    """Changes the data behind the server. Safe to share between threads.

    Each call answers when readers see the write, and raises a `Problem` when nothing was written;
    `WriteUncertain` when that cannot be told. A graph that is built from files is Forbidden.
    """

    def update(self, text: str, operations: Sequence[Operation]) -> Written:
        """Apply an update; `text` is what the client wrote, for messages about its syntax."""
        ...

    def put(
        self, graph: str, triples: str, *, replace: bool, condition: Condition | None = None
    ) -> Written:
        """Add N-Triples to a graph, or replace its contents with them, if `condition` holds."""
        ...

    def delete(self, graph: str, condition: Condition | None = None) -> Written:
        """Remove a graph, if `condition` holds; `Written.existed` says whether there was one."""
        ...

    def close(self) -> None:
        """Refuse further writes, and give those under way a moment to end."""
        ...


class Documents(Protocol):
    """Reads documents that are to be written, in a process with limits."""

    def parse(self, data: bytes, media_type: str, base: str) -> str:
        """Parse an uploaded RDF document into N-Triples."""
        ...

    def fetch(self, address: str, seconds: float | None = None) -> str:
        """Fetch an RDF document from an allowed host, and parse it into N-Triples."""
        ...

    def close(self) -> None:
        """Release processes and files. Closing twice is harmless."""
        ...
