"""Write the index of names from the rows of its queries, in little memory: SQLite puts in order what was read."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from loader.catalogue import Query, query
from loader.terms import ID, slug
from loader.textindex import forms
from loader.textindex.words import grams, plain

FILE = "names.sqlite"
SCHEMA = 2
_CACHE_KB = 32_000
_FOLDER = Path(__file__).parent

Row = Sequence[str]
Rows = Callable[[Query], Iterable[Row]]
"""Gives the rows of a query, each with a text per variable in the order of the query; empty where unbound."""


def write_index(path: Path, rows: Rows) -> None:
    """Write the index to ``path`` whole or not at all; ``rows`` answers the queries of ``queries/index``.

    Of what is read, memory holds the identifiers of organisations alone. A file that is there is replaced.
    """
    partial, staged = (path.with_name(f".{path.name}.{part}") for part in ("partial", "staged"))
    try:
        for each in (partial, staged):
            each.unlink(missing_ok=True)
        with closing(sqlite3.connect(partial)) as database:
            _prepare(database, staged)
            ids: dict[str, int] = {}
            for script, stages in _PARTS:
                _read(database, stages, rows, ids)
                database.executescript(_script(script))
            _spell(database)
            database.commit()
        partial.replace(path)
    finally:
        for each in (partial, staged):
            each.unlink(missing_ok=True)


def is_index(path: Path) -> bool:
    """Tell whether a file is an index of names in the form that this release reads."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            found: int = database.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error:
        return False
    return found == SCHEMA


def singular(register: str) -> str:
    """Return the kind of thing that a register holds: ``power`` for ``powers``, ``body`` for ``bodies``."""
    if register.endswith("criteria"):
        return register.removesuffix("a") + "on"
    return re.sub(r"(ie)?s$", lambda match: "y" if match[1] else "", register)


def around(iri: str, kind: str, context: str | None) -> str:
    """Return the words by which the whole is known that a thing is part of: a framework, a document."""
    part = iri.removeprefix(f"{ID}passage/").partition("/")[0] if kind == "passage" else ""
    return plain(f"{context or ''} {part}")


def _prepare(database: sqlite3.Connection, staged: Path) -> None:
    """Set a new file up: nothing is kept by halves, so it needs no journal; sorting goes through the disk."""
    for pragma in (
        "journal_mode = OFF",
        "synchronous = OFF",
        f"cache_size = -{_CACHE_KB}",
        "temp_store = FILE",
        f"user_version = {SCHEMA}",
    ):
        database.execute(f"PRAGMA {pragma}")
    database.execute("ATTACH ? AS staged", (str(staged),))
    database.execute("PRAGMA staged.journal_mode = OFF")
    database.execute("PRAGMA staged.synchronous = OFF")
    database.executescript(_script("schema.sql"))
    database.create_function("form", 1, forms.form, deterministic=True)
    database.create_function("telling", 1, _telling, deterministic=True)
    database.create_function("plain", 1, plain, deterministic=True)
    database.create_function("around", 3, around, deterministic=True)


def _read(
    database: sqlite3.Connection, stages: Sequence[_Stage], rows: Rows, ids: dict[str, int]
) -> None:
    """Read the rows of stages, and number the identifiers of things as they come: ``ids`` by IRI."""
    known = len(ids)
    for name, table, columns, things, change in stages:
        found = (
            (*(ids.setdefault(iri, len(ids)) for iri in row[:things]), *row[things:])
            for row in map(change, rows(query(name, "index")))
        )
        marks = ", ".join("nullif(?, '')" for _ in range(columns))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", found)  # noqa: S608 - our own names
    database.executemany(
        "INSERT INTO staged.iri (iri, id) VALUES (?, ?)", islice(ids.items(), known, None)
    )


def _spell(database: sqlite3.Connection) -> None:
    """Keep the parts of each word by which near spellings are found."""
    known = database.execute("SELECT field, word FROM word ORDER BY field, word")
    database.executemany("INSERT INTO spelling VALUES (?, ?, ?)", _spellings(known))


def _spellings(known: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for field, word in known:
        for gram in grams(word):
            yield field, gram, word


def _telling(form: str) -> str:
    return " ".join(forms.telling(form))


def _listed(row: Row) -> Row:
    iri, register, label, preferred, whole, context = row
    return (
        iri, singular(register), label or preferred or slug(iri), whole,
        context or (slug(whole) if whole else ""),
    )  # fmt: skip


def _same(row: Row) -> Row:
    return row


def _member(row: Row) -> Row:
    return (row[0], slug(row[1]), *row[2:])


def _class(row: Row) -> Row:
    return (slug(row[0]), slug(row[1]), row[2])


def _norm(row: Row) -> Row:
    return (row[0], slug(row[1]), *row[2:])


_Stage = tuple[str, str, int, int, Callable[[Row], Row]]
"""The name of a query, the table that takes its rows, the number of its columns, how many of them are things, and what
is done to a row."""

# What is put in order after which queries: the second part is read while the first is put in order.
_PARTS: tuple[tuple[str, tuple[_Stage, ...]], ...] = (
    (
        "things.sql",
        (
            ("organisations", "staged.identity", 3, 1, _same),
            ("names", "staged.named", 5, 1, _same),
            ("registered", "staged.listed", 5, 1, _listed),
            ("texts", "staged.told", 4, 1, _same),
        ),
    ),
    (
        "relations.sql",
        (
            ("memberships", "staged.member", 5, 1, _member),
            ("successions", "staged.follows", 3, 2, _same),
            ("classes", "class", 3, 0, _class),
            ("norms", "norm", 4, 0, _norm),
        ),
    ),
)
QUERIES = tuple(name for _, stages in _PARTS for name, *_ in stages)
"""The queries of ``queries/index`` in the order in which their rows are read."""


def _script(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")
