"""Links by likeness measured on real registers, with the codes that both carry held out.

No file of the Commission with ODS codes is recorded, so the registers are: a list of trusts of 2024 (names, addresses
and postcodes typed by another publisher), Oversight Framework data of 2025 (names only), and the lists of the
Organisation Data Service of 2025 and 2026.
"""

import csv
from random import Random

import pytest

from loader.linking.exact import Link
from loader.linking.likeness import by_likeness, share_of_pairs, tempered
from loader.linking.quality import quality
from loader.linking.reading import Party
from loader.sources import listed, nof

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning"
)


@pytest.fixture(scope="module")
def of_2024(shared):
    """Trusts of a list of 2024, without their codes, which stand in the identifiers only to be scored."""
    found = listed.read(shared / "data/icb/rcpch_trusts_2024.json")
    return [Party(f"list/{r.code}", "", r.name, r.postcode, r.address, None) for r in found]


def trusts(shared, year):
    return of_report(shared / "data/ods-csv" / f"etr_{year}-07.csv")


def of_report(path):
    """The organisations of a report of the Organisation Data Service."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return [
        Party(f"ods/{row[0]}", row[0], row[1], row[9], ", ".join(filter(None, row[4:9])), None)
        for row in rows
    ]


def scored(records, bodies):
    """Return precision and recall at 0.9; a record whose body is not among them must not be linked at all."""
    pytest.importorskip("splink", reason="Splink is not installed (extra “link”)")
    found = by_likeness(records, bodies)
    known = {each.code for each in bodies}
    truth = [
        Link(each.id, f"ods/{code}", "by-identifier", 1.0)
        for each in records
        if (code := each.id.rpartition("/")[2]) in known
    ]
    at = next(each for each in quality(found, truth) if each.threshold == 0.9)
    strays = sum(
        link.confidence >= 0.9 and link.record.rpartition("/")[2] not in known for link in found
    )
    told = at.right + at.wrong + strays
    return at.right / told if told else 1.0, at.recall, at.right + at.missed


def test_trusts_of_two_registers_two_years_apart(shared, of_2024):
    precision, recall, known = scored(of_2024, trusts(shared, 2026))
    assert known == 241
    assert precision >= 0.99
    assert recall >= 0.97


def test_trusts_whose_counterpart_is_missing_are_not_linked_to_another(shared, of_2024):
    """Half of the register is taken away: trusts that followed others at the same address are the trap."""
    bodies = trusts(shared, 2026)
    precision, recall, known = scored(of_2024, Random(3).sample(bodies, len(bodies) // 2))
    assert known > 100
    assert precision >= 0.97
    assert recall >= 0.97


def test_names_alone(shared):
    """Oversight Framework data have neither address nor postcode; a trust renamed since then cannot be found."""
    rows = nof.read(shared / "data/nof/nof_acute_trust_data_q1_2025-26.csv").rows
    names = {row.code: row.name for row in rows}
    records = [Party(f"nof/{code}", "", name, "", "", None) for code, name in names.items()]
    precision, recall, known = scored(records, trusts(shared, 2026))
    assert known == 134
    assert precision >= 0.99
    assert recall >= 0.9


def test_boards_are_not_linked_to_the_places_within_them(shared):
    """The model was never tuned on these: 42 boards, and a list with none of them but 106 places with their names."""
    bodies = of_report(shared / "data/ods-csv/eccg_2026-01.csv")
    with (shared / "data/icb/icbs_42_2022-2026.csv").open(encoding="utf-8-sig", newline="") as file:
        boards = {row["icb_ods"]: row["icb_name"] for row in csv.DictReader(file)}
    records = [Party(f"icb/{code}", "", name, "", "", None) for code, name in boards.items()]
    assert (len(records), sum(" ICB - " in each.name for each in bodies)) == (42, 106)
    precision, _, known = scored(records, bodies)
    assert known == 0
    assert precision == 1, "a board was linked to a place within it"


def test_true_pairs_are_taken_out_of_the_sample_of_chance():
    """In a sample with one true pair in 100, names that agree in one of 100 agree because of that pair."""
    levels = [
        {"is_null_level": True},
        {"m_probability": 0.9, "u_probability": 0.009},
        {"m_probability": 1e-9, "u_probability": 0.991},
        {},
    ]
    model = {
        "probability_two_random_records_match": 0.01,
        "comparisons": [{"comparison_levels": levels}],
    }
    _, same, other, unseen = tempered(model, 10_000)["comparisons"][0]["comparison_levels"]
    assert same["u_probability"] == pytest.approx(0.5 / 10_000)
    assert other["m_probability"] == unseen["m_probability"] == 0.05
    assert other["u_probability"] == pytest.approx(0.991, abs=0.01)


def test_the_share_of_true_pairs_counts_what_is_sure():
    row = {"name": "a", "postcode": "BS11AA", "outward": "BS1", "address": None}
    other = {**row, "name": "b", "postcode": "BS21AA", "outward": "BS2"}
    assert share_of_pairs([row, other], [row]) == pytest.approx(0.5)
    assert share_of_pairs([row] + [other] * 9, [row] * 10) == pytest.approx(1 / 0.8 / 100)
    nameless = {**row, "postcode": None, "outward": None}
    assert share_of_pairs([nameless] + [other] * 9, [row] * 10) == pytest.approx(1 / 0.8 / 100)
