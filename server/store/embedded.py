"""The store that comes with Remit: Oxigraph on disk, queried in killable worker processes."""

import base64
import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from server.errors import (
    QueryRefused,
    QuerySyntax,
    SourceFailed,
    StoreUnavailable,
    excerpt,
)
from server.store import results, services
from server.store.builds import Build, link_target, read_build
from server.store.faults import failure
from server.store.gate import Gate
from server.store.guard import inspect
from server.store.limits import Limits
from server.store.own import OwnQueries
from server.store.pool import Answer, Pool
from server.store.protocol import Kind, Result, Store
from server.store.worker import Reply

_LOG = logging.getLogger(__name__)
_ROWS: dict[str, str | None] = {"select": results.JSON, "ask": results.JSON}
_TRIPLES: dict[str, str | None] = {"graph": results.N_TRIPLES}
_OWN: dict[Kind, dict[str, str | None]] = {"select": _ROWS, "ask": _ROWS, "graph": _TRIPLES}
_KINDS: dict[bytes, Kind] = {Reply.SELECT: "select", Reply.ASK: "ask", Reply.GRAPH: "graph"}


_RDF = ", ".join(results.PARSED)
_ENDINGS = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".xml": "application/rdf+xml",
    ".jsonld": "application/ld+json",
}
_LEAST = 0.05
_MOST_FETCHED = 5

Prepare = Callable[[Store], object]


class EmbeddedStore(OwnQueries):
    """The build that `path` names, be it a directory or a link that is switched while we run.

    Every call looks at the link first (one system call) and follows a switch; when the new build
    cannot be opened, the old one stays in service and the log says so. With a `gate`, users'
    queries may ask the hosts that it allows (SERVICE, FROM). Implements
    `server.store.protocol.Store`. Raises StoreUnavailable when there is no build to begin with.
    """

    def __init__(self, path: Path, limits: Limits | None = None, gate: Gate | None = None) -> None:
        self._path = path
        self._gate = gate
        self._target = link_target(path)
        self._switching = threading.Lock()
        self._prepare: Prepare | None = None
        self._pool = Pool(read_build(path), limits)

    @property
    def version(self) -> str:
        """The data version that the next query will see."""
        self._follow()
        return self._pool.build.version

    @property
    def limits(self) -> Limits:
        """What queries may use."""
        return self._pool.limits

    @property
    def build(self) -> Build:
        """The build that the next query will see."""
        self._follow()
        return self._pool.build

    @property
    def federates(self) -> bool:
        """Whether users' queries may ask other servers."""
        return self._gate is not None

    def state(self) -> dict[str, int]:
        """Return the counts of the query workers; see `Pool.state`."""
        return self._pool.state()

    @property
    def graphs(self) -> frozenset[str]:
        """IRIs of the named graphs."""
        self._follow()
        return self._pool.graphs

    def own(self, query: str, kind: Kind, timeout: float | None) -> bytes:
        """Evaluate one of our own queries; see `OwnQueries.own`. Raises QueryRefused for another kind."""
        reply = self._run(query, _OWN[kind], timeout, trusted=True).reply
        if _KINDS[reply[:1]] != kind:
            raise QueryRefused(f"This call takes {kind} queries only.")
        return reply[1:]

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
        """Evaluate a user's query; see `Store.query`."""
        chosen = results.negotiate(accept)
        dataset = (default_graphs, named_graphs)
        answer = self._run(
            query, results.engine_formats(chosen), timeout, dataset=dataset, base=base
        )
        kind = _KINDS[answer.reply[:1]]
        return Result(answer.reply[1:], chosen[kind] or "", kind, answer.build.version)

    def parse(self, data: bytes, media_type: str, base: str) -> str:
        """Parse an uploaded RDF document into N-Triples, in a worker with its limits.

        Raises QuerySyntax, QueryTooComplex, QueryTimedOut, ResultTooLarge or StoreBusy.
        """
        upload = {"data": base64.b64encode(data).decode(), "media_type": media_type, "base": base}
        limits = self._pool.limits
        answer = self._pool.run({"query": "", "parse": upload}, seconds=limits.seconds)
        if answer.reply[:1] == Reply.ERROR:
            error = json.loads(answer.reply[1:])
            if error["kind"] in ("syntax", "evaluation"):
                raise QuerySyntax(f"The upload cannot be read: {excerpt(error['message'], 200)}.")
            raise failure(error, "", limits)
        return answer.reply[1:].decode()

    def prepare_with(self, prepare: Prepare) -> None:
        """Let `prepare` read what it needs of every new build from files before that is switched to.

        Meanwhile the old one is served. A write is followed at once, for who wrote wants to read it.
        """
        self._prepare = prepare

    def fetch(self, address: str, seconds: float | None = None) -> str:
        """Fetch an RDF document from an allowed host and parse it into N-Triples, as `parse` does.

        Raises QueryRefused for a host that is not allowed, SourceFailed when nothing of use came.
        """
        if self._gate is None:
            raise QueryRefused("This server fetches nothing from others. Upload to /data.")
        left = self._pool.limits.seconds if seconds is None else seconds
        found = self._gate.fetch(address, _RDF, seconds=left)
        ending = PurePosixPath(urlsplit(found.address).path).suffix
        media_type = (
            found.media_type
            if found.media_type in results.PARSED
            else _ENDINGS.get(ending, "text/turtle")
        )
        try:
            return self.parse(found.body, media_type, found.address)
        except QuerySyntax as error:
            raise SourceFailed(f"{excerpt(address, 120)} cannot be read. {error.detail}") from error

    def reopen(self, path: Path) -> None:
        """Switch to the build at `path` now. Raises StoreUnavailable when it cannot be opened."""
        with self._switching:
            self._pool.reopen(read_build(path))
            self._path, self._target = path, link_target(path)

    def close(self) -> None:
        """End the workers."""
        self._pool.close()

    def _follow(self) -> None:
        target = link_target(self._path)
        if target == self._target or not self._switching.acquire(blocking=False):
            return
        try:
            self._target = target  # tried once: a broken build is not opened again and again
            build = read_build(self._path)
            if self._prepare is None or build.written:
                self._pool.reopen(build)
                _LOG.info("now serving data version %s", build.version)
            else:
                arguments = (target, build, self._prepare)
                threading.Thread(target=self._take_over, args=arguments, daemon=True).start()
        except StoreUnavailable as error:
            _LOG.error("build %s not opened, the old one stays: %s", target, error.detail)
        finally:
            self._switching.release()

    def _take_over(self, target: str, build: Build, prepare: Prepare) -> None:
        """Prepare a build, then switch to it unless another has come into service meanwhile."""
        one = replace(self.limits, workers=1, reserved=0, strangers=0)
        try:
            with EmbeddedStore(build.path, one) as coming:
                prepare(coming)
        except Exception:
            _LOG.exception("build %s could not be prepared; it is taken as it is", build.version)
        with self._switching:
            if self._target != target:
                return
            try:
                self._pool.reopen(build)
                _LOG.info("now serving data version %s", build.version)
            except StoreUnavailable as error:
                _LOG.error("build %s not opened, the old one stays: %s", target, error.detail)

    def _run(
        self,
        query: str,
        formats: dict[str, str | None],
        timeout: float | None,
        *,
        trusted: bool = False,
        dataset: tuple[Sequence[str], Sequence[str]] = ((), ()),
        base: str | None = None,
    ) -> Answer:
        self._follow()
        limits = self._pool.limits
        most = max(limits.seconds, limits.own_seconds) if trusted else limits.seconds
        seconds = min(limits.seconds if timeout is None else timeout, most)
        deadline = time.monotonic() + seconds
        text, prologue = query, None
        if not trusted and self._gate is not None and "service" in query.lower():
            prologue, clauses = services.inspect(
                query, size=limits.query_bytes, depth=limits.depth, base=base or ""
            )
            text = services.expand(query, clauses, prologue.prefixes, self._gate, seconds)
        prologue = prologue or inspect(query, size=limits.query_bytes, depth=limits.depth)
        default, named = dataset
        chosen = bool(default or named)
        fetched = {} if trusted else self._fetched([*default, *named, *prologue.graphs], deadline)
        here = _local([*default, *named]) if chosen else prologue.graphs
        self._check_graphs([graph for graph in here if graph not in fetched])
        request = {
            "query": text,
            "base": base,
            "formats": formats,
            "prefixes": prologue.prefixes,
            "union": not (prologue.graphs or self._pool.build.merged),
            "default_graphs": list(default) if chosen else None,
            "named_graphs": list(named),
            "fetched": fetched,
            "graphs": prologue.graphs,
        }
        waited = bool(fetched) or text is not query
        left = max(_LEAST, deadline - time.monotonic()) if waited else seconds
        answer = self._pool.run(request, seconds=left, trusted=trusted, shape=prologue.shape)
        if answer.reply[:1] == Reply.ERROR:
            raise failure(json.loads(answer.reply[1:]), text, limits)
        return answer

    def _fetched(self, graphs: Sequence[str], deadline: float) -> dict[str, str]:
        """Return graphs of the dataset that are not here, but at allowed hosts, as N-Triples."""
        found: dict[str, str] = {}
        if self._gate is None:
            return found
        for graph in dict.fromkeys(graphs):
            if graph in self._pool.graphs or not self._gate.allows(graph):
                continue
            if len(found) >= _MOST_FETCHED:
                raise QueryRefused(f"At most {_MOST_FETCHED} graphs are fetched for one query.")
            found[graph] = self.fetch(graph, max(_LEAST, deadline - time.monotonic()))
        return found

    def _check_graphs(self, graphs: Sequence[str]) -> None:
        unknown = sorted(set(graphs) - self._pool.graphs)
        if unknown:
            raise QueryRefused(
                f"There is no graph “{excerpt(unknown[0], 120)}” here, and none is fetched from "
                "elsewhere. The service description at /sparql lists those that exist."
            )


def _local(graphs: Sequence[str]) -> list[str]:
    """Leave out web addresses: as a dataset of the protocol, those not here are empty graphs."""
    return [graph for graph in graphs if not graph.startswith(("http://", "https://"))]
