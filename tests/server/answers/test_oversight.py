"""Oversight of an organisation on a date."""

import pytest

from server.answers.oversight import oversight
from server.errors import NotFound


@pytest.mark.parametrize(
    ("day", "slug"),
    [("2021-12-01", "sof-2021-22"), ("2022-06-30", "sof-2021-22"), ("2022-07-01", "nof-2022-23")],
)
def test_a_trust_on_three_days(store, day, slug):
    answer = oversight(store, "RA7", day)
    assert answer["inEffect"]["framework"]["slug"] == slug
    assert answer["kind"] == "foundation-trust"
    assert answer["covered"]
    assert [row["segment"] for row in answer["segments"]] == [1, 2, 3, 4]
    assert answer["segment"]["known"] is False
    assert answer["meetings"]
    assert answer["leads"]


def test_powers_stand_behind_mandated_support(store):
    rows = oversight(store, "RA7", "2022-07-01")["segments"]
    assert "accept-provider-undertaking" in {p["slug"] for p in rows[2]["powers"]}
    assert not rows[0]["powers"]


def test_typical_and_possible_interventions_are_kept_apart(store):
    segment = oversight(store, "RA7", "2022-07-01")["segments"][3]
    (topic,) = [t for t in segment["topics"] if t["topic"] == "interventions-segment-4"]
    by = {m: [i["text"] for i in topic["items"] if i["modality"] == m] for m in ("typical", "may")}
    assert len(by["typical"]) == 2
    assert any("Grip and Control" in text for text in by["may"])


def test_who_exits_is_decided_by_the_version(store):
    def decides(day):
        topics = oversight(store, "RA7", day)["segments"][3]["topics"]
        return " ".join(
            i["text"] for t in topics if t["topic"] == "decision-makers" for i in t["items"]
        )

    assert "System Oversight Committee" in decides("2022-06-30")
    assert "System Oversight Committee" not in decides("2022-07-01")


def test_a_board_is_overseen_from_its_establishment(store):
    assert oversight(store, "QUY", "2022-07-01")["kind"] == "icb"
    before = oversight(store, "QUY", "2022-06-30")
    assert not before["covered"]
    assert "did not yet exist" in before["because"]


def test_no_framework_before_june_2021(store):
    answer = oversight(store, "RA7", "2021-04-20")
    assert not answer["covered"]
    assert "None of the framework versions" in answer["because"]


def test_what_is_not_segmented_is_told_as_such(store):
    answer = oversight(store, "general-practice", "2022-07-01")
    assert not answer["covered"]
    assert answer["segments"] == []
    assert "is about" in answer["because"]


def test_unknown_organisation(store):
    with pytest.raises(NotFound):
        oversight(store, "ZZZ9", "2022-07-01")
