"""The list of organisations is what the stored question answers, read from the index and page by page."""

from collections import defaultdict

import pytest

from loader.catalogue import query
from loader.terms import DEF, slug
from server.answers.organisations import every_organisation, organisations
from server.store.protocol import Store


def asked(store: Store, cls: str, day: str, within: str = "") -> list[tuple[str, str, list[str]]]:
    """What the stored question says: identifier, name and classes, in the order of names."""
    bound = query("organisations-by-type").bind(
        type=DEF + cls, asOf=day, within=f"organisation/{within}" if within else None
    )
    types: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in store.select(bound):
        types[str(row["label"]), str(row["organisation"])].append(str(row["classLabel"]))
    return [(iri, label, sorted(found)) for (label, iri), found in sorted(types.items())]


def listed(
    store: Store, cls: str, day: str, within: str = "", size: int = 7
) -> list[tuple[str, str, list[str]]]:
    found = []
    first = organisations(store, "", cls, within, day, 1, size)
    for page in range(1, first["pages"] + 1):
        answer = organisations(store, "", cls, within, day, page, size)
        found += [(row["id"], row["name"], sorted(row["types"])) for row in answer["results"]]
    assert len(found) == first["total"]
    return found


@pytest.mark.parametrize(
    ("cls", "day", "within"),
    [
        ("IntegratedCareBoard", "2022-06-30", ""),
        ("IntegratedCareBoard", "2022-07-01", ""),
        ("IntegratedCareBoard", "2026-11-22", "Y58"),
        ("NHSTrust", "2023-05-01", ""),
        ("Agent", "2023-05-01", ""),
        ("Agent", "1960-01-01", ""),
        ("NoSuchClass", "2023-05-01", ""),
    ],
)
def test_the_list_is_what_the_stored_question_answers(
    store: Store, cls: str, day: str, within: str
) -> None:
    assert listed(store, cls, day, within, 40) == asked(store, cls, day, within)


def test_all_of_a_list_are_those_of_its_pages(store: Store) -> None:
    every = [(each.id, each.name) for each in every_organisation(store, "", "", "", "2023-05-01")]
    assert every == [(iri, name) for iri, name, _ in listed(store, "", "2023-05-01", "", 90)]


@pytest.mark.parametrize(
    "q",
    [
        "RVJ",
        "bristol",
        "nhs north bristol",
        "istol",
        "istol orth",
        "(",
        '"',
        "istol%",
        "i_tol",
        "\\\\",
    ],
)
def test_words_are_those_of_names_and_codes_or_parts_of_them(store: Store, q: str) -> None:
    found = organisations(store, q, "", "", "2023-05-01")
    codes = {row["code"] for row in found["results"]}
    assert ("RVJ" in codes) == (q not in ("(", '"', "istol%", "i_tol", "\\\\"))


def test_a_former_name_leads_to_the_organisation(store: Store) -> None:
    found = organisations(store, "university hospitals bristol and weston", "", "", "2026-11-22")
    assert "RA7" in {row["code"] for row in found["results"]}
    assert all(slug(row["id"]) for row in found["results"])


def test_a_page_beyond_the_last_is_the_last(store: Store) -> None:
    last = organisations(store, "", "", "", "2023-05-01", 10_000, 50)
    assert last["page"] == last["pages"]
    assert last["results"]
