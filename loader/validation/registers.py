"""The store that rules are run on where no build is in service: made in memory from the shipped registers."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from loader import paths
from loader.derive import derive
from loader.graph import merged, ontology_quads, read_registers


def register_store(root: Path | None = None) -> ox.Store:
    """Return ontology and registers with what follows from them; raises RegisterError when registers are faulty."""
    store = ox.Store()
    store.bulk_extend(merged(ontology_quads()))
    for register in read_registers(root or paths.registers()):
        store.bulk_extend(merged(register.quads()))
    derive(store)
    return store
