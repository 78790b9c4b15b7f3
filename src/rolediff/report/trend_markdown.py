"""How demand for two roles moves, as Markdown: every table in full."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.demand_words import HEADS, LEGEND, cells, flat, summary
from rolediff.report.markdown_parts import safe, safe_cells, section, table
from rolediff.report.trend_words import (
    BANDS,
    band,
    banded,
    headline,
    median,
    projected,
    rate,
    relative,
    skill_sentence,
    survival,
)
from rolediff.report.where_words import difference, official_line, share
from rolediff.report.words import source_line
from rolediff.results import SkillTrend, SourceTrend, Trend


def markdown(t: Trend) -> str:
    """The whole answer; ends in a newline."""
    return "\n".join(_lines(t)) + "\n"


def _lines(t: Trend) -> Iterator[str]:
    yield f"# How demand for {safe(t.a)} and {safe(t.b)} moves"
    yield from ("", f"**{safe(headline(t))}**")
    for source in t.by_source:
        heading = f"Share of all records of {source.source}, by year"
        yield from section(heading, _periods(t, source))
        yield from ("", safe(relative(t, source)))
    for d in t.watched:
        rows = [cells(name, role) for name, role in ((t.a, d.a), (t.b, d.b))]
        heading = f"Demand while {d.source} was watched"
        yield from section(heading, table(HEADS, safe_cells(rows)))
        said = (LEGEND, summary(t, d), flat(t, d, d.a), flat(t, d, d.b))
        yield from ("", *(f"- {safe(text)}" for text in said))
    if t.ages:
        yield from section("How long openings stay: months since publication", _ages(t))
        yield from ("", *(f"- {safe(survival(t, g))}" for g in t.ages))
    yield from section("Rising and falling skills", (safe(skill_sentence(t.skills)),))
    if t.skills.moves:
        yield from ("", *moves_rows(t.skills, t.a, t.b))
    if t.proxies:
        yield from section("Neighbouring occupations in the US: proxies, not the roles", _near(t))
    yield from section("Mind", (f"- {safe(text)}" for _, text in t.caveats))
    lines = (*map(source_line, t.sources), *map(official_line, t.official))
    yield from section("Sources", (f"- {safe(line)}" for line in lines))


def _periods(t: Trend, s: SourceTrend) -> Iterator[str]:
    head = ("year", "all records", f"n {t.a}", t.a, f"n {t.b}", t.b, f"{t.a} of both")
    rows = [
        [str(p.year), f"{p.total:,}", f"{p.n_a:,}", share(p.a), f"{p.n_b:,}", share(p.b),
         share(p.of_pair)]
        for p in s.periods
    ]  # fmt: skip
    if s.relative is not None:
        rows.append(["growth", "", "", rate(s.growth_a), "", rate(s.growth_b), rate(s.relative)])
    return table(head, safe_cells(rows))


def _ages(t: Trend) -> Iterator[str]:
    head = ("role", "source", "date", "openings", *(band(*b) for b in BANDS), "median months")
    rows = (
        (t.a if g.role == "A" else t.b, g.source, g.snapshot, f"{g.n:,}",
         *(f"{n:,}" for n in banded(g)), median(g))
        for g in t.ages
    )  # fmt: skip
    return table(head, safe_cells(rows))


def moves_rows(s: SkillTrend, a: str, b: str) -> Iterator[str]:
    """A table of the skills that were compared at two dates; `a` and `b` are the roles."""
    head = ("skill", "role", "earlier", "later", "change, points", "adjusted p", "")
    rows = (
        (m.skill, a if m.role == "A" else b, share(m.earlier), share(m.later), difference(m.change),
         f"{m.p_bh:.2g}", m.direction)
        for m in s.moves
    )  # fmt: skip
    return table(head, safe_cells(rows))


def _near(t: Trend) -> Iterator[str]:
    names = {"A": t.a, "B": t.b}
    year = t.proxies[0].employment_year
    head = ("occupation", "nearest to", f"employees, {year}", "projected", "openings a year")
    rows = (
        (f"{p.occupation} ({p.soc})", ", ".join(names[r] for r in p.roles),
         f"{p.employment.value:,.0f}" if p.employment else "", projected(p),
         "" if p.openings is None else f"{p.openings:,.0f}")
        for p in t.proxies
    )  # fmt: skip
    return table(head, safe_cells(rows))
