"""The command that imports files of the NHS Oversight Framework."""

from pathlib import Path

from click.testing import CliRunner

from loader.cli import cli

SMALL = Path(__file__).parents[1] / "data" / "nof" / "small.csv"


def run(*arguments):
    return CliRunner().invoke(cli, ["import", "nof", *map(str, arguments)])


def test_the_command_tells_the_counts_of_each_trust_and_the_faulty_rows(tmp_path):
    result = run(SMALL, "--home", tmp_path, "--no-build")
    assert result.exit_code == 0, result.output
    assert "5 observations of 3 trusts" in result.output
    assert "RA7     3" in result.output
    assert "5 rows faulty" in result.output
    assert "not taken: Region, Trust_type, Trust_subtype" in result.output


def test_a_build_holds_the_observations(tmp_path):
    result = run(SMALL, "--home", tmp_path)
    assert result.exit_code == 0, result.output
    assert "is in service" in result.output


def test_a_strict_import_of_a_faulty_file_ends_with_a_usage_error(tmp_path):
    result = run(SMALL, "--home", tmp_path, "--strict")
    assert result.exit_code == 2
