"""Answer sheets of real organisations, verdict by verdict, as checked by hand against the guidance.

Each golden file in tests/answers names the powers that apply (with the grounds that can arise and the
holder), those that do not (with every condition that fails) and those of which it cannot be told.
“pytest --refresh” writes them anew.
"""

from pathlib import Path

import pytest
import yaml

from server.answers.sheet import answer_sheet

FOLDER = Path(__file__).parents[2] / "answers"
SHEETS = [
    ("RA7", "2023-05-01"),
    ("RVJ", "2023-03-31"),
    ("RVJ", "2023-04-01"),
    ("QUY", "2022-06-30"),
    ("QUY", "2022-07-01"),
    ("QUY", "2022-11-15"),
    ("RA7", "2022-06-30"),
    ("RA7", "2022-07-01"),
    ("clinical-commissioning-group", "2022-06-30"),
    ("clinical-commissioning-group", "2022-07-01"),
    ("general-practice", "2023-05-01"),
    ("independent-provider-exempt", "2023-05-01"),
    ("independent-provider-licensed", "2023-05-01"),
    ("independent-provider-unlicensed-in-breach", "2023-05-01"),
    ("licence-applicant", "2023-05-01"),
]


def summary(sheet):
    return {
        "name": sheet["organisation"]["name"],
        "applies": {
            row["power"]["slug"]: {
                "holder": row["holder"]["label"],
                **(
                    {"grounds": sorted(g["slug"] for g in row["grounds"] if g["canArise"])}
                    if row["grounds"]
                    else {}
                ),
            }
            for row in by_slug(sheet["applies"])
        },
        "doesNotApply": {
            row["power"]["slug"]: row["failedConditions"] for row in by_slug(sheet["doesNotApply"])
        },
        "unknown": [row["power"]["slug"] for row in by_slug(sheet["unknown"])],
    }


def by_slug(rows):
    return sorted(rows, key=lambda row: row["power"]["slug"])


@pytest.mark.parametrize(("code", "day"), SHEETS)
def test_a_sheet_says_what_was_checked_by_hand(store, refresh, code, day):
    path = FOLDER / f"sheet-{code}-{day}.yaml"
    found = summary(answer_sheet(store, code, day))
    if refresh:
        path.write_text(yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=110))
    assert found == yaml.safe_load(path.read_text())


@pytest.mark.parametrize(("code", "day"), SHEETS)
def test_every_verdict_has_its_trace_with_sources(store, code, day):
    sheet = answer_sheet(store, code, day)
    rows = [*sheet["applies"], *sheet["doesNotApply"], *sheet["unknown"]]
    assert len({row["power"]["id"] for row in rows}) == len(rows) >= 36
    for row in rows:
        conditions = [step["condition"] for step in row["trace"]]
        assert conditions == [
            "organisation-exists",
            "type-in-reach",
            "type-not-excluded",
            "power-in-force",
            "holder-exists",
        ]
        assert all(step["because"] for step in row["trace"])
        assert row["sources"], row["power"]["slug"]
    for row in sheet["applies"]:
        assert all(step["holds"] for step in row["trace"])
        assert row["standard"]
        assert row["review"]
        assert row["bindingness"]
    for row in sheet["doesNotApply"]:
        assert row["failedCondition"] == row["failedConditions"][0]
        assert row["because"]
    for row in sheet["unknown"]:
        assert row["missing"]
        assert any(step["holds"] is None for step in row["trace"])
