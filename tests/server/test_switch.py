"""New builds come into service while clients ask: no request is dropped, and none mixes two versions.

Slow, so it is run by name: pytest -m slow tests/server/test_switch.py
"""

import http.client
import json
import shutil
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
PATH = "/api/v1/organisations/RA7/powers?asOf=2022-07-01"


def put_into_service(home: Path, build: Path) -> None:
    """Switch as `remit build` does: a new link, renamed over the old one."""
    link = home / "next"
    link.symlink_to(build.relative_to(home))
    link.replace(home / "current")


def again(build: Path, version: str) -> Path:
    """Return a copy of a build under another version."""
    copy = build.with_name(version)
    shutil.copytree(build, copy)
    facts = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(facts | {"version": version}))
    return copy


class Client(threading.Thread):
    """Asks for a sheet again and again; `seen` holds status, version in the header and in the body."""

    def __init__(self, port: int, done: threading.Event) -> None:
        super().__init__()
        self.port, self.done = port, done
        self.seen: list[tuple[int, str | None, str | None]] = []

    def run(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            while not self.done.is_set():
                try:
                    connection.request("GET", PATH, headers={"Accept": "application/json"})
                    response = connection.getresponse()
                    body = json.loads(response.read())
                    version = response.headers["Remit-Data-Version"]
                    self.seen.append((response.status, version, body.get("dataVersion")))
                except (OSError, http.client.HTTPException, ValueError):
                    connection.close()
                    self.seen.append((0, None, None))


@pytest.mark.slow
def test_no_request_is_dropped_when_builds_are_switched(home: Path, tmp_path: Path) -> None:
    from site_ import get, serving

    copy = tmp_path / "home"
    shutil.copytree(home, copy, symlinks=True)
    first = (copy / "current").resolve()
    builds = [again(first, f"{first.name}-{n}") for n in range(5)]
    done = threading.Event()
    with serving(copy, threads=16) as port:
        clients = [Client(port, done) for _ in range(8)]
        for client in clients:
            client.start()
        served = []
        for build in builds:
            put_into_service(copy, build)
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as one:
                    version = json.loads(get(one, PATH)[1])["dataVersion"]
                if version == build.name:
                    break
                time.sleep(0.05)
            served.append(version)
        done.set()
        for client in clients:
            client.join()
    seen = [each for client in clients for each in client.seen]
    assert served == [build.name for build in builds]
    assert {status for status, _, _ in seen} == {200}
    mixed = [each for each in seen if each[1] != each[2]]
    assert not mixed, f"{len(mixed)} of {len(seen)}: {mixed[0]}"
    assert {body for _, _, body in seen} <= {first.name, *served}
    for client in clients:  # nobody is taken back to an older build
        order = [first.name, *served]
        places = [order.index(str(body)) for _, _, body in client.seen]
        assert places == sorted(places)
