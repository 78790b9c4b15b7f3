"""Arithmetic mean of pay, which "average" may mean as well as the median."""

from __future__ import annotations

import json
import math
import shlex
from typing import Any

import numpy as np

from rolediff.annotate.roles import Role
from rolediff.compare.asked import question
from rolediff.compare.found import answering, find
from rolediff.compare.sample import Sample
from rolediff.market import Where, load
from rolediff.results import Estimate
from rolediff.stats.tails import critical


def mean_pay(
    role: str | Role, other: str | Role, where: str | Where | None = None, data: Any = None
) -> Estimate:
    """Mean pay of `role`, among the records that `rolediff ROLE OTHER` answers from.

    In US dollars a year, at the midpoint of the range.

    Raises:
        UsageError, DataError, NotEnoughEvidence: as their messages say.
    """
    market, q = load(data).market, question(role, other, where=where)
    asked = answering(find(market, q), q)
    return mean_of(Sample.of(find(market, asked).rows), True)


def mean_of(sample: Sample, side: bool) -> Estimate:
    """Mean pay of one role of `sample`, its error summed by employer or identical records.

    The linearised ratio estimator (Cochran 1977, section 9), t with one degree of freedom less
    than independent units. Without an interval where there are fewer than two.
    """
    mine = sample.is_a == side
    pay, n = sample.pay()[mine], sample.n[mine]
    unit = np.arange(int(mine.sum())) if sample.unit is None else sample.unit[mine]
    units, total = len(np.unique(unit)), float(n.sum())
    mean = float(n @ pay) / total
    if units < 2:
        return Estimate(mean, n=int(total), clusters=units, method="one unit", source=sample.source)
    by_unit = np.bincount(unit, n * (pay - mean)) / total
    se = math.sqrt(units / (units - 1) * float(by_unit @ by_unit))
    margin = critical(units - 1) * se
    method = f"mean, {sample.clusters()}"
    return Estimate(mean, mean - margin, mean + margin, int(total), se, units - 1, units, method,
                    sample.source)  # fmt: skip


def mean_command(role: Role, other: Role, where: Where, extra: str = "") -> str:
    """A command that prints `mean_pay`; `extra` is the option --data of the check, if any."""
    given = [_literal(role.label), _literal(other.label)]
    given += [f"where={_literal(str(where))}"] if where else []
    words = shlex.split(extra)
    given += (
        [f"data={_literal(words[words.index('--data') + 1])}"] if "--data" in words[:-1] else []
    )
    code = f"from rolediff.claims.mean import mean_pay; print(mean_pay({', '.join(given)}))"
    return shlex.join(["python", "-c", code])


def _literal(text: str) -> str:
    """`text` as Python writes it, in double quotes, which a shell need not escape."""
    return json.dumps(text, ensure_ascii=False)
