"""The part of a page on where two roles are hired: industries and countries, and pay in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolediff.report.charts import Mark, Row, rows_chart
from rolediff.report.figures import Figure, Grid, Part, intervals
from rolediff.report.scales import in_thousands, scale_of, share_scale
from rolediff.report.where_words import (
    agree_sentence,
    counts,
    difference,
    few,
    headline,
    missing_line,
    money,
    near,
    pay_title,
    rank,
    rounded,
    share,
    title,
    who_more,
)
from rolediff.report.words import AGREES
from rolediff.results import CategoryPay, Estimate, Places, WhereHired

MOST = 8
"""Categories that are drawn; the table has all."""


def where_part(w: WhereHired, command: str) -> Part:
    """Who hires, and who pays best."""
    places = (*w.industries, *w.countries)
    figures: list[Figure] = []
    for p in places:
        figures += [*_hires(w, p, command), *_pays(w, p, command)]
    figures += _agreement(w, command)
    figures += _proxies(w, command)
    lines = (missing_line(p, what) for p in places for what in ("shares", "pay"))
    return Part("where", "Where", headline(w), tuple(filter(None, lines)), tuple(figures))


def _titled(w: WhereHired, name: str) -> str:
    return next((str(s["title"]) for s in w.sources if s["name"] == name), name)


def _hires(w: WhereHired, p: Places, command: str) -> Iterator[Figure]:
    if not p.shares:
        return
    id, named = f"where-{p.factor}-{p.source}", title("Who hires", p)
    rows = [
        Row(s.label, (Mark(s.a, "a", share(s.a)), Mark(s.b, "b", share(s.b))), who_more(s, w))
        for s in p.shares[:MOST]
    ]
    every = [m.value for r in rows for m in r.marks]
    heads = ("", w.a, w.b, "points, A less B", "employers alike, A and B, %", "")
    grid = Grid.of(
        heads,
        ((s.label, f"{share(s.a)}, n {s.n_a:,}", f"{share(s.b)}, n {s.n_b:,}",
          difference(s.difference), _alike(s.equal_a, s.equal_b), who_more(s, w))
         for s in p.shares),
    )  # fmt: skip
    told = "; ".join(f"{r.label} {r.marks[0].told} and {r.marks[1].told}" for r in rows)
    yield Figure(
        id, named, counts(p, w), f"n = {p.n_a:,} and {p.n_b:,}", _titled(w, p.source),
        "Share of a role's records that state a category; differences adjusted over categories "
        "(Benjamini and Hochberg 1995).",
        command, intervals(every),
        rows_chart(named, told, rows, share_scale(every),
                   joined=True),
        (("a", w.a), ("b", w.b)), (), grid, tuple(rows), "share",
    )  # fmt: skip


def _alike(a: Estimate | None, b: Estimate | None) -> str:
    return f"{rounded(a.value)} and {rounded(b.value)}" if a and b else ""


def _pays(w: WhereHired, p: Places, command: str) -> Iterator[Figure]:
    if not p.pay:
        return
    id, named = f"where-pay-{p.factor}-{p.source}", pay_title(p)
    rows: list[Row] = []
    for role, kind, label in (("A", "a", w.a), ("B", "b", w.b)):
        mine = [c for c in p.pay if c.role == role]
        rows += [Row(label)] * bool(mine)
        rows += [_paid(c, kind) for c in mine[:MOST]]
    every = [m.value for r in rows for m in r.marks]
    told = "; ".join(f"{r.label} {r.marks[0].told} {r.note}" for r in rows if r.marks)
    ranked = "" if all(c.market.of < 2 for c in p.pay) else " Ranks lie within 95 % intervals."
    yield Figure(
        id, named, f"Thousand {w.money}, geometric means.{ranked}", "n beside each",
        _titled(w, p.source),
        "Geometric mean of pay in each category, drawn toward the role's as far as counts are "
        "small (Morris 1983); 1 is the best paid. Intervals of ranks: Mogstad et al. (2024).",
        command, intervals(every), rows_chart(named, told, rows, scale_of(every, in_thousands)),
        (("a", w.a), ("b", w.b)), (), _pay_grid(w, p.pay), tuple(rows), "money",
    )  # fmt: skip


def _paid(c: CategoryPay, kind: str) -> Row:
    place = f"rank {rank(c.market)}, " if rank(c.market) else ""
    note = f"{place}n {c.n:,}{', few' if few(c) else ''}"
    return Row(c.label, (Mark(c.market.pay, kind, money(c.market.pay)),), note)


def _pay_grid(w: WhereHired, pay: Sequence[CategoryPay]) -> Grid:
    heads = ("", "role", "n", f"thousand {w.money}", "rank", "at purchasing power", "rank there")
    return Grid.of(
        heads,
        ((c.label, w.a if c.role == "A" else w.b, f"{c.n:,}", money(c.market.pay), rank(c.market),
          money(c.ppp.pay) if c.ppp else "", rank(c.ppp)) for c in pay),
    )  # fmt: skip


def _agreement(w: WhereHired, command: str) -> Iterator[Figure]:
    if not w.agreement:
        return
    grid = Grid.of(
        ("", "sources", "first, points", "second, points", ""),
        ((s.label, " and ".join(s.sources), difference(s.first), difference(s.second),
          AGREES[s.agree]) for s in w.agreement),
    )  # fmt: skip
    names = dict.fromkeys(n for s in w.agreement for n in s.sources)
    yield Figure(
        "where-agree", f"Do sources agree? {w.a} less {w.b}", agree_sentence(w),
        f"n = {len(w.agreement)} categories", "; ".join(_titled(w, n) for n in names),
        "Differences of shares in two sources that both state the category, side by side.",
        command, intervals(e for s in w.agreement for e in (s.first, s.second)), grid=grid,
    )  # fmt: skip


def _proxies(w: WhereHired, command: str) -> Iterator[Figure]:
    if not w.proxies:
        return
    rows = ((p.label, f"{p.occupation} ({p.soc})", near(p.roles, w.a, w.b),
             f"{p.employment.value:,.0f}", f"{rounded(p.share)} %", money(p.pay) if p.pay else "")
            for p in w.proxies)  # fmt: skip
    heads = ("sector", "occupation", "", "employees", "share", "mean pay, thousand US$")
    yield Figure(
        "where-official", "Beside it: neighbouring occupations in the US, by sector",
        "No official code is of either role: these are the nearest, and proxies.",
        "n: employees, in the table",
        "; ".join(f"{s['title']}, {s['version']}" for s in w.official),
        "Published estimates; intervals from their relative standard errors.", command,
        intervals(p.employment for p in w.proxies), grid=Grid.of(heads, list(rows)),
    )  # fmt: skip
