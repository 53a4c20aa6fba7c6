"""Fixtures of validation: the registers as a store, and the records of all failing examples."""

import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from loader.state.organisations import StoredOrganisations
from loader.state.template import write_template
from loader.validation.examples import examples
from loader.validation.registers import register_store

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def registers() -> ox.Store:
    return register_store()


@pytest.fixture(scope="session")
def organisations(registers: ox.Store) -> StoredOrganisations:
    return StoredOrganisations(registers)


@pytest.fixture(scope="session")
def faulty_records() -> ox.Store:
    """The records of all failing examples."""
    store = ox.Store()
    for path in sorted(examples().glob("R*/invalid-record.ttl")):
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="session")
def faulty_workbook(faulty_records: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with one fault for each rule on records."""
    path = tmp_path_factory.mktemp("workbook") / "faulty.xlsx"
    write_template(path, faulty_records)
    return path
