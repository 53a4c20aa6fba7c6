"""Records of other registers are linked by identifier, and the rest by likeness; people decide on the latter."""

from dataclasses import replace
from datetime import date

import pyoxigraph as ox
import pytest

from loader import generator
from loader.build import build, current
from loader.errors import InputError
from loader.importing.outcome import no_tick
from loader.imports import IMPORTERS, import_ods
from loader.linking import decisions
from loader.linking.exact import Link, by_identifier
from loader.linking.job import link
from loader.linking.likeness import by_likeness
from loader.linking.quality import quality
from loader.linking.reading import Party, organisations, plain, records
from loader.terms import DEF, ID

OLD = Party(f"{ID}organisation/ZZ1", "ZZ1", "Old House", "BS1 1AA", "", date(2020, 4, 1))
NEW = Party(f"{ID}organisation/ZZ2", "ZZ2", "New House", "BS1 1AB", "", None)
RECORD = Party(f"{ID}cqc/location/1-1", "ZZ1", "Old House", "BS1 1AA", "", None)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A build with an invented register of 1,500 organisations and locations of the Commission."""
    folder = tmp_path_factory.mktemp("links")
    generator.write_xml(folder / "register.xml", 1_500)
    generator.write_cqc(folder / "locations.csv", 1_500)
    import_ods(folder / "register.xml", folder)
    IMPORTERS["cqc"](folder / "locations.csv", folder, date(2026, 7, 1), True, no_tick)
    build(folder)
    return folder


def test_a_former_code_leads_through_the_succession():
    found = by_identifier([RECORD], [OLD, NEW], {OLD.id: [NEW.id]})
    assert [(each.organisation, each.method) for each in found] == [
        (OLD.id, "by-identifier"),
        (NEW.id, "by-former-identifier"),
    ]


def test_after_a_split_a_former_code_leads_nowhere():
    found = by_identifier([RECORD], [OLD, NEW], {OLD.id: [NEW.id, "other"]})
    assert [each.method for each in found] == ["by-identifier"]


def test_a_record_without_a_code_has_no_link_by_identifier():
    assert by_identifier([replace(RECORD, code="")], [OLD], {}) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("12 King's Road", "12 KINGS RD"), ("The Elms Surgery Ltd", "elms surg limited")],
)
def test_ways_of_writing_agree(one, other):
    assert plain(one) == plain(other)


def test_quality_counts_wrong_and_missed_links():
    truth = [Link(f"r{n}", f"o{n}", "by-identifier", 1.0) for n in range(4)]
    found = [
        Link("r0", "o0", "by-likeness", 0.99),
        Link("r1", "o9", "by-likeness", 0.97),
        Link("r2", "o2", "by-likeness", 0.6),
        Link("other", "o1", "by-likeness", 0.99),
    ]
    at = {each.threshold: each for each in quality(found, truth)}
    assert (at[0.5].right, at[0.5].wrong, at[0.5].missed) == (2, 1, 2)
    assert (at[0.95].precision, at[0.95].recall) == (0.5, 0.25)


def test_decisions_are_kept_and_applied(tmp_path):
    file = tmp_path / "decisions.csv"
    links = [
        Link(RECORD.id, NEW.id, "by-likeness", 0.7),
        Link(RECORD.id, OLD.id, "by-likeness", 0.8),
    ]
    assert decisions.write_open(file, links, {}) == 2
    assert decisions.write_open(file, links, {}) == 0
    lines = file.read_text("utf-8").splitlines()
    lines[1] = "cqc/location/1-1,organisation/ZZ2,accepted,A. Person,2026-07-01,same house,0.7,"
    lines[2] = "cqc/location/1-1,organisation/ZZ1,rejected,A. Person,2026-07-01,closed,0.8,"
    file.write_text("\n".join(lines), encoding="utf-8")
    kept = decisions.apply(links, decisions.read(file))
    assert [(each.organisation, each.confidence) for each in kept] == [(NEW.id, 1.0)]


@pytest.mark.parametrize(
    "row",
    ["a,b,perhaps,X,2026-07-01,,,", "a,b,accepted,,2026-07-01,,,", "a,b,accepted,X,1 July,,,"],
)
def test_a_faulty_decision_is_refused_with_its_line(tmp_path, row):
    file = tmp_path / "decisions.csv"
    file.write_text(f"{','.join(decisions.COLUMNS)}\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        decisions.read(file)
    assert caught.value.faults[0].line == 2


def test_an_unknown_engine_is_refused():
    with pytest.raises(InputError, match="no engine"):
        by_likeness([RECORD], [OLD], engine="abacus")


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning"
)
class TestLikeness:
    """Needs Splink and DuckDB, the optional extra “link”."""

    @pytest.fixture(scope="class")
    @staticmethod
    def done(home):
        pytest.importorskip("splink", reason="Splink is not installed (extra “link”)")
        return link(home)

    def test_links_held_out_are_found_again(self, done):
        at = {each.threshold: each for each in done.quality}
        assert at[0.9].right + at[0.9].missed > 100
        assert at[0.9].precision > 0.98
        assert at[0.9].recall > 0.9

    def test_the_linkset_says_how_each_link_was_found(self, done):
        quads = list(ox.parse(path=str(done.path), format=ox.RdfFormat.N_QUADS))
        of = lambda name: [q for q in quads if q.predicate.value == name]  # noqa: E731
        links = of(f"{DEF}linkedRecord")
        assert len(links) == done.exact + done.likely
        for name in (
            "linkedOrganisation",
            "linkMethod",
            "linkConfidence",
            "linkExplanation",
            "inLinkSet",
        ):
            assert len(of(f"{DEF}{name}")) == len(links)
        same = of("http://www.w3.org/2002/07/owl#sameAs")
        assert len(same) == sum(
            q.object.value.endswith("/by-identifier") for q in of(f"{DEF}linkMethod")
        )

    def test_the_next_build_holds_the_links(self, home, done):
        build(home)
        store = ox.Store.read_only(str(current(home).store))
        linked = ox.NamedNode(f"{DEF}Link")
        assert (
            len(list(store.quads_for_pattern(None, None, linked, ox.DefaultGraph()))) >= done.exact
        )

    @pytest.mark.slow
    def test_spark_finds_the_same_links(self, home, done):
        pytest.importorskip("pyspark", reason="Spark is not installed (extra “spark”)")
        store = ox.Store.read_only(str(current(home).store))
        hidden = [replace(each, code="") for each in records(store)]
        sides = hidden, organisations(store)
        on_duck, on_spark = (by_likeness(*sides, 0.9, engine) for engine in ("duckdb", "spark"))
        pairs = [
            {(each.record, each.organisation) for each in found} for found in (on_duck, on_spark)
        ]
        assert len(pairs[0] ^ pairs[1]) <= 0.02 * len(pairs[0])
