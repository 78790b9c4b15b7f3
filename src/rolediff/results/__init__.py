"""Frozen answers. Every number is an `Estimate`: a value, an interval, a count, a source."""

from rolediff.results.account import Account
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
from rolediff.results.matched import MATCHED, Matched
from rolediff.results.reasons import Measure, Part, Reason, Verdict
from rolediff.results.reweighted import Balance, Reweighted, Split
from rolediff.results.robust import FOUR, FourParts, RobustDecomposition
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
from rolediff.results.short import Short
from rolediff.results.shrunken import PooledCell, PooledCells, SkillMix, SkillPremium
from rolediff.results.why import (
    AtStatistic,
    Method,
    Methods,
    SkillReasons,
    Step,
    Waterfall,
    Why,
)

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
    "Agreement",
    "AtStatistic",
    "Balance",
    "Benchmark",
    "BySource",
    "Comparison",
    "Decomposition",
    "Estimate",
    "FourParts",
    "HiddenFactor",
    "Influence",
    "LeftOut",
    "Matched",
    "Measure",
    "Method",
    "Methods",
    "Note",
    "OtherReading",
    "Part",
    "Parts",
    "PooledCell",
    "PooledCells",
    "RangeCheck",
    "Reason",
    "Reweighted",
    "RobustDecomposition",
    "RoleSample",
    "Rung",
    "Setting",
    "Short",
    "SkillMix",
    "SkillPremium",
    "SkillReasons",
    "SpecificationCurve",
    "SpecificationRun",
    "Split",
    "Step",
    "Twofold",
    "Verdict",
    "Waterfall",
    "Why",
    "Within",
]
