"""A path as Markdown: every table in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rolediff.report import path_words as words
from rolediff.report.markdown_parts import safe, section, table
from rolediff.report.words import source_line
from rolediff.results import Asked, BesidePath, CareerPath

HEAD = ("", "openings", "of all", "employers alike")


def markdown(p: CareerPath) -> str:
    """The whole answer; ends in a newline."""
    return "\n".join(_lines(p)) + "\n"


def _lines(p: CareerPath) -> Iterator[str]:
    yield f"# The way to {safe(p.to)}"
    yield from ("", f"**{safe(words.sentences(p))}**")
    yield from section("Lowest degree that will do", _asked(p.education))
    yield from section("Years of experience", _asked((*p.years.bands, p.years.stated)))
    yield from ("", words.quartiles(p))
    yield from section("Certificates", _asked((p.certified,)))
    yield from ("", safe(words.certificates(p)))
    yield from section("Entry level", _asked((p.entry, *p.entry.parts)))
    if p.advice:
        every = (part for a in p.advice for part in (a, *a.parts))
        yield from section("Common advice, by share of openings that speak of it", _asked(every))
    if p.coverage is not None:
        yield from section("Skills had", [safe(words.had(p))])
    yield from section(words.skills_title(p), _skills(p))
    if p.together:
        yield from section("Skills that come together", _together(p))
    if p.next:
        yield from section(f"Roles near to {p.base}", _next(p))
        pay = safe(f"Median of {p.base}: {words.pay(p.base_pay)}. Thousand {p.money}.")
        yield from ("", pay)
    for other, said in zip(p.beside, words.beside(p), strict=True):
        yield from section(f"In another source, {other.source}", _beside(other, said))
    yield from section("Mind", (f"- {safe(text)}" for _, text in p.caveats))
    yield from section("Sources", (f"- {safe(source_line(s))}" for s in p.sources))


def _asked(asked: Iterable[Asked]) -> Iterator[str]:
    rows = (
        (safe(a.name), f"{a.count:,}", words.share(a.share), words.share(a.alike)) for a in asked
    )
    return table(HEAD, rows)


def _skills(p: CareerPath) -> Iterator[str]:
    rows = (
        (safe(w.skill), safe(w.kind), words.share(w.demand.share), words.share(w.demand.alike),
         words.score(w.distinct), words.premium(w), f"{w.score:.2f}")
        for w in p.wanted
    )  # fmt: skip
    head = ("", "kind", "of all", "demand", "distinctive", "premium", "score")
    yield from table(head, rows)
    yield from ("", safe(words.ranking(p)))


def _together(p: CareerPath) -> Iterator[str]:
    rows = (
        (safe(t.first), safe(t.second), words.share(t.given), f"{t.count:,}", f"{t.lift:.1f}")
        for t in p.together
    )
    return table(("of openings that name", "so many name too", "share", "openings", "lift"), rows)


def _next(p: CareerPath) -> Iterator[str]:
    rows = (
        (safe(r.label), f"{r.openings:,}", f"{r.employers:,}", words.alike(r.similarity),
         words.share(r.covered) if r.covered else "", words.pay(r.pay), words.change(r))
        for r in p.next
    )  # fmt: skip
    head = ("", "openings", "employers", "similarity", "covered", "median pay", "change")
    return table(head, rows)


def _beside(other: BesidePath, said: str) -> Iterator[str]:
    yield safe(said)
    if other.figures:
        rows = (
            (safe(f.name), words.figure(f, here=True), words.figure(f), words.AGREES[f.agrees])
            for f in other.figures
        )
        yield from ("", *table(("openings", "here", "there", "both"), rows))
    if other.agrees:
        skills = (
            (safe(name), words.score(other.skills[name]) if name in other.skills else "", agrees)
            for name, agrees in other.agrees.items()
        )
        yield from ("", *table(("skill", "distinctive there", "agrees"), skills))
