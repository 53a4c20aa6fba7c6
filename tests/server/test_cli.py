"""The command line answers as the API does, and tells errors plainly."""

import csv
import json
import subprocess
import sys

import pytest
from openpyxl import load_workbook


@pytest.fixture
def remit(home):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "server.cli", *arguments],
            capture_output=True,
            text=True,
            env={
                "REMIT_HOME": str(home),
                "COLUMNS": "200",
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": ".",
            },
        )

    return run


def test_a_sheet_as_a_table(remit):
    done = remit("powers", "RA7", "--as-of", "2023-05-01")
    assert done.returncode == 0, done.stderr
    assert "University Hospitals Bristol and Weston NHS Foundation Trust" in done.stdout
    assert "Impose a variable monetary penalty" in done.stdout


def test_a_sheet_as_json_is_that_of_the_api(remit, client):
    done = remit("powers", "RA7", "--as-of", "2023-05-01", "--format", "json")
    assert (
        json.loads(done.stdout)
        == client.get("/api/v1/organisations/RA7/powers?asOf=2023-05-01").get_json()
    )


def test_a_sheet_as_csv(remit):
    done = remit("powers", "RVJ", "--as-of", "2023-03-31", "--format", "csv")
    rows = list(csv.DictReader(done.stdout.lstrip("\ufeff").splitlines()))
    found = {row["Power"]: row["Verdict"] for row in rows}
    assert found["Direct an NHS trust"] == "applies"
    assert found["Accept an undertaking from a provider"] == "does-not-apply"


def test_a_sheet_as_a_workbook(remit, tmp_path):
    path = tmp_path / "sheet.xlsx"
    done = remit(
        "powers", "QUY", "--as-of", "2022-07-01", "--format", "xlsx", "--output", str(path)
    )
    assert done.returncode == 0, done.stderr
    page = load_workbook(path).worksheets[0]
    assert page.max_row > 36


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("powers", "RA77"), "There is no organisation with the code “RA77”"),
        (("powers", "RA7", "--as-of", "30 February 2023"), "not a day of the calendar"),
        (("powers", "RA7", "--as-of", "01/07/2022"), "ambiguous"),
        (("powers", "RA7", "--format", "xlsx"), "--output"),
        (("import", "ods", "README.md", "--no-build"), "README.md"),
    ],
)
def test_bad_input_is_told_plainly(remit, arguments, message):
    done = remit(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_builds_are_listed(remit, store):
    assert f"* {store.version}" in remit("builds").stdout


def test_checking_the_shipped_registers_finds_no_fault(remit):
    done = remit("build", "--check")
    assert done.returncode == 0, done.stderr
    assert "no faults" in done.stdout
