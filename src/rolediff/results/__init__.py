"""Frozen answers. Every number is an `Estimate`: a value, an interval, a count, a source."""

from rolediff.results.account import Account
from rolediff.results.comparison import (
    ENDS,
    GREY,
    HIDDEN,
    PERCENTILES,
    Comparison,
    OtherReading,
    RoleSample,
    Rung,
    Within,
)
from rolediff.results.decomposition import PARTS, Decomposition, Note, Parts, Twofold
from rolediff.results.estimate import TOLERANCE, Estimate
from rolediff.results.matched import MATCHED, Matched
from rolediff.results.reweighted import Balance, Reweighted, Split
from rolediff.results.robust import FOUR, FourParts, RobustDecomposition

__all__ = [
    "ENDS",
    "FOUR",
    "GREY",
    "HIDDEN",
    "MATCHED",
    "PARTS",
    "PERCENTILES",
    "TOLERANCE",
    "Account",
    "Balance",
    "Comparison",
    "Decomposition",
    "Estimate",
    "FourParts",
    "Matched",
    "Note",
    "OtherReading",
    "Parts",
    "Reweighted",
    "RobustDecomposition",
    "RoleSample",
    "Rung",
    "Split",
    "Twofold",
    "Within",
]
