"""`where`: the industries and countries that hire two roles, and those that pay best."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.annotate.employers import largest_employer
from rolediff.annotate.industry import sector_titles
from rolediff.annotate.roles import Role, RoleReading
from rolediff.compare.ad_caveats import COUNTED
from rolediff.compare.approximate import approximate
from rolediff.compare.asked import question
from rolediff.compare.categories import category_shares, tally, units
from rolediff.compare.category_pay import category_pay
from rolediff.compare.found import Question, find
from rolediff.compare.lens import Lens
from rolediff.compare.openings import openings_of
from rolediff.compare.proxies import official_sources, sector_proxies
from rolediff.compare.sources import agreements
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market, ReadOptions, Where, load
from rolediff.read.values import country_names
from rolediff.results import HIDDEN, CategoryPay, Places, WhereHired

DOMINANT = 0.2
"""Share of a role's records from which on one employer is pointed out."""


def where(
    a: str | Role, b: str | Role, data: Any = None, *, where: str | Where | None = None,
    reading: RoleReading = "strict", money: str = "usd", cpi: Path | str | None = None,
    roles: Path | str | None = None, options: ReadOptions | None = None,
) -> WhereHired:  # fmt: skip
    """Who hires two roles and where pay is best; arguments as those of `diff`.

    Raises:
        UsageError, DataError, NotEnoughEvidence: as their messages say.
    """
    asked = question(a, b, where=where, reading=reading, money=money, cpi=cpi, roles=roles)
    return where_hired(load(data, options).market, asked)


def where_hired(market: Market, q: Question) -> WhereHired:
    """Industries and countries of the two roles of `q`, each source by itself.

    Raises:
        UsageError: the two roles are one.
        NotEnoughEvidence: no source with 5 records of each role.
    """
    if q.a.id == q.b.id:
        raise UsageError(f"both roles are {q.a.label}: name two different ones")
    market, q = market.remembering(), replace(q, lens=Lens()) if q.lens.name == "ppp" else q
    rows = find(market, replace(q, lens=Lens())).rows
    named = answering_sources(rows)
    if not named:
        counts = (int(rows.filter(pl.col("is_a") == s)["n"].sum()) for s in (True, False))
        said = ", ".join(f"{r.label} {n}" for r, n in zip((q.a, q.b), counts, strict=True))
        raise NotEnoughEvidence(
            f"records: {said}; {HIDDEN} of each role in one source are needed; "
            "`rolediff roles` lists counts, --reading broad finds more titles"
        )
    lens = q.lens
    unit = {s.name: s.unit for s in market.sources}
    parts = [(name, rows.filter(pl.col("source") == name)) for name in named]
    industries = [
        places(
            part,
            name,
            unit[name],
            factor,
            lens,
            hiring(market, q, name, part, unit[name]),
            None if q.reading == "broad" else _broad(market, q, name),
        )
        for name, part in parts
        if (factor := industry_factor(part)) is not None
    ]
    countries = [places(part, name, unit[name], "country", lens) for name, part in parts]
    industries = [p for p in industries if min(p.n_a, p.n_b) >= HIDDEN]
    countries = [p for p in countries if min(p.n_a, p.n_b) >= HIDDEN]
    used = {name: int(part["copies"].sum()) for name, part in parts}
    return WhereHired(
        q.a.label, q.b.label, q.a.plural, q.b.plural, q.reading, str(q.where), lens.unit,
        tuple(industries), tuple(countries), agreements([*industries, *countries]),
        sector_proxies(q.a, q.b),
        (*approximate(market), *_caveats(market, parts, industries, q)),
        tuple({**s.to_dict(), "used": used[s.name]} for s in market.sources if s.name in used),
        official_sources("wages"),
    )  # fmt: skip


def hiring(market: Market, q: Question, source: str, rows: pl.DataFrame, unit: str) -> pl.DataFrame:
    """What industries are told of: openings, or records of pay."""
    if unit != "posting":
        return rows
    return openings_of(market, replace(q, where=q.where.of_source(source))).lines


def answering_sources(rows: pl.DataFrame) -> list[str]:
    """Sources with `HIDDEN` records of each role, those with most of the rarer role first."""
    counted = rows.group_by("source").agg(
        pl.col("n").filter(pl.col("is_a") == side).sum().alias(name)
        for side, name in ((True, "a"), (False, "b"))
    )
    enough = counted.filter(pl.min_horizontal("a", "b") >= HIDDEN)
    order = enough.sort(pl.min_horizontal("a", "b"), "source", descending=[True, False])
    return [str(name) for name in order["source"]]


def industry_factor(rows: pl.DataFrame) -> str | None:
    """What tells the industry in this source: a sector of NAICS, or else its own word."""
    stated = (f for f in ("sector", "industry") if rows[f].null_count() < len(rows))
    return next(stated, None)


def places(
    rows: pl.DataFrame, source: str, unit: str, factor: str, lens: Lens,
    hiring: pl.DataFrame | None = None, broad: Callable[[], pl.DataFrame] | None = None,
) -> Places:  # fmt: skip
    """Shares by `factor` of what is hired for in one source, and the pay of its `rows`.

    `rows` = ads or records; `hiring` = openings, where shares are told of those; `broad` reads the
    rows of titles read broadly, of which pay is told where the others leave nothing to rank.
    """
    labels = category_labels(factor)
    hired = rows if hiring is None else hiring
    counted, rare = tally(hired, factor)
    sides = [hired.filter(pl.col("is_a") == side) for side in (True, False)]
    stated = [side.filter(pl.col(factor).is_not_null()) for side in sides]
    n = [int(side["n"].sum()) for side in stated]
    missing: dict[str, str] = {}
    enough = min(n) >= HIDDEN
    shares = category_shares(counted, labels, source) if enough else ()
    if not enough:
        missing["shares"] = f"{n[0]} and {n[1]} records state {factor}, {HIDDEN} of each are needed"
    pay, short = _pay(rows, factor, labels, lens)
    read = ""
    if broad is not None and not _ranked(pay):
        more = _pay(broad(), factor, labels, lens)[0]
        pay, read = (more, "broad") if _ranked(more) else (pay, read)
    if not pay:
        missing["pay"] = short
    unstated = [int(side["n"].sum()) - k for side, k in zip(sides, n, strict=True)]
    employers = [_employers(side) for side in stated]
    return Places(source, unit, factor, n[0], n[1], unstated[0], unstated[1], employers[0],
                  employers[1], rare, shares, pay, missing, read)  # fmt: skip


def _pay(
    rows: pl.DataFrame, factor: str, labels: Mapping[str, str], lens: Lens
) -> tuple[tuple[CategoryPay, ...], str]:
    """Pay by category, or what fell short of it."""
    try:
        return category_pay(rows, factor, labels, lens), ""
    except NotEnoughEvidence as error:
        return (), str(error)


def _ranked(pay: Sequence[CategoryPay]) -> bool:
    """Whether each role has two categories, so that one can be told to pay better."""
    return all(sum(p.role == role for p in pay) > 1 for role in ("A", "B"))


def _broad(market: Market, q: Question, source: str) -> Callable[[], pl.DataFrame]:
    asked = replace(q, reading="broad", where=q.where.of_source(source), lens=Lens())
    return lambda: find(market, asked).rows


def category_labels(factor: str) -> dict[str, str]:
    """The names of the codes that a factor has; none for one whose categories are words."""
    if factor == "country":
        return dict(country_names())
    return sector_titles() if factor == "sector" else {}


def _employers(rows: pl.DataFrame) -> int | None:
    if rows.is_empty():
        return None
    code, known = units(rows["employer"])
    return int(code.max()) + 1 if known else None


def _caveats(
    market: Market, parts: Sequence[tuple[str, pl.DataFrame]], industries: Sequence[Places],
    q: Question,
) -> list[tuple[str, str]]:  # fmt: skip
    titles = {s.name: s.title or s.name for s in market.sources}
    said = [(
        "among",
        "Shares are among the records and the employers of each source, by whom it collects; they "
        "are not shares of all who hire.",
    )]  # fmt: skip
    said += [COUNTED] if any(p.unit == "posting" for p in industries) else []
    said += [text for name, rows in parts for text in _largest(name, rows, q)]
    if not industries:
        said.append((
            "no-industry",
            f"No industry is known of the employers in {', '.join(titles[n] for n, _ in parts)}; "
            "postings annotated by `rolediff annotate` would tell it.",
        ))  # fmt: skip
    if len(industries) == 1 and len(parts) > 1:
        said.append((
            "one-source",
            f"Industries are told by {industries[0].source} alone: the other sources name neither "
            "employer nor industry. A second collection of postings would be needed to check them.",
        ))  # fmt: skip
    unnamed = [name for name, rows in parts if rows["employer"].null_count() == len(rows)]
    if unnamed:
        said.append((
            "no-employer",
            f"{', '.join(unnamed)} names no employer: different ads of one employer count as "
            "independent, so intervals may be too narrow.",
        ))  # fmt: skip
    said.append((
        "not-equal",
        "Pay by industry and country holds nothing else equal: levels and years differ too.",
    ))  # fmt: skip
    return said


def _largest(name: str, rows: pl.DataFrame, q: Question) -> list[tuple[str, str]]:
    """An employer that makes up more than a fifth of a role."""
    sides = largest_employer(rows.rename({"is_a": "role"})).drop_nulls("largest")
    plural: Mapping[bool, str] = {True: q.a.plural, False: q.b.plural}
    told = [
        f"{100 * r['share']:.0f} % of the ads for {plural[r['role']]}"
        for r in sides.sort("role", descending=True).iter_rows(named=True)
        if r["share"] > DOMINANT
    ]
    said = f"In {name} one employer posted {', and one '.join(told)}: see the shares with "
    return [("one-employer", f"{said}employers weighing the same.")] if told else []
