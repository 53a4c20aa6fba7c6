"""Conflicts with imported legislation: another title, or law in force here before it was law there."""

from __future__ import annotations

from collections.abc import Iterator

from loader.catalogue import query
from loader.terms import GRAPH, ID, LEGISLATION
from server.answers.claims import Claim, Conflict
from server.answers.facts import Row, text
from server.store.protocol import Store


def with_legislation(store: Store) -> Iterator[Conflict]:
    """Yield where the registers and imported legislation do not say the same of an instrument or a norm."""
    for row in store.select(query("conflict-legislation", "views").text):
        kind, said = str(row["kind"]), text(row, "said")
        one = _claim(row, kind, "ours", "in force from " if said else "")
        other = _claim(row, kind, "theirs", f"{said} " if said else "")
        if not one.agrees(other):
            yield Conflict(kind, one, other, None)


def _claim(row: Row, kind: str, side: str, words: str) -> Claim:
    thing = str(row["thing"])
    code = thing.removeprefix(LEGISLATION).removeprefix(ID)
    source = str(row[f"{side}In"]).removeprefix(GRAPH)
    return Claim(thing, code, kind, f"{words}{row[side]}", None, None, source, False)
