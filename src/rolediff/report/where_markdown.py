"""Where two roles are hired, as Markdown: every table in full."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.markdown_parts import safe, safe_cells, section, table
from rolediff.report.where_words import (
    agree_sentence,
    counts,
    difference,
    few,
    headline,
    missing_line,
    money,
    official_line,
    pay_title,
    rank,
    rounded,
    share,
    title,
    who_more,
)
from rolediff.report.words import AGREES, source_line
from rolediff.results import Places, WhereHired


def markdown(w: WhereHired) -> str:
    """The whole answer; ends in a newline."""
    return "\n".join(_lines(w)) + "\n"


def _lines(w: WhereHired) -> Iterator[str]:
    yield f"# Where {safe(w.a)} and {safe(w.b)} are hired"
    yield from ("", f"**{safe(headline(w))}**")
    for p in (*w.industries, *w.countries):
        if p.shares:
            yield from section(title("Who hires", p), _hires(w, p))
            yield from ("", safe(counts(p, w)))
        yield from section(pay_title(p), _pays(w, p))
    if w.agreement:
        yield from section(f"Sources side by side: {w.a} less {w.b}, points of share", _agree(w))
        yield from ("", safe(agree_sentence(w)))
    if w.proxies:
        yield from section("Neighbouring occupations in the US: proxies, not the roles", _near(w))
    yield from section("Mind", (f"- {safe(text)}" for _, text in w.caveats))
    lines = (*map(source_line, w.sources), *map(official_line, w.official))
    yield from section("Sources", (f"- {safe(line)}" for line in lines))


def _hires(w: WhereHired, p: Places) -> Iterator[str]:
    head = (p.factor, f"n {w.a}", f"n {w.b}", w.a, "employers alike", w.b, "employers alike",
            "difference, points", "")  # fmt: skip
    rows = (
        (s.label, f"{s.n_a:,}", f"{s.n_b:,}", share(s.a), share(s.equal_a), share(s.b),
         share(s.equal_b), difference(s.difference), who_more(s, w))
        for s in p.shares
    )  # fmt: skip
    return table(head, safe_cells(rows))


def _pays(w: WhereHired, p: Places) -> Iterator[str]:
    if not p.pay:
        return iter((safe(missing_line(p, "pay")),))
    head = ("role", p.factor, "n", "employers", f"thousand {w.money}", "rank",
            "records alone", "thousand international $ (PPP)", "rank", "")  # fmt: skip
    rows = (
        (w.a if c.role == "A" else w.b, c.label, f"{c.n:,}",
         "" if c.employers is None else f"{c.employers:,}", money(c.market.pay), rank(c.market),
         f"{c.market.raw / 1000:,.0f}", money(c.ppp.pay) if c.ppp else "", rank(c.ppp), few(c))
        for c in p.pay
    )  # fmt: skip
    return table(head, safe_cells(rows))


def _agree(w: WhereHired) -> Iterator[str]:
    head = ("country", "first source", "difference", "second source", "difference", "")
    rows = (
        (s.label, s.sources[0], difference(s.first), s.sources[1], difference(s.second),
         AGREES[s.agree])
        for s in w.agreement
    )  # fmt: skip
    return table(head, safe_cells(rows))


def _near(w: WhereHired) -> Iterator[str]:
    names = {"A": w.a, "B": w.b}
    head = ("occupation", "nearest to", "sector", "employees", "share", "mean, thousand US$")
    rows = (
        (f"{p.occupation} ({p.soc})", ", ".join(names[r] for r in p.roles), p.label,
         f"{p.employment.value:,.0f}", f"{rounded(p.share)} %", money(p.pay) if p.pay else "")
        for p in w.proxies
    )  # fmt: skip
    return table(head, safe_cells(rows))
