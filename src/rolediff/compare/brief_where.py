"""Sentences of a brief on industries, countries and demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolediff.compare.brief_evidence import Figures, Writer, known
from rolediff.compare.brief_words import growth, money, rounded, share, source_words
from rolediff.errors import NotEnoughEvidence
from rolediff.results import CategoryPay, Places, RankedPay, Sentence, SourceTrend

MOST = 4
"""Industries or countries named."""


def industries(w: Writer, most: int = MOST) -> Iterator[Sentence]:
    """Who hires, among the employers of one source."""
    places = _first(known(w.e.where).industries, "industry")
    q = w.e.q
    ranked = sorted(places.shares, key=lambda s: -(s.a.value + s.b.value))
    for s in ranked[:most]:
        text = (
            f"Among the employers of {places.source}, {s.label} has {share(s.a)} of the openings "
            f"for {q.a.plural} and {share(s.b)} of those for {q.b.plural}."
        )
        figures = (("A", s.a), ("B", s.b), ("A less B", s.difference))
        yield w.say(text, figures, places.source, "where")


def top_industry(w: Writer) -> Iterator[Sentence]:
    """The industry with most openings of each role."""
    places = _first(known(w.e.where).industries, "industry")
    for side, role in ((True, w.e.q.a), (False, w.e.q.b)):
        top = max(places.shares, key=lambda s: (s.a if side else s.b).value)
        e = top.a if side else top.b
        text = (
            f"Most openings for {role.plural} are in {top.label}: {share(e)}, among the employers "
            f"of {places.source}."
        )
        yield w.say(text, ((top.label, e),), places.source, "where")


def _first(found: tuple[Places, ...], what: str) -> Places:
    with_shares = [p for p in found if p.shares]
    if not with_shares:
        why = [f"{p.source}: {p.missing.get('shares', '')}" for p in found]
        raise NotEnoughEvidence("; ".join(why) or f"0 records of both roles state the {what}")
    return with_shares[0]


def countries(w: Writer) -> Iterator[Sentence]:
    """Where pay is best, with ranks as intervals, at exchange rates and purchasing power."""
    found = [p for p in known(w.e.where).countries if p.pay]
    if not found:
        why = [f"{p.source}: {p.missing.get('pay', '')}" for p in known(w.e.where).countries]
        raise NotEnoughEvidence("; ".join(why) or "0 countries with 5 records with pay")
    for places in found:
        for side, role in (("A", w.e.q.a), ("B", w.e.q.b)):
            ranked = [c for c in places.pay if c.role == side]
            ranked.sort(key=lambda c: c.market.rank)
            if ranked:
                yield _best(w, ranked[:MOST], role.plural, places.source)


def _best(w: Writer, ranked: Sequence[CategoryPay], plural: str, source: str) -> Sentence:
    """The best paying countries for one role in one source."""
    told = "; ".join(map(_country, ranked))
    text = f"{plural[:1].upper()}{plural[1:]} in {source}, {ranked[0].market.money}: {told}."
    figures = [
        (f"{c.label}{at}", r.pay)
        for c in ranked
        for r, at in ((c.market, ""), (c.ppp, ", at purchasing power"))
        if r is not None
    ]
    return w.say(text, tuple(figures), source, "where")


def _country(c: CategoryPay) -> str:
    text = f"{c.label} {money(c.market.pay)}{_rank(c.market)}"
    if c.ppp is not None:
        text += f", at purchasing power {rounded(c.ppp.pay.value, -3)}{_rank(c.ppp)}"
    return text


def _rank(r: RankedPay) -> str:
    if r.of < 2:
        return ""
    return f", rank {r.rank} of {r.of} (95 % interval {r.best} to {r.worst})"


def demand(w: Writer) -> Iterator[Sentence]:
    """Growth of shares within a source, and projections of neighbouring occupations as proxies."""
    found = known(w.e.trend)
    told = [s for source in found.by_source for s in _growth(w, source)]
    yield from told
    official = "; ".join(source_words(s) for s in found.official)
    for p in found.proxies:
        if p.growth is None or p.years is None:
            continue
        near = " and ".join({"A": w.e.q.a.label, "B": w.e.q.b.label}[r] for r in p.roles)
        text = (
            f"US employment in {p.occupation}, a proxy for {near} and not the role itself, is "
            f"projected to change by {rounded(p.growth, 1)} % in {p.years[0]} to {p.years[1]}"
        )
        figures: Figures = ()
        if p.employment is not None:
            text += f", from {rounded(p.employment.value, -2)} employees ({p.employment_year})"
            figures = (("employment", p.employment),)
        yield w.say(f"{text}.", figures, official, "trend")
    if not told and not found.proxies:
        why = [text for s in found.by_source for text in s.missing.values()]
        raise NotEnoughEvidence("; ".join(why) or "0 sources with two periods of both roles")


def _growth(w: Writer, s: SourceTrend) -> Iterator[Sentence]:
    for e, role in ((s.growth_a, w.e.q.a), (s.growth_b, w.e.q.b)):
        if e is not None:
            text = (
                f"The share of {role.plural} among all records of {s.source} changed by "
                f"{growth(e)} a year; it moves with whom the source collects from too."
            )
            yield w.say(text, ((role.label, e),), s.source, "trend")
