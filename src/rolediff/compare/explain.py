"""Why the means differ: Oaxaca-Blinder decompositions from cells.

Blinder (1973), Oaxaca (1973); threefold as in Jann (2008, Stata Journal 8(4), eq. 2); references
Neumark (1988), pooled with a group indicator (Jann 2008, Fortin 2008), Reimers (1983), Cotton
(1988); categories normalised by deviation contrasts (Gardeazabal and Ugidos 2004, Yun 2005);
errors by the delta method with stochastic covariates (Jann 2008, section 3).
"""

from __future__ import annotations

import numpy as np

from rolediff.compare.splitting import REFERENCES, Splitter, collinear, report_coding
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.results import Decomposition, Note
from rolediff.stats.cells import Cells, join_rare
from rolediff.stats.joint import Errors, Joint, joint

__all__ = ["REFERENCES", "explain", "report_coding"]


def explain(
    cells: Cells,
    *,
    a: str = "A",
    b: str = "B",
    outcome: str = "y",
    reference: str = "pooled",
    errors: Errors = "HC1",
    normalize: bool = True,
    confidence: float = 0.95,
    least: int = 1,
    dropped: int = 0,
    notes: tuple[Note, ...] = (),
    records: int | None = None,
    source: str = "",
) -> Decomposition:
    """Decompose mean(A) - mean(B) of the outcome in `cells`.

    Args:
        reference: one of `REFERENCES`, for `explained` and `unexplained`; all six are returned.
        errors: "iid" and "HC1" (means independent of coefficients, as Stata's oaxaca), "HC0"
            (stacked influence functions) or "cluster" (those summed by cluster; with fewer than
            100 clusters the cluster jackknife of MacKinnon, Nielsen and Webb 2023).
        normalize: make detail independent of the base category; else the first is the base.
        least: categories with fewer rows in either group are joined as "(other)".
        dropped, notes: handed on to the answer; further notes are added.
        records: what to report as `n`, where rows carry copies as weights.
        source: names the data in every estimate.

    Raises:
        UsageError: unknown reference.
        NotEnoughEvidence: a group with fewer than two rows more than coefficients.
    """
    if not 0 < confidence < 1:
        raise UsageError(f"confidence {confidence} is no share: write 0.95")
    if reference not in REFERENCES:
        raise UsageError(f"no reference {reference!r}: choose one of {', '.join(REFERENCES)}")
    _check_size(cells, a, b, errors == "cluster")
    cells, joined = join_rare(cells, least)
    notes += joined
    fitted = joint(cells, errors)
    notes += collinear(fitted.design, fitted.dropped_columns)
    k = fitted.design.width - len(fitted.dropped_columns)
    if min(s.rows for s in fitted.sides) < k + 2:
        raise NotEnoughEvidence(
            f"{k} coefficients cannot be estimated from {min(s.rows for s in fitted.sides)} rows: "
            "use fewer factors or more data"
        )
    n = records if records is not None else sum(s.rows for s in fitted.sides)
    parts = Splitter(fitted, normalize, confidence, n, source)
    return parts.decomposition(a, b, outcome, reference, _label(errors, fitted), dropped, notes)


def _check_size(cells: Cells, a: str, b: str, clustered: bool) -> None:
    for name, mask in ((a, cells.group), (b, ~cells.group)):
        if cells.n[mask].sum() < 2:
            raise NotEnoughEvidence(f"{name}: fewer than 2 rows; a decomposition needs more data")
        if clustered and cells.cluster is not None and np.ptp(cells.cluster[mask]) == 0:
            raise NotEnoughEvidence(f"{name}: all rows lie in one cluster; errors need two or more")


def _label(errors: Errors, fitted: Joint) -> str:
    if errors != "cluster":
        return errors
    way = "cluster jackknife (CV3)" if fitted.jackknife else "cluster-robust"
    return f"{way}, {fitted.units} clusters"
