"""`decompose`: why the outcome of two groups of any table differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from rolediff.compare.explain import explain
from rolediff.compare.rif import explain_statistic
from rolediff.errors import UsageError
from rolediff.results import Decomposition
from rolediff.stats.dropped import notes_of
from rolediff.stats.functional import statistic as asked
from rolediff.stats.table import Model, collapse
from rolediff.stats.valued import valued


def decompose(
    frame: Any,
    *,
    outcome: str,
    group: str,
    a: Any,
    b: Any,
    factors: Sequence[str] = (),
    numeric: Sequence[str] = (),
    weights: str | None = None,
    cluster: str | None = None,
    reference: str = "pooled",
    log: bool = False,
    vcov: Literal["iid", "HC0", "HC1"] = "HC1",
    normalize: bool = True,
    confidence: float = 0.95,
    quantile: float | None = None,
    statistic: str | None = None,
    ties: str = "at or below",
    density: tuple[float | Sequence[float], float | Sequence[float]] | None = None,
) -> Decomposition:
    """Why does the outcome of group `a` differ from that of group `b`, at the mean or elsewhere?

    Args:
        frame: a Polars DataFrame or LazyFrame, a pandas or Arrow table, or a path to Parquet.
        outcome: numeric column; with `log` its natural logarithm is decomposed.
        group: column that holds the values `a` and `b`; other rows are ignored.
        factors: categorical covariates. numeric: numeric covariates, entered linearly.
        weights: sampling weights (0 or more). cluster: column whose equal values may be dependent;
            errors are then cluster-robust, with fewer than 100 clusters by the cluster jackknife
            (MacKinnon, Nielsen and Webb 2023), and `vcov` is not used.
        reference: "A", "B", "neumark", "pooled", "reimers" or "cotton"; all six are in
            `.references`.
        vcov: "HC1" or "iid" (delta method as in Jann 2008), "HC0" (stacked influence functions).
        normalize: detail that does not depend on a base category (Yun 2005).
        quantile: decompose this quantile (0 to 1) by RIF regressions in place of the mean.
        statistic: or "variance", "gini" (with `log` of the outcome itself), or a range of
            percentiles as "p90-p10". Errors are then by influence functions, those of quantiles,
            densities and the like among them, and `vcov` is not used.
        ties: whether values equal to a quantile count as below it: "at or below", "below", or
            "15 digits" (as R's rifreg: y <= q rounded to so many).
        density: heights of the densities of a and of b at the quantile, or at both ends of a
            range, in place of Gaussian kernel estimates with R's bandwidth nrd0.

    Returns:
        A `Decomposition` of mean(a) - mean(b), in the unit of the outcome or in log points; of
        another statistic, of the means of its recentred influence function.
        Rows with a missing value are dropped and counted in `.dropped`.

    Raises:
        ColumnError, UsageError: a column or argument is wrong.
        NotEnoughEvidence: too few complete rows.

    References:
        Blinder (1973); Oaxaca (1973); Jann (2008), Stata Journal 8(4); Yun (2005); Firpo, Fortin
        and Lemieux (2009), Econometrica 77(3); (2018), Econometrics 6(2).
    """
    if vcov not in ("iid", "HC0", "HC1"):
        raise UsageError(f"no errors {vcov!r}: choose iid, HC0 or HC1, or name a cluster column")
    model = Model(outcome, group, a, b, tuple(factors), tuple(numeric), weights, cluster, log)
    what = asked(quantile, statistic, log=log, ties=ties)
    cells, dropped = collapse(frame, model, by_value=what.kind != "mean")
    common: dict[str, Any] = {
        "a": str(a),
        "b": str(b),
        "outcome": f"log({outcome})" if log and what.kind != "gini" else outcome,
        "reference": reference,
        "normalize": normalize,
        "confidence": confidence,
        "dropped": dropped.total,
        "notes": notes_of(dropped),
    }
    if what.kind == "mean":
        return explain(cells, errors="cluster" if cluster else vcov, **common)
    heights = None if density is None else (_listed(density[0]), _listed(density[1]))
    return explain_statistic(
        valued(cells), what, clustered=cluster is not None, density=heights, **common
    )


def _listed(heights: float | Sequence[float]) -> Sequence[float]:
    return [heights] if isinstance(heights, int | float) else heights
