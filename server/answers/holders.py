"""Holders of powers, and the part of an answer sheet that concerns one of them."""

from __future__ import annotations

from rdflib import RDF, URIRef

from loader.terms import REMIT
from server.answers.reference import Json, Reference, reference
from server.errors import NotFound, excerpt
from server.store.protocol import Store


def holders(store: Store) -> list[Json]:
    """Return ``{id, slug, label}`` of each body that has ever held a power of the register, by label."""
    ref = reference(store)
    found = {
        holder
        for power in ref.graph.subjects(RDF.type, REMIT.Power)
        for holder in _ever(ref, power)
    }
    return sorted((ref.link(URIRef(holder)) for holder in found), key=lambda each: each["label"])


def held_by(store: Store, sheet: Json, slug: str) -> Json:
    """Return an answer sheet with only the powers of one holder, named by slug.

    Of the powers that apply these are the ones that it holds on the date; of the others, those that it has ever held.
    ``holder`` and ``heldByOthers`` (the number of powers that apply but that others hold) are added. Raises NotFound,
    with the holders that there are, when it holds none.
    """
    holder = next((each for each in holders(store) if each["slug"] == slug), None)
    if holder is None:
        names = ", ".join(each["slug"] for each in holders(store))
        raise NotFound(f"“{excerpt(slug)}” holds no power of the register. Holders are: {names}.")
    ref = reference(store)
    theirs = [row for row in sheet["applies"] if (row["holder"] or {}).get("id") == holder["id"]]
    ever = {
        name: [r for r in sheet[name] if holder["id"] in _ever(ref, URIRef(r["power"]["id"]))]
        for name in ("doesNotApply", "unknown")
    }
    others = len(sheet["applies"]) - len(theirs)
    return {**sheet, "applies": theirs, **ever, "holder": holder, "heldByOthers": others}


def _ever(ref: Reference, power: object) -> set[str]:
    node = URIRef(str(power))
    return {
        str(holder)
        for holding in ref.all(node, REMIT.holding)
        for holder in ref.all(holding, REMIT.heldBy)
    }
