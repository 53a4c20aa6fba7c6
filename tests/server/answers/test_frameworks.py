"""Which framework governs on a date, and what the versions say."""

from datetime import date

import pytest

from loader.terms import ID
from server.answers import frameworks
from server.answers.reference import reference
from server.errors import NotFound


@pytest.fixture(scope="module")
def ref(store):
    return reference(store)


@pytest.mark.parametrize(
    ("day", "status", "slug"),
    [
        ("2020-01-01", "none", None),
        ("2021-04-20", "none", None),
        ("2021-05-31", "none", None),
        ("2021-06-01", "uncertain", "sof-2021-22"),
        ("2021-06-29", "uncertain", "sof-2021-22"),
        ("2021-06-30", "in-effect", "sof-2021-22"),
        ("2022-06-27", "in-effect", "sof-2021-22"),
        ("2022-06-30", "in-effect", "sof-2021-22"),
        ("2022-07-01", "in-effect", "nof-2022-23"),
        ("2023-03-31", "in-effect", "nof-2022-23"),
    ],
)
def test_governing_version(ref, day, status, slug):
    told = frameworks.in_effect(ref, date.fromisoformat(day))
    assert told["status"] == status
    assert (told["framework"] or {}).get("slug") == slug


def test_a_consultation_never_governs(ref):
    consultation = frameworks.version(ref, "sof-2021-22-consultation")
    days = [date(2021, month, 1) for month in range(1, 13)]
    assert not any(frameworks.governs(ref, consultation, day) for day in days)


def test_a_consultation_is_named_as_a_proposal_while_none_governs(ref):
    told = frameworks.in_effect(ref, date(2021, 4, 20))
    assert [row["slug"] for row in told["notGoverning"]] == ["sof-2021-22-consultation"]
    assert "never governs" in told["because"]


def test_a_published_version_that_is_not_in_effect_is_told(ref):
    assert (
        "takes effect on 1 July 2022 only"
        in frameworks.in_effect(ref, date(2022, 6, 28))["because"]
    )
    assert "is published but" not in frameworks.in_effect(ref, date(2022, 6, 26))["because"]


def test_versions_in_order_of_issue(ref):
    slugs = [v.removeprefix(f"{ID}framework/") for v in frameworks.versions(ref)]
    assert slugs[:3] == ["sof-2021-22-consultation", "sof-2021-22", "nof-2022-23"]


def test_unknown_version_names_those_there_are(ref):
    with pytest.raises(NotFound) as caught:
        frameworks.version(ref, "sof-1999")
    assert {s["label"] for s in caught.value.members["suggestions"]} >= {
        frameworks.summary(ref, v)["label"] for v in frameworks.versions(ref)
    }


@pytest.mark.parametrize(
    ("slug", "count"),
    [("sof-2021-22-consultation", 384), ("sof-2021-22", 378), ("nof-2022-23", 382)],
)
def test_every_item_of_a_version_is_held_and_cited_in_its_document(ref, slug, count):
    version = frameworks.version(ref, slug)
    items = frameworks.items(ref, version)
    assert len(items) == count
    unsourced = [i for i in items if not frameworks.item(ref, i, version)["locators"]]
    assert not unsourced


def test_topics_come_in_their_order(ref):
    version = frameworks.version(ref, "nof-2022-23")
    topics = frameworks.by_topic(ref, frameworks.items(ref, version), version)
    assert topics[0]["topic"] == "document-facts"
    assert len({topic["topic"] for topic in topics}) == len(topics)
