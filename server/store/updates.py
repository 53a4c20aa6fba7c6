"""What an update would change, read before the engine sees it.

The default graph of a build is the union of its named graphs, so nothing can be written to it as
such. Statements that an update writes without naming a graph go to one named graph, `UNNAMED`;
the text is rewritten for that, at the level of tokens. What this reader does not understand is
refused: the engine is never given an update of which we do not know the graphs that it touches.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.errors import BadParameter, QueryRefused, excerpt
from server.store.guard import Token, checked, graph_iri, resolve

UNNAMED = "https://w3id.org/remit/id/graph/unnamed"
_TARGETED = ("CLEAR", "DROP", "CREATE")
_COPYING = ("COPY", "MOVE", "ADD")


@dataclass(frozen=True)
class Operation:
    """One operation of an update: text that runs by itself, and the graphs that it may change.

    `everything` says that it changes all graphs (CLEAR ALL); `reads` that it has a WHERE clause.
    """

    text: str
    graphs: frozenset[str]
    everything: bool = False
    reads: bool = False


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


def read_update(
    text: str, using: Using, *, size: int, depth: int, base: str = ""
) -> list[Operation]:
    """Split an update into operations, with the graphs that each may change.

    `base` is what relative IRIs are resolved against, where the update does not say itself.
    Raises QueryRefused for LOAD and SERVICE, for graphs named by a variable in what is written,
    and for text beyond the limits or outside the grammar; BadParameter when `using` meets an
    update that names its own dataset.
    """
    found = checked(text, size=size, depth=depth)
    for iri in (*using.default, *using.named):
        _check_iri(iri)
    for token in found:
        if token.kind == "iri" and "'" in token.text:
            raise QueryRefused(f"Write %27 for the apostrophe in {excerpt(token.text)}.")
    prologue = [f"BASE <{base}>"] if base else []
    return _Reader(text, found, using, base=base, prologue=prologue).operations()


def _check_iri(iri: str) -> None:
    if not iri or any(char in '<>"{}|^`\\' or char <= " " for char in iri):
        raise BadParameter(
            f"“{excerpt(iri)}” is not the IRI of a graph.", parameter="using-graph-uri"
        )


@dataclass
class _Reader:
    text: str
    found: list[Token]
    using: Using
    at: int = 0
    base: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    prologue: list[str] = field(default_factory=list)
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    graphs: set[str] = field(default_factory=set)

    def operations(self) -> list[Operation]:
        done = []
        self.read_prologue()
        while self.at < len(self.found):
            done.append(self.operation())
            if self.at < len(self.found):
                self.expect(";")
            self.read_prologue()
        return done

    def read_prologue(self) -> None:
        while self.word() in ("BASE", "PREFIX"):
            begin = self.here.at
            if self.take().text.upper() == "PREFIX":
                name = self.take("name").text.removesuffix(":")
                iri = self.take("iri")
                self.prefixes[name] = resolve(iri.text, self.base)
            else:
                iri = self.take("iri")
                self.base = resolve(iri.text, self.base)
            self.prologue.append(self.text[begin : iri.at + len(iri.text)])

    def operation(self) -> Operation:
        begin, everything, reads = self.here.at, False, False
        self.edits, self.graphs = [], set()
        word = self.word()
        if word in _TARGETED:
            everything = self.targeted()
        elif word in _COPYING:
            self.copying()
        elif word in ("WITH", "INSERT", "DELETE"):
            reads = self.modify()
        elif word == "LOAD":
            raise QueryRefused("LOAD is refused: this server fetches nothing. Upload to /data.")
        else:
            raise self.lost()
        last = self.found[self.at - 1]
        body = self.edited(begin, last.at + len(last.text))
        text = "\n".join([*self.prologue, body])
        return Operation(text, frozenset(self.graphs), everything, reads)

    def edited(self, begin: int, end: int) -> str:
        parts = []
        for start, stop, new in sorted(self.edits):
            parts += [self.text[begin:start], new]
            begin = stop
        return "".join([*parts, self.text[begin:end]])

    def targeted(self) -> bool:
        creating = self.take().text.upper() == "CREATE"
        silent = self.skip("SILENT")
        word = self.word()
        if word == "GRAPH":
            self.take()
            self.graphs.add(self.graph())
        elif word == "DEFAULT" and not creating:
            self.default_graph("GRAPH " if silent else "SILENT GRAPH ")
        elif word in ("ALL", "NAMED") and not creating:
            self.take()
            return True
        else:
            raise self.lost()
        return False

    def copying(self) -> None:
        moving = self.take().text.upper() == "MOVE"
        self.skip("SILENT")
        source = self.graph_or_default()
        if moving:
            self.graphs.add(source)
        if not self.skip("TO"):
            raise self.lost()
        self.graphs.add(self.graph_or_default())

    def graph_or_default(self) -> str:
        if self.word() == "DEFAULT":
            return self.default_graph("GRAPH ", note=False)
        self.skip("GRAPH")
        return self.graph()

    def default_graph(self, before: str, *, note: bool = True) -> str:
        token = self.take()
        self.edits.append((token.at, token.at + len(token.text), f"{before}<{UNNAMED}>"))
        if note:
            self.graphs.add(UNNAMED)
        return UNNAMED

    def modify(self) -> bool:
        own = None
        if self.skip("WITH"):
            own = self.graph()
            self.refuse_using()
        if own is None and self.word(1) == "DATA":
            self.take()
            self.take()
            self.quads(own)
            return False
        if own is None and self.word() == "DELETE" and self.word(1) == "WHERE":
            self.take()
            self.take()
            self.refuse_using("DELETE WHERE takes no dataset; write DELETE … WHERE …")
            self.quads(own)
            return True
        if self.skip("DELETE"):
            self.quads(own)
            if self.skip("INSERT"):
                self.quads(own)
        elif self.skip("INSERT"):
            self.quads(own)
        else:
            raise self.lost()
        self.where()
        return True

    def where(self) -> None:
        while self.skip("USING"):
            self.refuse_using()
            self.skip("NAMED")
            self.graph()
        if self.word() != "WHERE":
            raise self.lost()
        if self.using:
            self.edits.append((self.here.at, self.here.at, self.using.clause()))
        self.take()
        self.group()

    def refuse_using(
        self, why: str = "the update names its own dataset with WITH or USING"
    ) -> None:
        if self.using:
            raise BadParameter(
                f"using-graph-uri and using-named-graph-uri cannot be used here: {why}.",
                parameter="using-graph-uri",
            )

    def quads(self, own: str | None) -> None:
        """Read `{ … }` of what is written, and put what names no graph into one."""
        if own is not None:
            self.graphs.add(own)
        self.expect("{")
        run: list[Token] = []
        while self.here.text != "}":
            if self.word() == "GRAPH":
                self.wrap(run, own)
                run = []
                self.take()
                if self.here.kind == "variable":
                    raise QueryRefused(
                        f"The update writes to GRAPH {excerpt(self.here.text)}. Name the graph: it "
                        "must be plain beforehand which graphs an update changes."
                    )
                self.graphs.add(self.graph())
                self.group()
            elif self.here.text == "{":
                raise self.lost()
            else:
                run.append(self.take())
        self.wrap(run, own)
        self.expect("}")

    def wrap(self, run: list[Token], own: str | None) -> None:
        while run and run[0].text == ".":
            run = run[1:]
        if not run or own is not None:
            return
        self.graphs.add(UNNAMED)
        end = run[-1].at + len(run[-1].text)
        self.edits.append((run[0].at, run[0].at, f"GRAPH <{UNNAMED}> {{ "))
        self.edits.append((end, end, " }"))

    def group(self) -> None:
        """Pass over `{ … }`."""
        self.expect("{")
        level = 1
        while level:
            token = self.take()
            level += (token.text == "{") - (token.text == "}")

    def graph(self) -> str:
        token = self.take()
        if token.kind not in ("iri", "name") or token.text.startswith("_:"):
            self.at -= 1
            raise self.lost()
        return graph_iri(token, self.prefixes, self.base)

    @property
    def here(self) -> Token:
        if self.at >= len(self.found):
            raise QueryRefused("The update ends too early.")
        return self.found[self.at]

    def word(self, ahead: int = 0) -> str:
        place = self.at + ahead
        if place >= len(self.found) or self.found[place].kind != "word":
            return ""
        return self.found[place].text.upper()

    def take(self, kind: str | None = None) -> Token:
        token = self.here
        if kind is not None and token.kind != kind:
            raise self.lost()
        self.at += 1
        return token

    def skip(self, word: str) -> bool:
        if self.word() != word:
            return False
        self.at += 1
        return True

    def expect(self, text: str) -> None:
        if self.take().text != text:
            self.at -= 1
            raise self.lost()

    def lost(self) -> QueryRefused:
        rest = self.text[self.found[self.at].at :] if self.at < len(self.found) else ""
        shown = f"before “{excerpt(rest, 40)}”" if rest else "at its end"
        return QueryRefused(
            f"The update was not understood {shown}. Write words apart, and keep to INSERT, DELETE, "
            "CLEAR, DROP, CREATE, COPY, MOVE and ADD."
        )
