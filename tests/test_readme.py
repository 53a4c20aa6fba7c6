"""Every command in the README runs, and every address in it answers."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli import cli

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = [code for code in re.findall(r"`([^`\n]+)`", TEXT) if not code.startswith("```")]
TESTS = Path(__file__).parent
NOF = TESTS / "data" / "nof" / "small.csv"
RECORD = """
@prefix remit: <https://w3id.org/remit/def/> .
<https://example.org/1> a remit:UndertakingRecord, remit:StateRecord ; remit:recordReference "U1" .
"""
FACTS = {"organisationKind": "trust", "facts": {"dramaticDrop": True}}

# What each command is run with here. HOME is a data folder with a build, FOLDER an empty one with facts.json.
RUN = {
    "build": "build --check",
    "builds": "builds",
    "import": f"import nof {NOF} --no-build --home FOLDER",
    "powers": "powers RA7 --as-of 2023-05-01",
    "ask": "ask appeal-of-power --param power=impose-monetary-penalty",
    "compare": "compare sof-2021-22 nof-2022-23",
    "segment": "segment nof-2022-23 FOLDER/facts.json",
    "validate": "validate FOLDER/records.ttl",
    "template": "template FOLDER/records.xlsx",
    "conflicts": "conflicts",
    "link": "link --home FOLDER",
    "sources": "sources check FOLDER",
    "token": "token steward --scope update --file FOLDER/tokens",
    "tokens": "tokens --file FOLDER/tokens",
    "dump": "dump FOLDER/build.nq",
}
# These go on until they are stopped, and are run by tests of their own.
ELSEWHERE = {"serve": "server/test_shutdown.py", "mcp": "server/test_mcp.py"}
# These report what they find: the sources are not in an empty folder, the registers may differ, the record lacks much.
FINDING = {"sources", "conflicts", "validate"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, home):
    found = tmp_path_factory.mktemp("readme")
    (found / "facts.json").write_text(json.dumps(FACTS))
    (found / "records.ttl").write_text(RECORD)
    (found / "tokens").write_text("")
    (found / "current").symlink_to(home / "current")
    return found


def test_every_command_is_run_by_a_test():
    named = {
        match[1] for code in CODE if (match := re.match(r"(?:\.venv/bin/)?remit ([a-z]+)", code))
    }
    assert named == {*RUN, *ELSEWHERE}
    for name, file in ELSEWHERE.items():
        assert f'"{name}"' in (TESTS / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RUN)
def test_the_command_runs(name, home, folder, monkeypatch):
    monkeypatch.setenv("REMIT_HOME", str(home))
    words = [word.replace("FOLDER", str(folder)) for word in RUN[name].split()]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code in ((0, 1) if name in FINDING else (0,)), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_every_format_that_is_named_is_an_option():
    for name, option in (("powers", "csv"), ("powers", "xlsx"), ("build", "--check")):
        assert option in CliRunner().invoke(cli, [name, "--help"]).output


@pytest.mark.parametrize(
    "path",
    [code for code in CODE if re.match(r"/(?!docs/guides)[a-z]", code)]
    + ["/docs/guides/administrators"],
)
def test_the_address_answers(client, path):
    assert client.get(path).status_code == 200


def test_every_target_of_make_is_there_and_runs_what_is_there():
    if shutil.which("make") is None:
        pytest.skip("no make on this machine")
    blocks = re.findall(r"^make ([a-z0-9-]+)$", TEXT, re.MULTILINE)
    named = {
        *blocks,
        *(match[1] for code in CODE if (match := re.match(r"make ([a-z0-9-]+)$", code))),
    }
    assert {"demo", "check", "help", "slow", "w3c", "bench"} <= named
    for target in named:
        done = subprocess.run(
            ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for program in re.findall(r"(?:pytest|python) (?:-\S+ )*(tests/\S+)", done.stdout):
            assert (ROOT / program).exists()


def test_files_that_it_names_exist():
    files = re.findall(r"\]\(([A-Za-z/]+\.md)\)", TEXT) + [
        code.split()[0] for code in CODE if re.match(r"(tests|loader)/", code)
    ]
    assert len(files) >= 4
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_it_is_short():
    assert len(TEXT.splitlines()) < 200


def test_the_measure_of_names_runs_at_a_small_size():
    script = ROOT / "tests" / "bench" / "names.py"
    done = subprocess.run([sys.executable, str(script), "200"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "search" in done.stdout.lower()
