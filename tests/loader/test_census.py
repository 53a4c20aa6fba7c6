"""A census of the shipped registers: how many statements of each property each file makes.

No question can ask after every fact. The census notices that one was lost, or came in unseen: “pytest --refresh”
writes it anew, and the difference is read with the change that made it.
"""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from loader.graph import read_registers
from loader.paths import registers as shipped_registers

GOLDEN = Path(__file__).parents[1] / "answers" / "census.yaml"


def short(iri):
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def census():
    """Per register file, the number of statements per property."""
    return {
        register.graph.rpartition("/graph/")[2]: dict(
            sorted(Counter(short(quad.predicate.value) for quad in register.quads()).items())
        )
        for register in read_registers(shipped_registers())
    }


@pytest.fixture(scope="module")
def counted(refresh):
    counted = census()
    if refresh:
        GOLDEN.write_text(yaml.safe_dump(counted, sort_keys=True), encoding="utf-8")
    return counted


def test_no_statement_is_lost_or_came_in_unseen(counted):
    golden = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
    assert counted == golden
