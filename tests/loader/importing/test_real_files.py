"""Every real file is imported, or refused for a reason that is told; a build with all of them is in order."""

from datetime import date

import pyoxigraph as ox
import pytest

from loader.build import build
from loader.errors import InputError
from loader.importing.outcome import no_tick
from loader.imports import IMPORTERS

RELEASED = date(2026, 7, 14)
FILES = (
    ("ods", "ods-csv/*.csv"),
    ("ods", "ods-ord-json/*.json"),
    ("ods", "ods-ord-json/*_response.txt"),
    ("ods", "ods-fhir-r4/*.json"),
    ("ods", "ods-fhir-r4/*_response.txt"),
    ("ods", "ods-xml/*.xml"),
    ("ods", "ods-xml/*.csv"),
    ("ods", "icb/icb_successions*.csv"),
    ("ods", "icb/*.json"),
    ("ods", "trust-successions/*.csv"),
    ("ons", "icb/icbs_*.csv"),
    ("cqc", "cqc/location*.json"),
    ("legislation", "legislation/*.xml"),
)
# Answers that hold no organisation: errors, an empty result, links only, and the two kinds of records.
REFUSED = ("not_acceptable", "not_found", "sync_empty", "recordclass")


@pytest.fixture(scope="module")
def imported(shared, tmp_path_factory):
    home = tmp_path_factory.mktemp("real")
    done, refused = {}, {}
    for family, pattern in FILES:
        for path in sorted((shared / "data").glob(pattern)):
            day = None if path.parent.name == "ods-csv" else RELEASED
            try:
                done[f"{path.parent.name}/{path.name}"] = IMPORTERS[family](
                    path, home, day, False, no_tick
                )
            except InputError as error:
                refused[f"{path.parent.name}/{path.name}"] = error
    return home, done, refused


def test_only_answers_without_organisations_are_refused(imported):
    _, done, refused = imported
    told = [name for name in refused if not any(word in name for word in REFUSED)]
    assert told == [
        "ods-ord-json/sync_success_response.body.json",
        "ods-ord-json/sync_success_response.txt",
    ]
    assert len(done) >= 30


def test_each_refusal_says_what_to_do(imported):
    _, _, refused = imported
    assert all(error.faults[0].message for error in refused.values())
    links = refused["ods-ord-json/sync_success_response.txt"].faults
    assert len(links) == 250
    assert "only a link" in links[0].message


def test_two_releases_a_year_apart_tell_openings_closures_and_renamings(imported):
    events = imported[1]["ods-csv/etr_2026-07.csv"].events
    assert events == {"Move": 55, "Renaming": 7, "Dissolution": 4, "Establishment": 1}


def test_a_build_holds_every_import_in_its_own_graph(imported):
    home, done, _ = imported
    store = ox.Store.read_only(str(build(home).store))
    graphs = {graph.value for graph in store.named_graphs() if "/graph/import/" in graph.value}
    assert len(graphs) == len({each.path for each in done.values()})
