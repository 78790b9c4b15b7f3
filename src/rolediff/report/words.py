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
    """Log points with three decimals."""
    return f"{x:+.3f}".replace("-", "−")


def thousands(x: float | None) -> str:
    """Money in thousands without decimals."""
    return "" if x is None else f"{x / 1000:,.0f}"


def span(e: Estimate) -> str:
    """An interval of money in thousands, or why there is none."""
    return f"{thousands(e.low)}–{thousands(e.high)}" if e.low is not None else "too few"


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
    """The answer in one sentence that a person can repeat."""
    higher, lower = lead(c)
    gap = facing(c, c.gap)
    place = f" ({c.where_words})" if c.where else ""
    if gap.low is not None and gap.low <= 0:
        return (
            f"No clear difference between {lower.plural} and {higher.plural}{place}: "
            f"{higher.plural} are advertised at {number(gap.percent.value)} % more"
        )
    return (
        f"{capital(higher.plural)} are advertised at {number(gap.percent.value)} % more than "
        f"{lower.plural}{place}"
    )


def capital(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def basis(c: Comparison) -> str:
    """What the headline rests on, and the same on distinct ads where that moves it."""
    higher, lower = lead(c)
    p = facing(c, c.gap).percent
    interval = (
        "" if p.low is None else f"95 % interval {number(p.low)} to {number(p.high or 0)} %; "
    )
    years = "" if c.years is None else f", {years_of(c.years)}"
    text = f"(geometric mean; {interval}{lower.n:,} against {higher.n:,} records{years})."
    d = facing(c, c.gap_distinct).percent
    if abs(d.value - p.value) > POINTS and d.low is not None and d.high is not None:
        text += (
            f" Counting each distinct ad once, it is {number(d.value)} % "
            f"({number(d.low)} to {number(d.high)})."
        )
    return text


def years_of(years: tuple[int, int]) -> str:
    """ "2020 to 2025", or one year."""
    return str(years[0]) if years[0] == years[1] else f"{years[0]} to {years[1]}"


def accounted(d: Decomposition) -> tuple[float, float]:
    """The least and the most share of the gap, in percent, that any reference accounts for."""
    shares = [100 * t.explained.value / d.gap.value for t in d.references.values()]
    return min(shares), max(shares)


def why_sentence(c: Comparison) -> str:
    """How much of the gap the recorded factors account for, over all references."""
    if c.why is None or abs(c.why.gap.value) < 1e-9:
        return ""
    low, high = accounted(c.why)
    names = [factor(f) for f in c.why.detail if f != "(constant)"]
    biggest = max(
        (f for f in c.why.detail if f != "(constant)"),
        key=lambda f: abs(c.why.detail[f].explained.value),  # type: ignore[union-attr]
    )
    several = f" ({', '.join(names)})" if len(names) > 1 else ""
    mostly = f", {factor(biggest)} most" if len(names) > 1 else ""
    return (
        f"What was recorded{several} accounts for {number(low)} to {number(high)} % of the gap, "
        f"depending on the reference{mostly}; the rest is not accounted for by what was measured."
    )


def held_equal(held: tuple[str, ...], everything: bool) -> str:
    """A rung of the ladder in words."""
    if not held:
        return "nothing"
    return "all of: " + ", ".join(map(factor, held)) if everything else ", ".join(map(factor, held))


def source_line(s: Mapping[str, object]) -> str:
    """A source in one line: title, licence, dates, records used."""
    parts = [str(s["title"] or s["name"]), str(s["licence"]), f"version {s['version']}"]
    if not s["version"]:
        parts.pop()
    return ", ".join([*parts, f"{s['used']:,} records used"])
