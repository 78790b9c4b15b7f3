"""What a reader must know about this answer, and only what applies to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rolediff.read.values import country_names
from rolediff.results import GREY, BySource, Note, OtherReading, RoleSample, Rung

Caveat = tuple[str, str]
MOSTLY = 0.8
UNSTATED = "(not stated)"
READ = {"strict": "strictly", "broad": "broadly"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What caveats are drawn from."""

    a: RoleSample
    b: RoleSample
    ladder: tuple[Rung, ...]
    other: OtherReading | None
    excluded: int
    largest_employer: tuple[str, float, str] | None
    money: str
    no_money: int
    notes: tuple[Note, ...]
    kind: str
    by_employer: bool
    by_source: tuple[BySource, ...]


def caveats(facts: Facts) -> tuple[Caveat, ...]:
    """Pairs of a code and a sentence."""
    rules = (
        _place,
        _posted,
        _repeats,
        _reposts,
        _sources,
        _employer,
        _no_employer,
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
        if country == UNSTATED and share > 1 - MOSTLY:
            yield "place", f"{100 * share:.0f} % of these records state no country."
        elif MOSTLY <= share < 1:
            name = country_names().get(country, country)
            the = "the " if name.startswith("United") else ""
            yield "place", f"{100 * share:.0f} % of these records are in {the}{name}."


def _posted(f: Facts) -> Iterator[Caveat]:
    if f.kind == "advertised":
        yield "posted", "A posted range is not a salary paid."


def _repeats(f: Facts) -> Iterator[Caveat]:
    n, distinct = f.a.n + f.b.n, f.a.distinct + f.b.distinct
    if distinct < 0.9 * n:
        most = max(f.a.largest, f.b.largest)
        clustered = "" if f.by_employer else ", so errors are clustered on identity"
        yield (
            "repeats",
            f"{n:,} records are {distinct:,} distinct ones, one of them {most} times: alike in "
            f"every field that is kept, they may be one ad posted again{clustered}.",
        )


def _no_employer(f: Facts) -> Iterator[Caveat]:
    if f.largest_employer is None:
        yield (
            "no_employer",
            "No employer is named, so different ads of one employer count as independent: the "
            "intervals may be too narrow.",
        )


def _employer(f: Facts) -> Iterator[Caveat]:
    if f.largest_employer and f.largest_employer[1] > 0.2:
        name, share, plural = f.largest_employer
        called = "" if re.fullmatch("[0-9a-f]{16}", name) else f", {name},"
        yield (
            "employer",
            f"One employer{called} has {100 * share:.0f} % of the records of {plural}.",
        )


def _reposts(f: Facts) -> Iterator[Caveat]:
    for role in (f.a, f.b):
        if role.copies > role.records:
            yield (
                "reposts",
                f"{role.copies:,} postings for {role.plural} are {role.records:,} ads: one posted "
                "again counts once a country.",
            )


def _sources(f: Facts) -> Iterator[Caveat]:
    for source in f.by_source:
        if source.agrees == "no":
            yield "sources", f"The source {source.name} shows the opposite."


def _flip(f: Facts) -> Iterator[Caveat]:
    for on, flipped in (
        ("", [r for r in f.ladder if r.flipped]),
        (" on distinct ads", [r for r in f.ladder if r.flipped_distinct and not r.flipped]),
    ):
        if flipped:
            held = ", ".join(flipped[0].held).replace("_", " ")
            verb = "are" if len(flipped[0].held) > 1 else "is"
            yield "flip", f"The sign turns round{on} once {held} {verb} held equal."


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
                f"{role.unconverted} records of {role.plural} are in a currency without a rate.",
            )
        if role.no_currency:
            yield (
                "no_currency",
                f"{role.no_currency} records of {role.plural} state pay without a currency: "
                "--currency says which.",
            )
        if role.records and role.coverage < 0.95:
            yield (
                "coverage",
                f"{100 * role.coverage:.0f} % of the records of {role.plural} have comparable pay.",
            )
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
    said = {
        kind: [n for n in f.notes if n.kind == kind] for kind in ("joined", "single", "collinear")
    }
    if said["joined"]:
        names = "; ".join(f"{_name(n)}: {n.detail.split(' categories')[0]}" for n in said["joined"])
        yield (
            "joined",
            (
                "What the gap is made of joins categories with fewer than 5 distinct records in a "
                f"role ({names}), which the table of the gap above keeps apart."
            ),
        )
    if said["single"]:
        names = ", ".join(_name(n) for n in said["single"])
        yield "single", f"Left out of it, with fewer than two categories in both roles: {names}."
    if said["collinear"]:
        names = ", ".join(dict.fromkeys(_name(n) for n in said["collinear"]))
        yield "collinear", f"Partly told by the other factors, so credited to them: {names}."


def _name(note: Note) -> str:
    return note.factor.replace("_", " ")
