"""An import tells which columns and fields of a file it does not take; nothing is dropped without saying so."""

from datetime import date

import pytest

from loader.importing.outcome import no_tick
from loader.imports import IMPORTERS
from loader.sources import cqc_tables
from loader.sources.tables import TableRow

DAY = date(2026, 7, 14)


class Noting(dict):
    """Cells that note which of them are read; each holds something that reads as an identifier and as no date."""

    def __init__(self, names):
        super().__init__(dict.fromkeys(names, "A1"))
        self.read = set()

    def __getitem__(self, key):
        self.read.add(key)
        return "" if "date" in key else super().__getitem__(key)

    def get(self, key, default=None):
        known = key in self
        return self[key] if known else default


@pytest.mark.parametrize("kind", cqc_tables.TAKEN)
def test_the_columns_called_taken_are_those_that_are_read(kind):
    cells = Noting(cqc_tables.TAKEN[kind])
    list(cqc_tables._MAKERS[kind](TableRow("", 1, cells)))
    providers = {name for name in cells.keys() - cells.read if name.startswith("provider_")}
    assert cells.keys() - cells.read <= (
        {"location_type"} | (providers if kind == "latest-ratings" else set())
    )


def test_columns_of_a_table_that_are_not_taken(tmp_path):
    path = tmp_path / "areas_2026-04-01.csv"
    path.write_text(
        "ICB26CD,ICB26CDH,ICB26NM,ICB26NMW\nE54000099,QZZ,NHS Test ICB,x\n", encoding="utf-8"
    )
    assert IMPORTERS["ons"](path, tmp_path, None, True, no_tick).untaken == ("icb26nmw",)
    path = tmp_path / "directory_2026-04-01.csv"
    path.write_text(
        "Name,Postcode,Phone number,CQC Provider ID,CQC Location ID\nHouse,ZZ1 1ZZ,0,1-2,1-3\n",
        encoding="utf-8",
    )
    assert IMPORTERS["cqc"](path, tmp_path, None, True, no_tick).untaken == ("phone_number",)


def test_fields_of_real_files_that_are_not_taken(shared, tmp_path):
    data = shared / "data"
    found = {}
    for family, name in (
        ("cqc", "cqc/location_example_1-134558905.json"),
        ("ods", "icb/rcpch_trusts_2024.json"),
        ("ods", "trust-successions/trust_acquisitions_rcpch.csv"),
        ("ons", "icb/icbs_36_from_2026-04-01.csv"),
    ):
        found[name] = IMPORTERS[family](data / name, tmp_path, DAY, False, no_tick).untaken
    location, trusts, followed, areas = found.values()
    assert {"reports", "brandId", "onspdCcgCode", "specialisms"} <= set(location)
    assert "name" not in location
    assert trusts == ("country",)
    assert "predecessor_close_etr" in followed
    assert areas == ("established", "e54_evidence")


def test_the_address_in_a_report_is_taken(shared, tmp_path):
    path = shared / "data/ods-csv/etr_2026-07.csv"
    done = IMPORTERS["ods"](path, tmp_path, None, False, no_tick)
    assert done.untaken == ("telephone", "amended record indicator")
    assert '"Cobbett House' in done.path.read_text(
        "utf-8"
    ) or "COBBETT HOUSE, OXFORD ROAD, MANCHESTER" in (done.path.read_text("utf-8"))
