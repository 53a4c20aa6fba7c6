"""Records of the Organisation Data Service become statements that keep legal and operational dates apart."""

import json
from datetime import date

import pytest
from made_files import date_xml, organisation_xml

from loader.errors import InputError
from loader.imports import import_ods

RELEASED = date(2026, 7, 1)


def test_legal_and_operational_dates_are_kept_apart(ord_file, tmp_path, statements):
    found = statements(import_ods(ord_file(), tmp_path).path)
    assert found.values("organisation/RZZ9", "existsFrom") == ["2000-04-01"]
    assert found.values("organisation/RZZ9", "operationalFrom") == ["2000-03-01"]


def test_foundation_status_comes_from_the_role_and_displaces_that_of_nhs_trust(
    ord_file, tmp_path, statements
):
    found = statements(import_ods(ord_file(), tmp_path).path)
    classes = {
        (f["organisationClass"], f.get("validFrom"), f.get("validTo"))
        for f in found.facts("organisation/RZZ9", "membership")
    }
    assert classes == {
        ("NHSTrust", "2000-04-01", "2007-08-01"),
        ("FoundationTrust", "2007-08-01", None),
    }


def test_without_the_role_a_name_makes_no_foundation_trust(ord_file, tmp_path, statements):
    role = {"id": "RO197", "primaryRole": True}
    path = ord_file(Roles={"Role": [role]})
    (only,) = statements(import_ods(path, tmp_path).path).facts("organisation/RZZ9", "membership")
    assert only["organisationClass"] == "NHSTrust"


def test_what_the_registers_describe_keeps_its_label_existence_and_class(
    ord_file, tmp_path, statements
):
    path = ord_file(OrgId={"extension": "RA7"})
    found = statements(import_ods(path, tmp_path).path)
    assert found.values("organisation/RA7", "existsFrom") == []
    assert found.values("organisation/RA7", "membership") == []
    assert found.values("organisation/RA7", "operationalFrom") == ["2000-03-01"]


def test_a_closed_organisation_ends_on_the_day_after_its_last(xml, tmp_path, statements):
    dates = date_xml("Operational", "2000-04-01", "2026-06-30")
    path = xml(
        organisation_xml("ZZ1", "OLD CLINIC", dates, '<Role id="RO172" primaryRole="true"/>')
    )
    found = statements(import_ods(path, tmp_path).path)
    assert found.values("organisation/ZZ1", "existsTo") == ["2026-07-01"]
    (member,) = found.facts("organisation/ZZ1", "membership")
    assert (member["organisationClass"], member["validTo"]) == ("IndependentProvider", "2026-07-01")


def test_relations_and_successions(xml, tmp_path, statements):
    dates = date_xml("Operational", "2000-04-01")
    relation = f'<Rels><Rel id="RE6">{dates}<Target><OrgId extension="ZZ2"/></Target></Rel></Rels>'
    succession = (
        f"<Succs><Succ>{date_xml('Legal', '2010-04-01')}<Type>Predecessor</Type>"
        '<Target><OrgId extension="ZZ3"/></Target></Succ></Succs>'
    )
    path = xml(organisation_xml("ZZ1", "CLINIC", dates, "", relation + succession))
    found = statements(import_ods(path, tmp_path).path)
    (operated,) = found.facts("organisation/ZZ1", "hasRelation")
    assert (operated["kind"], operated["target"]) == ("operated-by", "organisation/ZZ2")
    event = "event/ods-succession-2010-04-01-ZZ3-ZZ1"
    assert found.values(event, "date") == ["2010-04-01"]
    assert found.values("organisation/ZZ3", "odsCode") == ["ZZ3"]


def test_fhir_gives_periods_with_roles(tmp_path, statements):
    def period(kind: str, start: str) -> dict[str, object]:
        return {
            "url": "https://example.org/Extension-England-TypedPeriod",
            "extension": [
                {"url": "dateType", "valueCoding": {"code": kind}},
                {"url": "period", "valuePeriod": {"start": start}},
            ],
        }

    role = {
        "url": "https://example.org/Extension-England-OrganisationRole",
        "extension": [
            {"url": "roleCode", "valueCodeableConcept": {"coding": [{"code": "RO98"}]}},
            period("Legal", "2013-04-01"),
            period("Operational", "2012-10-01"),
        ],
    }
    resource = {
        "resourceType": "Organization",
        "id": "ZZ8",
        "name": "TEST CCG",
        "active": True,
        "extension": [role],
    }
    path = tmp_path / "bundle_2026-07-01.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": resource}, {}]}))
    done = import_ods(path, tmp_path)
    found = statements(done.path)
    assert found.values("organisation/ZZ8", "existsFrom") == ["2013-04-01"]
    assert found.values("organisation/ZZ8", "operationalFrom") == ["2012-10-01"]
    (member,) = found.facts("organisation/ZZ8", "membership")
    assert (member["organisationClass"], member["validTo"]) == (
        "ClinicalCommissioningGroup",
        "2022-07-01",
    )
    assert [fault.line for fault in done.problems] == [2]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", '{"errorCode": 404, "errorText": "Not found"}', "error answer"),
        (
            "a.json",
            '{"resourceType": "OperationOutcome", "issue": [{"diagnostics": "gone"}]}',
            "error answer",
        ),
        ("a.json", '{"Organisations": [{"OrgLink": "https://x/RA7"}]}', "only a link"),
        ("a.json", "{ nothing", "not JSON"),
        ("a.xml", "<OrgRefData><Organisations><Organisation><Name>A", "not well-formed"),
        ("a.xml", "<Other/>", "of another kind"),
        ("a.xml", "<OrgRefData/>", "holds no organisation"),
        ("a.zip", "PK\x03\x04 and nothing", "broken archive"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_nothing(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text, encoding="latin-1")
    with pytest.raises(InputError, match=said):
        import_ods(path, tmp_path / "home", RELEASED)
    assert not [p for p in (tmp_path / "home").rglob("*") if p.is_file()]


def test_the_date_of_publication_is_read_from_the_file(xml, tmp_path):
    path = xml(organisation_xml("ZZ1", "CLINIC", date_xml("Operational", "2000-04-01")))
    assert import_ods(path, tmp_path).name == "hscorgrefdata-2026-07-01"
