"""Search: words, codes, former names, citations, locators, near spellings, and what is suggested while one types."""

import pytest

from loader.textindex import write_index
from server.answers.index import singular
from server.answers.index_reader import Reader
from server.answers.search import search, suggest
from server.answers.vocabulary import Vocabulary, words

ACT = "http://www.legislation.gov.uk/id/ukpga/2012/7/"


def labels(found):
    return [each["label"] for each in found["results"]]


@pytest.mark.parametrize(
    ("q", "kind", "first"),
    [
        ("RA7", "organisation", "Bristol NHS Foundation Trust"),
        ("s106", "provision", "Health and Social Care Act 2012, s 106"),
        ("para 47 enforcement guidance", "passage", "Enforcement guidance (draft 2022), para 47"),
        ("paragraph 65(b) NOF", "passage", "NHS Oversight Framework 2022/23, para 65(b)"),
        ("footnote 12", "passage", "Enforcement guidance (draft 2022), footnote 12"),
    ],
)
def test_the_thing_meant_comes_first(store, q, kind, first):
    found = search(store, q)["results"][0]
    assert (found["kind"], found["label"]) == (kind, first)


def test_a_paragraph_is_found_in_each_document(store):
    best = [each["label"] for each in search(store, "para 47")["results"] if each["score"] > 0.97]
    assert len(best) == len(set(best)) >= 4
    assert all(label.endswith(", para 47") for label in best)


def test_a_citation_leads_to_its_provision_then_to_parts_then_to_norms(store):
    found = search(store, "section 106 of the 2012 Act")
    rows = [(each["kind"], each["summary"]) for each in found["results"]]
    assert found["results"][0]["id"] == f"{ACT}section/106"
    assert ("provision", "Within Health and Social Care Act 2012, s 106") in rows
    assert ("power", "Rests on Health and Social Care Act 2012, s 106") in rows
    assert found["cited"][0]["held"] is True


def test_a_provision_that_is_not_held_leads_to_the_one_around_it_and_to_the_law(store):
    found = search(store, "s 105(9) HSCA 2012")
    assert found["results"][0]["id"] == f"{ACT}section/105"
    assert found["results"][0]["summary"] == "Holds Health and Social Care Act 2012, s 105(9)"
    cited = found["cited"][0]
    assert (cited["held"], cited["url"]) == (
        False,
        "https://www.legislation.gov.uk/ukpga/2012/7/section/105/9",
    )


def test_numbers_are_not_beginnings_of_longer_numbers(store):
    assert not any("para 129" in label for label in labels(search(store, "para 12")))


def test_a_near_spelling_is_found_where_nothing_is_spelt_so(store):
    assert "Bristol NHS Foundation Trust" in labels(search(store, "Bristl"))


def test_where_nothing_has_all_words_what_has_most_is_told_apart(store):
    found = search(store, "monetary penalty qqqqqq")
    assert found["every"] is False
    assert "Impose a variable monetary penalty" in labels(found)
    assert search(store, "monetary penalty")["every"] is True


def test_kinds_are_counted_over_all_results_and_narrow_them(store):
    whole = search(store, "penalty", most=5)
    counted = {each["kind"]: each["count"] for each in whole["kinds"]}
    assert sum(counted.values()) == whole["total"] > 5
    powers = search(store, "penalty", kind="power")
    assert powers["total"] == counted["power"]
    assert {each["kind"] for each in powers["results"]} == {"power"}
    assert powers["kinds"] == whole["kinds"]


def test_pages_of_results_follow_one_another(store):
    whole = labels(search(store, "penalty", most=6))
    assert labels(search(store, "penalty", most=3, page=2)) == whole[3:]


def test_the_words_of_a_thing_find_it_after_those_with_the_words_in_their_name(store):
    found = search(store, "turnover")
    scores = [each["score"] for each in found["results"]]
    assert scores == sorted(scores, reverse=True)
    assert any(each["matched"]["role"] == "text" for each in found["results"])


@pytest.mark.parametrize(
    ("q", "label"),
    [
        ("north bri", "North Bristol NHS Trust"),
        ("14Z6", "National Health Service Act 2006, s 14Z61"),
    ],
)
def test_suggestions_come_while_a_word_is_unfinished(store, q, label):
    assert label in [each["label"] for each in suggest(store, q)["suggestions"]]


def test_suggestions_of_a_kind_carry_the_code(store):
    found = suggest(store, "southmead", "organisation")["suggestions"]
    assert all(each["kind"] == "organisation" and each["code"] for each in found)
    assert len(suggest(store, "a", most=3)["suggestions"]) <= 3
    assert suggest(store, "  ")["suggestions"] == []


def test_suggestions_have_the_address_of_their_page(client):
    found = client.get("/api/v1/suggest?q=RVJ").get_json()["suggestions"]
    assert found[0]["href"] == "/organisations/RVJ"


@pytest.mark.parametrize(
    ("register", "kind"),
    [
        ("powers", "power"),
        ("bodies", "body"),
        ("criteria", "criterion"),
        ("assessed-facts", "assessed-fact"),
    ],
)
def test_kinds_are_named_after_registers(register, kind):
    assert singular(register) == kind


def test_words_are_lower_case_and_paragraphs_alike():
    assert words("Paragraph 65(b), NHS") == ["para", "65", "b", "nhs"]


def test_a_word_stands_for_itself_longer_ones_and_only_then_for_near_ones(known_words):
    known = known_words("trust", "trustee", "thrust", "trsut9", "4", "47")
    trust = known.meaning("trust")
    assert [trust.likeness({each}) for each in ("trust", "trustee", "thrust")] == [1.0, 0.9, 0.0]
    assert set(known.meaning("trusst").spellings) == {"trust", "thrust"}
    assert known.meaning("4").sought == '("4")'
    assert known.meaning("4", unfinished=True).sought == '("4" OR "47")'
    assert known.meaning("qqqq") is None
    assert known.meaning("5") is None


def test_many_beginnings_are_looked_for_at_once(known_words):
    assert known_words(*(f"trust{n}" for n in range(30))).meaning("trust").sought == '"trust" *'


def test_a_code_is_near_one_that_differs_in_one_sign(known_words):
    known = known_words("ra7", "s0e4d", "ra77x")
    assert set(known.near("s0e4b", 70, 9)) == {"s0e4d"}
    assert set(known.near("a7", 70, 9)) == {"ra7"}
    assert set(known.near("ar7", 50, 9)) == {"ra7"}


@pytest.fixture
def known_words(tmp_path):
    """Makes a vocabulary of some words."""

    def make(*told):
        rows = {
            "organisations": [
                (f"urn:{n}", each, value)
                for n, word in enumerate(told)
                for each, value in (("label", word), ("odsCode", f"X{n}"))
            ]
        }
        write_index(tmp_path / "names.sqlite", lambda query: rows.get(query.name, []))
        return Vocabulary(Reader(tmp_path / "names.sqlite"))

    return make
