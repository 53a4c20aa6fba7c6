"""What every store can do. Everything above the store is written against `Store` alone.

The default graph of every query is the union of all named graphs, unless the query (FROM, FROM
NAMED) or the caller (`default_graphs`, `named_graphs`) says otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Literal as OneOf
from typing import Protocol, Self, TypeAlias

from rdflib import BNode, Graph, Literal, URIRef

Term: TypeAlias = URIRef | Literal | BNode
Row: TypeAlias = dict[str, Term]
Kind: TypeAlias = OneOf["select", "ask", "graph"]


@dataclass(frozen=True)
class Result:
    """A serialised answer: its bytes, media type, kind, and the data version it came from."""

    body: bytes
    media_type: str
    kind: Kind
    version: str


class Store(Protocol):
    """A queryable version of the data, safe to share between threads.

    `select`, `ask` and `graph` are for the server's own queries; `query` is for queries that
    users write. All raise `QuerySyntax`, `QueryRefused`, `QueryTooComplex`, `ResultTooLarge`,
    `QueryTimedOut`, `StoreBusy` or `StoreUnavailable` from `server.errors`. A `timeout` is in
    seconds; the store's own limit applies when it is None, and caps it otherwise.
    """

    @property
    def version(self) -> str:
        """The data version that the next query will see."""
        ...

    @property
    def graphs(self) -> frozenset[str]:
        """IRIs of the named graphs of that version."""
        ...

    def select(self, query: str, *, timeout: float | None = None) -> list[Row]:
        """Evaluate a SELECT query; each row maps the bound variables to rdflib terms."""
        ...

    def ask(self, query: str, *, timeout: float | None = None) -> bool:
        """Evaluate an ASK query."""
        ...

    def graph(self, query: str, *, timeout: float | None = None) -> Graph:
        """Evaluate a CONSTRUCT or DESCRIBE query into a graph in memory."""
        ...

    def triples(self, query: str, *, timeout: float | None = None) -> bytes:
        """Evaluate a CONSTRUCT or DESCRIBE query into N-Triples."""
        ...

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
        """Evaluate any query and serialise its result as the Accept header `accept` prefers.

        Relative IRIs are resolved against `base`.
        `default_graphs` and `named_graphs` are graph IRIs; when either is given, they replace
        the dataset that the query names. Raises `NotAcceptable` too.
        """
        ...

    def close(self) -> None:
        """Release processes and files. Closing twice is harmless."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
