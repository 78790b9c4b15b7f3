"""On Spark: the same bytes as on one machine, however rows are partitioned and ordered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spark_here import spark_or_skip
from test_scale_compress import ADS, BAD, PAY, content, jsonl

import rolediff.spark
from rolediff.annotate.annotated import ANNOTATED
from rolediff.annotate.batch import annotate
from rolediff.errors import UnreadableError, UsageError
from rolediff.market import load
from rolediff.market.bound import Bound, bounded
from rolediff.market.streamed import Heard, Way, compress_files
from rolediff.read.postings import postings_in_frame
from rolediff.spark import compress_paths, merging, reading
from rolediff.spark.merging import joined_labels

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support:FutureWarning"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    yield from spark_or_skip()


SLOW = settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
CUTS = st.lists(st.integers(0, 51), max_size=3)


def ads() -> pl.DataFrame:
    """Postings with reposts under other ids and places, and ads under two names of an employer."""
    table = pl.DataFrame(ADS, infer_schema_length=None)
    names = pl.lit("Another Name Ltd").alias("employer")
    return pl.concat([table, table[:3].with_columns(names).select(table.columns)])


def frame(spark: Any, table: pl.DataFrame, cuts: list[int], seed: int) -> Any:
    """The rows mixed, in a DataFrame of partitions between the cuts."""
    mixed = table.sample(fraction=1, shuffle=True, seed=seed)
    bounds = [0, *sorted(cuts), table.height]
    parts = [mixed[a:b] for a, b in pairwise(bounds) if a < b]
    old = pl.CompatLevel.oldest()
    frames = [spark.createDataFrame(part.to_arrow(compat_level=old)).coalesce(1) for part in parts]
    return reduce(lambda whole, part: whole.unionAll(part), frames)


def test_a_market_of_files_is_the_one_of_this_machine_to_the_byte(
    spark: Any, tmp_path: Path
) -> None:
    (tmp_path / "pay").mkdir()
    pl.concat([PAY, BAD]).write_parquet(tmp_path / "pay" / "a.parquet")
    PAY[:200].write_parquet(tmp_path / "pay" / "b.parquet")
    jsonl(tmp_path / "d.jsonl", ads().to_dicts())
    paths = [tmp_path / name for name in ("pay", "d.jsonl")]
    here: list[pl.DataFrame] = []
    there: list[pl.DataFrame] = []
    streamed = compress_files(paths, tmp_path / "w", Way(), Heard(aside=here.append))
    (tmp_path / "s").mkdir()
    market = compress_paths(spark, [*map(str, paths)], tmp_path / "s", aside=there.append)
    assert market.postings()["ad"].drop_nulls().n_unique() >= 9
    assert content(market, tmp_path / "1") == content(streamed, tmp_path / "2")
    assert pl.concat(there).equals(pl.concat(here))
    assert pl.concat(here).height == 6


@pytest.mark.slow
@SLOW
@given(cuts=CUTS, seed=st.integers(0, 99), bound=st.sampled_from([9, 100_000]))
def test_however_a_frame_of_postings_is_partitioned_the_bytes_are_the_same(
    cuts: list[int], seed: int, bound: int, spark: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, table = tmp_path_factory.mktemp("cut"), ads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "ADS", bound)
        patch.setattr(merging, "LINES", bound)
        market = rolediff.spark.compress(frame(spark, table, cuts, seed))
    assert content(market, folder / "a") == content(load(table).market, folder / "b")


@pytest.mark.slow
@SLOW
@given(cuts=CUTS, seed=st.integers(0, 99), what=st.sampled_from(["pay", "annotated"]))
def test_so_are_those_of_pay_and_of_annotated_postings(
    cuts: list[int], seed: int, what: str, spark: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    table = pl.concat([PAY, BAD])
    if what == "annotated":
        table = annotate(postings_in_frame(ads()).postings)
    there: list[pl.DataFrame] = []
    market = rolediff.spark.compress(frame(spark, table, cuts, seed), aside=there.append)
    here = load(table)
    assert content(market, folder / "a") == content(here.market, folder / "b")
    assert sum(part.height for part in there) == here.quarantine.height


@pytest.mark.slow
def test_pay_within_a_bound_is_that_of_this_machine(spark: Any, tmp_path: Path) -> None:
    market = rolediff.spark.compress(frame(spark, PAY, [50, 170], 3), bound=Bound(5))
    here = bounded(load(PAY).market, Bound(5))
    assert content(market, tmp_path / "a") == content(here, tmp_path / "b")


@pytest.mark.slow
@SLOW
@given(cuts=CUTS, seed=st.integers(0, 99))
def test_annotations_are_those_of_this_machine(cuts: list[int], seed: int, spark: Any) -> None:
    table = ads().with_columns(id=pl.format("{}:{}", "id", pl.int_range(pl.len())))
    untitled = table[:1].with_columns(title=pl.lit(None, pl.String))
    found = rolediff.spark.annotate(frame(spark, pl.concat([table, untitled]), cuts, seed))
    assert found.columns == ANNOTATED.names()
    told = pl.DataFrame(pl.from_arrow(found.toArrow())).cast(ANNOTATED)
    assert told["row"].n_unique() == table.height
    here = annotate(postings_in_frame(table).postings)
    both = [one.drop("row").sort("id") for one in (told, here)]
    assert both[0].equals(both[1])


# what goes wrong


@pytest.mark.slow
def test_files_that_are_not_alike_or_not_whole_are_set_aside_as_on_this_machine(
    spark: Any, tmp_path: Path
) -> None:
    (tmp_path / "pay").mkdir()
    PAY.write_parquet(tmp_path / "pay" / "a.parquet")
    PAY.drop("company").write_parquet(tmp_path / "pay" / "b.parquet")
    whole = (tmp_path / "pay" / "a.parquet").read_bytes()
    (tmp_path / "pay" / "c.parquet").write_bytes(whole[: len(whole) // 2])
    here: list[pl.DataFrame] = []
    there: list[pl.DataFrame] = []
    way = Way()
    streamed = compress_files([tmp_path / "pay"], tmp_path / "w", way, Heard(aside=here.append))
    (tmp_path / "s").mkdir()
    named = [str(tmp_path / "pay")]
    market = compress_paths(spark, named, tmp_path / "s", aside=there.append)
    assert content(market, tmp_path / "1") == content(streamed, tmp_path / "2")
    told, expected = (pl.concat(rows)["reason"].sort().to_list() for rows in (there, here))
    assert told == expected
    assert len(told) == 2
    with pytest.raises(UnreadableError, match="fail-fast"):
        compress_paths(spark, named, tmp_path / "s", fail_fast=True)


@pytest.mark.slow
def test_tables_in_csv_and_in_lines_of_json_are_those_of_this_machine(
    spark: Any, tmp_path: Path
) -> None:
    PAY.write_csv(tmp_path / "a.csv")
    PAY[:90].write_ndjson(tmp_path / "b.jsonl")
    paths = [tmp_path / "a.csv", tmp_path / "b.jsonl"]
    (tmp_path / "s").mkdir()
    market = compress_paths(spark, [*map(str, paths)], tmp_path / "s")
    streamed = compress_files(paths, tmp_path / "w", Way())
    assert content(market, tmp_path / "1") == content(streamed, tmp_path / "2")
    with pytest.raises(UsageError, match="name it once"):
        compress_paths(spark, [*map(str, paths), str(paths[0])], tmp_path / "s")
    with pytest.raises(UnreadableError, match="check the path"):
        compress_paths(spark, [str(tmp_path / "none.csv")], tmp_path / "s")


@pytest.mark.slow
def test_large_parquet_is_read_by_rows_and_types_that_differ_are_said(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGE", 100)
    (tmp_path / "ads").mkdir()
    ads()[:30].write_parquet(tmp_path / "ads" / "a.parquet")
    ads()[30:].write_parquet(tmp_path / "ads" / "b.parquet")
    (tmp_path / "s").mkdir()
    market = compress_paths(spark, [str(tmp_path / "ads")], tmp_path / "s")
    streamed = compress_files([tmp_path / "ads"], tmp_path / "w", Way())
    assert content(market, tmp_path / "1") == content(streamed, tmp_path / "2")
    ads().with_columns(posted=pl.lit(7)).write_parquet(tmp_path / "ads" / "c.parquet")
    with pytest.raises(UnreadableError, match="differ in"):
        compress_paths(spark, [str(tmp_path / "ads")], tmp_path / "s")


@given(st.lists(st.lists(st.sampled_from("abcdefg"), min_size=2, max_size=3, unique=True)))
def test_labels_are_joined_by_whatever_joins_them(links: list[list[str]]) -> None:
    joined = joined_labels(links)
    assert joined == joined_labels(reversed(links))
    assert all(len({joined[label] for label in link}) == 1 for link in links)
    assert all(joined[first] == first <= label for label, first in joined.items())
