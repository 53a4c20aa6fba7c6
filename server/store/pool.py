"""A pool of query workers: who runs what, for how long, and what happens to those that do not end.

A query runs in one of three lanes: the server's own queries; those of users that were short before
(whatever their constants); and those that nobody knows yet. The last have workers of their own, of
a lower priority, so that they never hold up the others.

One that takes longer than `Limits.patience` is set aside: its process leaves the processor to
others and a fresh worker takes its place. At most `Limits.aside` queries can be set aside at once;
beyond that a user's long query is stopped and told so. A query that was long lately is set aside
from the start, or told so at once. At its deadline a query is killed with its process, which is
the only way to stop the engine.
"""

import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from server.errors import Problem, QueryTimedOut, StoreBusy, StoreUnavailable
from server.store.builds import Build
from server.store.faults import crash
from server.store.handle import Worker, WorkerDiedError
from server.store.limits import Limits
from server.store.memory import Memory
from server.store.staff import Lane, Staff

__all__ = ["Answer", "Limits", "Pool"]

_GRACE = 1.0


@dataclass(frozen=True)
class Answer:
    """A reply and the build it came from."""

    reply: bytes
    build: Build


class Pool(Staff):
    """Runs queries with its workers. Safe to share between threads, and across a fork."""

    def _reset(self) -> None:
        super()._reset()
        self._killed = self._refused = 0
        self._long, self._short = Memory(), Memory()

    def run(
        self,
        request: dict[str, Any],
        *,
        seconds: float,
        trusted: bool = False,
        shape: Hashable = None,
    ) -> Answer:
        """Run one request (see `server.store.worker`) within `seconds` and return its reply.

        `trusted` marks the server's own queries; `shape` is what queries have in common that differ
        in constants only. Raises QueryTimedOut, QueryTooComplex, StoreBusy or StoreUnavailable.
        """
        query = request["query"]
        if query in self._long and not trusted and len(self._aside) >= self.limits.aside:
            raise self._too_many()
        shape = query if shape is None else shape
        lane = Lane.OWN if trusted else Lane.KNOWN if shape in self._short else Lane.UNKNOWN
        worker = self._engage({**request, "seconds": seconds + _GRACE}, lane)
        keep = False
        began = time.monotonic()
        try:
            answer = Answer(self._await(worker, query, seconds, lane), worker.build)
            keep = True
        except WorkerDiedError as death:
            raise self._fault(death, seconds) from death
        finally:
            short = keep and time.monotonic() - began < self.limits.patience
            if not trusted:
                self._short.note(shape, keep=short)
            self._release(worker, keep=keep, lane=lane)
        if short:
            self._long.note(query, keep=False)
        return answer

    def state(self) -> dict[str, int]:
        """Return how many workers wait, work and are set aside, and what happened since the start."""
        with self._lock:
            return {
                "workers_idle": len(self._idle),
                "workers_busy": len(self._ordinary) - len(self._idle),
                "workers_aside": len(self._aside),
                "killed": self._killed,
                "refused": self._refused,
            }

    def _engage(self, request: dict[str, Any], lane: Lane) -> Worker:
        """Hand the request to a free worker; one that died while idle is passed over."""
        deadline = time.monotonic() + self.limits.queue
        for _ in range(self.limits.workers + 1):
            worker = self._acquire(deadline, lane)
            try:
                worker.ready()
                worker.ask(request)
            except WorkerDiedError:
                self._release(worker, keep=False, lane=lane)
            except BaseException:
                self._release(worker, keep=False, lane=lane)
                raise
            else:
                return worker
        raise StoreUnavailable("The query workers end as soon as they start. See the server's log.")

    def _fault(self, death: WorkerDiedError, seconds: float) -> Problem:
        if self._closed:
            return StoreUnavailable("The server is shutting down.")
        self._killed += 1
        return crash(death.returncode, self.limits, seconds)

    def _await(self, worker: Worker, query: str, seconds: float, lane: Lane) -> bytes:
        patience = 0.0 if query in self._long else min(self.limits.patience, seconds)
        reply = worker.reply(patience)
        if reply is None and seconds > patience:
            self._long.note(query, keep=True)
            if not self._set_aside(worker, lane) and lane is not Lane.OWN:
                raise self._too_many()
            reply = worker.reply(seconds - patience)
        if reply is None:
            self._killed += 1
            raise QueryTimedOut(seconds)
        return reply

    def _too_many(self) -> StoreBusy:
        self._refused += 1
        return StoreBusy(
            f"{self.limits.aside} long queries are running already, so this one was stopped or not "
            "begun. Try again in a few seconds, or narrow the query.",
            retry_after=round(self.limits.seconds) or 1,
        )
