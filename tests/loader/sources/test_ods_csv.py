"""Reports of the Organisation Data Service: reading, comparing, and making entries."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from loader.errors import InputError
from loader.sources.names import ordinary, same
from loader.sources.ods_csv import Event, compare, read, to_entries
from loader.yamlld import register_from

DATA = Path(__file__).parents[2] / "data" / "ods"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "ods-csv"
RELEASED = date(2026, 7, 8)

real = pytest.mark.skipif(
    not SHARED.is_dir(), reason="needs the real reports in ../shared/data/ods-csv, which are absent"
)


def entries(name: str, known: frozenset[str] = frozenset()) -> dict[str, dict[str, object]]:
    tree = to_entries(read(DATA / name), RELEASED, known)
    return {entry["id"].removeprefix("organisation/"): entry for entry in tree["entries"]}


@pytest.mark.parametrize(
    ("name", "kind", "used", "skipped", "problems"),
    [
        ("etr-older.csv", "etr", 6, 1, 0),
        ("etr-newer.csv", "etr", 8, 1, 0),
        ("etr-windows.csv", "etr", 1, 0, 0),
        ("eccg.csv", "eccg", 4, 1, 0),
        ("etr-faulty.csv", "etr", 2, 0, 9),
    ],
)
def test_a_report_is_read_whatever_its_width_and_encoding(
    name: str, kind: str, used: int, skipped: int, problems: int
) -> None:
    release = read(DATA / name)
    assert release.kind == kind
    assert (len(release.rows), len(release.skipped), len(release.problems)) == (
        used,
        skipped,
        problems,
    )


def test_windows_text_is_understood() -> None:
    assert read(DATA / "etr-windows.csv").rows[0].name == "CAFÉ – SEASIDE NHS TRUST"


def test_a_welsh_trust_and_a_commissioning_hub_are_left_out_with_the_reason() -> None:
    assert "belongs to the NHS in Wales" in str(read(DATA / "etr-older.csv").skipped[0])
    assert "belongs to the NHS in Wales" in str(read(DATA / "etr-newer.csv").skipped[0])
    assert "commissioning hub" in str(read(DATA / "eccg.csv").skipped[0])


def test_each_faulty_row_is_reported_with_line_field_and_remedy() -> None:
    problems = read(DATA / "etr-faulty.csv").problems
    assert [(fault.line, fault.field) for fault in problems] == [
        (2, "code"),
        (3, "open date"),
        (4, "close date"),
        (5, None),
        (6, "name"),
        (7, "code"),
        (8, "open date"),
        (9, "close date"),
        (10, "board"),
    ]
    assert all(fault.remedy and fault.file for fault in problems)
    assert "stands on line 1 already" in problems[0].message
    assert "has 20 columns" in problems[3].message


def test_an_unclosed_quotation_mark_is_a_fault_of_its_row(tmp_path: Path) -> None:
    path = tmp_path / "etr.csv"
    path.write_bytes((DATA / "etr-windows.csv").read_bytes() + b'"X99","NEVER CLOSED')
    release = read(path)
    assert len(release.rows) == 1
    assert (release.problems[0].line, release.problems[0].remedy) == (
        2,
        "Look for a quotation mark that is not closed or not doubled.",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no row"),
        (b"\r\n\r\n", "holds no row"),
        (b"PK\x03\x04 a spreadsheet", "is not a CSV file"),
        ("X01,A TRUST".encode("utf-16"), "is not a CSV file"),
        (b"\x81\x8d", "neither UTF-8 nor Windows text"),
        (b"Organisation Code,Name,Region\n", "holds no row"),
        (b"X01,A SHOP,,,,,,,,,20200401,,,,,,,,,,,,,\n", "holds neither trusts"),
    ],
)
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "etr.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as refused:
        read(path)
    assert refused.value.faults[0].remedy


def test_a_file_that_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read: No such file"):
        read(tmp_path / "none.csv")


def test_two_releases_are_compared() -> None:
    events = compare(read(DATA / "etr-older.csv"), read(DATA / "etr-newer.csv"))
    assert [(event.kind, event.code, event.date) for event in events] == [
        ("renamed", "X01", None),
        ("closed", "X02", date(2025, 4, 1)),
        ("moved", "X03", None),
        ("reappeared", "X04", None),
        ("opened", "X05", date(2025, 4, 1)),
        ("reappeared", "X06", None),
        ("closed", "X07", date(2025, 7, 1)),
        ("unlisted", "X08", None),
        ("opened", "X10", date(2025, 5, 1)),
        ("closed", "X10", date(2025, 11, 1)),
    ]
    assert (events[2].before, events[2].after) == ("QYY", "A1B2C")


def test_a_release_does_not_differ_from_itself() -> None:
    release = read(DATA / "etr-newer.csv")
    assert compare(release, release) == []


def test_reports_of_different_kinds_are_not_compared() -> None:
    with pytest.raises(InputError, match="cannot be compared"):
        compare(read(DATA / "etr-older.csv"), read(DATA / "eccg.csv"))


@pytest.mark.parametrize("name", ["etr-older.csv", "etr-newer.csv", "eccg.csv", "etr-windows.csv"])
def test_entries_have_the_form_of_a_register(name: str) -> None:
    tree = to_entries(read(DATA / name), RELEASED)
    register = register_from(tree, "https://w3id.org/remit/id/graph/import/ods", Path(name))
    assert sum(1 for _ in register.quads()) > len(tree["entries"])


def test_a_trust_is_not_called_a_foundation_trust_for_its_name() -> None:
    trust = entries("etr-newer.csv")["X01"]
    assert trust["label"] == "Northtown-upon-Sea NHS Foundation Trust"
    assert trust["memberships"] == [
        {
            "class": "NHSProviderTrust",
            "from": "1995-04-01",
            "statedIn": ["document/ods-etr-2026-07-08"],
        }
    ]
    assert trust["relations"] == [
        {
            "kind": kind,
            "target": f"organisation/{code}",
            "attestedFrom": "2026-07-08",
            "statedIn": ["document/ods-etr-2026-07-08"],
        }
        for kind, code in (("within-geography-of", "QZZ"), ("in-region", "Y99"))
    ]


def test_a_closed_trust_ends_on_the_day_after_its_closing_date() -> None:
    trust = entries("etr-newer.csv")["X02"]
    assert (trust["existsFrom"], trust["existsTo"]) == ("1995-04-01", "2025-04-01")
    assert (trust["operationalFrom"], trust["operationalTo"]) == ("1995-04-01", "2025-04-01")
    assert "relations" not in trust


def test_a_trust_that_the_register_knows_keeps_its_existence_and_label_from_there() -> None:
    known = entries("etr-newer.csv", frozenset({"X02"}))
    assert {"existsFrom", "existsTo", "label", "note"}.isdisjoint(known["X02"])
    assert known["X02"]["operationalTo"] == "2025-04-01"
    assert known["X05"]["existsFrom"] == "2025-04-01"


@pytest.mark.parametrize(
    ("code", "kind", "intervals"),
    [
        ("00X", "Organisation", {"ClinicalCommissioningGroup": ("2013-04-01", "2020-04-01")}),
        (
            "01X",
            "Organisation",
            {
                "ClinicalCommissioningGroup": ("2013-04-01", "2022-07-01"),
                "SubICBLocation": ("2022-07-01", None),
            },
        ),
        (
            "02X",
            "Organisation",
            {
                "ClinicalCommissioningGroup": ("2013-04-01", "2022-07-01"),
                "SubICBLocation": ("2022-07-01", "2024-04-01"),
            },
        ),
        ("A9Z9A", "OrganisationalUnit", {"SubICBLocation": ("2024-04-01", None)}),
    ],
)
def test_a_group_ends_in_law_although_its_code_stays_open(
    code: str, kind: str, intervals: dict[str, tuple[str, str | None]]
) -> None:
    entry = entries("eccg.csv")[code]
    memberships = entry["memberships"]
    assert isinstance(memberships, list)
    assert entry["type"] == kind
    assert {m["class"]: (m["from"], m.get("to")) for m in memberships} == intervals


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (
            "KING'S COLLEGE HOSPITAL NHS FOUNDATION TRUST",
            "King's College Hospital NHS Foundation Trust",
        ),
        (
            "THE NEWCASTLE UPON TYNE HOSPITALS NHS TRUST",
            "The Newcastle upon Tyne Hospitals NHS Trust",
        ),
        ("NHS STOKE-ON-TRENT CCG", "NHS Stoke-on-Trent CCG"),
        ("2GETHER NHS TRUST", "2GETHER NHS Trust"),
        ("NHS (NORTH) ICB - 15C", "NHS (North) ICB - 15C"),
        ("Mixed case  is kept", "Mixed case is kept"),
    ],
)
def test_names_in_capitals_get_ordinary_capitalisation(printed: str, expected: str) -> None:
    assert ordinary(printed) == expected


def test_names_that_differ_only_in_printing_are_the_same() -> None:
    assert same("THE SHREWSBURY & TELFORD, NHS TRUST", "Shrewsbury and Telford NHS Trust")
    assert not same("NORTH NHS TRUST", "SOUTH NHS TRUST")


@real
@pytest.mark.parametrize(
    ("name", "rows", "used", "skipped"),
    [
        ("etr_2025-07.csv", 210, 207, 3),
        ("etr_2026-07.csv", 274, 271, 3),
        ("eccg_2026-01.csv", 320, 285, 35),
    ],
)
def test_real_reports_are_read_whole(name: str, rows: int, used: int, skipped: int) -> None:
    release = read(SHARED / name)
    assert len((SHARED / name).read_text(encoding="utf-8-sig").splitlines()) == rows
    assert (len(release.rows), len(release.skipped), release.problems) == (used, skipped, ())


@real
def test_real_releases_of_2025_and_2026_differ_as_counted_by_hand() -> None:
    events = compare(read(SHARED / "etr_2025-07.csv"), read(SHARED / "etr_2026-07.csv"))
    assert Counter(event.kind for event in events) == {
        "opened": 1,
        "closed": 4,
        "renamed": 7,
        "moved": 55,
        "reappeared": 63,
    }
    renamed = {
        event.code: (event.before, event.after) for event in events if event.kind == "renamed"
    }
    assert renamed["RA7"] == (
        "UNIVERSITY HOSPITALS BRISTOL AND WESTON NHS FOUNDATION TRUST",
        "BRISTOL NHS FOUNDATION TRUST",
    )
    assert Event("closed", "RVJ", "NORTH BRISTOL NHS TRUST", date(2026, 7, 1)) in events
    assert Event("opened", "K0N6A", "THE ONLINE NHS TRUST", date(2026, 6, 1)) in events
    targets = {event.after for event in events if event.kind == "moved"}
    assert targets == {"Z9B2Z", "D7T5G", "S9B9J", "S1Y5D", "T6Y0W", "S0E4D", "QKS", "QUA"}


@real
@pytest.mark.parametrize("name", ["etr_2026-07.csv", "eccg_2026-01.csv"])
def test_real_reports_become_entries_of_a_register(name: str) -> None:
    release = read(SHARED / name)
    tree = to_entries(release, RELEASED)
    register = register_from(tree, "https://w3id.org/remit/id/graph/import/ods", Path(name))
    assert len(register.entries) == len(release.rows) + 1
    assert sum(1 for _ in register.quads()) > 20 * len(release.rows)
