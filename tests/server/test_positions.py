"""What became of each position: follow-ups cite both sides, agree with the changes, and are shown."""

import pytest

from loader.paths import registers
from loader.yamlld import read_register

SIDES = {
    "document/sof-2021-22": ("sof:", "framework-change/2021-"),
    "document/nof-2022-23": ("nof:", "framework-change/2022-"),
    "document/oaf-2024-draft": ("oaf:", "framework-change/2024-"),
}
ASK = "/api/v1/questions/follow-ups?position=position/confed-"


def entries(kind: str) -> list[dict]:
    root = registers()
    paths = sorted((root / "positions").glob("*.yaml"))
    return [e for path in paths for e in read_register(path, root).entries if e["type"] == kind]


@pytest.fixture(scope="module")
def positions() -> dict[str, dict]:
    return {entry["id"]: entry for entry in entries("Position")}


@pytest.fixture(scope="module")
def follow_ups() -> list[dict]:
    return entries("FollowUp")


def test_every_follow_up_cites_the_position_and_the_later_version(positions, follow_ups):
    assert follow_ups
    for entry in follow_ups:
        prefix, _ = SIDES[entry["laterVersion"]]
        assert set(entry["statedIn"]) & set(positions[entry["onPosition"]]["statedIn"]), entry["id"]
        assert any(passage.startswith(prefix) for passage in entry["statedIn"]), entry["id"]


def test_a_change_leads_to_the_later_version(follow_ups):
    linked = [entry for entry in follow_ups if "byChange" in entry]
    assert linked
    for entry in linked:
        _, change = SIDES[entry["laterVersion"]]
        assert all(name.startswith(change) for name in entry["byChange"]), entry["id"]


def test_a_position_has_one_follow_up_for_each_later_version(follow_ups):
    pairs = [(entry["onPosition"], entry["laterVersion"]) for entry in follow_ups]
    assert len(pairs) == len(set(pairs))


def test_what_asks_or_warns_is_followed_up(positions, follow_ups):
    traced = {entry["onPosition"] for entry in follow_ups}
    asking = {"recommendation", "concern", "suggestion", "clarification-sought", "holds"}
    assert not [i for i, e in positions.items() if e["stance"] in asking and i not in traced]


@pytest.mark.parametrize(
    ("position", "later", "outcome", "words"),
    [
        ("2-several-systems", "oaf-2024-draft", "partly taken up", "lead board"),
        ("5-segmenting-a-partnership", "nof-2022-23", "overtaken", "systems are not any more"),
        ("7-recommend-involve-partners", "oaf-2024-draft", "taken up", "outside the NHS"),
        ("9-physical-health", "sof-2021-22", "not taken up", "lines of enquiry"),
        (
            "9-recommend-streamline",
            "sof-2021-22",
            "cannot be told from the later text",
            "do not stand",
        ),
    ],
)
def test_the_question_tells_what_became_of_a_point(client, position, later, outcome, words):
    rows = client.get(f"{ASK}{position}&later=document/{later}").get_json()["rows"]
    assert [row["outcome"]["label"] for row in rows] == [outcome]
    assert words in rows[0]["statement"]["value"]
    documents = {source["document"] for source in rows[0]["sources"]}
    assert len(documents) >= 2


def test_pure_support_has_no_follow_up(client):
    answer = client.get(f"{ASK}3-sixth-theme").get_json()
    assert answer["total"] == 0
