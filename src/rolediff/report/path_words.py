"""Sentences and cells of a path that every rendering shares."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.words import number, percent, span, thousands
from rolediff.results import (
    Asked,
    BesideFigure,
    BesidePath,
    CareerPath,
    Estimate,
    NextRole,
    Wanted,
)

NAMED = 3
"""Skills that the first sentence names."""


def sentences(p: CareerPath) -> str:
    """The answer: what openings ask for and, for a person's skills, what they cover and lack."""
    return " ".join(filter(None, [_asks(p), _covers(p)]))


def _asks(p: CareerPath) -> str:
    degree = sum(e.count for e in p.education[1:-1])
    place = f" ({p.where_words})" if p.where_words else ""
    years = ""
    if p.years.quartiles is not None:
        middle = _year(p.years.quartiles[1].value)
        years = f"ask for {middle} years of experience in the median, if they say; "
    return (
        f"Openings for {p.plural}{place} {years}{number(100 * degree / p.openings)} % name a "
        f"degree, {_whole(p.certified)} {'name' if p.certified.count else 'names'} a certificate, "
        f"and {_whole(p.entry)} {'are' if p.entry.count else 'is'} entry level "
        f"({p.openings:,} openings of {p.employers:,} employers)."
    )


def _whole(a: Asked) -> str:
    return f"{number(100 * a.share.value)} %" if a.count else "none"


def _covers(p: CareerPath) -> str:
    c = p.coverage
    if c is None:
        return ""
    common = f"What is common in {p.start} openings"
    whose = common if c.assumed else f"The {_skills(len(p.have))}"
    verb = "covers" if c.assumed or len(p.have) == 1 else "cover"
    half = ""
    if c.half is not None:
        half = f", and at least half of the required ones in {share(c.half)} of openings"
    names = ", ".join(w.skill for w in p.wanted[:NAMED])
    lack = f" Most worth adding: {names}." if names else ""
    return f"{whose} {verb} {share(c.mentions)} of the skills these openings name{half}.{lack}"


def _skills(n: int) -> str:
    return "1 skill given" if n == 1 else f"{n} skills given"


def _year(x: float) -> str:
    return f"{x:.1f}".removesuffix(".0")


def share(e: Estimate) -> str:
    """A share of 0 to 1 as "41 % (13 to 76)"."""
    value = f"{number(100 * e.value)} %"
    if e.low is None or e.high is None:
        return value
    return f"{value} ({number(100 * e.low)} to {number(100 * e.high)})"


def score(e: Estimate) -> str:
    """A number of 0 to 1 or an odds ratio as "2.2 (1.0–4.6)"."""
    if e.low is None or e.high is None:
        return f"{e.value:.1f}"
    return f"{e.value:.1f} ({e.low:.1f}–{e.high:.1f})"


def alike(e: Estimate) -> str:
    """A similarity as "0.45 (0.35–0.55)"."""
    if e.low is None or e.high is None:
        return f"{e.value:.2f}"
    return f"{e.value:.2f} ({e.low:.2f}–{e.high:.2f})"


def quartiles(p: CareerPath) -> str:
    """The quartiles of years, of the openings that name any."""
    if p.years.quartiles is None:
        return f"Under five of the {p.openings:,} openings say how many years."
    low, mid, high = map(years_cell, p.years.quartiles)
    n = p.years.quartiles[1].n
    return f"Years, of {n:,} openings that say: lower quartile {low}, median {mid}, upper {high}."


def years_cell(e: Estimate) -> str:
    """Years of experience as "4 (3–5)"."""
    if e.low is None or e.high is None:
        return _year(e.value)
    return f"{_year(e.value)} ({_year(e.low)}–{_year(e.high)})"


def premium(w: Wanted) -> str:
    """What pay goes with a skill, in percent, or that it is not known."""
    return "not known" if w.premium is None else percent(w.premium)


def pay(e: Estimate | None) -> str:
    """A median in thousands with its interval."""
    if e is None:
        return "too few"
    return thousands(e.value) if e.low is None else f"{thousands(e.value)} ({span(e)})"


def change(r: NextRole) -> str:
    """The difference in pay from the role that is set out from."""
    return "" if r.change is None else percent(r.change)


def of_role(p: CareerPath) -> str:
    """Whose openings the odds of a skill are compared with."""
    return p.start or "all other roles"


def skills_title(p: CareerPath) -> str:
    """The heading of the skills that are told."""
    return "Missing skills, the most worth having first" if p.have else "Skills asked for"


def ranking(p: CareerPath) -> str:
    """How skills are ranked."""
    return (
        "score = demand x distinctiveness x premium. Demand: share of openings, every employer "
        f"weighing the same. Distinctiveness: odds here over {of_role(p)}, drawn toward 1. "
        "Premium: pay that goes with it, drawn toward 0; left out where not known."
    )


def certificates(p: CareerPath, most: int | None = None) -> str:
    """Certificates with the openings that name each."""
    if not p.certificates:
        return f"None of the {p.openings:,} openings names a certificate."
    named = p.certificates if most is None else p.certificates[:most]
    rest = len(p.certificates) - len(named)
    said = ", ".join(f"{name} ({n:,})" for name, n in named)
    return f"Certificates named (openings): {said}{f' and {rest} more' if rest else ''}."


def had(p: CareerPath) -> str:
    """Skills had that openings ask for, and those that none asks for."""
    c = p.coverage
    if c is None:
        return ""
    used = ", ".join(f"{a.name} ({number(100 * a.share.value)} %)" for a in c.useful) or "none"
    rest = f" No opening asks for: {', '.join(c.unasked)}." if c.unasked else ""
    whose = f"Taken to be had, common in {p.start} openings" if c.assumed else "Had and asked for"
    return f"{whose} (share of openings): {used}.{rest}"


AGREES = {"yes": "alike", "no": "not alike", "unclear": "not clear"}


def beside(p: CareerPath) -> Iterator[str]:
    """Of every other source that can answer, whether it agrees."""
    for s in p.beside:
        yield " ".join(filter(None, [_skills_there(s, p), _figures_there(s)]))


def _skills_there(s: BesidePath, p: CareerPath) -> str:
    start = f"In another source, {s.source} ({s.openings:,} openings of {s.employers:,} employers)"
    if not s.shares:
        return f"{start}: too few to compare."
    if not s.agrees:
        return f"{start}: no skill to compare, as none is clearly asked for more or less here."
    yes, no, unclear = (s.counted(said) for said in ("yes", "no", "unclear"))
    count = "1 skill" if len(s.agrees) == 1 else f"{len(s.agrees)} skills"
    return (
        f"{start}: of the {count} asked for more or less here than in "
        f"{of_role(p)} it agrees on {yes}, contradicts {no}, and is not clear on {unclear}."
    )


def _figures_there(s: BesidePath) -> str:
    told = [f"{figure(f)} {f.name} ({AGREES[f.agrees]})" for f in s.figures if f.there]
    return f"Of its openings {', '.join(told)}." if told else ""


def figure(f: BesideFigure, *, here: bool = False) -> str:
    """A share or years, by the other source or `here`."""
    found = f.here if here else f.there
    if found is None:
        return "too few"
    return years_cell(found) if f.within >= 1 else share(found)
