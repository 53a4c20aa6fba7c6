"""The way out: only allowed hosts, only public addresses, no second resolution, limits of time and size."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from server.errors import QueryRefused, SourceFailed
from server.store.gate import Gate

PUBLIC = "93.184.216.34"


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        match self.path:
            case "/away":
                self.send_response(302)
                self.send_header("Location", "http://elsewhere.test/")
                self.end_headers()
            case "/here":
                self.send_response(302)
                self.send_header("Location", "/fine")
                self.end_headers()
            case "/drip":
                self.send_response(200)
                self.end_headers()
                with suppress(OSError):
                    for _ in range(100):
                        self.wfile.write(b"x")
                        self.wfile.flush()
                        time.sleep(0.05)
            case "/missing":
                self.send_error(404)
            case "/cut":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(b"x")
            case _:
                self.send_response(200)
                self.send_header("Content-Type", "text/turtle; charset=utf-8")
                self.end_headers()
                self.wfile.write(b"x" * (5000 if self.path == "/large" else 5))

    do_POST = do_GET  # noqa: N815 - the name that the base class wants

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield f"localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        "http://other.test/",
        "http://allowed.test:81/",
        "http://allowed.test.evil.test/",
        "http://user:secret@allowed.test/",
        "http://other.test@allowed.test/",
        "file:///etc/passwd",
        "ftp://allowed.test/",
        "//allowed.test/",
        "http:allowed.test",
        "http://[::1",
        "http://allowed.test:x/",
        "",
    ],
)
def test_only_allowed_hosts_are_asked(address: str) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    gate = Gate(frozenset({"allowed.test", "allowed.test:8080"}), resolver=never)
    assert not gate.allows(address)
    with pytest.raises(QueryRefused):
        gate.fetch(address, "*/*", seconds=1)
    assert gate.allows("http://Allowed.test/sparql")
    assert gate.allows("https://allowed.test:8080/sparql")


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"], ["10.1.2.3"], ["192.168.0.1"], ["172.16.9.9"], ["169.254.169.254"], ["100.64.0.1"],
        ["0.0.0.0"], ["224.0.0.1"], ["255.255.255.255"], ["::1"], ["fe80::1%eth0"], ["fc00::1"], ["::"],
        ["::ffff:127.0.0.1"], ["::ffff:10.0.0.1"], ["64:ff9b::7f00:1"], ["2002:7f00:1::"],
        [PUBLIC, "127.0.0.1"],
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(found: list[str]) -> None:
    gate = Gate(frozenset({"allowed.test"}), resolver=lambda host, port: found)
    with pytest.raises(QueryRefused, match="not public"):
        gate.fetch("http://allowed.test/", "*/*", seconds=1)


def test_loopback_for_tests_lets_in_nothing_else() -> None:
    gate = Gate(frozenset({"allowed.test"}), loopback=True, resolver=lambda h, p: ["10.0.0.1"])
    with pytest.raises(QueryRefused, match="not public"):
        gate.fetch("http://allowed.test/", "*/*", seconds=1)


def test_a_name_is_resolved_once_and_the_address_pinned(host: str) -> None:
    asked: list[str] = []

    def rebinding(name: str, port: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    port = host.partition(":")[2]
    gate = Gate(frozenset({f"rebinding.test:{port}"}), loopback=True, resolver=rebinding)
    found = gate.fetch(f"http://rebinding.test:{port}/", "*/*", seconds=5)
    assert (found.body, found.media_type, asked) == (b"xxxxx", "text/turtle", ["rebinding.test"])


def test_redirects_are_checked_like_the_first_address(host: str) -> None:
    gate = Gate(frozenset({host}), loopback=True)
    assert gate.fetch(f"http://{host}/here", "*/*", seconds=5).address == f"http://{host}/fine"
    with pytest.raises(QueryRefused, match="elsewhere"):
        gate.fetch(f"http://{host}/away", "*/*", seconds=5)
    with pytest.raises(SourceFailed):
        gate.fetch(f"http://{host}/here", "*/*", seconds=5, form=b"query=x")


@pytest.mark.parametrize(
    ("path", "why"),
    [("large", "larger"), ("missing", "404"), ("cut", "cut off"), ("drip", "too long")],
)
def test_what_goes_wrong_at_the_other_side(host: str, path: str, why: str) -> None:
    gate = Gate(frozenset({host}), loopback=True, most=1000)
    with pytest.raises(SourceFailed, match=why):
        gate.fetch(f"http://{host}/{path}", "*/*", seconds=0.4)


def test_a_host_that_cannot_be_found_or_reached() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("unknown")

    with pytest.raises(SourceFailed, match="resolved"):
        Gate(frozenset({"a.test"}), resolver=unknown).fetch("http://a.test/", "*/*", seconds=1)
    nobody = Gate(frozenset({"a.test:1"}), loopback=True, resolver=lambda h, p: ["127.0.0.1"])
    with pytest.raises(SourceFailed, match="Refused"):
        nobody.fetch("http://a.test:1/", "*/*", seconds=1)
