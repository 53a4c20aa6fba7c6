"""Small invented files in the published formats, and the statements of an import."""

import json
import zipfile
from pathlib import Path

import pytest
from made_files import Statements, cell, register_xml


@pytest.fixture
def xml(tmp_path):
    def write(*organisations: str, name: str = "register.xml") -> Path:
        path = tmp_path / name
        path.write_text(register_xml(*organisations), encoding="utf-8")
        return path

    return write


@pytest.fixture
def ord_file(tmp_path):
    def write(name: str = "ord_2026-07-01.json", **changes: object) -> Path:
        organisation = {
            "Name": "TESTFORD NHS FOUNDATION TRUST",
            "Date": [
                {"Type": "Operational", "Start": "2000-03-01"},
                {"Type": "Legal", "Start": "2000-04-01"},
            ],
            "OrgId": {"extension": "RZZ9"},
            "Status": "Active",
            "orgRecordClass": "RC1",
            "Roles": {
                "Role": [
                    {
                        "id": "RO197",
                        "primaryRole": True,
                        "Date": [{"Type": "Operational", "Start": "2000-04-01"}],
                    },
                    {"id": "RO57", "Date": [{"Type": "Operational", "Start": "2007-08-01"}]},
                ]
            },
            **changes,
        }
        path = tmp_path / name
        path.write_text(json.dumps({"Organisation": organisation}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def spreadsheet(tmp_path):
    def write(name: str, sheets: dict[str, list[list[str]]]) -> Path:
        tables = "".join(
            f'<table:table table:name="{sheet}">'
            + "".join(
                f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows
            )
            + "</table:table>"
            for sheet, rows in sheets.items()
        )
        spaces = " ".join(
            f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
            for prefix in ("office", "table", "text")
        )
        content = f"<office:document-content {spaces}><office:body>{tables}</office:body></office:document-content>"
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        return path

    return write


@pytest.fixture
def statements():
    return Statements
