"""A store behind any SPARQL 1.1 endpoint: a server of another make, or a cluster."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from loader.catalogue import query as stored
from server.errors import NotAcceptable, QueryRefused, QuerySyntax, excerpt
from server.store import results
from server.store.circuit import Circuit
from server.store.dialect import forms
from server.store.endpoint import Endpoint
from server.store.engine import Engine
from server.store.guard import inspect
from server.store.own import OwnQueries
from server.store.protocol import Kind, Result
from server.store.remote_call import Dataset

_HELD_SECONDS = 60.0
_KINDS: dict[str, Kind] = {"SELECT": "select", "ASK": "ask"}
_OWN: dict[Kind, str] = {
    "select": results.JSON,
    "ask": results.JSON,
    "graph": results.N_TRIPLES,
}


class RemoteStore(OwnQueries):
    """The SPARQL endpoint at `address`. Implements `server.store.protocol.Store`.

    `login` is what it asks for in the Authorization header; `seconds` the longest that a query may
    take; `result_bytes` the largest result that is read. Raises StoreUnavailable, with the reason,
    whenever the endpoint cannot be reached.
    """

    def __init__(
        self,
        address: str,
        *,
        login: str = "",
        seconds: float = 10.0,
        result_bytes: int = 64 << 20,
        query_bytes: int = 256 << 10,
        depth: int = 100,
        pause: float = 0.2,
        circuit: Circuit | None = None,
    ) -> None:
        self._endpoint = Endpoint(
            address, login=login, result_bytes=result_bytes, pause=pause, circuit=circuit
        )
        self._seconds = seconds
        self._query_bytes = query_bytes
        self._depth = depth
        self._lock = threading.Lock()
        self._read_at = -_HELD_SECONDS
        self._held: tuple[frozenset[str], str] = (frozenset(), "")
        self._engine = Engine(lambda text: results.read_answer(self._understood(text, "ask", None)))

    @property
    def version(self) -> str:
        """The data version that the endpoint names, else a name for its address and graphs.

        It names one where a dump was loaded, or a server wrote (see `server.store.remote_writes`).
        What others change there is not told by it.
        """
        graphs, named = self._holds()
        digest = hashlib.sha256(" ".join([self._endpoint.address, *sorted(graphs)]).encode())
        return named or f"remote-{digest.hexdigest()[:12]}"

    @property
    def graphs(self) -> frozenset[str]:
        """IRIs of the named graphs."""
        return self._holds()[0]

    def forget(self) -> None:
        """Read the graphs and the version again before the next answer: something was written."""
        with self._lock:
            self._read_at = -_HELD_SECONDS

    def own(self, query: str, kind: Kind, timeout: float | None) -> bytes:
        """Evaluate one of our own queries; see `OwnQueries.own`."""
        self._engine.confirm(query)
        return self._understood(query, kind, timeout)

    def query(
        self,
        query: str,
        *,
        accept: str,
        timeout: float | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        base: str | None = None,
    ) -> Result:
        """Evaluate a user's query; see `Store.query`. The endpoint resolves relative IRIs itself."""
        prologue = inspect(query, size=self._query_bytes, depth=self._depth)
        if unknown := sorted(set(prologue.graphs) - self.graphs):
            raise QueryRefused(f"There is no graph “{excerpt(unknown[0], 120)}” here.")
        kind = _KINDS.get(prologue.form, "graph")
        media_type = results.negotiate(accept)[kind]
        if media_type is None:
            raise NotAcceptable(list(results.OFFERED[kind]))
        wanted = results.engine_formats({kind: media_type})[kind] or ""
        version = self.version  # first: an answer may be newer than it says, but never older
        body = self._ask(query, wanted, timeout, (default_graphs, named_graphs))
        return Result(body, media_type, kind, version)

    def close(self) -> None:
        """Do nothing: nothing is kept open between calls."""

    def _holds(self) -> tuple[frozenset[str], str]:
        """Return the named graphs and the version named there, read again once a minute."""
        with self._lock:
            now = time.monotonic()
            if now - self._read_at >= _HELD_SECONDS:
                graphs = self._listed("graphs") or self._listed("graphs-with-statements")
                named = self.select(stored("store-version", "views").text)
                self._held = (graphs, max((str(row["version"]) for row in named), default=""))
                self._read_at = now
            return self._held

    def _listed(self, name: str) -> frozenset[str]:
        rows = self.select(stored(name, "views").text)
        return frozenset(str(row["graph"]) for row in rows if "graph" in row)

    def _understood(self, query: str, kind: Kind, timeout: float | None) -> bytes:
        """Ask a query in the first of its forms that the endpoint understands."""
        *others, last = forms(query)
        for text in others:
            with suppress(QuerySyntax):
                return self._ask(text, _OWN[kind], timeout)
        return self._ask(last, _OWN[kind], timeout)

    def _ask(
        self, query: str, media_type: str, timeout: float | None, dataset: Dataset = ((), ())
    ) -> bytes:
        seconds = min(timeout or self._seconds, self._seconds)
        return self._endpoint.ask(query, media_type, seconds, dataset)
