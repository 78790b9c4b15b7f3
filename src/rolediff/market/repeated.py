"""Copies of ads among any number of postings: by employer on disk, so that memory is bounded.

Texts are near-identical only within one employer, so fingerprints are dealt into files by employer
and each file is grouped by itself; what joins employers, the same id with the same text, is found
among hashes of all. The keys are those that `annotate.duplicates.ad_keys` gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from rolediff.annotate.duplicates import FINGERPRINTS, ad_key, ad_keys, components, who
from rolediff.flow.kept import whole
from rolediff.flow.workers import ordered

TOGETHER = 200_000
"""Fingerprints that are grouped in memory; of more, about as many to a file."""

_Ints = npt.NDArray[np.int64]


def ads(prints: Sequence[Path], rows: int, work: Path, workers: int = 1) -> pl.Series:
    """The key of the ad of each posting, null where it is alone, in the order of these files.

    `prints` are Parquet files of `FINGERPRINTS` with so many `rows` in all; `work` = a folder to
    write to while it lasts; `workers` = processes, each of which groups one file at a time.
    """
    if rows <= TOGETHER:
        parts = [pl.read_parquet(path) for path in prints]
        return ad_keys(pl.concat([pl.DataFrame(schema=FINGERPRINTS), *parts]))
    files = rows // TOGETHER + 1
    light = pl.concat([_dealt(path, n, files, work) for n, path in enumerate(prints)])
    light = light.with_row_index("row")
    labels = np.arange(rows, dtype=np.int64)
    grouped = ordered(partial(_grouped, work=work), range(files), workers)
    for file, label in enumerate(grouped):
        mine = light.filter(pl.col("file") == file).select("row", label=label)
        firsts = mine.with_columns(pl.col("row").min().over("label"))
        labels[mine["row"].to_numpy()] = firsts["row"].to_numpy()
    for path in work.glob("prints-*"):
        path.unlink()
    return _keys(light.with_columns(label=pl.Series(_joined(light, labels))), prints)


def _grouped(file: int, work: Path) -> pl.Series:
    """The number of the group of each fingerprint that was dealt to a file."""
    parts = [pl.read_parquet(path) for path in sorted(work.glob(f"prints-{file:05}-*"))]
    return components(pl.concat([pl.DataFrame(schema=FINGERPRINTS), *parts]))


def _dealt(path: Path, number: int, files: int, work: Path) -> pl.DataFrame:
    """Deal the fingerprints of a file; of each: its `file`, and hashes of its `id` and `text`."""
    prints = pl.read_parquet(path)
    owner = pl.coalesce(pl.col("employer").hash(1), pl.col("exact").hash(1))
    dealt = prints.with_columns(file=(owner % files).cast(pl.UInt16))
    for (file,), part in dealt.partition_by("file", as_dict=True).items():
        with whole(work / f"prints-{int(str(file)):05}-{number:06}.parquet") as target:
            part.drop("file").write_parquet(target, compression="uncompressed")
    text, id_ = pl.col("exact").hash(2), pl.col("id").hash(3)
    return dealt.select("file", text=text, id=id_)


def _joined(light: pl.DataFrame, labels: _Ints) -> _Ints:
    """`labels`, those of postings with the same id and the same text made one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    found = light.select("id", "text", label=pl.Series(labels))
    edges = found.with_columns(first=pl.col("label").min().over("id", "text"))
    edges = edges.filter(pl.col("label") != pl.col("first")).select("label", "first").unique()
    if edges.is_empty():
        return labels
    ends = edges.to_numpy().T
    names, at = np.unique(ends, return_inverse=True)
    left, right = at.reshape(2, -1)
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(len(names), len(names)))
    groups = connected_components(graph, directed=False)[1]
    lowest = np.full(groups.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(lowest, groups, names)
    mine = np.searchsorted(names, labels).clip(max=len(names) - 1)
    known = names[mine] == labels
    return np.where(known, lowest[groups[mine]], labels)


def _keys(light: pl.DataFrame, prints: Iterable[Path]) -> pl.Series:
    """The key of each group of more than one, by the first of its postings."""
    several = light.filter(pl.len().over("label") > 1).select("row", "label")
    first = pl.DataFrame(schema={"label": pl.Int64, "who": pl.String})
    start = 0
    for path in prints:
        names = who(pl.read_parquet(path, columns=["employer", "exact"]))
        rows = pl.int_range(start, start + len(names), dtype=pl.UInt32, eager=True)
        mine = pl.DataFrame({"row": rows, "who": names}).join(several, on="row")
        both = pl.concat([first, mine.select("label", "who")])
        first = both.group_by("label").agg(pl.col("who").min())
        start += len(names)
    keys = [ad_key(name) for name in first["who"]]
    named = several.join(first.select("label", ad=pl.Series(keys, dtype=pl.String)), on="label")
    return light.select("row").join(named, on="row", how="left", maintain_order="left")["ad"]
