"""Any answer with columns and rows as a file: CSV, XLSX or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from server.errors import BadParameter
from server.pages.downloads import XLSX, safe, source

FORMATS = ("csv", "xlsx", "json")
_WIDEST, _NARROWEST = 60, 12


def table_file(answer: Mapping[str, Any], wanted: str, name: str) -> Response:
    """Return the rows of an answer as a file called ``name``; raises BadParameter for an unknown format."""
    body, media_type = table_bytes(answer, wanted)
    response = Response(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{wanted}"'
    return response


def table_bytes(answer: Mapping[str, Any], wanted: str) -> tuple[bytes, str]:
    """Return the rows of an answer in the ``wanted`` format, with the media type."""
    if wanted not in FORMATS:
        raise BadParameter(f"format is one of: {', '.join(FORMATS)}.", parameter="format")
    if wanted == "json":
        return json.dumps(answer, ensure_ascii=False, indent=2).encode(), "application/json"
    lines = [[safe(cell) for cell in line] for line in table(answer)]
    if wanted == "csv":
        out = io.StringIO()
        csv.writer(out).writerows(lines)
        return out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"
    return _workbook(lines), XLSX


def table(answer: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the heading line and a line for each row: labels, then sources, then identifiers."""
    columns = [column["name"] for column in answer["columns"]]
    things = [c for c in columns if any("id" in (row[c] or {}) for row in answer["rows"])]
    yield [
        *(column["label"] for column in answer["columns"]),
        "Sources",
        *(
            f"{column['label']} (identifier)"
            for column in answer["columns"]
            if column["name"] in things
        ),
    ]
    for row in answer["rows"]:
        yield [
            *(str(row[c]["label"]) if row[c] else "" for c in columns),
            "; ".join(source(each) for each in row["sources"]),
            *(str((row[c] or {}).get("id", "")) for c in things),
        ]
    if not answer["rows"]:
        yield [str(answer.get("explanation") or "Nothing found.")]


def _workbook(lines: list[list[str]]) -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "Answer"
    for line in lines:
        page.append(line)
    for number, heading in enumerate(lines[0], 1):
        widest = max(len(line[number - 1]) if number <= len(line) else 0 for line in lines)
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = min(max(widest, len(heading), _NARROWEST), _WIDEST)
        page.cell(1, number).font = Font(bold=True)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
