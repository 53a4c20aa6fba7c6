"""The index of names: whole or not at all, in order, the same from every source of rows."""

import io
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from loader.bulk import load_imports
from loader.catalogue import query
from loader.errors import BuildError
from loader.imports import import_ods
from loader.terms import ID
from loader.textindex import FILE, imported, indexing, is_index, keep_rows, write_index
from loader.textindex.answered import answered_rows
from loader.textindex.forms import form, telling
from loader.textindex.words import grams, one_off, plain
from loader.textindex.writing import singular

DATA = Path(__file__).parents[1] / "data" / "ods"
DEF = "https://w3id.org/remit/def/"


def rows(**told):
    return lambda query: told.get(query.name, [])


def read(path, sql):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


@pytest.fixture
def made(tmp_path):
    """An index of two organisations, one power and one thing that is in two registers."""
    identity = [
        ("a", "label", "A Very Long Name NHS Trust"), ("a", "odsCode", "r1a"),
        ("a", "existsFrom", "2001-04-01"), ("a", "attestedFrom", "1999-04-01"),
        ("a", "existsTo", "2020-04-01"), ("a", "postcode", "BS1 3NU"),
        ("b", "label", "Short"), ("b", "odsCode", "R2B"),
    ]  # fmt: skip
    listed = [
        ("p", "powers", "Direct", "", "", ""), ("d", "documents", "Guide", "", "", ""),
        ("d", "instruments", "Guide", "", "urn:whole", ""),
    ]  # fmt: skip
    told = [
        ("p", "0", "label", "Direct"),
        ("p", "6", "text", "May direct."),
        ("d", "0", "label", "Guide"),
    ]
    found = rows(
        organisations=identity, registered=listed, texts=told,
        names=[("a", "Old Name", "1999-04-01", "", "2001-04-01"), ("unknown", "X", "", "", "")],
        successions=[("a", "b", "2020-04-01"), ("a", "unknown", "")],
        memberships=[("a", f"{DEF}NHSTrust", "", "2001-04-01", "")],
    )  # fmt: skip
    path = tmp_path / FILE
    write_index(path, found)
    return path


def test_things_are_numbered_organisations_first_and_short_names_first(made):
    things = read(made, "SELECT number, iri, kind, code FROM thing ORDER BY number")
    assert things == [
        (1, "b", "organisation", "R2B"), (2, "a", "organisation", "r1a"),
        (3, "d", "instrument", None), (4, "p", "power", None),
    ]  # fmt: skip
    assert read(made, "SELECT * FROM kind ORDER BY first")[0] == ("organisation", 1, 2)


def test_life_names_classes_and_successions_keep_their_dates(made):
    assert read(made, "SELECT start_day, end_day FROM thing WHERE iri = 'a'") == [
        ("1999-04-01", "2020-04-01")
    ]
    assert read(made, "SELECT role, text, since, until FROM name WHERE thing = 2") == [
        ("label", "A Very Long Name NHS Trust", None, None),
        ("name", "Old Name", "1999-04-01", "2001-04-01"),
        ("code", "r1a", None, None),
    ]
    assert read(made, "SELECT class, since FROM membership") == [("NHSTrust", "2001-04-01")]
    assert read(made, "SELECT * FROM succession") == [(2, 1, "2020-04-01")]
    assert read(made, "SELECT * FROM code ORDER BY code") == [("R1A", 2), ("R2B", 1)]


def test_words_are_found_in_names_texts_and_codes(made):
    found = read(made, "SELECT rowid FROM words WHERE words MATCH '\"direct\"'")
    assert found == [(4,)]
    assert read(made, "SELECT word FROM word WHERE field = 'forms' AND word = 'long'") == [
        ("long",)
    ]
    assert not read(made, "SELECT word FROM word WHERE field = 'forms' AND word = 'trust'")


def test_a_fault_leaves_nothing_behind_and_an_older_file_in_place(made, tmp_path):
    before = made.read_bytes()

    def broken(query):
        if query.name == "names":
            raise RuntimeError("no more rows")
        return [("c", "label", "C")] if query.name == "organisations" else []

    with pytest.raises(RuntimeError, match="no more rows"):
        write_index(made, broken)
    assert made.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == [FILE]


def test_a_file_that_is_not_of_this_form_is_no_index(made, tmp_path):
    other = tmp_path / "other.sqlite"
    assert is_index(made)
    assert not is_index(other)
    other.write_bytes(b"not a database" * 100)
    assert not is_index(other)
    with closing(sqlite3.connect(made)) as database:
        database.execute("PRAGMA user_version = 999")
    assert not is_index(made)


def test_a_build_has_its_index(home):
    assert is_index(home / "current" / FILE)
    known = read(
        home / "current" / FILE,
        f"SELECT label FROM thing WHERE iri = '{ID}organisation/RA7'",
    )
    assert known == [("Bristol NHS Foundation Trust",)]


def test_words_and_their_parts():
    assert plain("Paragraph 65(b), NHS") == "para 65 b nhs"
    assert grams("bath") == [" ba", "bat", "ath", "th "]
    assert grams("ra7") == grams("abc") == []
    assert {"ra", "ar7", "rb7", "ra77"} <= set(one_off("ra7"))
    assert form("St. Mary’s Hosp.") == "st marys hospital"
    assert telling("nhs trust") == ("nhs", "trust")
    assert singular("assessed-facts") == "assessed-fact"


def answer(folder, name, *lines):
    (folder / f"{name}.csv").write_text("\n".join(("head", *lines)), encoding="utf-8")


def test_answers_are_read_when_they_are_told_and_then_removed(tmp_path):
    answer(tmp_path, "names", 'a,"Old, Name",,,')
    found = answered_rows(tmp_path, io.StringIO("classes\nnames\n"))
    assert list(found(query("names", "index"))) == [["a", "Old, Name", "", "", ""]]
    assert not list(tmp_path.iterdir())


def test_an_index_whose_queries_are_not_answered_is_not_written(tmp_path):
    found = answered_rows(tmp_path, io.StringIO("names\n"))
    with pytest.raises(EOFError, match="organisations"):
        write_index(tmp_path / FILE, found)
    assert not list(tmp_path.iterdir())


def test_the_index_of_a_store_is_there_when_the_block_has_ended(tmp_path):
    store = ox.Store()
    store.load(
        f"<urn:a> a <{DEF}Organisation> ; <{DEF}odsCode> 'R1A' ; "
        "<http://www.w3.org/2000/01/rdf-schema#label> 'A Trust' .",
        format=ox.RdfFormat.TURTLE,
    )
    with indexing(store, tmp_path / FILE):
        pass
    assert read(tmp_path / FILE, "SELECT iri, label, code FROM thing") == [
        ("urn:a", "A Trust", "R1A")
    ]
    assert [each.name for each in tmp_path.iterdir()] == [FILE]


def test_an_index_that_cannot_be_written_is_an_error_that_says_why(tmp_path):
    (tmp_path / FILE).mkdir()
    refused = pytest.raises(BuildError, match=r"could not be written: IsADirectoryError")
    with refused, indexing(ox.Store(), tmp_path / FILE):
        pass


def test_a_fault_beside_the_index_leaves_none(tmp_path):
    with pytest.raises(RuntimeError, match="beside"), indexing(ox.Store(), tmp_path / FILE):
        raise RuntimeError("beside")
    assert not (tmp_path / FILE).exists()


TABLES = (
    "thing",
    "kind",
    "name",
    "code",
    "fact",
    "membership",
    "life",
    "listed",
    "succession",
    "word",
)


def national(folder):
    """Return the graph of an import in which one organisation followed another, as one large import."""
    import_ods(DATA / "etr-newer.csv", folder, date(2026, 7, 1))
    (path,) = (folder / "imports").rglob("*.nq")
    return path


@pytest.mark.parametrize("size", [0, 1 << 30])
def test_what_a_large_import_brings_can_be_read_from_its_file(tmp_path, monkeypatch, size):
    path = national(tmp_path)
    store, rest = ox.Store(), ox.Store()
    load_imports(store, [path], 0)
    rest.load("<urn:a> a <https://w3id.org/remit/def/Organisation> .", format=ox.RdfFormat.TURTLE)
    store.extend(rest)
    with indexing(store, tmp_path / "whole.sqlite"):
        pass
    monkeypatch.setattr(imported, "_STATEMENTS", size)
    keep_rows(path, tmp_path / "rows")
    with indexing(store, tmp_path / "parts.sqlite", kept=[tmp_path / "rows"], rest=rest):
        pass
    for table in TABLES:
        whole, parts = (
            sorted(map(str, read(tmp_path / f"{name}.sqlite", f"SELECT * FROM {table}")))
            for name in ("whole", "parts")
        )
        assert whole == parts, table
    assert read(tmp_path / "parts.sqlite", "SELECT count(*) FROM membership")[0][0] > 1


def test_rows_that_cannot_be_read_say_what_to_do(tmp_path):
    keep_rows(national(tmp_path), tmp_path / "rows")
    (tmp_path / "rows" / "names.csv.gz").write_bytes(b"no archive")
    refused = pytest.raises(BuildError, match="Remove the folder cache/surveys and build again")
    with refused, indexing(ox.Store(), tmp_path / FILE, kept=[tmp_path / "rows"], rest=ox.Store()):
        pass
