"""The registers: lists of norms, instruments and sources, and one entry of any of them, or of any other thing."""

from __future__ import annotations

from rapidfuzz import process
from rdflib import OWL, RDF, RDFS, SKOS, Literal, URIRef
from rdflib.term import Node

from loader.terms import DEF, ID, LEGISLATION, REMIT, slug
from server.answers import things
from server.answers.entry_wording import LEADS, UNSAID, backwards, order, written
from server.answers.kept import kept
from server.answers.reference import Json, Reference, reference
from server.errors import NotFound, excerpt
from server.store.protocol import Store

_PAGE = 50
_FACETS = (
    REMIT.framework, REMIT.inDocument, REMIT.family, REMIT.partOfInstrument, REMIT.ofMemorandum, REMIT.bindingness,
    REMIT.bodyKind, REMIT.stance, REMIT.kind, RDF.type,
)  # fmt: skip
_MOST_FACETS = 40
_DEEPEST = 4
_UNSPOKEN = {RDF.type, REMIT.statedIn, REMIT.ordinal}
_OTHERS = {"altLabel": "also called"}


def kinds(store: Store) -> dict[str, Json]:
    """Return the registers by path: ``{slug, singular, plural, lead}``, as the ontology names them."""
    ref = reference(store)
    found: dict[str, Json] = {}
    for cls, name in sorted(ref.graph.subject_objects(REMIT.register)):
        kind = found.setdefault(str(name), {"slug": str(name), "singular": None, "lead": None})
        if (lead := ref.text(cls, REMIT.registerLead)) is not None:
            kind.update(singular=ref.label(cls), plural=str(name).replace("-", " "), lead=lead)
    return {name: found[name] for name in sorted(found) if found[name]["lead"]} | {
        things.KIND: things.ABOUT
    }


def entries(
    store: Store, kind: str, q: str = "", page: int = 1, size: int = _PAGE, within: str = ""
) -> Json:
    """Return one page of a register: ``{results: [{id, slug, label, definition}], total, page, pages, facet}``.

    ``q`` narrows to entries whose label or definition holds every word of it; ``within``, a slug, to those with one
    value of the facet: the framework, document, family or whatever else best divides the register. ``facet`` is
    ``{label, values: [{slug, label, count}]}`` of the entries that have the words, or None.
    """
    ref = reference(store)
    words = q.lower().split()
    every = kept(ref, ("rows", kind), lambda: _rows(ref, kind))
    rows = [row for row in every if _has(row, words)]
    by = (RDF.type,) if kind == things.KIND else _FACETS
    facet = _facet(ref, [URIRef(row["id"]) for row in rows], _nodes(ref, kind), by)
    if facet and within:
        chosen = [each for each in facet["values"] if each["slug"] == within]
        members = {member for each in chosen for member in each["members"]}
        rows = [row for row in rows if row["id"] in members]
    if facet:
        facet = {**facet, "values": [_without_members(each) for each in facet["values"]]}
    pages = max(1, -(-len(rows) // size))
    page = min(max(1, page), pages)
    shown = rows[(page - 1) * size : page * size]
    told = {"total": len(rows), "page": page, "pages": pages, "kind": kind}
    return {"results": shown, **told, "facet": facet}


def _facet(
    ref: Reference, shown: list[URIRef], all_of: set[URIRef], by: tuple[URIRef, ...]
) -> Json | None:
    """Return the first property of ``by`` that divides a register into a few parts, with the entries of each."""
    for property_ in by:
        values = {value for node in all_of for value in ref.all(node, property_)}
        if property_ == RDF.type:
            values = {value for value in values if str(value).startswith(DEF)}
        if not 2 <= len(values) <= _MOST_FACETS:
            continue
        members = {
            value: [str(node) for node in shown if value in ref.all(node, property_)]
            for value in sorted(values, key=ref.label)
        }
        told = [
            {**ref.link(value), "count": len(found), "members": found}
            for value, found in members.items()
            if found
        ]
        label = "Kind" if property_ == RDF.type else _property(ref, property_)
        return {"label": label, "values": told}
    return None


def _without_members(value: Json) -> Json:
    return {name: value[name] for name in ("slug", "label", "count")}


def entry(store: Store, kind: str, name: str) -> Json:
    """Return one entry: ``{id, slug, kind, label, definition, properties, incoming, sources, notes}``.

    ``name`` is the path of the entry below its register, or of a provision below ``legislation.gov.uk/id``. Raises
    NotFound, with near names, when there is none.
    """
    ref = reference(store)
    nodes = kept(
        ref, ("names", kind), lambda: {_name(ref, node): node for node in _nodes(ref, kind)}
    )
    if name in nodes:
        return describe(ref, nodes[name], kind)
    if kind == things.KIND and (held := things.of_store(store, ref, URIRef(ID + name))):
        return describe(held, URIRef(ID + name), kind)
    near = _near(ref, kind, name)
    raise NotFound(f"There is no “{excerpt(name)}” among the {kind}.", suggestions=near)


def describe(ref: Reference, node: URIRef, kind: str) -> Json:
    """Return what is stated of a thing and what links to it, with labels."""
    return {
        **_row(ref, node),
        "kind": kind,
        "types": sorted(
            ref.label(cls) for cls in ref.all(node, RDF.type) if str(cls).startswith(DEF)
        ),
        "note": ref.text(node, SKOS.note),
        "properties": _properties(ref, node),
        "incoming": _incoming(ref, node),
        "sources": ref.sources(node),
        "notes": ref.notes(node, *ref.graph.objects(node, REMIT.statedIn)),
        "previous": _beside(ref, node, -1),
        "next": _beside(ref, node, 1),
    }


def _beside(ref: Reference, node: URIRef, step: int) -> Json | None:
    """Return the passage before or after one in its document; None for other things, and at the ends."""
    document = ref.one(node, REMIT.inDocument)
    if document is None or (node, RDF.type, REMIT.Passage) not in ref.graph:
        return None
    passages = (n for n in ref.graph.subjects(REMIT.inDocument, document) if isinstance(n, URIRef))
    ordered = sorted(passages, key=lambda each: (_row(ref, each)["order"], str(each)))
    place = ordered.index(node) + step
    return ref.link(ordered[place]) if 0 <= place < len(ordered) else None


def _nodes(ref: Reference, kind: str) -> set[URIRef]:
    if kind == things.KIND:
        return things.unlisted(ref)
    classes = set(ref.graph.subjects(REMIT.register, Literal(kind)))
    if not classes:
        raise NotFound(f"There is no register called “{excerpt(kind)}”.")
    return {
        node
        for cls in classes
        for node in ref.graph.subjects(RDF.type, cls)
        if isinstance(node, URIRef) and "#" not in node
    }


def _rows(ref: Reference, kind: str) -> list[Json]:
    rows = (_row(ref, node) for node in _nodes(ref, kind))
    return sorted(rows, key=lambda row: (row["order"], row["label"]))


def _row(ref: Reference, node: URIRef) -> Json:
    order = ref.one(node, REMIT.locatorOrder)
    return {
        "id": str(node),
        "slug": _name(ref, node),
        "label": ref.label(node),
        "definition": ref.text(node, *LEADS),
        "order": int(str(order)) if isinstance(order, Literal) else 0,
    }


def _name(ref: Reference, node: URIRef) -> str:
    text = str(node)
    if text.startswith(LEGISLATION):
        return text.removeprefix(LEGISLATION)
    path = text.removeprefix(ID)
    return path if register_of(ref, node) is None else path.partition("/")[2] or slug(text)


def _has(row: Json, words: list[str]) -> bool:
    told = f"{row['label']} {row['definition'] or ''} {row['slug']}".lower()
    return all(word in told for word in words)


def _near(ref: Reference, kind: str, name: str) -> list[dict[str, str]]:
    rows = {row["slug"]: row["label"] for row in _rows(ref, kind)}
    found = process.extract(name[:80], list(rows), limit=5, score_cutoff=50)
    return [{"label": rows[s], "href": f"/{kind}/{s}"} for s, _, _ in found]


def _properties(ref: Reference, node: URIRef) -> list[Json]:
    lead = next((each for each in LEADS if ref.all(node, each)), None)
    shown = {p for p in ref.graph.predicates(node) if p not in UNSAID and p != lead}
    rows = [
        {
            "label": _property(ref, p),
            "id": str(p),
            "values": [_value(ref, v) for v in ref.all(node, URIRef(str(p)))],
        }
        for p in shown
    ]
    return sorted(rows, key=lambda row: order(URIRef(row["id"]), row["label"]))


def register_of(ref: Reference, node: URIRef) -> str | None:
    """Return the path of the register that lists a thing, or None."""
    for cls in ref.graph.objects(node, RDF.type):
        if (name := ref.text(cls, REMIT.register)) is not None:
            return name
    return None


def address(ref: Reference, node: URIRef) -> str | None:
    """Return the path of the page of a thing of the registers, such as ``/powers/direct-nhs-trust``, or None."""
    register = register_of(ref, node)
    if register is None and node not in kept(ref, things.KIND, lambda: things.unlisted(ref)):
        return None
    return f"/{register or things.KIND}/{_name(ref, node)}"


def _incoming(ref: Reference, node: URIRef) -> list[Json]:
    found: dict[str, list[Json]] = {}
    for subject, property_ in sorted(ref.graph.subject_predicates(node)):
        if property_ in UNSAID - {REMIT.statedIn}:
            continue
        label = backwards(URIRef(str(property_)), _property(ref, property_))
        shown = _value(ref, _owner(ref, subject))
        if shown not in found.setdefault(label, []):
            found[label].append(shown)
    return [{"label": label, "values": values} for label, values in sorted(found.items())]


def _owner(ref: Reference, node: Node) -> Node:
    """Return the entry that a nested node belongs to."""
    base = str(node).partition("#")[0]
    return URIRef(base) if base != str(node) else node


def _property(ref: Reference, property_: Node) -> str:
    named = ref.text(property_, RDFS.label)
    return named or _OTHERS.get(name := slug(str(property_)).rsplit("#", 1)[-1]) or name


def _value(ref: Reference, value: Node) -> Json:
    if isinstance(value, Literal):
        return {"label": written(value)}
    if (
        "#" in str(value)
        and (value, RDF.type, OWL.Class) not in ref.graph
        and not str(value).startswith(DEF)
    ):
        return {"label": _nested(ref, value), "id": str(value)}
    return {"label": ref.label(value), "id": str(value)}


def _nested(ref: Reference, node: Node, depth: int = 0) -> str:
    """Return a nested fact in a line: its label, or its parts, those that are nested themselves in brackets."""
    if (label := ref.text(node, RDFS.label)) is not None:
        return label
    parts = []
    for property_ in {p for p in ref.graph.predicates(node) if p not in _UNSPOKEN}:
        values = ref.all(node, URIRef(str(property_)))
        told = ", ".join(_part(ref, value, depth) for value in values)
        name = _property(ref, property_)
        parts.append((order(property_, name), f"{name}: {told}"))
    return "; ".join(text for _, text in sorted(parts))


def _part(ref: Reference, value: Node, depth: int) -> str:
    if isinstance(value, Literal):
        return written(value)
    if "#" in str(value) and not str(value).startswith(DEF) and depth < _DEEPEST:
        return f"({_nested(ref, value, depth + 1)})"
    return ref.label(value)
