"""Settings: each with its name, default and help, from which the environment and the documentation are read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loader import paths

TABLE: tuple[tuple[str, str, str], ...] = (
    ("REMIT_HOME", "your data folder", "Where builds and imports are kept."),
    ("REMIT_QUERY_SECONDS", "10", "The longest that a query may run, in seconds."),
    ("REMIT_QUERY_MEMORY_MB", "1024", "The memory that a query worker may use, in megabytes."),
    ("REMIT_WORKERS", "3", "How many query workers wait for queries."),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one server."""

    home: Path
    query_seconds: float = 10.0
    query_memory_mb: int = 1024
    workers: int = 3


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment gives; defaults elsewhere."""
    given = os.environ if environment is None else environment
    return Settings(
        home=paths.home(),
        query_seconds=float(given.get("REMIT_QUERY_SECONDS", "10")),
        query_memory_mb=int(given.get("REMIT_QUERY_MEMORY_MB", "1024")),
        workers=int(given.get("REMIT_WORKERS", "3")),
    )
