"""By what each graph of a report was checked: by all shapes, or, a large import, by its importer and its survey."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

SHAPES, SURVEY = "shapes", "importer and survey"

# What the survey of a large import looks for (see loader.survey): that what is cited is described, that intervals
# begin before they end, that dates are dates.
SURVEYED = ("R063", "R078", "R079", "R080", "R082")

_TITLE = ox.NamedNode("http://purl.org/dc/terms/title")


@dataclass(frozen=True)
class Scope:
    """One graph, and by what it was checked: all rules (``SHAPES``), or (``SURVEY``) what the rules named here say."""

    graph: str
    title: str
    by: str
    rules: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the scope as plain data."""
        told = {"graph": self.graph, "title": self.title, "checkedBy": self.by}
        return told if self.by == SHAPES else {**told, "rules": list(self.rules)}


def scope_from_json(kept: Mapping[str, Any]) -> Scope:
    """Return a scope that was kept as plain data."""
    return Scope(kept["graph"], kept["title"], kept["checkedBy"], tuple(kept.get("rules", ())))


def scopes(store: ox.Store, surveyed: Collection[str] = ()) -> tuple[Scope, ...]:
    """Return by what each named graph of a store is checked, the surveyed ones first, then by title."""
    found = (
        Scope(graph, title, SURVEY, SURVEYED) if graph in surveyed else Scope(graph, title, SHAPES)
        for graph, title in _titled(store)
    )
    return tuple(sorted(found, key=lambda scope: (scope.by == SHAPES, scope.title)))


def _titled(store: ox.Store) -> Iterator[tuple[str, str]]:
    for graph in store.named_graphs():
        title = next(store.quads_for_pattern(graph, _TITLE, None, ox.DefaultGraph()), None)
        yield graph.value, str(getattr(title.object, "value", "")) if title else graph.value
