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
from rolediff.results.robustness import (
    Benchmark,
    HiddenFactor,
    Influence,
    LeftOut,
    RangeCheck,
    Setting,
    SpecificationCurve,
    SpecificationRun,
)
from rolediff.results.shrunken import PooledCell, PooledCells, SkillMix, SkillPremium

__all__ = [
    "ENDS",
    "GREY",
    "HIDDEN",
    "PARTS",
    "PERCENTILES",
    "TOLERANCE",
    "Agreement",
    "Benchmark",
    "BySource",
    "Comparison",
    "Decomposition",
    "Estimate",
    "HiddenFactor",
    "Influence",
    "LeftOut",
    "Note",
    "OtherReading",
    "Parts",
    "PooledCell",
    "PooledCells",
    "RangeCheck",
    "RoleSample",
    "Rung",
    "Setting",
    "SkillMix",
    "SkillPremium",
    "SpecificationCurve",
    "SpecificationRun",
    "Twofold",
    "Within",
]
