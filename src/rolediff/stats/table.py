"""From a table of rows to cells: one streaming pass over frames and Parquet files of any size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from rolediff.errors import ColumnError, NotEnoughEvidence, UnreadableError, UsageError
from rolediff.frames import as_polars
from rolediff.stats.cells import Cells, Factor, Floats
from rolediff.stats.dropped import Dropped
from rolediff.stats.packing import Span, spans_of

FEW = 200_000
"""Up to this many rows each row is its own cell: nothing is gained by grouping fewer."""


MOMENTS = ("n", "w", "wy", "wyy", "ww", "wwy", "wwyy")


@dataclass(frozen=True, slots=True)
class Model:
    """Which columns of a table play which part; `a` and `b` are values of the column `group`."""

    outcome: str
    group: str
    a: Any
    b: Any
    factors: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()
    weights: str | None = None
    cluster: str | None = None
    log: bool = False

    @property
    def columns(self) -> list[str]:
        """Every column named, once."""
        extra = [c for c in (self.weights, self.cluster) if c is not None]
        names = [self.outcome, self.group, *self.factors, *self.numeric, *extra]
        return list(dict.fromkeys(names))


def collapse(frame: Any, q: Model, *, by_value: bool = False) -> tuple[Cells, Dropped]:
    """Cells of the rows of `frame` in groups a and b that are complete, and what was left out.

    A weight of 0 counts as missing. `by_value` keeps rows with different outcomes apart.

    `frame`: a Polars DataFrame or LazyFrame, a pandas or Arrow table (anything narwhals or the
    Arrow C stream knows), or a path to Parquet, read as a stream.

    Raises:
        ColumnError: a named column is missing, or the outcome is no number.
        UsageError: a weight below 0, a equals b, or a column is named twice among the covariates.
        NotEnoughEvidence: no complete row in one of the groups.
    """
    table = lazy(frame)
    _check(table.collect_schema(), q)
    is_a, is_b = _is(table, q, q.a), _is(table, q, q.b)
    mine = is_a | is_b
    spans, seen = spans_of(table, q.factors, mine=mine.sum(), **_suspects(table, q))
    if seen["negative"]:
        raise UsageError(f"{seen['negative']} weights in {q.weights!r} are below 0")
    dropped, rows = Dropped(0, 0), table if seen["mine"] == seen["rows"] else table.filter(mine)
    if seen["nulls"] or seen["odd"]:
        present, loggable = _complete(table, q)
        lost = rows.select(missing=(~present).sum(), unlogged=(present & ~loggable).sum())
        dropped = Dropped(*lost.collect(engine="streaming").row(0))
        rows = rows.filter(present & loggable)
    cells = _cells(rows, spans, is_a, q, seen["rows"] <= FEW, by_value)
    for value, mask in ((q.a, cells.group), (q.b, ~cells.group)):
        if not mask.any():
            raise NotEnoughEvidence(
                f"no complete row with {q.group} = {value!r}: check the value and missing cells"
            )
    return cells, dropped


def lazy(frame: Any) -> pl.LazyFrame:
    """Any table as a Polars LazyFrame, without a copy where that is possible."""
    if isinstance(frame, pl.LazyFrame):
        return frame
    if isinstance(frame, str | Path):
        if not Path(frame).is_file():
            raise UnreadableError(f"no such file: {frame}")
        return _parquet(Path(frame))
    return as_polars(frame).lazy()


def _parquet(path: Path) -> pl.LazyFrame:
    table = pl.scan_parquet(path, glob=False)
    try:
        table.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableError(
            f"{path} is no Parquet file: read it first and pass the frame"
        ) from error
    return table


def _check(schema: pl.Schema, q: Model) -> None:
    missing = [c for c in q.columns if c not in schema]
    if missing:
        raise ColumnError(f"no column {missing[0]!r}: the table has {', '.join(schema)}")
    covariates = [*q.factors, *q.numeric]
    twice = [c for c in covariates if covariates.count(c) > 1 or c in (q.outcome, q.group)]
    if twice:
        raise UsageError(f"{twice[0]!r} is named twice: a column plays one part")
    for name in q.factors:
        if schema[name].is_nested():
            raise ColumnError(f"{name!r} is {schema[name]}: a factor holds one value per row")
    if q.a == q.b:
        raise UsageError(f"both groups are {q.a!r}: name two values of {q.group!r}")
    for name in [q.outcome, *q.numeric, *([q.weights] if q.weights else [])]:
        if not (schema[name].is_numeric() or schema[name] == pl.Boolean):
            raise ColumnError(f"{name!r} is {schema[name]}, not a number: name a numeric column")


def _is(table: pl.LazyFrame, q: Model, value: Any) -> pl.Expr:
    dtype = table.collect_schema()[q.group]
    if (dtype.is_numeric() or dtype == pl.Boolean) and isinstance(value, int | float):
        return pl.col(q.group).eq(value)
    return pl.col(q.group).cast(pl.String).eq(str(value))


def _outcome(q: Model) -> pl.Expr:
    y = pl.col(q.outcome).cast(pl.Float64)
    return y.log() if q.log else y


def _suspects(table: pl.LazyFrame, q: Model) -> dict[str, pl.Expr]:
    """Counts that are cheap in one pass and zero where every row can be used."""
    schema = table.collect_schema()
    numbers = [q.outcome, *q.numeric, *([q.weights] if q.weights else [])]
    odd = [(~pl.col(c).is_finite()).sum() for c in numbers if schema[c].is_float()]
    odd += [(pl.col(q.outcome) <= 0).sum()] if q.log else []
    odd += [(pl.col(q.weights) == 0).sum()] if q.weights else []
    return {
        "nulls": pl.sum_horizontal(pl.col(q.columns).null_count()),
        "odd": pl.sum_horizontal(odd) if odd else pl.lit(0),
        "negative": (pl.col(q.weights) < 0).sum() if q.weights else pl.lit(0),
    }


def _complete(table: pl.LazyFrame, q: Model) -> tuple[pl.Expr, pl.Expr]:
    """Whether every value is there, and whether the outcome has a logarithm if one is taken."""
    schema = table.collect_schema()
    tests = [pl.col(c).is_not_null() for c in q.columns]
    numbers = [q.outcome, *q.numeric, *([q.weights] if q.weights else [])]
    tests += [pl.col(c).is_finite() for c in numbers if schema[c].is_float()]
    if q.weights:
        tests.append(pl.col(q.weights) != 0)
    present = pl.all_horizontal(tests).fill_null(False)
    return present, (pl.col(q.outcome) > 0).fill_null(False) if q.log else pl.lit(True)


def _cells(
    rows: pl.LazyFrame, spans: Sequence[Span], is_a: pl.Expr, q: Model, by_row: bool,
    by_value: bool,
) -> Cells:  # fmt: skip
    size = 2 * math.prod(span.radix for span in spans)
    if size >= 2**63:
        raise UsageError("too many categories to pack into one key: use fewer factors")
    kind = pl.UInt32 if size < 2**32 else pl.Int64
    key = pl.when(is_a).then(0).otherwise(1).cast(kind)
    for span in spans:
        key = key * span.radix + span.code.cast(kind)
    w = pl.col(q.weights).cast(pl.Float64) if q.weights else pl.lit(1.0)
    row = rows.select(
        key=key,
        y=_outcome(q),
        w=w,
        cluster=pl.col(q.cluster).rank("dense").cast(pl.Int64) - 1 if q.cluster else pl.lit(0),
        **{f"x{i}": pl.col(c).cast(pl.Float64) for i, c in enumerate(q.numeric)},
    )
    return _decode(_sums(row, q, by_row, by_value), spans, q, by_row)


def _sums(row: pl.LazyFrame, q: Model, by_row: bool, by_value: bool) -> pl.DataFrame:
    """One line per cell, sorted by key, with the moments of `Cells`."""
    w, y = pl.col("w"), pl.col("y")
    keys = ["key", *(["cluster"] if q.cluster else []), *(f"x{i}" for i in range(len(q.numeric)))]
    keys += ["y"] if by_value else []
    moment = {"n": pl.lit(1.0), "w": w, "wy": w * y, "wyy": w * y * y}
    if q.weights:
        moment |= {"ww": w * w, "wwy": w * w * y, "wwyy": w * w * y * y}
    else:
        moment = {"wy": y, "wyy": y * y}
    valued = row.with_columns(**moment)
    if by_row:
        return valued.with_columns(n=1.0).sort("key", maintain_order=True).collect()
    names = [m for m in moment if m != "n"]
    grouped = valued.group_by(keys).agg(pl.col(names).sum(), n=pl.len().cast(pl.Float64))
    return grouped.collect(engine="streaming").sort(keys)


def _decode(sums: pl.DataFrame, spans: Sequence[Span], q: Model, by_row: bool) -> Cells:
    key = sums["key"].to_numpy().copy()
    small = all(span.radix < 2**15 for span in spans)
    codes = np.empty((len(key), len(spans)), np.int16 if small else np.int32, order="F")
    factors: list[Factor] = []
    for j, span in reversed(list(enumerate(spans))):
        code = key % span.radix
        labels, dense = span.labels(code)
        codes[:, j] = dense[code]
        key //= span.radix
        factors.insert(0, Factor(q.factors[j], labels))
    if by_row:
        # Codes of categories may differ between runs, their sorted labels do not.
        order = np.lexsort((*codes.T[::-1], key != 0))
        sums, codes, key = sums[order], codes[order], key[order]
    moments: dict[str, Any] = {m: _moment(sums, m, q) for m in MOMENTS}
    numeric = sums.select(f"x{i}" for i in range(len(q.numeric))).to_numpy()
    return Cells(
        factors=tuple(factors),
        numeric_names=q.numeric,
        codes=codes,
        numeric=numeric.astype(float) if q.numeric else np.empty((len(key), 0)),
        group=key == 0,
        cluster=sums["cluster"].to_numpy() if q.cluster else None,
        **moments,
    )


def _moment(sums: pl.DataFrame, name: str, q: Model) -> Floats:
    """Without weights the moments of w and of w^2 coincide and share one array."""
    shared = {} if q.weights else {"w": "n", "ww": "n", "wwy": "wy", "wwyy": "wyy"}
    return sums[shared.get(name, name)].to_numpy()
