"""Lines that are alike in all their columns, counted once: the sum that makes partial markets one.

Rows are told apart by two hashes of 64 bits, and compared column by column should these ever
disagree, so that wide tables of text are grouped at the speed of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

_SEEDS = (0x5EED, 0xFEED)


def firsts(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series] | None:
    """Of rows that are alike the place of the first (`at`) and their number (`n`), with the hash
    of each row; None where hashes collide, which is as good as never.
    """
    one, other = (rows.hash_rows(seed) for seed in _SEEDS)
    hashed = pl.DataFrame({"hash": one, "other": other}).with_row_index("at")
    other_ = pl.col("other")
    groups = hashed.group_by("hash").agg(
        pl.col("at").first(), n=pl.len(), same=other_.min() == other_.max()
    )
    if not groups["same"].all():
        return None
    return groups.drop("same").sort("at"), one


def summed(lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` in which those alike in all columns but `n` are one, with the sum of their `n`."""
    keys = lines.drop("n")
    one, other = (keys.hash_rows(seed) for seed in _SEEDS)
    hashed = pl.DataFrame({"hash": one, "other": other, "n": lines["n"]}).with_row_index("at")
    other_ = pl.col("other")
    groups = hashed.group_by("hash").agg(
        pl.col("at").first(), pl.col("n").sum(), same=other_.min() == other_.max()
    )
    if not groups["same"].all():
        return lines.group_by(keys.columns).agg(pl.col("n").sum()).select(lines.columns)
    groups = groups.sort("at")  # in the order of memory
    found = keys[groups["at"]].with_columns(n=groups["n"].cast(lines.schema["n"]))
    return found.select(lines.columns)


def kinds(table: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.Series, pl.DataFrame]:
    """Which of the distinct rows of some columns each row has, and those distinct rows."""
    part = table.select(columns)
    found = firsts(part)
    if found is None:
        return pl.int_range(part.height, dtype=pl.UInt32, eager=True), part
    groups, hashes = found
    numbered = groups.select("hash", "at").with_row_index("kind")
    asked = hashes.alias("hash").to_frame()
    joined = asked.join(numbered, on="hash", how="left", maintain_order="left")
    return joined["kind"], part[numbered["at"]]
