"""Federated questions: stored queries that are put to other SPARQL endpoints, with a time limit and a cache.

Only endpoints that the operator configured are asked (``REMIT_ENDPOINTS="remit=https://…/sparql ons=https://…"``); a
question names its endpoint, never a user. When the other side does not answer, that is the answer.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from urllib.error import URLError
from urllib.parse import urlsplit

from SPARQLWrapper import JSON, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from loader.catalogue import Query, catalogue
from loader.errors import Fault, InputError
from server.errors import NotFound, excerpt

Json = dict[str, Any]
Fetch = Callable[[str, str, float], Json]

_MOST_ROWS = 1_000
_MOST_BYTES = 16 << 20
_MOST_KEPT = 256


def endpoints(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the configured endpoints by name; raises InputError for an address that is not HTTP."""
    text = (os.environ if environment is None else environment).get("REMIT_ENDPOINTS", "")
    found: dict[str, str] = {}
    for part in text.replace(",", " ").split():
        name, _, address = part.partition("=")
        split = urlsplit(address)
        if not name or split.scheme not in ("http", "https") or not split.hostname:
            remedy = 'Write REMIT_ENDPOINTS="name=https://host/sparql …".'
            raise InputError(
                Fault(f"“{excerpt(part)}” is no endpoint.", field="REMIT_ENDPOINTS", remedy=remedy)
            )
        found[name] = address
    return found


def fetch(address: str, query: str, seconds: float) -> Json:
    """Put a SELECT query to an endpoint and return its JSON results.

    Raises what SPARQLWrapper raises, and ValueError for an answer that is no JSON or is over 16 MB.
    """
    client = SPARQLWrapper(address, agent="Remit")
    client.setTimeout(max(1, round(seconds)))
    client.setReturnFormat(JSON)
    client.setQuery(query)
    if len(query) > 1_500:
        client.setMethod("POST")
    body = client.query().response.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise ValueError(f"more than {_MOST_BYTES >> 20} MB")
    return cast(Json, json.loads(body))


@dataclass
class Federation:
    """Puts federated questions to their endpoints. ``seconds`` limits each, ``keep`` is how long answers are kept."""

    addresses: dict[str, str]
    seconds: float = 8.0
    keep: float = 3_600.0
    fetch: Fetch = fetch
    _kept: dict[str, tuple[float, Json]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(4, thread_name_prefix="federation")
    )

    def questions(self) -> list[Json]:
        """Return the federated questions, each with its endpoint and whether that is configured."""
        return [
            {
                "name": name,
                "question": query.header["question"],
                "why": query.header.get("why", ""),
                "endpoint": query.header["endpoint"],
                "configured": query.header["endpoint"] in self.addresses,
            }
            for name, query in catalogue("federated").items()
        ]

    def ask(self, name: str, parameters: Mapping[str, str]) -> Json:
        """Return the rows, or ``answered: false`` and why. Raises NotFound, or QueryFileError for parameters."""
        found = catalogue("federated").get(name)
        if found is None:
            known = ", ".join(catalogue("federated"))
            raise NotFound(f"There is no federated question “{excerpt(name)}”. There are: {known}.")
        query = _bound(found, parameters)
        endpoint = str(found.header["endpoint"])
        address = self.addresses.get(endpoint)
        about = {
            "question": found.header["question"],
            "endpoint": {"name": endpoint, "url": address},
        }
        if address is None:
            because = f"No endpoint “{endpoint}” is configured (REMIT_ENDPOINTS)."
            return {**about, "answered": False, "because": because, "rows": []}
        return {**about, **self._answer(address, query)}

    def _answer(self, address: str, query: str) -> Json:
        key = f"{address}\n{query}"
        with self._lock:
            kept = self._kept.get(key)
        if kept and time.monotonic() - kept[0] < self.keep:
            return {**kept[1], "cached": True}
        answer = self._fetched(address, query)
        if answer["answered"]:
            with self._lock:
                while len(self._kept) >= _MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[key] = (time.monotonic(), answer)
        return {**answer, "cached": False}

    def _fetched(self, address: str, query: str) -> Json:
        host = urlsplit(address).hostname
        try:
            result = self._pool.submit(self.fetch, address, query, self.seconds).result(
                self.seconds
            )
            rows = result["results"]["bindings"]
            plain = [
                {name: cell["value"] for name, cell in row.items()} for row in rows[:_MOST_ROWS]
            ]
        except (TooLate, TimeoutError):
            return _silent(f"{host} did not answer within {self.seconds:g} seconds.")
        except (SPARQLWrapperException, URLError, OSError) as error:
            return _silent(f"{host} did not answer: {excerpt(type(error).__name__)}.")
        except (KeyError, TypeError, ValueError, AttributeError):
            return _silent(f"{host} gave an answer that is not one of SPARQL.")
        asked = datetime.now(UTC).isoformat(timespec="seconds")
        return {
            "answered": True,
            "askedAt": asked,
            "rows": plain,
            "truncated": len(rows) > _MOST_ROWS,
        }


def _silent(because: str) -> Json:
    return {"answered": False, "because": because, "rows": []}


def _bound(query: Query, parameters: Mapping[str, str]) -> str:
    return query.bind(**dict(parameters))
