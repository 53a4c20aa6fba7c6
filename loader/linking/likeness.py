"""Links by likeness: Splink weighs how names, addresses and postcodes agree. On DuckDB, or on Spark by a setting."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from math import log2
from tempfile import mkdtemp
from typing import Any

from loader.errors import Fault, InputError
from loader.linking.exact import Link
from loader.linking.reading import Party

ENGINES = ("duckdb", "spark")
_COMPARED = ("name", "postcode", "address")
_SEED = 7
_PAIRS = 2_000_000


def by_likeness(
    records: Sequence[Party],
    organisations: Sequence[Party],
    threshold: float = 0.5,
    engine: str = "duckdb",
) -> list[Link]:
    """Return the best link of each record whose probability reaches ``threshold`` (0 to 1).

    The model is trained on the data themselves, without examples: chances of agreement by accident by
    sampling, of agreement of true pairs by expectation maximisation. Raises InputError when Splink, or
    the engine, is not installed.
    """
    if not records or not organisations:
        return []
    api = _api(engine)
    tables = [
        api.register(_table([each.row() for each in side], engine, api), dataset_display_name=name)
        for side, name in ((records, "records"), (organisations, "organisations"))
    ]
    linker = _module("splink").Linker(tables, _settings(), log_level=40)
    _train(linker)
    pairs = linker.inference.predict(threshold_match_probability=threshold)
    return _best(pairs.as_record_list(), {each.id for each in records})


def _settings() -> Any:
    splink, cl = _module("splink"), _module("splink.comparison_library")
    return splink.SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.85]),
            cl.LevenshteinAtThresholds("postcode", [1]),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.85]),
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


def _train(linker: Any) -> None:
    block_on = _module("splink").block_on
    training = linker.training
    certain = [block_on("name", "postcode"), block_on("address", "postcode")]
    training.estimate_probability_two_random_records_match(certain, recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=_SEED)
    training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))
    training.estimate_parameters_using_expectation_maximisation(block_on("name"))
    training.estimate_parameters_using_expectation_maximisation(block_on("outward", "start"))


def _best(pairs: Sequence[dict[str, Any]], records: set[str]) -> list[Link]:
    best: dict[str, dict[str, Any]] = {}
    for pair in pairs:
        left, right = pair["unique_id_l"], pair["unique_id_r"]
        record, organisation = (left, right) if left in records else (right, left)
        shown = {**pair, "record": record, "organisation": organisation}
        before = best.get(record)
        if before is None or pair["match_weight"] > before["match_weight"]:
            best[record] = shown
    return [
        Link(
            record,
            pair["organisation"],
            "by-likeness",
            round(float(pair["match_probability"]), 6),
            round(float(pair["match_weight"]), 3),
            _explained(pair),
        )
        for record, pair in sorted(best.items())
    ]


def _explained(pair: dict[str, Any]) -> str:
    """Return how much each comparison speaks for or against the pair, in the base-2 weights of the model."""
    told = []
    for name in _COMPARED:
        factor = pair.get(f"bf_{name}")
        weight = pair.get(f"mw_{name}", log2(factor) if factor else None)
        shown = f"{float(weight):+.1f}" if weight is not None else "not compared"
        told.append(f"{name} {shown} (“{pair.get(f'{name}_l')}” / “{pair.get(f'{name}_r')}”)")
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
    for name, value in {
        "spark.master": os.environ.get("REMIT_SPARK_MASTER", "local[2]"),
        "spark.jars": backend.similarity_jar_location(),
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
    }.items():
        session = session.config(name, value)
    spark = session.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    spark.sparkContext.setCheckpointDir(mkdtemp(prefix="remit-link-"))
    return backend.SparkAPI(spark_session=spark)


def _table(rows: list[dict[str, str | None]], engine: str, api: Any) -> Any:
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
