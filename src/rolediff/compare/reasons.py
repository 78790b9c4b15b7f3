"""The three reasons that are given for a gap: breadth, complexity and strategic impact."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from rolediff.annotate.duty_words import duty_concepts
from rolediff.compare.ads import Ads, coded, with_pay
from rolediff.compare.caveats import UNSTATED
from rolediff.compare.explain import explain
from rolediff.compare.judging import judge
from rolediff.compare.measures import Rows, kinds, measured
from rolediff.compare.sample import Sample
from rolediff.errors import NotEnoughEvidence
from rolediff.results import (
    Decomposition,
    Estimate,
    Measure,
    Part,
    Reason,
    Short,
)
from rolediff.stats.cells import Codes, Factor, Floats, from_rows

PERCENT = (0.0, 100.0)
FIELDS = (
    *("is_a", "employer", "low", "high", "industry", "education", "level", "years"),
    "requirement_words",
)
"""What reasons are told of, besides lists."""
RARE = 5


@dataclass(frozen=True)
class Evidence:
    """What reasons are judged on: the `gap` to explain and its decomposition `why`, the `sample`
    with pay that it is of, and the openings as asked for and read broadly (Short: why there are
    none); `texts` tells whether any source has the texts of postings.
    """

    gap: Estimate
    why: Decomposition | None
    sample: Sample
    ads: Ads | Short
    broad: Ads | Short
    texts: bool = True


def three_reasons(e: Evidence) -> tuple[Reason, ...]:
    """Breadth, complexity and strategic impact, each measured and judged."""
    ads = _counted(e.ads)
    e = replace(e, ads=ads, broad=ads if e.broad is e.ads else _counted(e.broad))
    return breadth(e), complexity(e), strategy(e)


def _counted(ads: Ads | Short) -> Ads | Short:
    """With counts in the place of lists: skills and methods `asked` for or welcome, `duties`, and
    those that are `leading`."""
    if isinstance(ads, Short):
        return ads
    leading = pl.col("duties").list.eval(pl.element().is_in(_leadership())).list.sum()
    rows = ads.rows.select(
        *FIELDS,
        asked=(pl.col("required").list.len() + pl.col("preferred").list.len()).cast(pl.Float64),
        duties=pl.col("duties").list.len().cast(pl.Float64),
        leading=leading.cast(pl.Float64),
    )
    return replace(ads, rows=rows)


def breadth(e: Evidence) -> Reason:
    """Is the role advertised higher wanted in more industries, and do those account for pay?"""
    claim = "the job is wanted in more industries"
    measures: list[Measure | Short] = [_or_short(e.ads, _industries)]
    part = _part(e, "industry alone", lambda ads: [coded(ads.rows["industry"])], ())
    known = not isinstance(e.ads, Ads) or e.ads.rows["industry"].null_count() < len(e.ads.rows)
    return _reason(
        e, "breadth", claim, measures, part, e.texts and known,
        "postings that name employers or industries, with pay, for 30 employers of each role",
    )  # fmt: skip


def _industries(ads: Ads) -> Measure | Short:
    told = ads.where(pl.col("industry").is_not_null() & pl.col("employer").is_not_null())
    name = "effective number of industries"
    if told.rows.is_empty():
        return Short(f"{name}: 0 openings with a known industry and employer")
    kind = told.rows["industry"].rank("dense").cast(pl.Int64).to_numpy() - 1
    is_a = told.rows["is_a"].to_numpy()
    return kinds(name, kind, is_a, told.unit, told.source, "industry")


def complexity(e: Evidence) -> Reason:
    """Does it ask for more, and does what is asked account for pay?"""
    claim = "the job asks for more skills, years and degrees"
    measures: list[Measure | Short] = [
        _or_short(e.ads, lambda ads: _skills(ads, alike=False)),
        _or_short(e.ads, lambda ads: _skills(ads, alike=True)),
        _or_short(e.ads, _years),
        _or_short(e.ads, _degrees),
    ]
    part = _part(
        e, "years, degree and number of skills together",
        lambda ads: [_bands(ads.rows["years"]), coded(ads.rows["education"])], ("skills asked",),
    )  # fmt: skip
    return _reason(
        e, "complexity", claim, measures, part, e.texts,
        "full texts with pay for some hundred openings of each role",
    )  # fmt: skip


def _skills(ads: Ads, *, alike: bool) -> Measure | Short:
    told = ads.where(pl.col("requirement_words").is_not_null())
    words = told.rows["requirement_words"].cast(pl.Float64).to_numpy()
    rows = Rows(_asked(told), told.rows["is_a"].to_numpy(), told.unit, beside=words)
    name = "skills asked at equal length of the requirements"
    if alike:
        return measured(f"{name}, employers alike", rows.alike(), ads.source)
    return measured(name, rows, ads.source)


def _asked(ads: Ads) -> Floats:
    """Skills and methods asked for or welcome, of each opening (m,)."""
    return ads.rows["asked"].to_numpy()


def _years(ads: Ads) -> Measure | Short:
    told = ads.where(pl.col("years").is_not_null())
    years = told.rows["years"].cast(pl.Float64).to_numpy()
    rows = Rows(years, told.rows["is_a"].to_numpy(), told.unit)
    return measured("years asked, where any are", rows, ads.source)


def _degrees(ads: Ads) -> Measure | Short:
    beyond = ads.rows["education"].is_in(words()["advanced"]).fill_null(False)
    return _share("openings that ask for a master's or doctorate", beyond, ads)


def strategy(e: Evidence) -> Reason:
    """Is it more often senior and leading, and does level account for pay?"""
    claim = "the job decides over more: senior levels and leadership duties"
    measures: list[Measure | Short] = [
        _senior_pay(e.sample),
        _or_short(e.ads, _senior),
        _or_short(e.ads, lambda ads: _leading(ads, alike=False)),
        _or_short(e.ads, lambda ads: _leading(ads, alike=True)),
    ]
    return _reason(
        e, "strategic impact", claim, measures, _level_part(e), True,
        "records that state the level, and texts with duties and pay, for more openings of each "
        "role",
    )  # fmt: skip


def _senior_pay(sample: Sample) -> Measure | Short:
    """The share of senior levels among the records with pay that state one."""
    factor, codes = sample.factors["level"]
    told = np.array([label != UNSTATED for label in factor.labels])[codes]
    senior = np.array([label in words()["strategic_levels"] for label in factor.labels])[codes]
    unit = None if sample.unit is None else sample.unit[told]
    rows = Rows(100.0 * senior[told], sample.is_a[told], unit, copies=sample.n[told])
    name = "records with pay at senior, staff, lead or a higher level"
    return measured(name, rows, sample.source, "%", PERCENT)


def _senior(ads: Ads) -> Measure | Short:
    told = ads.where(pl.col("level").is_not_null())
    senior = told.rows["level"].is_in(words()["strategic_levels"])
    return _share("openings at senior, staff, lead or a higher level", senior, told)


def _leading(ads: Ads, *, alike: bool) -> Measure | Short:
    """Leadership duties among an opening's duties, so that a longer text is no advantage."""
    told = ads.where(pl.col("duties") > 0)
    y = 100.0 * (told.rows["leading"] / told.rows["duties"]).to_numpy()
    rows = Rows(y, told.rows["is_a"].to_numpy(), told.unit)
    name = "of an opening's duties, those that lead"
    name, rows = (f"{name}, employers alike", rows.alike()) if alike else (name, rows)
    return measured(name, rows, ads.source, "%", PERCENT)


def _share(name: str, is_so: pl.Series, ads: Ads) -> Measure | Short:
    y = 100.0 * is_so.cast(pl.Float64).to_numpy()
    return measured(name, Rows(y, ads.rows["is_a"].to_numpy(), ads.unit), ads.source, "%", PERCENT)


def _level_part(e: Evidence) -> Part | Short:
    """What level accounts for in the decomposition of the whole answer."""
    if e.why is None or "level" not in e.why.detail:
        return Short("level does not vary among the records with pay, or they are too few")
    part = e.why.detail["level"].explained
    return Part("level, beside all else recorded", e.sample.source, "", e.why.gap, part)


Coded = tuple[Factor, Codes]


def _part(
    e: Evidence, of: str, factors: Callable[[Ads], Sequence[Coded]], numeric: Sequence[str]
) -> Part | Short:
    """The part of the gap among openings with pay; by the broad reading where they are too few."""
    if isinstance(e.ads, Short):
        return e.ads
    try:
        found = with_pay(e.ads, e.broad)
        return _decomposed(found, of, factors(found), numeric)
    except NotEnoughEvidence as error:
        return Short(str(error))


def _decomposed(
    ads: Ads, of: str, factors: Sequence[Coded], numeric: Sequence[str]
) -> Part | Short:
    rows = ads.rows
    pay = np.log((rows["low"].to_numpy() + rows["high"].to_numpy()) / 2)
    asked = _asked(ads)[:, None] if numeric else None
    cells = from_rows(
        pay, rows["is_a"].to_numpy(), [f for f, _ in factors],
        np.stack([c for _, c in factors], axis=1), numeric=asked, numeric_names=numeric,
        cluster=ads.unit,
    )  # fmt: skip
    d = explain(cells, errors="cluster", least=RARE, records=len(rows), source=ads.source)
    if set(d.detail) <= {"(constant)"}:
        return Short(f"{of}: one category is left once those under {RARE} openings are joined")
    return Part(of, ads.source, ads.reading, d.gap, d.explained)


def _bands(years: pl.Series) -> Coded:
    starts = words()["bands"]
    band = np.searchsorted(starts, years.fill_null(-1).to_numpy(), side="right")
    labels = (UNSTATED, *(f"{start} or more" for start in starts))
    return Factor("years", labels), band


def _or_short(ads: Ads | Short, make: Callable[[Ads], Measure | Short]) -> Measure | Short:
    return ads if isinstance(ads, Short) else make(ads)


def _reason(
    e: Evidence, name: str, claim: str, measures: Sequence[Measure | Short], part: Part | Short,
    testable: bool, settle: str,
) -> Reason:  # fmt: skip
    verdict, why = judge(e.gap, measures, part, testable)
    settled = verdict in ("supported", "contradicted")
    kept = tuple(dict.fromkeys(measures))
    return Reason(name, claim, kept, part, verdict, why, "" if settled else settle)


@cache
def words() -> dict[str, Any]:
    """`data/reasons.toml`: which levels, duties and degrees count."""
    text = files("rolediff").joinpath("data/reasons.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _leadership() -> list[str]:
    concepts = duty_concepts()
    return concepts.filter(pl.col("groups").list.contains(words()["leading"]))["concept"].to_list()
