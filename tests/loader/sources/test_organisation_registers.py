"""The registers of organisations: counts, dates and identities that are known from elsewhere."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from loader.paths import registers
from loader.yamlld import read_register

Entry = dict[str, Any]


@cache
def register(name: str) -> dict[str, Entry]:
    root = registers()
    found = read_register(root / "organisations" / f"{name}.yaml", root)
    return {entry["id"].split("/", 1)[1]: entry for entry in found.entries}


def holds(fact: Entry, day: str) -> bool:
    start = fact.get("from") or fact["attestedFrom"]
    return start <= day and (fact.get("to") is None or day < fact["to"])


def classes(entry: Entry, day: str) -> list[str]:
    return [m["class"] for m in entry["memberships"] if holds(m, day)]


def names(entry: Entry, day: str) -> list[str]:
    return [n["name"] for n in entry["names"] if holds(n, day)]


def count(day: str) -> Counter[str]:
    return Counter(kind for trust in register("trusts").values() for kind in classes(trust, day))


@pytest.mark.parametrize(
    ("day", "boards"),
    [("2022-06-30", 0), ("2022-07-01", 42), ("2026-03-31", 42), ("2026-04-01", 36)],
)
def test_the_boards_are_as_many_as_on_each_boundary_day(day: str, boards: int) -> None:
    found = register("integrated-care-boards").values()
    assert sum(classes(board, day) == ["IntegratedCareBoard"] for board in found) == boards


@pytest.mark.parametrize(
    ("day", "foundation"),
    [("2013-03-31", 145), ("2016-04-01", 155), ("2016-05-01", 157)],
)
def test_foundation_trusts_are_as_many_as_the_regulator_counted(day: str, foundation: int) -> None:
    assert count(day)["FoundationTrust"] == foundation


def test_the_trusts_of_today_are_as_many_as_the_list_of_august_2026_counts() -> None:
    assert sum(count("2026-11-22").values()) == 202


@pytest.mark.parametrize(
    "day", ["2013-04-01", "2021-01-01", "2022-07-01", "2023-04-01", "2026-11-22"]
)
def test_every_trust_that_existed_is_either_an_nhs_trust_or_a_foundation_trust(day: str) -> None:
    for code, trust in register("trusts").items():
        start = trust.get("existsFrom") or trust["attestedFrom"]
        existed = start <= day and (trust.get("existsTo") is None or day < trust["existsTo"])
        assert len(classes(trust, day)) == existed, (code, day)


def test_facts_of_an_organisation_lie_within_its_existence_and_do_not_overlap() -> None:
    for name in ("trusts", "integrated-care-boards", "national-bodies"):
        for code, entry in register(name).items():
            for field in ("names", "memberships"):
                facts = entry.get(field, [])
                ends = [fact.get("to") for fact in facts]
                starts = [fact.get("from") or fact["attestedFrom"] for fact in facts]
                assert starts == sorted(starts), (code, field)
                assert all(a and a <= b for a, b in zip(ends, starts[1:], strict=False)), (
                    code,
                    field,
                )
                assert ends[-1:] in ([entry.get("existsTo")], []), (code, field)


def test_bristol_has_had_three_names_since_2020() -> None:
    bristol = register("trusts")["RA7"]
    assert names(bristol, "2020-03-31") == ["University Hospitals Bristol NHS Foundation Trust"]
    assert names(bristol, "2020-04-01") == [
        "University Hospitals Bristol and Weston NHS Foundation Trust"
    ]
    assert names(bristol, "2026-06-30") == names(bristol, "2020-04-01")
    assert names(bristol, "2026-07-01") == ["Bristol NHS Foundation Trust"]
    assert classes(bristol, "2008-05-31") == ["NHSTrust"]
    assert classes(bristol, "2008-06-01") == ["FoundationTrust"]


def test_north_bristol_was_an_nhs_trust_until_its_last_day() -> None:
    trust = register("trusts")["RVJ"]
    assert classes(trust, "2023-03-31") == classes(trust, "2026-06-30") == ["NHSTrust"]
    assert trust["existsTo"] == "2026-07-01"


@pytest.mark.parametrize(
    ("code", "day"),
    [("RWR", "2007-08-01"), ("RP6", "2004-04-01"), ("RTH", "2015-10-01"), ("RYW", "2016-04-01")],
)
def test_an_nhs_trust_became_a_foundation_trust_on_the_recorded_day(code: str, day: str) -> None:
    trust = register("trusts")[code]
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    assert (classes(trust, before), classes(trust, day)) == (["NHSTrust"], ["FoundationTrust"])


def test_every_unconfirmed_ons_code_is_marked() -> None:
    boards = register("integrated-care-boards")
    marked = {code for code, board in boards.items() if "unconfirmed" in board.get("note", "")}
    assert marked == {"S1Y5D", "D7T5G", "T6Y0W", "S9B9J", "S0E4D", "Z9B2Z", "QRL"}


def test_events_agree_with_the_ends_of_organisations() -> None:
    existing = {**register("trusts"), **register("integrated-care-boards")}
    for name, event in register("events").items():
        if event["type"] not in ("Acquisition", "Merger", "Dissolution"):
            continue
        for code in (item.split("/")[1] for item in event.get("original", [])):
            if code in existing:
                assert existing[code].get("existsTo") == event["date"], (name, code)


@pytest.mark.parametrize("code", ["QHG", "QM7", "QNQ", "QMJ"])
def test_every_board_that_ended_has_a_successor(code: str) -> None:
    heirs = {
        heir
        for event in register("events").values()
        if f"organisation/{code}" in event.get("original", [])
        for heir in event.get("resulting", [])
    }
    assert heirs
    assert all(
        "existsTo" not in register("integrated-care-boards")[heir.split("/")[1]] for heir in heirs
    )


def test_a_group_and_a_board_never_exist_on_the_same_day() -> None:
    kinds = register("kinds")
    assert kinds["clinical-commissioning-group"]["existsTo"] == "2022-07-01"
    assert kinds["integrated-care-board"]["existsFrom"] == "2022-07-01"
