"""The answer sheet as a file: CSV and XLSX rows, or the JSON of the API."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from flask import Response, abort, url_for
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from server import filters

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    ("Verdict", 16), ("Power", 44), ("Holder", 18), ("Legal basis", 40), ("Standard", 26),
    ("Limits and time limits", 36), ("Procedure", 60), ("Review", 40), ("How binding", 18),
    ("Reason", 60), ("Sources", 44), ("Identifier", 44), ("Organisation", 14), ("As of", 12),
)  # fmt: skip
RISKY = ("=", "+", "-", "@", "\t", "\r")

Row = list[str]


def sheet(answer: dict[str, Any], wanted: str) -> Response:
    """A file of the sheet in the `wanted` format; 404 for a format that we do not offer."""
    from server.pages.word import docx_file

    def with_link(answer: dict[str, Any]) -> tuple[bytes, str]:
        return docx_file(answer, permanent_link(answer))

    makers = {"csv": csv_file, "xlsx": xlsx_file, "docx": with_link, "json": json_file}
    if wanted not in makers:
        abort(404, "This sheet is offered as csv, xlsx, docx and json.")
    body, media_type = makers[wanted](answer)
    name = f"remit-{answer['organisation']['code']}-{answer['asOf']}.{wanted}"
    response = Response(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def permanent_link(answer: dict[str, Any]) -> str:
    """The address of the sheet, with the date, the holder and the data version."""
    holder = (answer.get("holder") or {}).get("slug")
    clocks = {"asOf": answer["asOf"], "knownAt": answer["dataVersion"]}
    code = answer["organisation"]["code"]
    return url_for("organisations.sheet", code=code, holder=holder, **clocks, _external=True)


def json_file(answer: dict[str, Any]) -> tuple[bytes, str]:
    """The sheet as the API gives it, and the media type."""
    return json.dumps(answer, ensure_ascii=False, indent=2).encode(), "application/json"


def rows(answer: dict[str, Any]) -> Iterator[Row]:
    """One row for each power: those that apply, those that do not, those that cannot be told."""
    tail = [answer["organisation"]["code"], answer["asOf"]]
    for item in answer["applies"]:
        yield ["applies", *applying(item), item["power"]["id"], *tail]
    for item in answer["doesNotApply"]:
        reason = f"{filters.failure(item['failedCondition'])}. {item['because']}"
        yield ["does-not-apply", *without_detail(item, reason), *tail]
    for item in answer["unknown"]:
        yield ["unknown", *without_detail(item, item["missing"]), *tail]


def applying(item: dict[str, Any]) -> Row:
    """The cells of a power that applies, from its label to its sources."""
    return [
        item["power"]["label"],
        item["holder"]["label"],
        "; ".join(basis["label"] for basis in item.get("basis") or []),
        (item.get("standard") or {}).get("label", ""),
        "; ".join(filters.glance(item)),
        "\n".join(step(entry) for entry in item.get("procedure") or []),
        review(item.get("review") or {}),
        filters.bindingness(item.get("bindingness"))[0],
        "; ".join(reason["because"] for reason in item.get("trace") or []),
        "; ".join(source(entry) for entry in item.get("sources") or []),
    ]


def without_detail(item: dict[str, Any], reason: str) -> Row:
    """The cells of a power that does not apply, or cannot be told."""
    label, holder = item["power"]["label"], (item.get("holder") or {}).get("label", "")
    return [label, holder, "", "", "", "", "", "", reason, "", item["power"]["id"]]


def step(entry: dict[str, Any]) -> str:
    """One step of a procedure in one line."""
    limit = f" ({filters.time_limit(entry['timeLimit'])})" if filters.has_time(entry) else ""
    return f"{entry['step']}. {entry.get('actor') or ''}: {entry['action']}{limit}"


def review(entry: dict[str, Any]) -> str:
    """The review route in one line."""
    if entry.get("available"):
        grounds = "; ".join(str(ground) for ground in entry.get("grounds") or [])
        return f"{entry.get('forum') or 'Available'}" + (f" – {grounds}" if grounds else "")
    return "No appeal" if entry.get("available") is False else "The source does not say"


def source(entry: dict[str, Any]) -> str:
    """A source in one line."""
    return ", ".join(part for part in (entry.get("document"), entry.get("locator")) if part)


def safe(cell: str) -> str:
    """A cell that a spreadsheet reads as text, never as a formula."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def csv_file(answer: dict[str, Any]) -> tuple[bytes, str]:
    """CSV with a byte-order mark, so that Excel reads it as UTF-8, and the media type."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([name for name, _ in COLUMNS])
    writer.writerows([safe(cell) for cell in row] for row in rows(answer))
    return out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"


def xlsx_file(answer: dict[str, Any]) -> tuple[bytes, str]:
    """A workbook with one sheet, a fixed heading row and a filter, and the media type."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "Answer sheet"
    page.append([name for name, _ in COLUMNS])
    for row in rows(answer):
        page.append([safe(cell) for cell in row])
    for number, (_, width) in enumerate(COLUMNS, 1):
        page.column_dimensions[get_column_letter(number)].width = width
        page.cell(1, number).font = Font(bold=True)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), XLSX
