"""Every worked example of the guides is run on the real store, and its answer holds the words that the guide quotes."""

import contextlib
import io
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from loader.build import KEEP
from server.pages.docs import GUIDES
from server.settings import TABLE

ROOT = Path(__file__).parents[2]
BASE = "http://127.0.0.1:8000"


class Examples(HTMLParser):
    """Collects `(kind, text, words of the answer)`."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.into = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "data-example" in given:
            self.found.append([given["data-example"], given.get("href") or "", []])
            self.into = "text" if tag == "code" else None
        elif "data-answer" in given:
            self.found[-1][2].append("")
            self.into = "answer"

    def handle_endtag(self, tag):
        if tag in ("code", "q"):
            self.into = None

    def handle_data(self, data):
        if self.into == "text":
            self.found[-1][1] += data
        elif self.into == "answer":
            self.found[-1][2][-1] += data


def examples(client, name):
    reader = Examples()
    reader.feed(client.get(f"/docs/guides/{name}").get_data(as_text=True))
    return reader.found


@pytest.fixture(scope="module")
def served(client, over_http):
    """The address of a real server over the same application, for examples that open one."""
    with over_http(client.application) as address:
        yield address


def run_page(client, path, **_):
    response = client.get(path, headers={"Accept": "text/html, */*;q=0.5"})
    assert response.status_code == 200
    text = response.get_data(as_text=True)
    return re.sub(r"<[^>]+>", "", text) if response.mimetype == "text/html" else text


def run_curl(client, text, **_):
    address = re.search(r"'(http[^']+)'", text)[1]
    found = client.get(address.removeprefix(BASE), follow_redirects="--location" in text)
    assert found.status_code == 200
    return found.get_data(as_text=True)


def run_post(client, text, **_):
    headers = dict(re.findall(r"--header '([^:]+): ([^']+)'", text))
    body, address = re.search(r"--data '(.*)' (http\S+)$", text.strip(), re.S).groups()
    found = client.post(urlsplit(address).path, data=body, headers=headers)
    assert found.status_code == 200
    return found.get_data(as_text=True)


def run_python(text, served, **_):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text.replace(BASE, served), "guide", "exec"), {})
    return out.getvalue()


def run_sparql(client, text, **_):
    found = client.get("/sparql", query_string={"query": text}, headers={"Accept": "text/csv"})
    assert found.status_code == 200
    return found.get_data(as_text=True)


def run_shell(text, home, folder, **_):
    words = text.split()
    assert words[0] == "remit"
    command = [sys.executable, "-m", "server.cli", *words[1:]]
    around = {**os.environ, "REMIT_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=around)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


RUNNERS = {
    "page": run_page, "curl": run_curl, "post": run_post,
    "python": run_python, "sparql": run_sparql, "shell": run_shell,
}  # fmt: skip


@pytest.mark.parametrize("name", GUIDES)
def test_each_example_of_a_guide_gives_the_answer_that_it_quotes(
    client, home, served, tmp_path, name
):
    found = examples(client, name)
    assert len(found) >= 4
    for kind, text, answers in found:
        argument = "path" if kind == "page" else "text"
        around = {"client": client, "home": home, "served": served, "folder": tmp_path}
        got = RUNNERS[kind](**around, **{argument: text})
        plain = " ".join(got.replace("\N{NO-BREAK SPACE}", " ").split())
        assert answers
        for words in answers:
            assert words in plain, (kind, text[:80], plain[:300])


def test_every_operation_of_the_api_is_on_its_page(client):
    html = client.get("/docs/api").get_data(as_text=True)
    for path in client.get("/openapi.json").get_json()["paths"]:
        assert path in html


def test_every_setting_that_the_code_reads_is_in_the_guide_for_administrators(client):
    files = [path for part in ("server", "loader") for path in (ROOT / part).rglob("*.py")]
    read = {
        name for path in files for name in re.findall(r"REMIT_[A-Z_]+", path.read_text("utf-8"))
    }
    html = client.get("/docs/guides/administrators").get_data(as_text=True)
    listed = re.findall(r'<th scope="row"><code[^>]*>(REMIT_[A-Z_]+)</code>', html)
    assert len(listed) == len(set(listed)) == len(TABLE)
    assert read == set(listed)
    assert ("REMIT_KEEP_BUILDS", str(KEEP)) in [row[:2] for row in TABLE]


def test_an_unknown_guide_names_the_ones_that_exist(client):
    response = client.get("/docs/guides/none")
    assert response.status_code == 404
    assert "legal, stewards, data, administrators" in response.get_data(as_text=True)
