"""The short view of any answer: its sentence and the figures that show it best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from rolediff.report import parts_any as any_
from rolediff.report.figures import Part
from rolediff.report.parts_ads import skills_part, work_part
from rolediff.report.parts_path import way
from rolediff.report.parts_pay import pay_part
from rolediff.report.parts_trend import trend_part
from rolediff.report.parts_where import where_part
from rolediff.report.parts_why import why_part
from rolediff.report.path_words import sentences
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


def view(answer: Any) -> Part:
    """A part with at most two figures, whatever the answer."""
    return _OF[type(answer)](answer)


def _first(make: Callable[[Any, str], Part], *ids: str) -> Callable[[Any], Part]:
    """The part with the figures named, or its first ones where it has none of them."""

    def short(answer: Any) -> Part:
        whole = make(answer, "")
        named = tuple(f for f in whole.figures if f.id in ids)
        return replace(whole, figures=named or whole.figures[:2], say=())

    return short


def _path(p: CareerPath) -> Part:
    return Part("path", "Path", sentences(p), (), tuple(way(p, "n", "")))


def _report(r: Report) -> Part:
    """What is said of pay, or of the first part that can be told."""
    parts = (r.pay, r.skills, r.work, r.hired, r.trend, *r.paths)
    return view(next(p for p in parts if not isinstance(p, Short)))


_OF: Mapping[type, Callable[[Any], Part]] = {
    Comparison: _first(pay_part, "pay-spread", "pay-ladder"),
    Why: _first(why_part, "why-fall"),
    Skills: _first(skills_part, "skills-apart"),
    Work: _first(work_part, "work-apart"),
    WhereHired: _first(where_part),
    Trend: _first(trend_part),
    CareerPath: _path,
    Report: _report,
    Estimate: any_.estimate_part,
    Decomposition: any_.decomposition_part,
    RobustDecomposition: any_.robust_part,
    Account: any_.account_part,
    Matched: any_.matched_part,
    Reweighted: any_.reweighted_part,
    Brief: any_.brief_part,
    CheckedArticle: any_.checked_part,
}
