"""What the registers say of each power, in brief: the figures and routes that a lawyer would check first.

“tests/answers/powers.yaml” is written anew by “pytest --refresh”; it was read against the guidance, and each change of
it is to be read in the same way.
"""

from pathlib import Path

import pytest
import yaml
from rdflib import RDF

from loader.terms import REMIT
from server.answers.norms import describe
from server.answers.reference import reference

GOLDEN = Path(__file__).parents[2] / "answers" / "powers.yaml"


def slug(link):
    return None if link is None else link["id"].rsplit("/id/", 1)[-1]


def figures(limits):
    return [
        " ".join(
            str(part)
            for part in map(limit.get, ("bound", "value", "unit", "of"))
            if part is not None
        )
        for limit in limits
    ]


def brief(row):
    review = row["review"] or {}
    told = {
        "bindingness": row["bindingness"],
        "family": row["family"],
        "basis": [slug(link) for link in row["basis"]],
        "standard": slug(row["standard"]),
        "inForce": [row["inForceFrom"], row["inForceAttestedFrom"], row["notInForceAsAt"], row["inForceTo"]],
        "limits": figures(row["limits"]),
        "steps": [
            {"actor": step["actor"], "limits": figures(step["timeLimits"])} for step in row["procedure"]
        ],
        "recommendedBy": row["recommendedBy"],
        "decidedBy": row["decidedBy"],
        "preconditions": len(row["preconditions"]),
        "contents": len(row["contents"]),
        "factors": len(row["factors"]),
        "consults": [slug(duty) for duty in row["consults"]],
        "notifies": [slug(duty) for duty in row["notifies"]],
        "publishes": [slug(duty) for duty in row["publishes"]],
        "bars": [slug(r["power"]) for r in row["bars"]],
        "barredBy": [slug(r["power"]) for r in row["barredBy"]],
        "escalatesTo": [slug(r["power"]) for r in row["escalatesTo"]],
        "inLieuOf": [slug(r["power"]) for r in row["inLieuOf"]],
        "related": [slug(link) for link in row["relatedNorms"]],
        "excludes": [name for each in row["excludes"] for name in each["classes"]],
        "review": {
            key: review.get(key) for key in ("availability", "forum", "suspensive", "grounds", "disposals")
        },
        "sources": sorted(source["locator"] for source in row["sources"]),
    }  # fmt: skip
    return {key: value for key, value in told.items() if value not in (None, [], 0)}


@pytest.fixture(scope="module")
def powers(store, refresh):
    ref = reference(store)
    nodes = sorted(ref.graph.subjects(RDF.type, REMIT.Power), key=str)
    told = {str(node).rsplit("/", 1)[-1]: brief(describe(ref, node)) for node in nodes}
    if refresh:
        GOLDEN.write_text(
            yaml.safe_dump(told, sort_keys=True, allow_unicode=True), encoding="utf-8"
        )
    return told


def test_every_power_is_told_as_it_was_read(powers):
    golden = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
    assert set(powers) == set(golden)
    for name, told in powers.items():
        assert told == golden[name], name
