"""Shares of openings and their differences in words, for every answer about what openings name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rolediff.report.words import capital, number, signed
from rolediff.results import HIDDEN, BesideOpenings, Estimate, OtherOpenings, RoleOpenings, Telling

READ = {"strict": "strictly", "broad": "broadly"}


def share(e: Estimate) -> str:
    """A share in percent, "36 (20–55)"."""
    if e.low is None or e.high is None:
        return number(100 * e.value)
    return f"{number(100 * e.value)} ({number(100 * e.low)}–{number(100 * e.high)})"


def difference(e: Estimate) -> str:
    """A difference of shares in percentage points, "+26 (7 to 47)"."""
    if e.low is None or e.high is None:
        return signed(100 * e.value)
    return f"{signed(100 * e.value)} ({number(100 * e.low)} to {number(100 * e.high)})"


def of_one(e: Estimate) -> str:
    """A number between 0 and 1, "0.82 (0.71 to 0.92)"."""
    if e.low is None or e.high is None:
        return f"{e.value:.2f}"
    return f"{e.value:.2f} ({e.low:.2f} to {e.high:.2f})"


def z_of(t: Telling) -> str:
    """A z score with a true minus."""
    return f"{t.z:+.1f}".replace("-", "−")


def p_of(p: float | None) -> str:
    """A p value, as short as it can be said."""
    return "" if p is None else "<0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def mark(t: Telling) -> str:
    """Whether a difference is clear after adjustment, or by its own interval alone."""
    return "clear" if t.clear else "leans" if t.leans else ""


def listed(names: Sequence[str]) -> str:
    """ "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def leaning(told: Iterable[Telling], side: bool) -> list[Telling]:
    """Those whose own interval leaves out zero, more frequent in A (`side`) or in B."""
    return [t for t in told if t.leans and (t.gap.value > 0) == side]


def apart(told: Iterable[Telling], side: bool, most: int) -> list[Telling]:
    """Those that set A (`side`) or B apart most, by the z score of their log-odds."""
    mine = [t for t in told if t.z and (t.z > 0) == side and (t.gap.value > 0) == side]
    return sorted(mine, key=lambda t: (-abs(t.z), t.name))[:most]


def headline(
    a: RoleOpenings,
    b: RoleOpenings,
    told: Sequence[Telling],
    where: str,
    what: tuple[str, str],
    most: int = 3,
) -> str:
    """What tells two roles apart, in a sentence.

    `told` the clearest first; `what` they are, and how openings speak of them ("skills", "name").
    """
    things, verb = what
    sides = [
        (role, [t.name for t in apart(leaning(told, side), side, most)])
        for role, side in ((a, True), (b, False))
    ]
    said = [f"{role.plural} more often {verb} {listed(names)}" for role, names in sides if names]
    facts = f"{where}; " if where else ""
    facts += f"{a.openings:,} against {b.openings:,} openings "
    facts += f"of {a.employers:,} and {b.employers:,} employers"
    if not said:
        return (
            f"No {things} tell {a.plural} and {b.plural} apart in their openings ({facts}; "
            f"{len(told)} compared)."
        )
    start = "; openings for ".join(said)
    clear, leans = sum(t.clear for t in told), sum(t.leans for t in told)
    tested = (
        f"{leans} of {len(told)} differ by their own interval, {clear} after adjusting for so many"
    )
    return capital(f"openings for {start} ({facts}; {tested}).")


def other_line(other: OtherOpenings | None, reading: str, what: str) -> str:
    """Whether the other reading of the titles tells the same."""
    if other is None:
        return ""
    of = " of a panel of employers" if other.panel else ""
    read = f"Titles read {READ[other.reading]} ({other.n_a:,} against {other.n_b:,} openings{of})"
    if not other.gaps:
        return f"{read}: nothing to compare, as no {what} differs read {READ[reading]}."
    there = " and there" if other.panel else ""
    return (
        f"{read}: {other.same} of the {len(other.gaps)} {what} that differ here{there} do so in "
        "the same direction."
    )


def other_lines(
    other: OtherOpenings | None, beside: Iterable[BesideOpenings], reading: str, what: str
) -> Iterator[str]:
    """Whether the other reading of the titles and other sources tell the same."""
    if line := other_line(other, reading, what):
        yield line
    for s in beside:
        yield _beside(s, what)


def _beside(s: BesideOpenings, what: str) -> str:
    start = f"In another source, {s.source} ({s.n_a:,} against {s.n_b:,} openings)"
    if not s.agrees:
        few = min(s.n_a, s.n_b) < HIDDEN
        return f"{start}: {'too few to compare' if few else f'no {what} to compare'}."
    counts = [s.counted("yes"), s.counted("no"), s.counted("unclear")]
    return (
        f"{start}: of the {len(s.agrees)} {what} that differ here it agrees on {counts[0]}, "
        f"contradicts {counts[1]}, and {counts[2]} are not clear there."
    )


def source_line(s: Mapping[str, Any]) -> str:
    """A source in one line: title, licence, version, postings used."""
    used = f"{s['used']:,} postings used" if "used" in s else ""
    version = f"version {s['version']}" if s.get("version") else ""
    licence = "" if s.get("licence") in (None, "unknown") else str(s["licence"])
    return ", ".join(filter(None, (str(s.get("title") or s["name"]), licence, version, used)))
