"""What is derived from records: the days counted, and what the organisation was."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.state.organisations import StoredOrganisations
from loader.state.prepare import prepare
from loader.state.records import Records
from loader.terms import DEF

PREFIXES = """
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix remit: <https://w3id.org/remit/def/> .
@prefix org: <https://w3id.org/remit/id/organisation/> .
"""


class Nowhere:
    """Knows no organisation."""

    def find(self, iri: str) -> None:
        return None


def derived(turtle: str, organisations: object, name: str) -> list[str]:
    records = Records()
    records.store.load((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)
    prepare(records, organisations)  # type: ignore[arg-type]
    found = records.store.quads_for_pattern(None, ox.NamedNode(DEF + name), None)
    return sorted(getattr(quad.object, "value", "").removeprefix(DEF) for quad in found)


def notice(
    received: str, deadline: str, breach: str = "2022-01-01", issued: str = "2023-01-01"
) -> str:
    days = {
        "receivedOn": received,
        "representationsDeadline": deadline,
        "breachEndedOn": breach,
        "issuedOn": issued,
    }
    stated = " ; ".join(f'remit:{name} "{day}"^^xsd:date' for name, day in days.items())
    return f"<urn:x:1> a remit:NoticeRecord ; {stated} ."


def test_the_day_after_receipt_is_the_first_day() -> None:
    assert derived(notice("2023-05-02", "2023-05-30"), Nowhere(), "representationDays") == ["28"]


@pytest.mark.parametrize(
    ("breach", "issued", "at_most_five"),
    [
        ("2018-05-01", "2023-05-01", True),
        ("2018-05-01", "2023-05-02", False),
        ("2020-02-29", "2025-02-28", True),
        ("2020-02-29", "2025-03-02", False),
    ],
)
def test_five_years_end_on_the_anniversary(breach: str, issued: str, at_most_five: bool) -> None:
    (years,) = derived(notice("2023-05-02", "2023-05-30", breach, issued), Nowhere(), "breachYears")
    assert (float(years) <= 5) is at_most_five


@given(st.decimals(1, 10**9, places=2), st.decimals(1, 10**9, places=2))
def test_percentages_are_exact(part: object, whole: object) -> None:
    sums = f'remit:penaltyAmount "{part}"^^xsd:decimal ; remit:turnover "{whole}"^^xsd:decimal'
    text = f"<urn:x:1> a remit:PenaltyRecord ; {sums} ."
    (percent,) = derived(text, Nowhere(), "penaltyPercent")
    assert abs(float(percent) - 100 * float(str(part)) / float(str(whole))) < 1e-6 * (
        1 + float(percent)
    )


def test_nothing_is_counted_from_what_is_not_a_date_or_number() -> None:
    text = notice("2023-05-02", "2023-05-30").replace("2023-05-02", "soon")
    assert derived(text, Nowhere(), "representationDays") == []
    text = "<urn:x:1> a remit:PenaltyRecord ; remit:penaltyAmount 1.0 ; remit:turnover 0.0 ."
    assert derived(text, Nowhere(), "penaltyPercent") == []


def at(code: str, day: str) -> str:
    return f'<urn:x:1> a remit:PlanRecord ; remit:concerns org:{code} ; remit:agreedOn "{day}"^^xsd:date .'


@pytest.mark.parametrize(
    ("code", "day", "exists"),
    [
        ("QUY", "2022-06-30", ["false"]),
        ("QUY", "2022-07-01", ["true"]),
        ("RVJ", "2026-06-30", ["true"]),
        ("RVJ", "2026-07-01", ["false"]),
        ("ZZ9", "2023-01-01", []),
    ],
)
def test_existence_on_the_day(
    organisations: StoredOrganisations, code: str, day: str, exists: list[str]
) -> None:
    assert derived(at(code, day), organisations, "subjectExists") == exists


def test_classes_on_the_day_and_on_any_day(organisations: StoredOrganisations) -> None:
    now = derived(at("RVJ", "2023-05-01"), organisations, "subjectClass")
    assert {"NHSTrust", "NHSProviderTrust", "Provider", "LicenceHolder"} <= set(now)
    before = derived(at("RVJ", "2023-03-31"), organisations, "subjectClass")
    assert "LicenceHolder" not in before
    assert "LicenceHolder" in derived(at("RVJ", "2023-03-31"), organisations, "subjectKind")


def test_an_unknown_organisation_is_said_to_be_unknown(organisations: StoredOrganisations) -> None:
    assert derived(at("ZZ9", "2023-01-01"), organisations, "subjectKnown") == ["false"]
    assert derived(at("RA7", "2023-01-01"), organisations, "subjectKnown") == ["true"]


def undertaking_and_direction(ended: str) -> str:
    end = f' ; remit:endedOn "{ended}"^^xsd:date' if ended else ""
    return f"""
<urn:x:u> a remit:UndertakingRecord ; remit:concerns org:QUY ; remit:matter "M" ;
    remit:acceptedOn "2023-01-01"^^xsd:date{end} .
<urn:x:d> a remit:DirectionRecord ; remit:concerns org:QUY ; remit:matter "M" ;
    remit:givenOn "2023-06-01"^^xsd:date .
"""


@pytest.mark.parametrize(
    ("ended", "met"), [("", ["urn:x:u"]), ("2023-06-02", ["urn:x:u"]), ("2023-06-01", [])]
)
def test_an_undertaking_stands_until_it_ends(ended: str, met: list[str]) -> None:
    assert derived(undertaking_and_direction(ended), Nowhere(), "meetsStandingUndertaking") == met


def test_many_records_of_one_key_derive_no_more_statements_than_records(
    organisations: StoredOrganisations,
) -> None:
    """Each later record points at the first of its kind, so that the work does not grow with the square."""
    rows = "".join(
        f'<urn:x:{n:04}> a remit:AllocationRecord ; remit:recordReference "A" ; remit:concerns org:RA7 ; '
        f'remit:underScheme <urn:x:f> ; remit:recordPeriod "P" .\n'
        for n in range(300)
    )
    assert derived(rows, organisations, "sharesReferenceWith") == ["urn:x:0000"] * 299
    assert derived(rows, organisations, "contradictsAllocation") == ["urn:x:0000"] * 299


def test_a_repeated_direction_points_at_the_first() -> None:
    rows = "".join(
        f'<urn:x:{n}> a remit:DirectionRecord ; remit:concerns org:QUY ; remit:matter "M" ; '
        f'remit:givenOn "2023-06-0{9 - n}"^^xsd:date .\n'
        for n in range(1, 5)
    )
    assert derived(rows, Nowhere(), "repeatsMatterOf") == ["urn:x:4"] * 3
