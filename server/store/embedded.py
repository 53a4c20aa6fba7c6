"""The store that comes with Remit: Oxigraph on disk, queried in killable worker processes."""

import base64
import json
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rdflib import Graph

from server.errors import (
    NotAcceptable,
    Problem,
    QueryProblem,
    QueryRefused,
    QuerySyntax,
    ResultTooLarge,
    StoreUnavailable,
    excerpt,
)
from server.store import results
from server.store.builds import Build, link_target, read_build
from server.store.faults import syntax_error
from server.store.guard import inspect
from server.store.limits import Limits
from server.store.pool import Answer, Pool
from server.store.protocol import Kind, Result, Row
from server.store.worker import Reply

_LOG = logging.getLogger(__name__)
_JSON: dict[str, str | None] = {"select": results.JSON, "ask": results.JSON}
_TRIPLES: dict[str, str | None] = {"graph": results.N_TRIPLES}
_KINDS: dict[bytes, Kind] = {Reply.SELECT: "select", Reply.ASK: "ask", Reply.GRAPH: "graph"}


class EmbeddedStore:
    """The build that `path` names, be it a directory or a link that is switched while we run.

    Every call looks at the link first (one system call) and follows a switch; when the new build
    cannot be opened, the old one stays in service and the log says so. Implements
    `server.store.protocol.Store`. Raises StoreUnavailable when there is no build to begin with.
    """

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self._path = path
        self._target = link_target(path)
        self._switching = threading.Lock()
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

    def state(self) -> dict[str, int]:
        """Return the counts of the query workers; see `Pool.state`."""
        return self._pool.state()

    @property
    def graphs(self) -> frozenset[str]:
        """IRIs of the named graphs."""
        self._follow()
        return self._pool.graphs

    def select(self, query: str, *, timeout: float | None = None) -> list[Row]:
        """Evaluate one of our own SELECT queries; see `Store.select`."""
        answer = self._run(query, _JSON, timeout, trusted=True)
        _expect(answer, Reply.SELECT, "SELECT")
        return results.read_rows(answer.reply[1:])

    def ask(self, query: str, *, timeout: float | None = None) -> bool:
        """Evaluate one of our own ASK queries; see `Store.ask`."""
        answer = self._run(query, _JSON, timeout, trusted=True)
        _expect(answer, Reply.ASK, "ASK")
        return results.read_answer(answer.reply[1:])

    def graph(self, query: str, *, timeout: float | None = None) -> Graph:
        """Evaluate one of our own CONSTRUCT or DESCRIBE queries; see `Store.graph`."""
        answer = self._run(query, _TRIPLES, timeout, trusted=True)
        return Graph().parse(data=answer.reply[1:], format="nt")

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
            raise _failure(error, "", limits)
        return answer.reply[1:].decode()

    def reopen(self, path: Path) -> None:
        """Switch to the build at `path` now. Raises StoreUnavailable when it cannot be opened."""
        with self._switching:
            self._pool.reopen(read_build(path))
            self._path, self._target = path, link_target(path)

    def close(self) -> None:
        """End the workers."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _follow(self) -> None:
        target = link_target(self._path)
        if target == self._target or not self._switching.acquire(blocking=False):
            return
        try:
            self._target = target  # tried once: a broken build is not opened again and again
            self._pool.reopen(read_build(self._path))
            _LOG.info("now serving data version %s", self._pool.build.version)
        except StoreUnavailable as error:
            _LOG.error("build %s not opened, the old one stays: %s", target, error.detail)
        finally:
            self._switching.release()

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
        prologue = inspect(query, size=limits.query_bytes, depth=limits.depth)
        default, named = dataset
        chosen = bool(default or named)
        self._check_graphs(_local([*default, *named]) if chosen else prologue.graphs)
        request = {
            "query": query,
            "base": base,
            "formats": formats,
            "prefixes": prologue.prefixes,
            "union": not (prologue.graphs or self._pool.build.merged),
            "default_graphs": list(default) if chosen else None,
            "named_graphs": list(named),
        }
        seconds = min(limits.seconds if timeout is None else timeout, limits.seconds)
        answer = self._pool.run(request, seconds=seconds, trusted=trusted, shape=prologue.shape)
        if answer.reply[:1] == Reply.ERROR:
            raise _failure(json.loads(answer.reply[1:]), query, limits)
        return answer

    def _check_graphs(self, graphs: Sequence[str]) -> None:
        unknown = sorted(set(graphs) - self._pool.graphs)
        if unknown:
            raise QueryRefused(
                f"There is no graph “{excerpt(unknown[0], 120)}” here, and none is fetched from "
                "elsewhere. SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } lists those that exist."
            )


def _local(graphs: Sequence[str]) -> list[str]:
    """Leave out web addresses: as a dataset of the protocol, those not here are empty graphs."""
    return [graph for graph in graphs if not graph.startswith(("http://", "https://"))]


def _expect(answer: Answer, mark: bytes, form: str) -> None:
    if answer.reply[:1] != mark:
        raise QueryRefused(f"This call takes {form} queries only.")


def _failure(error: dict[str, Any], query: str, limits: Limits) -> Problem:
    """Turn the worker's error reply into the error to raise."""
    match error["kind"]:
        case "syntax":
            return syntax_error(error["message"], query)
        case "too-large":
            return ResultTooLarge(limits.result_bytes)
        case "not-acceptable":
            return NotAcceptable(list(results.OFFERED[error["message"]]))
        case "input-output":
            _LOG.error("the engine could not read: %s", error["message"])
            return StoreUnavailable("The engine could not read the data. Try the query again.")
        case _:
            return QueryProblem(
                f"The engine could not evaluate it: {excerpt(error['message'], 200)}"
            )
