"""Exact matching: what two roles pay for records that are alike in everything recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rolediff.compare.sample import End, Sample
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.results import Matched, Note
from rolediff.stats.cells import Cells
from rolediff.stats.matching import PARTS, Matching, matching
from rolediff.stats.units import estimates, share

LONELY = 0.5
"""Above this share of the support in combinations that one unit fills, no interval is shown."""


def matched(
    cells: Cells,
    *,
    a: str = "A",
    b: str = "B",
    outcome: str = "y",
    reference: str = "B",
    confidence: float = 0.95,
    dropped: int = 0,
    notes: tuple[Note, ...] = (),
    records: int | None = None,
    source: str = "",
) -> Matched:
    """Match A and B of `cells` on every covariate; categories are not joined.

    `reference`: whose pay values the difference in composition. Nopo (2008) takes the men's.

    Raises:
        UsageError: unknown reference. NotEnoughEvidence: no combination occurs in both groups.
    """
    if reference not in ("A", "B"):
        raise UsageError(f"reference {reference!r}: matching takes the pay of A or of B")
    _check(cells, (a, b))
    try:
        found = matching(cells if reference == "A" else replace(cells, group=~cells.group))
    except ZeroDivisionError as error:
        raise NotEnoughEvidence(
            f"no record of {a} is alike to one of {b} in all covariates: use fewer factors"
        ) from error
    n = round(float(cells.n.sum())) if records is None else records
    values, off, sizes, counts = _from_reference(found, reference)
    made = dict(zip(PARTS, estimates(values, found.errors, confidence, n, source), strict=True))
    if reference == "B":
        made["only_a"], made["only_b"] = made["only_b"], made["only_a"]
    if found.alone > LONELY:
        few = "no interval: most combinations have a single record"
        made = {k: replace(e, low=None, high=None, se=None, method=few) for k, e in made.items()}
    shares = [share(o, size, confidence, n, source) for o, size in zip(off, sizes, strict=True)]
    return Matched(
        a=a, b=b, outcome=outcome, reference=reference, **made, off_a=shares[0], off_b=shares[1],
        combinations=counts, factors=tuple(f.name for f in cells.factors), dropped=dropped,
        notes=notes,
    )  # fmt: skip


def _from_reference(
    found: Matching, reference: str
) -> tuple[list[float], tuple[float, float], tuple[float, float], tuple[int, int, int]]:
    """Values as A less B, whichever group was the yardstick."""
    values, (first, second, both) = list(found.values), found.combinations
    if reference == "A":
        return values, found.off, found.sizes, found.combinations
    flipped = [0.0 - x for x in values]
    return flipped, found.off[::-1], found.sizes[::-1], (second, first, both)


def _check(cells: Cells, names: tuple[str, str]) -> None:
    for name, mask in zip(names, (cells.group, ~cells.group), strict=True):
        if cells.n[mask].sum() < 2:
            raise NotEnoughEvidence(f"{name}: fewer than 2 rows; matching needs more data")
        if cells.cluster is not None and np.ptp(cells.cluster[mask]) == 0:
            raise NotEnoughEvidence(f"{name}: all rows lie in one cluster; errors need two or more")


def match_sample(
    sample: Sample,
    names: Sequence[str],
    *,
    reference: str = "B",
    end: End = "mid",
    distinct: bool = False,
    a: str = "A",
    b: str = "B",
) -> Matched:
    """Match the records of two roles on these factors, as recorded; gaps in log pay."""
    return matched(
        sample.cells(names, end, distinct),
        a=a,
        b=b,
        outcome="log pay",
        reference=reference,
        records=int(sample.copies(distinct).sum()),
        source=sample.source,
    )
