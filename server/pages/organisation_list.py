"""The list of organisations as a file: CSV, a row for each, written as it is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from loader.terms import slug
from server.answers.listing import Listed
from server.pages.downloads import safe

COLUMNS = ("Code", "Name", "Types", "Exists from", "Exists until", "Identifier")


def table(found: Iterable[Listed]) -> Iterator[str]:
    """Yield a heading and a row for each organisation, with a byte-order mark, so that Excel reads it as UTF-8."""
    yield "\ufeff" + _line(COLUMNS)
    for each in found:
        days = (each.first or "", each.last or "")
        yield _line((each.code or slug(each.id), each.name, "; ".join(each.types), *days, each.id))


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe(cell) for cell in cells])
    return out.getvalue()
