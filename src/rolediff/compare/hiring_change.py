"""How the openings of two roles moved between two markets: how many, and in which industries.

Openings are counted at employers with an ad of any role in both markets. Those that the crawler
added or lost say nothing; and as the rule is the same for both days, employers that happened to
have an ad on one of them alone weigh on neither side, so flat demand is told as flat.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from rolediff.annotate.roles import matches
from rolediff.compare.changes import changed
from rolediff.compare.dated import Dated, Pair, titled
from rolediff.compare.openings import codes_in
from rolediff.compare.overlap import Influence, of_shares
from rolediff.compare.where import category_labels, hiring, industry_factor, places
from rolediff.market import each
from rolediff.results import HIDDEN, Estimate, Missing
from rolediff.results.market_diff import Change
from rolediff.stats.cells import Floats
from rolediff.stats.tails import critical


@dataclass(frozen=True)
class Staying:
    """Ads by employer of those in both markets: `a` and `b` (G, 2), older and newer.

    `employers` in each market, with an ad of any role.
    """

    a: Floats
    b: Floats
    employers: tuple[int, int]

    @classmethod
    def of(cls, dated: Pair) -> Staying | None:
        """Of the source of each; None where no employer is known in one of them."""
        older, newer = (_by_employer(d) for d in dated)
        if older.is_empty() or newer.is_empty():
            return None
        both = older.join(newer, on="employer", suffix="_new").sort("employer")
        a, b = (
            both.select(role, f"{role}_new").to_numpy().astype(float).reshape(-1, 2)
            for role in ("a", "b")
        )
        return cls(a, b, (older.height, newer.height))

    @property
    def shared(self) -> int:
        """G: employers in both."""
        return len(self.a)

    def changes(self, missing: list[Missing]) -> Iterator[tuple[str, Change | None, Estimate]]:
        """The role ("A", "B"), its change and its log ratio; then "" and that of A less that of B.

        Roles with fewer than 5 ads at these employers on either day are noted in `missing`.
        """
        told = {"A": self.a, "B": self.b}
        for role, ads in told.items():
            fewest = int(ads.sum(axis=0).min()) if len(ads) else 0
            if fewest < HIDDEN:
                why = f"{fewest} ads at employers in both markets, {HIDDEN} are needed"
                missing.append(Missing(f"openings of {role}", why))
        enough = [role for role, ads in told.items() if len(ads) and ads.sum(0).min() >= HIDDEN]
        for role in enough:
            counts = told[role].sum(axis=0)
            n, units = int(counts.sum()), _hiring(told[role])
            ratio = _ratio(_influence(told[role]), _log(counts), n, units)
            old, new = (Estimate(float(k), n=int(k)) for k in counts)
            yield role, Change("openings", "log", old, new, ratio), ratio
        if len(enough) == len(told):
            value = _log(self.a.sum(axis=0)) - _log(self.b.sum(axis=0))
            every = self.a + self.b
            influence = _influence(self.a) - _influence(self.b)
            yield "", None, _ratio(influence, value, int(every.sum()), _hiring(every))


def _by_employer(dated: Dated) -> pl.DataFrame:
    """Ads of A, of B and of any role of each employer that is known."""
    lines = titled(dated).drop_nulls("employer")
    titles, q = lines["title"].unique(), dated.q
    of_a, of_b = (titles.filter(matches(role, titles, q.reading)) for role in (q.a, q.b))
    is_a, is_b = (pl.col("title").is_in(mine.implode()) for mine in (of_a, of_b))
    n = pl.col("n").cast(pl.Int64)
    return lines.group_by("employer").agg(
        a=n.filter(is_a & ~is_b).sum(), b=n.filter(is_b & ~is_a).sum()
    )


def _influence(ads: Floats) -> Floats:
    """What each employer (G,) adds to the error of the log ratio of ads (G, 2)."""
    part: Floats = ads / ads.sum(axis=0)
    return np.asarray(part[:, 1] - part[:, 0], float)


def _log(counts: Floats) -> float:
    return math.log(counts[1] / counts[0])


def _hiring(ads: Floats) -> int:
    """Employers with an ad on either day."""
    return int((ads.sum(axis=1) > 0).sum())


def _ratio(influence: Floats, value: float, n: int, units: int) -> Estimate:
    """A log ratio with its interval by linearization, clustered by employer."""
    method = "log ratio at employers in both, linearized, clustered by employer"
    if units < 2:
        return Estimate(value, n=n, clusters=units, method="too few employers")
    se = math.sqrt(units / (units - 1) * float((influence**2).sum()))
    margin = critical(units - 1) * se
    return Estimate(value, value - margin, value + margin, n, se, units - 1, units, method)


def industry_changes(
    dated: Pair, rows: tuple[pl.DataFrame, pl.DataFrame], missing: list[Missing]
) -> Iterator[tuple[str, Change]]:
    """The role and the change of the share of each industry among what is hired for.

    `rows` = those of `compare.found` of each market. What is lacking is noted in `missing`.
    """
    units = [next(s.unit for s in d.market.sources if s.name == d.source) for d in dated]
    factor = industry_factor(rows[1])
    if factor is None or rows[0][factor].null_count() == rows[0].height:
        missing.append(Missing("industries", "no industry is known in one of the markets"))
        return
    hired = [
        hiring(d.market, d.q, d.source, part, unit)
        for d, part, unit in zip(dated, rows, units, strict=True)
    ]
    told = [
        places(part, d.source, unit, factor, d.q.lens, some)
        for part, d, unit, some in zip(rows, dated, units, hired, strict=True)
    ]
    before, after = ({s.category: s for s in p.shares} for p in told)
    names = [name for name in after if name in before]
    if not names:
        why = next(iter(told[0].missing.values()), "no industry is in both markets")
        missing.append(Missing("industries", why))
    for side, role in ((True, "A"), (False, "B")):
        older, newer = (_stating(part, side, factor, names) for part in hired)
        for name, r in zip(names, older.correlation(newer), strict=True):
            old, new = (x.a if side else x.b for x in (before[name], after[name]))
            label = category_labels(factor).get(name, name)
            yield role, changed(label, "share", old, new, float(r))


def _stating(hired: pl.DataFrame, side: bool, factor: str, names: list[str]) -> Influence:
    """What each employer adds to the shares of `names` among a role's lines that state one."""
    mine = each(hired.filter((pl.col("is_a") == side) & pl.col(factor).is_not_null()))
    listed = mine.select(pl.concat_list(pl.col(factor).cast(pl.String))).to_series()
    row, column = codes_in(listed, pl.Series(names, dtype=pl.String))
    return of_shares(mine["employer"], row, column, len(names))
