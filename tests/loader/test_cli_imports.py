"""The commands that import and generate: what they print, write, and return."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.cli_imports import cli

AREAS = "ICB26CD,ICB26CDH,ICB26NM\nE54000099,QZZ,NHS Test ICB\nE5400009,QZY,NHS Faulty ICB\n"


@pytest.fixture
def run(tmp_path):
    def invoke(*arguments: str):
        return CliRunner().invoke(cli, [str(each) for each in arguments])

    return invoke


@pytest.fixture
def areas(tmp_path) -> Path:
    path = tmp_path / "areas_2026-04-01.csv"
    path.write_text(AREAS, encoding="utf-8")
    return path


def test_a_register_is_generated_and_imported(run, tmp_path):
    path = tmp_path / "register.xml"
    assert run("generate", "ods", path, "--count", "60").exit_code == 0
    done = run("import", "ods", path, "--no-build", "--home", tmp_path / "home")
    assert done.exit_code == 0
    assert "60 entries imported" in done.output
    assert len(list((tmp_path / "home").rglob("*.nq"))) == 1


def test_faulty_rows_are_shown_and_written_to_a_report(run, areas, tmp_path):
    report = tmp_path / "report.csv"
    done = run(
        "import", "ons", areas, "--no-build", "--home", tmp_path / "home", "--report", report
    )
    assert done.exit_code == 0
    assert "1 rows faulty" in done.output
    lines = report.read_text("utf-8").splitlines()
    assert lines[0] == "import,what,place,field,message,remedy"
    assert ",faulty,3,area code," in lines[1]


def test_strict_refuses_the_file(run, areas, tmp_path):
    done = run("import", "ons", areas, "--strict", "--no-build", "--home", tmp_path / "home")
    assert done.exit_code == 2
    assert "not a code of nine characters" in done.output
    assert not (tmp_path / "home" / "imports").exists()


@pytest.fixture
def three(areas, tmp_path) -> list[Path]:
    """A file in order, one with a faulty row, and one of another kind."""
    good, other = tmp_path / "a_2026-04-01.csv", tmp_path / "b_2026-04-01.csv"
    good.write_text(AREAS.replace("E5400009,", "E54000098,"), encoding="utf-8")
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    return [good, other, areas]


def test_of_several_files_those_in_order_are_imported_and_the_others_told(run, three, tmp_path):
    home, report = tmp_path / "home", tmp_path / "report.csv"
    done = run("import", "ons", *three, "--no-build", "--home", home, "--report", report)
    assert done.exit_code == 2
    assert "b_2026-04-01.csv: has no columns of codes and names" in done.output
    assert "1 of 3 files were not imported." in done.output
    assert len(list(home.rglob("*.nq"))) == 2
    rows = report.read_text("utf-8").splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [
        ["areas-2026-04-01-areas-2026-04-01", "faulty"],
        ["b_2026-04-01.csv", "refused"],
    ]


def test_strictly_all_files_are_imported_or_nothing_changes(run, three, tmp_path):
    home = tmp_path / "home"
    assert run("import", "ons", three[0], "--no-build", "--home", home).exit_code == 0
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    three[0].write_text(three[0].read_text("utf-8").replace("Test", "Other"), encoding="utf-8")
    refused = run("import", "ons", three[0], three[2], "--strict", "--no-build", "--home", home)
    assert refused.exit_code == 2
    assert "entries imported" not in refused.output
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert run("import", "ons", three[0], "--strict", "--no-build", "--home", home).exit_code == 0
    changed = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert changed.keys() == before.keys()
    assert all(changed[path] != before[path] for path in before)


def test_every_family_has_its_command(run):
    for family in ("ods", "cqc", "ons", "legislation"):
        assert run("import", family, "--help").exit_code == 0
