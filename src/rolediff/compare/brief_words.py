"""Numbers and sources as the sentences of a brief say them."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from rolediff.annotate.roles import Role
from rolediff.compare.found import Question
from rolediff.results import GREY, Estimate


def rounded(x: float, decimals: int = 0) -> str:
    """A number with a true minus and no negative zero."""
    return f"{round(x, decimals) + 0.0:,.{max(decimals, 0)}f}".replace("-", "−")


def percent(share: float) -> str:
    """A share (0 to 1) in percent without the sign, with a decimal below ten."""
    x = 100 * share
    return rounded(x, 0 if x >= 9.95 or x == 0 else 1)


def certainty(e: Estimate, low: str, high: str, unit: str = "") -> str:
    """ "95 % interval 20 to 55 %; n = 41"; with "few" under 30 and a word where none exists."""
    interval = "no interval" if e.low is None else f"95 % interval {low} to {high}{unit}"
    return f"{interval}; n = {e.n:,}{', few' if e.n < GREY else ''}"


def share(e: Estimate) -> str:
    """A share as "32 % (95 % interval 16 to 53 %; n = 41)"."""
    told = certainty(e, percent(e.low or 0), percent(e.high or 0), " %")
    return f"{percent(e.value)} % ({told})"


def versus(a: Estimate, b: Estimate) -> str:
    """Two shares as "32 % (16 to 53) against 5.7 % (1.9 to 16)", with their 95 % intervals."""
    return f"{_ranged(a)} against {_ranged(b)}"


def _ranged(e: Estimate) -> str:
    told = f"{percent(e.value)} %"
    if e.low is None or e.high is None:
        return f"{told} (no interval)"
    return f"{told} ({percent(e.low)} to {percent(e.high)})"


def of_both(
    named: Iterable[tuple[str, Estimate, Estimate]],
) -> tuple[tuple[str, Estimate], ...]:
    """The figures of A and of B by the name of each thing."""
    return tuple(f for name, a, b in named for f in ((f"A, {name}", a), (f"B, {name}", b)))


def sides(a: Role, b: Role, n_a: int, n_b: int) -> str:
    """ "openings for AI engineers (n = 41) against those for ML engineers (n = 53)"."""
    few_a, few_b = (", few" if n < GREY else "" for n in (n_a, n_b))
    return f"openings for {a.plural} (n = {n_a:,}{few_a}) against those for {b.plural} " + (
        f"(n = {n_b:,}{few_b})"
    )


def points(e: Estimate) -> str:
    """A difference of shares as "26 points (7 to 47)"."""
    if e.low is None or e.high is None:
        return f"{rounded(100 * e.value)} points"
    low, high = rounded(100 * e.low), rounded(100 * e.high)
    return f"{rounded(100 * e.value)} points ({low} to {high})"


def growth(e: Estimate) -> str:
    """Log points as "24 % (95 % interval 17 to 32 %; n = 344)"."""
    p = e.percent
    told = certainty(p, rounded(p.low or 0), rounded(p.high or 0), " %")
    return f"{rounded(p.value)} % ({told})"


def log_points(e: Estimate) -> str:
    """A part of a gap as "0.047 log points (95 % interval 0.016 to 0.078; n = 344)"."""
    told = certainty(e, rounded(e.low or 0, 3), rounded(e.high or 0, 3))
    return f"{rounded(e.value, 3)} log points ({told})"


def money(e: Estimate) -> str:
    """Pay as "166,000 (95 % interval 156,000 to 177,000; n = 291)"."""
    told = certainty(e, rounded(e.low or 0, -3), rounded(e.high or 0, -3))
    return f"{rounded(e.value, -3)} ({told})"


def plain(e: Estimate, unit: str = "") -> str:
    """Any number, with a decimal: "7.0 (95 % interval 3.2 to 10.9; n = 30)"."""
    unit = f" {unit}" if unit else ""
    told = certainty(e, rounded(e.low or 0, 1), rounded(e.high or 0, 1), unit)
    return f"{rounded(e.value, 1)}{unit} ({told})"


def clear(e: Estimate) -> bool:
    """Whether the interval leaves out zero."""
    return e.low is not None and e.high is not None and not e.low <= 0 <= e.high


def source_words(s: Mapping[str, Any]) -> str:
    """A source in words: title, version, licence."""
    version = f"version {s['version']}" if s.get("version") else ""
    licence = "" if s.get("licence") in (None, "unknown") else str(s["licence"])
    return ", ".join(filter(None, (str(s.get("title") or s["name"]), version, licence)))


def command(verb: str, q: Question, extra: str = "") -> str:
    """The command that answers `verb` ("" for pay) for the two roles of `q`."""
    words = ["rolediff", *([verb] if verb else []), *_roles(q.a, ""), *_roles(q.b, "")]
    return _ended(words, q, extra)


def path_command(to: Role, start: Role, q: Question, extra: str = "") -> str:
    """The command that tells the way from `start` to the role `to`."""
    words = ["rolediff", "path", *_roles(to, "--to"), *_roles(start, "--from")]
    return _ended(words, q, extra)


def _roles(role: Role, flag: str) -> list[str]:
    if role.id.startswith("title:"):
        return ["--title", role.label]
    return [*([flag] if flag else []), role.label]


def _ended(words: list[str], q: Question, extra: str) -> str:
    words += ["--reading", q.reading] if q.reading != "strict" else []
    words += ["--where", str(q.where)] if q.where else []
    words += ["--money", q.lens.name] if q.lens.name != "usd" else []
    words += ["--cpi", str(q.lens.cpi)] if q.lens.cpi is not None else []
    return " ".join(filter(None, (shlex.join(words), extra)))
