"""Conflicts are sought once for a data version, and come back from the disk as they were."""

from datetime import date
from pathlib import Path

import pytest

from server.answers.claims import Claim, Conflict
from server.answers.conflicts_kept import kept

ONE = Claim("urn:o", "ZZ1", "name", "A “name”", date(2020, 1, 1), None, "import/ods/a", True)
OTHER = Claim("urn:o", "ZZ1", "name", "Another", None, date(2021, 1, 1), "import/ods/b", False)
FOUND = [
    Conflict("name", ONE, OTHER, date(2020, 1, 1), (("import/ods/a",), ("import/ods/b", "c"))),
    Conflict("postcode", OTHER, ONE, None),
]


def not_again() -> list[Conflict]:
    raise AssertionError("the conflicts were sought again")


def test_they_come_back_as_they_were(tmp_path: Path) -> None:
    assert kept(tmp_path, "v1", lambda: FOUND) == FOUND
    assert kept(tmp_path, "v1", not_again) == FOUND
    assert kept(tmp_path, "v2", list) == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"found": [[1]]}', '{"found": [["name", [], [], null, [[], []]]]}']
)
def test_a_file_that_cannot_be_read_is_made_anew(tmp_path: Path, text: str) -> None:
    kept(tmp_path, "v1", lambda: FOUND)
    (file,) = (tmp_path / "cache" / "conflicts").iterdir()
    file.write_text(text, encoding="utf-8")
    assert kept(tmp_path, "v1", lambda: FOUND) == FOUND
    assert kept(tmp_path, "v1", not_again) == FOUND


def test_a_folder_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    assert kept(tmp_path, "v1", lambda: FOUND) == FOUND


def test_the_last_few_versions_are_kept(tmp_path: Path) -> None:
    for number in range(9):
        kept(tmp_path, f"v{number}", list)
    assert len(list((tmp_path / "cache" / "conflicts").iterdir())) == 4
