"""What every store does alike: our own queries, read into rows, answers and graphs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from rdflib import Graph

from server.store import results
from server.store.protocol import Kind, Row


class OwnQueries(ABC):
    """The part of `server.store.protocol.Store` that needs no more than `own`."""

    @abstractmethod
    def own(self, query: str, kind: Kind, timeout: float | None) -> bytes:
        """Evaluate one of our own queries of a kind; rows and answers as SPARQL JSON, graphs as N-Triples."""

    @abstractmethod
    def close(self) -> None:
        """Release processes and files. Closing twice is harmless."""

    def select(self, query: str, *, timeout: float | None = None) -> list[Row]:
        """Evaluate one of our own SELECT queries; see `Store.select`."""
        return results.read_rows(self.own(query, "select", timeout))

    def ask(self, query: str, *, timeout: float | None = None) -> bool:
        """Evaluate one of our own ASK queries; see `Store.ask`."""
        return results.read_answer(self.own(query, "ask", timeout))

    def graph(self, query: str, *, timeout: float | None = None) -> Graph:
        """Evaluate one of our own CONSTRUCT or DESCRIBE queries; see `Store.graph`."""
        return Graph().parse(data=self.triples(query, timeout=timeout), format="nt")

    def triples(self, query: str, *, timeout: float | None = None) -> bytes:
        """Evaluate one of our own CONSTRUCT or DESCRIBE queries; see `Store.triples`."""
        return self.own(query, "graph", timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
