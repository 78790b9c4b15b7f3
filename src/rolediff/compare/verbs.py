"""`reweight`, `decompose_reweighted`, `match`, `account`: decompositions of any table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from rolediff.compare.accounting import account_for
from rolediff.compare.matched import matched
from rolediff.compare.reweighting import reweighted
from rolediff.compare.robust import explain_robust
from rolediff.results import Account, Matched, Reweighted, RobustDecomposition
from rolediff.stats.dropped import notes_of
from rolediff.stats.functional import statistic as asked
from rolediff.stats.table import Model, collapse
from rolediff.stats.valued import valued

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
STATISTICS = ("mean", "variance", "gini", "p90-p10")


def reweight(
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
    reference: Literal["A", "B"] = "B",
    log: bool = False,
    method: Literal["logit", "cell"] = "logit",
    interactions: Sequence[str] = (),
    steps: Sequence[Sequence[str]] = (),
    quantiles: Sequence[float] = QUANTILES,
    statistics: Sequence[str] = STATISTICS,
    confidence: float = 0.95,
) -> Reweighted:
    """What would remain of a gap if one group were composed like the other?

    Args:
        frame, outcome, group, a, b, factors, numeric, weights, cluster, log: as in `decompose`.
        reference: "B" makes group b look like a; "A" the other way round.
        method: "logit", the odds of a group by a logit on the covariates and `interactions`
            ("union:education"); "cell", shares of every combination of the covariates.
        steps: factors that enter in turn, to split the composition: `[["level"], ["country"]]`.
        quantiles: probabilities. statistics: "mean", "variance", "gini" (with `log` of the outcome
            itself), ranges of percentiles as "p90-p10".

    Returns:
        A `Reweighted`; `["p50"]`, `["mean"]`, ... give gap = composition + structure
        (+ off_support, with "cell").

    Raises:
        ColumnError, UsageError: a column or argument is wrong.
        NotEnoughEvidence: too few complete rows, or a logit that tells the groups apart.

    References:
        DiNardo, Fortin and Lemieux (1996), Econometrica 64(5).
    """
    wanted = [asked(q, log=log) for q in quantiles]
    wanted += [asked(None, name, log=log) for name in statistics]
    model = Model(outcome, group, a, b, tuple(factors), tuple(numeric), weights, cluster, log)
    cells, dropped = collapse(frame, model, by_value=True)
    return reweighted(
        valued(cells),
        wanted,
        a=str(a),
        b=str(b),
        outcome=_named(outcome, log),
        reference=reference,
        method=method,
        interactions=interactions,
        steps=steps,
        confidence=confidence,
        dropped=dropped.total,
        notes=notes_of(dropped),
    )


def decompose_reweighted(
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
    reference: Literal["A", "B"] = "B",
    log: bool = False,
    method: Literal["logit", "cell"] = "logit",
    interactions: Sequence[str] = (),
    quantile: float | None = None,
    statistic: str | None = None,
    ties: str = "at or below",
    normalize: bool = True,
    confidence: float = 0.95,
) -> RobustDecomposition:
    """Decompose with reweighting and regression at once, and see how far each can be trusted.

    Arguments as in `decompose` and `reweight`; `interactions` are of the logit alone.

    Returns:
        A `RobustDecomposition`: gap = composition + specification error + structure +
        reweighting error, by factor and category.

    Raises:
        ColumnError, UsageError: a column or argument is wrong.
        NotEnoughEvidence: too few complete rows, or a logit that tells the groups apart.

    References:
        Firpo, Fortin and Lemieux (2018), Econometrics 6(2), section 4.
    """
    what = asked(quantile, statistic, log=log, ties=ties)
    model = Model(outcome, group, a, b, tuple(factors), tuple(numeric), weights, cluster, log)
    cells, dropped = collapse(frame, model, by_value=True)
    return explain_robust(
        valued(cells),
        what,
        a=str(a),
        b=str(b),
        outcome=_named(outcome, log),
        reference=reference,
        method=method,
        interactions=interactions,
        normalize=normalize,
        confidence=confidence,
        dropped=dropped.total,
        notes=notes_of(dropped),
    )


def match(
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
    reference: Literal["A", "B"] = "B",
    log: bool = False,
    confidence: float = 0.95,
) -> Matched:
    """Compare only records that are alike in every covariate, and count those that have no match.

    Arguments as in `decompose`; `numeric` covariates must be equal too. `reference`: whose
    outcomes value the difference in composition.

    Returns:
        A `Matched`: gap = explained + unexplained + only_a + only_b, with the shares of both
        groups that have no counterpart.

    Raises:
        ColumnError, UsageError: a column or argument is wrong.
        NotEnoughEvidence: no record of a is alike to one of b.

    References:
        Nopo (2008), Review of Economics and Statistics 90(2).
    """
    model = Model(outcome, group, a, b, tuple(factors), tuple(numeric), weights, cluster, log)
    cells, dropped = collapse(frame, model)
    return matched(
        cells,
        a=str(a),
        b=str(b),
        outcome=_named(outcome, log),
        reference=reference,
        confidence=confidence,
        dropped=dropped.total,
        notes=notes_of(dropped),
    )


def account(
    frame: Any,
    *,
    outcome: str,
    group: str,
    a: Any,
    b: Any,
    factors: Sequence[str] = (),
    numeric: Sequence[str] = (),
    held: Sequence[str] = (),
    weights: str | None = None,
    cluster: str | None = None,
    log: bool = False,
    confidence: float = 0.95,
) -> Account:
    """How much does each covariate move the gap once all are held equal, whatever the order?

    Arguments as in `decompose`; those of the covariates that are named in `held` are held equal
    from the start.

    Returns:
        An `Account`: base = full + the sum of what each covariate moves.

    Raises:
        ColumnError, UsageError: a column or argument is wrong.
        NotEnoughEvidence: too few complete rows.

    References:
        Gelbach (2016), Journal of Labor Economics 34(2).
    """
    model = Model(outcome, group, a, b, tuple(factors), tuple(numeric), weights, cluster, log)
    cells, dropped = collapse(frame, model)
    return account_for(
        cells,
        held,
        a=str(a),
        b=str(b),
        outcome=_named(outcome, log),
        confidence=confidence,
        dropped=dropped.total,
        notes=notes_of(dropped),
    )


def _named(outcome: str, log: bool) -> str:
    return f"log({outcome})" if log else outcome
