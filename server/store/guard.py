"""What is decided about a query before the engine sees it.

The engine reads SPARQL without a separate lexer: `SERVICE:x{}` and `FILTER(1<2)SERVICE:x#>` both
call another server, and what looks like an IRI can be a comparison. So the search for SERVICE
here errs on the side of refusing, and the workers have no network anyway.

Nesting is counted because a few thousand levels overflow the engine's stack. A worker that
crashes is replaced, so a miscount costs a process, not the service.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urljoin

from server.errors import QueryRefused, QuerySyntax, excerpt

_TOKEN = re.compile(
    r"""
      (?P<space>\s++|\#[^\r\n]*+)
    | (?P<string>\"{3}(?:[^"\\]++|\\.|"(?!""))*+\"{3}
               | '{3}(?:[^'\\]++|\\.|'(?!''))*+'{3}
               | "(?:[^"\\\r\n]++|\\.)*+"
               | '(?:[^'\\\r\n]++|\\.)*+')
    | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
    | (?P<open>[({\[])
    | (?P<close>[)}\]])
    | (?P<variable>[?$]\w++)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<name>(?:[^\W\d_][\w.-]*+|_)?:(?:[\w.:%-]++|\\.)*+)
    | (?P<run>\w[\w.-]*+)
    | (?P<other>\\.|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SERVICE = re.compile("service", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_HIDING = re.compile(r"'|\).*service", re.IGNORECASE)
_FROM = re.compile(r"FROM( ?NAMED)?$", re.IGNORECASE)
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
_CONSTANTS = ("string", "iri")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WORD_IN_RUN = re.compile(r"[^.-]+")


@dataclass(frozen=True)
class Token:
    """One token; `kind` is the name of its group in the grammar above, `at` where it begins."""

    kind: str
    text: str
    at: int = field(default=0, compare=False)


@dataclass
class Prologue:
    """What comes before the WHERE clause: prefixes, graphs named by FROM, and the query form.

    `shape` stands for the whole query, with its constants left out.
    """

    prefixes: dict[str, str] = field(default_factory=dict)
    graphs: list[str] = field(default_factory=list)
    form: str = ""
    shape: int = 0


def tokens(query: str) -> Iterator[Token]:
    """Split a query into tokens, without white space and comments.

    Never fails: what is not SPARQL becomes tokens of the kind `other`. Runs in linear time.
    """
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or "other"
        if kind == "run":  # a full stop or minus sign may end a word: "true.SERVICE"
            for word in _WORD_IN_RUN.finditer(match.group()):
                yield Token("word", word.group(), match.start() + word.start())
        elif kind != "space":
            yield Token(kind, match.group(), match.start())


@lru_cache(maxsize=512)
def inspect(query: str, *, size: int, depth: int) -> Prologue:
    """Check a query and return what its prologue says.

    `size` is the longest query in bytes, `depth` the deepest nesting of brackets. Raises
    QueryRefused for a longer or deeper query, for SERVICE and for updates; QuerySyntax for text
    that is not Unicode. The result is shared: do not change it.
    """
    return prologue_of(checked(query, size=size, depth=depth))


def prologue_of(found: list[Token]) -> Prologue:
    """Return what the prologue of a checked query says. Raises QueryRefused for updates."""
    prologue = read_prologue(found)
    prologue.shape = hash(tuple(t.kind if t.kind in _CONSTANTS else t.text for t in found))
    if prologue.form.startswith(_UPDATES):
        raise QueryRefused(
            f"{prologue.form} is an update, and this path only answers queries: "
            "use SELECT, ASK, CONSTRUCT or DESCRIBE."
        )
    return prologue


def checked(text: str, *, size: int, depth: int, services: bool = False) -> list[Token]:
    """Return the tokens of a query or update that is not too long, nor too deep, nor uses SERVICE.

    `services` leaves the last to the caller. Raises QueryRefused, or QuerySyntax for text that is
    not Unicode.
    """
    if _SURROGATE.search(text):
        raise QuerySyntax("The query holds half of a surrogate pair, which is not a character.")
    length = len(text.encode())
    if length > size:
        raise QueryRefused(f"The query has {length:,} bytes; at most {size:,} are read.")
    found = list(tokens(text))
    check_depth(found, depth)
    if not services:
        check_service(text, found)
    return found


def check_depth(found: list[Token], limit: int) -> None:
    """Refuse brackets nested deeper than `limit`.

    Parentheses inside an IRI count as well, for it may really be a comparison.
    """
    level = 0
    for token in found:
        if token.kind == "open":
            level += 1
        elif token.kind == "close":
            level -= 1
        elif token.kind == "iri":
            level += max(0, token.text.count("(") - token.text.count(")"))
        if level > limit:
            raise QueryRefused(f"The query nests brackets more than {limit} deep.")


def check_service(query: str, found: list[Token]) -> None:
    """Refuse SERVICE, and IRIs that could hide it. Prefixes and IRIs may hold the word."""
    if not _SERVICE.search(query):
        return
    for before, token, after in zip([None, *found], found, [*found[1:], None], strict=False):
        if token.kind == "iri" and _HIDING.search(token.text[1:-1]):
            raise QueryRefused(
                f"{excerpt(token.text)} could be read as a comparison. Write %27 for an "
                "apostrophe and %29 for a closing parenthesis in an IRI."
            )
        prefix = token.text if token.kind == "word" else token.text.partition(":")[0]
        if token.kind not in ("word", "name") or not _SERVICE.search(prefix):
            continue
        if token.kind == "name" and (
            after is None or after.text != "{" or _is_word(before, "GRAPH")
        ):
            continue
        raise QueryRefused(
            "The query uses SERVICE, and this server asks no other server so. Send the parts to each "
            "endpoint and join the answers yourself."
        )


def read_prologue(found: list[Token]) -> Prologue:
    """Read prefixes, the query form and FROM clauses: all that stands outside brackets."""
    prologue, base, level = Prologue(), "", 0
    last, last_but_one = "", ""
    for token in found:
        level += (token.kind == "open") - (token.kind == "close")
        if level or token.kind == "close":
            continue
        if token.kind == "iri" and last.upper() == "BASE":
            base = resolve(token.text, base)
        elif token.kind == "iri" and last_but_one.upper() == "PREFIX":
            prologue.prefixes[last.removesuffix(":")] = resolve(token.text, base)
        elif token.kind in ("iri", "name") and _FROM.search(f"{last_but_one} {last}"):
            prologue.graphs.append(graph_iri(token, prologue.prefixes, base))
        elif token.kind == "word" and not prologue.form:
            word = token.text.upper()
            prologue.form = "" if word in ("BASE", "PREFIX", "VERSION") else word
        last_but_one, last = last, token.text
    return prologue


def _is_word(token: Token | None, word: str) -> bool:
    return token is not None and token.kind == "word" and token.text.upper() == word


def resolve(text: str, base: str) -> str:
    """Return the IRI that `text`, with its angle brackets, stands for."""
    iri = text[1:-1]
    if _ABSOLUTE.match(iri) or not base:
        return iri
    try:
        whole = urljoin(base, iri)
    except ValueError:  # an odd authority; the engine will say what it thinks of it
        return iri
    return f"{whole}#" if iri.endswith("#") else whole  # urljoin drops an empty fragment


def graph_iri(token: Token, prefixes: dict[str, str], base: str) -> str:
    """Return the IRI of a graph that is named by an IRI or a prefixed name."""
    if token.kind == "iri":
        return resolve(token.text, base)
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)
