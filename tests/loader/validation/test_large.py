"""A store judged in portions, by processes of their own, gives what one look at the whole gives."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import BNode, Literal, URIRef
from test_run import faulty_copy

from loader.errors import BuildError
from loader.terms import DEF, ID
from loader.validation import large
from loader.validation.data import neighbourhood
from loader.validation.large import validate_large
from loader.validation.looks import looks
from loader.validation.outputs import as_table
from loader.validation.portions import number_of, split
from loader.validation.report import Report, from_json
from loader.validation.rules import REGISTER
from loader.validation.run import validate_store

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
STRANGE = ox.Literal('R "7"\n é #x')


@pytest.fixture(scope="module")
def faulty(registers: ox.Store) -> ox.Store:
    """Some organisations and powers, with a code that two share, a step in two procedures and a citation of nothing."""
    things = [f"{ID}organisation/{code}" for code in ("RA7", "QUY", "RVJ")]
    triples, _ = neighbourhood(registers, [*things, f"{ID}power/accept-provider-undertaking"])
    sample = ox.Store()
    sample.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    store, _ = faulty_copy(sample)
    one, other = (ox.NamedNode(things[n]) for n in (0, 2))
    for body in (one, other):
        store.add(ox.Quad(body, ox.NamedNode(f"{DEF}odsCode"), STRANGE))
    name = next(store.quads_for_pattern(one, ox.NamedNode(f"{DEF}membership"), None)).object
    store.add(ox.Quad(other, ox.NamedNode(f"{DEF}membership"), name))
    return store


@pytest.fixture(scope="module")
def on_disk(faulty: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "store"
    store = ox.Store(str(path))
    store.bulk_extend(faulty)
    store.flush()
    return path


def in_portions(path: Path, size: int, memory: int = large.MEMORY) -> Report:
    patch = pytest.MonkeyPatch()
    patch.setattr(large, "PORTION", size)
    try:
        return validate_large(path, 10_000, "large", memory=memory)
    finally:
        patch.undo()


@pytest.fixture(scope="module")
def report(on_disk: Path) -> Report:
    return in_portions(on_disk, 1_500)


def test_portions_find_what_the_whole_finds(faulty: ox.Store, report: Report) -> None:
    whole = validate_store(faulty, "large")
    assert len(whole.findings) > 5
    assert set(report.findings) == set(whole.findings)
    mine, theirs = report.summary(), whole.summary()
    for name in ("counts", "byRule", "checked", "completeness", "organisations", "groupsTotal"):
        assert mine[name] == theirs[name], name
    assert not report.conforms


def test_the_report_keeps_all_counts_where_few_findings_are_told(
    on_disk: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "KEPT_BY_RULE", 1)
    few = in_portions(on_disk, 5_000)
    text = "".join(as_table(few))
    assert f"one by one, the first of each rule: {len(few.findings)}\n" in text
    assert len(few.findings) == len(report.by_rule()) < len(report.findings)
    again = from_json(few.as_json())
    for each in (few, again):
        assert each.counts() == report.counts()
        assert each.by_rule() == report.by_rule()
        assert each.as_json()["total"] == len(report.findings)


def test_progress_is_told(on_disk: Path) -> None:
    told: list[tuple[str, int, int]] = []
    validate_large(on_disk, 10, "large", tell=lambda *each, total: told.append((*each, total)))
    assert told[0] == ("Reading statements", 0, 10)
    assert told[-1] == ("Validating portions", 1, 1)


def test_a_portion_that_needs_more_memory_than_it_may_take_is_an_error(on_disk: Path) -> None:
    with pytest.raises(BuildError, match="--memory"):
        in_portions(on_disk, 5_000, memory=200 << 20)


def test_a_store_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with pytest.raises(BuildError, match="cannot be read"):
        validate_large(tmp_path / "store", 1, "large")


def test_what_is_nested_stands_with_its_organisation() -> None:
    body = f"<{ID}organisation/RA7>".encode()
    nested = [f"<{ID}organisation/RA7{rest}>".encode() for rest in ("#name-1", "/list/role-1")]
    assert {number_of(each, 1_000) for each in nested} == {number_of(body, 1_000)}
    others = [f"<{ID}organisation/R{n}>".encode() for n in range(50)]
    assert len({number_of(each, 1_000) for each in others}) > 25


def test_each_statement_that_rules_read_stands_in_the_portion_of_its_subject(
    tmp_path: Path,
) -> None:
    lines = [
        f"<{ID}organisation/{n}> {predicate} .\n".encode()
        for n in range(20)
        for predicate in (
            f"{TYPE} <{DEF}Organisation>",
            f'<{DEF}odsCode> "SAME"',
            f"<{DEF}statedIn> <{ID}document/d>",
            f'<{DEF}addressText> "no rule reads it"',
        )
    ]
    made = split(lines, tmp_path, 4, looks(REGISTER))
    texts = [path.read_bytes().splitlines(keepends=True) for path in made.files]
    for line in lines:
        own = number_of(line.split(b" ", 1)[0], 4)
        assert (line in texts[own]) == (b"addressText" not in line)
    shared = texts[number_of(b'"SAME"', 4)]
    assert all(line in shared for line in lines if b"SAME" in line)
    cited = texts[number_of(f"<{ID}document/d>".encode(), 4)]
    assert any(b"document/d" in line for line in cited)
    assert made.kinds == {f"{DEF}Organisation": 20}
    assert made.organisations.total() == len(made.organisations) == 20


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (URIRef("urn:a"), b"<urn:a>"),
        (BNode("b1"), b"_:b1"),
        (Literal("a", lang="en"), b'"a"@en'),
        (Literal("2020", datatype=URIRef("urn:year")), b'"2020"^^<urn:year>'),
        (Literal(STRANGE.value), str(STRANGE).encode()),
    ],
)
def test_a_node_is_known_by_how_the_store_writes_it(node: URIRef, text: bytes) -> None:
    assert large._written(node) == text
