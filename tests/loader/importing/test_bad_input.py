"""Bad rows are reported one by one; the rest is imported, or nothing at all, as the user chooses."""

import gzip
import io
import zipfile
from datetime import date

import pytest
from made_files import date_xml, organisation_xml

from loader.errors import InputError
from loader.importing.outcome import no_tick
from loader.imports import IMPORTERS, import_ods
from loader.sources import opened
from loader.sources.soundness import circular

GOOD = organisation_xml("ZZ1", "GOOD CLINIC", date_xml("Operational", "2000-04-01"))
FAULTY = {
    "stands at": GOOD,
    "before 1948": organisation_xml("ZZ2", "OLD", date_xml("Operational", "1947-01-01")),
    "after the release": organisation_xml("ZZ2", "NEW", date_xml("Operational", "2031-01-01")),
    "ends on": organisation_xml(
        "ZZ2", "TURNED", date_xml("Operational", "2001-01-01", "2000-01-01")
    ),
    "not a day": organisation_xml("ZZ2", "NO DAY", date_xml("Operational", "2001-02-30")),
    "not an ODS code": organisation_xml("zz 2", "BAD CODE", date_xml("Operational", "2001-02-03")),
    "is empty": organisation_xml("ZZ2", "", date_xml("Operational", "2001-02-03")),
}


@pytest.mark.parametrize("said", FAULTY)
def test_a_faulty_record_is_reported_and_the_rest_imported(xml, tmp_path, said):
    done = import_ods(xml(GOOD, FAULTY[said]), tmp_path)
    assert done.entries == 1
    (problem,) = done.problems
    assert said in problem.message
    assert problem.line
    assert problem.remedy or said == "is empty"


@pytest.mark.parametrize("said", FAULTY)
def test_or_nothing_at_all(xml, tmp_path, said):
    with pytest.raises(InputError, match=said):
        import_ods(xml(GOOD, FAULTY[said]), tmp_path / "home", strict=True)
    assert not [p for p in (tmp_path / "home").rglob("*") if p.is_file()]


def test_a_refused_file_leaves_the_earlier_import_as_it_was(xml, tmp_path):
    home = tmp_path / "home"
    before = import_ods(xml(GOOD), home).path.read_bytes()
    with pytest.raises(InputError):
        import_ods(xml(GOOD, GOOD), home, strict=True)
    assert [p.read_bytes() for p in home.rglob("*.nq")] == [before]


def test_an_announced_opening_is_no_fault(xml, tmp_path):
    soon = organisation_xml("ZZ2", "SOON", date_xml("Operational", "2027-04-01"))
    assert not import_ods(xml(GOOD, soon), tmp_path).problems


def test_circular_successions_are_reported_and_left_out(xml, tmp_path, statements):
    def succeeded(code: str, by: str) -> str:
        more = (
            f"<Succs><Succ>{date_xml('Legal', '2010-04-01')}<Type>Successor</Type>"
            f'<Target><OrgId extension="{by}"/></Target></Succ></Succs>'
        )
        return organisation_xml(
            code, f"CLINIC {code}", date_xml("Operational", "2000-04-01"), "", more
        )

    done = import_ods(xml(succeeded("ZZ1", "ZZ2"), succeeded("ZZ2", "ZZ1")), tmp_path)
    assert "circle" in done.problems[0].message
    assert not [q for q in statements(done.path).quads if "succession" in q.subject.value]


def test_a_return_after_years_is_no_circle():
    assert not circular([("A", "B", date(2010, 4, 1)), ("B", "A", date(2020, 4, 1))])
    assert circular([("A", "B", date(2010, 4, 1)), ("B", "A", date(2010, 4, 1))])
    assert not circular([("A", "B", date(2010, 4, 1)), ("B", "C", date(2010, 4, 1))])


def test_a_code_that_is_used_again_is_reported(xml, tmp_path):
    closed = organisation_xml(
        "ZZ2", "OLD HOUSE", date_xml("Operational", "2000-01-01", "2010-01-01")
    )
    import_ods(xml(GOOD, closed), tmp_path, date(2025, 7, 1))
    other = organisation_xml("ZZ2", "NEW PHARMACY", date_xml("Operational", "2025-10-01"))
    done = import_ods(xml(GOOD, other), tmp_path, date(2026, 7, 1))
    assert "now stands for" in done.problems[0].message
    assert done.entries == 1


def test_a_newer_release_tells_what_changed_and_rewrites_nothing(xml, tmp_path):
    dates = date_xml("Operational", "2000-01-01")
    older = import_ods(
        xml(
            GOOD,
            organisation_xml("ZZ2", "A HOUSE", dates),
            organisation_xml("ZZ3", "C HOUSE", dates),
        ),
        tmp_path,
        date(2025, 7, 1),
    )
    before = older.path.read_bytes()
    newer = import_ods(
        xml(
            GOOD,
            organisation_xml("ZZ2", "B HOUSE", dates),
            organisation_xml("ZZ3", "C HOUSE", date_xml("Operational", "2000-01-01", "2026-03-31")),
            organisation_xml("ZZ4", "D HOUSE", date_xml("Operational", "2026-01-01")),
        ),
        tmp_path,
        date(2026, 7, 1),
    )
    assert dict(newer.events) == {"Renaming": 1, "Dissolution": 1, "Establishment": 1}
    assert older.path.read_bytes() == before


def test_a_file_far_too_large_is_refused(xml, tmp_path, monkeypatch):
    monkeypatch.setattr(opened.Limited.__init__, "__defaults__", None)
    path = xml(
        *(
            organisation_xml(f"ZZ{n}", "CLINIC", date_xml("Operational", "2000-04-01"))
            for n in range(99)
        )
    )
    with pytest.raises(InputError, match="larger than"), opened.stream(path, most=2_000) as file:
        file.read()


def test_columns_in_another_order_are_read_and_missing_ones_refused(tmp_path):
    path = tmp_path / "areas_2026-04-01.csv"
    path.write_text("ICB26NM,ICB26CD,ICB26CDH\nNHS Test ICB,E54000099,QZZ\n", encoding="utf-8")
    assert IMPORTERS["ons"](path, tmp_path, None, True, no_tick).entries == 1
    path.write_text("ICB26NM,ICB26CD\nNHS Test ICB,E54000099\n", encoding="utf-8")
    with pytest.raises(InputError, match="columns of codes"):
        IMPORTERS["ons"](path, tmp_path, None, True, no_tick)


def test_text_in_no_encoding_is_refused(tmp_path):
    path = tmp_path / "areas_2026-04-01.csv"
    path.write_bytes(b"ICB26NM,ICB26CD,ICB26CDH\n\x81\x8d\xff,E54000099,QZZ\n")
    with pytest.raises(InputError, match="neither UTF-8 nor Windows"):
        IMPORTERS["ons"](path, tmp_path, None, False, no_tick)


CUT = {
    "xml": lambda data: data[: len(data) // 2],
    "gzip": lambda data: gzip.compress(data)[:-20],
    "zip": lambda data: zipped(data)[:-30],
}


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("register.xml", data)
    return out.getvalue()


@pytest.mark.parametrize("form", CUT)
def test_a_file_that_is_cut_short_leaves_nothing(xml, tmp_path, form):
    """Half of a register would look like closures: it is refused whole, whether strict or not."""
    path = xml(GOOD, *(organisation_xml(f"ZZ{n}", "CLINIC", "") for n in range(2, 200)))
    path.write_bytes(CUT[form](path.read_bytes()))
    with pytest.raises(InputError) as refused:
        import_ods(path, tmp_path / "home", date(2026, 7, 1))
    assert refused.value.faults[0].file == path
    assert not [each for each in (tmp_path / "home").rglob("*") if each.is_file()]


ROW = '"{}","{} NHS TRUST","Y56","QKK","","","","","","BS1 1AA","20000401","","","","","","","","","","","1","","H"'
REPORTS = {
    "columns": ("QZ2,SHORT NHS TRUST", "has 2 columns"),
    "order": (ROW.format("LATER NHS TRUST", "QZ2"), "not an ODS code"),
    "code": (ROW.format("QZ1", "OTHER"), "stands on line 1 already"),
    "old": (ROW.format("QZ2", "OLD").replace("20000401", "19470401"), "before 1948"),
    "far": (ROW.format("QZ2", "FAR").replace("20000401", "20400401"), "more than a year after"),
}


@pytest.mark.parametrize("case", REPORTS)
def test_each_fault_of_a_report_names_its_line(tmp_path, case):
    row, said = REPORTS[case]
    path = tmp_path / "etr_2026-07-01.csv"
    rows = (ROW.format("QZ1", "FIRST"), row, ROW.format("QZ3", "LAST"))
    path.write_text("\r\n".join(rows), encoding="utf-8")
    done = import_ods(path, tmp_path / "home")
    (problem,) = done.problems
    assert said in problem.message
    assert (problem.line, bool(problem.remedy)) == (2, True)
    assert done.entries == 3  # the document, and the trusts of the first and the last row
    with pytest.raises(InputError, match=said):
        import_ods(path, tmp_path / "other", strict=True)
    assert not (tmp_path / "other").exists()


def test_a_report_in_windows_text_is_read_and_one_in_neither_is_refused_by_line(tmp_path):
    path = tmp_path / "etr_2026-07-01.csv"
    text = f"{ROW.format('QZ1', 'FIRST')}\n{ROW.format('QZ2', 'ÉLAN')}"
    path.write_bytes(text.encode("cp1252"))
    assert "Élan NHS Trust" in import_ods(path, tmp_path / "home").path.read_text("utf-8")
    path.write_bytes(text.encode("cp1252").replace(b"\xc9", b"\x81"))
    with pytest.raises(InputError) as refused:
        import_ods(path, tmp_path / "home")
    assert refused.value.faults[0].line == 2


def test_a_code_that_two_rows_of_locations_share_is_one_record(tmp_path, statements):
    """Tables of the Commission repeat a provider in each row; the first row counts, and that is no fault."""
    path = tmp_path / "directory_2026-04-01.csv"
    path.write_text(
        "Name,Postcode,CQC Provider ID,CQC Location ID,Provider name\n"
        "House,ZZ1 1ZZ,1-2,1-3,Owner\nOther,ZZ1 1ZZ,1-2,1-4,Owner\n",
        encoding="utf-8",
    )
    done = IMPORTERS["cqc"](path, tmp_path, None, True, no_tick)
    assert done.entries == 3
    assert statements(done.path).values("cqc/provider/1-2", "recordName") == ["Owner"]
