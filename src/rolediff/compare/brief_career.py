"""Sentences of a brief on what openings ask of those who apply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rolediff.annotate.roles import Role
from rolediff.compare import path_asked as asked
from rolediff.compare.brief_evidence import Writer, known
from rolediff.compare.brief_words import of_both, plain, share, sides, versus
from rolediff.compare.path_ads import Ads
from rolediff.errors import NotEnoughEvidence
from rolediff.results import Sentence

NAMED = 3
"""Certificates that are named."""
DEGREES = ("bachelor", "master", "doctorate")
ADVISED = (
    ("internships", "an internship"),
    ("projects", "a portfolio, personal projects or a GitHub profile"),
    ("open source", "work on open source"),
    ("networking", "communities and networks"),
    ("conferences", "conferences"),
)
"""Advice, by its key in advice.toml, and how openings that name a sign of it are spoken of."""


def education(w: Writer) -> Iterator[Sentence]:
    """The lowest degree that will do, and certificates."""
    for ads, to, start in _sides(w):
        yield _degrees(w, ads, to, start)
        yield _certificates(w, ads, to, start)


def _degrees(w: Writer, ads: Ads, to: Role, start: Role) -> Sentence:
    found = {a.name: a.share for a in asked.education(ads)}
    said = ", ".join(f"a {name}'s degree {share(found[name])}" for name in DEGREES[:2])
    said = f"{said}, a doctorate {share(found['doctorate'])}"
    none = found[asked.NO_DEGREE]
    text = (
        f"Of the openings for {to.plural}, as the lowest degree that will do, {said}; "
        f"{share(none)} name none, which is no proof that none is expected."
    )
    names = (*DEGREES, asked.NO_DEGREE)
    return w.way(text, tuple((name, found[name]) for name in names), ads, to, start)


def _certificates(w: Writer, ads: Ads, to: Role, start: Role) -> Sentence:
    found, named = asked.certificates(ads)
    most = ", ".join(f"{name} ({n})" for name, n in named[:NAMED])
    which = f", most often {most}" if most else ""
    text = f"A certificate is named by {share(found.share)} of the openings for {to.plural}{which}."
    return w.way(text, (("certificate", found.share),), ads, to, start)


def experience(w: Writer) -> Iterator[Sentence]:
    """Years, ways in for beginners, and whether openings speak of what is commonly advised."""
    for ads, to, start in _sides(w):
        yield from _years(w, ads, to, start)
        entry = asked.entry_level(ads).share
        beginners = f"{share(entry)} of the openings for {to.plural}"
        text = f"Open to beginners by title or text: {beginners}."
        yield w.way(text, (("entry level", entry),), ads, to, start)
    yield from _advice(w)


def _years(w: Writer, ads: Ads, to: Role, start: Role) -> Iterator[Sentence]:
    found = asked.years(ads)
    stated = found.stated.share
    text = f"{share(stated)} of the openings for {to.plural} name years of experience"
    if found.quartiles is None:
        yield w.way(f"{text}, too few to tell how many.", (("stated", stated),), ads, to, start)
        return
    median = found.quartiles[1]
    text = f"{text}; the fewest named is {plain(median, 'years')} in the median of those."
    yield w.way(text, (("stated", stated), ("median years", median)), ads, to, start)


def _advice(w: Writer) -> Iterator[Sentence]:
    words = asked.advice_table()
    a, b = ({x.name: x for x in asked.advice(ads)} for ads in known(w.e.ads))
    if not a or not b:
        return
    told = [(said, a[words[key][0]].share, b[words[key][0]].share) for key, said in ADVISED]
    (ads, to, start), (others, _, _) = _sides(w)
    named = "; ".join(f"{said} {versus(mine, theirs)}" for said, mine, theirs in told)
    among = sides(to, start, len(ads), len(others))
    text = f"Of what is commonly advised is named, with 95 % intervals, by {among}: {named}."
    first = w.way(text, of_both(told), ads, to, start)
    other_way = w.way(text, (), ads, start, to)
    yield replace(first, footnotes=(*first.footnotes, *other_way.footnotes))


def _sides(w: Writer) -> list[tuple[Ads, Role, Role]]:
    """The openings of each role, that role, and the other.

    Raises:
        NotEnoughEvidence: there are none.
    """
    a, b = known(w.e.ads)
    if not len(a) or not len(b):
        raise NotEnoughEvidence(f"{len(a)} and {len(b)} openings")
    q = w.e.q
    return [(a, q.a, q.b), (b, q.b, q.a)]
