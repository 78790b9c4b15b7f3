"""The openings of a role as arrays: who posts them, and how many ask for what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rolediff.results import Asked, Estimate
from rolediff.stats.cells import Codes, Floats
from rolediff.stats.prevalence import Shares
from rolediff.stats.sparse import Sparse

METHOD = "Wilson at the effective sample size, clustered by employer"
ALIKE = "Wilson, every employer weighing the same"
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Ads:
    """m openings of one role, each opening once.

    `lines` = m rows of `Market.postings`, with `copies`; `unit` (m,) codes of employers, an opening
    without one being a unit of its own; `source` its name.
    """

    lines: pl.DataFrame
    unit: Codes
    source: str
    _long: dict[tuple[str, ...], pl.DataFrame] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, openings: pl.DataFrame) -> Ads:
        """From lines of `compare.openings.openings`."""
        at = pl.int_range(openings.height, dtype=pl.Int64, eager=True).cast(pl.String)
        keys = openings["employer"].zip_with(openings["employer"].is_not_null(), "\0" + at)
        unit = keys.rank("dense").cast(pl.Int64).to_numpy() - 1
        return cls(openings, unit, ", ".join(openings["source"].drop_nulls().unique().sort()))

    def __len__(self) -> int:
        return self.lines.height

    @property
    def units(self) -> int:
        """Employers, those that are not known counted one for each opening."""
        return int(self.unit.max()) + 1 if len(self) else 0

    @property
    def largest(self) -> float:
        """The share of openings of the employer that has most."""
        return float(np.bincount(self.unit).max() / len(self)) if len(self) else 0.0

    def shares(
        self, hits: Floats | Sparse, sizes: Floats | None = None
    ) -> tuple[list[Estimate], ...]:
        """Shares of `hits` (m, K) among `sizes` (m,) (by default 1), plain and employers alike."""
        of = np.ones(len(self)) if sizes is None else sizes
        entries = Sparse.of(hits)
        shape = (self.units, entries.shape[1])
        by = Sparse.summed(self.unit[entries.row], entries.column, shape, entries.value)
        whole = np.bincount(self.unit, of, self.units).astype(float)
        plain, alike = Shares.of(by, whole), Shares.of(by, whole, equal=True)
        return _estimates(plain, METHOD, self.source), _estimates(alike, ALIKE, self.source)

    def asked(self, names: Sequence[str], hits: Floats | Flags | Sparse) -> tuple[Asked, ...]:
        """How many of the openings have each of the things `names`: `hits` (m, K) 0/1."""
        flags = hits if isinstance(hits, Sparse) else Sparse.of(hits.astype(float))
        plain, alike = self.shares(flags)
        counts = flags.totals.astype(int).tolist()
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
        """Openings that hold each concept in the lists `columns`, which hold none twice."""
        found = self._entries(columns).group_by("c").len().sort("c")
        return dict(found.iter_rows())

    def employers_asking(self, columns: Sequence[str]) -> dict[str, float]:
        """Employers whose openings hold each concept, each as the share of its openings that do.

        Employers of as many openings are counted before shares are summed, in order of their
        number: sums of fractions depend on the order in which threads come to them.
        """
        entries = self._entries(columns)
        size = np.bincount(self.unit)[self.unit[entries["row"].to_numpy()]]
        counts = entries.with_columns(size=pl.Series(size)).group_by("c", "size").len()
        shares = counts.sort("c", "size").select("c", w=pl.col("len") / pl.col("size"))
        found: dict[str, float] = {}
        for concept, share in shares.iter_rows():
            found[concept] = found.get(concept, 0.0) + share
        return found

    def employers_with(self, hits: Floats | Flags) -> int:
        """How many employers have one of the openings where `hits` (m,) is true."""
        return len(np.unique(self.unit[np.asarray(hits, dtype=bool)]))

    def naming(self, names: Sequence[str], columns: Sequence[str]) -> Sparse:
        """The openings (m, K) that hold each of the concepts `names` in the lists, by 1."""
        row, column = _codes(self._entries(columns), names)
        return Sparse.summed(row, column, (len(self), len(names)))

    def holds(self, names: Sequence[str], columns: Sequence[str]) -> Floats:
        """Whether (m, K) 0/1 each opening holds each of the concepts `names` in the lists."""
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
    out[_codes(entries, names)] = 1.0
    return out


def _codes(entries: pl.DataFrame, names: Sequence[str]) -> tuple[Codes, Codes]:
    """The row of each entry that is one of `names`, and which of them it is."""
    known = pl.DataFrame({"c": pl.Series(names, dtype=pl.String)}).with_row_index("column")
    found = entries.join(known, on="c")
    row, column = (found[c].cast(pl.Int64).to_numpy() for c in ("row", "column"))
    return row, column


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
