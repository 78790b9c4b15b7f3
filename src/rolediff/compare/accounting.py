"""What each factor takes off the gap once all are held equal, in no order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rolediff.compare.sample import End, Sample
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.results import Account, Note
from rolediff.stats.cells import Cells, join_rare
from rolediff.stats.design import Design
from rolediff.stats.gelbach import gelbach
from rolediff.stats.units import estimates

RARE = 5
"""Categories with fewer distinct records in either role are joined."""


def account_for(
    cells: Cells,
    held: Sequence[str] = (),
    *,
    a: str = "A",
    b: str = "B",
    outcome: str = "y",
    confidence: float = 0.95,
    least: int = 1,
    dropped: int = 0,
    notes: tuple[Note, ...] = (),
    records: int | None = None,
    source: str = "",
) -> Account:
    """Account for the gap between A and B by every covariate of `cells` that is not in `held`.

    Raises:
        UsageError: a name in `held` that is no covariate.
        NotEnoughEvidence: fewer rows than coefficients, or one cluster in a group.
    """
    names = [*(f.name for f in cells.factors), *cells.numeric_names]
    unknown = [name for name in held if name not in names]
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no covariate here: {', '.join(names)}")
    for name, mask in ((a, cells.group), (b, ~cells.group)):
        if cells.cluster is not None and np.ptp(cells.cluster[mask]) == 0:
            raise NotEnoughEvidence(f"{name}: all rows lie in one cluster; errors need two or more")
    cells, joined = join_rare(cells, least)
    design = Design.of(cells)
    if cells.n.sum() < design.width + 3:
        raise NotEnoughEvidence(
            f"{design.width + 1} coefficients cannot be estimated from {cells.n.sum():.0f} rows: "
            "use fewer factors or more data"
        )
    owner = [t.factor for t in design.column_terms]
    parts = [name for name in dict.fromkeys(owner[1:]) if name not in held]
    base = np.flatnonzero([i == 0 or name in held for i, name in enumerate(owner)])
    part = np.array([parts.index(name) if name in parts else -1 for name in owner])
    found = gelbach(cells, base, part, len(parts))
    notes += joined + tuple(
        Note("collinear", design.column_terms[j].factor, "left out, told by the others")
        for j in found.dropped_columns
    )
    n = round(float(cells.n.sum())) if records is None else records
    base_gap, full_gap, *moved = estimates(
        list(found.values), found.errors, confidence, n, source, found.way
    )
    return Account(
        a=a, b=b, outcome=outcome, held=tuple(held), base=base_gap, full=full_gap,
        moved=dict(zip(parts, moved, strict=True)), vcov=found.way, dropped=dropped, notes=notes,
    )  # fmt: skip


def account_sample(
    sample: Sample,
    names: Sequence[str],
    held: Sequence[str] = (),
    *,
    end: End = "mid",
    distinct: bool = False,
    a: str = "A",
    b: str = "B",
) -> Account:
    """Account for the gap of two roles in mean log pay by `names`, those in `held` equal from
    the start; rare categories are joined."""
    every = [*held, *(name for name in names if name not in held)]
    cells = sample.cells(every, end, distinct)
    cells, joined = join_rare(cells, RARE)
    left = {f.name for f in cells.factors}
    return account_for(
        cells,
        [name for name in held if name in left],
        a=a,
        b=b,
        outcome="log pay",
        notes=joined,
        records=int(sample.copies(distinct).sum()),
        source=sample.source,
    )
