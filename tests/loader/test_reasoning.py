"""The reasoner as judge: of the shipped registers, of what the rules derive, and of things that cannot be."""

import pyoxigraph as ox
import pytest

from loader import reasoning
from loader.derive import derive
from loader.exemplars import exemplars, vocabulary
from loader.graph import merged, ontology_quads, read_registers
from loader.inferred import INFERRED_GRAPH, inferred_quads, unshown
from loader.paths import registers
from loader.phases import Phase, phases
from loader.reasoning import ReasonerError, check, java_present
from loader.terms import DEF, ID

reasoner = [
    pytest.mark.reasoner,
    pytest.mark.skipif(not java_present(), reason="the reasoner needs Java, which is absent"),
]
PREFIXES = f"""
@prefix : <{DEF}> .
@prefix id: <{ID}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
X = f"{ID}X"


def stored(facts: str, ontology: str = "", derived: bool = True) -> ox.Store:
    """A store with the shipped ontology, further axioms, facts and what follows from them by rule."""
    store = ox.Store()
    store.bulk_extend(merged(ontology_quads()))
    graph = next(ontology_quads()).graph_name
    for text, name in ((ontology, graph), (facts, ox.NamedNode(f"{ID}graph/test"))):
        quads = ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
        store.bulk_extend(merged(ox.Quad(q.subject, q.predicate, q.object, name) for q in quads))
    if derived:
        derive(store)
    return store


def member(*memberships: str) -> str:
    """An organisation X with memberships given as “Class from [to]”."""
    lines = ["id:X a :Organisation ."]
    for number, text in enumerate(memberships):
        cls, start, *end = text.split()
        until = f'; :validTo "{end[0]}"^^xsd:date' if end else ""
        lines.append(f"id:X :membership <{X}#{number}> . <{X}#{number}> a :ClassMembership ;")
        lines.append(f':organisationClass :{cls} ; :validFrom "{start}"^^xsd:date {until} .')
    return "\n".join(lines)


def classes(report, start):
    (types,) = [types for phase, types in report.phases.items() if phase.start == start]
    return {iri.removeprefix(DEF) for iri in types if iri.startswith(DEF)}


@pytest.fixture(scope="module")
def shipped():
    store = ox.Store()
    store.bulk_extend(merged(ontology_quads()))
    for register in read_registers(registers()):
        store.bulk_extend(merged(register.quads()))
    derive(store)
    return store


@pytest.fixture(scope="module")
def judged(shipped):
    return check(shipped)


class TestShippedRegisters:
    pytestmark = reasoner

    def test_ontology_with_all_registers_is_consistent(self, judged):
        assert judged.consistent, judged.conflicts

    def test_no_class_is_without_possible_members(self, judged):
        assert judged.unsatisfiable == ()

    def test_rules_derive_the_hierarchy_that_the_reasoner_infers(self, shipped, judged):
        pairs = shipped.quads_for_pattern(
            None, ox.NamedNode(f"{DEF}subClassOfOrSelf"), None, ox.DefaultGraph()
        )
        derived = {(q.subject.value, q.object.value) for q in pairs if q.subject != q.object}
        assert derived == judged.subclasses

    def test_memberships_show_every_realised_class_on_every_day(self, judged):
        assert unshown(judged) == {}

    def test_reasoner_realises_every_class_that_memberships_show(self, judged):
        excess = {
            phase: phase.shown & vocabulary_classes(judged) - types
            for phase, types in judged.phases.items()
        }
        assert {phase: more for phase, more in excess.items() if more} == {}

    def test_stated_classes_of_things_are_all_that_follow(self, shipped, judged):
        """A class that follows only by a domain or range means a wrong domain or range, or a missing type."""
        above = {}
        for cls, higher in judged.subclasses:
            above.setdefault(cls, {cls}).add(higher)
        surprises = {}
        for thing, types in judged.things.items():
            stated = shipped.quads_for_pattern(
                ox.NamedNode(thing), reasoning.RDF_TYPE, None, ox.DefaultGraph()
            )
            known = set().union(*(above.get(q.object.value, {q.object.value}) for q in stated))
            if new := types - known:
                surprises[thing] = new
        assert surprises == {}

    def test_what_the_reasoner_adds_to_the_graph_is_only_classes_above_the_stated(
        self, shipped, judged
    ):
        predicates = {q.predicate.value.rsplit("/", 1)[-1] for q in inferred_quads(judged, shipped)}
        assert predicates <= {
            "01/rdf-schema#subClassOf",
            "rdf-schema#subClassOf",
            "22-rdf-syntax-ns#type",
        }


def vocabulary_classes(report):
    return {cls for pair in report.subclasses for cls in pair}


class TestWhatCannotBe:
    pytestmark = reasoner

    def test_trust_and_board_at_once(self):
        report = check(stored(member("NHSTrust 2022-07-01", "IntegratedCareBoard 2022-07-01")))
        assert not report.consistent
        (conflict,) = report.conflicts
        assert (conflict.organisation, conflict.start) == (X, "2022-07-01")

    def test_only_the_day_on_which_both_hold_is_named(self):
        facts = member("NHSTrust 2010-01-01 2023-01-01", "FoundationTrust 2022-12-31")
        (conflict,) = check(stored(facts)).conflicts
        assert (conflict.start, conflict.end) == ("2022-12-31", "2023-01-01")

    def test_power_and_duty_at_once(self):
        report = check(stored("id:power-duty a :Power, :Duty ."))
        assert not report.consistent
        assert report.conflicts == (f"{ID}power-duty",)

    def test_relation_to_the_wrong_kind_of_thing(self):
        """The forum of an appeal is an agent; nothing is an organisation and a post."""
        facts = "id:route a :AppealRoute ; :forum id:X . id:X a :Post, :Organisation ."
        assert not check(stored(facts)).consistent

    def test_licence_held_and_lacking_at_once(self):
        facts = member(
            "NHSTrust 2023-04-01", "LicenceHolder 2023-04-01", "LicenceExemptProvider 2023-04-01"
        )
        assert not check(stored(facts)).consistent

    def test_class_that_can_have_no_members(self):
        impossible = ":TrustBoard a owl:Class ; rdfs:subClassOf :NHSTrust, :IntegratedCareBoard ."
        report = check(stored("", impossible))
        assert report.consistent
        assert report.unsatisfiable == (f"{DEF}TrustBoard",)
        assert not report.sound

    def test_inconsistent_report_concludes_nothing(self):
        report = check(stored("id:power-duty a :Power, :Duty ."))
        assert list(inferred_quads(report)) == []


class TestWhatFollows:
    pytestmark = reasoner

    def test_trust_that_became_a_foundation_trust_is_fine(self):
        facts = member("NHSTrust 2010-01-01 2016-01-01", "FoundationTrust 2016-01-01")
        assert check(stored(facts)).sound

    def test_licensed_provider_is_realised_from_the_licence_status_alone(self):
        facts = (
            member("FoundationTrust 2016-01-01") + f" <{X}#0> :hasLicenceStatus :holds-licence ."
        )
        report = check(stored(facts, derived=False))
        assert {"LicenceHolder", "LicensedProvider", "LicensedFoundationTrust"} <= classes(
            report, "2016-01-01"
        )

    def test_class_that_the_rules_did_not_derive_becomes_a_membership_of_its_days(self):
        facts = member("NHSTrust 2020-01-01 2024-01-01", "LicenceHolder 2023-04-01")
        report = check(stored(facts, derived=False))
        quads = list(inferred_quads(report))
        node = ox.NamedNode(f"{X}#realised-LicensedNHSTrust-2023-04-01")
        found = {
            q.predicate.value.removeprefix(DEF): q.object.value for q in quads if q.subject == node
        }
        assert (found["validFrom"], found["validTo"]) == ("2023-04-01", "2024-01-01")
        assert {q.graph_name.value for q in quads} == {INFERRED_GRAPH}

    def test_membership_of_defined_class_is_not_given_to_the_reasoner(self):
        store = stored(member("NHSTrust 2023-04-01", "LicenceHolder 2023-04-01"))
        (phase,) = phases(store)
        assert f"{DEF}LicensedNHSTrust" in phase.shown
        assert f"{DEF}LicensedNHSTrust" not in phase.given
        assert "LicensedNHSTrust" in classes(check(store), "2023-04-01")


def test_phases_change_where_memberships_do():
    facts = member("NHSTrust 2010-01-01 2016-01-01", "FoundationTrust 2017-01-01")
    found = [(p.start, p.end) for p in phases(stored(facts))]
    assert found == [("2010-01-01", "2016-01-01"), ("2017-01-01", None)]


def test_attested_membership_counts_from_its_day():
    facts = (
        f"id:X :membership <{X}#a> . <{X}#a> :organisationClass :NHSTrust ; "
        ':attestedFrom "2020-01-01"^^xsd:date .'
    )
    (phase,) = phases(stored(facts, derived=False))
    assert (phase.start, phase.attested) == ("2020-01-01", True)


def test_membership_that_begins_nowhere_is_left_out():
    facts = f"id:X :membership <{X}#a> . <{X}#a> :organisationClass :NHSTrust ."
    assert list(phases(stored(facts, derived=False))) == []


def test_one_stand_in_for_things_that_cannot_be_told_apart():
    facts = "id:a a :Sector . id:b a :Sector . id:c a :Factor ."
    found = exemplars(stored(facts, derived=False))
    assert found.things[f"{ID}a"] == found.things[f"{ID}b"] != found.things[f"{ID}c"]
    assert f"{ID}b" in found.members(found.things[f"{ID}a"])


def test_relation_that_says_more_tells_things_apart():
    facts = "id:a a :Norm . id:b a :Norm . id:c a :Norm ; :label 'x' . id:r :forum id:b . id:b :forum id:c ."
    found = exemplars(stored(facts, derived=False)).things
    assert len({found[f"{ID}a"], found[f"{ID}b"], found[f"{ID}c"]}) == 3


def test_statement_about_a_class_is_left_out_and_counted():
    found = exemplars(stored("id:a a :Ground ; :exercisableOver :NHSTrust .", derived=False))
    assert found.left_out == {f"{DEF}exercisableOver": 1}


def test_broader_properties_bring_their_domains():
    extra = ":narrow a owl:ObjectProperty ; rdfs:subPropertyOf :forum ."
    words = vocabulary(stored("", extra, derived=False))
    assert words.domains[f"{DEF}narrow"] == {f"{DEF}AppealRoute"}


def test_without_java_the_error_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(reasoning, "java_present", lambda: False)
    with pytest.raises(ReasonerError, match="Install a Java runtime"):
        check(stored("", derived=False))


def test_failing_reasoner_is_reported(monkeypatch):
    def fail(*_args, **_kwargs):
        raise reasoning.owlready2.OwlReadyJavaError("out of memory")

    monkeypatch.setattr(reasoning, "java_present", lambda: True)
    monkeypatch.setattr(reasoning.owlready2, "sync_reasoner_hermit", fail)
    with pytest.raises(ReasonerError, match="out of memory"):
        check(stored("", derived=False))


def test_missing_memberships_are_joined_where_phases_follow_one_another():
    def phase(start, end):
        return Phase(X, start, end, frozenset(), frozenset())

    days = [
        phase("2020-01-01", "2021-01-01"),
        phase("2021-01-01", "2022-01-01"),
        phase("2023-01-01", None),
    ]
    report = reasoning.Report(True, phases={day: frozenset({f"{DEF}Provider"}) for day in days})
    quads = list(inferred_quads(report))
    starts = sorted(q.object.value for q in quads if q.predicate.value == f"{DEF}validFrom")
    ends = [q.object.value for q in quads if q.predicate.value == f"{DEF}validTo"]
    assert (starts, ends) == (["2020-01-01", "2023-01-01"], ["2022-01-01"])
