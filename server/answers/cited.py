"""What a citation leads to: the provision, those within it or around it, and the norms that rest on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.answers.citations import Citation, cite, parse
from server.answers.index import Index
from server.answers.reference import Json

_EXACT, _UNCERTAIN, _WITHIN, _AROUND, _RESTING = 1.0, 0.99, 0.97, 0.96, 0.95


@dataclass(frozen=True)
class Lead:
    """A thing that a citation leads to: its identifier, how near it is, and why it is shown."""

    id: str
    score: float
    why: str


def leads(index: Index, q: str) -> dict[str, Lead]:
    """Return what the citations in ``q`` lead to, the nearest lead of each thing."""
    found: dict[str, Lead] = {}
    for citation in parse(q):
        if not citation.path:
            continue
        for lead in _leads(index, citation):
            if lead.id not in found or found[lead.id].score < lead.score:
                found[lead.id] = lead
    return found


def told(index: Index, q: str) -> list[Json]:
    """Return ``{id, label, url, held}`` of each provision that ``q`` certainly cites or that is in the registers."""
    cited = [(citation, index.holds(citation.id)) for citation in parse(q) if citation.path]
    return [
        {
            "id": citation.id,
            "label": cite(citation.id),
            "url": citation.url.replace("http://", "https://", 1),
            "held": held,
        }
        for citation, held in cited
        if citation.certain or held
    ]


def _leads(index: Index, citation: Citation) -> Iterator[Lead]:
    held = index.holds(citation.id)
    if held:
        yield Lead(citation.id, _EXACT if citation.certain else _UNCERTAIN, "")
    within = index.within(citation.id)
    for identifier in within:
        yield Lead(identifier, _WITHIN, f"Within {cite(citation.id)}")
    around = "" if held else _around(index, citation)
    if around:
        yield Lead(around, _AROUND, f"Holds {cite(citation.id)}")
    for basis in (citation.id, *within, around):
        for norm in index.norms.get(basis, ()):
            yield Lead(norm, _RESTING, f"Rests on {cite(basis)}")


def _around(index: Index, citation: Citation) -> str:
    """Return the smallest provision in the registers that holds the one cited; empty where there is none."""
    path = citation.path
    while "/" in path:
        path = path.rpartition("/")[0]
        if index.holds(f"{citation.instrument}/{path}"):
            return f"{citation.instrument}/{path}"
    return ""
