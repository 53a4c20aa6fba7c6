"""What is wrong with an import alone is reported with the build; in our own registers it refuses the build."""

import json
import re
import sqlite3
from contextlib import closing

import pytest
import registers
from click.testing import CliRunner

from loader import bulk, surveys
from loader.build import build, held_once, verify
from loader.cli import cli
from loader.errors import BuildError, RegisterError
from loader.imported import Finding, read_findings, row_of, told
from loader.textindex import FILE, keep_rows

ID = "https://w3id.org/remit/id/"
DEF = "https://w3id.org/remit/def/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DATE = "http://www.w3.org/2001/XMLSchema#date"
IMPORT = f"{ID}graph/import/ods/list-2026-07-01"


@pytest.fixture
def home(tmp_path):
    """A data folder with an import that names a board which nothing describes."""
    folder = tmp_path / "home" / "imports" / "ods"
    folder.mkdir(parents=True)
    one, relation = f"<{ID}organisation/T1>", f"<{ID}organisation/T1/list/relation-1>"
    lines = (
        f"{one} <{DEF}hasRelation> {relation}",
        f"{relation} <{DEF}kind> <{DEF}within-geography-of>",
        f"{relation} <{DEF}target> <{ID}organisation/QZZ>",
    )
    text = "".join(f"{line} <{IMPORT}> .\n" for line in lines)
    (folder / "list-2026-07-01.nq").write_text(text, encoding="utf-8")
    (folder / "list-2026-07-01.csv").write_text("code,board\nT2,QZZ9\nT1,QZZ\n", encoding="utf-8")
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path):
    return registers.write(tmp_path / "registers")


@pytest.mark.parametrize("large", [0, 1 << 30])
def test_a_board_that_nothing_describes_is_reported_and_the_build_goes_on(
    home, folder, monkeypatch, large
):
    monkeypatch.setattr(bulk, "LARGE", large)
    made = build(home, folder)
    (found,) = [each for each in read_findings(made.path) if each.value == "organisation/QZZ"]
    assert (found.source, found.property) == ("ods/list-2026-07-01", "target")
    assert "import it again" in found.remedy
    manifest = json.loads((made.path / "manifest.json").read_text())
    assert manifest["findings"] == len(read_findings(made.path))
    assert manifest["heldOnce"] == held_once(made.path) == ([IMPORT] if large == 0 else [])
    report = json.loads((made.path / "validation.json").read_text())
    by = {each["graph"]: each["checkedBy"] for each in report["graphs"]}
    assert by.pop(IMPORT) == ("importer and survey" if large == 0 else "shapes")
    assert set(by.values()) == {"shapes"}


def test_they_are_told_by_import_with_file_and_row(home, folder):
    made = build(home, folder)
    lines = list(told(home, read_findings(made.path)))
    assert lines[0].startswith("ods/list-2026-07-01: ")
    assert re.search(
        r"references to \d+ things that nothing describes \(.*organisation/QZZ", lines[0]
    )
    assert any("list-2026-07-01.csv:3: " in line and "QZZ" in line for line in lines)


def test_the_command_tells_them(home, folder):
    result = CliRunner().invoke(
        cli, ["build", "--home", str(home), "--registers", str(folder)], catch_exceptions=False
    )
    assert result.exit_code == 0
    assert "nothing describes" in result.output
    assert "survey" not in result.output


def test_the_command_tells_what_was_not_held_against_every_rule(home, folder, monkeypatch):
    monkeypatch.setattr(bulk, "LARGE", 0)
    arguments = ["build", "--home", str(home), "--registers", str(folder)]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert "checked by importer and survey and not against every rule: 1." in result.output


def test_in_our_own_registers_it_refuses_the_build(home, folder):
    registers.write(folder, powers=registers.POWERS.replace("appeal/none", "appeal/other"))
    with pytest.raises(RegisterError, match="appeal/other"):
        build(home, folder)
    with pytest.raises(RegisterError, match="appeal/other"):
        verify(folder)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (f'<{DEF}noSuchTerm> "x"', "does not define"),
        (f'<{DEF}existsFrom> "2020"', "not an xsd:date"),
    ],
)
def test_what_a_large_import_states_wrongly_refuses_the_build(
    home, folder, monkeypatch, statement, message
):
    monkeypatch.setattr(bulk, "LARGE", 0)
    path = home / "imports" / "ods" / "list-2026-07-01.nq"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}<{ID}organisation/T1> {statement} <{IMPORT}> .\n", encoding="utf-8")
    with pytest.raises(RegisterError, match=message):
        build(home, folder)


@pytest.mark.parametrize("kept", [True, False])
def test_the_names_of_a_large_import_are_in_the_index(home, folder, monkeypatch, kept):
    monkeypatch.setattr(bulk, "LARGE", 0)
    path = home / "imports" / "ods" / "list-2026-07-01.nq"
    one = f"<{ID}organisation/T9>"
    lines = (
        f"{one} <{TYPE}> <{DEF}Organisation>",
        f'{one} <{DEF}attestedFrom> "2026-07-01"^^<{DATE}>',
        f'{one} <{LABEL}> "A Listed Body"',
        f"{one} <{DEF}membership> <{ID}organisation/T9#class-1>",
        f"<{ID}organisation/T9#class-1> <{DEF}organisationClass> <{DEF}NHSTrust>",
    )
    text = "".join(f"{line} <{IMPORT}> .\n" for line in lines)
    path.write_text(text + path.read_text(encoding="utf-8"), encoding="utf-8")
    if kept:
        keep_rows(path, surveys.rows(path, home))
    made = build(home, folder)
    with closing(sqlite3.connect(made.path / FILE)) as names:
        found = names.execute("SELECT label FROM thing WHERE iri = ?", (f"{ID}organisation/T9",))
        assert found.fetchall() == [("A Listed Body",)]
        others = names.execute("SELECT count(*) FROM thing WHERE kind = 'organisation'").fetchone()
    assert others[0] > 1


def test_without_the_original_the_import_itself_is_named(tmp_path):
    finding = Finding("ods/list", "organisation/A", "target", "organisation/B", "p", "r")
    assert row_of(tmp_path, finding) == "ods/list"


def test_a_build_of_no_findings_has_none(tmp_path):
    assert read_findings(tmp_path) == []


@pytest.mark.parametrize("given", ["0", "many", "-1"])
def test_the_number_of_builds_to_keep_is_a_number(home, folder, monkeypatch, given):
    monkeypatch.setenv("REMIT_KEEP_BUILDS", given)
    with pytest.raises(BuildError, match="REMIT_KEEP_BUILDS"):
        build(home, folder)
