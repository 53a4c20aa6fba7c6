import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader import cli_validation
from loader.build import current
from loader.cli import cli
from loader.state.template import write_template
from loader.validation.large import Tell
from loader.validation.report import Report
from loader.validation.run import REPORT_FILE


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "records.xlsx"
    assert CliRunner().invoke(cli, ["template", str(path)]).exit_code == 0
    return path


def run(home: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(
        cli, ["validate", "--home", str(home), "--workers", "1", *arguments]
    )
    return result.exit_code, result.stdout, result.stderr


def test_an_empty_template_has_no_findings(home: Path, workbook: Path) -> None:
    status, out, _ = run(home, str(workbook))
    assert status == 0
    assert "Violations: 0" in out


def test_findings_give_status_1(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        "entries:\n  - {id: state/p, type: PlanRecord, recordReference: P1}\n", encoding="utf-8"
    )
    status, out, _ = run(home, str(path), "--format", "json")
    assert status == 1
    assert json.loads(out)["counts"]["violation"] > 3


def test_a_file_that_cannot_be_read_gives_status_2(home: Path) -> None:
    status, _, err = run(home, "nowhere.xlsx")
    assert status == 2
    assert "nowhere.xlsx: there is no such file." in err


def test_the_report_goes_to_a_file(home: Path, workbook: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.xlsx"
    status, out, _ = run(home, str(workbook), "--format", "xlsx", "--output", str(target))
    assert status == 0
    assert target.read_bytes().startswith(b"PK")
    assert "0 violations" in out


def test_without_files_the_build_in_service_is_validated(home: Path) -> None:
    status, out, _ = run(home)
    assert status == 0
    assert "Validated: registers and imports" in out


def test_a_large_build_is_validated_in_portions_and_its_report_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def in_portions(
        store: Path, statements: int, title: str, workers: int, engine: str, memory: int, tell: Tell
    ) -> Report:
        tell("Validating portions", 1, total=2)
        asked.append((store, statements, memory))
        return Report(title, (), (), 133)

    kept = (home / "current" / REPORT_FILE).read_bytes()
    monkeypatch.setattr(cli_validation, "LARGE", 10)
    monkeypatch.setattr(cli_validation, "validate_large", in_portions)
    try:
        status, out, _ = run(home, "--memory", "600", "--keep")
        assert status == 0
        assert "Rules run: 133" in out
        assert asked == [(current(home).store, current(home).triples, 600 << 20)]
        assert json.loads((home / "current" / REPORT_FILE).read_text())["checked"] == 0
    finally:
        (home / "current" / REPORT_FILE).write_bytes(kept)


def test_the_report_on_a_file_is_not_kept(home: Path, workbook: Path) -> None:
    status, _, err = run(home, str(workbook), "--keep")
    assert status == 2
    assert "give no files" in err


def test_the_template_is_the_same_as_written_by_code(workbook: Path, tmp_path: Path) -> None:
    write_template(tmp_path / "other.xlsx")
    assert abs((tmp_path / "other.xlsx").stat().st_size - workbook.stat().st_size) < 100


def test_the_rules_are_printed() -> None:
    result = CliRunner().invoke(cli, ["rules"])
    assert result.exit_code == 0
    assert "| R001 |" in result.stdout
