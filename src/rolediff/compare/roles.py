"""Everything that is known about the pay of two roles, as one frozen answer."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from rolediff.annotate.employers import employer_key, largest_employer
from rolediff.annotate.roles import Catalogue, Role, RoleReading, matches
from rolediff.compare.approximate import approximate
from rolediff.compare.caveats import Facts, caveats
from rolediff.compare.explain import REFERENCES, explain
from rolediff.compare.found import Found, Question, answering, find
from rolediff.compare.lens import Lens
from rolediff.compare.pay import (
    employers_alike,
    gap_ends,
    ladder,
    mean_gaps,
    percentile_gaps,
    within,
)
from rolediff.compare.profile import NO_CURRENCY, profile
from rolediff.compare.sample import Sample
from rolediff.compare.sources import by_source
from rolediff.errors import CurrencyError, NotEnoughEvidence, UsageError
from rolediff.market import Market
from rolediff.results import (
    HIDDEN,
    BySource,
    Comparison,
    Decomposition,
    OtherReading,
)

__all__ = ["Found", "Question", "answering", "compare_roles", "find"]

RARE = 5
"""Categories with fewer records in either role are joined before the gap is decomposed."""


SHOWN = 3
"""Roles named in the message that one of them has too few records."""


def compare_roles(
    market: Market, q: Question, reference: str = "pooled", *, twice: bool = True
) -> Comparison:
    """Compare the pay of the two roles of `q` in `market`.

    `why_distinct` is None unless the gap is to be decomposed `twice`.

    Raises:
        UsageError: the two roles are one.
        NotEnoughEvidence: a role with fewer than 5 records with pay, or an empty filter.
        CurrencyError: records have pay, but nobody said in which currency.
    """
    if q.a.id == q.b.id:
        raise UsageError(f"both roles are {q.a.label}: name two different ones")
    if reference not in REFERENCES:
        raise UsageError(f"no reference {reference!r}: choose one of {', '.join(REFERENCES)}")
    market = market.remembering()
    asked, whole = q, find(market, q)
    _apart(whole, q)
    q = answering(whole, q)
    found = whole if q is asked else find(market, q)
    for role, side in ((q.a, True), (q.b, False)):
        _require(found.rows.filter(pl.col("is_a") == side), role, q, market)
    sample = Sample.of(found.rows)
    a, b = (profile(role, found.rows, sample, side) for role, side in ((q.a, True), (q.b, False)))
    rungs, other = ladder(sample), _other_reading(market, q)
    sources = _sources(market, found.rows)
    kind = _kind(sources)
    why = _why(sample, q, reference, distinct=False)
    distinct = None
    if twice:
        distinct = why if sample.alone else _why(sample, q, reference, distinct=True)
    beside = _beside(market, whole.rows, q)
    facts = Facts(
        a, b, rungs, other, found.excluded, _largest_employer(found.rows, q), q.lens.name,
        found.no_money, why.notes if why else (), kind, sample.unit is not None, beside,
    )  # fmt: skip
    return Comparison(
        a=a,
        b=b,
        reading=q.reading,
        where=str(asked.where),
        where_words=asked.where.words,
        money=q.lens.unit,
        years=_years(found.rows.filter(pl.col("low").is_not_null())),
        rates=_rates(found.rows, q.lens),
        gap=rungs[0].all,
        gap_distinct=rungs[0].distinct,
        gap_ends=gap_ends(sample),
        gap_percentiles=percentile_gaps(sample),
        ladder=rungs,
        within=within(sample),
        other_reading=other,
        why=why,
        why_distinct=distinct,
        excluded=found.excluded,
        caveats=(*approximate(market), *caveats(facts)),
        kind=kind,
        sources=sources,
        gap_employers=employers_alike(sample),
        by_source=beside,
    )


def _beside(market: Market, rows: pl.DataFrame, q: Question) -> tuple[BySource, ...]:
    """The gap by source; where the question names several sources, none of them answers alone."""
    named = q.where.values.get("source", ())
    titles = {s.name: s.title for s in market.sources}
    return by_source(rows, titles, named[0] if len(named) == 1 else None)


def _apart(found: Found, q: Question) -> None:
    """Refuse two names for the same titles."""
    if found.excluded and found.rows["is_a"].n_unique() < 2:
        raise UsageError(
            f"{q.a.label} and {q.b.label} are the same titles ({found.excluded:,} records fit "
            "both): name two different roles"
        )


def _require(rows: pl.DataFrame, role: Role, q: Question, market: Market) -> None:
    n = int(rows["n"].sum())
    with_pay = rows.filter(pl.col("low").is_not_null())
    paid = int(with_pay["n"].sum())
    if len(with_pay) >= HIDDEN:
        return
    unknown = rows.filter(NO_CURRENCY)
    if len(unknown):
        raise CurrencyError(
            f"{role.label}: pay without a currency; say which with --currency USD "
            "or --map currency=COLUMN"
        )
    distinct = f", {len(with_pay)} of them distinct" if len(with_pay) < paid else ""
    what = f"{n} records" if not n else f"{paid} of {n} records with comparable pay{distinct}"
    place = f" ({q.where.words})" if q.where else ""
    raise NotEnoughEvidence(
        f"{role.label}: {what}{place}, {HIDDEN} are needed; {_next(market, role, q)}"
    )


def _next(market: Market, role: Role, q: Question) -> str:
    """What else to ask: more titles by the broad reading, or roles that have records."""
    titles = market.title_names
    wider = market.rows(titles.filter(matches(role, titles, "broad")), q.where)
    n = int(wider.filter(pl.col("low").is_not_null())["n"].sum())
    if q.reading == "strict" and n >= HIDDEN:
        return f"--reading broad finds {n:,}"
    return _askable(market, q)


def _askable(market: Market, q: Question) -> str:
    """The roles with most records, in words: "most records have Data Scientist (5,966), ..."."""
    paid = market.rows(where=q.where).filter(pl.col("low").is_not_null())
    titles = paid.drop_nulls("title").group_by("title").agg(pl.col("n").sum())
    counts = {
        role.label: int(titles.filter(matches(role, titles["title"], q.reading))["n"].sum())
        for role in Catalogue.load().roles
    }
    most = sorted((label for label in counts if counts[label]), key=lambda label: -counts[label])
    said = ", ".join(f"{label} ({counts[label]:,})" for label in most[:SHOWN])
    if not said:
        return 'no known role has any here: search titles with --title "..."'
    return f"most records have {said}; `rolediff roles` lists all"


def _other_reading(market: Market, q: Question) -> OtherReading:
    other: RoleReading = "broad" if q.reading == "strict" else "strict"
    sample = Sample.of(find(market, replace(q, reading=other)).rows)
    n_a, n_b = sample.records(True), sample.records(False)
    if min(n_a, n_b) < HIDDEN:
        return OtherReading(other, n_a, n_b, None, None)
    return OtherReading(other, n_a, n_b, *mean_gaps(sample))


def _why(sample: Sample, q: Question, reference: str, *, distinct: bool) -> Decomposition | None:
    names = sample.varying()
    if not names:
        return None
    try:
        return explain(
            sample.cells(names, "mid", distinct),
            a=q.a.label, b=q.b.label, outcome="log pay, midpoint of the range",
            reference=reference, errors="robust" if sample.unit is None else "cluster",
            least=RARE, records=int(sample.copies(distinct).sum()),
            source=sample.source,
        )  # fmt: skip
    except NotEnoughEvidence:
        return None


def _largest_employer(rows: pl.DataFrame, q: Question) -> tuple[str, float, str] | None:
    """The employer with the largest share of a role's records, the share, and that role."""
    sides = largest_employer(rows.rename({"is_a": "role"})).drop_nulls("largest")
    if sides.is_empty():
        return None
    top = sides.sort("share", "largest", descending=[True, False]).row(0, named=True)
    role = q.a if top["role"] else q.b
    spelled = rows["employer"].filter(employer_key(rows["employer"]) == top["largest"])
    return str(spelled.mode().sort()[0]), float(top["share"]), role.plural


def _years(rows: pl.DataFrame) -> tuple[int, int] | None:
    years = rows["year"].drop_nulls()
    return (int(years.min()), int(years.max())) if len(years) else None  # type: ignore[arg-type]


def _sources(market: Market, rows: pl.DataFrame) -> tuple[dict[str, object], ...]:
    paid = rows.filter(pl.col("low").is_not_null())
    used = dict(paid.group_by("source").agg(pl.col("copies").sum()).iter_rows())
    return tuple(
        {**s.to_dict(), "used": used[s.name]} for s in market.named_sources if s.name in used
    )


def _rates(rows: pl.DataFrame, lens: Lens) -> tuple[str, ...]:
    """Where the rates come from that were needed for these rows."""
    foreign = rows.filter(pl.col("converted") & (pl.col("currency") != "USD"))
    used = ["European Central Bank"] if len(foreign) else []
    used += ["World Bank PPP (PA.NUS.PPP, CC BY 4.0)"] if lens.name == "ppp" else []
    return (*used, *(["consumer prices as given"] if lens.cpi else []))


def _kind(sources: tuple[dict[str, object], ...]) -> str:
    kinds = {str(s["kind"]) for s in sources}
    return kinds.pop() if len(kinds) == 1 else "unknown"
