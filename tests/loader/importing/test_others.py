"""Files of the Care Quality Commission, the Office for National Statistics and legislation.gov.uk."""

import json

import pytest

from loader.errors import InputError
from loader.importing.outcome import no_tick
from loader.imports import IMPORTERS

RATINGS = [
    ["Care Quality Commission"],
    [],
    [
        "Location ID", "Location ODS Code", "Location Name", "Location Post Code", "Service / Population Group",
        "Domain", "Latest Rating", "Publication Date", "Provider ID", "Provider Name",
    ],
    ["1-100", "-", "Test House", "BS1 1AA", "Overall", "Overall", "Good", "01/06/2025", "1-200", "Test Ltd"],
    ["1-100", "-", "Test House", "BS1 1AA", "Overall", "Safe", "Inadequate", "01/06/2025", "1-200", "Test Ltd"],
    ["1 100", "-", "Bad House", "BS1 1AA", "Overall", "Safe", "Good", "01/06/2025", "1-200", "Test Ltd"],
]  # fmt: skip
PROVIDERS = [
    [
        "Provider ID",
        "Provider ODS Code",
        "Provider Name",
        "Domain",
        "Latest Rating",
        "Publication Date",
    ],
    [
        "RZZ9",
        "RZZ9",
        "Testford NHS Foundation Trust",
        "Overall",
        "Requires improvement",
        "2025-06-01",
    ],
]


def run(family, path, home, strict=False):
    return IMPORTERS[family](path, home, None, strict, no_tick)


def test_ratings_are_read_from_both_sheets_of_a_spreadsheet(spreadsheet, tmp_path, statements):
    path = spreadsheet(
        "01_August_2025_Latest_ratings.ods", {"Locations": RATINGS, "Providers": PROVIDERS}
    )
    done = run("cqc", path, tmp_path)
    assert (done.name, done.entries) == ("latest-ratings-2025-08-01", 2)
    assert [fault.line for fault in done.problems] == [6]
    found = statements(done.path)
    ratings = {
        (r["ratingQuestion"], r["ratingValue"])
        for r in found.facts("cqc/location/1-100", "hasPublishedRating")
    }
    assert ratings == {("Overall", "Good"), ("Safe", "Inadequate")}
    assert found.values("cqc/provider/RZZ9", "recordOdsCode") == ["RZZ9"]
    assert found.values("cqc/location/1-100", "recordOdsCode") == []


def test_the_directory_is_read_below_its_preamble(tmp_path, statements):
    path = tmp_path / "01_July_2026_CQC_directory.csv"
    path.write_text(
        "Care Quality Commission,,,,,\n\n"
        "Name,Postcode,Service types,Provider name,CQC Location ID (for office use only),"
        "CQC Provider ID (for office use only)\n"
        'Test House,BS1 1AA,"Homecare, other",Test Ltd,1-100,1-200\n',
        encoding="utf-8",
    )
    found = statements(run("cqc", path, tmp_path).path)
    assert found.values("cqc/location/1-100", "recordPostcode") == ["BS1 1AA"]
    assert found.values("cqc/provider/1-200", "recordName") == ["Test Ltd"]


def test_the_interface_gives_registration_and_ratings(tmp_path, statements):
    location = {
        "locationId": "1-100", "providerId": "1-200", "name": "Test House", "odsCode": "VZZ1",
        "registrationStatus": "Deregistered", "registrationDate": "2010-12-02", "deregistrationDate": "2016-11-28",
        "currentRatings": {"overall": {"rating": "Good", "reportDate": "2014-11-25", "keyQuestionRatings": []}},
    }  # fmt: skip
    path = tmp_path / "location_2026-07-01.json"
    path.write_text(json.dumps(location), encoding="utf-8")
    found = statements(run("cqc", path, tmp_path).path)
    assert found.values("cqc/location/1-100", "registeredTo") == ["2016-11-29"]
    (rating,) = found.facts("cqc/location/1-100", "hasPublishedRating")
    assert rating["ratingPublished"] == "2014-11-25"
    assert found.values("cqc/provider/1-200", "recordCode") == ["1-200"]


def test_a_broken_spreadsheet_is_refused(tmp_path):
    path = tmp_path / "ratings_2026-07-01.ods"
    path.write_bytes(b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(InputError, match="broken archive"):
        run("cqc", path, tmp_path)


def test_a_table_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "other_2026-07-01.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="no table of the Care Quality Commission"):
        run("cqc", path, tmp_path)


CLML = """<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"
  IdURI="http://www.legislation.gov.uk/id/ukpga/2031/5" RestrictExtent="E+W">
  <Metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/">
    <dc:title>Testing Act 2031</dc:title><dct:valid>2032-04-01</dct:valid>
  </Metadata>
  <Body><P1group><Title>Power to test</Title>
    <P1 IdURI="http://www.legislation.gov.uk/id/ukpga/2031/5/section/3" RestrictStartDate="2032-01-01">
      <Pnumber>3</Pnumber></P1></P1group></Body>
</Legislation>"""


def test_titles_extents_and_dates_of_legislation(tmp_path):
    path = tmp_path / "act.xml"
    path.write_text(CLML, encoding="utf-8")
    text = run("legislation", path, tmp_path).path.read_text("utf-8")
    section = "<http://www.legislation.gov.uk/id/ukpga/2031/5/section/3>"
    for name, value in (
        ("provisionHeading", "3 Power to test"),
        ("territorialExtent", "E+W"),
        ("textVersionFrom", "2032-01-01"),
    ):
        assert f'{section} <https://w3id.org/remit/def/{name}> "{value}"' in text


def test_an_entity_bomb_is_not_expanded(tmp_path):
    path = tmp_path / "bomb.xml"
    head = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    path.write_text(head + CLML.replace("Power to test", "&b;"), encoding="utf-8")
    assert "aaaaaaaaaa" not in run("legislation", path, tmp_path).path.read_text("utf-8")


def test_rdf_of_legislation(tmp_path):
    path = tmp_path / "act.ttl"
    path.write_text(
        "<http://www.legislation.gov.uk/id/ukpga/2031/5> <http://purl.org/dc/terms/title> 'Testing Act 2031' ;"
        " <http://data.europa.eu/eli/ontology#first_date_entry_in_force> '2032-04-01' .",
        encoding="utf-8",
    )
    assert run("legislation", path, tmp_path).entries == 1
    path.write_text("<a:b> <a:c> <a:d> .", encoding="utf-8")
    with pytest.raises(InputError, match="states no title"):
        run("legislation", path, tmp_path)
