"""`brief`: all that is known of two roles, in the order of an article about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from rolediff.annotate.roles import Role, RoleReading
from rolediff.compare import brief_ads as ads
from rolediff.compare import brief_career as career
from rolediff.compare import brief_pay as pay
from rolediff.compare import brief_where as places
from rolediff.compare.ad_caveats import COUNTED
from rolediff.compare.asked import question
from rolediff.compare.brief_evidence import Evidence, Writer, told
from rolediff.compare.found import Question
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market, ReadOptions, Where, load
from rolediff.results import Brief, Section, Sentence, Short

NO_CAUSE = (
    "Every figure is of the source in its footnote, among the employers or records of that source. "
    "Nothing here tells a cause."
)
OF_TABLES = ("joined", "single", "collinear")
"""Caveats on categories in tables that a brief does not have."""
Maker = Callable[[Writer], Iterator[Sentence]]


def brief(
    a: str | Role, b: str | Role, data: Any = None, *, where: str | Where | None = None,
    reading: RoleReading = "strict", money: str = "usd", cpi: Path | str | None = None,
    roles: Path | str | None = None, options: ReadOptions | None = None,
) -> Brief:  # fmt: skip
    """A brief on two roles: each sentence with its figures, source and command.

    Arguments are those of `diff`.

    Raises:
        UsageError, DataError, NotEnoughEvidence: as their messages say; the last only if nothing
            at all can be said.
    """
    asked = question(a, b, where=where, reading=reading, money=money, cpi=cpi, roles=roles)
    return write_brief(load(data, options).market, asked)


def write_brief(market: Market, q: Question, extra: str = "") -> Brief:
    """The brief on the roles of `q`; `extra` is added to the commands in footnotes.

    Raises:
        UsageError: the two roles are one.
        NotEnoughEvidence: no section has enough.
    """
    if q.a.id == q.b.id:
        raise UsageError(f"both roles are {q.a.label}: name two different ones")
    e = Evidence.of(market, q)
    if e.first_short is not None:
        raise NotEnoughEvidence(e.first_short.reason)
    w = Writer(e, extra)
    sections = tuple(_section(w, *line) for line in _plan(e))
    return Brief(
        title=f"{q.a.label} and {q.b.label}",
        a=q.a.label,
        b=q.b.label,
        reading=q.reading,
        where=str(q.where),
        where_words=q.where.words,
        sections=sections,
        footnotes=w.footnotes,
        caveats=_caveats(e),
    )


def _plan(e: Evidence) -> Iterator[tuple[int, str, Maker | None]]:
    """Every heading with its level, in the order of the article, and who writes under it."""
    a, b = e.q.a, e.q.b
    both = f"{a.plural} and {b.plural}"
    yield 2, f"What is the difference between {both}?", ads.duties
    yield 2, "Key skills", ads.groups
    yield 3, f"Key skills of {a.plural}", partial(ads.skills, side=True)
    yield 3, f"Key skills of {b.plural}", partial(ads.skills, side=False)
    yield 2, f"Salary comparison: {a.plural} and {b.plural}", pay.gap
    yield 3, "Average salary", pay.average
    yield 3, "Top industry", places.top_industry
    yield 3, "Job growth", places.demand
    yield 2, _why(e), pay.made_of
    yield 3, "Broader application", partial(pay.reason, number=0)
    yield 3, "Higher complexity", partial(pay.reason, number=1)
    yield 3, "Strategic impact", partial(pay.reason, number=2)
    yield 2, f"How to pursue a career among {both}", None
    yield 3, "Education and certifications", career.education
    yield 3, "Gaining experience", career.experience
    yield 2, "People also ask", None
    yield 3, f"What industries hire {both}?", places.industries
    yield 3, f"Which countries offer the best salaries for {both}?", places.countries
    yield 3, f"How do {both} stay updated?", ads.updated
    yield 3, f"What are the future trends for {both}?", ads.future
    yield 3, f"How do {both} contribute to business success?", ads.business
    yield 2, "Conclusion", _conclusion


def _why(e: Evidence) -> str:
    """The article's question, about the role that is higher; of no role where none clearly is."""
    if isinstance(e.pay, Short) or e.pay.gap.low is None or e.pay.gap.high is None:
        return "Why does pay differ, if it does?"
    if e.pay.gap.low <= 0 <= e.pay.gap.high:
        return "Why does pay differ, if it does?"
    higher = e.pay.a if e.pay.gap.value > 0 else e.pay.b
    verb = {"paid": "paid", "advertised": "advertised at"}.get(e.pay.kind, "recorded at")
    return f"Why are {higher.plural} {verb} more?"


def _section(w: Writer, level: int, heading: str, make: Maker | None) -> Section:
    if make is None:
        return Section(heading, level)
    found = told(lambda: tuple(make(w)))
    if isinstance(found, Short):
        return Section(heading, level, short=found)
    if not found:
        return Section(heading, level, short=Short("n = 0: nothing of it is recorded here"))
    return Section(heading, level, found)


def _conclusion(w: Writer) -> Iterator[Sentence]:
    """The first sentence of pay, and what sets the duties and skills of each role apart most.

    Raises:
        NotEnoughEvidence: none of the three can be told.
    """
    parts: list[Maker] = [pay.gap, ads.most_telling]
    found = [told(lambda make=make: tuple(make(w))) for make in parts]  # type: ignore[misc]
    said = [s for s in found if not isinstance(s, Short)]
    if not said:
        raise NotEnoughEvidence("; ".join(s.reason for s in found if isinstance(s, Short)))
    for part, sentences in zip(parts, found, strict=True):
        if not isinstance(sentences, Short):
            yield from sentences[:2] if part is pay.gap else sentences


def _caveats(e: Evidence) -> tuple[tuple[str, str], ...]:
    """What a brief is not, and the caveats of the answers it is written from, each once."""
    said = {NO_CAUSE: "brief"}
    if not isinstance(e.ads, Short):
        said |= {COUNTED[1]: COUNTED[0]}
    for answer in (e.pay, e.skills, e.work, e.where, e.trend):
        if not isinstance(answer, Short):
            new = {t: c for c, t in answer.caveats if t not in said and c not in OF_TABLES}
            said |= new
    told = [(code, text) for text, code in said.items()]
    return tuple(sorted(told, key=lambda caveat: caveat[0] != "approximate"))
