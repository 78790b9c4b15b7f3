"""A comparison as Markdown: every table in full."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.markdown_parts import safe, section, table
from rolediff.report.words import (
    PAY,
    answering,
    basis,
    capital,
    coverage,
    facing,
    factor,
    headline,
    held_equal,
    lead,
    log_points,
    percent,
    rates,
    source_line,
    span,
    thousands,
    why_sentence,
)
from rolediff.results import ENDS, PERCENTILES, Comparison, Decomposition, Estimate, RoleSample

END_NAMES = {"low": "low end", "mid": "midpoint", "high": "high end"}


def markdown(c: Comparison) -> str:
    """The whole answer; ends in a newline."""
    return "\n".join(_lines(c)) + "\n"


def _lines(c: Comparison) -> Iterator[str]:
    higher, lower = lead(c)
    over = f"{higher.label} over {lower.label}"
    yield f"# {safe(c.a.label)} and {safe(c.b.label)}"
    yield ""
    yield f"**{safe(headline(c))}** {safe(basis(c))} {why_sentence(c)}".rstrip()
    yield from section(f"{capital(PAY[c.kind])}, thousand {c.money}", _pay(c))
    yield from section(f"Gap by percentile of the midpoint ({over})", _percentiles(c))
    yield from section(f"The gap as more is held equal ({over})", _ladder(c))
    if c.why is not None:
        yield from section("What the gap is made of (log points)", _why(c, c.why))
        yield from section("The same at each reference", _references(c, c.why))
    for name, group in ((n, g) for n, g in c.within.items() if g):
        rows = ((safe(w.category), percent(facing(c, w.gap)), f"{w.n_a:,}", f"{w.n_b:,}",
                 "few" if w.weak else "") for w in group)  # fmt: skip
        head = (capital(factor(name)), "gap", c.a.label, c.b.label, "")
        yield from section(f"Within {factor(name)} ({over})", table(head, rows))
    yield from section(f"By definition of the role ({over})", _readings(c))
    yield from ("", coverage(c))
    if c.gap_employers is not None:
        yield from (
            "",
            f"With every employer weighing the same: {percent(facing(c, c.gap_employers))}.",
        )
    if c.by_source:
        yield from section(f"By source ({over})", _sources(c))
    yield from section("Mind", (f"- {safe(text)}" for _, text in c.caveats))
    yield from section("Sources", (f"- {safe(source_line(s))}" for s in c.sources))
    if c.rates:
        yield f"- {safe(rates(c))}"


def _pay(c: Comparison) -> Iterator[str]:
    head = ("", "end of range", "n", *(f"p{p} (95 % interval)" for p in PERCENTILES))
    rows = (_pay_row(role, end) for role in (c.a, c.b) for end in ENDS)
    return table(head, rows)


def _pay_row(role: RoleSample, end: str) -> list[str]:
    figures = [role.percentiles[end][p] for p in PERCENTILES]
    money = [f"{thousands(e.value)} ({span(e)})" for e in figures]
    return [safe(role.label), END_NAMES[end], f"{role.n:,}", *money]


def _percentiles(c: Comparison) -> Iterator[str]:
    gaps = ((p, facing(c, e)) for p, e in c.gap_percentiles.items())
    return table(("percentile", "gap"), ((f"p{p}", percent(e)) for p, e in gaps))


def _ladder(c: Comparison) -> Iterator[str]:
    rows = (
        (
            held_equal(r.held, False),
            percent(facing(c, r.all)),
            percent(facing(c, r.distinct)),
            "sign turns" if r.flipped or r.flipped_distinct else "",
        )
        for r in c.ladder
    )
    return table(("held equal", "all records", "distinct ads", ""), rows)


def _readings(c: Comparison) -> Iterator[str]:
    rows = [_reading(c, c.reading, (c.a.n, c.b.n), (c.gap, c.gap_distinct))]
    if c.other_reading is not None:
        o = c.other_reading
        rows.append(_reading(c, o.reading, (o.n_a, o.n_b), (o.gap, o.gap_distinct)))
    return table(("titles read", c.a.label, c.b.label, "all records", "distinct ads"), rows)


def _reading(
    c: Comparison, reading: str, counts: tuple[int, int], gaps: tuple[Estimate | None, ...]
) -> list[str]:
    said = [percent(facing(c, e)) if e else "too few" for e in gaps]
    return [f"{reading}ly", *(f"{n:,}" for n in counts), *said]


def _sources(c: Comparison) -> Iterator[str]:
    rows = (
        (safe(s.name), f"{s.n_a:,}", f"{s.n_b:,}",
         *(percent(facing(c, e)) if e else "" for e in (s.gap, s.gap_distinct)),
         answering(c, s.name))
        for s in c.by_source
    )  # fmt: skip
    return table(("source", c.a.label, c.b.label, "all records", "distinct ads", ""), rows)


def _why(c: Comparison, d: Decomposition) -> Iterator[str]:
    parts = [(factor(n), facing(c, p.explained), facing(c, p.unexplained))
             for n, p in d.detail.items()]  # fmt: skip
    parts.append(("sum", facing(c, d.explained), facing(c, d.unexplained)))
    rows = ((name, log_points(e), log_points(u)) for name, e, u in parts)
    return table(("factor", "accounted for", "not accounted for"), rows)


def _references(c: Comparison, d: Decomposition) -> Iterator[str]:
    rows = (
        (name, log_points(facing(c, t.explained)), log_points(facing(c, t.unexplained)))
        for name, t in d.references.items()
    )
    return table(("reference", "accounted for", "not accounted for"), rows)
