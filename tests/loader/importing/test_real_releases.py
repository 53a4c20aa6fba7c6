"""Two real releases of a report a year apart: what changed are events, and nothing is rewritten."""

from collections import Counter
from datetime import date

import pytest
from made_files import Statements

from loader.imports import import_ods
from loader.terms import ID

DAYS = ("2025-07-15", "2026-07-08")
SKOS = "http://www.w3.org/2004/02/skos/core#"


@pytest.fixture(scope="module")
def year(shared, tmp_path_factory):
    """A data folder with the lists of trusts of July 2025 and July 2026, on the days when they were taken."""
    folder = tmp_path_factory.mktemp("year")
    for day in DAYS:
        import_ods(shared / "data/ods-csv" / f"etr_{day[:7]}.csv", folder, date.fromisoformat(day))
    return folder


def test_two_real_releases_a_year_apart_tell_what_happened_between_them(year):
    """What the older release said stays; a change is an event with its day, or with a note that it has none."""
    older, newer = (Statements(year / "imports/ods" / f"etr-{day}.nq") for day in DAYS)
    assert not [q for q in older.quads if q.subject.value.startswith(f"{ID}event/")]
    events = sorted({q.subject.value for q in newer.quads if "/id/event/" in q.subject.value})
    told = Counter(each.rpartition("-")[2] for each in events)
    assert told == {"moved": 55, "renamed": 7, "closed": 4, "opened": 1}
    dated = [each.removeprefix(f"{ID}event/ods-") for each in events]
    assert {each for each in dated if each.endswith(("-closed", "-opened"))} == {
        "2026-04-01-RNK-closed",
        "2026-04-01-RY2-closed",
        "2026-04-01-RYV-closed",
        "2026-06-01-K0N6A-opened",
        "2026-07-01-RVJ-closed",
    }
    for each in events:
        notes = newer.values(each.removeprefix(ID), f"{SKOS}note")
        assert bool(notes) == each.endswith(("-moved", "-renamed"))
