"""Workers that are slow, greedy, broken or gone, and what their neighbours notice."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from server.errors import (
    Problem,
    QueryTimedOut,
    QueryTooComplex,
    StoreBusy,
    StoreUnavailable,
)
from server.store.builds import read_build
from server.store.handle import Worker, WorkerDiedError
from server.store.limits import Limits
from server.store.pool import Answer, Pool
from server.store.process import HUMBLE

VALUES = " ".join(f"VALUES ?v{i} {{ 1 2 3 4 5 6 7 8 9 10 }}" for i in range(14))
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {VALUES} }}"
FORMATS = {"select": "text/csv", "ask": "text/csv"}


def run(pool: Pool, query: str, seconds: float | None = None, trusted: bool = False) -> bytes:
    request = {"query": query, "formats": FORMATS, "union": True}
    answer: Answer = pool.run(request, seconds=seconds or pool.limits.seconds, trusted=trusted)
    return answer.reply


@pytest.fixture
def background() -> Iterator[Callable[[Callable[[], object]], list[object]]]:
    """Run something in a thread; its result or error is in the list when the test ends."""
    threads: list[threading.Thread] = []

    def start(action: Callable[[], object]) -> list[object]:
        outcome: list[object] = []

        def work() -> None:
            try:
                outcome.append(action())
            except Problem as problem:
                outcome.append(problem)

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        return outcome

    yield start
    for thread in threads:
        thread.join()


@pytest.fixture
def pool(build: Path, limits: Limits, background) -> Iterator[Pool]:
    """A pool that is closed before the threads are waited for: what still runs ends then."""
    opened = Pool(read_build(build), limits)
    yield opened
    opened.close()


def until(condition: Callable[[], object]) -> None:
    """Wait for something that happens elsewhere; the limit is only for a broken build."""
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_query_is_answered(pool: Pool) -> None:
    assert run(pool, "ASK { ?s ?p ?o }") == b"atrue"


def test_an_endless_query_is_killed_and_its_worker_replaced(pool: Pool) -> None:
    before = {worker.pid for worker in pool._ordinary}
    with pytest.raises(QueryTimedOut) as caught:
        run(pool, ENDLESS)
    assert caught.value.members["limitSeconds"] == pool.limits.seconds
    assert run(pool, "ASK {}") == b"atrue"
    after = {worker.pid for worker in pool._ordinary}
    assert len(after) == pool.limits.workers + pool.limits.strangers
    assert all(gone(pid) for pid in before - after)
    assert before - after


def test_others_are_answered_while_long_queries_run(pool: Pool, background) -> None:
    outcomes = [background(lambda: run(pool, ENDLESS, seconds=60)) for _ in range(2)]
    until(lambda: len(pool._aside) == 2)
    assert run(pool, "ASK {}") == b"atrue"
    assert outcomes == [[], []]  # they still ran when the answer came


@pytest.mark.skipif(not hasattr(os, "sched_getscheduler"), reason="the scheduler is Linux’s")
@pytest.mark.parametrize("trusted", [False, True])
def test_a_long_query_lets_others_go_first_and_is_not_starved(
    pool: Pool, background, trusted: bool
) -> None:
    background(lambda: run(pool, ENDLESS, trusted=trusted))
    until(lambda: pool._aside)
    (worker,) = pool._aside
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    until(lambda: trusted or os.sched_getscheduler(worker.pid) == os.SCHED_BATCH)
    nice = os.getpriority(os.PRIO_PROCESS, worker.pid)
    assert nice == (ours if trusted else max(ours, HUMBLE))


def test_a_long_query_too_many_is_told_so(pool: Pool, background) -> None:
    for _ in range(2):
        background(lambda: run(pool, ENDLESS, seconds=60))
    until(lambda: len(pool._aside) == 2)
    with pytest.raises(StoreBusy, match="long queries are running"):
        run(pool, ENDLESS + " # not seen before")
    assert run(pool, "ASK {}") == b"atrue"


def test_our_own_long_query_keeps_its_worker(pool: Pool, background) -> None:
    for _ in range(2):
        background(lambda: run(pool, ENDLESS, seconds=60))
    until(lambda: len(pool._aside) == 2)
    with pytest.raises(QueryTimedOut):
        run(pool, ENDLESS, trusted=True)


def test_one_worker_is_kept_for_our_own_queries(build: Path, limits: Limits, background) -> None:
    pool = Pool(read_build(build), replace(limits, aside=0, patience=60, queue=0.05))
    try:
        background(lambda: run(pool, ENDLESS, seconds=60))
        until(lambda: sum(pool._busy.values()) == 1)
        with pytest.raises(StoreBusy, match="All query workers are busy"):
            run(pool, "ASK {}")
        assert run(pool, "ASK {}", trusted=True) == b"atrue"
    finally:
        pool.close()


def test_a_query_waits_for_a_free_worker(build: Path, limits: Limits, background) -> None:
    pool = Pool(read_build(build), replace(limits, aside=0, patience=0.6))
    try:
        background(lambda: run(pool, ENDLESS))
        until(lambda: sum(pool._busy.values()) == 1)
        assert run(pool, "ASK {}") == b"atrue"
    finally:
        pool.close()


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT * { FILTER(" + "!" * 50_000 + "true) }", "nested or chained too deeply"),
        ("SELECT * { FILTER(" + "1+" * 20_000 + "1 > 0) }", "nested or chained too deeply"),
        ("SELECT * { {} " + "UNION {} " * 10_000 + "}", "nested or chained too deeply"),
    ],
)
def test_a_crash_costs_one_query(pool: Pool, query: str, reason: str) -> None:
    with pytest.raises(QueryTooComplex, match=reason):
        run(pool, query)
    assert run(pool, "ASK {}") == b"atrue"


def test_memory_is_limited(build: Path, limits: Limits) -> None:
    pool = Pool(read_build(build), replace(limits, seconds=20, memory_bytes=32 << 20))
    try:
        doubling = " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(30))
        with pytest.raises(QueryTooComplex, match="32 MB"):
            run(pool, f"SELECT (STRLEN(?a30) AS ?n) {{ BIND('aaaaaaaaaa' AS ?a0) {doubling} }}")
        assert run(pool, "ASK {}") == b"atrue"
    finally:
        pool.close()


def test_workers_that_died_idle_are_passed_over(pool: Pool) -> None:
    for worker in list(pool._ordinary):
        os.kill(worker.pid, signal.SIGKILL)
        until(lambda worker=worker: not worker.alive())
    assert run(pool, "ASK {}") == b"atrue"


def test_a_worker_killed_in_the_middle_is_an_error(pool: Pool, background) -> None:
    outcome = background(lambda: run(pool, ENDLESS, seconds=30))
    until(lambda: pool._aside)
    os.kill(next(iter(pool._aside)).pid, signal.SIGKILL)
    until(lambda: outcome)
    assert isinstance(outcome[0], StoreUnavailable)
    assert "operating system" in outcome[0].detail


def test_a_switch_lets_running_queries_finish(
    pool: Pool, background, make_build, tmp_path: Path
) -> None:
    old = {worker.pid for worker in pool._ordinary}
    slow = background(lambda: run(pool, ENDLESS, seconds=60))
    until(lambda: pool._aside)
    pool.reopen(read_build(make_build(tmp_path / "v2", "GRAPH <a:g> { <a:a> <a:b> <a:c> }")))
    assert pool.build.version == "v2"
    assert run(pool, "SELECT ?s { ?s ?p ?o }") == b"ss\r\na:a\r\n"
    assert slow == []  # it still runs, on the old build
    os.kill(next(iter(pool._aside)).pid, signal.SIGKILL)
    until(lambda: all(gone(pid) for pid in old))
    assert len(pool._ordinary) == pool.limits.workers + pool.limits.strangers


def test_a_broken_build_leaves_the_old_one(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "bad" / "store").mkdir(parents=True)
    (tmp_path / "bad" / "store" / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        pool.reopen(read_build(tmp_path / "bad"))
    assert run(pool, "ASK { ?s ?p ?o }") == b"atrue"


def test_closing_ends_waiting_and_running_queries(pool: Pool, background) -> None:
    outcomes = [background(lambda: run(pool, ENDLESS, seconds=30)) for _ in range(2)]
    until(lambda: len(pool._aside) == 2)
    pool.close()
    until(lambda: all(outcomes))
    assert all(type(outcome[0]) is StoreUnavailable for outcome in outcomes)
    with pytest.raises(StoreUnavailable, match="shutting down"):
        run(pool, "ASK {}")
    pool.close()


def test_a_forked_child_uses_workers_of_its_own(pool: Pool) -> None:
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        try:
            os._exit(0 if run(pool, "ASK {}") == b"atrue" else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert run(pool, "ASK {}") == b"atrue"


def test_workers_end_with_the_server(build: Path) -> None:
    """Kill -9 the server: idle workers end at once, a busy one at its deadline."""
    program = f"""
        import sys, threading, time
        sys.path.insert(0, {str(Path.cwd())!r})
        from pathlib import Path
        from server.store.builds import read_build
        from server.store.limits import Limits
        from server.store.pool import Pool
        pool = Pool(read_build(Path({str(build)!r})), Limits(workers=1, strangers=1, patience=0.05))
        request = {{"query": {ENDLESS!r}, "formats": {FORMATS!r}, "union": True}}
        threading.Thread(target=pool.run, args=[request], kwargs={{"seconds": 0.5}}).start()
        while len(pool._ordinary) + len(pool._aside) < 3:
            time.sleep(0.01)
        print(*[worker.pid for worker in [*pool._ordinary, *pool._aside]], flush=True)
        time.sleep(60)
    """
    server = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    with server.stdout:
        pids = [int(pid) for pid in server.stdout.readline().split()]
        server.kill()
        server.wait()
    assert len(pids) == 3
    until(lambda: all(gone(pid) for pid in pids))


def test_workers_that_cannot_start_are_reported(pool: Pool, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no processes left")

    for worker in list(pool._ordinary):
        worker.close()
    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(StoreUnavailable, match="could not be started"):
        run(pool, "ASK {}")
    monkeypatch.undo()
    assert run(pool, "ASK {}") == b"atrue"


def test_workers_that_end_at_once_are_reported(pool: Pool, monkeypatch) -> None:
    def die(*_: object) -> None:
        raise WorkerDiedError(1)

    monkeypatch.setattr(Worker, "ask", die)
    with pytest.raises(StoreUnavailable, match="as soon as they start"):
        run(pool, "ASK {}")
    monkeypatch.undo()
    assert run(pool, "ASK {}") == b"atrue"


def test_one_worker_serves_everybody(build: Path, limits: Limits) -> None:
    pool = Pool(read_build(build), replace(limits, workers=1, reserved=1))
    try:
        assert run(pool, "ASK {}") == run(pool, "ASK {}", trusted=True) == b"atrue"
    finally:
        pool.close()


def test_a_query_known_to_be_long_is_not_begun_when_there_is_no_room(
    pool: Pool, background
) -> None:
    for _ in range(2):
        background(lambda: run(pool, ENDLESS, seconds=60))
    until(lambda: len(pool._aside) == 2)
    workers = {worker.pid for worker in pool._ordinary}
    with pytest.raises(StoreBusy, match="2 long queries"):
        run(pool, ENDLESS)
    assert {worker.pid for worker in pool._ordinary} == workers  # none had to be killed


def test_a_query_once_long_is_forgiven(build: Path, limits: Limits) -> None:
    pool = Pool(read_build(build), replace(limits, patience=10, seconds=20))
    try:
        pool._long.note("ASK {}", keep=True)
        assert run(pool, "ASK {}") == b"atrue"
        assert "ASK {}" not in pool._long
    finally:
        pool.close()
