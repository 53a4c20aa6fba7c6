"""What assistants may ask of Remit: the same answers as over HTTP, with the same limits, as plain functions."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from loader.dates import parse_date
from loader.errors import InputError
from server.answers import comparison, segmentation
from server.answers.search import search
from server.answers.sheet import answer_sheet
from server.errors import Problem
from server.store.protocol import Store

Json = dict[str, Any]
P = ParamSpec("P")

MOST_ROWS = 200
_ACCEPT = "application/sparql-results+json, text/turtle;q=0.5"


def telling(tool: Callable[P, Json]) -> Callable[P, Json]:
    """Decorate a tool so that a problem is an answer which says what to do, never a stack trace."""

    @wraps(tool)
    def run(*args: P.args, **kwargs: P.kwargs) -> Json:
        try:
            return tool(*args, **kwargs)
        except Problem as problem:
            return {"problem": problem.body()}
        except InputError as error:
            return {"problem": {"title": "Bad input", "detail": str(error)}}

    return run


class Tools:
    """The tools over one store. Every answer names the data version."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Callable[..., Json]]:
        """Return the tools; names and descriptions are those of the functions."""
        return [
            self.search,
            self.answer_sheet,
            self.compare_frameworks,
            self.segmentation,
            self.sparql,
        ]

    @property
    def search(self) -> Callable[..., Json]:
        """The tool “search”."""

        @telling
        def search_(q: str, kind: str = "", limit: int = 10) -> Json:
            """Search powers, duties, provisions, frameworks and organisations by words, names, codes or legal
            citations (for example “s106 of the 2012 Act”, “RA7”, “North Bristol”). Each result has its sources."""
            return self._stamped(search(self._store, q, kind or None, most=max(1, min(limit, 50))))

        return _named(search_, "search")

    @property
    def answer_sheet(self) -> Callable[..., Json]:
        """The tool “answer_sheet”."""

        @telling
        def sheet(organisation: str, as_of: str) -> Json:
            """Tell which powers apply to one organisation (by ODS code) on one date (YYYY-MM-DD), which do not and
            why, and which cannot be told; each with holder, basis, standard, procedure, appeal, sources, trace."""
            return self._stamped(answer_sheet(self._store, organisation, as_of))

        return _named(sheet, "answer_sheet")

    @property
    def compare_frameworks(self) -> Callable[..., Json]:
        """The tool “compare_frameworks”."""

        @telling
        def compare(older: str, newer: str) -> Json:
            """Compare two versions of the oversight framework item by item. Versions: sof-2021-22-consultation,
            sof-2021-22, nof-2022-23, oaf-2024-draft."""
            return self._stamped(comparison.compare(self._store, older, newer))

        return _named(compare, "compare_frameworks")

    @property
    def segmentation(self) -> Callable[..., Json]:
        """The tool “segmentation”."""

        @telling
        def segment(framework: str, facts: Json, as_of: str = "") -> Json:
            """Tell for which segments a framework's text makes an organisation with the given facts eligible.
            With empty facts the answer is the description of the facts that the framework asks for. Stores nothing."""
            if not facts:
                return self._stamped(segmentation.schema(self._store, framework))
            day = parse_date(as_of, "as_of") if as_of else None
            return self._stamped(segmentation.segment(self._store, framework, facts, day))

        return _named(segment, "segmentation")

    @property
    def sparql(self) -> Callable[..., Json]:
        """The tool “sparql”."""

        @telling
        def query(query: str) -> Json:
            """Run a read-only SPARQL 1.1 query (SELECT, ASK, CONSTRUCT). At most 200 rows are returned; a cut is
            told as “truncated”. Terms: https://w3id.org/remit/def/, things: https://w3id.org/remit/id/."""
            return self._stamped(_shortened(self._store, query))

        return _named(query, "sparql")

    def _stamped(self, answer: Json) -> Json:
        return {"dataVersion": self._store.version, **answer}


def _shortened(store: Store, query: str) -> Json:
    result = store.query(query, accept=_ACCEPT)
    if result.kind == "graph":
        lines = result.body.decode().splitlines()
        return {
            "turtle": "\n".join(lines[: MOST_ROWS * 5]),
            "truncated": len(lines) > MOST_ROWS * 5,
        }
    body: Json = json.loads(result.body)
    if result.kind == "ask":
        return {"answer": body["boolean"]}
    rows = body["results"]["bindings"]
    return {
        "variables": body["head"]["vars"],
        "rows": rows[:MOST_ROWS],
        "truncated": len(rows) > MOST_ROWS,
    }


def _named(tool: Callable[..., Json], name: str) -> Callable[..., Json]:
    tool.__name__ = name
    tool.__doc__ = " ".join((tool.__doc__ or "").split())
    return tool
