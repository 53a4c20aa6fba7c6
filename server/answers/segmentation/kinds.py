"""The kinds of organisation that a request can name, and the classes of the ontology that they stand for."""

from __future__ import annotations

from collections.abc import Collection

from rdflib import URIRef
from rdflib.term import Node

from loader.terms import REMIT
from server.answers.reference import Reference
from server.errors import BadParameter, excerpt

KINDS: dict[str, tuple[URIRef, ...]] = {
    "trust": (REMIT.NHSProviderTrust, REMIT.NHSTrust),
    "foundation-trust": (REMIT.NHSProviderTrust, REMIT.FoundationTrust),
    "icb": (REMIT.IntegratedCareBoard,),
    "ics": (REMIT.IntegratedCareSystem,),
    "ccg": (REMIT.ClinicalCommissioningGroup,),
    "primary-care": (REMIT.PrimaryCare,),
}


def classes(kind: object) -> tuple[URIRef, ...]:
    """Return the classes of a kind; raises BadParameter, with the kinds there are."""
    if isinstance(kind, str) and kind in KINDS:
        return KINDS[kind]
    raise BadParameter(
        f"organisationKind is one of {', '.join(KINDS)}, not “{excerpt(str(kind or ''))}”.",
        parameter="organisationKind",
    )


def kind_of(found: Collection[Node]) -> str | None:
    """Return the kind of an organisation that has these classes, or None where no framework segments it."""
    for kind in ("foundation-trust", "trust", "icb", "ccg"):
        if KINDS[kind][-1] in found:
            return kind
    return "trust" if REMIT.NHSProviderTrust in found else None


def covers(ref: Reference, framework: URIRef, about: Collection[URIRef]) -> bool:
    """Return whether a framework version segments organisations of any of these classes."""
    return bool(set(ref.graph.objects(framework, REMIT.audience)) & set(about))
