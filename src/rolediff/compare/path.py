"""The way to a role, as one frozen answer."""

from __future__ import annotations

import polars as pl

from rolediff.compare import path_asked as asked
from rolediff.compare.ad_caveats import panel_caveat
from rolediff.compare.approximate import approximate
from rolediff.compare.path_ads import Ads
from rolediff.compare.path_beside import other_sources
from rolediff.compare.path_next import next_roles
from rolediff.compare.path_pay import median_pay, paid_ads, premiums
from rolediff.compare.path_pool import PathQuestion, Pool, gather
from rolediff.compare.path_skills import coverage, together, typical, wanted, with_premiums
from rolediff.market import Market
from rolediff.results import GREY, CareerPath

PRICED = 40
"""Skills whose premiums are told, those most worth having otherwise."""
LARGE = 0.2
"""Share of a role's openings above which one employer's manners are said to tell."""


def find_path(market: Market, q: PathQuestion) -> CareerPath:
    """What openings ask of those who want the role `q.to`, and what is missing and comes next.

    Raises:
        UsageError: both roles are one.
        NotEnoughEvidence: a market without postings, or fewer than 5 openings of a role named.
    """
    market = market.remembering()
    pool = gather(market, q)
    ads = pool.of(q.to)
    have, assumed = _had(pool, q)
    base = q.start or q.to
    elsewhere = pool.of(q.start) if q.start else pool.others(q.to)
    paid = paid_ads(pool.lines, q.lens)
    stating = q.lens.apply(pool.openings).filter(pl.col("low").is_not_null())
    asks = wanted(ads, elsewhere, have or ())
    worth = premiums(stating, [w.skill for w in asks[:PRICED]])
    asks = with_premiums(asks, worth)
    certified, certificates = asked.certificates(ads)
    alone = len([s for s in market.named_sources if s.unit == "posting"]) == 1
    advice = asked.advice(ads)
    return CareerPath(
        to=q.to.label,
        plural=q.to.plural,
        start=q.start.label if q.start else "",
        base=base.label,
        reading=q.reading,
        where=str(q.where),
        where_words=q.where.words,
        money=q.lens.unit,
        openings=len(ads),
        postings=int(ads.lines["copies"].sum()),
        employers=ads.units,
        largest=ads.largest,
        education=asked.education(ads),
        years=asked.years(ads),
        certified=certified,
        certificates=certificates,
        entry=asked.entry_level(ads),
        advice=advice,
        have=have or (),
        coverage=None if have is None else coverage(ads, have, assumed),
        wanted=asks,
        together=together(ads, [w.skill for w in asks]),
        next=next_roles(market, pool, paid, q, base, have),
        base_pay=median_pay(paid, base.id),
        paid=len(stating),
        caveats=(
            *approximate(market),
            *_caveats(ads, pool, q, bool(worth), bool(advice), len(stating), alone),
            *panel_caveat(market, pool.source, "Figures of other roles, and premiums in part,"),
        ),
        sources=_sources(market, pool),
        beside=other_sources(market, q, pool.source, ads, asks),
    )


def _had(pool: Pool, q: PathQuestion) -> tuple[tuple[str, ...] | None, bool]:
    """A person's skills; if none were given, those common in the role they come from."""
    if q.have is not None or q.start is None:
        return q.have, False
    return typical(pool.of(q.start)), True


def _caveats(
    ads: Ads, pool: Pool, q: PathQuestion, priced: bool, signals: bool, paid: int, alone: bool
) -> tuple[tuple[str, str], ...]:
    said: list[tuple[str, str]] = []
    if len(ads) < GREY:
        said.append(("few", f"Only {len(ads)} openings of {q.to.plural}: the shares are rough."))
    if ads.largest > LARGE:
        share = f"{100 * ads.largest:.0f} %"
        said.append(("employer", f"One employer posted {share} of the openings of {q.to.plural}."))
    if pool.excluded:
        both = f"{pool.excluded:,} postings fit both roles and are left out."
        said.append(("both", both))
    wish = "What openings ask for is a wish of employers, not what hired people have."
    said.append(("asked", wish))
    if alone:
        said.append(
            ("source", f"All of it is of one source, {pool.source}; a second collection of "
             "postings would check it.")
        )  # fmt: skip
    said.append(("silent", "An opening that names no degree or years may still expect them."))
    said.append(("names", "A skill counts under its own name only: PyTorch is not deep learning."))
    if priced:
        said.append(
            ("premium", f"Premiums are of {paid:,} openings of all roles with pay, with role, "
             "level, country and other skills held equal; pay that goes with a skill is not pay "
             "for it.")
        )  # fmt: skip
    else:
        few = f"{paid:,} openings with pay are too few to tell premiums of skills."
        said.append(("premium", few))
    if not signals:
        said.append(("signals", "No signals in these postings: annotate them to have advice told."))
    return tuple(said)


def _sources(market: Market, pool: Pool) -> tuple[dict[str, object], ...]:
    used = dict(pool.lines.group_by("source").agg(pl.col("n").sum()).iter_rows())
    return tuple({**s.to_dict(), "used": used[s.name]} for s in market.sources if s.name in used)
