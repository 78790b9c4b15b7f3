"""Which of the first pair of roles a posting is for: by its title, and in doubt by its text.

The three are the AI engineer, the machine-learning engineer and the hybrid of both; which titles
are whose is `annotate.roles`'. The words that settle the doubtful ones are in
`data/posting_role.toml`.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from rolediff.annotate.distinct import Distinct, Titles
from rolediff.annotate.fact_words import words_of
from rolediff.annotate.lines import Lines, first_of_row, located
from rolediff.annotate.literals import literals_of
from rolediff.annotate.roles import Catalogue, Role, RoleReading, matches
from rolediff.annotate.titles import core_of_shaped, meeting_all, shape

ROLES = ("ai-engineer", "ml-engineer", "ai-ml-engineer")
"""Ids of the roles told apart, as in `data/roles.toml`."""

_LOW_TEXT = pl.col("text").str.to_lowercase()
_READINGS: tuple[RoleReading, ...] = ("strict", "broad")
_COLUMNS = ["role_strict", "role_broad", "role_in", "role_start", "role_end"]


def role(
    lines: Lines, title: pl.Series, text: pl.Series, titles: Titles | None = None
) -> pl.DataFrame:
    """The role of each posting: `role`, `role_strict`, `role_broad`, and what it rests on.

    `role` is "ai_engineer", "ml_engineer", "ai_ml_engineer" or "other", by the broad reading;
    `role_strict` and `role_broad` are ids of `ROLES` or null. `role_in` ("title" or "text"),
    `role_start` and `role_end` (code points) are where the role is named. A text settles only
    titles that leave the craft open: by naming the role ("as an AI engineer, you will"), or, where
    the title has AI for a subject, by what the work is made of. `titles` = the titles, if they are
    read already.
    """
    read = Titles.of(title) if titles is None else titles
    frame, distinct = read.frame(), read.distinct
    frame = frame.with_columns(_readings(read.shapes))
    rest = frame.filter(pl.col("role_broad").is_null())
    by_title = pl.concat([frame.drop_nulls("role_broad"), _by_subject(rest)])
    content = _by_content(text, distinct, rest)
    parts = [
        distinct.rows(_spans(by_title)).with_columns(role_in=pl.lit("title")),
        _spans(content).with_columns(role_in=pl.lit("title")),
        _by_text(lines, distinct, rest).with_columns(role_in=pl.lit("text")),
    ]
    found = pl.concat(parts, how="diagonal_relaxed")
    spans = found.rename({"start": "role_start", "end": "role_end"})
    answers = first_of_row(spans, len(title), _COLUMNS)
    scored = pl.col("role_broad").str.replace_all("-", "_", literal=True).fill_null("other")
    return answers.select(scored.alias("role"), *_COLUMNS)


@cache
def _roles() -> tuple[Role, ...]:
    catalogue = Catalogue.load()
    return tuple(catalogue.resolve(name) for name in ROLES)


@cache
def _literals() -> tuple[str, ...] | None:
    """Literals of which every title of one of the roles has one, in its shape as in its core."""
    rules = [rule for one in _roles() for rule in (one.strict, one.broad)]
    return literals_of(rule.include for rule in rules)


def _readings(shapes: pl.Series) -> list[pl.Series]:
    """`role_strict` and `role_broad` of each shaped title; null where it is none of the three."""
    hinted, literals = np.arange(len(shapes)), _literals()
    if literals is not None:
        hinted = shapes.str.contains_any([*literals]).fill_null(False).arg_true().to_numpy()
    nobody = pl.repeat(None, len(shapes), dtype=pl.String, eager=True)
    told = [nobody.alias(name) for name in ("role_strict", "role_broad")]
    if not len(hinted):
        return told
    core = core_of_shaped(shapes.gather(hinted))
    return [
        one.scatter(hinted, _met(core, reading))
        for one, reading in zip(told, _READINGS, strict=True)
    ]


def _met(core: pl.Series, reading: RoleReading) -> pl.Series:
    """The first of the roles that each core title is."""
    named = [
        pl.when(matches(one, core, reading)).then(pl.lit(one.id)).alias(one.id) for one in _roles()
    ]
    return pl.select(pl.coalesce(named)).to_series()


def _spans(titles: pl.DataFrame) -> pl.DataFrame:
    """`titles` with `start` and `end` of the words that name the role, or of the whole title."""
    words = words_of("posting_role")["span"]
    subject, job = (rf"(?-u:\b){words[name]}(?-u:\b)" for name in ("subject", "job"))
    low = pl.col("low")
    either = low.str.extract(f"({subject}.*?{job}|{job}.*{subject}|{subject})", 1)
    said = titles.with_columns(said=either.fill_null(low), start=pl.lit(0, dtype=pl.Int64))
    spans = located(said, pl.col("said"), low)
    return spans.select("row", "role_strict", "role_broad", "start", "end")


def _by_subject(titles: pl.DataFrame) -> pl.DataFrame:
    """Titles without a craft whose subject makes them one of the roles."""
    words = words_of("posting_role")["subject"]
    low = pl.col("low")
    fit = titles[meeting_all(titles["low"], [words["open"]], [words["other"]])]
    ai, ml = (low.str.contains(words[name]) for name in ROLES[:2])
    reading = pl.when(ml).then(pl.lit(ROLES[1])).when(ai).then(pl.lit(ROLES[0]))
    return fit.with_columns(role_broad=reading).drop_nulls("role_broad")


def _by_content(text: pl.Series, distinct: Distinct, titles: pl.DataFrame) -> pl.DataFrame:
    """Postings for engineers with AI for a subject, whose text is full of the terms of the work."""
    words, low = words_of("posting_role"), pl.col("low")
    content, subject = words["content"], words["subject"]
    found = content["subject"], content["open"]
    some = titles[meeting_all(titles["low"], found, [words["title"]["closed"]])]
    fit = some.filter(~(low.str.contains(subject["open"]) & low.str.contains(subject["other"])))
    fit = distinct.rows(fit)
    texts = text.gather(fit["row"]).alias("text").to_frame().select(low=_LOW_TEXT)
    terms = content["terms"].items()
    said = [pl.col("low").str.contains(term).fill_null(False).alias(name) for name, term in terms]
    counts = texts.select(pl.sum_horizontal(said)).to_series()
    agents = low.str.contains(content["agents"])
    least = pl.when(agents).then(content["least_of_agents"]).otherwise(content["least"])
    full = fit.filter(counts >= least)
    return full.with_columns(role_broad=pl.lit(ROLES[0]))


def _by_text(lines: Lines, distinct: Distinct, titles: pl.DataFrame) -> pl.DataFrame:
    """Open titles whose text says in so many words that the job is one of the roles."""
    words = words_of("posting_role")
    low = pl.col("low")
    some = titles[meeting_all(titles["low"], [words["title"]["open"]], [words["title"]["closed"]])]
    fit = distinct.rows(some.select("row"))["row"]
    pattern = words["text"]["said"].replace("<role>", words["text"]["role"])
    sentences = lines.sentences(words["text"]["stems"], fit).filter(low.str.contains(pattern))
    phrase = pl.coalesce(low.str.extract(pattern, group) for group in range(1, 5))
    said = sentences.with_columns(said=phrase).drop_nulls("said")
    named = said.with_columns(_readings(shape(said["said"]))).drop_nulls("role_broad")
    spans = located(named, pl.col("said"), low).select("line", "role_broad", "start", "end")
    return lines.placed(spans, fit).select("row", "role_broad", "start", "end")
