"""Imports are stored whole or not at all, and never rewrite what an earlier release said."""

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from loader.build import build
from loader.errors import InputError
from loader.imports import date_in_name, import_ods

DATA = Path(__file__).parents[1] / "data" / "ods"


def test_the_date_of_a_release_is_read_from_its_name():
    assert date_in_name(Path("etr_2026-07.csv")) == date(2026, 7, 1)
    assert date_in_name(Path("etr-2026-07-08.csv")) == date(2026, 7, 8)


@pytest.mark.parametrize("name", ["etr.csv", "etr_2026-13.csv"])
def test_a_release_without_a_date_asks_for_one(name):
    with pytest.raises(InputError):
        date_in_name(Path(name))


def test_a_faulty_row_is_reported_or_refuses_the_file(tmp_path):
    path = DATA / "etr-faulty.csv"
    with pytest.raises(InputError):
        import_ods(path, tmp_path, date(2026, 7, 1), strict=True)
    assert not list(tmp_path.rglob("*.nq"))
    done = import_ods(path, tmp_path, date(2026, 7, 1))
    assert done.problems
    assert all(fault.line for fault in done.problems)
    assert done.path.is_file()


def test_a_newer_release_adds_events_and_keeps_the_older(tmp_path):
    older = import_ods(DATA / "etr-older.csv", tmp_path, date(2025, 7, 1))
    before = older.path.read_bytes()
    newer = import_ods(DATA / "etr-newer.csv", tmp_path, date(2026, 7, 1))
    assert not older.events
    assert newer.events
    assert older.path.read_bytes() == before
    kept = sorted(path.name for path in older.path.parent.glob("*.nq"))
    assert kept == ["etr-2025-07-01.nq", "etr-2026-07-01.nq"]


def test_real_releases_import_and_build(tmp_path, shared):
    folder = shared / "data" / "ods-csv"
    for name in ("etr_2025-07.csv", "etr_2026-07.csv", "eccg_2026-01.csv"):
        import_ods(folder / name, tmp_path)
    made = build(tmp_path)
    store = ox.Store.read_only(str(made.store))
    graphs = {g.value.rsplit("/", 1)[-1] for g in store.named_graphs() if "/import/" in g.value}
    assert graphs == {"etr-2025-07-01", "etr-2026-07-01", "eccg-2026-01-01"}
