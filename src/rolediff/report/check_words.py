"""Verdicts and evidence in words and marks, as every rendering of a checked article says them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rolediff.report.words import capital
from rolediff.results import GREY, CheckedArticle, Estimate, Evidence, Judgement, Point, Ruled

MARKS: dict[Ruled, str] = {
    "contradicted": "✗",
    "partly": "◐",
    "supported": "✓",
    "not enough evidence": "?",
    "not testable with this data": "–",
}
"""A sign for each verdict, the gravest first; none is told apart by colour alone."""
UNREAD = "…"
"""The sign of what looks like a claim and is not understood."""
SHORT: dict[Ruled, str] = {v: v.removesuffix(" with this data") for v in MARKS}
"""The verdicts as labels."""
LONGEST = 160
"""Characters of a claim that are quoted."""


def unread(j: Judgement) -> bool:
    """Whether the claim looks like one and is not understood."""
    return j.claim.kind == "unread"


def mark(j: Judgement) -> str:
    """The sign of the verdict on a claim."""
    return UNREAD if unread(j) else MARKS[j.verdict]


def verdict(j: Judgement) -> str:
    """The verdict on a claim in one to three words."""
    return "not understood" if unread(j) else SHORT[j.verdict]


def gravest(found: Sequence[Judgement]) -> Judgement | None:
    """The first of the claims with the gravest verdict; what is not understood comes last."""
    order = [*MARKS.values(), UNREAD]
    return min(found, key=lambda j: order.index(mark(j)), default=None)


def tally(c: CheckedArticle) -> dict[Ruled, int]:
    """How many of the claims that are understood got each verdict, the gravest first."""
    read = [j for j in c.judgements if not unread(j)]
    return {v: sum(j.verdict == v for j in read) for v in MARKS}


def lead(c: CheckedArticle) -> str:
    """How many claims are contradicted, where the other counts stand beside."""
    counts = tally(c)
    n, wrong = sum(counts.values()), counts["contradicted"]
    if not n:
        return sentence(c)
    verb = "is" if wrong < 2 else "are"
    claims = f"{n} claim{'' if n == 1 else 's'} in this article {verb} contradicted by the data."
    return f"{wrong or 'None'} of {claims}"


def sentence(c: CheckedArticle) -> str:
    """The counts in one sentence, what is wrong first."""
    counts = tally(c)
    n = sum(counts.values())
    rest = _not_understood(sum(map(unread, c.judgements)))
    if not n:
        return f"No claim in this article could be judged{rest and f'; {rest}'}."
    judged = [f"{_are(counts['contradicted'])} contradicted by the data"]
    if counts["partly"]:
        judged.append(f"{counts['partly']} hold{'s' * (counts['partly'] == 1)} only in part")
    judged.append(f"{_are(counts['supported'])} supported")
    lead = f"Of {n} claim{'' if n == 1 else 's'} in this article"
    said = "; ".join(filter(None, (f"{lead} {_joined(judged)}", _joined(_open(counts)), rest)))
    return f"{said}."


def _open(counts: Mapping[Ruled, int]) -> list[str]:
    """What was not settled, for want of evidence or of data of that kind."""
    short, other = counts["not enough evidence"], counts["not testable with this data"]
    said = [f"for {short} the evidence is not enough"] if short else []
    return [*said, f"{other} cannot be tested with this data"] if other else said


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _are(n: int) -> str:
    return f"{n or 'none'} {'is' if n < 2 else 'are'}"


def _not_understood(n: int) -> str:
    if not n:
        return ""
    return f"{n} more look{'s' if n == 1 else ''} like a claim and {_was(n)} not understood"


def _was(n: int) -> str:
    return "was" if n == 1 else "were"


def quoted(text: str, longest: int = LONGEST) -> str:
    """A claim in quotation marks, cut after a word where it has more than `longest` characters."""
    flat = " ".join(text.split())
    if len(flat) > longest:
        cut = flat[: longest - 1]
        flat = f"{cut.rsplit(' ', 1)[0].rstrip(' ,;:')}…"
    return f"“{flat}”"


def evidence(e: Evidence) -> str:
    """A figure in a sentence, with interval and n: what it is of, and whether only a proxy."""
    proxy = " (of a neighbouring occupation)" if e.proxy else ""
    return f"{e.name}{proxy}: {figure(e.estimate, e.unit)}"


def figure(e: Estimate, unit: str) -> str:
    """ "25 % (95 % interval 18 to 34 %; n = 3,309)" in whatever unit."""
    return _figure(e, unit, "95 % interval ")


def short_figure(e: Estimate, unit: str) -> str:
    """The same where it is said above what the brackets hold: "25 % (18 to 34 %; n = 3,309)"."""
    return _figure(e, unit, "")


def _figure(e: Estimate, unit: str, kind: str) -> str:
    times = 100.0 if unit == "share" else 1.0
    said = {"percent": " %", "share": " %", "": "", "number": ""}.get(unit, f" {unit}")

    def told(x: float) -> str:
        return _rounded(times * x, most=1 if said == " %" else 3)

    few = ", few" if 0 < e.n < GREY else ""
    count = f"; n = {e.n:,}{few}" if e.n else ""
    if e.low is None or e.high is None:
        return f"{told(e.value)}{said} (no interval{count})"
    interval = f"{kind}{told(e.low)} to {told(e.high)}{' %' if said == ' %' else ''}"
    return f"{told(e.value)}{said} ({interval}{count})"


def _rounded(x: float, most: int) -> str:
    """About two digits, of ten thousands thousands, with at most `most` decimals; a true minus."""
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    size = abs(x)
    small = 1 if size >= 0.95 else 2 if size >= 0.095 else 3
    decimals = -3 if size >= 20_000 else 0 if size >= 9.95 or size == 0 else min(small, most)
    return f"{round(x, decimals) + 0.0:,.{max(decimals, 0)}f}".replace("-", "−")


def point(p: Point) -> str:
    """The verdict on a part of a claim, with its reason."""
    return f"{p.name}: {SHORT[p.verdict]}. {capital(p.why)}"


def further(j: Judgement) -> list[Evidence]:
    """The figures that the reasons of its points do not tell already."""
    return [e for p in j.points for e in p.evidence if not _tells(p, e)]


def _tells(p: Point, e: Evidence) -> bool:
    return p.why.startswith(f"{e.name}: ")


def again(p: Point, first: Point) -> str:
    """A part of a claim by name and figure, where all else is as `first` says it; else its reason.

    That is so where both say a figure in the same unit and set it against the same.
    """
    told, before = _set_against(p), _set_against(first)
    if p is first or not told or told != before:
        return capital(p.why)
    e = p.evidence[0]
    return f"{capital(p.name)}: {short_figure(e.estimate, e.unit)}"


def _set_against(p: Point) -> tuple[str, str] | None:
    """The unit of the figure that a point begins with, and what stands after the figure."""
    if not p.evidence or not _tells(p, p.evidence[0]):
        return None
    after = p.why.rpartition(")")[2]
    return p.evidence[0].unit, after
