"""What an endpoint must do rightly before our own queries are answered by it.

`queries/engine` holds small questions whose answer follows from SPARQL itself, whatever data the endpoint holds.
Each is asked once, before the first of our queries that uses what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from loader.catalogue import Query, catalogue, query
from server.errors import QuerySyntax, StoreUnavailable

_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)


class Engine:
    """The engine of an endpoint, asked by `ask`, which takes an ASK query and returns its answer."""

    def __init__(self, ask: Callable[[str], bool]) -> None:
        self._ask = ask
        self._right: dict[str, bool] = {}

    def confirm(self, text: str) -> None:
        """Raise StoreUnavailable, saying what the engine does wrongly, when it would answer this query wrongly."""
        for check in _checks(text):
            if not self._passes(check):
                raise StoreUnavailable(
                    f"The store behind this server would answer this question wrongly. {check.header['problem']} "
                    "Ask a server that keeps its own build; /docs/remote says how each store must be set up."
                )

    def _passes(self, check: Query) -> bool:
        if check.name not in self._right:
            try:
                self._right[check.name] = self._ask(check.text)
            except (QuerySyntax, StoreUnavailable):  # it fails on the question, or altogether
                self._ask(query("store-answers", "views").text)
                self._right[check.name] = False
        return self._right[check.name]


def _checks(text: str) -> list[Query]:
    body = _COMMENT.sub("", text)
    return [check for name, check in catalogue("engine").items() if _affects(name).search(body)]


@cache
def _affects(name: str) -> re.Pattern[str]:
    return re.compile(catalogue("engine")[name].header["affects"])
