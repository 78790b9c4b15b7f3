"""Sheets of all partitions to one market: reposts found, and alike lines counted, across them.

Near-identical texts are of one employer, so facts are dealt by employer and each bucket is grouped
by itself; what joins employers, the same id with the same text, is found by a group-by of all.
Lines are then dealt by cell and those alike counted, and the driver puts the market together from
files, in bounded memory. Every sum is of whole numbers, so no order of partitions can be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from rolediff.annotate.duplicates import ad_key, components, who
from rolediff.flow.kept import whole
from rolediff.market.alike import summed
from rolediff.market.bound import Bound, made_within, within
from rolediff.market.counting import Runs, count
from rolediff.market.model import Market
from rolediff.market.tables import ASKED, POSTINGS
from rolediff.market.units import coded
from rolediff.market.where import Where
from rolediff.records import Source
from rolediff.spark.sheets import (
    SHEET,
    ddl,
    dealt,
    from_arrow,
    sheet,
    sheets_in,
    to_arrow,
    unpacked,
    unpacked_all,
)
from rolediff.spark.workers import prints_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ADS, LINES = 100_000, 250_000
"""Postings that are grouped together, and lines that are counted together, about."""
DEALT_BY = ("title", "country", "source")
"""Keys of a cell by which its lines come together."""
AT_ONCE = 100_000
"""Lines that come to the driver in one piece."""


def market_of(
    told: DataFrame, ads: int, lines: int, where: Where, sources: Sequence[Source], work: Path,
    bound: Bound | None = None,
) -> Market:  # fmt: skip
    """The market of all sheets, of so many `ads` and of so many `lines` of pay, kept to `bound`.

    `work` = a folder for what does not fit in memory, which the market may read from.
    """
    from pyspark import StorageLevel

    size = -(-(ads + lines) // LINES)
    all_ = told.filter("kind = 'lines'").mapInArrow(partial(by_cell, buckets=size), ddl(SHEET))
    named = None
    if ads:
        facts = told.filter("kind = 'facts'")
        buckets = -(-ads // ADS)
        shared = facts.mapInArrow(partial(by_employer, buckets=buckets), ddl(SHEET))
        shared = shared.repartition(buckets, "bucket")
        named = shared.groupBy("bucket").applyInArrow(grouped, ddl(SHEET))
        named = named.persist(StorageLevel.DISK_ONLY)
        joined = joined_labels(_links(named))
        kept = named.filter("kind = 'facts'")
        keyed = kept.mapInArrow(partial(by_cell, buckets=size, joined=joined), ddl(SHEET))
        all_ = all_.unionAll(keyed)
    counted = all_.repartition(size, "bucket").groupBy("bucket")
    counted = counted.applyInArrow(counted_once, ddl(SHEET)).persist(StorageLevel.DISK_ONLY)
    try:
        counted.count()  # all at once; one after the other they then come to the driver
        return _put_together(counted, bool(ads), where, sources, work, bound)
    finally:
        counted.unpersist()
        if named is not None:
            named.unpersist()


def by_employer(batches: Iterable[Any], buckets: int) -> Iterator[Any]:
    """Deal facts by employer, by text where none is known."""
    for one in sheets_in(batches):
        table = unpacked(one["content"][0])
        text = pl.col("print_exact").bin.encode("hex")
        owner = table.select(pl.coalesce("print_employer", text)).to_series()
        for part in dealt("facts", table, owner, buckets):
            yield from to_arrow(part)


def grouped(bucket: Any) -> Any:
    """The facts of a bucket with the `label` of their group, the first of its postings by employer
    and text, and its `copies`; and links, by which groups of several employers are one."""
    table = unpacked_all(from_arrow(bucket))
    prints = prints_of(table)
    group = pl.DataFrame({"label": components(prints), "who": who(prints)})
    first, copies = pl.col("who").min().over("label"), pl.len().over("label")
    named = group.select(label=first, copies=copies.cast(pl.UInt32))
    facts = table.drop(f"print_{name}" for name in prints.columns).hstack(named)
    links = prints.select(key=_link(prints)).with_columns(named["label"]).unique()
    kind = [pl.lit(None, SHEET[n]).alias(n) for n in ("bucket", "content")]
    told = links.select(pl.lit("link").alias("kind"), *kind, path="label", note="key")
    pieces = [sheet("facts", part) for part in facts.iter_slices(AT_ONCE)]
    return _table([*pieces, told.select(SHEET.names())])


def _link(prints: pl.DataFrame) -> pl.Series:
    """A hash of id and text, which postings of one ad share whoever names themselves."""
    keys = zip(prints["id"], prints["exact"], strict=True)
    hashes = (blake2b(f"{i!r}".encode() + x, digest_size=16).hexdigest() for i, x in keys)
    return pl.Series(list(hashes), dtype=pl.String)


def _links(named: DataFrame) -> Iterator[list[str]]:
    """Labels that one id with one text joins."""
    from pyspark.sql import functions as f

    labels = f.collect_set("path").alias("labels")
    several = named.filter("kind = 'link'").groupBy("note").agg(labels).filter("size(labels) > 1")
    return (row["labels"] for row in several.select("labels").collect())


def joined_labels(links: Iterable[Sequence[str]]) -> dict[str, str]:
    """The first label of all that are joined, directly or by others, for each that is."""
    above: dict[str, str] = {}

    def top(label: str) -> str:
        above.setdefault(label, label)
        while above[label] != label:
            above[label] = above[above[label]]
            label = above[label]
        return label

    for labels in links:
        tops = [top(label) for label in labels]
        above.update(dict.fromkeys(tops, min(tops)))
    return {label: top(label) for label in above}


def by_cell(
    batches: Iterable[Any], buckets: int, joined: Mapping[str, str] | None = None
) -> Iterator[Any]:
    """Deal lines by cell; facts get the key of their ad, if they are not alone."""
    for one in sheets_in(batches):
        lines = unpacked(one["content"][0])
        if one["kind"][0] == "facts":
            lines = _with_ad(lines, joined or {})
        cell = pl.format("{}\n{}\n{}", *(pl.col(name).fill_null("") for name in DEALT_BY))
        for part in dealt("lines", _as_postings(lines), lines.select(cell).to_series(), buckets):
            yield from to_arrow(part)


def _with_ad(facts: pl.DataFrame, joined: Mapping[str, str]) -> pl.DataFrame:
    linked = pl.Series([*joined], dtype=pl.String)
    several = (pl.col("copies") > 1) | pl.col("label").is_in(linked.implode())
    labels = facts.filter(several)["label"].unique().to_list()
    keys = [ad_key(joined.get(label, label)) for label in labels]
    key = pl.col("label").replace_strict(labels, keys, default=None, return_dtype=pl.String)
    return facts.with_columns(ad=key).drop("label", "copies")


def _as_postings(lines: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None, kind).alias(n) for n, kind in POSTINGS.items() if n not in lines.columns]
    return lines.with_columns(absent).select(POSTINGS.names())


def counted_once(bucket: Any) -> Any:
    """The lines of a bucket, those alike counted."""
    lines = summed(unpacked_all(from_arrow(bucket)))
    pieces = lines.iter_slices(AT_ONCE)
    return _table([sheet("lines", part, bucket=part.height) for part in pieces])


def _table(sheets: Sequence[pl.DataFrame]) -> Any:
    import pyarrow as pa

    return pa.Table.from_batches([batch for part in sheets for batch in to_arrow(part)])


def _put_together(
    counted: DataFrame, listed: bool, where: Where, sources: Sequence[Source], work: Path,
    bound: Bound | None,
) -> Market:  # fmt: skip
    files: list[Path] = []
    lines = 0
    for row in counted.select("bucket", "content").toLocalIterator():
        files.append(work / f"lines-{len(files):06}.arrow")
        with whole(files[-1]) as target:
            target.write_bytes(row["content"])
        lines += row["bucket"]
    names = [name for name in POSTINGS if listed or name not in ASKED]

    def read(number: int) -> pl.DataFrame:
        return within(coded(unpacked(files[number].read_bytes()).select(names)), bound)

    market = count(Runs(len(files), lines, listed, read), where, sources, work)
    return replace(market, made=made_within(market.made, bound))
