"""Reason over the ontology and the registers with HermiT, through Owlready2.

The reasoner is the judge of three things: whether the ontology with all registers is consistent, whether every class
can have members, and what follows from the definitions of classes. It needs Java. The build itself derives the same
by the rules in ``queries/derive``, which are far faster; a test holds the two to one another.

Dates are kept outside OWL: the reasoner sees an organisation as its phases (see ``loader.phases``), and one stand-in
for all things that it could not tell apart (see ``loader.exemplars``). Annotations, imports and datatypes that OWL 2
lacks (``xsd:date``) say nothing to it and are left out.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import owlready2
import pyoxigraph as ox

from loader.errors import RemitError
from loader.exemplars import Exemplars, Kind, exemplars, vocabulary
from loader.graph import ONTOLOGY_GRAPH
from loader.patterns import OWL, RDF_TYPE, RDFS
from loader.phases import Phase
from loader.terms import ID

PROBE = f"{ID}probe/"
XSD_DATE = "http://www.w3.org/2001/XMLSchema#date"
MEMORY = 1000

_LOGICAL = {
    *(f"{RDFS}{name}" for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#first",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest",
}
_NOT_LOGICAL = {f"{OWL}{name}" for name in ("imports", "versionInfo", "versionIRI", "Ontology")}

Statement = tuple[
    ox.NamedNode | ox.BlankNode | ox.Triple,
    ox.NamedNode,
    ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple,
]


class ReasonerError(RemitError):
    """The reasoner could not be run."""


@dataclass(frozen=True)
class Report:
    """What the reasoner found.

    ``subclasses`` are all pairs of a class and a class above it; ``things`` and ``phases`` give the classes of each,
    all those above included. When the registers contradict the ontology, ``consistent`` is false, ``conflicts`` names
    the things and phases whose own classes contradict each other, and nothing else is told.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    conflicts: tuple[str | Phase, ...] = ()
    subclasses: frozenset[tuple[str, str]] = frozenset()
    things: Mapping[str, frozenset[str]] = field(default_factory=dict)
    phases: Mapping[Phase, frozenset[str]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong: consistent, and every class can have members."""
        return self.consistent and not self.unsatisfiable


def java_present() -> bool:
    """Return whether Java is there to run the reasoner."""
    return shutil.which(owlready2.JAVA_EXE) is not None


def check(store: ox.Store) -> Report:
    """Reason over the ontology and registers in ``store`` (after the derivation rules) and report.

    Takes seconds. Raises ReasonerError when Java is absent or the reasoner fails.
    """
    stand_ins = exemplars(store)
    axioms = list(_axioms(store))
    world = _world([*axioms, *_assertions(stand_ins)])
    left_out = dict(stand_ins.left_out)
    if not _reason(world):
        return Report(False, conflicts=_conflicts(axioms, stand_ins), left_out=left_out)
    realised = {name: _types(world, name) for name in stand_ins.kinds}
    return Report(
        consistent=True,
        unsatisfiable=tuple(
            sorted(c.iri for c in world.inconsistent_classes() if c.iri != f"{OWL}Nothing")
        ),
        subclasses=frozenset(_subclasses(world, vocabulary(store).classes)),
        things={thing: realised[name] for thing, name in stand_ins.things.items()},
        phases={phase: realised[name] for phase, name in stand_ins.phases.items()},
        left_out=left_out,
    )


def _axioms(store: ox.Store) -> Iterator[Statement]:
    """Yield the statements of the ontology that mean something to a reasoner."""
    for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(ONTOLOGY_GRAPH)):
        predicate, target = quad.predicate.value, getattr(quad.object, "value", "")
        if quad.predicate == RDF_TYPE:
            logical = target != f"{OWL}Ontology"
        else:
            logical = predicate in _LOGICAL or (
                predicate.startswith(OWL) and predicate not in _NOT_LOGICAL
            )
        if logical and target != XSD_DATE:
            yield quad.subject, quad.predicate, quad.object


def _assertions(stand_ins: Exemplars) -> Iterator[Statement]:
    individual = ox.NamedNode(f"{OWL}NamedIndividual")
    for name, kind in stand_ins.kinds.items():
        node = ox.NamedNode(name)
        yield node, RDF_TYPE, individual
        yield from _described(node, RDF_TYPE, kind, edges=False)
    for subject, predicate, target in sorted(stand_ins.relations):
        yield ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(target)


def _described(
    node: ox.NamedNode, link: ox.NamedNode, kind: Kind, edges: bool
) -> Iterator[Statement]:
    """Yield what makes ``node`` of ``kind``: an individual by ``rdf:type``, a class by ``rdfs:subClassOf``."""
    for cls in sorted(kind.types):
        yield node, link, ox.NamedNode(cls)
    for prop in sorted(kind.literals):
        yield from _restriction(node, link, ox.NamedNode(prop), "someValuesFrom", f"{RDFS}Literal")
    for prop, value in sorted(kind.values):
        yield from _restriction(node, link, ox.NamedNode(prop), "hasValue", value)
    if edges:
        for prop in sorted(kind.outgoing):
            yield from _restriction(node, link, ox.NamedNode(prop), "someValuesFrom", f"{OWL}Thing")
        for prop in sorted(kind.incoming):
            inverse = ox.BlankNode()
            yield inverse, ox.NamedNode(f"{OWL}inverseOf"), ox.NamedNode(prop)
            yield from _restriction(node, link, inverse, "someValuesFrom", f"{OWL}Thing")


def _restriction(
    node: ox.NamedNode,
    link: ox.NamedNode,
    prop: ox.NamedNode | ox.BlankNode,
    sort: str,
    filler: str,
) -> Iterator[Statement]:
    restriction = ox.BlankNode()
    yield node, link, restriction
    yield restriction, RDF_TYPE, ox.NamedNode(f"{OWL}Restriction")
    yield restriction, ox.NamedNode(f"{OWL}onProperty"), prop
    yield restriction, ox.NamedNode(OWL + sort), ox.NamedNode(filler)


def _world(triples: Iterable[Statement]) -> owlready2.World:
    data = ox.serialize((ox.Triple(*t) for t in triples), format=ox.RdfFormat.N_TRIPLES)
    world = owlready2.World()
    world.get_ontology("https://w3id.org/remit/ontology/all").load(fileobj=io.BytesIO(data or b""))
    return world


def _reason(world: owlready2.World) -> bool:
    """Run HermiT and store its conclusions in ``world``; return whether the ontology is consistent."""
    if not java_present():
        raise ReasonerError(
            "The reasoner needs Java, which was not found. Install a Java runtime, 11 or later."
        )
    owlready2.reasoning.JAVA_MEMORY = MEMORY
    try:
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return False
    except (owlready2.OwlReadyJavaError, subprocess.SubprocessError) as error:
        raise ReasonerError(f"The reasoner failed: {error}") from error
    return True


def _types(world: owlready2.World, iri: str) -> frozenset[str]:
    return frozenset(_named(world[iri].INDIRECT_is_a))


def _subclasses(world: owlready2.World, classes: Iterable[str]) -> Iterator[tuple[str, str]]:
    for iri in classes:
        if (cls := world[iri]) is not None:
            yield from ((iri, above) for above in _named(cls.ancestors()) if above != iri)


def _named(concepts: Iterable[object]) -> Iterator[str]:
    for concept in concepts:
        if isinstance(concept, owlready2.ThingClass) and not concept.iri.startswith(OWL):
            yield concept.iri


def _conflicts(axioms: list[Statement], stand_ins: Exemplars) -> tuple[str | Phase, ...]:
    """Return the things and phases that contradict the ontology by themselves.

    Each stand-in is turned into a class of things like it; a class that can have no member names the conflict.
    """
    link = ox.NamedNode(f"{RDFS}subClassOf")
    probes: list[Statement] = []
    names = {f"{PROBE}{n}": name for n, name in enumerate(stand_ins.kinds)}
    for probe, name in names.items():
        probes.append((ox.NamedNode(probe), RDF_TYPE, ox.NamedNode(f"{OWL}Class")))
        probes.extend(_described(ox.NamedNode(probe), link, stand_ins.kinds[name], edges=True))
    world = _world([*axioms, *probes])
    if not _reason(world):
        return ()
    impossible = {cls.iri for cls in world.inconsistent_classes()}
    return tuple(
        member
        for probe, name in names.items()
        if probe in impossible
        for member in stand_ins.members(name)
    )
