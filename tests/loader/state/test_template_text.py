"""The template in every form: filled with its examples, no rule finds anything in it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.cli import cli
from loader.state.files import read_files
from loader.state.organisations import StoredOrganisations
from loader.state.sheets import sheets
from loader.state.template_text import as_csv, as_turtle, as_yaml
from loader.validation.run import validate_files

CSV = [f"{sheet.slug}.csv" for sheet in sheets()]


def written(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["template", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("names", [["t.xlsx"], ["t.yaml"], ["t.ttl"], CSV])
def test_the_template_with_its_examples_has_no_findings(
    names: list[str], tmp_path: Path, organisations: StoredOrganisations
) -> None:
    paths = [tmp_path / name for name in names]
    for path in paths:
        assert path.name in written(str(path), "--examples")
    report = validate_files(paths, organisations)
    assert report.findings == ()
    assert len(report.checked) == len(sheets())


def test_all_forms_hold_the_same_records(tmp_path: Path) -> None:
    held = []
    for name, text in (("a.yaml", as_yaml()), ("b.ttl", as_turtle())):
        (tmp_path / name).write_text(text, encoding="utf-8")
        held.append({str(quad) for quad in read_files([tmp_path / name]).store})
    assert held[0] == held[1]


def test_every_field_is_named_in_every_form() -> None:
    for sheet in sheets():
        heads = as_csv(sheet)
        for column in sheet.columns:
            assert column.header in heads
            assert f"#   {column.field} ({column.header}): " in as_yaml()
            assert f" ({column.header}): {column.help}" in as_turtle()


def test_empty_csv_is_headings_only() -> None:
    assert all(len(as_csv(sheet).splitlines()) == 1 for sheet in sheets())


def test_the_examples_do_not_show_the_numbers_of_rules() -> None:
    assert re.search(r"R\d{3}", as_yaml() + as_turtle()) is None


@pytest.mark.parametrize("name", ["x.csv", "x.doc"])
def test_a_name_that_fits_no_form_is_refused(name: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["template", str(tmp_path / name)])
    assert result.exit_code == 2
    assert "notices.csv" in result.output
    assert not (tmp_path / name).exists()
