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

import os
import threading
import time
import weakref
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from server.errors import Problem, QueryTimedOut, StoreBusy, StoreUnavailable
from server.store.builds import Build
from server.store.faults import crash
from server.store.handle import Worker, WorkerDiedError
from server.store.limits import Limits
from server.store.memory import Memory

__all__ = ["Answer", "Limits", "Pool"]

_GRACE = 1.0


class Lane(IntEnum):
    """Whose query it is, and what is known of it; the first go first."""

    OWN = 0
    KNOWN = 1
    UNKNOWN = 2


@dataclass(frozen=True)
class Answer:
    """A reply and the build it came from."""

    reply: bytes
    build: Build


class Pool:
    """Workers over one build at a time. Safe to share between threads, and across a fork."""

    def __init__(self, build: Build, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._reset()
        self._install(build, self._start(build))
        _POOLS.add(self)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._waiting = {lane: threading.Condition(self._lock) for lane in Lane}
        self._idle: list[Worker] = []
        self._ordinary: set[Worker] = set()
        self._aside: set[Worker] = set()
        self._busy = dict.fromkeys(Lane, 0)
        self._starting = {False: 0, True: 0}
        self._killed = self._refused = 0
        self._long, self._short = Memory(), Memory()
        self._closed = False

    @property
    def build(self) -> Build:
        """The build that the next query will see."""
        return self._build

    @property
    def graphs(self) -> frozenset[str]:
        """IRIs of the named graphs of the build in service."""
        return self._graphs

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

    def reopen(self, build: Build) -> None:
        """Switch to another build. Queries that run now finish on the old one.

        Raises StoreUnavailable when the new build cannot be opened; the old one stays then.
        """
        self._install(build, self._start(build))

    def close(self) -> None:
        """Kill all workers. Queries that run now fail with StoreUnavailable."""
        with self._lock:
            self._closed = True
            idle, busy = self._idle, (self._ordinary | self._aside).difference(self._idle)
            self._idle, self._ordinary, self._aside = [], set(), set()
            self._wake(everyone=True)
        for worker in idle:
            worker.close()
        for worker in busy:  # the thread that waits for it closes it
            worker.kill()

    def forget(self) -> None:
        """Leave the workers to the process that started them (called in a forked child)."""
        for worker in [*self._ordinary, *self._aside]:
            worker.abandon()
        closed = self._closed
        self._reset()
        self._closed = closed

    def _spawn(self, build: Build, humble: bool) -> Worker:
        try:
            return Worker(
                build,
                memory_bytes=self.limits.memory_bytes,
                result_bytes=self.limits.result_bytes,
                humble=humble,
            )
        except OSError as error:
            raise StoreUnavailable("A query worker could not be started.") from error

    def _start(self, build: Build) -> list[Worker]:
        kinds = [False] * self.limits.workers + [True] * self.limits.strangers
        workers = [self._spawn(build, humble) for humble in kinds]
        try:
            for worker in workers:
                worker.ready()
        except (WorkerDiedError, StoreUnavailable) as error:
            for worker in workers:
                worker.close()
            raise StoreUnavailable("The build cannot be opened. Run “remit build”.") from error
        return workers

    def _install(self, build: Build, workers: list[Worker]) -> None:
        with self._lock:
            retired, self._idle = self._idle, list(workers)
            self._ordinary -= set(retired)
            self._ordinary |= set(workers)
            self._build, self._graphs = build, workers[0].ready().graphs
            self._wake(everyone=True)
        for worker in retired:
            worker.close()

    def _acquire(self, deadline: float, lane: Lane) -> Worker:
        with self._lock:
            while not self._closed:
                if self._busy[lane] < self._room(lane) and (
                    worker := self._idle_worker(lane is Lane.UNKNOWN)
                ):
                    self._busy[lane] += 1
                    return worker
                left = deadline - time.monotonic()
                if left <= 0 or not self._waiting[lane].wait(left):
                    raise StoreBusy("All query workers are busy. Try again in a few seconds.")
        raise StoreUnavailable("The server is shutting down.")

    def _room(self, lane: Lane) -> int:
        """Return how many workers a lane may use at once."""
        match lane:
            case Lane.OWN:
                return self.limits.workers
            case Lane.KNOWN:
                return self.limits.guests
            case Lane.UNKNOWN:
                crowded = len(self._aside) >= self.limits.aside
                return 1 if crowded else self.limits.strangers

    def _idle_worker(self, humble: bool) -> Worker | None:
        """Take a worker that is ready, else one that is starting, else start one if any is missing."""
        fitting = [worker for worker in self._idle if worker.humble is humble]
        for worker in sorted(fitting, key=Worker.is_ready, reverse=True):
            self._idle.remove(worker)
            if worker.alive():
                return worker
            self._ordinary.discard(worker)
            worker.close()
        if self._missing(humble) > 0:
            worker = self._spawn(self._build, humble)
            self._ordinary.add(worker)
            return worker
        return None

    def _missing(self, humble: bool) -> int:
        wanted = self.limits.strangers if humble else self.limits.workers
        current = sum(w.build is self._build and w.humble is humble for w in self._ordinary)
        return wanted - current - self._starting[humble]

    def _wake(self, *, everyone: bool = False) -> None:
        """Let those who wait look again: one of each lane, for each sees for itself if it may go."""
        for condition in self._waiting.values():
            condition.notify_all() if everyone else condition.notify()

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

    def _set_aside(self, worker: Worker, lane: Lane) -> bool:
        with self._lock:
            if len(self._aside) >= self.limits.aside or self._closed:
                return False
            self._ordinary.discard(worker)
            self._aside.add(worker)
            self._busy[lane] -= 1
            self._wake()
        if lane is not Lane.OWN:
            worker.step_back()
        self._refill(worker.humble)
        return True

    def _release(self, worker: Worker, *, keep: bool, lane: Lane) -> None:
        with self._lock:
            if worker not in self._aside:
                self._busy[lane] -= 1
            if keep and worker in self._ordinary and worker.build is self._build:
                self._idle.append(worker)
                self._wake()
                return
            self._aside.discard(worker)
            self._ordinary.discard(worker)
            self._wake()
        worker.close()
        self._refill(worker.humble)

    def _refill(self, humble: bool) -> None:
        """Start a worker for one that is gone; starting happens outside the lock, for it takes time."""
        with self._lock:
            if self._closed or self._missing(humble) <= 0:
                return
            self._starting[humble] += 1
            build = self._build
        worker = None
        try:
            with suppress(StoreUnavailable):  # the next query tries again, and says so
                worker = self._spawn(build, humble)
        finally:
            with self._lock:
                self._starting[humble] -= 1
                if worker is not None and not self._closed and build is self._build:
                    self._ordinary.add(worker)
                    self._idle.append(worker)
                    worker = None
                self._wake()
        if worker is not None:
            worker.close()


def _forget_all() -> None:
    for pool in list(_POOLS):
        pool.forget()


_POOLS: "weakref.WeakSet[Pool]" = weakref.WeakSet()
os.register_at_fork(after_in_child=_forget_all)
