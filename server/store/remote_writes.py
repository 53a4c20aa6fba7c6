"""Writes to a remote store: each is one request, sent once.

The last operation of each request names a new data version in the store itself. So every server over
that store learns of the write, and a write whose answer was lost is looked up: where the store names
its version, it was done.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rdflib import OWL

from loader.dump import VERSION_GRAPH
from server.errors import PreconditionFailed, QueryTimedOut, StoreUnavailable, WriteUncertain
from server.store.conditions import Condition
from server.store.endpoint import Endpoint, UnansweredError
from server.store.operations import UNNAMED, Operation, Using, joined, protected
from server.store.remote import RemoteStore
from server.store.writing import Written, forbidden

_LOOKS = 3
_ANY = Using()


class RemoteWrites:
    """The write side of `store`, whose updates go to `endpoint`. Implements `WriteSide`.

    `seconds` is the longest that a write may take. Not for a remote store: conditions of a write,
    for nothing keeps others from writing between.
    """

    def __init__(self, store: RemoteStore, endpoint: Endpoint, *, seconds: float = 30.0) -> None:
        self._store = store
        self._endpoint = endpoint
        self._seconds = seconds
        self._closed = threading.Event()

    def update(self, text: str, operations: Sequence[Operation]) -> Written:
        """Apply an update as one request; see `WriteSide.update`.

        Raises QueryProblem, Forbidden or StoreUnavailable, and then nothing was changed where the
        store undoes a request that fails; WriteUncertain where that cannot be told.
        """
        using = next((each.using for each in operations if each.using), Using())
        listed = [one for each in operations for one in self._plain(each)]
        return Written(self._send(listed, using))

    def put(
        self, graph: str, triples: str, *, replace: bool, condition: Condition | None = None
    ) -> Written:
        """Add N-Triples to a graph, or replace its contents; see `WriteSide.put`."""
        _refuse_condition(condition)
        _refuse_protected([graph])
        texts = [f"DROP SILENT GRAPH <{graph}>"] if replace else []
        texts.append(f"CREATE SILENT GRAPH <{graph}>")
        if triples.strip():
            texts.append(f"INSERT DATA {{ GRAPH <{graph}> {{\n{triples}}} }}")
        created = graph not in self._graphs()
        return Written(self._send(_operations(texts)), created=created)

    def delete(self, graph: str, condition: Condition | None = None) -> Written:
        """Remove a graph; see `WriteSide.delete`."""
        _refuse_condition(condition)
        _refuse_protected([graph])
        if graph not in self._graphs():
            return Written(self._store.version, existed=False)
        return Written(self._send(_operations([f"DROP SILENT GRAPH <{graph}>"])))

    def close(self) -> None:
        """Refuse further writes."""
        self._closed.set()

    def _graphs(self) -> frozenset[str]:
        self._store.forget()
        return self._store.graphs

    def _plain(self, operation: Operation) -> list[Operation]:
        """Return what the store does: for all named graphs, one operation each, for ours has one name more."""
        touched = operation.graphs
        if operation.everything:
            touched = self._graphs() - {VERSION_GRAPH, *([UNNAMED] if operation.named else [])}
        _refuse_protected(touched)
        if not operation.named:
            return [operation]
        return _operations(f"{operation.named} SILENT GRAPH <{each}>" for each in sorted(touched))

    def _send(self, operations: Sequence[Operation], using: Using = _ANY) -> str:
        """Send operations as one request, and return the version that has them."""
        if self._closed.is_set():
            raise StoreUnavailable("The server is shutting down.")
        version = _new_version()
        try:
            update = joined([*operations, *_naming(version)])
            self._endpoint.send(update, self._seconds, (using.default, using.named))
        except UnansweredError as fault:
            if not self._done(version):
                raise WriteUncertain(
                    f"The write was sent to the store behind this server once, and no answer came "
                    f"({fault}). It may have been done, or be done yet. Look before you repeat it.",
                    version=version,
                ) from fault
        finally:
            self._store.forget()
        return version

    def _done(self, version: str) -> bool:
        """Look whether the store names the version by now."""
        for look in range(_LOOKS):
            time.sleep(self._endpoint.pause * 2**look)
            self._store.forget()
            try:
                if self._store.version == version:
                    return True
            except QueryTimedOut:  # it hangs
                return False
            except StoreUnavailable:
                continue
        return False


def _refuse_protected(graphs: Iterable[str]) -> None:
    for graph in sorted(graphs):
        if protected(graph):
            raise forbidden(graph)


def _refuse_condition(condition: Condition | None) -> None:
    if condition is not None:
        raise PreconditionFailed(
            "The store behind this server cannot tie a write to the state of a graph, so conditions "
            "(If-Match, If-None-Match) are never met here. Nothing was written; leave them out."
        )


def _new_version() -> str:
    made = datetime.now(UTC)
    return f"{made:%Y%m%dT%H%M%S}{made.microsecond // 1000:03}Z-w{secrets.token_hex(3)}"


def _naming(version: str) -> list[Operation]:
    """Return the operations that name a version in the store."""
    named = f'<{VERSION_GRAPH}> <{OWL.versionInfo}> "{version}"'
    inserted = f"INSERT DATA {{ GRAPH <{VERSION_GRAPH}> {{ {named} }} }}"
    return _operations([f"CLEAR SILENT GRAPH <{VERSION_GRAPH}>", inserted])


def _operations(texts: Iterable[str]) -> list[Operation]:
    return [Operation(text, frozenset()) for text in texts]
