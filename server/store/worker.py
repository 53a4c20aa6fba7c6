"""A query worker: one process, one read-only store, one query at a time.

It is started as a file by `server.store.handle`, with Python's isolated mode, so it must import
nothing but the standard library and pyoxigraph. It reads framed JSON requests from standard
input and writes framed replies to standard output. Before it reads the first request it gives up
what a query must never have: memory beyond its limit, core dumps, and the network.

The memory limit is on address space, the only kind that the kernel enforces at once. It is counted
from what the process has after opening the store: threads and allocator arenas take some 0.5 GB of
addresses (not of memory) by then, and differently each time.

A frame is an unsigned 64-bit big-endian length, then that many bytes. The first byte of a reply
says what it is (see `Reply`), so that a reply that was cut off can never pass for a whole one.
"""

import base64
import ctypes
import json
import os
import platform
import resource
import signal
import struct
import sys
from typing import Any, BinaryIO

import pyoxigraph as ox

HEADER = struct.Struct(">Q")


class Reply:
    """First bytes of replies."""

    HELLO = b"h"
    SELECT = b"s"
    ASK = b"a"
    GRAPH = b"g"
    ERROR = b"!"


class TooLargeError(Exception):
    """The serialised result passed the limit."""


class NotOfferedError(Exception):
    """No acceptable format for a result of this kind."""


class Limited:
    """A binary writer that keeps what it is given and refuses to pass `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.chunks: list[bytes] = []
        self._left = limit

    def write(self, data: bytes) -> int:
        """Keep `data`; raises TooLargeError when it does not fit."""
        self._left -= len(data)
        if self._left < 0:
            raise TooLargeError
        self.chunks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: there is no buffer behind this writer."""


def write_frame(stream: BinaryIO, *parts: bytes) -> None:
    """Write `parts` as one frame and flush."""
    stream.write(HEADER.pack(sum(map(len, parts))))
    stream.writelines(parts)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """Read one frame, or None at the end of the stream."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    return stream.read(HEADER.unpack(header)[0])


def close_network() -> bool:
    """Forbid this process to open sockets (a Linux seccomp filter). Returns whether it worked.

    The guard refuses SERVICE before a query gets here. This is the second lock: SPARQL can be
    spelt so that only the engine's own parser would know.
    """
    socket_call = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}.get(platform.machine())
    if sys.platform != "linux" or socket_call is None:
        return False
    architecture, number = socket_call
    allow, deny, kill = 0x7FFF0000, 0x00050000 | 1, 0x80000000
    program = [
        (0x20, 0, 0, 4),  # load the architecture
        (0x15, 1, 0, architecture),
        (0x06, 0, 0, kill),
        (0x20, 0, 0, 0),  # load the number of the system call
        (0x15, 0, 1, number),
        (0x06, 0, 0, deny),
        (0x06, 0, 0, allow),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    header = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
    return not (
        libc.prctl(no_new_privileges, 1, 0, 0, 0)
        or libc.prctl(set_seccomp, filter_mode, header, 0, 0)
    )


def serialise(results: Any, request: dict[str, Any], limit: int) -> list[bytes]:
    """Serialise `results` as the request asks; the first part is the reply's first byte.

    The request's `formats` maps `select`, `ask` and `graph` to a media type, or to null where
    nothing fits. Raises TooLargeError, and NotOfferedError when nothing fits.
    """
    kind, mark = _kind(results)
    media_type = request["formats"].get(kind)
    if media_type is None:
        raise NotOfferedError(kind)
    output = Limited(limit)
    if kind == "graph":
        ox.serialize(
            results,
            output,  # type: ignore[arg-type]
            ox.RdfFormat.from_media_type(media_type),
            prefixes=request.get("prefixes") or None,
        )
    else:
        results.serialize(output, ox.QueryResultsFormat.from_media_type(media_type))
    return [mark, *output.chunks]


def _kind(results: Any) -> tuple[str, bytes]:
    if isinstance(results, ox.QuerySolutions):
        return "select", Reply.SELECT
    if isinstance(results, ox.QueryBoolean):
        return "ask", Reply.ASK
    return "graph", Reply.GRAPH


def evaluate(store: ox.Store, request: dict[str, Any], limit: int) -> list[bytes]:
    """Evaluate one request and return the parts of its reply. Never raises for a bad query."""
    try:
        if "parse" in request:
            return [Reply.GRAPH, *parse(request["parse"], limit)]
        return serialise(_results(store, request), request, limit)
    except SyntaxError as error:
        return _error("syntax", str(error))
    except TooLargeError:
        return _error("too-large", "")
    except NotOfferedError as error:
        return _error("not-acceptable", str(error))
    except OSError as error:
        return _error("input-output", str(error))
    except (ValueError, RuntimeError) as error:
        return _error("evaluation", str(error))


def parse(upload: dict[str, str], limit: int) -> list[bytes]:
    """Parse an uploaded RDF document into N-Triples, fetching nothing.

    `upload`: `data` in base64, its `media_type`, and the `base` of relative IRIs. Raises SyntaxError,
    and TooLargeError when the triples are larger than `limit`.
    """
    output = Limited(limit)
    quads = ox.parse(
        base64.b64decode(upload["data"]),
        ox.RdfFormat.from_media_type(upload["media_type"]),
        base_iri=upload["base"],
        without_named_graphs=True,
    )
    triples = (quad.triple for quad in quads)
    ox.serialize(triples, output, ox.RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
    return output.chunks


def _results(store: ox.Store, request: dict[str, Any]) -> Any:
    if request.get("fetched"):
        store = gathered(store, request)
    return store.query(request["query"], base_iri=request.get("base"), **_dataset(request))


def gathered(store: ox.Store, request: dict[str, Any]) -> ox.Store:
    """Return a store in memory of the graphs that a query names: those `fetched`, and those here."""
    memory = ox.Store()
    for graph, triples in request["fetched"].items():
        memory.load(triples, ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(graph))
    named = [*(request["default_graphs"] or ()), *request["named_graphs"], *request["graphs"]]
    for graph in set(named).difference(request["fetched"]):
        memory.extend(store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
    return memory


def _dataset(request: dict[str, Any]) -> dict[str, Any]:
    if request.get("default_graphs") is None:
        return {"use_default_graph_as_union": request["union"]}
    return {
        "default_graph": [ox.NamedNode(iri) for iri in request["default_graphs"]],
        "named_graphs": [ox.NamedNode(iri) for iri in request["named_graphs"]],
    }


def _error(kind: str, message: str) -> list[bytes]:
    return [Reply.ERROR, json.dumps({"kind": kind, "message": message}).encode()]


def open_store(path: str) -> tuple[ox.Store | None, list[bytes]]:
    """Open the store read-only; returns it with the parts of the first reply."""
    try:
        store = ox.Store.read_only(path)
        graphs = [str(graph.value) for graph in store.named_graphs()]
    except (OSError, ValueError) as error:
        return None, _error("open", str(error))
    return store, [Reply.HELLO, json.dumps({"graphs": graphs, "sealed": close_network()}).encode()]


def limit_memory(extra: int) -> None:
    """Limit this process to `extra` bytes of address space beyond what it has now."""
    with open("/proc/self/statm", "rb") as sizes:  # noqa: PTH123 - nothing more is imported
        now = int(sizes.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + extra, now + extra))


def serve(store: ox.Store, requests: BinaryIO, replies: BinaryIO, limit: int) -> None:
    """Answer framed requests until `requests` ends; no result is larger than `limit` bytes.

    Each request carries `seconds`: beyond them the kernel ends this process, should the server
    that would have killed it be gone. A process that has run out of memory ends itself.
    """
    while (frame := read_frame(requests)) is not None:
        request = json.loads(frame)
        signal.setitimer(signal.ITIMER_REAL, request["seconds"])
        try:
            reply = evaluate(store, request, limit)
        except MemoryError:
            os.abort()
        signal.setitimer(signal.ITIMER_REAL, 0)
        write_frame(replies, *reply)


def main(arguments: dict[str, Any]) -> None:
    """Open the store at `path`, say hello or why not, give up what queries must not have, serve.

    `arguments`: `path`; `memory_bytes` and `result_bytes`, both limits.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    store, hello = open_store(arguments["path"])
    write_frame(sys.stdout.buffer, *hello)
    if store is not None:
        limit_memory(arguments["memory_bytes"])
        serve(store, sys.stdin.buffer, sys.stdout.buffer, arguments["result_bytes"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
