"""What openings ask of an applicant besides skills: education, years, certificates, proof."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl

from rolediff.annotate.requirements import DEGREES
from rolediff.compare.path_ads import Ads
from rolediff.results import HIDDEN, Asked, Estimate, Years
from rolediff.stats.quantile import Counted

NO_DEGREE = "none named"
DEGREE_NAMES = {"none": "no degree needed", "phd": "doctorate"}
BANDS = (
    ("0 to 1", 0, 1),
    ("2 to 3", 2, 3),
    ("4 to 5", 4, 5),
    ("6 to 8", 6, 8),
    ("9 or more", 9, 99),
)
ENTRY = ("intern", "entry", "junior")
"""Levels of a title that are open to those without experience."""


@cache
def advice_table() -> dict[str, tuple[str, tuple[str, ...]]]:
    """What is advised, in words, and the signals that speak of it, by a key."""
    text = files("rolediff").joinpath("data/advice.toml").read_text(encoding="utf-8")
    return {k: (v["advice"], tuple(v["signals"])) for k, v in tomllib.loads(text).items()}


def education(ads: Ads) -> tuple[Asked, ...]:
    """The lowest degree that will do, as shares of all openings; they sum to 1."""
    stated = ads.lines["education"]
    names = [DEGREE_NAMES.get(d, d) for d in DEGREES]
    flags = [(stated == d).fill_null(False).to_numpy() for d in DEGREES]
    return ads.asked([*names, NO_DEGREE], np.stack([*flags, stated.is_null().to_numpy()], axis=1))


def any_degree(ads: Ads) -> Asked:
    """The share of openings that name a degree as the lowest that will do."""
    stated = ads.lines["education"]
    named = stated.is_not_null() & (stated != DEGREES[0])
    return ads.one("a degree", named.fill_null(False).to_numpy())


def years(ads: Ads) -> Years:
    """The fewest years of experience asked for."""
    stated = ads.lines["years"]
    bands = [stated.is_between(low, high).fill_null(False).to_numpy() for _, low, high in BANDS]
    shares = ads.asked([name for name, *_ in BANDS], np.stack(bands, axis=1))
    return Years(ads.one("any stated", stated.is_not_null()), _quartiles(ads), shares)


def _quartiles(ads: Ads) -> tuple[Estimate, Estimate, Estimate] | None:
    known = ads.lines["years"].is_not_null().to_numpy()
    if known.sum() < HIDDEN:
        return None
    values = ads.lines["years"].drop_nulls().cast(pl.Float64).to_numpy()
    counted = Counted.of(values, np.ones(len(values)), ads.unit[known])
    first, second, third = (_quantile(counted, p, ads.source) for p in (0.25, 0.5, 0.75))
    return first, second, third


def _quantile(counted: Counted, p: float, source: str) -> Estimate:
    value, found = counted.quantile(p), counted.interval(p)
    if found is None:
        return Estimate(value, n=counted.n, clusters=counted.units, method="too few", source=source)
    low, high, method = found
    return Estimate(value, min(low, value), max(high, value), counted.n, clusters=counted.units,
                    method=method, source=source)  # fmt: skip


def certificates(ads: Ads) -> tuple[Asked, tuple[tuple[str, int], ...]]:
    """The share of openings that name a certificate, and each with the openings that name it.

    Spellings that differ in case are one, written as most openings write it.
    """
    lists = ads.lines["certifications"]
    named_any = (lists.list.len() > 0).fill_null(False)
    written: dict[str, Counter[str]] = {}
    for named in lists.filter(named_any).to_list():
        for text in {name.casefold(): name for name in reversed(named)}.values():
            written.setdefault(text.casefold(), Counter())[text] += 1
    said = [(max(c, key=lambda name: (c[name], name)), sum(c.values())) for c in written.values()]
    share = ads.one("a certificate", named_any.to_numpy())
    return share, tuple(sorted(said, key=lambda pair: (-pair[1], pair[0].casefold())))


def entry_level(ads: Ads) -> Asked:
    """Openings open to beginners: by the level of the title, by what the text says, or by years."""
    by_title = ads.lines["level"].is_in(ENTRY).fill_null(False).to_numpy()
    by_text = ads.holds(["entry level"], ["signals"])[:, 0] > 0
    by_years = (ads.lines["years"] <= 1).fill_null(False).to_numpy()
    names = ["level of the title", "said in the text", "at most one year asked"]
    parts = ads.asked(names, np.stack([by_title, by_text, by_years], axis=1))
    return ads.one("by title or text", by_title | by_text, parts)


def advice(ads: Ads) -> tuple[Asked, ...]:
    """What is commonly advised, by the share of openings that speak of it; the commonest first.

    Nothing where no opening has a signal: they were not looked for then.
    """
    if not ads.counts(["signals"]):
        return ()
    out = []
    for words, signals in advice_table().values():
        flags = ads.holds(signals, ["signals"])
        parts = ads.asked(signals, flags)
        out.append(ads.one(words, flags.any(axis=1), parts if len(signals) > 1 else ()))
    return tuple(sorted(out, key=lambda a: -a.share.value))
