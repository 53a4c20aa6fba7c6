"""The writer: the one process that changes data. It owns the scratch store (see `scratch`).

It reads framed JSON requests and writes framed JSON replies, like a query worker; it ends with its
input. `do` is one of `update`, `put`, `delete`, `publish`.
"""

import importlib
import json
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from server.store.scratch import InvalidError, RefusedError, Scratch
from server.store.worker import close_network, limit_memory, read_frame, write_frame


def carry_out(scratch: Scratch, request: dict[str, Any]) -> dict[str, Any]:
    """Do one request and return its reply, `{"ok": true, …}` or `{"error": kind, "message": …}`.

    The error `dirty` means that the scratch store may be half changed and must be thrown away.
    """
    begun = False
    try:
        if request["do"] == "publish":
            return {"ok": True, "version": scratch.publish()}
        if scratch.stale():
            return {"error": "stale", "message": ""}
        scratch.begin()
        facts: dict[str, Any] = {}
        if request["do"] == "put":
            begun = True
            facts = {"created": scratch.put(**request["arguments"])}
        elif request["do"] == "delete":
            begun = True
            facts = {"existed": scratch.delete(**request["arguments"])}
        else:
            _check_syntax(request["operations"])
            for count, step in enumerate(_steps(request["operations"])):
                begun = count > 0 or len(step) > 1
                scratch.update(step)
        begun = True
        scratch.check()
    except RefusedError as error:
        return {"error": error.kind, "message": str(error)}
    except InvalidError as error:
        return _failed("invalid", error, True) | {"findings": error.faults}
    except SyntaxError as error:
        return _failed("syntax", error, begun)
    except (RuntimeError, ValueError) as error:
        return _failed("evaluation", error, begun)
    return {"ok": True, **facts}


def _failed(kind: str, error: Exception, begun: bool) -> dict[str, Any]:
    return {"error": kind, "message": str(error), "dirty": begun}


def _check_syntax(operations: list[dict[str, Any]]) -> None:
    """Raise SyntaxError when any of several operations has a syntax error, before the first runs."""
    for each in operations if len(operations) > 1 else []:
        with suppress(RuntimeError, ValueError):
            ox.Store().update(each["text"])


def _steps(operations: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Part operations before each WHERE clause, which must see what those before it wrote."""
    steps: list[list[dict[str, Any]]] = []
    for each in operations:
        if not steps or each["reads"]:
            steps.append([])
        steps[-1].append(each)
    return steps


def main(arguments: dict[str, Any]) -> None:
    """Open the scratch store of `home`, give up the network and memory beyond a limit, serve.

    With `validate`, every write is held against the shapes first.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = sys.stdin.buffer, sys.stdout.buffer
    validate = bool(arguments.get("validate"))
    if validate:
        importlib.import_module("server.store.shape_check")
    scratch = Scratch(Path(arguments["home"]), validate=validate)
    close_network()
    limit_memory(arguments["memory_bytes"])
    write_frame(replies, json.dumps({"ok": True, "version": scratch.base.version}).encode())
    while (frame := read_frame(requests)) is not None:
        reply = carry_out(scratch, json.loads(frame))
        write_frame(replies, json.dumps(reply).encode())


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
