"""A store behind any SPARQL 1.1 endpoint: a server of another make, or a cluster.

Every call has a time limit. A call that failed on its way is tried again after a growing pause; an
endpoint that fails again and again is left alone for a while, and callers are told so at once.
"""

import hashlib
import random
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from SPARQLWrapper import POST, SPARQLWrapper

from loader.catalogue import query as stored
from server.errors import (
    NotAcceptable,
    Problem,
    QueryRefused,
    QuerySyntax,
    QueryTimedOut,
    ResultTooLarge,
    StoreUnavailable,
    excerpt,
)
from server.store import results
from server.store.circuit import Circuit
from server.store.dialect import counts_days, forms
from server.store.guard import inspect
from server.store.own import OwnQueries
from server.store.protocol import Kind, Result

_TRIES = 3
_PAUSE = 0.2
_GRAPHS_SECONDS = 60.0
_FAULTS = (URLError, HTTPException, ConnectionError)
_KINDS: dict[str, Kind] = {"SELECT": "select", "ASK": "ask"}
_OWN: dict[Kind, str] = {
    "select": results.JSON,
    "ask": results.JSON,
    "graph": results.N_TRIPLES,
}


class RemoteStore(OwnQueries):
    """The SPARQL endpoint at `address`. Implements `server.store.protocol.Store`.

    `seconds` is the longest that a query may take; `result_bytes` the largest result that is read.
    Raises StoreUnavailable, with the reason, whenever the endpoint cannot be reached.
    """

    def __init__(
        self,
        address: str,
        *,
        seconds: float = 10.0,
        result_bytes: int = 64 << 20,
        query_bytes: int = 256 << 10,
        depth: int = 100,
        pause: float = _PAUSE,
        circuit: Circuit | None = None,
    ) -> None:
        self._address = address
        self._seconds = seconds
        self._result_bytes = result_bytes
        self._query_bytes = query_bytes
        self._depth = depth
        self._pause = pause
        self._circuit = circuit or Circuit()
        self._lock = threading.Lock()
        self._known: tuple[float, frozenset[str]] = (-_GRAPHS_SECONDS, frozenset())
        self._able: bool | None = None  # to count days; not known before the first such question

    @property
    def version(self) -> str:
        """A name for what the endpoint holds: its address and graphs, for it names no version."""
        digest = hashlib.sha256(" ".join([self._address, *sorted(self.graphs)]).encode())
        return f"remote-{digest.hexdigest()[:12]}"

    @property
    def graphs(self) -> frozenset[str]:
        """IRIs of the named graphs, read again once a minute."""
        with self._lock:
            now = time.monotonic()
            if now - self._known[0] >= _GRAPHS_SECONDS:
                rows = self.select(stored("graphs", "views").text)
                self._known = (now, frozenset(str(row["graph"]) for row in rows))
            return self._known[1]

    def own(self, query: str, kind: Kind, timeout: float | None) -> bytes:
        """Evaluate one of our own queries; see `OwnQueries.own`."""
        if counts_days(query) and not self.counts_days():
            raise StoreUnavailable(
                "The store behind this server does not add lengths of time to days, so it cannot answer "
                "this question. Ask a server that keeps its own build."
            )
        *others, last = forms(query)
        for text in others:
            with suppress(QuerySyntax):
                return self._ask(text, _OWN[kind], timeout)
        return self._ask(last, _OWN[kind], timeout)

    def counts_days(self) -> bool:
        """Tell whether the endpoint adds lengths of time to days; asked once."""
        if self._able is None:
            try:
                answer = self._ask(stored("counts-days", "views").text, results.JSON, None)
                self._able = results.read_answer(answer)
            except (QuerySyntax, StoreUnavailable):  # it fails on the question, or altogether
                self._ask(stored("store-answers", "views").text, results.JSON, None)
                self._able = False
        return self._able

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
        dataset = (default_graphs, named_graphs)
        body = self._ask(query, wanted, timeout, dataset=dataset)
        return Result(body, media_type, kind, self.version)

    def close(self) -> None:
        """Do nothing: nothing is kept open between calls."""

    def _ask(
        self,
        query: str,
        media_type: str,
        timeout: float | None,
        *,
        dataset: tuple[Sequence[str], Sequence[str]] = ((), ()),
    ) -> bytes:
        seconds = min(timeout or self._seconds, self._seconds)
        deadline = time.monotonic() + seconds
        for attempt in range(_TRIES):
            self._circuit.check()
            left = deadline - time.monotonic()
            if left <= 0:
                raise QueryTimedOut(seconds)
            try:
                answer = self._once(query, media_type, left, dataset)
            except TimeoutError:
                raise QueryTimedOut(seconds) from None
            except _FAULTS as fault:
                self._circuit.failed()
                if attempt + 1 == _TRIES:
                    raise _unreachable(fault) from fault
                time.sleep(min(self._pause * 2**attempt * random.uniform(0.5, 1.5), max(0, left)))  # noqa: S311
            else:
                self._circuit.worked()
                return answer
        raise StoreUnavailable("The store cannot be reached.")  # pragma: no cover

    def _once(
        self,
        query: str,
        media_type: str,
        seconds: float,
        dataset: tuple[Sequence[str], Sequence[str]],
    ) -> bytes:
        wrapper = _Wrapper(self._address, media_type)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(
            True
        )  # else it adds parameters that some servers understand otherwise
        wrapper.setTimeout(max(1, round(seconds)))
        wrapper.setQuery(query)
        wrapper.queryType = (
            "SELECT"  # the wrapper's guess reads comments, and takes some for updates
        )
        for name, graphs in zip(("default-graph-uri", "named-graph-uri"), dataset, strict=True):
            for iri in graphs:
                wrapper.addParameter(name, iri)
        try:
            response, _ = wrapper._query()
            return self._read(response, time.monotonic() + seconds)
        except HTTPError as error:
            raise _refusal(error) from error
        except URLError as error:
            if isinstance(error.reason, TimeoutError | socket.timeout):
                raise TimeoutError from error
            raise

    def _read(self, response: Any, deadline: float) -> bytes:
        chunks, size = [], 0
        while chunk := response.read(1 << 16):
            size += len(chunk)
            if size > self._result_bytes:
                raise ResultTooLarge(self._result_bytes)
            if time.monotonic() > deadline:
                raise TimeoutError
            chunks.append(chunk)
        return b"".join(chunks)


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper with the media type that we negotiated, and HTTP errors as they came."""

    def __init__(self, endpoint: str, media_type: str) -> None:
        super().__init__(endpoint, agent="Remit")
        self._media_type = media_type

    def _getAcceptHeader(self) -> str:  # noqa: N802 - overrides
        return self._media_type

    def _query(self) -> tuple[Any, str]:
        return urlopen(self._createRequest(), timeout=self.timeout), self.returnFormat  # noqa: S310


def _refusal(error: HTTPError) -> Problem | Exception:
    """Turn a status of the endpoint into the error to raise; one that may pass is tried again."""
    with error:
        text = excerpt(error.read(2000).decode("utf-8", "replace"), 200)
    if error.code == 400:
        return QuerySyntax(f"The store did not accept the query: {text}")
    if error.code in (500, 502, 503, 504):
        if "timeout" in text.lower() or "timed out" in text.lower() or "exceeded" in text.lower():
            return QueryTimedOut(0)
        return ConnectionError(f"status {error.code}")
    return StoreUnavailable(f"The store answered with status {error.code}.")


def _unreachable(fault: Exception) -> StoreUnavailable:
    reason = getattr(fault, "reason", fault)
    return StoreUnavailable(
        f"The store behind this server does not answer ({excerpt(str(reason), 100)}). It was tried "
        f"{_TRIES} times. Try again in a minute.",
        headers={"Retry-After": "60"},
    )
