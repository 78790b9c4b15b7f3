"""Two roles side by side: pay, the gap between them, and what the gap is made of.

Gaps are in log points, mean log pay of A less that of B; `.percent` turns one into percent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rolediff.results.decomposition import Decomposition
from rolediff.results.estimate import Estimate
from rolediff.results.shown import Shown

PERCENTILES = (10, 25, 50, 75, 90)
ENDS = ("low", "mid", "high")
"""Which figure of an advertised range: its low end, its midpoint, its high end."""

HIDDEN, GREY = 5, 30
"""Fewer records than these on either side: no figure at all; a figure marked as weak."""


@dataclass(frozen=True, slots=True)
class RoleSample:
    """One role as it was found in the data.

    `n` records with comparable pay, `distinct` of them that differ in some field, `records` all
    records, `unconverted` those whose currency has no rate, `no_currency` those whose currency
    nobody stated, `largest` how often the most
    repeated one occurs, `copies` how many postings the records stand for (a repost counts once a
    country), `titles` the commonest titles with counts. `percentiles` maps an end of
    the range to percentile to pay in the comparison's money; `share_us` and the like are in
    `shares`: factor to category to share of records. `histogram` (counts, edges) is of midpoints.
    """

    id: str
    label: str
    plural: str
    n: int
    distinct: int
    records: int
    unconverted: int
    no_currency: int
    largest: int
    titles: tuple[tuple[str, int], ...]
    percentiles: Mapping[str, Mapping[int, Estimate]]
    shares: Mapping[str, Mapping[str, float]]
    histogram: tuple[tuple[int, ...], tuple[float, ...]]
    proxies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    copies: int = 0

    @property
    def coverage(self) -> float:
        """Share of the role's records that state comparable pay."""
        return self.n / self.records if self.records else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "id": self.id,
            "label": self.label,
            "n": self.n,
            "distinct": self.distinct,
            "records": self.records,
            "copies": self.copies,
            "coverage": self.coverage,
            "unconverted": self.unconverted,
            "no_currency": self.no_currency,
            "most_repeated": self.largest,
            "titles": [{"title": t, "n": n} for t, n in self.titles],
            "percentiles": {
                end: {f"p{p}": e.to_dict() for p, e in table.items()}
                for end, table in self.percentiles.items()
            },
            "shares": {k: dict(v) for k, v in self.shares.items()},
            "histogram": {"counts": list(self.histogram[0]), "edges": list(self.histogram[1])},
            "proxies": {k: list(v) for k, v in self.proxies.items()},
        }


@dataclass(frozen=True, slots=True)
class Rung:
    """The gap with the factors in `held` held equal, on all records and on distinct ones.

    `flipped` and `flipped_distinct` tell where its sign is the opposite of the raw gap's, `weak`
    when a role has fewer than 30 distinct records.
    """

    held: tuple[str, ...]
    all: Estimate
    distinct: Estimate
    flipped: bool
    flipped_distinct: bool
    weak: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "held_equal": list(self.held),
            "all": self.all.to_dict(),
            "distinct": self.distinct.to_dict(),
            "sign_flips": self.flipped,
            "sign_flips_distinct": self.flipped_distinct,
            "weak": self.weak,
        }


@dataclass(frozen=True, slots=True)
class Within:
    """The gap among records of one category; `weak` when a side has fewer than 30."""

    factor: str
    category: str
    n_a: int
    n_b: int
    gap: Estimate
    weak: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "category": self.category,
            "n_a": self.n_a,
            "n_b": self.n_b,
            "gap": self.gap.to_dict(),
            "weak": self.weak,
        }


@dataclass(frozen=True, slots=True)
class OtherReading:
    """The same two roles by the other definition of their titles."""

    reading: str
    n_a: int
    n_b: int
    gap: Estimate | None
    gap_distinct: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "reading": self.reading,
            "n_a": self.n_a,
            "n_b": self.n_b,
            "gap": None if self.gap is None else self.gap.to_dict(),
            "gap_distinct": None if self.gap_distinct is None else self.gap_distinct.to_dict(),
        }


Agreement = Literal["yes", "no", "unclear"]
"""Both gaps are clear and of one sign; clear and of opposite signs; or one is not clear."""


@dataclass(frozen=True, slots=True)
class BySource:
    """The gap in one source; `gap` is None where a role has too few records in it.

    `answers` tells the source that the rest of the comparison is of, `agrees` whether another one
    agrees with it.
    """

    name: str
    title: str
    n_a: int
    n_b: int
    gap: Estimate | None
    gap_distinct: Estimate | None
    answers: bool
    agrees: Agreement | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "n_a": self.n_a,
            "n_b": self.n_b,
            "gap": None if self.gap is None else self.gap.to_dict(),
            "gap_distinct": None if self.gap_distinct is None else self.gap_distinct.to_dict(),
            "answers": self.answers,
            "agrees": self.agrees,
        }


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """The answer for two roles. Compute once, render many.

    `gap` is of mean log pay at the midpoint, `gap_distinct` with each distinct record once;
    `gap_ends` the same at each end of the range, `gap_percentiles` at percentiles of the
    midpoint. `why` decomposes the gap on all records, `why_distinct` on distinct ones (None when
    there are too few records). `gap_employers` is the gap with every employer of a role weighing
    the same, None where none is known. `by_source` has the gap in each source where there are
    several; all else is of the one that answers, unless `where` names others. `caveats` are what
    applies to this answer: (code, sentence).
    """

    a: RoleSample
    b: RoleSample
    reading: str
    where: str
    where_words: str
    money: str
    years: tuple[int, int] | None
    rates: tuple[str, ...]
    gap: Estimate
    gap_distinct: Estimate
    gap_ends: Mapping[str, Estimate]
    gap_percentiles: Mapping[int, Estimate]
    ladder: tuple[Rung, ...]
    within: Mapping[str, tuple[Within, ...]]
    other_reading: OtherReading | None
    why: Decomposition | None
    why_distinct: Decomposition | None
    excluded: int
    kind: str
    caveats: tuple[tuple[str, str], ...]
    sources: tuple[Mapping[str, Any], ...]
    gap_employers: Estimate | None = None
    by_source: tuple[BySource, ...] = ()

    def __str__(self) -> str:
        held = (f"{', '.join(r.held) or 'nothing'}: {r.all.percent}" for r in self.ladder)
        return "\n".join([f"{self.a.label} over {self.b.label}, percent, held equal:", *held])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, without the envelope."""
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "reading": self.reading,
            "where": self.where or None,
            "money": self.money,
            "years": None if self.years is None else list(self.years),
            "rates": list(self.rates),
            "gap": self.gap.to_dict(),
            "gap_distinct": self.gap_distinct.to_dict(),
            "gap_percent": self.gap.percent.to_dict(),
            "gap_distinct_percent": self.gap_distinct.percent.to_dict(),
            "gap_ends": {k: v.to_dict() for k, v in self.gap_ends.items()},
            "gap_percentiles": {f"p{k}": v.to_dict() for k, v in self.gap_percentiles.items()},
            "gap_employers": None if self.gap_employers is None else self.gap_employers.to_dict(),
            "by_source": [s.to_dict() for s in self.by_source],
            "ladder": [r.to_dict() for r in self.ladder],
            "within": {k: [w.to_dict() for w in v] for k, v in self.within.items()},
            "other_reading": None if self.other_reading is None else self.other_reading.to_dict(),
            "why": None if self.why is None else self.why.to_dict(),
            "why_distinct": None if self.why_distinct is None else self.why_distinct.to_dict(),
            "excluded_in_both": self.excluded,
            "pay_is": self.kind,
            "caveats": [{"code": c, "text": t} for c, t in self.caveats],
            "sources": [dict(s) for s in self.sources],
        }
