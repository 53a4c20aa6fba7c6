"""The registers under headings, so that a reader can find one among many."""

from __future__ import annotations

from collections.abc import Mapping

from server.answers.reference import Json

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Law and enforcement",
        (
            "powers", "duties", "rights", "prohibitions", "procedures", "appeals", "standards", "factors",
            "relations", "terms",
        ),
    ),
    ("Sources", ("instruments", "provisions", "documents", "passages", "notes", "silences")),
    (
        "Oversight frameworks",
        (
            "frameworks", "framework-items", "framework-changes", "topics", "themes", "criteria", "segment-rules",
            "assessed-facts", "meetings",
        ),
    ),
    (
        "Assessment in the 2024 draft",
        (
            "assessment-steps", "assessment-rules", "assessment-schemes", "scoring-rules", "capability-ratings",
            "capability-criteria", "oversight-lead-rules", "undefined-matters",
        ),
    ),
    (
        "Quality and governance",
        (
            "quality-levels", "quality-arrangements", "triggers", "case-facts", "case-rules", "core-components",
            "bodies", "agents", "responsibilities", "memorandum-clauses", "required-contents", "lists",
        ),
    ),
    (
        "Consultations",
        (
            "consultations", "consultation-questions", "question-answers", "positions", "follow-ups", "voices",
        ),
    ),
)  # fmt: skip
OTHER = "Other registers"


def grouped(kinds: Mapping[str, Json]) -> list[tuple[str, list[Json]]]:
    """The registers by heading, in the order of GROUPS; one that no group names comes under OTHER."""
    named = {slug for _, slugs in GROUPS for slug in slugs}
    rest = tuple(slug for slug in kinds if slug not in named)
    found = [
        (heading, [kinds[slug] for slug in slugs if slug in kinds])
        for heading, slugs in (*GROUPS, (OTHER, rest))
    ]
    return [(heading, members) for heading, members in found if members]
