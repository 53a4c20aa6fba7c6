"""Checks of a dataset before it goes into service: queries in ``queries/checks`` that must return nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from loader.catalogue import Query, catalogue
from loader.errors import Fault
from loader.terms import DEF, GRAPH, ID
from loader.yamlld import locate

_LIMIT = 200


def check(store: ox.Store, root: Path) -> list[Fault]:
    """Run every check over ``store`` and return what they find, at most 200 findings a check.

    ``root`` is the folder of the registers, so that a fault names the file and line of its entity.
    """
    faults: list[Fault] = []
    for rule in catalogue("checks").values():
        faults.extend(_findings(store, rule, root))
    return faults


def _findings(store: ox.Store, rule: Query, root: Path) -> Iterable[Fault]:
    rows = store.query(rule.text)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - the catalogue test holds checks to SELECT
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        entity, prop, value = (_text(row, name) for name in ("entity", "property", "value"))
        if (entity, prop, value) in seen or len(seen) >= _LIMIT:
            continue
        seen.add((entity, prop, value))
        file, line = _place(store, entity, root)
        shown = f" ({_short(value)})" if value else ""
        yield Fault(
            f"{_short(entity)}: {rule.header['problem']}{shown}",
            file,
            line,
            _short(prop) or None,
            rule.header["solution"],
        )


def _text(row: ox.QuerySolution, name: str) -> str:
    try:
        term = row[name]
    except KeyError:
        return ""
    return getattr(term, "value", "") if term is not None else ""


def _short(iri: str) -> str:
    return iri.removeprefix(ID).removeprefix(DEF)


def _place(store: ox.Store, entity: str, root: Path) -> tuple[Path | None, int | None]:
    if not entity.startswith(("http://", "https://")):
        return None, None
    for quad in store.quads_for_pattern(ox.NamedNode(entity), None, None, None):
        graph = getattr(quad.graph_name, "value", "")
        path = root / f"{graph.removeprefix(GRAPH)}.yaml"
        if graph.startswith(GRAPH) and path.is_file():
            return path, locate(path, entity)
    return None, None
