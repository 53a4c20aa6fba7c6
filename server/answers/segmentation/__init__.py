"""Segmentation: which segments a framework version makes open to an organisation, given facts about it.

Each framework version has an engine, found by its slug. An engine is two functions, ``segment(store, slug, request)``
and ``schema(store, slug, kind)``; both return what the API gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from loader.terms import slug as slug_of
from server.answers import frameworks
from server.answers.reference import Json, reference
from server.answers.segmentation import eligibility
from server.errors import NotFound
from server.store.protocol import Store


@dataclass(frozen=True)
class Engine:
    """How one framework version tells segments: from facts, and which facts can be given."""

    segment: Callable[[Store, str, Mapping[str, Any]], Json]
    schema: Callable[[Store, str, str | None], Json]


_ELIGIBILITY = Engine(eligibility.segment, eligibility.schema)

ENGINES: dict[str, Engine] = {
    "sof-2021-22-consultation": _ELIGIBILITY,
    "sof-2021-22": _ELIGIBILITY,
    "nof-2022-23": _ELIGIBILITY,
}


def engine(store: Store, slug: str) -> Engine:
    """Return the engine of a framework version.

    Raises NotFound for a version that is not held or that has no engine.
    """
    if slug in ENGINES:
        return ENGINES[slug]
    if slug == "oaf-2024-draft":
        return _assessment()
    frameworks.version(reference(store), slug)
    near = [{"label": name, "href": f"/segmentation/{name}"} for name in ENGINES]
    raise NotFound(
        "Segments of this framework version cannot be told from facts.", suggestions=near
    )


def _assessment() -> Engine:
    """Return the engine of the assessment framework of 2024, whose requests name no version or kind."""
    module = import_module("server.answers.segmentation.assessment")
    return Engine(
        lambda store, _, request: dict(
            module.segment(store, request.get("facts", {}), request.get("rules"))
        ),
        lambda store, _, __: dict(module.facts_schema(store)),
    )


def segment(store: Store, slug: str, request: Mapping[str, Any], as_of: date | None = None) -> Json:
    """Return the segments by the version named, or with ``in-effect`` by the one that governs on ``as_of``.

    Where none governs on that date, ``{framework: null, segments: [], because, …}``. Nothing is stored.
    """
    if slug != frameworks.IN_EFFECT:
        return engine(store, slug).segment(store, slug, request)
    ref, day = reference(store), as_of or date.today()
    told = frameworks.in_effect(ref, day)
    governing = frameworks.governing(ref, day)
    if governing is None:
        return {"inEffect": told, "segments": [], "default": None, **told, "framework": None}
    name = slug_of(str(governing))
    return {**engine(store, name).segment(store, name, request), "inEffect": told}


def schema(store: Store, slug: str, kind: str | None = None) -> Json:
    """Return the facts that can be given for a version, narrowed to a kind of organisation."""
    return engine(store, slug).schema(store, slug, kind)
