"""Which tables each kind of answer has, as data frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from rolediff.errors import MissingExtraError, UsageError
from rolediff.report import tables_ads as ads
from rolediff.report import tables_pay as pay
from rolediff.report.tabular import Table
from rolediff.results import (
    Account,
    Brief,
    CareerPath,
    CheckedArticle,
    Comparison,
    Decomposition,
    Estimate,
    Matched,
    Report,
    Reweighted,
    RobustDecomposition,
    Short,
    Skills,
    Trend,
    WhereHired,
    Why,
    Work,
)

if TYPE_CHECKING:
    import pandas as pd

OF: Mapping[type, Mapping[str, Table]] = {
    Estimate: pay.ESTIMATE,
    Comparison: pay.COMPARISON,
    Why: pay.WHY,
    Decomposition: pay.DECOMPOSITION,
    RobustDecomposition: pay.ROBUST,
    Account: pay.ACCOUNT,
    Matched: pay.MATCHING,
    Reweighted: pay.REWEIGHTED,
    Skills: ads.SKILLS,
    Work: ads.WORK,
    WhereHired: ads.WHERE,
    Trend: ads.TREND,
    CareerPath: ads.PATH,
    Brief: ads.BRIEF,
    CheckedArticle: ads.CHECKED,
}


def tables(answer: Any) -> dict[str, tuple[Any, Table]]:
    """The tables of an answer by name, each with what it is a table of."""
    if isinstance(answer, Report):
        return _of_report(answer)
    return {name: (answer, table) for name, table in OF[type(answer)].items()}


def _of_report(r: Report) -> dict[str, tuple[Any, Table]]:
    """The tables of every part that can be told, as "skills.groups"."""
    parts = {
        "pay": r.pay, "why": r.why, "skills": r.skills, "work": r.work, "where": r.hired,
        "trend": r.trend, "path_a": r.paths[0], "path_b": r.paths[1],
    }  # fmt: skip
    told = {name: part for name, part in parts.items() if not isinstance(part, Short)}
    return {
        f"{part}.{name}": (answer, table)
        for part, answer in told.items()
        for name, table in OF[type(answer)].items()
    }


def names(answer: Any) -> Iterator[str]:
    """The names of an answer's tables."""
    yield from tables(answer)


def frame(answer: Any, table: str | None = None) -> pl.DataFrame:
    """A table of an answer, by default its first; UsageError if there is no such table."""
    known = tables(answer)
    chosen = next(iter(known)) if table is None else table
    if chosen not in known:
        raise UsageError(f"no table {chosen!r}: choose one of {', '.join(known)}")
    where, found = known[chosen]
    return found.frame(where)


def pandas_frame(answer: Any, table: str | None = None) -> pd.DataFrame:
    """The same for pandas, which need not be installed for anything else."""
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError("to_pandas needs pandas: pip install pandas") from error
    return pd.DataFrame(frame(answer, table).to_dict(as_series=False))
