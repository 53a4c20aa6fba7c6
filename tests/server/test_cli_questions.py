"""``remit ask``: forms of parameters, formats and exit statuses."""

import json

import click
import pytest
from click.testing import CliRunner

from loader.catalogue import catalogue
from server import cli, cli_questions


@pytest.fixture
def remit(home, monkeypatch):
    """Runs the command over the build of the shipped registers."""
    monkeypatch.setenv("REMIT_HOME", str(home))
    monkeypatch.setenv("REMIT_WORKERS", "1")
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(cli.cli, ["ask", *words])


def test_without_a_name_the_questions_are_listed(remit):
    result = remit()
    assert result.exit_code == 0
    assert all(name in result.output for name in list(catalogue("questions"))[:5])


@pytest.mark.parametrize(
    "words",
    [
        ("--asked", "discretionary-requirement"),
        ("--asked=discretionary-requirement",),
        ("--param", "asked=discretionary-requirement"),
    ],
)
def test_parameters_are_written_in_three_ways(remit, words):
    result = remit("grounds-of-appeal", *words)
    assert result.exit_code == 0
    assert "Error of fact" in result.output
    assert "5 rows." in result.output


def test_json_and_csv_go_to_the_output(remit):
    answer = json.loads(remit("suspensive-effect", "--format", "json").output)
    assert answer["total"] == 4
    assert "Appeal,Suspended" in remit("suspensive-effect", "--format", "csv").output


def test_a_workbook_goes_to_a_file(remit, tmp_path):
    target = tmp_path / "answer.xlsx"
    assert remit("factors", "--format", "xlsx").exit_code == 2
    assert remit("factors", "--format", "xlsx", "--output", str(target)).exit_code == 0
    assert target.read_bytes().startswith(b"PK")


def test_no_answer_is_told_with_its_own_status(remit):
    result = remit("limits-of-power", "--norm", "impose-additional-licence-condition")
    assert result.exit_code == 1
    assert "does not say how many days" in result.output


@pytest.mark.parametrize("words", [("--param", "asked"), ("stray",), ("--asked",)])
def test_words_that_are_no_parameters_are_refused(remit, words):
    assert remit("grounds-of-appeal", *words).exit_code == 2


def test_parameters_keep_what_stands_after_the_first_equals_sign():
    assert cli_questions.parameters(("--a=b=c",), ("d=e=f",)) == {"a": "b=c", "d": "e=f"}
    with pytest.raises(click.UsageError):
        cli_questions.parameters((), ("none",))


def test_a_parameter_that_is_missing_is_told_plainly(home, monkeypatch, capsys):
    monkeypatch.setenv("REMIT_HOME", str(home))
    monkeypatch.setenv("REMIT_WORKERS", "1")
    monkeypatch.setattr("sys.argv", ["remit", "ask", "what-bars"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    assert "power is missing" in capsys.readouterr().err
