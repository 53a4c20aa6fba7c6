"""A spreadsheet of the size of the active locations: python tests/bench/spreadsheet.py [ROWS].

Writes an invented OpenDocument spreadsheet with the layout in which the Care Quality Commission publishes its active
locations (a sheet of remarks, then one row for each location, 124 columns), about 25 MB for 56,000 rows, imports it in
a process of its own, and prints seconds and peak memory.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from rml import OURS, measured

READ = (
    "Location ID", "Location HSCA start date", "Location Name", "Location ODS Code", "Location Type/Sector",
    "Location Latest Overall Rating", "Publication Date", "Location Street Address", "Location Address Line 2",
    "Location City", "Location County", "Location Postal Code", "Provider ID", "Provider Name", "Provider ODS Code",
    "Provider HSCA start date", "Provider Type/Sector", "Provider Street Address", "Provider City",
    "Provider Postal Code",
)  # fmt: skip
COLUMNS = (*READ, *(f"Regulated activity {n}" for n in range(124 - len(READ))))
SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text")
)


def cell(text: str) -> str:
    """Return a cell, or an empty one."""
    return (
        f"<table:table-cell><text:p>{escape(text)}</text:p></table:table-cell>"
        if text
        else "<table:table-cell/>"
    )


def location(chance: Random, number: int) -> list[str]:
    """Return the cells of an invented location."""
    word = chance.randbytes(24).hex()
    street, town = f"{chance.randrange(300)} {word[:9].title()} Road", word[9:16].title()
    postcode = f"{word[:2].upper()}{number % 90 + 1} {number % 9}{word[2:4].upper()}"
    provider = f"1-{5_000_000 + number // 3}"
    first = [
        f"1-{1_000_000 + number}", "2010-10-01", f"{word[16:28].title()} House", f"V{number:06}", "Social Care Org",
        chance.choice(["Good", "Outstanding", "Requires improvement", "Inadequate", "-"]), "2024-05-14", street, "",
        town, "", postcode, provider, f"Provider {provider} Limited", "", "2010-10-01", "Social Care Org", street, town,
        postcode,
    ]  # fmt: skip
    texts = [f"{chance.randbytes(10).hex()}" for _ in range(24)]
    return first + texts + [chance.choice("YN") for _ in COLUMNS[len(first) + len(texts) :]]


def content(rows: int) -> Iterator[str]:
    """Yield the XML of the spreadsheet, piece by piece."""
    yield f"<office:document-content {SPACES}><office:body><office:spreadsheet>"
    yield f'<table:table table:name="README"><table:table-row>{cell("Invented")}</table:table-row></table:table>'
    yield '<table:table table:name="HSCA_Active_Locations">'
    chance = Random(1)
    for number in range(-1, rows):
        cells = location(chance, number) if number >= 0 else COLUMNS
        yield f"<table:table-row>{''.join(map(cell, cells))}</table:table-row>"
    yield "</table:table></office:spreadsheet></office:body></office:document-content>"


def write(path: Path, rows: int) -> None:
    """Write the spreadsheet."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        with (
            archive.open("content.xml", "w", force_zip64=True) as raw,
            TextIOWrapper(raw, "utf-8") as file,
        ):
            file.writelines(content(rows))


def main(rows: int) -> None:
    """Write, import and measure a spreadsheet of ``rows`` and one of a tenth: memory must not follow the size."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for count in (rows // 10, rows):
            path = folder / "01_July_2026_HSCA_Active_Locations.ods"
            write(path, count)
            size = path.stat().st_size / 1e6
            options = ["import", "cqc", path.name, "--no-build", "--home", str(folder / "home")]
            seconds, busy, memory = measured([sys.executable, "-c", OURS, *options], folder)
            print(
                f"{count:,} rows, {size:.1f} MB: {seconds:.1f} s ({busy:.1f} of processor), {memory:.0f} MB"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 56_000)
