"""The engine's failures, in words for people."""

import logging
import re
import signal
from typing import Any

from server.errors import (
    NotAcceptable,
    Problem,
    QueryProblem,
    QuerySyntax,
    QueryTimedOut,
    QueryTooComplex,
    ResultTooLarge,
    StoreUnavailable,
    excerpt,
)
from server.store import results
from server.store.guard import read_prologue, tokens
from server.store.limits import Limits

_LOG = logging.getLogger(__name__)
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_RANGE = re.compile(r"\['.*?'\]", re.DOTALL)
_SHOWABLE = re.compile(r"[A-Za-z ]+$|[(){}\[\].;,]$")
_WORD_END = re.compile(r"\w+$")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_SHOWN = 6


def syntax_error(message: str, query: str, *, update: bool = False) -> QuerySyntax:
    """Read the engine's message ("error at 1:11: expected one of …") into a QuerySyntax.

    The sentence quotes what stands at that place in `query`, and a few things that could. Two
    slips that the engine reports at odd places are named instead: a word that begins no query,
    and a prefix that is not declared (not for an `update`).
    """
    if slip := None if update else _slip(query):
        return QuerySyntax(slip)
    place = _PLACE.match(message)
    if place is None:
        return QuerySyntax(f"This is not a SPARQL query: {excerpt(message, 200)}")
    line, column = int(place[1]), int(place[2])
    return QuerySyntax(
        f"Line {line}, column {column}: {_found(query, line, column)}. {_wanted(place[3])}.",
        line=line,
        column=column,
    )


def _slip(query: str) -> str | None:
    found = list(tokens(query))
    prologue = read_prologue(found)
    if prologue.form and not prologue.form.startswith(_FORMS):
        return f"A query begins with {', '.join(_FORMS)} or PREFIX, not {excerpt(prologue.form)}."
    for token in found:
        prefix, colon, _ = token.text.partition(":")
        if token.kind == "name" and colon and prefix not in {*prologue.prefixes, "_"}:
            return (
                f"The prefix “{excerpt(prefix)}:” is not declared. "
                f"Put PREFIX {excerpt(prefix)}: and its IRI before the query."
            )
    return None


def _found(query: str, line: int, column: int) -> str:
    """Quote what stands at the place, from the start of its word."""
    lines = query.split("\n")[line - 1 :] or [""]
    before, after = lines[0][: column - 1], lines[0][column - 1 :]
    word = _WORD_END.search(before) if after[:1].isalnum() else None
    rest = ((word[0] if word else "") + " ".join([after, *lines[1:]])).strip()
    return f"“{excerpt(rest, 30)}” cannot stand here" if rest else "the query ends too early"


def _wanted(text: str) -> str:
    """Say what was expected, words first, without the ranges of letters and the quotation marks."""
    names = _LITERAL.findall(_RANGE.sub("", text)) if text.startswith("expected one of ") else []
    shown = sorted((name for name in names if _SHOWABLE.match(name)), key=_marks_last)[:_SHOWN]
    if not shown:
        return excerpt(text[:1].upper() + text[1:], 200)
    return "Expected for example " + " ".join(shown)


def _marks_last(name: str) -> tuple[bool, str]:
    return not name.isalpha(), name


def crash(returncode: int, limits: Limits, seconds: float) -> Problem:
    """Turn the end of a worker into the error that its query gets.

    `returncode` is minus the signal that ended it; `seconds` is the time that the query had.
    """
    match -returncode:
        case signal.SIGALRM:
            return QueryTimedOut(seconds)
        case signal.SIGSEGV | signal.SIGBUS:
            return QueryTooComplex(
                "The query is nested or chained too deeply for the engine, and was stopped. "
                "Use fewer operators in one expression, or VALUES instead of many alternatives."
            )
        case signal.SIGABRT:
            return QueryTooComplex(
                f"The query needed more than the {limits.memory_bytes >> 20:,} MB of memory that "
                "one query may have, and was stopped. Narrow it, or aggregate less at once."
            )
        case signal.SIGKILL:
            return StoreUnavailable(
                "The operating system ended the query, most likely because the machine had no "
                "memory left. Try again later, or narrow the query."
            )
        case _:
            return StoreUnavailable("The query worker ended unexpectedly. Try the query again.")


def failure(error: dict[str, Any], query: str, limits: Limits) -> Problem:
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
