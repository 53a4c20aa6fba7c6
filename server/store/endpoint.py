"""A SPARQL 1.1 endpoint over HTTP: a query is asked again when it fails on its way, an update is sent once.

Every call has a time limit. An endpoint that fails again and again is left alone for a while, and
callers are told so at once.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from http.client import IncompleteRead
from typing import Any, TypeVar
from urllib.error import HTTPError

from server.errors import QueryProblem, QueryTimedOut, ResultTooLarge, StoreUnavailable
from server.store.circuit import Circuit
from server.store.remote_call import Call, Dataset, opener
from server.store.remote_faults import (
    FAULTS,
    not_arrived,
    reason_of,
    refused_query,
    refused_update,
    unreachable,
)

T = TypeVar("T")

_TRIES = 3
_TAIL = 200
# How Jena and Oxigraph end an answer of status 200 that their own time limit has cut.
_CUT = re.compile(
    rb"(\*{4}\s+Incomplete results\s+\*{4}\s+##\s*|The SPARQL operation has been cancelled)\Z"
)
_WHOLE = re.compile(rb"\s*[{\[].*[}\]]\s*\Z", re.DOTALL)


class UnansweredError(Exception):
    """The request may have arrived and be carried out, and no answer said so."""


class Endpoint:
    """The endpoint at `address`, for queries or for updates. Safe to share between threads.

    `login` is the value of the Authorization header, or empty; `result_bytes` the largest result
    that is read; `pause` the seconds before the second try.
    """

    def __init__(
        self,
        address: str,
        *,
        login: str = "",
        result_bytes: int = 64 << 20,
        pause: float = 0.2,
        circuit: Circuit | None = None,
    ) -> None:
        self.address = address
        self.pause = pause
        self._login = login
        self._result_bytes = result_bytes
        self._circuit = circuit or Circuit()
        self._opener = opener()

    def ask(
        self, query: str, media_type: str, seconds: float, dataset: Dataset = ((), ())
    ) -> bytes:
        """Ask a query over the default and the named graphs of `dataset`; returns the whole answer.

        Raises QuerySyntax, QueryTimedOut, ResultTooLarge or StoreUnavailable.
        """

        def once(left: float) -> bytes:
            call = Call(self.address, login=self._login, media_type=media_type, dataset=dataset)
            try:
                return self._read(call.open(self._opener, query, left), left)
            except HTTPError as error:
                raise refused_query(error, seconds) from error

        try:
            answer = self._tried(once, seconds, lambda fault: True)
        except TimeoutError:
            raise QueryTimedOut(seconds) from None
        except FAULTS as fault:
            raise unreachable(fault, _TRIES) from fault
        if media_type.endswith("json") and not _WHOLE.match(answer):
            raise StoreUnavailable("The store gave an answer that is not whole, or not JSON.")
        return answer

    def send(self, update: str, seconds: float, dataset: Dataset = ((), ())) -> None:
        """Send an update as one request, and again only while it certainly did not arrive.

        `dataset` is what its WHERE clauses read, where they do not say so themselves.
        Raises QueryProblem or StoreUnavailable when the endpoint did not do it; UnansweredError
        when that cannot be told.
        """

        def once(left: float) -> None:
            call = Call(self.address, login=self._login, dataset=dataset, update=True)
            try:
                self._read(call.open(self._opener, update, left), left)
            except HTTPError as error:
                raise refused_update(error) from error

        try:
            self._tried(once, seconds, not_arrived)
        except ResultTooLarge:  # it has answered that it did it
            return
        except TimeoutError:
            raise UnansweredError(f"no answer within {seconds:g} seconds") from None
        except FAULTS as fault:
            if not_arrived(fault):
                raise unreachable(fault, _TRIES, " Nothing was written.") from fault
            raise UnansweredError(reason_of(fault)) from fault

    def _tried(
        self, once: Callable[[float], T], seconds: float, again: Callable[[Exception], bool]
    ) -> T:
        """Call `once` with the seconds that are left, again after a pause where `again` says so."""
        deadline = time.monotonic() + seconds
        last: Exception = TimeoutError()
        for attempt in range(_TRIES):
            self._circuit.check()
            left = deadline - time.monotonic()
            if left <= 0:
                break
            try:
                answer = once(left)
            except TimeoutError:
                raise
            except FAULTS as fault:
                self._circuit.failed()
                if attempt + 1 == _TRIES or not again(fault):
                    raise
                last = fault
                time.sleep(min(self.pause * 2**attempt * random.uniform(0.5, 1.5), left))  # noqa: S311
            except QueryProblem:
                self._circuit.worked()
                raise
            else:
                self._circuit.worked()
                return answer
        raise last

    def _read(self, response: Any, seconds: float) -> bytes:
        """Read a response to its end; raises TimeoutError also for one that the endpoint's own limit cut."""
        deadline = time.monotonic() + seconds
        chunks, size = [], 0
        with response:
            while chunk := response.read1(1 << 16):
                size += len(chunk)
                if size > self._result_bytes:
                    raise ResultTooLarge(self._result_bytes)
                if time.monotonic() > deadline:
                    raise TimeoutError
                chunks.append(chunk)
            if response.length:  # bytes that were announced and did not come: not told by reading
                raise IncompleteRead(b"", response.length)
        if _CUT.search(b"".join(chunks[-2:])[-_TAIL:]):
            raise TimeoutError
        return b"".join(chunks)
