"""How far two dated figures share their employers, so that a change is not told as of strangers.

An estimate is, to first order, the sum of what each employer adds to it (its influence). The
correlation of two estimates is that of these sums over the employers that stand in both; MOVER
takes it into account (Zou and Donner 2008, Statistics in Medicine 27(10), section 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from rolediff.stats.cells import Codes, Floats


@dataclass(frozen=True)
class Influence:
    """What each of G employers adds to the errors of K estimates: `of` (G, K), by `names` (G,).

    `alone` (K,) is the sum of squares of lines whose employer is not known.
    """

    names: pl.Series
    of: Floats
    alone: Floats

    @property
    def norm(self) -> Floats:
        """Root (K,) of the sum of squares: the standard error, but for a factor near 1."""
        total: Floats = np.sqrt((self.of**2).sum(axis=0) + self.alone)
        return total

    def correlation(self, newer: Influence) -> Floats:
        """Correlation (K,) of these K estimates and the same ones of another day; 0 if unknown."""
        mine, theirs = (
            part.names.to_frame("name").with_row_index(at)
            for part, at in ((self, "i"), (newer, "j"))
        )
        both = mine.join(theirs, on="name")
        shared = (self.of[both["i"].to_numpy()] * newer.of[both["j"].to_numpy()]).sum(axis=0)
        size = self.norm * newer.norm
        found: Floats = np.divide(shared, size, out=np.zeros_like(shared), where=size > 0)
        return np.clip(found, -1.0, 1.0)


def summed(employer: pl.Series, values: Floats) -> Influence:
    """Of lines (m, K) with their employers, null where not known."""
    codes, names = _coded(employer)
    of = np.zeros((len(names), values.shape[1]))
    known = codes >= 0
    np.add.at(of, codes[known], values[known])
    return Influence(names, of, (values[~known] ** 2).sum(axis=0))


def of_shares(employer: pl.Series, row: Codes, column: Codes, k: int) -> Influence:
    """Of the shares of m lines that name each of `k` things: line `row` names thing `column`."""
    codes, names = _coded(employer)
    known, m = codes >= 0, max(len(employer), 1)
    share = np.bincount(column, minlength=k) / m
    hits = np.zeros((len(names), k))
    named = known[row]
    np.add.at(hits, (codes[row[named]], column[named]), 1.0)
    sizes = np.bincount(codes[known], minlength=len(names))
    lonely = np.bincount(column[~named], minlength=k)
    n = int((~known).sum())
    alone = lonely * (1 - share) ** 2 + (n - lonely) * share**2
    return Influence(names, (hits - share * sizes[:, None]) / m, alone / m**2)


def of_gap(rows: pl.DataFrame, distinct: bool = False) -> Influence:
    """Of the mean log pay of A less that of B in `rows` of `compare.found`."""
    paid = rows.filter(pl.col("low").is_not_null())
    pay, n = _logs(paid), _weights(paid, distinct)
    value = np.zeros(len(pay))
    for sign, side in ((1.0, True), (-1.0, False)):
        mine = (paid["is_a"] == side).to_numpy()
        if n[mine].sum():
            value[mine] = sign * _centred(pay[mine], n[mine])
    return summed(paid["employer"], value[:, None])


def of_percentiles(rows: pl.DataFrame, side: bool, told: Sequence[tuple[int, float]]) -> Influence:
    """Of the percentiles (p, pay) of one role."""
    paid = rows.filter(pl.col("low").is_not_null() & (pl.col("is_a") == side))
    pay, n = _logs(paid), _weights(paid, False)
    below = np.stack([pay <= np.log(value) + 1e-12 for _, value in told], axis=1)
    target = np.array([p / 100 for p, _ in told])
    return summed(paid["employer"], (target - below) * (n / n.sum())[:, None])


def _logs(paid: pl.DataFrame) -> Floats:
    pay: Floats = np.log((paid["low"].to_numpy() + paid["high"].to_numpy()) / 2)
    return pay


def _weights(paid: pl.DataFrame, distinct: bool) -> Floats:
    return np.ones(paid.height) if distinct else paid["n"].to_numpy().astype(float)


def _centred(pay: Floats, n: Floats) -> Floats:
    centred: Floats = n * (pay - np.average(pay, weights=n)) / n.sum()
    return centred


def _coded(employer: pl.Series) -> tuple[Codes, pl.Series]:
    """Codes (m,) of employers, -1 where not known, and their names."""
    names = employer.drop_nulls().unique().sort()
    place = employer.cast(pl.Enum(names)).to_physical().cast(pl.Int64)
    return place.fill_null(-1).to_numpy(), names
