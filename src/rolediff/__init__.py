"""rolediff: a diff for job roles.

    >>> import rolediff
    >>> answer = rolediff.diff("AI Engineer", "ML Engineer")
    >>> print(answer.gap.percent)

Public names are imported when they are first used, so that `import rolediff` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rolediff.annotate.roles import Catalogue, Role, title_role
    from rolediff.claims.check import check
    from rolediff.claims.rule import Rule
    from rolediff.compare.ads_question import skills, work
    from rolediff.compare.brief import brief
    from rolediff.compare.decompose import decompose
    from rolediff.compare.gather import gather
    from rolediff.compare.path_question import path
    from rolediff.compare.question import diff, why
    from rolediff.compare.since import since
    from rolediff.compare.trend import trend
    from rolediff.compare.verbs import account, decompose_reweighted, match, reweight
    from rolediff.compare.where import where
    from rolediff.errors import (
        ColumnError,
        CurrencyError,
        DataError,
        MarketError,
        NotEnoughEvidence,
        RolediffError,
        UnknownRoleError,
        UnreadableError,
        UsageError,
    )
    from rolediff.market.compress import compress, merge
    from rolediff.market.load import load
    from rolediff.market.model import Market
    from rolediff.market.options import ReadOptions
    from rolediff.market.store import open_market as open
    from rolediff.market.store import save
    from rolediff.market.where import Where
    from rolediff.read.catalog import read as read_records
    from rolediff.records import Reading, Source
    from rolediff.results import (
        Account,
        Brief,
        CareerPath,
        CheckedArticle,
        Claim,
        Comparison,
        Decomposition,
        Estimate,
        Matched,
        Report,
        Reweighted,
        RobustDecomposition,
        Why,
    )

__version__ = "0.1.0"

_HOME = {
    "rolediff.annotate.roles": ("Catalogue", "Role", "title_role"),
    "rolediff.claims.check": ("check",),
    "rolediff.claims.rule": ("Rule",),
    "rolediff.compare.ads_question": ("skills", "work"),
    "rolediff.compare.brief": ("brief",),
    "rolediff.compare.decompose": ("decompose",),
    "rolediff.compare.gather": ("gather",),
    "rolediff.compare.path_question": ("path",),
    "rolediff.compare.question": ("diff", "why"),
    "rolediff.compare.verbs": ("account", "decompose_reweighted", "match", "reweight"),
    "rolediff.compare.since": ("since",),
    "rolediff.compare.trend": ("trend",),
    "rolediff.compare.where": ("where",),
    "rolediff.errors": (
        "ColumnError",
        "CurrencyError",
        "DataError",
        "MarketError",
        "NotEnoughEvidence",
        "RolediffError",
        "UnknownRoleError",
        "UnreadableError",
        "UsageError",
    ),
    "rolediff.market": ("Market", "ReadOptions", "Where", "compress", "load", "merge", "save"),
    "rolediff.market.store": ("open_market",),
    "rolediff.read.catalog": ("read",),
    "rolediff.records": ("Reading", "Source"),
    "rolediff.results": (
        "Account",
        "Brief",
        "CareerPath",
        "CheckedArticle",
        "Claim",
        "Comparison",
        "Decomposition",
        "Estimate",
        "Matched",
        "Report",
        "Reweighted",
        "RobustDecomposition",
        "Why",
    ),
}
_WHERE = {name: module for module, names in _HOME.items() for name in names}
_CALLED = {"open": "open_market", "read_records": "read"}

__all__ = [
    "Account",
    "Brief",
    "CareerPath",
    "Catalogue",
    "CheckedArticle",
    "Claim",
    "ColumnError",
    "Comparison",
    "CurrencyError",
    "DataError",
    "Decomposition",
    "Estimate",
    "Market",
    "MarketError",
    "Matched",
    "NotEnoughEvidence",
    "ReadOptions",
    "Reading",
    "Report",
    "Reweighted",
    "RobustDecomposition",
    "Role",
    "RolediffError",
    "Rule",
    "Source",
    "UnknownRoleError",
    "UnreadableError",
    "UsageError",
    "Where",
    "Why",
    "account",
    "brief",
    "check",
    "compress",
    "decompose",
    "decompose_reweighted",
    "diff",
    "gather",
    "load",
    "match",
    "merge",
    "open",
    "path",
    "read_records",
    "reweight",
    "save",
    "since",
    "skills",
    "title_role",
    "trend",
    "where",
    "why",
    "work",
]


def __getattr__(name: str) -> Any:
    home = _CALLED.get(name, name)
    if home not in _WHERE:
        raise AttributeError(f"module 'rolediff' has no attribute {name!r}")
    found = getattr(import_module(_WHERE[home]), home)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__"})
