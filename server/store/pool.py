"""A pool of query workers: who runs what, for how long, and what happens to those that do not end.

A query runs in an ordinary worker. One that takes longer than `Limits.patience` is set aside: its
process steps back in priority and a fresh worker takes its place, so that short queries go on
being answered. At most `Limits.aside` queries can be set aside at once; beyond that a user's long
query is stopped and told so, while the server's own queries keep their worker. A query that was
long lately is set aside from the start, or told so at once. At its deadline a query is killed with
its process, which is the only way to stop the engine.
"""

import os
import threading
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from server.errors import Problem, QueryTimedOut, StoreBusy, StoreUnavailable
from server.store.builds import Build
from server.store.faults import crash
from server.store.handle import Worker, WorkerDiedError
from server.store.limits import Limits
from server.store.memory import LongQueries

__all__ = ["Answer", "Limits", "Pool"]

_GRACE = 1.0


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
        self._change = threading.Condition()
        self._idle: list[Worker] = []
        self._ordinary: set[Worker] = set()
        self._aside: set[Worker] = set()
        self._guests = 0
        self._killed = self._refused = 0
        self._long = LongQueries()
        self._closed = False

    @property
    def build(self) -> Build:
        """The build that the next query will see."""
        return self._build

    @property
    def graphs(self) -> frozenset[str]:
        """IRIs of the named graphs of the build in service."""
        return self._graphs

    def run(self, request: dict[str, Any], *, seconds: float, trusted: bool = False) -> Answer:
        """Run one request (see `server.store.worker`) within `seconds` and return its reply.

        `trusted` marks the server's own queries. Raises QueryTimedOut, QueryTooComplex, StoreBusy
        or StoreUnavailable.
        """
        query = request["query"]
        if query in self._long and not trusted and len(self._aside) >= self.limits.aside:
            raise self._too_many()
        worker = self._engage({**request, "seconds": seconds + _GRACE}, trusted)
        keep = False
        began = time.monotonic()
        try:
            answer = Answer(self._await(worker, query, seconds, trusted), worker.build)
            keep = True
        except WorkerDiedError as death:
            raise self._fault(death, seconds) from death
        finally:
            self._release(worker, keep=keep, trusted=trusted)
        if time.monotonic() - began < self.limits.patience:
            self._long.note(query, long=False)
        return answer

    def state(self) -> dict[str, int]:
        """Return how many workers wait, work and are set aside, and what happened since the start."""
        with self._change:
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
        with self._change:
            self._closed = True
            idle, busy = self._idle, (self._ordinary | self._aside).difference(self._idle)
            self._idle, self._ordinary, self._aside = [], set(), set()
            self._change.notify_all()
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

    def _spawn(self, build: Build) -> Worker:
        try:
            return Worker(
                build,
                memory_bytes=self.limits.memory_bytes,
                result_bytes=self.limits.result_bytes,
            )
        except OSError as error:
            raise StoreUnavailable("A query worker could not be started.") from error

    def _start(self, build: Build) -> list[Worker]:
        workers = [self._spawn(build) for _ in range(self.limits.workers)]
        try:
            for worker in workers:
                worker.ready()
        except (WorkerDiedError, StoreUnavailable) as error:
            for worker in workers:
                worker.close()
            raise StoreUnavailable("The build cannot be opened. Run “remit build”.") from error
        return workers

    def _install(self, build: Build, workers: list[Worker]) -> None:
        with self._change:
            retired, self._idle = self._idle, list(workers)
            self._ordinary -= set(retired)
            self._ordinary |= set(workers)
            self._build, self._graphs = build, workers[0].ready().graphs
            self._change.notify_all()
        for worker in retired:
            worker.close()

    def _acquire(self, deadline: float, trusted: bool) -> Worker:
        with self._change:
            while not self._closed:
                if trusted or self._guests < self.limits.guests:
                    worker = self._idle_or_new()
                    if worker is not None:
                        self._guests += not trusted
                        return worker
                left = deadline - time.monotonic()
                if left <= 0 or not self._change.wait(left):
                    raise StoreBusy("All query workers are busy. Try again in a few seconds.")
        raise StoreUnavailable("The server is shutting down.")

    def _idle_or_new(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive():
                return worker
            self._ordinary.discard(worker)
            worker.close()
        if len(self._current()) < self.limits.workers:
            worker = self._spawn(self._build)
            self._ordinary.add(worker)
            return worker
        return None

    def _current(self) -> list[Worker]:
        return [worker for worker in self._ordinary if worker.build is self._build]

    def _engage(self, request: dict[str, Any], trusted: bool) -> Worker:
        """Hand the request to a free worker; one that died while idle is passed over."""
        deadline = time.monotonic() + self.limits.queue
        for _ in range(self.limits.workers + 1):
            worker = self._acquire(deadline, trusted)
            try:
                worker.ready()
                worker.ask(request)
            except WorkerDiedError:
                self._release(worker, keep=False, trusted=trusted)
            except BaseException:
                self._release(worker, keep=False, trusted=trusted)
                raise
            else:
                return worker
        raise StoreUnavailable("The query workers end as soon as they start. See the server's log.")

    def _fault(self, death: WorkerDiedError, seconds: float) -> Problem:
        if self._closed:
            return StoreUnavailable("The server is shutting down.")
        self._killed += 1
        return crash(death.returncode, self.limits, seconds)

    def _await(self, worker: Worker, query: str, seconds: float, trusted: bool) -> bytes:
        patience = 0.0 if query in self._long else min(self.limits.patience, seconds)
        reply = worker.reply(patience)
        if reply is None and seconds > patience:
            self._long.note(query, long=True)
            if not self._set_aside(worker, trusted) and not trusted:
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

    def _set_aside(self, worker: Worker, trusted: bool) -> bool:
        with self._change:
            if len(self._aside) >= self.limits.aside or self._closed:
                return False
            self._ordinary.discard(worker)
            self._aside.add(worker)
            self._guests -= not trusted
            if not trusted:
                worker.step_back()
            self._refill()
        return True

    def _release(self, worker: Worker, *, keep: bool, trusted: bool) -> None:
        with self._change:
            aside = worker in self._aside
            if not aside:
                self._guests -= not trusted
            if keep and worker in self._ordinary and worker.build is self._build:
                self._idle.append(worker)
                self._change.notify()
                return
            self._aside.discard(worker)
            self._ordinary.discard(worker)
            self._refill()
        worker.close()

    def _refill(self) -> None:
        if not self._closed and len(self._current()) < self.limits.workers:
            with suppress(StoreUnavailable):  # the next query tries again, and says so
                worker = self._spawn(self._build)
                self._ordinary.add(worker)
                self._idle.append(worker)
        self._change.notify()


def _forget_all() -> None:
    for pool in list(_POOLS):
        pool.forget()


_POOLS: "weakref.WeakSet[Pool]" = weakref.WeakSet()
os.register_at_fork(after_in_child=_forget_all)
