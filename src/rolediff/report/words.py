"""Numbers and sentences that every rendering of an answer shares."""

from __future__ import annotations

import math
from collections.abc import Mapping

from rolediff.results import Comparison, Decomposition, Estimate, RoleSample

SPARKS = "▁▂▃▄▅▆▇█"
FACTOR_NAMES = {
    "company_size": "company size",
    "employment_type": "employment type",
    "(constant)": "the same in every category",
}
VERBS = {"advertised": "advertised at", "paid": "paid", "unknown": "recorded at"}
PAY = {"advertised": "advertised pay", "paid": "pay", "unknown": "recorded pay"}
"""How pay is spoken of, by what the sources say it is."""

POINTS = 3.0
"""Percentage points by which counting distinct ads must move the gap to be said at once."""


def percent(e: Estimate) -> str:
    """A gap in log points as "+24 % (17 to 32)"."""
    p = e.percent
    if p.low is None or p.high is None:
        return f"{signed(p.value)} %"
    return f"{signed(p.value)} % ({number(p.low)} to {number(p.high)})"


def signed(x: float) -> str:
    """A rounded number with its sign; a true minus."""
    return "0" if round(x) == 0 else f"{round(x):+d}".replace("-", "−")


def number(x: float) -> str:
    """A rounded number; a true minus."""
    return "∞" if math.isinf(x) else f"{round(x):d}".replace("-", "−")


def points(x: float) -> str:
    """Log points with a sign and three decimals."""
    return f"+{plain(x)}" if round(x, 3) > 0 else plain(x)


def plain(x: float) -> str:
    """Three decimals; a true minus and no negative zero."""
    return f"{round(x, 3) + 0.0:.3f}".replace("-", "−")


def thousands(x: float | None) -> str:
    """Money in thousands without decimals."""
    return "" if x is None else f"{x / 1000:,.0f}"


def span(e: Estimate) -> str:
    """An interval of money in thousands, or why there is none."""
    return f"{thousands(e.low)}–{thousands(e.high)}" if e.low is not None else "too few"


def reach(e: Estimate) -> str:
    """An interval of percents, as short as it can be said."""
    if e.low is None or e.high is None:
        return "too few"
    low, high = number(e.low), number(e.high)
    return f"{low}–{high}" if round(e.low) >= 0 else f"{low} to {high}"


def log_points(e: Estimate) -> str:
    """A part of a gap as "+0.047 (0.016 to 0.078)"."""
    if e.low is None or e.high is None:
        return points(e.value)
    return f"{points(e.value)} ({plain(e.low)} to {plain(e.high)})"


def spark(role: RoleSample) -> str:
    """The distribution as bars of eight heights."""
    counts = role.histogram[0]
    top = max(counts) or 1
    return "".join(SPARKS[min(7, int(8 * c / top))] for c in counts)


def factor(name: str) -> str:
    """A factor as a reader says it."""
    return FACTOR_NAMES.get(name, name.replace("_", " "))


def turn(c: Comparison) -> int:
    """+1 where A is advertised higher, -1 where B is: gaps are told as higher over lower."""
    return 1 if c.gap.value >= 0 else -1


def facing(c: Comparison, e: Estimate) -> Estimate:
    """A gap told as the higher role over the lower one."""
    return e if turn(c) > 0 else -e


def lead(c: Comparison) -> tuple[RoleSample, RoleSample]:
    """The role advertised higher on all records, and the other."""
    return (c.a, c.b) if turn(c) > 0 else (c.b, c.a)


def headline(c: Comparison) -> str:
    """The answer in one sentence that a person can repeat: who, how much, interval, n."""
    higher, lower = lead(c)
    gap = facing(c, c.gap)
    more = f"{VERBS[c.kind]} {number(gap.percent.value)} % more{_money(c)}"
    records = f"{higher.n:,} against {lower.n:,} records"
    facts = f"({'; '.join(filter(None, [c.where_words, _interval(gap), records]))})"
    pair = f"{lower.plural} and {higher.plural}"
    if gap.low is None:
        start = f"Too few independent records to tell {pair} apart: the latter are {more} here"
    elif gap.low <= 0:
        start = f"No clear difference between {pair}: the latter are {more}"
    else:
        start = f"{capital(higher.plural)} are {more} than {lower.plural}"
    return f"{start} {facts}{_distinct(c)}."


def _distinct(c: Comparison) -> str:
    """The same with each distinct ad counted once, where that tells another story.

    That is: a gap 3 points away, or one that is clear where the other is not, or turned round.
    """
    gap, distinct = facing(c, c.gap), facing(c, c.gap_distinct)
    if gap.low is None or distinct.low is None or distinct.high is None:
        return ""
    interval = f"{number(distinct.percent.low or 0)} to {number(distinct.percent.high or 0)} %"
    if distinct.low <= 0 <= distinct.high:
        unclear = f", but counting each distinct ad once there is no clear difference ({interval})"
        return unclear if gap.low > 0 else ""
    if distinct.high < 0 or gap.low <= 0:
        better = distinct if distinct.value > 0 else -distinct
        who = lead(c)[0 if distinct.value > 0 else 1].plural
        p = better.percent
        return (
            f", but counting each distinct ad once {who} are {number(p.value)} % higher "
            f"({number(p.low or 0)} to {number(p.high or 0)} %)"
        )
    if abs(distinct.percent.value - gap.percent.value) <= POINTS:
        return ""
    return f", or {number(distinct.percent.value)} % ({interval}) counting each distinct ad once"


def _money(c: Comparison) -> str:
    """Said where the money is not plain US dollars."""
    if c.money == "US$ a year":
        return ""
    return " at purchasing power" if "PPP" in c.money else f" in {c.money.removesuffix(' a year')}"


def _interval(gap: Estimate) -> str:
    p = gap.percent
    if p.low is None or p.high is None:
        return "no interval"
    return f"95 % interval {number(p.low)} to {number(p.high)} %"


def basis(c: Comparison) -> str:
    """What the headline is a figure of, and whether it holds with more held equal."""
    years = "" if c.years is None else f", {years_of(c.years)}"
    return f"Geometric means of {PAY[c.kind]}{years}.{_held(c)}"


def _held(c: Comparison) -> str:
    """Where the raw gap is unclear and an adjusted one is not."""
    raw, last = c.gap, c.ladder[-1]
    unclear = raw.low is not None and raw.low <= 0 <= (raw.high or 0)
    if not unclear or last.all.low is None or last.all.low * (last.all.high or 0) <= 0:
        return ""
    held = ", ".join(map(factor, last.held))
    return f" With {held} held equal the gap is {percent(facing(c, last.all))}."


def capital(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def years_of(years: tuple[int, int]) -> str:
    """ "2020 to 2025", or one year."""
    return str(years[0]) if years[0] == years[1] else f"{years[0]} to {years[1]}"


def shares(d: Decomposition) -> tuple[float, float] | None:
    """The least and the most of the gap, in percent, that any reference accounts for.

    None where the gap is not clearly one: a share of what may be nothing says nothing.
    """
    if d.gap.low is None or d.gap.high is None or d.gap.low <= 0 <= d.gap.high:
        return None
    found = [100 * t.explained.value / d.gap.value for t in d.references.values()]
    return min(found), max(found)


def accounted(d: Decomposition) -> str:
    """Those shares in words, "26 to 33 %"; empty where there are none or they are no shares."""
    found = shares(d)
    if found is None or found[0] < 0 or found[1] > 100:
        return ""
    low, high = map(number, found)
    return f"{low} %" if low == high else f"{low} to {high} %"


def why_sentence(c: Comparison) -> str:
    """How much of the gap the recorded factors account for, over all references."""
    if c.why is None or (found := shares(c.why)) is None:
        return ""
    detail = {
        f: p.explained for f, p in c.why.detail.items() if f != "(constant)" and p.explained.se
    }
    if not detail:
        return ""
    names = list(map(factor, detail))
    what = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    if found[1] < 0:
        return (
            f"Differences in {what} do not account for the gap: by them alone it would go the "
            "other way."
        )
    if not accounted(c.why):
        return f"How much differences in {what} account for depends on the reference, even in sign."
    biggest = max(detail, key=lambda f: detail[f].value * c.why.gap.value)  # type: ignore[union-attr]
    mostly = f", {factor(biggest)} most" if len(detail) > 1 else ""
    return (
        f"Differences in {what} account for {accounted(c.why)} of the gap, "
        f"depending on the reference{mostly}; the rest is not accounted for by what was measured."
    )


def coverage(c: Comparison) -> str:
    """Which share of each role's records states pay that can be compared."""
    shares = (f"{100 * r.coverage:.0f} % of {r.records:,} {r.label} records" for r in (c.a, c.b))
    return f"Coverage: comparable pay in {' and '.join(shares)}."


def held_equal(held: tuple[str, ...], everything: bool) -> str:
    """A rung of the ladder in words."""
    if not held:
        return "nothing"
    return "everything recorded" if everything else ", ".join(map(factor, held))


AGREES = {"yes": "agrees", "no": "shows the opposite", "unclear": "not clear"}
"""What another source says to the one that answers."""


def answering(c: Comparison, name: str) -> str:
    """What a source is to the answer: the one it is of, or whether it agrees."""
    source = next(s for s in c.by_source if s.name == name)
    if source.answers:
        return "answers here"
    return "too few" if source.gap is None else AGREES[source.agrees or "unclear"]


def rates(c: Comparison) -> str:
    """Whose rates turned pay into one money."""
    return f"Rates: {', '.join(c.rates)}." if c.rates else ""


def source_line(s: Mapping[str, object]) -> str:
    """A source in one line: title, licence, dates, records or postings used."""
    licence = "licence not stated" if s["licence"] == "unknown" else str(s["licence"])
    parts = [str(s["title"] or s["name"]), licence, f"version {s['version']}"]
    if not s["version"]:
        parts.pop()
    things = "postings" if s.get("unit") == "posting" else "records"
    return ", ".join([*parts, f"{s['used']:,} {things} used"])
