"""Sources side by side: which one answers, and whether the others agree.

Pooling sources confuses the roles with the dates and search terms by which each was collected, so
a comparison is made within one source and the others stand beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from rolediff.compare.pay import mean_gaps
from rolediff.compare.sample import Sample
from rolediff.results import HIDDEN, Agreement, BySource, Estimate, Places, SourcesAgree


def answering_source(rows: pl.DataFrame) -> str | None:
    """The source with most comparable pay: by the role that has less, then by both together.

    `rows` are those of `roles.find`. None where there is at most one source.
    """
    if rows["source"].n_unique() < 2:
        return None
    counted = (
        rows.filter(pl.col("low").is_not_null())
        .group_by("source")
        .agg(
            pl.col("n").filter(pl.col("is_a") == side).sum().alias(name)
            for side, name in ((True, "a"), (False, "b"))
        )
    )
    order = [pl.min_horizontal("a", "b"), pl.col("a") + pl.col("b"), "source"]
    ranked = counted.sort(order, descending=[True, True, False])
    return str(ranked["source"][0]) if ranked.height else None


def by_source(
    rows: pl.DataFrame, titles: Mapping[str, str], chosen: str | None
) -> tuple[BySource, ...]:
    """The gap in each source of `rows`, the one that answers first, then those with most pay.

    `titles` = name of a source to its title; empty where there are fewer than two sources.
    """
    names = rows["source"].unique().drop_nulls()
    if len(names) < 2:
        return ()
    samples = {name: Sample.of(rows.filter(pl.col("source") == name)) for name in names}
    found = {name: _gaps(sample) for name, sample in samples.items()}
    answer = found[chosen][0] if chosen in found else None
    listed = [
        BySource(
            name=name,
            title=titles.get(name, ""),
            n_a=sample.records(True),
            n_b=sample.records(False),
            gap=found[name][0],
            gap_distinct=found[name][1],
            answers=name == chosen,
            agrees=None if name == chosen else agreement(answer, found[name][0]),
        )
        for name, sample in samples.items()
    ]
    return tuple(sorted(listed, key=lambda s: (not s.answers, -min(s.n_a, s.n_b), s.name)))


def _gaps(sample: Sample) -> tuple[Estimate | None, Estimate | None]:
    """On all records and on distinct ones; none with fewer than `HIDDEN` on a side."""
    if min(sample.lines(side) for side in (True, False)) < HIDDEN:
        return None, None
    return mean_gaps(sample)


def agreement(answer: Estimate | None, other: Estimate | None) -> Agreement:
    """Whether two gaps are both clear and of one sign ("yes"), of two ("no"), or else "unclear"."""
    signs = [_sign(e) for e in (answer, other)]
    if 0 in signs:
        return "unclear"
    return "yes" if signs[0] == signs[1] else "no"


def agreements(by_source: Sequence[Places]) -> tuple[SourcesAgree, ...]:
    """Categories that two sources answer, and whether both show the same role more often."""
    found = []
    for i, first in enumerate(by_source):
        for second in (p for p in by_source[i + 1 :] if p.factor == first.factor):
            other = {s.category: s for s in second.shares}
            found += [
                SourcesAgree(
                    s.category, s.label, (first.source, second.source), s.difference,
                    other[s.category].difference,
                    agreement(s.difference, other[s.category].difference), first.factor,
                )
                for s in first.shares
                if s.category in other
            ]  # fmt: skip
    return tuple(found)


def _sign(gap: Estimate | None) -> int:
    """The sign of a gap whose interval leaves out zero; else 0."""
    if gap is None or gap.low is None or gap.high is None:
        return 0
    return (gap.low > 0) - (gap.high < 0)
