"""Writes: a queue in front of the one writer process, and one publication for all that arrive together.

A write is answered when the build that holds it is in service. A writer that dies, or whose copy
may be half changed, is started again on the build in service, and what was done since then but
not published is done again; so every answered write is whole, and no failed one is half there.
"""

import json
import logging
import queue
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import server
from server.errors import (
    BuildUnderWay,
    DataInvalid,
    PreconditionFailed,
    Problem,
    QueryProblem,
    QueryTimedOut,
    QueryTooComplex,
    StoreUnavailable,
    excerpt,
)
from server.store.conditions import Condition
from server.store.faults import syntax_error
from server.store.process import Process, WorkerDiedError
from server.store.updates import Operation
from server.store.writing import Written, forbidden

__all__ = ["Writes", "Written"]

_LOG = logging.getLogger(__name__)
_START = "import sys, json; sys.path[:0] = [sys.argv[2]]; from server.store.writer import main; "
_START += "main(json.loads(sys.argv[1]))"
_START_SECONDS = 60.0
_TRIES = 10
_CRASHES = 2
_CRASHED = (
    "The write needs more memory, or is nested deeper, than one write may. Nothing was written."
)
_ENDED = "The server is shutting down, and may not have done the write. Look before you repeat it."
_CLOSING = 3.0
_TOLD = 100


@dataclass
class _Task:
    request: dict[str, Any]
    text: str
    future: "Future[Written]" = field(default_factory=Future)
    reply: dict[str, Any] = field(default_factory=dict)
    crashes: int = 0


class _Again(Exception):  # noqa: N818 - not an error, a reason to begin anew
    """The writer must be started again, and the unpublished tasks done again."""


class _Died(_Again):
    """The writer ended; `killed` says that somebody killed it, so that it was not the task's doing."""

    def __init__(self, returncode: int) -> None:
        super().__init__(returncode)
        self.killed = returncode == -signal.SIGKILL


class Writes:
    """The write side of the build in service below `home`. Safe to share between threads."""

    def __init__(
        self,
        home: Path,
        *,
        seconds: float = 30.0,
        memory_bytes: int = 4 << 30,
        validate: bool = False,
    ) -> None:
        self._home = home
        self._validate = validate
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._process: Process | None = None
        self._closed = self._ended = False

    def update(self, text: str, operations: Sequence[Operation]) -> Written:
        """Apply an update; `text` is what the client wrote, for messages about its syntax.

        Raises QueryProblem, Forbidden (a graph that comes from files), DataInvalid (the shapes refuse
        it), QueryTimedOut or StoreUnavailable; then nothing was changed.
        """
        listed = [
            asdict(each) | {"text": each.text, "graphs": sorted(each.graphs)} for each in operations
        ]
        return self._submit(_Task({"do": "update", "operations": listed}, text))

    def put(
        self, graph: str, triples: str, *, replace: bool, condition: Condition | None = None
    ) -> Written:
        """Add N-Triples to a graph, or replace its contents with them, if `condition` holds.

        Raises PreconditionFailed when it does not; otherwise as `update`.
        """
        arguments = {"graph": graph, "triples": triples, "replace": replace, **_stated(condition)}
        return self._submit(_Task({"do": "put", "arguments": arguments}, ""))

    def delete(self, graph: str, condition: Condition | None = None) -> Written:
        """Remove a graph, if `condition` holds; `Written.existed` says whether there was one."""
        arguments = {"graph": graph, **_stated(condition)}
        return self._submit(_Task({"do": "delete", "arguments": arguments}, ""))

    def close(self) -> None:
        """Finish the writes that wait, in `_CLOSING` seconds, then end the writer; the rest fail."""
        with self._starting:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._tasks.put(None)
            thread.join(_CLOSING)
            self._ended = True
            if process := self._process:
                process.kill()
            thread.join(_CLOSING)

    def _submit(self, task: _Task) -> Written:
        with self._starting:
            if self._closed:
                raise StoreUnavailable("The server is shutting down.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="writes", daemon=True)
                self._thread.start()
            self._tasks.put(task)
        return task.future.result()

    def _work(self) -> None:
        try:
            while (first := self._tasks.get()) is not None:
                group = [first]
                while not self._tasks.empty():
                    if (more := self._tasks.get()) is None:
                        self._tasks.put(None)
                        break
                    group.append(more)
                self._settle(group)
        finally:
            self._stop()

    def _settle(self, group: list[_Task]) -> None:
        """Do all tasks of a group, publish once, and answer each; never raises."""
        try:
            self._publish(group)
        except Problem as problem:
            for task in group:
                if not task.future.done():
                    task.future.set_exception(problem)
        except Exception as error:
            _LOG.exception("writes failed")
            self._stop()
            for task in group:
                if not task.future.done():
                    task.future.set_exception(StoreUnavailable("The write could not be done."))
            if not isinstance(error, OSError | ValueError):
                raise

    def _publish(self, group: list[_Task]) -> None:
        for _ in range(_TRIES + len(group)):
            try:
                done = [task for task in group if not task.future.done() and self._do(task)]
                if not done:
                    return
                reply = self._call({"do": "publish"})
                if reply.get("error") == "busy":
                    self._stop()
                    raise BuildUnderWay
                if "error" in reply:
                    raise _Again
            except _Again:
                self._stop()
                continue
            for task in done:
                facts = {k: task.reply[k] for k in ("created", "existed") if k in task.reply}
                task.future.set_result(Written(reply["version"], **facts))
            return
        raise StoreUnavailable("The writer ends as soon as it starts. See the server's log.")

    def _do(self, task: _Task) -> bool:
        """Do one task; says whether it is to be published. Answers it at once when it failed."""
        try:
            task.reply = self._call(task.request)
        except QueryTimedOut as problem:
            task.future.set_exception(problem)
            raise _Again from None
        except _Died as death:
            task.crashes += not death.killed
            if task.crashes >= _CRASHES:
                task.future.set_exception(QueryTooComplex(_CRASHED))
            raise
        error = task.reply.get("error")
        if error is None:
            return True
        if error == "stale":
            raise _Again
        task.future.set_exception(_problem(task, error))
        if task.reply.get("dirty"):
            raise _Again
        return False

    def _call(self, request: dict[str, Any]) -> dict[str, Any]:
        process = self._process or self._begin()
        try:
            process.ask(request)
            reply = process.reply(self._seconds)
        except WorkerDiedError as death:
            _LOG.warning("the writer ended with %s and is started again", death.returncode)
            raise _Died(death.returncode) from None
        if reply is None:
            self._stop()
            raise QueryTimedOut(self._seconds)
        found: dict[str, Any] = json.loads(reply)
        return found

    def _begin(self) -> Process:
        if self._ended:
            raise StoreUnavailable(_ENDED)
        root = str(Path(server.__file__).parents[1])
        facts = {
            "home": str(self._home),
            "memory_bytes": self._memory_bytes,
            "validate": self._validate,
        }
        process = Process([sys.executable, "-I", "-c", _START, json.dumps(facts), root])
        try:
            hello = process.reply(_START_SECONDS)
        except WorkerDiedError:
            hello = None
        if hello is None:
            process.close()
            raise StoreUnavailable("The writer cannot open the build in service.")
        self._process = process
        return process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None


def _stated(condition: Condition | None) -> dict[str, Any]:
    return {"condition": asdict(condition)} if condition is not None else {}


def _problem(task: _Task, error: str) -> Problem:
    message = task.reply.get("message", "")
    if error == "protected":
        return forbidden(message)
    if error == "condition":
        return PreconditionFailed(
            "The graph is not as the condition of the request wants it: it was changed, made or "
            "removed meanwhile. Read it again, and repeat the change on what it is now."
        )
    if error == "invalid":
        return _invalid(task.reply["findings"])
    if error == "syntax":
        return syntax_error(message, task.text, update=True)
    return QueryProblem(f"The engine could not do it: {excerpt(message, 200)}.")


def _invalid(findings: list[dict[str, str]]) -> DataInvalid:
    """Say why the shapes refuse a write: each finding with the thing, what is wrong, and how to mend it."""
    first, total = findings[0], len(findings)
    more = f" There are {total} findings." if total > 1 else ""
    return DataInvalid(
        f"Nothing was written: {excerpt(first['label'], 80)}: {excerpt(first['message'], 200)}{more}",
        findings=findings[:_TOLD],
        total=total,
    )
