"""A verdict on a claim from the verdicts on its points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rolediff.claims.drafts import Draft, Drafted
from rolediff.claims.rule import Rule
from rolediff.results import Judgement, Point, Ruled

ORDER: tuple[Ruled, ...] = (
    "contradicted", "supported", "not enough evidence", "not testable with this data",
)  # fmt: skip
SETTLED = ("supported", "contradicted")
NAMED = 4
"""Parts that a sentence names of each verdict."""


def of_readings(verdicts: Sequence[Ruled]) -> Ruled:
    """The verdict on a part from those on its readings (the United States and all records, ...).

    A reading with too little evidence has no answer, so the answer of the others stands; "partly"
    where two have different answers. Where none has one, "not enough evidence" if that is so of
    any.
    """
    answers = {v for v in verdicts if v in (*SETTLED, "partly")}
    if len(answers) == 1:
        return answers.pop()
    if answers:
        return "partly"
    return "not enough evidence" if "not enough evidence" in verdicts else verdicts[0]


def of_parts(verdicts: Sequence[Ruled]) -> Ruled:
    """The verdict on a claim from those on its parts, all of which it says.

    One where all have it; a claim with a part that is contradicted, and none that holds even
    partly, is contradicted; "partly" where some hold and others do not or cannot be told.
    """
    found = set(verdicts)
    if len(found) == 1:
        return verdicts[0]
    if found & {"supported", "partly"}:
        return "partly"
    if "contradicted" in found:
        return "contradicted"
    return "not enough evidence" if "not enough evidence" in found else verdicts[0]


def judgement(drafted: Drafted, points: tuple[Point, ...], rule: Rule) -> Judgement:
    """The judgement on a claim whose points have their verdicts."""
    parts = parts_of(drafted.points, points)
    verdict = of_parts([part.verdict for part in counted(parts)])
    settled = verdict in SETTLED
    return Judgement(
        drafted.claim, verdict, why(parts), points, "" if settled else drafted.settle,
        (*drafted.notes, *_few(points, rule)),
    )  # fmt: skip


def counted(parts: Sequence[Part]) -> Sequence[Part]:
    """The parts that count: what is taken for granted does not, where it holds."""
    left = [part for part in parts if not (part.premise and part.verdict == "supported")]
    return left or parts


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a claim with the points that are its readings."""

    name: str
    points: tuple[Point, ...]
    readings: tuple[str, ...]
    premise: bool = False

    @property
    def verdict(self) -> Ruled:
        """The verdict on the part."""
        return of_readings([p.verdict for p in self.points])

    def with_verdict(self, verdict: Ruled) -> str:
        """The part, naming the readings that have this verdict where not all do."""
        mine = [r for p, r in zip(self.points, self.readings, strict=True) if p.verdict == verdict]
        if len(mine) == len(self.points):
            return self.name
        return f"{self.name} ({'; '.join(filter(None, mine))})"


def parts_of(drafts: Sequence[Draft], points: Sequence[Point]) -> tuple[Part, ...]:
    """The points grouped by the part they are of, in order."""
    pairs = list(zip(drafts, points, strict=True))
    return tuple(
        Part(
            name,
            tuple(p for d, p in pairs if d.part == name),
            tuple(d.reading for d, _ in pairs if d.part == name),
            any(d.premise for d, _ in pairs if d.part == name),
        )
        for name in dict.fromkeys(d.part for d in drafts)
    )


def why(parts: Sequence[Part]) -> str:
    """What decided: which parts have which verdict, and the sentence of the first of them."""
    points = [p for part in parts for p in part.points]
    there = [v for v in ORDER if any(p.verdict == v for p in points)]
    first = next(p for p in points if p.verdict == there[0])
    told = _sentence(first.why)
    if len(points) == 1:
        return told
    if len(there) == 1:
        return f"{told} So too: {_listed(_others(parts))}."
    listed = (
        f"{v}: {_listed([part.with_verdict(v) for part in parts if _has(part, v)])}" for v in there
    )
    return f"{_sentence('; '.join(listed))} {told}"


def _others(parts: Sequence[Part]) -> list[str]:
    """Beside the first point, the other readings of the only part, or the other parts."""
    if len(parts) == 1:
        return list(parts[0].readings[1:])
    return [part.name for part in parts[1:]]


def _has(part: Part, verdict: Ruled) -> bool:
    return any(p.verdict == verdict for p in part.points)


def _listed(names: Sequence[str]) -> str:
    shown = list(dict.fromkeys(names))
    if len(shown) > NAMED:
        return f"{'; '.join(shown[:NAMED])} and {len(shown) - NAMED} more"
    if any("," in name for name in shown):
        return "; ".join(shown)
    return ", ".join([*shown[:-2], " and ".join(shown[-2:])])


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _few(points: Sequence[Point], rule: Rule) -> tuple[str, ...]:
    """That a settled point rests on few records."""
    counts = [e.estimate.n for p in points if p.verdict in SETTLED for e in p.evidence[:1]]
    few = [n for n in counts if 0 < n < rule.few]
    return (f"few records (n = {min(few)})",) if few else ()
