"""Invented registers are the same for the same seed, and have the shape of real ones."""

from collections import Counter
from datetime import date

from loader import generator
from loader.generator_releases import LATEST
from loader.importing.records import snapshot
from loader.imports import import_ods
from loader.sources import cqc, hscorgrefdata
from loader.sources.changes import differences
from loader.sources.records import Record
from loader.sources.soundness import sound


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        generator.write_xml(tmp_path / name, 300, seed)
    texts = [(tmp_path / name).read_bytes() for name in "abc"]
    assert texts[0] == texts[1] != texts[2]


def test_every_organisation_is_sound_and_relates_to_others(tmp_path):
    path = tmp_path / "register.xml"
    generator.write_xml(path, 2_000)
    released = hscorgrefdata.published(path)
    found = list(sound(hscorgrefdata.read(path), path, date.fromisoformat(released)))
    assert len(found) == 2_000
    assert all(isinstance(each, Record) for each in found)
    codes = {each.code for each in found}
    targets = {relation.target for each in found for relation in each.relations}
    assert targets <= codes
    assert any(each.successions for each in found)
    assert any(not each.active for each in found)


def test_locations_carry_the_code_of_their_share(tmp_path):
    path = tmp_path / "locations.csv"
    generator.write_cqc(path, 2_000, share_coded=0.5)
    locations = [each for each in cqc.read(path) if getattr(each, "kind", "") == "location"]
    coded = sum(bool(each.ods_code) for each in locations)
    assert 0.4 < coded / len(locations) < 0.6


def test_releases_of_one_register_tell_one_history(tmp_path):
    """What a later release shows anew are openings, closings, renamings and moves; nothing is lost or taken back."""
    shown = {}
    for released in (date(2025, 7, 1), date(2026, 1, 1), LATEST):
        path = tmp_path / f"hscorgrefdata-{released}.xml"
        generator.write_xml(path, 4_000, released=released)
        found = sound(hscorgrefdata.read(path), path, released)
        shown[released] = {each.code: snapshot(each) for each in found}
    first, middle, last = shown
    kinds = [
        Counter(each.kind for each in differences(shown[one], shown[other], one))
        for one, other in ((first, middle), (middle, last), (first, last))
    ]
    assert set(kinds[2]) == {"opened", "closed", "renamed", "moved"}
    assert all(kinds[0][kind] + kinds[1][kind] == kinds[2][kind] for kind in kinds[2])


def test_a_release_imported_over_an_earlier_one_becomes_events_and_rewrites_nothing(tmp_path):
    home, days = tmp_path / "home", (date(2025, 7, 1), LATEST)
    for day in days:
        generator.write_xml(tmp_path / f"hscorgrefdata-{day}.xml", 2_000, released=day)
    import_ods(tmp_path / f"hscorgrefdata-{days[0]}.xml", home)
    (older,) = (home / "imports").rglob("*.nq")
    text = older.read_bytes()
    done = import_ods(tmp_path / f"hscorgrefdata-{days[1]}.xml", home)
    assert older.read_bytes() == text
    assert set(done.events) == {"Establishment", "Dissolution", "Renaming", "Move"}
    newer = done.path.read_text(encoding="utf-8")
    assert newer.count("/def/Succession>") > text.decode().count("/def/Succession>")
