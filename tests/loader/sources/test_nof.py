"""Files of the NHS Oversight Framework: what is read, what is reported, and what becomes of it."""

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from loader.errors import InputError
from loader.imports_nof import import_nof
from loader.sources.nof import read
from loader.sources.nof_entries import to_entries
from loader.sources.periods import days

SMALL = Path(__file__).parents[2] / "data" / "nof" / "small.csv"
HEADING = SMALL.read_text(encoding="utf-8-sig").splitlines()[0]


def written(folder, *lines, encoding="utf-8"):
    path = folder / "nof.csv"
    path.write_bytes("\n".join([HEADING, *lines]).encode(encoding))
    return path


def test_usable_rows_are_read_and_no_break_spaces_are_plain():
    release = read(SMALL)
    assert release.quarter == "Q1 2025/26"
    assert release.counts == {"RA7": 3, "RVJ": 1, "RX0": 1}
    first = release.rows[0]
    assert (first.description, first.value, first.median, first.rank) == (
        "Waiting over 52 weeks",
        "1.38",
        "2.4",
        "35",
    )


def test_faulty_rows_are_reported_by_line_and_field():
    faults = [(fault.line, fault.field) for fault in read(SMALL).problems]
    assert faults == [
        (5, "Metric_ID"),
        (6, "Trust_code"),
        (7, "Value"),
        (8, "Metric_ID"),
        (9, None),
    ]
    assert all(fault.remedy for fault in read(SMALL).problems)


def test_a_trust_keeps_its_several_segments_apart():
    entries = to_entries(read(SMALL), known={"RA7", "RVJ"})["entries"]
    observed = {e["id"]: e for e in entries if e["type"] == "Observation"}
    adjusted = observed["observation/nof-2025-26-q1/RA7/OF5000/q1-2025-26"]
    assert (adjusted["value"], adjusted["unit"], adjusted["scheme"]) == (
        "1",
        "segment",
        "assessment-scheme/nof-2025-26",
    )
    assert (adjusted["periodFrom"], adjusted["periodTo"]) == ("2025-04-01", "2025-07-01")
    assert observed["observation/nof-2025-26-q1/RA7/OF5003/q1-2025-26"]["value"] == "2"
    assert "period" not in observed["observation/nof-2025-26-q1/RVJ/OF5000"]
    assert [e["id"] for e in entries if e["type"] == "Organisation"] == ["organisation/RX0"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q1 2025/26", (date(2025, 4, 1), date(2025, 7, 1))),
        ("Q4 2024-25", (date(2025, 1, 1), date(2025, 4, 1))),
        ("2025/26", (date(2025, 4, 1), date(2026, 4, 1))),
        ("Jun-25", (date(2025, 6, 1), date(2025, 7, 1))),
        ("Jul 24 - Jun 25", (date(2024, 7, 1), date(2025, 7, 1))),
        ("2024", (date(2024, 1, 1), date(2025, 1, 1))),
        ("Q1 2025", None), ("Month 3 2025", None), ("To M12 2024/25 vs 2023/24", None), ("", None),
        ("Q1 2025/27", None), ("2025/25", None), ("Jun 25 - Jul 24", None), ("Xyz-25", None), ("0025", None),
    ],
)  # fmt: skip
def test_periods_are_read_as_days_only_without_doubt(text, expected):
    assert days(text) == expected


def test_an_import_is_kept_for_later_builds(tmp_path):
    done = import_nof(SMALL, tmp_path)
    assert (done.name, done.observations, len(done.problems)) == ("nof-2025-26-q1", 5, 5)
    store = ox.Store()
    store.bulk_load(path=str(done.path), format=ox.RdfFormat.N_QUADS)
    graph = ox.NamedNode("https://w3id.org/remit/id/graph/import/nof/nof-2025-26-q1")
    assert graph in set(store.named_graphs())
    assert (tmp_path / "imports" / "nof" / "nof-2025-26-q1.csv").is_file()


def test_strict_refuses_a_file_with_a_faulty_row(tmp_path):
    with pytest.raises(InputError, match="already"):
        import_nof(SMALL, tmp_path, strict=True)
    assert not (tmp_path / "imports").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "not a CSV file"),
        (b"a,b\n1,2\n", "has no column"),
        (HEADING.encode() + b"\n\xff", "not UTF-8"),
        (HEADING.encode(), "holds no row"),
        (
            HEADING.encode() + b"\n,,,RA7,Name,,,OF5000,Segment,2024,segment,1,,,,",
            "does not tell its quarter",
        ),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path, content, message):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read(path)


def test_a_missing_file_and_an_open_quotation_mark_are_told(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "none.csv")
    path = written(
        tmp_path, ",,,RA7,Name,,,OF5000,Segment,Q1 2025/26,segment,1,,,,", ',,,"RA7"x,Name'
    )
    assert "not CSV" in str(read(path).problems[0])


def test_the_real_file_has_all_its_rows(shared):
    path = shared / "data" / "nof" / "nof_acute_trust_data_q1_2025-26.csv"
    release = read(path)
    assert (len(release.rows), len(release.counts), release.problems) == (7265, 134, ())
    assert release.counts["RA7"] == 53
    assert {row.metric for row in release.rows if row.code == "RA7" and row.unit == "segment"} >= {
        "OF5000",
        "OF5003",
        "OF5005",
    }
