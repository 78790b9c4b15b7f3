"""Parts of answers that are of no pair of roles: decompositions of any table, a single number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rolediff.report.charts import Mark, Row, rows_chart
from rolediff.report.figures import Figure, Grid, Part, intervals
from rolediff.report.scales import plainly, scale_of
from rolediff.report.words import capital, factor, log_points, plain
from rolediff.results import (
    FOUR,
    MATCHED,
    Account,
    Brief,
    CheckedArticle,
    Decomposition,
    Estimate,
    Matched,
    Note,
    Reweighted,
    RobustDecomposition,
)


def estimate_part(e: Estimate) -> Part:
    """One number, its interval, n and source."""
    figure = _figure("Estimate", {e.source or "estimate": e}, e.n, ())
    return Part("estimate", "Estimate", f"{e}.", (), (figure,))


def decomposition_part(d: Decomposition) -> Part:
    """What a gap is made of: by factor, and the rest."""
    found = {n: p.explained for n, p in d.detail.items() if n != "(constant)"}
    answer = (
        f"{d.statistic} of {d.outcome}, {d.a} less {d.b}: {log_points(d.gap)}; accounted for "
        f"{log_points(d.explained)}, not accounted for {log_points(d.unexplained)}, at the "
        f"reference {d.reference}."
    )
    rest = {"not accounted for": d.unexplained, "the gap": d.gap}
    return _part(answer, "Parts by factor", found | rest, d.gap.n, d.notes)


def robust_part(d: RobustDecomposition) -> Part:
    """A reweighted decomposition: its four parts."""
    found = {name.replace("_", " "): getattr(d.total, name) for name in FOUR}
    answer = f"{d.statistic} of {d.outcome}, {d.a} less {d.b}: {log_points(d.gap)}."
    return _part(answer, "Parts", found | {"the gap": d.gap}, d.gap.n, d.notes)


def account_part(a: Account) -> Part:
    """What each factor moves the gap by."""
    answer = (
        f"{a.outcome}, {a.a} less {a.b}: {log_points(a.base)}; with all held equal "
        f"{log_points(a.full)}."
    )
    return _part(answer, "What each factor moves", dict(a.moved), a.base.n, a.notes)


def matched_part(m: Matched) -> Part:
    """A gap split by comparing like with like."""
    found = {name.replace("_", " "): getattr(m, name) for name in MATCHED}
    answer = (
        f"{m.outcome}, {m.a} less {m.b}: {log_points(m.gap)}; between alike records "
        f"{log_points(m.unexplained)}."
    )
    return _part(answer, "Parts", found | {"the gap": m.gap}, m.gap.n, m.notes)


def reweighted_part(r: Reweighted) -> Part:
    """What composition makes of the gap, at each statistic."""
    found = {name: s.composition for name, s in r.splits.items()}
    gaps = "; ".join(f"{name} {log_points(s.gap)}" for name, s in r.splits.items())
    answer = f"{r.outcome}, {r.a} less {r.b}: {gaps}."
    n = max((s.gap.n for s in r.splits.values()), default=0)
    return _part(answer, "Composition, by statistic", found, n, r.notes)


def brief_part(b: Brief) -> Part:
    """The conclusion of a brief."""
    said = [s.text for s in b.sections[-1].sentences] if b.sections else []
    spoken = sum(len(s.sentences) for s in b.sections)
    rest = f"{len(b.sections)} sections, {spoken} sentences, {len(b.footnotes)} footnotes."
    return Part("brief", b.title, said[0] if said else "", (*said[1:], rest))


def checked_part(c: CheckedArticle) -> Part:
    """The verdicts on an article, and each claim with its own."""
    said = ", ".join(f"{n:,} {verdict}" for verdict, n in c.counts.items() if n)
    rows = ((j.verdict, j.claim.text, j.why) for j in c.judgements)
    figure = Figure(
        "claims", "Claims", "", f"n = {len(c.judgements):,} claims", c.article.name, c.rule, "",
        "intervals of the evidence", grid=Grid.of(("verdict", "claim", "why"), rows),
    )  # fmt: skip
    name = c.article.title or c.article.name
    return Part("checked", name, f"{name}: {said or 'no claim found'}.", (), (figure,))


def _part(
    answer: str, title: str, found: Mapping[str, Estimate], n: int, notes: Sequence[Note]
) -> Part:
    return Part("parts", title, capital(answer), (), (_figure(title, found, n, notes),))


def _figure(title: str, found: Mapping[str, Estimate], n: int, notes: Sequence[Note]) -> Figure:
    """A row for each estimate, in the unit of the outcome."""
    rows = [
        Row(factor(name), (Mark(e, "n", log_points(e)),))
        for name, e in found.items()
    ]  # fmt: skip
    told = "; ".join(f"{name} {log_points(e)}" for name, e in found.items())
    scale = scale_of(found.values(), plainly, with_zero=True)
    sources = dict.fromkeys(e.source for e in found.values() if e.source)
    return Figure(
        "parts", title, "", f"n = {n:,}", "; ".join(sources) or "the table given", "", "",
        intervals(found.values()), rows_chart(title, told, rows, scale), (),
        tuple(("", str(note)) for note in notes), _grid(found), tuple(rows),
    )  # fmt: skip


def _grid(found: Mapping[str, Estimate]) -> Grid:
    rows = (
        (factor(name), plain(e.value), "" if e.low is None else plain(e.low),
         "" if e.high is None else plain(e.high))
        for name, e in found.items()
    )  # fmt: skip
    return Grid.of(("", "value", "low", "high"), rows)
