"""What an update consists of: operations, and the dataset that the protocol chooses for them."""

from collections.abc import Sequence
from dataclasses import dataclass

UNNAMED = "https://w3id.org/remit/id/graph/unnamed"


@dataclass(frozen=True)
class Operation:
    """One operation of an update: text that runs by itself, and the graphs that it may change.

    `everything` says that it changes all graphs (CLEAR ALL); `named` that it does so but for the one
    of what names no graph (CLEAR NAMED), and is its verb; `reads` that it has a WHERE clause.
    `load` is a document that must be fetched first: the text comes from `Load.operation` then.
    """

    text: str
    graphs: frozenset[str]
    everything: bool = False
    named: str = ""
    reads: bool = False
    load: "Load | None" = None


@dataclass(frozen=True)
class Load:
    """A document to fetch, the graph that it goes to, and whether to go on without it."""

    address: str
    graph: str
    silent: bool

    def operation(self, triples: str) -> Operation:
        """Return the operation that adds the document, given as N-Triples."""
        text = f"INSERT DATA {{ GRAPH <{self.graph}> {{\n{triples}}} }}"
        return Operation(text, frozenset({self.graph}))


@dataclass(frozen=True)
class Using:
    """The dataset that the protocol's parameters choose for the WHERE clauses of an update."""

    default: Sequence[str] = ()
    named: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.default or self.named)

    def clause(self) -> str:
        """Return the USING clauses that say the same."""
        parts = [f"USING <{iri}>" for iri in self.default]
        return " ".join([*parts, *(f"USING NAMED <{iri}>" for iri in self.named)]) + " "
