"""From what a person writes to the thing that it names: a slug, a code, a label, a citation or an identifier."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from loader.terms import DEF, ID, LEGISLATION, REMIT, iri, slug
from loader.yamlld import context_document
from server.answers.citations import provisions_cited
from server.answers.index import ORGANISATION, index
from server.answers.reference import Reference, reference
from server.answers.search import matches
from server.errors import NotFound, excerpt
from server.store.protocol import Store

_NAMES = (RDFS.label, SKOS.altLabel, REMIT.shortTitle, REMIT.citation)
_FIRST = ("power", "duty", "right", "prohibition", "appeal", "instrument", "document")
_MOST = 6
_MOST_LIKE = 50
_NEAR = 55


def resolve(store: Store, text: str, classes: tuple[str, ...], address: str = "") -> URIRef:
    """Return the thing that ``text`` names among the members of ``classes``.

    ``text`` is an identifier, ``power/slug``, a slug, ``prefix:path`` of a passage, an ODS code, a label, or a
    citation such as ``s 106 of the 2012 Act``. Without classes any thing of the registers fits. Raises NotFound with
    near ones; ``address`` is put before the slug of each as its link.
    """
    ref = reference(store)
    wanted = text.strip()[:300]
    if "Organisation" in classes and (coded := _by_code(store, wanted)) is not None:
        return coded
    known = candidates(store, classes, wanted)
    members = (
        [candidates(store, (name,), wanted) for name in classes] if len(classes) > 1 else [known]
    )
    for find in (_by_identifier, _by_name):
        for each in members:
            if (found := find(wanted, each)) is not None:
                return found
    near = [
        {"label": label, "href": f"{address}{path(node)}", "id": str(node)}
        for node, label in _near(wanted, known)
    ]
    kind = " or ".join(_kind(ref, name) for name in classes) or "thing"
    raise NotFound(f"The register holds no {kind} called “{excerpt(wanted)}”.", suggestions=near)


def candidates(store: Store, classes: tuple[str, ...], text: str) -> dict[URIRef, list[str]]:
    """Return the members of ``classes`` with the names by which each is known; of organisations those like ``text``."""
    ref = reference(store)
    if not classes:
        subjects = {s for s in ref.graph.subjects() if isinstance(s, URIRef) and "#" not in s}
        return {node: _names(ref, node) for node in subjects if not node.startswith(DEF)}
    found: dict[URIRef, list[str]] = {}
    for name in classes:
        if name == "Organisation":
            for match in matches(index(store), text, ORGANISATION, most=_MOST_LIKE).matches:
                texts = [each.text for each in match.entry.names]
                found[URIRef(match.entry.id)] = [match.entry.label, *texts]
        elif name in {"OrganisationClass", "Class"}:
            members = _organisation_classes(ref) if name != "Class" else _classes(ref)
            found |= {c: [*_names(ref, c), slug(c)] for c in members}
        else:
            typed = ref.graph.subjects(RDF.type, REMIT[name])
            found |= {n: _names(ref, n) for n in typed if isinstance(n, URIRef) and "#" not in n}
    return found


def path(node: URIRef) -> str:
    """Return the short way to write a thing in a parameter: its slug, code or path."""
    text = str(node)
    if "/passage/" in text:
        return _curie(text) or text.removeprefix(ID)
    if text.startswith((ID, DEF)):
        return slug(text)
    return text


def _by_code(store: Store, text: str) -> URIRef | None:
    """Return the organisation of a code, without a look at every other one."""
    known = index(store)
    for written in (text, text.upper(), text.lower()):
        for identifier in (iri(written), iri(f"organisation/{written}")):
            entry = known.entry(identifier)
            if entry is not None and entry.kind == ORGANISATION:
                return URIRef(entry.id)
    return None


def _curie(text: str) -> str | None:
    for prefix, expansion in context_document().items():
        if isinstance(expansion, str) and "/passage/" in expansion and text.startswith(expansion):
            return f"{prefix}:{text.removeprefix(expansion)}"
    return None


def _by_identifier(text: str, known: dict[URIRef, list[str]]) -> URIRef | None:
    prefix, _, rest = text.partition(":")
    expansion = context_document().get(prefix)
    written = {iri(text), DEF + text}
    if rest and isinstance(expansion, str) and expansion.startswith("http"):
        written.add(expansion + rest)
    if text.startswith("https://www.legislation.gov.uk/"):
        written.add(LEGISLATION + text.removeprefix("https://www.legislation.gov.uk/"))
    identified = [n for n in known if str(n) in written]
    if identified:
        return identified[0]
    plain = text.casefold().strip("/")
    same = [n for n in known if plain in {slug(n).casefold(), n.removeprefix(ID).casefold()}]
    if len(same) == 1:
        return same[0]
    # A power and its procedure, say, can share a slug: the norm is the thing that people ask about.
    return next((n for kind in _FIRST for n in same if n.startswith(f"{ID}{kind}/")), None)


def _by_name(text: str, known: dict[URIRef, list[str]]) -> URIRef | None:
    plain = text.casefold()
    exact = [n for n, names in known.items() if plain in {name.casefold() for name in names}]
    if exact:
        return sorted(exact)[0]
    cited = [URIRef(found) for found in provisions_cited(text) if URIRef(found) in known]
    if len(cited) == 1:
        return cited[0]
    words = plain.split()
    having = [
        n for n, names in known.items() if all(w in " ".join(names).casefold() for w in words)
    ]
    return having[0] if len(having) == 1 and words else None


def _near(text: str, known: dict[URIRef, list[str]]) -> Iterable[tuple[URIRef, str]]:
    names = {(n, i): name for n, each in known.items() for i, name in enumerate([*each, slug(n)])}
    scored = process.extract(
        text[:80],
        names,
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=_MOST * 3,
        score_cutoff=_NEAR,
    )
    best = list(dict.fromkeys(key[0] for _, _, key in scored))[:_MOST]
    return [(node, (known[node] or [slug(node)])[0]) for node in best]


def _names(ref: Reference, node: URIRef) -> list[str]:
    return [str(value) for name in _NAMES for value in ref.graph.objects(node, name)]


def _organisation_classes(ref: Reference) -> set[URIRef]:
    above = ref.graph.transitive_subjects(RDFS.subClassOf, REMIT.Organisation)
    named = {node for node in above if isinstance(node, URIRef)}
    defined = {
        n
        for n in ref.graph.subjects(RDF.type, OWL.Class)
        if (n, OWL.equivalentClass, None) in ref.graph
    }
    return named | {n for n in defined if isinstance(n, URIRef)}


def _classes(ref: Reference) -> set[URIRef]:
    return {n for n in ref.graph.subjects(RDF.type, OWL.Class) if isinstance(n, URIRef)}


def _kind(ref: Reference, name: str) -> str:
    if name == "OrganisationClass":
        return "class of organisation"
    return ref.label(REMIT[name]).lower() if name else "thing"
