"""A register with one fact dropped is noticed: refused by the build, or answered otherwise than the tests expect.

Each mutant is a copy of the shipped registers without one key of one entry, chosen by chance: another
REMIT_MUTATION_SEED chooses others. REMIT_MUTANTS says how many are tried of each group of files.
"""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from loader.paths import registers as shipped_registers

TESTS = Path(__file__).parents[1]
ASKED = [
    TESTS / "questions" / "test_questions.py",
    TESTS / "server" / "answers" / "test_sheet_goldens.py",
    TESTS / "server" / "answers" / "test_power_goldens.py",
    TESTS / "server" / "answers" / "segmentation" / "test_eligibility_goldens.py",
]
SEED = int(os.environ.get("REMIT_MUTATION_SEED", "1"))
MUTANTS = int(os.environ.get("REMIT_MUTANTS", "6"))
DECIDING = {
    "law/powers-*.yaml": {
        "standard", "legalBasis", "holdings", "inForceFrom", "inForceTo", "grounds", "limits", "procedure", "review",
        "exclusions", "over", "decidedBy", "recommendedBy", "mustNotify", "mustConsult", "mustPublish", "bindingness",
        "family", "statedIn",
    },
    "frameworks/criteria-*.yaml": {"segment", "anyOf", "allOf", "criteria", "appliesTo", "modality", "leastValue"},
    "frameworks/segment-rules.yaml": {"segment", "framework", "effect", "criteria", "statement"},
}  # fmt: skip


def facts(files, keys):
    """Each (file, entry, key) that a mutant may lack."""
    root = shipped_registers()
    for path in sorted(root.glob(files)):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["entries"]:
            for key in sorted(keys & set(entry)):
                yield str(path.relative_to(root)), entry["id"], key


def mutants():
    chosen = random.Random(SEED)
    return [
        fact
        for files, keys in DECIDING.items()
        for fact in chosen.sample(list(facts(files, keys)), MUTANTS)
    ]


def without(root, file, identifier, key):
    """Drop one key of one entry from the copy of the registers at ``root``."""
    path = root / file
    tree = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for entry in tree["entries"]:
        if entry["id"] == identifier:
            del entry[key]
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(("file", "identifier", "key"), mutants())
def test_a_dropped_fact_is_noticed(tmp_path, file, identifier, key):
    root = Path(shutil.copytree(shipped_registers(), tmp_path / "registers"))
    without(root, file, identifier, key)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *map(str, ASKED)],
        env={**os.environ, "REMIT_TEST_REGISTERS": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, (
        f"{file}: {identifier} without {key} passes (REMIT_MUTATION_SEED={SEED})"
    )
