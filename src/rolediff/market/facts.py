"""What a market keeps of an annotated posting: no text, no span, the employer as a key."""

from __future__ import annotations

import polars as pl

from rolediff.annotate import employers, industry
from rolediff.annotate.money import annualise
from rolediff.annotate.titles import core_title
from rolediff.market.tables import ASKED, KEYS, OFFER, POSTINGS

STRENGTHS = {"required": "required", "preferred": "preferred", "unclear": "named"}
"""How strongly a skill is asked for (`annotate.asking.REQUIRED`) to the list it is kept in."""


def facts_of(annotated: pl.DataFrame) -> pl.DataFrame:
    """One line of `POSTINGS` for each row of `ANNOTATED`, with `n` 1.

    Columns that are absent count as null. `employer` becomes an opaque key, `industry` the
    everyday word (what the employer works in), `sector` its NAICS sector. A skill asked for twice
    is kept where it is asked for most strongly.
    """
    given = annotated.columns
    whole = annotated.with_columns(
        (pl.lit(None, pl.String).alias("ad") if "ad" not in given else pl.col("ad")),
        employer=opaque(annotated["employer"]),
        title=core_title(annotated["title"]),
        year=pl.col("posted").dt.year(),
        month=pl.col("posted").dt.truncate("1mo"),
        company_size=pl.lit(None, pl.String),
        sector="industry",
        industry="industry_field",
        certifications=_texts(),
        n=pl.lit(1, pl.UInt32),
        **_lists(given),
    )
    if "requirement_words" not in given:
        whole = whole.with_columns(requirement_words=pl.lit(None, pl.Int32))
    whole = _annualised(_without_overlap(whole))
    columns = [*KEYS, *OFFER, *ASKED, "n"]
    return whole.select(pl.col(name).cast(POSTINGS[name]) for name in columns)


def opaque(names: pl.Series) -> pl.Series:
    """The opaque key of each employer, however its name is spelled; null stays null."""
    plain = employers.employer_key(names)
    distinct = plain.drop_nulls().unique().to_list()
    keys = [industry.employer_key(name) for name in distinct]
    return plain.replace_strict(distinct, keys, default=None, return_dtype=pl.String)


def _lists(given: list[str]) -> dict[str, pl.Expr]:
    """Concepts by list: skills by strength, then duties and signals where they are told."""
    skills = {
        name: _concepts("skills", pl.element().struct.field("required") == strength)
        for strength, name in STRENGTHS.items()
    }
    others = {
        name: _concepts(name) if name in given else pl.lit([], pl.List(pl.String))
        for name in ("duties", "signals")
    }
    return skills | others


def _concepts(column: str, holds: pl.Expr | None = None) -> pl.Expr:
    element = pl.element() if holds is None else pl.element().filter(holds)
    concepts = element.struct.field("concept").drop_nulls().unique().sort()
    return pl.col(column).list.eval(concepts).fill_null([])


def _texts() -> pl.Expr:
    """Certificates as they stand, but for white space."""
    text = pl.element().struct.field("text").str.replace_all(r"\s+", " ")
    return pl.col("certifications").list.eval(text.unique().sort()).fill_null([])


def _without_overlap(whole: pl.DataFrame) -> pl.DataFrame:
    """Skills in the strongest of the three lists only; a difference of sets loses their order."""
    weaker = whole.with_columns(pl.col("preferred").list.set_difference("required").list.sort())
    stronger = pl.concat_list("required", "preferred")
    return weaker.with_columns(pl.col("named").list.set_difference(stronger).list.sort())


def _annualised(whole: pl.DataFrame) -> pl.DataFrame:
    """`low` and `high` in US dollars a year, with what is kept of how pay is stated."""
    pay = pl.col("pay").struct
    low, high = pay.field("min"), pay.field("max")
    stated = whole.with_columns(
        pay_low=pl.coalesce(low, high),
        pay_high=pl.coalesce(high, low),
        pay_currency=pay.field("currency"),
        pay_interval=pay.field("period"),
        currency=pay.field("currency"),
        pay_source=pay.field("source"),
        pay_basis=pay.field("basis"),
    )
    return annualise(stated)


def with_currency(annotated: pl.DataFrame, currency: str | None) -> pl.DataFrame:
    """`annotated` with that currency (ISO 4217) where pay is stated without one."""
    if currency is None:
        return annotated
    pay = pl.col("pay").struct
    filled = pay.with_fields(currency=pay.field("currency").fill_null(currency))
    return annotated.with_columns(pay=pl.when(pl.col("pay").is_not_null()).then(filled))
