"""Numbers and sentences that every rendering of an answer shares."""

from __future__ import annotations

from collections.abc import Mapping

from rolediff.results import Comparison, Decomposition, Estimate, RoleSample

SPARKS = "▁▂▃▄▅▆▇█"
FACTOR_NAMES = {
    "company_size": "company size",
    "employment_type": "employment",
    "(constant)": "the same in every category",
}
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
    return f"{round(x):d}".replace("-", "−")


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
    gap, place = facing(c, c.gap), f" ({c.where_words})" if c.where else ""
    records = f"{lower.n:,} against {higher.n:,} records"
    more = f"advertised at {number(gap.percent.value)} % more"
    if gap.low is None:
        return (
            f"Too few independent records to tell {lower.plural} and {higher.plural} apart{place}: "
            f"the latter are {more} here ({records}, no interval)."
        )
    if gap.low <= 0:
        return (
            f"No clear difference between {lower.plural} and {higher.plural}{place}: the latter "
            f"are {more} ({_interval(gap)}; {records}){_distinct(c)}."
        )
    return (
        f"{capital(higher.plural)} are {more} than {lower.plural}{place} ({_interval(gap)}; "
        f"{records}){_distinct(c)}."
    )


def _interval(gap: Estimate) -> str:
    p = gap.percent
    if p.low is None or p.high is None:
        return "no interval"
    return f"95 % interval {number(p.low)} to {number(p.high)} %"


def _distinct(c: Comparison) -> str:
    """The same with each distinct ad counted once, where that moves the gap by 3 points."""
    all_, distinct = facing(c, c.gap).percent, facing(c, c.gap_distinct).percent
    if abs(distinct.value - all_.value) <= POINTS or distinct.low is None or distinct.high is None:
        return ""
    return (
        f", or {number(distinct.value)} % ({number(distinct.low)} to {number(distinct.high)} %) "
        "counting each distinct ad once"
    )


def basis(c: Comparison) -> str:
    """What the headline is a figure of."""
    years = "" if c.years is None else f", {years_of(c.years)}"
    return f"Geometric means of advertised pay{years}."


def capital(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def years_of(years: tuple[int, int]) -> str:
    """ "2020 to 2025", or one year."""
    return str(years[0]) if years[0] == years[1] else f"{years[0]} to {years[1]}"


def accounted(d: Decomposition) -> str:
    """The share of the gap accounted for, over all references: "26 to 33 %".

    Empty where the gap is not clearly one: a share of what may be nothing says nothing.
    """
    if d.gap.low is None or d.gap.high is None or d.gap.low <= 0 <= d.gap.high:
        return ""
    shares = [100 * t.explained.value / d.gap.value for t in d.references.values()]
    low, high = number(min(shares)), number(max(shares))
    return f"{low} %" if low == high else f"{low} to {high} %"


def why_sentence(c: Comparison) -> str:
    """How much of the gap the recorded factors account for, over all references."""
    factors = [] if c.why is None else [f for f in c.why.detail if f != "(constant)"]
    if c.why is None or not factors or not accounted(c.why):
        return ""
    detail = c.why.detail
    biggest = max(factors, key=lambda f: abs(detail[f].explained.value))
    names = f"{', '.join(map(factor, factors[:-1]))} and {factor(factors[-1])}"
    what = names if len(factors) > 1 else factor(factors[0])
    mostly = f", {factor(biggest)} most" if len(factors) > 1 else ""
    return (
        f"Differences in {what} account for {accounted(c.why)} of the gap, "
        f"depending on the reference{mostly}; the rest is not accounted for by what was measured."
    )


def coverage(c: Comparison) -> str:
    """Which share of each role's records states pay that can be compared."""
    shares = (f"{100 * r.coverage:.0f} % of {r.records:,} {r.label} records" for r in (c.a, c.b))
    return f"Comparable pay is stated by {' and '.join(shares)}."


def held_equal(held: tuple[str, ...], everything: bool) -> str:
    """A rung of the ladder in words."""
    if not held:
        return "nothing"
    return "everything recorded" if everything else ", ".join(map(factor, held))


def source_line(s: Mapping[str, object]) -> str:
    """A source in one line: title, licence, dates, records used."""
    parts = [str(s["title"] or s["name"]), str(s["licence"]), f"version {s['version']}"]
    if not s["version"]:
        parts.pop()
    return ", ".join([*parts, f"{s['used']:,} records used"])
