"""Sentences and numbers that every rendering of `where` shares."""

from __future__ import annotations

from rolediff.report.telling_words import READ
from rolediff.results import (
    GREY,
    CategoryPay,
    CategoryShare,
    Estimate,
    Places,
    RankedPay,
    WhereHired,
)

FACTORS = {"sector": "industry", "industry": "industry", "country": "country"}
PLURALS = {"sector": "industries", "industry": "industries", "country": "countries"}
SIGNIFICANT = 0.05
MOST = 8
"""Categories shown on the terminal; `--json` and `--markdown` have all."""


def headline(w: WhereHired) -> str:
    """Where most records of each role are, in one sentence for industries and one for countries,
    and the country where pay is best."""
    said = [_most(w, p) for p in (*w.industries[:1], *w.countries[:1])]
    said += [_best(w, p) for p in [p for p in w.countries if p.pay][:1]]
    return " ".join(filter(None, said)) or (
        f"Not enough evidence on where {w.plural_a} and {w.plural_b} are hired."
    )


def _most(w: WhereHired, p: Places) -> str:
    if not p.shares:
        return ""
    a = max(p.shares, key=lambda s: s.n_a)
    b = max(p.shares, key=lambda s: s.n_b)
    things = counted(p)
    first = f"{a.label} ({_of(a.a, a.equal_a, things)})"
    second = f"{b.label} ({_of(b.b, b.equal_b, things)})"
    start = f"Among the {'employers' if p.employers_a else 'records'} of {p.source}"
    role_a = f"most {things} for {w.plural_a} are in {first}"
    role_b = f"for {w.plural_b} in {second}"
    return f"{start}, {role_a}, {role_b}."


def _best(w: WhereHired, p: Places) -> str:
    """The country where each role is paid best; of one country alone that says nothing."""
    best = [
        (plural, min(mine, key=lambda c: c.market.rank))
        for role, plural in (("A", w.plural_a), ("B", w.plural_b))
        if len(mine := [c for c in p.pay if c.role == role]) > 1
    ]
    told = [f"{plural} in {c.label} ({_place(c.market)})" for plural, c in best]
    return f"Best paid there are {' and '.join(told)}." if told else ""


def _place(r: RankedPay) -> str:
    return f"{r.pay.value / 1000:,.0f} thousand {r.money}, rank {r.best} to {r.worst} of {r.of}"


def counted(p: Places) -> str:
    """What shares are of: ads by country, openings by industry, or records of pay."""
    if p.unit != "posting":
        return "records"
    return "ads" if p.factor == "country" else "openings"


def _of(e: Estimate, equal: Estimate | None, things: str) -> str:
    interval = "" if e.low is None else f", 95 % interval {rounded(e.low)} to {rounded(e.high)} %"
    alike = "" if equal is None else f"; {rounded(equal.value)} % with employers weighing the same"
    return f"{rounded(e.value)} % of {e.n:,} {things}{interval}{alike}"


def rounded(share: float | None) -> str:
    """A share (0 to 1) in percent, with a decimal below ten."""
    if share is None:
        return ""
    x = 100 * share
    return f"{x:.0f}" if x >= 9.95 or x == 0 else f"{x:.1f}"


def share(e: Estimate | None) -> str:
    """A share as "48 % (20-78)" with a dash of numbers."""
    if e is None:
        return ""
    interval = "" if e.low is None else f" ({rounded(e.low)}–{rounded(e.high)})"
    return f"{rounded(e.value)} %{interval}"


def difference(e: Estimate) -> str:
    """A difference of shares in points, as "−5.8 (−11.3 to −1.4)"."""
    if e.low is None or e.high is None:
        return _points(e.value)
    return f"{_points(e.value)} ({_points(e.low, '')} to {_points(e.high, '')})"


def _points(x: float, plus: str = "+") -> str:
    value = round(100 * x, 1) + 0.0
    return f"{plus if value > 0 else ''}{value:.1f}".replace("-", "−")


def counts(p: Places, w: WhereHired) -> str:
    """How many records state the factor, and of how many employers."""
    things = counted(p)
    sides = [
        f"{n:,} {label} {things}" + ("" if k is None else f" of {k:,} employers")
        for n, k, label in ((p.n_a, p.employers_a, w.a), (p.n_b, p.employers_b, w.b))
    ]
    left = p.unstated_a + p.unstated_b
    rest = f"; {left:,} more state no {FACTORS[p.factor]}" if left else ""
    rare = f"; {p.rare} rarer ones are not shown" if p.rare else ""
    return f"{' and '.join(sides)}{rest}{rare}."


def title(what: str, p: Places) -> str:
    """A heading: "Who hires, by industry, among the employers of ashby"."""
    among = "employers" if p.employers_a else "records"
    return f"{what}, by {FACTORS[p.factor]}, among the {among} of {p.source}"


def pay_title(p: Places) -> str:
    """The heading of pay, which may be of titles read otherwise than was asked."""
    read = f" (titles read {READ[p.pay_reading]})" if p.pay_reading else ""
    return title("Who pays best", p) + read


def who_more(s: CategoryShare, w: WhereHired) -> str:
    """The role that is clearly more often there; empty where none is.

    Nor where the difference turns round with every employer weighing the same: it is then the
    doing of a few.
    """
    if not s.p_bh < SIGNIFICANT:
        return ""
    if s.equal_a is not None and s.equal_b is not None:
        alike = s.equal_a.value - s.equal_b.value
        if alike * s.difference.value <= 0:
            return ""
    return f"more {w.a if s.difference.value > 0 else w.b}"


def money(e: Estimate) -> str:
    """Thousands with an interval: "198 (152-257)" with a dash of numbers."""
    interval = "" if e.low is None else f" ({e.low / 1000:,.0f}–{(e.high or 0) / 1000:,.0f})"
    return f"{e.value / 1000:,.0f}{interval}"


def rank(r: RankedPay | None) -> str:
    """A rank with its interval: "1 (1-3)" with a dash of numbers; empty where there is one."""
    return f"{r.rank} ({r.best}–{r.worst})" if r and r.of > 1 else ""


def few(p: CategoryPay) -> str:
    """ "few" below 30 records."""
    return "few" if p.n < GREY else ""


def agree_sentence(w: WhereHired) -> str:
    """How many countries and industries two sources agree on."""
    if not w.agreement:
        return ""
    kinds = [s.agree for s in w.agreement]
    what = " and ".join(dict.fromkeys(PLURALS[s.factor] for s in w.agreement))
    return (
        f"Of {len(kinds)} {what} that two sources answer, they agree on "
        f"which role is more often there in {kinds.count('yes')}, contradict each other in "
        f"{kinds.count('no')}, and {kinds.count('unclear')} "
        f"{'is' if kinds.count('unclear') == 1 else 'are'} not clear."
    )


def near(roles: tuple[str, ...], a: str, b: str) -> str:
    """Which role an occupation is nearest to."""
    return f"nearest to {' and '.join({'A': a, 'B': b}[r] for r in roles)}"


def official_line(source: object) -> str:
    """An official source in one line."""
    assert isinstance(source, dict)
    return f"{source['title']}, {source['version']}, {source['licence']}"


def missing_line(p: Places, what: str) -> str:
    """Why a part has no answer."""
    reason = p.missing.get(what, "")
    return f"Not enough evidence in {p.source}: {reason}." if reason else ""
