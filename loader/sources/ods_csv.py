"""Reports of the Organisation Data Service as CSV: read them, compare two releases, make entries.

::

    release = read(Path("etr.csv"))          # rows, what was left out, what is wrong
    events = compare(read(old), release)     # opened, closed, renamed, moved, reappeared
    register = to_entries(release, date(2026, 7, 8))
"""

from __future__ import annotations

from loader.sources.ods_changes import Event, compare
from loader.sources.ods_entries import to_entries
from loader.sources.ods_rows import UNTAKEN, Release, Row, read

__all__ = ["UNTAKEN", "Event", "Release", "Row", "compare", "read", "to_entries"]
