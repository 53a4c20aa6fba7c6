"""The whole job of linking: read, link by identifier, link the rest by likeness, measure, decide, publish."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from loader.build import current
from loader.linking import decisions
from loader.linking.exact import Link, by_identifier
from loader.linking.likeness import by_likeness
from loader.linking.publishing import publish
from loader.linking.quality import Quality, quality
from loader.linking.reading import organisations, records, successors


@dataclass(frozen=True)
class Linked:
    """What a run did: links of each method, links left to people, quality, and the file."""

    exact: int
    likely: int
    undecided: int
    quality: list[Quality]
    path: Path


def link(
    home: Path, threshold: float = 0.9, engine: str = "duckdb", review: Path | None = None
) -> Linked:
    """Link the records in the build in service, and keep the linkset for the next build.

    Links by likeness below ``threshold`` are only put into the file of decisions. Raises BuildError
    without a build, InputError when Splink is not installed or decisions are faulty.
    """
    store = ox.Store.read_only(str(current(home).store))
    all_records, bodies = records(store), organisations(store)
    exact = by_identifier(all_records, bodies, successors(store))
    coded = {each.record for each in exact}
    hidden = [replace(each, code="") for each in all_records]
    likely = by_likeness(hidden, bodies, 0.5, engine)
    measured = quality(likely, (each for each in exact if each.method == "by-identifier"))
    file = review or home / "imports" / "links" / "decisions.csv"
    decided = decisions.read(file)
    rest = decisions.apply((each for each in likely if each.record not in coded), decided)
    sure = [each for each in rest if each.confidence >= threshold]
    open_ = decisions.write_open(file, rest, decided)
    path = publish(home, [*exact, *sure], decided, engine)
    return Linked(len(exact), len(sure), open_, measured, path)


__all__ = ["Link", "Linked", "link"]
