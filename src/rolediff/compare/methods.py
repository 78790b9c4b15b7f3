"""The same gap by several methods: how much of it does each account for?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rolediff.compare.accounting import account_sample
from rolediff.compare.matched import match_sample
from rolediff.compare.reweighting import reweight_sample
from rolediff.compare.robust import robust_sample
from rolediff.compare.sample import Sample
from rolediff.errors import NotEnoughEvidence
from rolediff.results import Decomposition, Estimate, Matched, Method, Methods, Short
from rolediff.stats.functional import Statistic

T = TypeVar("T")

MEAN = Statistic("mean")
SIDES = ("A", "B")


def methods(sample: Sample, names: Sequence[str], why: Decomposition) -> Methods:
    """What five methods account for of the gap in mean log pay, composition valued at A's and at
    B's pay where a method has a reference.

    `why` is the decomposition of the answer: its references are the first method. A method that
    these data cannot carry is skipped with the reason.
    """
    skipped: dict[str, Short] = {}
    matched = _tried("exact matching", skipped, lambda: _matched(sample, names)) or ()
    dfl = _tried("DFL reweighting", skipped, lambda: [_dfl(sample, names, r) for r in SIDES])
    robust = _tried("doubly robust", skipped, lambda: [_robust(sample, names, r) for r in SIDES])
    gelbach = _tried("Gelbach's account", skipped, lambda: [_gelbach(sample, names)])
    found = [
        *(_oaxaca(why, reference) for reference in (*SIDES, "pooled")),
        *(dfl or ()),
        *(robust or ()),
        *map(_of, matched),
        *(gelbach or ()),
    ]
    off_a, off_b = (matched[0].off_a, matched[0].off_b) if matched else (None, None)
    return Methods(tuple(found), off_a, off_b, skipped)


def _tried(name: str, skipped: dict[str, Short], make: Callable[[], T]) -> T | None:
    try:
        return make()
    except NotEnoughEvidence as error:
        skipped[name] = Short(str(error))
        return None


def _oaxaca(why: Decomposition, reference: str) -> Method:
    return Method("Oaxaca-Blinder", reference, why.gap, why.references[reference].explained)


def _dfl(sample: Sample, names: Sequence[str], reference: str) -> Method:
    way = "logit"
    try:
        split = reweight_sample(sample, names, [MEAN], reference=reference)[MEAN.label]
    except NotEnoughEvidence:
        way = "cell"
        found = reweight_sample(sample, names, [MEAN], reference=reference, method="cell")
        split = found[MEAN.label]
    off = split.off_support.value if way == "cell" else None
    return Method(f"DFL reweighting by {way}", reference, split.gap, split.composition, off)


def _robust(sample: Sample, names: Sequence[str], reference: str) -> Method:
    try:
        found = robust_sample(sample, names, MEAN, reference=reference, by_term=False)
    except NotEnoughEvidence:
        found = robust_sample(
            sample, names, MEAN, reference=reference, method="cell", by_term=False
        )
    return Method(f"doubly robust ({found.method})", reference, found.gap, found.total.composition)


def _matched(sample: Sample, names: Sequence[str]) -> tuple[Matched, ...]:
    return tuple(match_sample(sample, names, reference=reference) for reference in SIDES)


def _of(m: Matched) -> Method:
    off = m.only_a.value + m.only_b.value
    return Method("exact matching", m.reference, m.gap, m.explained, off)


def _gelbach(sample: Sample, names: Sequence[str]) -> Method:
    found = account_sample(sample, names)
    moved = found.base.value - found.full.value
    how = "parts have intervals, their sum has none here"
    whole = Estimate(moved, n=found.base.n, clusters=found.base.clusters, method=how,
                     source=sample.source)  # fmt: skip
    return Method("Gelbach's account", "", found.base, whole)
