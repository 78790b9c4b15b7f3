"""What a reader must know about this answer, and only what applies to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rolediff.read.values import country_names
from rolediff.results import GREY, OtherReading, RoleSample, Rung

Caveat = tuple[str, str]
MOSTLY = 0.8
READ = {"strict": "strictly", "broad": "broadly"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What caveats are drawn from."""

    a: RoleSample
    b: RoleSample
    ladder: tuple[Rung, ...]
    other: OtherReading | None
    excluded: int
    largest_employer: tuple[str, float] | None
    money: str
    no_money: int
    notes: tuple[str, ...]


def caveats(facts: Facts) -> tuple[Caveat, ...]:
    """Pairs of a code and a sentence."""
    rules = (
        _place,
        _posted,
        _repeats,
        _employer,
        _flip,
        _few,
        _reading,
        _uncounted,
        _lens,
        _joined,
    )
    return tuple(c for rule in rules for c in rule(facts))


def _place(f: Facts) -> Iterator[Caveat]:
    n = f.a.n + f.b.n
    shares = [r.shares.get("country", {}) for r in (f.a, f.b)]
    for country in shares[0].keys() & shares[1].keys():
        share = (shares[0][country] * f.a.n + shares[1][country] * f.b.n) / n
        if MOSTLY <= share < 1:
            name = country_names().get(country, country)
            the = "the " if name.startswith("United") else ""
            yield "place", f"{100 * share:.0f} % of these records are in {the}{name}."


def _posted(_: Facts) -> Iterator[Caveat]:
    yield "posted", "A posted range is not a salary paid."


def _repeats(f: Facts) -> Iterator[Caveat]:
    n, distinct = f.a.n + f.b.n, f.a.distinct + f.b.distinct
    if distinct < 0.9 * n:
        most = max(f.a.largest, f.b.largest)
        yield (
            "repeats",
            f"{n:,} records are {distinct:,} distinct ones, one of them {most} times: alike in "
            "every field may be one ad posted again, so errors are clustered on identity.",
        )


def _employer(f: Facts) -> Iterator[Caveat]:
    if f.largest_employer and f.largest_employer[1] > 0.2:
        name, share = f.largest_employer
        yield "employer", f"One employer, {name}, has {100 * share:.0f} % of a role's records."


def _flip(f: Facts) -> Iterator[Caveat]:
    flipped = [r for r in f.ladder if r.flipped]
    if flipped:
        held = ", ".join(flipped[0].held).replace("_", " ")
        verb = "are" if len(flipped[0].held) > 1 else "is"
        yield "flip", f"The sign turns round once {held} {verb} held equal."


def _few(f: Facts) -> Iterator[Caveat]:
    for role in (f.a, f.b):
        if role.n < GREY:
            yield "few", f"Only {role.n} records of {role.plural}: read these figures as a hint."


def _reading(f: Facts) -> Iterator[Caveat]:
    """Only where the other definition of the roles would tell another story."""
    raw = f.ladder[0].all
    if f.other is None or f.other.gap is None:
        return
    if f.other.gap.value * raw.value < 0:
        yield "reading", f"Titles read {READ[f.other.reading]} turn the sign of the gap round."


def _uncounted(f: Facts) -> Iterator[Caveat]:
    for role in (f.a, f.b):
        if role.unconverted:
            yield (
                "unconverted",
                (f"{role.unconverted} records of {role.plural} are in a currency without a rate."),
            )
        if role.records and role.coverage < 0.95:
            yield "coverage", f"{100 * role.coverage:.0f} % of {role.plural} records state pay."
    if f.excluded:
        yield "both", f"{f.excluded:,} records fit both roles and are left out."


def _lens(f: Facts) -> Iterator[Caveat]:
    if f.money == "ppp":
        yield (
            "money",
            "Pay is at purchasing power (World Bank PPP), not at exchange rates.",
        )
    if f.no_money:
        yield "no_money", f"{f.no_money:,} records have no factor for {f.money} and are left out."


def _joined(f: Facts) -> Iterator[Caveat]:
    if f.notes:
        joined = [n.split(" categories joined")[0] for n in f.notes if "joined" in n]
        out = [n.split(":")[0].replace("_", " ") for n in f.notes if "joined" not in n]
        rare = f"rare categories are joined ({'; '.join(joined)})" if joined else ""
        left = f"{', '.join(out)} left out for want of two shared categories" if out else ""
        yield "joined", f"In the decomposition {'; '.join(filter(None, [rare, left]))}."
