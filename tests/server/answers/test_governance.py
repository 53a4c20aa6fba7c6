"""Bodies and meetings of a system, as the memorandum names them."""

import pytest

from server.answers.governance import governance, systems
from server.errors import NotFound


def body(answer, slug):
    return next(each for each in answer["bodies"] if each["slug"] == slug)


def test_the_bristol_system_is_recorded(store):
    assert [each["slug"] for each in systems(store)] == ["QUY"]


@pytest.mark.parametrize(
    ("slug", "stated", "text"),
    [
        ("bnssg-outcomes-quality-and-performance-committee", True, "monthly"),
        ("bnssg-finance-estates-and-digital-committee", True, "monthly"),
        ("bnssg-planning-oversight-group", True, "weekly"),
        ("bnssg-system-triumvirate-meeting", True, "monthly"),
        ("bnssg-tier-1", True, "weekly"),
        ("bnssg-informal-monthly", True, "monthly"),
        ("bnssg-system-quality-group", False, "Not stated"),
        ("bnssg-directors-of-finance-meeting", False, "Not stated"),
    ],
)
def test_cadences_are_as_stated_or_said_to_be_missing(store, slug, stated, text):
    cadence = body(governance(store, "QUY"), slug)["cadence"]
    assert cadence["stated"] is stated
    assert cadence["text"].startswith(text)
    assert cadence["sources"]


def test_directors_of_finance_escalate_through_the_finance_committee(store):
    found = body(governance(store, "QUY"), "bnssg-directors-of-finance-meeting")
    assert {(line["kind"], line["to"]["slug"]) for line in found["lines"]} == {
        ("reports to", "bnssg-board-subcommittees"),
        ("escalates to", "bnssg-finance-estates-and-digital-committee"),
    }
    attending = {who["capacity"] for who in found["participants"] if who["slug"] == "nhs-england"}
    assert attending == {"as a regulator", "as a commissioner"}


def test_the_six_localities_have_the_same_members(store):
    answer = governance(store, "QUY")
    localities = [each for each in answer["bodies"] if each["kind"] == "locality partnership"]
    assert len(localities) == 6
    assert {len(each["participants"]) for each in localities} == {6}
    assert any("does not say how often" in row["statement"] for row in answer["silences"])


def test_quality_governance_in_general_links_superseded_bodies(store):
    answer = governance(store)
    assert [each["slug"] for each in body(answer, "rapid-quality-review")["replaces"]] == [
        "risk-summit",
        "single-item-quality-surveillance-group",
    ]
    assert answer["notes"]


def test_an_unknown_system_is_refused_with_those_recorded(store):
    with pytest.raises(NotFound) as refused:
        governance(store, "QXX")
    assert refused.value.members["suggestions"][0]["href"] == "/governance/QUY"
