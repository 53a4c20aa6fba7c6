"""Invented registers are the same for the same seed, and have the shape of real ones."""

from datetime import date

from loader import generator
from loader.sources import cqc, hscorgrefdata
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
