"""Links by likeness: Splink weighs how names, addresses and postcodes agree. On DuckDB, or on Spark by a setting."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from math import log2
from tempfile import mkdtemp
from typing import Any, TypeAlias

from loader.errors import Fault, InputError
from loader.linking.exact import Link
from loader.linking.reading import Party

ENGINES = ("duckdb", "spark")
_COMPARED = {"name": ("name",), "place": ("postcode", "address")}
_SEED = 7
_PAIRS = 2_000_000
_DIFFERS, _AGREES = 0.05, 0.9
_SURE = 0.8

Row: TypeAlias = dict[str, str | None]


def by_likeness(
    records: Sequence[Party],
    organisations: Sequence[Party],
    threshold: float = 0.5,
    engine: str = "duckdb",
) -> list[Link]:
    """Return the best link of each record whose probability reaches ``threshold`` (0 to 1).

    The model is trained on the data themselves, without examples: chances of agreement by accident by
    sampling, of agreement of true pairs by expectation maximisation; then it is ``tempered``. Raises
    InputError when Splink, or the engine, is not installed.
    """
    if not records or not organisations:
        return []
    api = _api(engine)
    sides = [[each.row() for each in side] for side in (records, organisations)]
    tables = [
        api.register(_table(rows, engine, api), dataset_display_name=name)
        for rows, name in zip(sides, ("records", "organisations"), strict=True)
    ]
    splink = _module("splink")
    linker = splink.Linker(tables, _settings(share_of_pairs(*sides)), log_level=40)
    _train(linker, *sides)
    learnt = tempered(linker.misc.save_model_to_json(), len(records) * len(organisations))
    linker = splink.Linker(tables, learnt, log_level=40)
    pairs = linker.inference.predict(threshold_match_probability=threshold)
    return _best(pairs.as_record_list(), {each.id for each in records})


def share_of_pairs(records: Sequence[Row], organisations: Sequence[Row]) -> float:
    """Return which share of all pairs is about the same body: what surely is, by name and place, and a bit more.

    Where a record has no postcode, its name alone must do.
    """
    known = {sign for row in organisations for sign in _signs(row) | {(row["name"], "")}}
    certain = sum(bool(_signs(row) & known) for row in records)
    share = max(certain, 1) / _SURE / (len(records) * len(organisations))
    return min(share, 0.5)


def _signs(row: Row) -> set[tuple[str | None, str | None]]:
    if not row["postcode"]:
        return {(row["name"], "")} if row["name"] else set()
    pairs = (("name", "postcode"), ("name", "outward"), ("address", "postcode"))
    return {(row[one], row[other]) for one, other in pairs if row[one] and row[other]}


def _settings(share: float) -> Any:
    splink, cl = _module("splink"), _module("splink.comparison_library")
    return splink.SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=share,
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.85]),
            cl.CustomComparison(output_column_name="place", comparison_levels=_places()),
        ],
        blocking_rules_to_generate_predictions=[
            splink.block_on("postcode"),
            splink.block_on("name"),
            splink.block_on("outward", "start"),
            splink.block_on("address", "start"),
        ],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
    )


def _places() -> list[Any]:
    """Return how near two places are. One comparison, because postcode and address change together when one moves."""
    cll = _module("splink.comparison_level_library")
    alike = cll.JaroWinklerLevel("address", 0.85)
    return [
        cll.NullLevel("postcode"),
        cll.And(cll.ExactMatchLevel("postcode"), alike),
        cll.ExactMatchLevel("postcode"),
        cll.And(cll.ExactMatchLevel("outward"), alike),
        cll.LevenshteinLevel("postcode", 1),
        cll.ExactMatchLevel("outward"),
        cll.ElseLevel(),
    ]


def tempered(model: dict[str, Any], pairs: int) -> dict[str, Any]:
    """Return a trained model without two certainties that it cannot have from the data.

    The sample from which accidental agreement is learnt holds the true pairs too, which in a small register is most of
    what agrees: their share is taken out. And training without examples takes true pairs that moved for others, so that
    it finds that true pairs never differ: each way of differing keeps a chance of ``_DIFFERS``.
    """
    share = float(model["probability_two_random_records_match"])
    for comparison in model["comparisons"]:
        levels = [each for each in comparison["comparison_levels"] if not each.get("is_null_level")]
        for place, level in enumerate(levels):
            untold = _AGREES if place == 0 else _DIFFERS
            true = min(max(float(level.get("m_probability") or untold), _DIFFERS), 1.0)
            by_chance = float(level.get("u_probability") or 0.0)
            level["m_probability"] = true
            level["u_probability"] = max((by_chance - share * true) / (1 - share), 0.5 / pairs)
    return model


def _train(linker: Any, *sides: Sequence[Row]) -> None:
    block_on = _module("splink").block_on
    training = linker.training
    training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=_SEED)
    for columns in (("postcode",), ("name",), ("outward", "start")):
        if _shared(columns, *sides):
            rule = block_on(*columns)
            training.estimate_parameters_using_expectation_maximisation(rule)


def _shared(columns: tuple[str, ...], *sides: Sequence[Row]) -> bool:
    """Tell whether both sides have rows that agree on the columns and have places: else nothing is to be learnt."""
    keys = [
        {tuple(row[c] for c in columns) for row in rows if row["postcode"] and row["name"]}
        for rows in sides
    ]
    return any(all(key) for key in set.intersection(*keys))


def _best(pairs: Sequence[dict[str, Any]], records: set[str]) -> list[Link]:
    best: dict[str, dict[str, Any]] = {}
    for pair in pairs:
        left, right = pair["unique_id_l"], pair["unique_id_r"]
        record, organisation = (left, right) if left in records else (right, left)
        shown = {**pair, "record": record, "organisation": organisation}
        before = best.get(record)
        if before is None or pair["match_weight"] > before["match_weight"]:
            best[record] = shown
    return _contested(
        Link(
            record,
            pair["organisation"],
            "by-likeness",
            round(float(pair["match_probability"]), 6),
            round(float(pair["match_weight"]), 3),
            _explained(pair),
        )
        for record, pair in sorted(best.items())
    )


def _contested(links: Iterable[Link]) -> list[Link]:
    """Return the links; where several records of one kind claim an organisation, people decide on all but the likest.

    A trust and the one that it absorbed stand at one address: the second must not be taken for the first.
    """
    claims: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        claims.setdefault((link.record.rpartition("/")[0], link.organisation), []).append(link)
    settled = []
    for group in claims.values():
        likest = max(each.weight or 0.0 for each in group)
        for each in group:
            if (each.weight or 0.0) < likest:
                told = f"{each.explanation}; another record is more like it"
                each = replace(each, confidence=min(each.confidence, 0.5), explanation=told)
            settled.append(each)
    return sorted(settled, key=lambda each: each.record)


def _explained(pair: dict[str, Any]) -> str:
    """Return how much each comparison speaks for or against the pair, in the base-2 weights of the model."""
    told = []
    for name, columns in _COMPARED.items():
        factor = pair.get(f"bf_{name}")
        weight = pair.get(f"mw_{name}", log2(factor) if factor else None)
        shown = f"{float(weight):+.1f}" if weight is not None else "not compared"
        left, right = (
            " ".join(str(pair.get(f"{c}_{side}") or "–") for c in columns) for side in "lr"
        )
        told.append(f"{name} {shown} (“{left}” / “{right}”)")
    return "; ".join(told)


def _api(engine: str) -> Any:
    if engine not in ENGINES:
        remedy = f"Choose {' or '.join(ENGINES)}."
        raise InputError(
            Fault(f"“{engine}” is no engine for links.", field="--engine", remedy=remedy)
        )
    if engine == "duckdb":
        return _module("splink").DuckDBAPI()
    session = _module("pyspark.sql").SparkSession.builder.appName("remit-link")
    backend = _module("splink.backends.spark")
    scratch = mkdtemp(prefix="remit-link-")
    for name, value in {
        "spark.sql.warehouse.dir": scratch,
        "spark.master": os.environ.get("REMIT_SPARK_MASTER", "local[2]"),
        "spark.jars": backend.similarity_jar_location(),
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
    }.items():
        session = session.config(name, value)
    spark = session.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    spark.sparkContext.setCheckpointDir(scratch)
    return backend.SparkAPI(spark_session=spark)


def _table(rows: list[Row], engine: str, api: Any) -> Any:
    if engine == "duckdb":
        return _module("pyarrow").Table.from_pylist(rows)
    schema = ", ".join(f"{name} string" for name in rows[0])
    return api.spark.createDataFrame([tuple(row.values()) for row in rows], schema)


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        extra = "spark" if name.startswith("pyspark") else "link"
        remedy = f"Install it with: pip install 'remit-graph[{extra}]'."
        raise InputError(Fault(f"{name.split('.')[0]} is not installed.", remedy=remedy)) from None
