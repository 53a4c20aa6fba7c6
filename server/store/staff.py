"""The staff of a pool of query workers: which wait, work or are set aside, and how they are replaced.

See `server.store.pool` for what it is all about.
"""

import os
import threading
import time
import weakref
from contextlib import suppress
from enum import IntEnum

from server.errors import StoreBusy, StoreUnavailable
from server.store.builds import Build
from server.store.handle import Worker, WorkerDiedError
from server.store.limits import Limits


class Lane(IntEnum):
    """Whose query it is, and what is known of it; the first go first."""

    OWN = 0
    KNOWN = 1
    UNKNOWN = 2


class Staff:
    """Workers over one build at a time. Safe to share between threads, and across a fork."""

    def __init__(self, build: Build, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._reset()
        self._install(build, self._start(build))
        _STAFFS.add(self)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._waiting = {lane: threading.Condition(self._lock) for lane in Lane}
        self._idle: list[Worker] = []
        self._ordinary: set[Worker] = set()
        self._aside: set[Worker] = set()
        self._busy = dict.fromkeys(Lane, 0)
        self._starting = {False: 0, True: 0}
        self._closed = False

    @property
    def build(self) -> Build:
        """The build that the next query will see."""
        return self._build

    @property
    def graphs(self) -> frozenset[str]:
        """IRIs of the named graphs of the build in service."""
        return self._graphs

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
            closed = self._closed
            retired = workers if closed else self._idle
            if not closed:
                self._idle = list(workers)
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
    for staff in list(_STAFFS):
        staff.forget()


_STAFFS: "weakref.WeakSet[Staff]" = weakref.WeakSet()
os.register_at_fork(after_in_child=_forget_all)
