"""Which of the first pair of roles a posting is for: by its title, and in doubt by its text.

The three are the AI engineer, the machine-learning engineer and the hybrid of both; which titles
are whose is `annotate.roles`'. The words that settle the doubtful ones are in
`data/posting_role.toml`.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from rolediff.annotate.fact_words import words_of
from rolediff.annotate.lines import Lines, first_of_row, located, plain
from rolediff.annotate.roles import Catalogue, Role, matches
from rolediff.annotate.titles import core_title

ROLES = ("ai-engineer", "ml-engineer", "ai-ml-engineer")
"""Ids of the roles told apart, as in `data/roles.toml`."""

_LOW_TEXT = pl.col("text").str.to_lowercase()
_COLUMNS = ["role_strict", "role_broad", "role_in", "role_start", "role_end"]


def role(lines: Lines, title: pl.Series, text: pl.Series) -> pl.DataFrame:
    """The role of each posting: `role`, `role_strict`, `role_broad`, and what it rests on.

    `role` is "ai_engineer", "ml_engineer", "ai_ml_engineer" or "other", by the broad reading;
    `role_strict` and `role_broad` are ids of `ROLES` or null. `role_in` ("title" or "text"),
    `role_start` and `role_end` (code points) are where the role is named. A text settles only
    titles that leave the craft open: by naming the role ("as an AI engineer, you will"), or, where
    the title has AI for a subject, by what the work is made of.
    """
    row = pl.int_range(len(title), dtype=pl.UInt32, eager=True)
    frame = pl.DataFrame({"row": row, "title": title.cast(pl.String)})
    frame = frame.with_columns(_readings(frame["title"]))
    frame = frame.with_columns(low=plain(pl.col("title")).str.to_lowercase())
    named = _spans(frame.drop_nulls("role_broad")).with_columns(role_in=pl.lit("title"))
    rest = frame.filter(pl.col("role_broad").is_null())
    subject = pl.concat([_by_subject(rest), _by_content(text, rest)])
    parts = [
        named,
        _spans(subject).with_columns(role_in=pl.lit("title")),
        _by_text(lines, rest).with_columns(role_in=pl.lit("text")),
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


def _readings(title: pl.Series) -> list[pl.Series]:
    """`role_strict` and `role_broad` of each title; null where it is none of the three."""
    names = ["role_strict", "role_broad"]
    if title.is_empty():
        return [pl.Series(name, dtype=pl.String) for name in names]
    core = core_title(title).alias("core")
    distinct = core.unique()
    met = [
        pl.coalesce(
            pl.when(matches(one, distinct, reading)).then(pl.lit(one.id)) for one in _roles()
        )
        for reading in ("strict", "broad")
    ]
    table = pl.DataFrame({"core": distinct}).with_columns(
        one.alias(name) for one, name in zip(met, names, strict=True)
    )
    told = core.to_frame().join(table, on="core", how="left", maintain_order="left")
    return told.select(names).get_columns()


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
    fit = titles.filter(low.str.contains(words["open"]) & ~low.str.contains(words["other"]))
    ai, ml = (low.str.contains(words[name]) for name in ROLES[:2])
    reading = pl.when(ml).then(pl.lit(ROLES[1])).when(ai).then(pl.lit(ROLES[0]))
    return fit.with_columns(role_broad=reading).drop_nulls("role_broad")


def _by_content(text: pl.Series, titles: pl.DataFrame) -> pl.DataFrame:
    """Titles of engineers with AI for a subject, whose text is full of the terms of the work."""
    words, low = words_of("posting_role"), pl.col("low")
    content = words["content"]
    fit = titles.filter(
        low.str.contains(content["subject"])
        & low.str.contains(content["open"])
        & ~low.str.contains(words["title"]["closed"])
        & ~(
            low.str.contains(words["subject"]["open"]) & low.str.contains(words["subject"]["other"])
        )
    )
    texts = text.gather(fit["row"]).alias("text").to_frame().select(low=_LOW_TEXT)
    terms = content["terms"].items()
    said = [pl.col("low").str.contains(term).fill_null(False).alias(name) for name, term in terms]
    counts = texts.select(pl.sum_horizontal(said)).to_series()
    agents = low.str.contains(content["agents"])
    least = pl.when(agents).then(content["least_of_agents"]).otherwise(content["least"])
    full = fit.filter(counts >= least)
    return full.with_columns(role_broad=pl.lit(ROLES[0]))


def _by_text(lines: Lines, titles: pl.DataFrame) -> pl.DataFrame:
    """Open titles whose text says in so many words that the job is one of the roles."""
    words = words_of("posting_role")
    low = pl.col("low")
    fit = titles.filter(
        low.str.contains(words["title"]["open"]) & ~low.str.contains(words["title"]["closed"])
    )["row"]
    pattern = words["text"]["said"].replace("<role>", words["text"]["role"])
    sentences = lines.sentences(words["text"]["stems"], fit)
    phrase = pl.coalesce(low.str.extract(pattern, group) for group in range(1, 5))
    said = sentences.with_columns(said=phrase).drop_nulls("said")
    named = said.with_columns(_readings(said["said"])).drop_nulls("role_broad")
    spans = located(named, pl.col("said"), low).select("line", "role_broad", "start", "end")
    return lines.placed(spans, fit).select("row", "role_broad", "start", "end")
