"""The reader of updates, token by token; see `server.store.updates`."""

from dataclasses import dataclass, field

from server.errors import BadParameter, QueryRefused, QuerySyntax, excerpt
from server.store.guard import Token, graph_iri, resolve
from server.store.operations import UNNAMED, Declaration, Load, Operation, Using

_TARGETED = ("CLEAR", "DROP", "CREATE")
_COPYING = ("COPY", "MOVE", "ADD")


def read_operations(text: str, found: list[Token], using: Using, base: str) -> list[Operation]:
    """Return the operations of an update from its text and tokens, each with the graphs that it may change.

    Raises QueryRefused where the text is not understood, BadParameter where `using` does not fit it.
    """
    prologue = [Declaration("", f"BASE <{base}>")] if base else []
    return _Reader(text, found, using, base=base, prologue=prologue).operations()


@dataclass
class _Reader:
    text: str
    found: list[Token]
    using: Using
    at: int = 0
    base: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    prologue: list[Declaration] = field(default_factory=list)
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    graphs: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    dataset_at: int | None = None

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
            begin, name = self.here.at, ""
            if self.take().text.upper() == "PREFIX":
                name = self.take("name").text
                iri = self.take("iri")
                self.prefixes[name.removesuffix(":")] = resolve(iri.text, self.base)
            else:
                iri = self.take("iri")
                self.base = resolve(iri.text, self.base)
            whole = self.text[begin : iri.at + len(iri.text)]
            self.prologue.append(Declaration(name, whole))

    def operation(self) -> Operation:
        begin, everything, reads, named = self.here.at, False, False, ""
        self.edits, self.graphs, self.dataset_at = [], set(), None
        word = self.word()
        if word in _TARGETED:
            everything = self.targeted()
            named = word if everything and self.found[self.at - 1].text.upper() == "NAMED" else ""
        elif word in _COPYING:
            self.copying()
        elif word in ("WITH", "INSERT", "DELETE"):
            reads = self.modify()
        elif word == "LOAD":
            return self.load()
        else:
            raise self.lost()
        last = self.found[self.at - 1]
        end = last.at + len(last.text)
        head = self.edited(begin, end if self.dataset_at is None else self.dataset_at)
        tail = "" if self.dataset_at is None else self.text[self.dataset_at : end]
        using = Using() if self.dataset_at is None else self.using
        graphs, prologue = frozenset(self.graphs), tuple(self.prologue)
        return Operation(
            head + tail, graphs, everything, named, reads, None, prologue, using, len(head)
        )

    def load(self) -> Operation:
        self.take()
        silent = self.skip("SILENT")
        address, into = self.graph(), UNNAMED
        if self.skip("INTO"):
            if not self.skip("GRAPH"):
                raise self.lost()
            into = self.graph()
        return Operation("", frozenset({into}), load=Load(address, into, silent))

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
            inserting = self.take().text.upper() == "INSERT"
            self.take()
            begin = self.at
            self.quads(own)
            if inserting:
                self.check_labels(self.found[begin : self.at])
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

    def check_labels(self, data: list[Token]) -> None:
        """Refuse the label of a blank node that an earlier INSERT DATA used: it would be another node."""
        found = {token.text for token in data if token.kind == "name" and token.text[:2] == "_:"}
        if again := sorted(found & self.labels):
            raise QuerySyntax(
                f"The blank node {excerpt(again[0])} stands in two INSERT DATA. Give each its own label."
            )
        self.labels |= found

    def where(self) -> None:
        while self.skip("USING"):
            self.refuse_using()
            self.skip("NAMED")
            self.graph()
        if self.word() != "WHERE":
            raise self.lost()
        self.dataset_at = self.here.at
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
        known = token.kind == "iri" or token.text.partition(":")[0] in self.prefixes
        if token.kind not in ("iri", "name") or not known:
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
