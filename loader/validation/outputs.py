"""Write a report in the forms in which it is handed on: CSV, XLSX, SARIF, RDF, JSON, a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from rdflib import Literal, URIRef
from rdflib.namespace import SH

from loader.validation.findings import Finding
from loader.validation.report import Report
from loader.validation.rules import rules
from loader.validation.scope import SHAPES

COLUMNS: tuple[tuple[str, Callable[[Finding], Any]], ...] = (
    ("Severity", lambda f: f.severity),
    ("Rule", lambda f: f.rule),
    ("Organisation", lambda f: f.organisation),
    ("Responsible", lambda f: f.owner),
    ("Record", lambda f: f.label),
    ("File", lambda f: f.file),
    ("Sheet", lambda f: f.sheet),
    ("Row", lambda f: f.row),
    ("Column", lambda f: f.column),
    ("Field", lambda f: f.field),
    ("What is wrong", lambda f: f.what),
    ("How to mend it", lambda f: f.fix),
    ("Rule in words, with the clause", lambda f: f.message),
    ("Answers affected", lambda f: f.affects),
    ("Sources", lambda f: " ".join(f.sources)),
)
_LEVEL = {"violation": "error", "warning": "warning", "info": "note"}
_SHACL = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}
_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def as_csv(report: Report) -> Iterator[str]:
    """Yield the findings as CSV, a row at a time; what a spreadsheet would take as a formula gets an apostrophe."""
    row = io.StringIO()
    writer = csv.writer(row, lineterminator="\r\n")
    writer.writerow([name for name, _ in COLUMNS])
    yield row.getvalue()
    for finding in report.findings:
        row.seek(0)
        row.truncate()
        writer.writerow([_defused(value(finding)) for _, value in COLUMNS])
        yield row.getvalue()


def as_xlsx(report: Report) -> bytes:
    """Return the report as a workbook: summary, counts, completeness, and the findings, each on a sheet."""
    book = openpyxl.Workbook(write_only=True)
    _table(book, "Summary", ["", "Number"], _summary(report))
    heads = [
        "Severity",
        "Rule",
        "Organisation",
        "Responsible",
        "Findings",
        "Rule in words",
        "How to mend it",
        "Sample",
    ]
    _table(book, "By rule and organisation", heads, _group_rows(report))
    shares = report.completeness()
    for title, key in (("By kind", "byKind"), ("By organisation", "byOrganisation")):
        rows = ([s["name"], s["checked"], s["complete"], s["percent"]] for s in shares[key])
        _table(book, title, ["Name", "Checked", "Without violation", "Percent"], rows)
    rows = ([value(finding) for _, value in COLUMNS] for finding in report.findings)
    _table(book, "Findings", [name for name, _ in COLUMNS], rows)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_sarif(report: Report) -> Iterator[str]:
    """Yield the findings as a SARIF 2.1.0 log, a result at a time."""
    used = sorted({finding.shape for finding in report.findings})
    driver = {
        "name": "Remit",
        "informationUri": "https://w3id.org/remit/",
        "rules": [_sarif_rule(shape) for shape in used],
    }
    yield f'{{"$schema": {_json(_SARIF)}, "version": "2.1.0", "runs": [{{"tool": {_json({"driver": driver})}, '
    yield '"results": '
    yield from _array(_sarif_result(finding) for finding in report.findings)
    yield "}]}"


def as_json(report: Report) -> Iterator[str]:
    """Yield the whole report as JSON, a finding at a time."""
    whole = report.as_json(size=0)
    for number, (name, value) in enumerate(whole.items()):
        yield f"{', ' if number else '{'}{_json(name)}: "
        if name == "findings":
            yield from _array(finding.as_json() for finding in report.findings)
        else:
            yield _json(value)
    yield "}"


def as_table(report: Report, most: int = 50) -> Iterator[str]:
    """Yield the report as text for a terminal: counts, then findings by rule and organisation with samples."""
    lines = [f"{name}: {number}" for name, number in _summary(report)]
    for group in report.groups()[:most]:
        lines.append("")
        lines.append(
            f"{group['rule']} {group['severity']}, {group['organisation']}: {group['count']} × {group['message']}"
        )
        for sample in group["samples"]:
            place = f"{sample['place']}: " if sample["place"] else ""
            lines.append(f"    {place}{sample['label']}: {sample['what']}")
        lines.append(f"    To mend it: {group['fix']} (by {group['owner']})")
    hidden = report.kept.get("groupsTotal", len(report.groups())) - most
    if hidden > 0:
        lines.append(f"… and {hidden:,} more groups; --format csv or xlsx gives every finding.")
    yield "\n".join(lines) + "\n"


def as_turtle(report: Report) -> Iterator[str]:
    """Yield the report as a ``sh:ValidationReport`` in Turtle, a result at a time."""
    yield "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n"
    yield "[] a sh:ValidationReport ;\n"
    yield f"    sh:conforms {'true' if not report.findings else 'false'}"
    for finding in report.findings:
        yield "".join(_turtle(finding))
    yield " .\n"


FORMATS: dict[str, tuple[Callable[[Report], Iterator[str] | bytes], str]] = {
    "table": (as_table, "text/plain; charset=utf-8"),
    "json": (as_json, "application/json"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "sarif": (as_sarif, "application/sarif+json"),
    "ttl": (as_turtle, "text/turtle; charset=utf-8"),
}


def write(report: Report, form: str, path: Path) -> None:
    """Write the report to a file in one of `FORMATS`, a piece at a time."""
    with path.open("wb") as file:
        file.writelines(pieces(report, form))


def render(report: Report, form: str) -> bytes:
    """Return the report in one of `FORMATS`; text as UTF-8."""
    return b"".join(pieces(report, form))


def pieces(report: Report, form: str) -> Iterator[bytes]:
    """Yield the report in one of `FORMATS` in pieces, so that no more than one is in memory; text as UTF-8."""
    made = FORMATS[form][0](report)
    if isinstance(made, bytes):
        yield made
    else:
        yield from (piece.encode("utf-8") for piece in made)


def _summary(report: Report) -> list[tuple[str, Any]]:
    counts = report.counts()
    return [
        ("Validated", report.title),
        ("Made", report.made),
        ("Records and entries checked", report.summary()["checked"]),
        ("Rules run", report.rules_run),
        *_scope(report),
        ("Violations", counts["violation"]),
        ("Advice", counts["warning"] + counts["info"]),
    ]


def _scope(report: Report) -> Iterator[tuple[str, Any]]:
    """Yield how many graphs were held against every rule, and the others with what those were checked for.

    First comes how many findings are told one by one, where there are more.
    """
    if (told := len(report.findings)) < sum(report.counts().values()):
        yield "Findings told one by one, the first of each rule", told
    others = [each for each in report.scope if each.by != SHAPES]
    if report.scope:
        yield "Registers and imports held against every rule", len(report.scope) - len(others)
    for each in others:
        yield f"Checked by {each.by} for {', '.join(each.rules)} only", each.title


def _group_rows(report: Report) -> Iterator[list[Any]]:
    for g in report.groups():
        sample = g["samples"][0]
        told = f"{sample['place']} {sample['label']}: {sample['what']}".strip()
        yield [
            g["severity"],
            g["rule"],
            g["organisation"],
            g["owner"],
            g["count"],
            g["message"],
            g["fix"],
            told,
        ]


def _table(book: Any, title: str, heads: list[str], rows: Any) -> None:
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for number in range(len(heads)):
        page.column_dimensions[chr(65 + number)].width = 24
    page.append([_cell(page, head, True) for head in heads])
    for row in rows:
        page.append([_cell(page, value) for value in row])


def _cell(page: Any, value: Any, bold: bool = False) -> Any:
    """Return a cell that is text when its value is text, so that no value becomes a formula."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(page, value=value)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _defused(value: Any) -> Any:
    return (
        f"'{value}"
        if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
        else value
    )


def _sarif_rule(shape: str) -> dict[str, Any]:
    rule = rules()[shape]
    return {
        "id": rule.number,
        "shortDescription": {"text": rule.message},
        "help": {"text": rule.fix},
        "helpUri": rule.iri,
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
    }


def _sarif_result(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [
            {"fullyQualifiedName": finding.place or finding.record, "name": finding.label}
        ]
    }
    if finding.file:
        region = {"region": {"startLine": finding.row}} if finding.row else {}
        location["physicalLocation"] = {"artifactLocation": {"uri": finding.file}, **region}
    return {
        "ruleId": finding.rule,
        "level": _LEVEL[finding.severity],
        "message": {"text": f"{finding.what} {finding.message} {finding.fix}"},
        "locations": [location],
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _array(items: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield a JSON array, an item at a time."""
    lead = "["
    for item in items:
        yield lead + _json(item)
        lead = ", "
    yield "[]" if lead == "[" else "]"


def _turtle(finding: Finding) -> Iterator[str]:
    yield " ;\n    sh:result [\n        a sh:ValidationResult ;\n"
    yield f"        sh:focusNode {URIRef(finding.record).n3()} ;\n"
    if finding.path:
        yield f"        sh:resultPath {URIRef(finding.path).n3()} ;\n"
    if finding.value:
        yield f"        sh:value {_value(finding.value)} ;\n"
    yield f"        sh:sourceShape {URIRef(finding.shape).n3()} ;\n"
    yield f"        sh:sourceConstraintComponent {URIRef(finding.component).n3()} ;\n"
    yield f"        sh:resultSeverity {_SHACL[finding.severity].n3()} ;\n"
    yield f"        sh:resultMessage {Literal(finding.message, lang='en').n3()}\n    ]"


def _value(text: str) -> str:
    return URIRef(text).n3() if text.startswith("https://w3id.org/remit/") else Literal(text).n3()
