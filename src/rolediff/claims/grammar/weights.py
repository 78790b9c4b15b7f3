"""How much each trait of a clause speaks for each kind of claim, and what that decides.

The table `data/claim_weights.csv` is a multinomial logistic regression with a squared penalty
(Hastie, Tibshirani and Friedman 2009, The Elements of Statistical Learning, 4.4), fitted by
`tools/fit_claims.py` to articles whose claims were marked by hand.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from importlib.resources import files
from typing import cast

from rolediff.claims.grammar.clause import Clause
from rolediff.results.claims import ClaimKind

SURE = 0.45
"""Chance of being no claim above which a clause is passed over, or left as not understood."""
READ = 0.66
"""The same where a rule reads a claim of the likeliest kind."""
NEAR = 0.7
"""Part of the likeliest kind's chance that the kind which a rule reads needs to be preferred."""
KNOWN = 0.3
"""Least chance of the likeliest kind of claim for it to be understood what is claimed."""
AGREED = 0.15
"""The same where a rule reads that kind, or kinds that are told apart only by convention."""
DOUBTFUL = 0.6
"""Chance of being no claim below which a clause that names a role is listed as not understood."""
_ALIKE = ("skill", "tool")


def heaviest(clause: Clause, traits: frozenset[str]) -> ClaimKind | None:
    """The kind of claim that a clause of these traits makes, "unread", or None for no claim."""
    odds = chances(traits)
    no = odds.pop("")
    best = max(odds, key=lambda kind: odds[kind])
    best = next(
        (k for k in odds if f"read as {k}" in traits and odds[k] >= NEAR * odds[best]), best
    )
    read = f"read as {best}" in traits
    if no < (READ if read else SURE):
        alike = best in _ALIKE and sum(odds[kind] for kind in _ALIKE) >= KNOWN
        least = AGREED if alike or read else KNOWN
        return cast(ClaimKind, best) if odds[best] >= least else "unread"
    doubtful = no < DOUBTFUL and bool(clause.mentions) and "no verb" not in traits
    return "unread" if doubtful or "read as unread" in traits else None


def chances(traits: frozenset[str]) -> dict[str, float]:
    """The chance of each kind of claim, and of "" for none; they sum to 1."""
    kinds, table = weights()
    sums = list(table["always"])
    for trait in sorted(traits & table.keys()):
        sums = [one + weight for one, weight in zip(sums, table[trait], strict=True)]
    top = max(sums)
    parts = [math.exp(one - top) for one in sums]
    return {kind: part / sum(parts) for kind, part in zip(kinds, parts, strict=True)}


@cache
def weights() -> tuple[tuple[str, ...], dict[str, tuple[float, ...]]]:
    """The kinds, "" for no claim first, and for each trait its weights in their order."""
    text = files("rolediff").joinpath("data/claim_weights.csv").read_text("utf-8")
    head, *rows = csv.reader(text.splitlines())
    kinds = tuple("" if kind == "none" else kind for kind in head[1:])
    return kinds, {row[0]: tuple(float(cell or 0) for cell in row[1:]) for row in rows}
