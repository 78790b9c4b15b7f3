"""`decompose`: an Oaxaca-Blinder decomposition of any table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from rolediff.compare.explain import explain
from rolediff.errors import UsageError
from rolediff.results import Decomposition, Note
from rolediff.stats.table import Dropped, Model, collapse


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
) -> Decomposition:
    """Why does the mean outcome of group `a` differ from that of group `b`?

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

    Returns:
        A `Decomposition` of mean(a) - mean(b), in the unit of the outcome or in log points.
        Rows with a missing value are dropped and counted in `.dropped`.

    Raises:
        ColumnError, UsageError: a column or argument is wrong.
        NotEnoughEvidence: too few complete rows.

    References:
        Blinder (1973); Oaxaca (1973); Jann (2008), Stata Journal 8(4); Yun (2005).
    """
    if vcov not in ("iid", "HC0", "HC1"):
        raise UsageError(f"no errors {vcov!r}: choose iid, HC0 or HC1, or name a cluster column")
    model = Model(outcome, group, a, b, tuple(factors), tuple(numeric), weights, cluster, log)
    cells, dropped = collapse(frame, model)
    return explain(
        cells,
        a=str(a),
        b=str(b),
        outcome=f"log({outcome})" if log else outcome,
        reference=reference,
        errors="cluster" if cluster else vcov,
        normalize=normalize,
        confidence=confidence,
        dropped=dropped.missing + dropped.unlogged,
        notes=_notes(dropped),
    )


def _notes(dropped: Dropped) -> tuple[Note, ...]:
    said = ((dropped.missing, "a value missing"), (dropped.unlogged, "an outcome not above 0"))
    return tuple(Note("dropped", "", f"{n:,} rows left out, {why}") for n, why in said if n)
