"""On Spark: the same bytes as on one machine, however rows are partitioned and ordered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from spark_here import spark_or_skip
from test_scale_compress import ADS, BAD, PAY, content, jsonl

import rolediff.spark
from rolediff.market.streamed import Heard, Way, compress_files

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    yield from spark_or_skip()


def ads() -> pl.DataFrame:
    """Postings with reposts under other ids and places, and one ad by two names of an employer."""
    table = pl.DataFrame(ADS, infer_schema_length=None)
    again = table[:3].with_columns(employer=pl.lit("Another Name Ltd"))
    return pl.concat([table, again.select(table.columns)]) if "employer" in table.columns else table


def frame(spark: Any, table: pl.DataFrame, cuts: list[int], seed: int) -> Any:
    """The rows mixed, in a DataFrame of partitions between the cuts, empty ones among them."""
    mixed = table.sample(fraction=1, shuffle=True, seed=seed)
    bounds = [0, *sorted(cuts), table.height]
    parts = [spark.createDataFrame(mixed[a:b].to_arrow(compat_level=pl.CompatLevel.oldest())).coalesce(1)
             for a, b in pairwise(bounds) if a < b]  # fmt: skip
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.unionAll(part)
    return whole


def test_a_market_of_files_is_the_one_of_this_machine_to_the_byte(
    spark: Any, tmp_path: Path
) -> None:
    (tmp_path / "pay").mkdir()
    pl.concat([PAY, BAD]).write_parquet(tmp_path / "pay" / "a.parquet")
    PAY[:200].write_parquet(tmp_path / "pay" / "b.parquet")
    PAY.write_csv(tmp_path / "c.csv")
    jsonl(tmp_path / "d.jsonl", ADS)
    paths = [tmp_path / name for name in ("pay", "c.csv", "d.jsonl")]
    here: list[pl.DataFrame] = []
    there: list[pl.DataFrame] = []
    streamed = compress_files(paths, tmp_path / "w", Way(), Heard(aside=here.append))
    (tmp_path / "s").mkdir()
    market = rolediff.spark.compress_paths(
        spark, [str(path) for path in paths], tmp_path / "s", aside=there.append
    )
    assert market.postings()["ad"].drop_nulls().n_unique() >= 9
    assert content(market, tmp_path / "1") == content(streamed, tmp_path / "2")
    assert pl.concat(there).equals(pl.concat(here))
    assert pl.concat(here).height == 12
