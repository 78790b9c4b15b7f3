"""Sentences of a brief on pay: how much, and what the gap goes with."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.compare.brief_evidence import Writer, known
from rolediff.compare.brief_words import clear, growth, log_points, money, plain, rounded
from rolediff.errors import NotEnoughEvidence
from rolediff.results import Comparison, Estimate, Measure, Reason, RoleSample, Sentence, Short

KIND = {"advertised": "advertised pay", "paid": "pay", "unknown": "recorded pay"}
FACTORS = {"company_size": "company size", "employment_type": "employment type"}
REASONS = ("breadth", "complexity", "strategic impact")
"""Reasons in the order in which the sections about them stand."""


def gap(w: Writer) -> Iterator[Sentence]:
    """Who is higher, by how much, on all records and on distinct ones."""
    c = known(w.e.pay)
    yield w.say(_gap(c), (("gap", c.gap),), _source(c), None)
    distinct = faced(c, c.gap_distinct)
    again = "Counting each distinct ad once, the difference is"
    said = f"{again} {growth(distinct)}{_doubt(distinct)}."
    yield w.say(said, (("gap, distinct", c.gap_distinct),), _source(c), None)
    for s in c.by_source:
        if s.gap is not None and not s.answers:
            found = faced(c, s.gap)
            text = f"In another source, {s.name}, it is {growth(found)}{_doubt(found)}."
            yield w.say(text, ((f"gap, {s.name}", s.gap),), s.name, None)


def average(w: Writer) -> Iterator[Sentence]:
    """Median pay and the middle half, at the midpoint of the range."""
    c = known(w.e.pay)
    for role in (c.a, c.b):
        yield _average(w, c, role)


def _average(w: Writer, c: Comparison, role: RoleSample) -> Sentence:
    mid = role.percentiles["mid"]
    low, median, high = (mid[p] for p in (25, 50, 75))
    text = (
        f"Median {KIND[c.kind]} of {role.plural} is {money(median)} {c.money}, at the midpoint of "
        f"each range; the middle half lies between {rounded(low.value, -3)} and "
        f"{rounded(high.value, -3)}."
    )
    figures = ((f"median, {role.label}", median), ("p25", low), ("p75", high))
    return w.say(text, figures, _source(c), None)


def made_of(w: Writer) -> Iterator[Sentence]:
    """What recorded factors account for, and what is left."""
    c = known(w.e.pay)
    if c.why is None:
        raise NotEnoughEvidence(
            f"{c.a.distinct:,} and {c.b.distinct:,} distinct records with pay: too few, or no "
            "factor recorded that varies, to split the gap"
        )
    parts = {f: p.explained for f, p in c.why.detail.items() if f != "(constant)"}
    if not parts:
        raise NotEnoughEvidence(
            f"{c.a.distinct:,} and {c.b.distinct:,} distinct records with pay: no factor has two "
            "categories with 5 of them in each role, so nothing can be accounted for"
        )
    names = [FACTORS.get(f, f) for f in parts]
    explained, rest = faced(c, c.why.explained), faced(c, c.why.unexplained)
    yield w.say(
        f"Of the gap of {rounded(faced(c, c.why.gap).value, 3)} log points, differences in "
        f"{_listed(names)} together account for {log_points(explained)}{_doubt(explained)}.",
        (("gap", c.why.gap), ("accounted for", c.why.explained)), _source(c), "why",
    )  # fmt: skip
    top = max(parts, key=lambda f: abs(parts[f].value))
    part = faced(c, parts[top])
    yield w.say(
        f"The largest part goes with {FACTORS.get(top, top)}: {log_points(part)}{_doubt(part)}.",
        ((top, parts[top]),), _source(c), "why",
    )  # fmt: skip
    yield w.say(
        f"{log_points(rest)} is not accounted for by what was measured, which is no finding about "
        "its cause.",
        (("not accounted for", c.why.unexplained),), _source(c), "why",
    )  # fmt: skip


def reason(w: Writer, number: int) -> Iterator[Sentence]:
    """One reason that is given for a gap: each of its measures, its part of pay, the verdict."""
    found = {r.name: r for r in known(w.e.reasons)}[REASONS[number]]
    named = [m for m in found.measures if not isinstance(m, Short)]
    if not named and isinstance(found.part, Short):
        shorts = [m.reason for m in found.measures if isinstance(m, Short)]
        raise NotEnoughEvidence("; ".join(dict.fromkeys([*shorts, found.part.reason])))
    for m in named:
        yield _measure(w, m)
    if not isinstance(found.part, Short):
        p = found.part
        yield w.say(
            f"The part of the gap that goes with {p.of} is {log_points(p.part)}, A over B, of "
            f"{log_points(p.gap)}{_doubt(p.part)}.",
            (("part", p.part), ("gap", p.gap)), p.source, "why",
        )  # fmt: skip
    yield _verdict(w, found, named)


def _verdict(w: Writer, r: Reason, named: list[Measure]) -> Sentence:
    source = named[0].source if named else "" if isinstance(r.part, Short) else r.part.source
    settle = f"; {r.settle} would settle it" if r.settle else ""
    n = r.part.part.n if not isinstance(r.part, Short) else named[0].difference.n
    why = f" (n = {n:,})" if r.why == r.verdict else f" (n = {n:,}), as {r.why}"
    return w.say(
        f"The claim that {r.claim} and is paid for it: {r.verdict}{why}{settle}.",
        (), source, "why",
    )  # fmt: skip


def _measure(w: Writer, m: Measure) -> Sentence:
    q = w.e.q
    text = (
        f"{m.name[:1].upper()}{m.name[1:]}: {plain(m.a, m.unit)} for {q.a.plural}, "
        f"{plain(m.b, m.unit)} for {q.b.plural}{_doubt(m.difference)}."
    )
    figures = (("A", m.a), ("B", m.b), ("A less B", m.difference))
    return w.say(text, figures, m.source, "why")


def _gap(c: Comparison) -> str:
    high, low = (c.a, c.b) if c.gap.value >= 0 else (c.b, c.a)
    what = KIND[c.kind]
    records = f"{high.n:,} records against {low.n:,}"
    start = f"The geometric mean of {what} of {high.plural} is above that of {low.plural} by"
    return f"{start} {growth(faced(c, c.gap))}, {records}, nothing held equal{_doubt(c.gap)}."


def faced(c: Comparison, e: Estimate) -> Estimate:
    """A gap of A over B told as the role that is higher on all records over the other."""
    return e if c.gap.value >= 0 else -e


def _doubt(e: Estimate) -> str:
    """That a figure may be nothing, unless its interval leaves out zero."""
    return "" if clear(e) else "; no clear difference from zero"


def _source(c: Comparison) -> str:
    return " and ".join(str(s["name"]) for s in c.sources)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
