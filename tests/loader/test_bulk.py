"""Large imports are held once, small ones in their named graph as well."""

from collections import defaultdict
from contextlib import nullcontext
from datetime import date
from os import utime
from pathlib import Path

import pyoxigraph as ox
import pytest

from loader import bulk, surveys
from loader.bulk import load_imports
from loader.catalogue import query
from loader.errors import InputError
from loader.importing import keeping
from loader.imports import import_ods
from loader.survey import survey
from loader.surveys import kept, rows
from loader.terms import DEF, ID

DATA = Path(__file__).parents[1] / "data" / "ods"
POSTCODE = ox.NamedNode(f"{DEF}postcode")
GRAPH = "https://w3id.org/remit/id/graph/import/ods/test"


def quads(count: int) -> str:
    about = f'<{GRAPH}> <http://purl.org/dc/terms/title> "A title" <{GRAPH}> .\n'
    return (
        "".join(f'<urn:s{n}> <urn:p> "a <{GRAPH}> . b" <{GRAPH}> .\n' for n in range(count)) + about
    )


@pytest.mark.parametrize("large", [0, 1 << 30])
def test_the_default_graph_is_the_same_either_way(tmp_path, large):
    path = tmp_path / "import.nq"
    path.write_text(quads(60_000), encoding="utf-8")
    store = ox.Store()
    load_imports(store, [path], large)
    default = list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    named = list(store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH)))
    assert len(default) == 60_001
    assert {q.object.value for q in default} == {"A title", f"a <{GRAPH}> . b"}
    assert len(named) == (1 if large == 0 else 60_001)


@pytest.mark.parametrize(
    "text", ["no statement\n", f"<urn:s> <urn:p> <urn:o> <{GRAPH}> .\nbroken\n"]
)
def test_what_is_not_n_quads_is_refused(tmp_path, text):
    path = tmp_path / "import.nq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        load_imports(ox.Store(), [path], 0)


def releases(folder):
    import_ods(DATA / "etr-older.csv", folder, date(2025, 7, 1))
    import_ods(DATA / "etr-newer.csv", folder, date(2026, 7, 1))


def facts(folder, large):
    """Load two releases of a list and return what the report of conflicts reads, by organisation."""
    store = ox.Store()
    load_imports(store, sorted((folder / "imports").rglob("*.nq")), large)
    found = defaultdict(set)
    for name in ("conflict-facts", "conflict-values"):
        for row in store.query(query(name, "views").text):
            found[row["organisation"].value].add(str(row))
    return store, dict(found)


def test_what_large_imports_say_otherwise_is_kept_by_source(tmp_path):
    releases(tmp_path)
    _, whole = facts(tmp_path, None)
    store, kept = facts(tmp_path, 0)
    assert kept
    assert set(kept) < set(whole)
    assert all(kept[each] == whole[each] for each in kept)
    agreed = set(whole) - set(kept)
    postcodes = {
        each: list(store.quads_for_pattern(ox.NamedNode(each), POSTCODE, None, ox.DefaultGraph()))
        for each in agreed
    }
    assert all(len(found) <= 1 for found in postcodes.values())


def test_what_a_small_source_names_is_kept_too(tmp_path):
    releases(tmp_path)
    small, big = sorted((tmp_path / "imports").rglob("*.nq"))
    lines = small.read_text(encoding="utf-8").splitlines(keepends=True)
    small.write_text(
        "".join(line for line in lines if "organisation/X01" in line), encoding="utf-8"
    )
    assert small.stat().st_size < big.stat().st_size
    store = ox.Store()
    (done,) = load_imports(store, [small, big], small.stat().st_size)
    assert done.path == big
    (name,) = {g for g in store.named_graphs() if g.value == done.graph}
    kept = {q.subject.value for q in store.quads_for_pattern(None, POSTCODE, None, name)}
    assert kept == {f"{ID}organisation/X01"}


def test_what_was_written_is_held_twice_whatever_its_size(tmp_path):
    path = tmp_path / "written.nq"
    path.write_text("<urn:s> <urn:p> <urn:o> <urn:g1> .\n<urn:s> <urn:p> <urn:o> <urn:g2> .\n")
    store = ox.Store()
    assert load_imports(store, [path], 0) == []
    assert {g.value for g in store.named_graphs()} == {"urn:g1", "urn:g2"}


@pytest.fixture
def large_import(tmp_path):
    path = tmp_path / "imports" / "import.nq"
    path.parent.mkdir()
    path.write_text(quads(10), encoding="utf-8")
    return path


def test_a_survey_is_made_once(tmp_path, large_import, monkeypatch):
    (made,) = load_imports(ox.Store(), [large_import], 0, tmp_path)
    monkeypatch.setattr(bulk, "_surveying", lambda paths: nullcontext(dict.fromkeys(paths)))
    store = ox.Store()
    (kept,) = load_imports(store, [large_import], 0, tmp_path)
    assert kept == made
    assert len(store) == 12


def test_a_survey_is_not_kept_of_a_file_that_the_engine_refuses(tmp_path, large_import):
    with large_import.open("a") as file:
        file.write(f"<urn:a b> <urn:p> <urn:o> <{GRAPH}> .\n")
    with pytest.raises(InputError):
        load_imports(ox.Store(), [large_import], 0, tmp_path)
    assert kept(large_import, tmp_path) is None


def test_a_file_that_its_survey_does_not_describe_is_refused(tmp_path, large_import):
    load_imports(ox.Store(), [large_import], 0, tmp_path)
    times = large_import.stat()
    large_import.write_text(quads(10).replace("urn:s1", "urn:t1"), encoding="utf-8")
    utime(large_import, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(InputError, match="changed since it was surveyed"):
        load_imports(ox.Store(), [large_import], 0, tmp_path)


def test_a_file_changed_by_hand_is_surveyed_anew(tmp_path, large_import):
    (before,) = load_imports(ox.Store(), [large_import], 0, tmp_path)
    large_import.write_text(quads(11), encoding="utf-8")
    (after,) = load_imports(ox.Store(), [large_import], 0, tmp_path)
    assert after.digest != before.digest


def test_a_kept_survey_that_cannot_be_read_is_made_anew(tmp_path, large_import):
    (before,) = load_imports(ox.Store(), [large_import], 0, tmp_path)
    (file,) = (tmp_path / "cache" / "surveys").iterdir()
    file.write_text("{", encoding="utf-8")
    assert kept(large_import, tmp_path) is None
    assert load_imports(ox.Store(), [large_import], 0, tmp_path) == [before]


def test_a_large_import_is_surveyed_when_it_is_imported(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "LARGE", 0)
    done = keeping.Kept(tmp_path, "ods", "test", DATA / "etr-newer.csv")
    with keeping.writing(done, "A title", "document/test", date(2026, 7, 1)) as out:
        out.text("<urn:s>", "rdfs:label", "A label")
    assert kept(done.target, tmp_path) == survey(done.target)
    assert rows(done.target, tmp_path).is_dir()


def test_what_was_kept_by_other_queries_is_not_used(tmp_path, large_import, monkeypatch):
    load_imports(ox.Store(), [large_import], 0, tmp_path)
    before = rows(large_import, tmp_path)
    monkeypatch.setattr(surveys, "catalogue", lambda _: {})
    assert kept(large_import, tmp_path) is None
    assert rows(large_import, tmp_path) != before
