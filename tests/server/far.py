"""A small SPARQL endpoint in this process, which fails as it is told."""

import socket
import threading
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

JSON = ox.QueryResultsFormat.JSON


@dataclass(frozen=True)
class Fault:
    """What happens to one request: a status and text in place of the answer, or a connection that ends.

    `after` says that an update is done first; `cut` that the answer ends in its middle; `hang` that
    none comes.
    """

    status: int = 0
    text: str = ""
    after: bool = False
    cut: bool = False
    hang: bool = False
    headers: tuple[tuple[str, str], ...] = ()


LOST = Fault(after=True)
RESET = Fault()
HANG = Fault(hang=True)
CUT = Fault(cut=True)


class Far(ThreadingHTTPServer):
    """Takes queries at /query and updates at /update, and has documents elsewhere.

    `faults` are for the next queries and updates, in turn.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.store = ox.Store()
        self.faults: deque[Fault] = deque()
        self.asked: list[tuple[str, str]] = []
        self.chosen: list[dict[str, list[str]]] = []
        self.logins: list[str | None] = []
        self.ending = threading.Event()

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"

    def updates(self) -> list[str]:
        """The updates that were sent here."""
        return [text for path, text in self.asked if path == "/update"]

    def answer(self, path: str, text: str) -> bytes:
        if path == "/update":
            self.store.update(text)
            return b""
        found = self.store.query(text, use_default_graph_as_union=True)
        if isinstance(found, ox.QuerySolutions | ox.QueryBoolean):
            return found.serialize(format=JSON) or b""
        return ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b""


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        far = self.server
        assert isinstance(far, Far)
        path = urlsplit(self.path).path
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = parse_qs(urlsplit(self.path).query)
        if path == "/query":
            fields = parse_qs(text)
            text = fields.pop("query")[0]
        far.chosen.append(fields)
        far.asked.append((path, text))
        far.logins.append(self.headers["Authorization"])
        fault = far.faults.popleft() if far.faults else None
        status, body = (200, b"") if fault is None else (fault.status, fault.text.encode())
        if fault is None or fault.after or fault.cut:
            try:
                body = far.answer(path, text)
            except (SyntaxError, RuntimeError) as error:
                status, body = 400, str(error).encode()
        if fault is not None and fault.hang:
            far.ending.wait(5)
        if fault is None or fault.status or fault.cut:
            self.send_response(status or 200)
            for name, value in fault.headers if fault else ():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + bool(fault and fault.cut)))
            self.end_headers()
            self.wfile.write(body)
        self.close_connection = True
        if fault is not None and not fault.status:
            self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self) -> None:
        """Answer with a document."""
        self.send_response(200)
        self.send_header("Content-Type", "text/turtle")
        self.end_headers()
        self.wfile.write(b"<a:a> <a:b> _:n . _:n <a:c> 1 .")

    def log_message(self, *_: object) -> None:
        pass
