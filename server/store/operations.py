"""What an update consists of: operations, and the dataset that the protocol chooses for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from loader.terms import GRAPH

UNNAMED = f"{GRAPH}unnamed"
_STATE = f"{GRAPH}state/"


def protected(graph: str) -> bool:
    """Say whether a graph comes from files, and so is changed by changing those and not over HTTP."""
    return graph.startswith(GRAPH) and graph != UNNAMED and not graph.startswith(_STATE)


@dataclass(frozen=True)
class Using:
    """The dataset that the protocol's parameters choose for the WHERE clauses of an update."""

    default: Sequence[str] = ()
    named: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.default or self.named)

    def clause(self) -> str:
        """Return the USING clauses that say the same; nothing where there are none."""
        parts = [f"USING <{iri}> " for iri in self.default]
        return "".join([*parts, *(f"USING NAMED <{iri}> " for iri in self.named)])


@dataclass(frozen=True)
class Declaration:
    """What declares a prefix, whose name ends with a colon, or the base, which has no name."""

    name: str
    text: str


@dataclass(frozen=True)
class Operation:
    """One operation of an update, and the graphs that it may change.

    `body` is what it says below its `prologue`; `using` the dataset of its WHERE clause, which begins
    at `place`. `everything` says that it changes all graphs (CLEAR ALL); `named` that it does so but
    for the one of what names no graph (CLEAR NAMED), and is its verb; `reads` that it has a WHERE
    clause. `load` is a document that must be fetched first: `Load.operation` stands for it then.
    """

    body: str
    graphs: frozenset[str]
    everything: bool = False
    named: str = ""
    reads: bool = False
    load: "Load | None" = None
    prologue: Sequence[Declaration] = ()
    using: Using = Using()
    place: int = 0

    @property
    def text(self) -> str:
        """The operation as text that runs by itself."""
        dataset = self.using.clause()
        return self._under_prologue(self.body[: self.place] + dataset + self.body[self.place :])

    @property
    def open_text(self) -> str:
        """The same without the dataset, which the protocol's parameters choose."""
        return self._under_prologue(self.body)

    def _under_prologue(self, body: str) -> str:
        return "\n".join([*(each.text for each in self.prologue), body])


@dataclass(frozen=True)
class Load:
    """A document to fetch, the graph that it goes to, and whether to go on without it."""

    address: str
    graph: str
    silent: bool

    def operation(self, triples: str) -> Operation:
        """Return the operation that adds the document, given as N-Triples."""
        body = f"INSERT DATA {{ GRAPH <{self.graph}> {{\n{triples}}} }}"
        return Operation(body, frozenset({self.graph}))


def joined(operations: Sequence[Operation]) -> str:
    """Return one request that does all of the operations, in order, without their datasets.

    What they declare stands at its beginning where it means the same there, for some stores read no
    prologue after a semicolon; else each operation declares its own.
    """
    declared: list[Declaration] = []
    passed = ""
    for each in operations:
        for new in each.prologue[len(declared) :]:
            clear = new.name and new.name not in passed
            if passed and (not clear or new.name in {old.name for old in declared}):
                return " ;\n".join(one.open_text for one in operations)
            declared.append(new)
        passed += each.body if each.prologue else ""  # one without names all in full
    bodies = " ;\n".join(each.body for each in operations)
    return "\n".join([*(each.text for each in declared), bodies])
