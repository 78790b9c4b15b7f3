"""Frozen answers. Every number is an `Estimate`: a value, an interval, a count, a source."""

from rolediff.results.comparison import (
    ENDS,
    GREY,
    HIDDEN,
    PERCENTILES,
    Agreement,
    BySource,
    Comparison,
    OtherReading,
    RoleSample,
    Rung,
    Within,
)
from rolediff.results.decomposition import PARTS, Decomposition, Note, Parts, Twofold
from rolediff.results.estimate import TOLERANCE, Estimate

__all__ = [
    "ENDS",
    "GREY",
    "HIDDEN",
    "PARTS",
    "PERCENTILES",
    "TOLERANCE",
    "Agreement",
    "BySource",
    "Comparison",
    "Decomposition",
    "Estimate",
    "Note",
    "OtherReading",
    "Parts",
    "RoleSample",
    "Rung",
    "Twofold",
    "Within",
]
