"""Stand-ins for the things and phases of a store, one for all that a reasoner cannot tell apart.

A model of the stand-ins is a model of the things themselves: read each thing as its stand-in. The other way round, the
ontology speaks of a relation only through the domain and range of its property and through values required of it
(``owl:hasValue``). So two things with the same stated classes, the same properties from them and to them, and the same
required values follow the same conclusions, and one of them stands for both. ``tests/ontology`` holds the ontology to
these kinds of axiom. The phases of organisations are alike when their classes and licence statuses are.

Left out are statements whose object is a class (``organisationClass``, ``exercisableOver``): as statements about
individuals they would make one name mean a class and an individual at once, and nothing follows from them in OWL.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from loader.phases import OWL, RDF_TYPE, STATUS, Phase, phases
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


@dataclass(frozen=True)
class Vocabulary:
    """The names that the ontology declares, by what they are, and the properties that restrictions speak of."""

    classes: frozenset[str]
    object_properties: frozenset[str]
    data_properties: frozenset[str]
    individuals: frozenset[str]
    restricted: frozenset[str]


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
    on_property = store.quads_for_pattern(None, ox.NamedNode(f"{OWL}onProperty"), None)
    return Vocabulary(
        classes=_declared(store, "Class"),
        object_properties=_declared(store, "ObjectProperty"),
        data_properties=_declared(store, "DatatypeProperty"),
        individuals=_declared(store, "NamedIndividual"),
        restricted=frozenset(quad.object.value for quad in on_property),
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
        phase: Kind(phase.given & words.classes, values=frozenset((STATUS.value, s) for s in phase.statuses))
        for phase in phases(store)
    }
    names = _names([*kinds.values(), *phase_kinds.values()])
    result.kinds = {name: kind for kind, name in names.items()}
    result.things = {thing: names[kind] for thing, kind in kinds.items()}
    result.phases = {phase: names[kind] for phase, kind in phase_kinds.items()}
    result.relations = {
        (result.things[s], p, result.things.get(o, o)) for s, p, o in traits.relations
    }
    return result


class _Traits:
    """Collects, statement by statement, what can be told of each thing."""

    def __init__(self, words: Vocabulary, left_out: Counter[str]) -> None:
        self.words, self.left_out = words, left_out
        self.names = words.classes | words.object_properties | words.data_properties
        self.types: Mapping[str, set[str]] = defaultdict(set)
        self.outgoing: Mapping[str, set[str]] = defaultdict(set)
        self.incoming: Mapping[str, set[str]] = defaultdict(set)
        self.literals: Mapping[str, set[str]] = defaultdict(set)
        self.values: Mapping[str, set[Relation]] = defaultdict(set)
        self.relations: list[tuple[str, str, str]] = []

    def read(self, quad: ox.Quad) -> None:
        subject, predicate = quad.subject, quad.predicate.value
        if not isinstance(subject, ox.NamedNode) or subject.value in self.names | self.words.individuals:
            return
        if quad.predicate == RDF_TYPE:
            if quad.object.value in self.words.classes:
                self.types[subject.value].add(quad.object.value)
        elif isinstance(quad.object, ox.Literal):
            if predicate in self.words.data_properties:
                self.literals[subject.value].add(predicate)
        elif predicate in self.words.object_properties:
            self._relation(subject.value, predicate, quad.object.value)

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


def _names(kinds: Iterable[Kind]) -> dict[Kind, str]:
    names: dict[Kind, str] = {}
    for kind in kinds:
        names.setdefault(kind, f"{ID}exemplar/{len(names) + 1}")
    return names


def _declared(store: ox.Store, kind: str) -> frozenset[str]:
    return frozenset(_subjects(store, ox.NamedNode(OWL + kind)))


def _subjects(store: ox.Store, cls: ox.NamedNode) -> Iterator[str]:
    for quad in store.quads_for_pattern(None, RDF_TYPE, cls, ox.DefaultGraph()):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value
