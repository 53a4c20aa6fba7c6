"""Stand-ins for the things and phases of a store, one for all that a reasoner cannot tell apart.

A model of the stand-ins is a model of the things themselves: read each thing as its stand-in. The other way round, the
ontology speaks of a relation only through the domain and range of its property and through values required of it
(``owl:hasValue``). So from two things with the same stated classes, the same domains and ranges by their relations, and
the same required values follow the same classes, and one stands for both, with the relations of both. A test holds
the ontology to these kinds of axiom. Phases of organisations are alike when their classes and licence statuses are.

Left out are statements whose object is a class (``organisationClass``, ``exercisableOver``): as statements about
individuals they would make one name mean a class and an individual at once, and nothing follows from them in OWL.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from loader.patterns import OWL, RDF_TYPE, RDFS, pairs, text
from loader.phases import STATUS, Phase, phases
from loader.terms import ID

Relation = tuple[str, str]


@dataclass(frozen=True)
class Kind:
    """What a reasoner can tell of a thing: classes, properties from and to it, literal properties, required values."""

    types: frozenset[str]
    outgoing: frozenset[str] = frozenset()
    incoming: frozenset[str] = frozenset()
    literals: frozenset[str] = frozenset()
    values: frozenset[Relation] = frozenset()

    def merged(self, other: Kind) -> Kind:
        """Return a kind with what is told of either."""
        return Kind(
            self.types | other.types,
            self.outgoing | other.outgoing,
            self.incoming | other.incoming,
            self.literals | other.literals,
            self.values | other.values,
        )


@dataclass(frozen=True)
class Vocabulary:
    """The names that the ontology declares, by what they are, and the properties that restrictions speak of."""

    classes: frozenset[str]
    object_properties: frozenset[str]
    data_properties: frozenset[str]
    individuals: frozenset[str]
    restricted: frozenset[str]
    domains: Mapping[str, frozenset[str]]
    ranges: Mapping[str, frozenset[str]]

    def likeness(self, kind: Kind) -> tuple[frozenset[object], ...]:
        """Return what two kinds must share for the same classes to follow from them."""
        none: frozenset[str] = frozenset()
        domains = (self.domains.get(p, none) for p in kind.outgoing | kind.literals)
        ranges = (self.ranges.get(p, none) for p in kind.incoming)
        return kind.types, none.union(*domains), none.union(*ranges), kind.values


@dataclass
class Exemplars:
    """The stand-ins of a store: kinds by the IRI of the stand-in, members, and relations between stand-ins."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    phases: dict[Phase, str] = field(default_factory=dict)
    relations: set[tuple[str, str, str]] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)

    def members(self, exemplar: str) -> list[str | Phase]:
        """Return the things and phases for which a stand-in stands."""
        things = [thing for thing, name in self.things.items() if name == exemplar]
        return [*things, *(phase for phase, name in self.phases.items() if name == exemplar)]


def vocabulary(store: ox.Store) -> Vocabulary:
    """Return the names that the ontology in ``store`` declares."""
    return Vocabulary(
        classes=_declared(store, "Class"),
        object_properties=_declared(store, "ObjectProperty"),
        data_properties=_declared(store, "DatatypeProperty"),
        individuals=_declared(store, "NamedIndividual"),
        restricted=frozenset(text(prop) for _, prop in pairs(store, f"{OWL}onProperty")),
        domains=_effects(store, "domain"),
        ranges=_effects(store, "range"),
    )


def exemplars(store: ox.Store) -> Exemplars:
    """Return stand-ins for all things and phases of ``store``, named in an order that does not change."""
    words = vocabulary(store)
    result = Exemplars()
    traits = _Traits(words, result.left_out)
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        traits.read(quad)
    kinds = {thing: traits.kind(thing) for thing in sorted(traits.things())}
    phase_kinds = {
        phase: Kind(
            phase.given & words.classes, values=frozenset((STATUS, s) for s in phase.statuses)
        )
        for phase in phases(store)
    }
    names = _names([*kinds.values(), *phase_kinds.values()], words)
    result.things = {thing: names[kind] for thing, kind in kinds.items()}
    result.phases = {phase: names[kind] for phase, kind in phase_kinds.items()}
    for kind, name in names.items():
        result.kinds[name] = result.kinds[name].merged(kind) if name in result.kinds else kind
    result.relations = {
        (result.things[s], p, result.things.get(o, o)) for s, p, o in traits.relations
    }
    return result


class _Traits:
    """Collects, statement by statement, what can be told of each thing."""

    def __init__(self, words: Vocabulary, left_out: Counter[str]) -> None:
        self.words, self.left_out = words, left_out
        self.names = words.classes | words.object_properties | words.data_properties
        self.passed_over = self.names | words.individuals
        self.types: Mapping[str, set[str]] = defaultdict(set)
        self.outgoing: Mapping[str, set[str]] = defaultdict(set)
        self.incoming: Mapping[str, set[str]] = defaultdict(set)
        self.literals: Mapping[str, set[str]] = defaultdict(set)
        self.values: Mapping[str, set[Relation]] = defaultdict(set)
        self.relations: list[tuple[str, str, str]] = []

    def read(self, quad: ox.Quad) -> None:
        subject, predicate = quad.subject, quad.predicate.value
        if not isinstance(subject, ox.NamedNode) or subject.value in self.passed_over:
            return
        if quad.predicate == RDF_TYPE:
            if text(quad.object) in self.words.classes:
                self.types[subject.value].add(text(quad.object))
        elif isinstance(quad.object, ox.Literal):
            if predicate in self.words.data_properties:
                self.literals[subject.value].add(predicate)
        elif predicate in self.words.object_properties:
            self._relation(subject.value, predicate, text(quad.object))

    def _relation(self, subject: str, predicate: str, target: str) -> None:
        if target in self.names:
            self.left_out[predicate] += 1
            return
        self.outgoing[subject].add(predicate)
        self.relations.append((subject, predicate, target))
        if predicate in self.words.restricted:
            self.values[subject].add((predicate, target))
        if target not in self.words.individuals:
            self.incoming[target].add(predicate)

    def things(self) -> set[str]:
        return {*self.types, *self.outgoing, *self.incoming, *self.literals}

    def kind(self, thing: str) -> Kind:
        return Kind(
            frozenset(self.types.get(thing, ())),
            frozenset(self.outgoing.get(thing, ())),
            frozenset(self.incoming.get(thing, ())),
            frozenset(self.literals.get(thing, ())),
            frozenset(self.values.get(thing, ())),
        )


def _names(kinds: Iterable[Kind], words: Vocabulary) -> dict[Kind, str]:
    names: dict[tuple[frozenset[object], ...], str] = {}
    result: dict[Kind, str] = {}
    for kind in kinds:
        result[kind] = names.setdefault(words.likeness(kind), f"{ID}exemplar/{len(names) + 1}")
    return result


def _effects(store: ox.Store, axiom: str) -> dict[str, frozenset[str]]:
    """Return for each property the classes that its domain (or range) names, those of broader properties included."""
    own: dict[str, set[str]] = defaultdict(set)
    broader: dict[str, set[str]] = defaultdict(set)
    for name, found in ((axiom, own), ("subPropertyOf", broader)):
        for prop, target in pairs(store, RDFS + name):
            found[text(prop)].add(text(target))

    def closure(prop: str, seen: frozenset[str]) -> set[str]:
        higher = broader[prop] - seen
        return own[prop].union(*(closure(p, seen | higher) for p in higher))

    return {prop: frozenset(closure(prop, frozenset({prop}))) for prop in {*own, *broader}}


def _declared(store: ox.Store, kind: str) -> frozenset[str]:
    found = pairs(store, RDF_TYPE.value, target=ox.NamedNode(OWL + kind))
    return frozenset(text(name) for name, _ in found if isinstance(name, ox.NamedNode))
