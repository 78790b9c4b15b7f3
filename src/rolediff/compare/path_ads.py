"""The ads of a role as arrays: who posts them, and how many ask for what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rolediff.compare.openings import openings
from rolediff.market import once
from rolediff.results import Asked, Estimate
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.prevalence import Shares

METHOD = "Wilson at the effective sample size, clustered by employer"
ALIKE = "Wilson, every employer weighing the same"
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Ads:
    """m ads of one role, each opening once.

    `lines` = m rows of `Market.postings`, with `copies`; `unit` (m,) codes of employers, an ad
    without one being a unit of its own; `source` its name.
    """

    lines: pl.DataFrame
    unit: Codes
    source: str
    _long: dict[tuple[str, ...], pl.DataFrame] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, lines: pl.DataFrame) -> Ads:
        """From lines of a market that are all of one role."""
        ads = openings(once(lines.with_columns(one=pl.lit(True)), ["one"]), ["one"]).drop("one")
        at = pl.int_range(ads.height, dtype=pl.Int64, eager=True).cast(pl.String)
        keys = ads["employer"].zip_with(ads["employer"].is_not_null(), "\0" + at)
        unit = keys.rank("dense").cast(pl.Int64).to_numpy() - 1
        return cls(ads, unit, ", ".join(ads["source"].drop_nulls().unique().sort()))

    def __len__(self) -> int:
        return self.lines.height

    @property
    def units(self) -> int:
        """Employers, those that are not known counted one for each ad."""
        return int(self.unit.max()) + 1 if len(self) else 0

    @property
    def largest(self) -> float:
        """The share of ads of the employer that has most."""
        return float(np.bincount(self.unit).max() / len(self)) if len(self) else 0.0

    def by_unit(self, values: Floats) -> Floats:
        """Sums (G, K) by employer of `values` (m, K)."""
        out = np.zeros((self.units, values.shape[1]))
        np.add.at(out, self.unit, values)
        return out

    def shares(self, hits: Floats, sizes: Floats | None = None) -> tuple[list[Estimate], ...]:
        """Shares of `hits` (m, K) among `sizes` (m,) (each ad 1), plain and employers alike."""
        of = np.ones(len(self)) if sizes is None else sizes
        by, whole = self.by_unit(hits), np.bincount(self.unit, of, self.units).astype(float)
        plain, alike = Shares.of(by, whole), Shares.of(by, whole, equal=True)
        return _estimates(plain, METHOD, self.source), _estimates(alike, ALIKE, self.source)

    def asked(self, names: Sequence[str], hits: Floats | Flags) -> tuple[Asked, ...]:
        """How many of the ads have each of the things `names`: `hits` (m, K) 0/1."""
        flags = hits.astype(float)
        plain, alike = self.shares(flags)
        counts = flags.sum(axis=0).astype(int).tolist()
        return tuple(map(Asked, names, counts, plain, alike))

    def one(self, name: str, hits: Any, parts: tuple[Asked, ...] = ()) -> Asked:
        """The same of one thing: `hits` (m,)."""
        flags = np.asarray(hits, dtype=float)
        found = self.asked([name], flags[:, None])[0]
        return Asked(name, found.count, found.share, found.alike, parts)

    def ratio(self, hits: Floats, sizes: Floats) -> Estimate:
        """The share of hits (m,) among what there is (m,), one number; n counts what there is."""
        return self.shares(hits[:, None], sizes)[0][0]

    def counts(self, columns: Sequence[str]) -> dict[str, int]:
        """Ads that hold each concept in the lists `columns`, which hold none twice."""
        found = self._entries(columns).group_by("c").len().sort("c")
        return dict(found.iter_rows())

    def employers_asking(self, columns: Sequence[str]) -> dict[str, float]:
        """Employers whose ads hold each concept, each counted as the share of its ads that do."""
        entries = self._entries(columns)
        weight = 1.0 / np.bincount(self.unit)[self.unit[entries["row"].to_numpy()]]
        found = entries.with_columns(w=pl.Series(weight)).group_by("c").agg(pl.col("w").sum())
        return dict(found.sort("c").iter_rows())

    def employers_with(self, hits: Floats | Flags) -> int:
        """How many employers have one of the ads where `hits` (m,) is true."""
        return len(np.unique(self.unit[np.asarray(hits, dtype=bool)]))

    def holds(self, names: Sequence[str], columns: Sequence[str]) -> Floats:
        """Whether (m, K) 0/1 each ad holds each of the concepts `names` in the lists."""
        return held(self._entries(columns), names, len(self))

    def _entries(self, columns: Sequence[str]) -> pl.DataFrame:
        key = tuple(columns)
        if key not in self._long:
            self._long[key] = entries_of(self.lines, key)
        return self._long[key]


def entries_of(lines: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The concepts `c` that the lists of each line hold, with the number of its `row`."""
    listed = pl.concat_list(*(pl.col(name).fill_null([]) for name in columns))
    rows = lines.select(c=listed).with_row_index("row")
    return rows.explode("c", empty_as_null=False).filter(pl.col("c").is_not_null())


def held(entries: pl.DataFrame, names: Sequence[str], m: int) -> Floats:
    """Whether (m, K) 0/1 each of m rows has an entry of each of `names`."""
    out = np.zeros((m, len(names)))
    codes = entries["c"].replace_strict(
        list(names), list(range(len(names))), default=-1, return_dtype=pl.Int64
    )
    at = codes.to_numpy()
    out[entries["row"].to_numpy()[at >= 0], at[at >= 0]] = 1.0
    return out


def _estimates(found: Shares, method: str, source: str) -> list[Estimate]:
    """As `Estimate`s; without an interval where one employer is all there is."""
    out = []
    for value, low, high in zip(found.value, found.low, found.high, strict=True):
        if math.isnan(low):
            few = "one employer only"
            out.append(Estimate(float(value), n=found.n, clusters=found.clusters, method=few,
                                source=source))  # fmt: skip
            continue
        out.append(
            Estimate(float(value), float(low), float(high), found.n, clusters=found.clusters,
                     method=method, source=source)
        )  # fmt: skip
    return out
