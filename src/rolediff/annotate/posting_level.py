"""The level of a posting: what its title names, else what its text says in so many words."""

from __future__ import annotations

import polars as pl

from rolediff.annotate.distinct import Titles
from rolediff.annotate.fact_words import words_of
from rolediff.annotate.level import level_of_shaped, level_of_titles
from rolediff.annotate.lines import Lines, first_of_row, located

_AT = pl.lit(0, dtype=pl.Int64)
_COLUMNS = ["level", "level_in", "level_start", "level_end"]


def level(lines: Lines, title: pl.Series, titles: Titles | None = None) -> pl.DataFrame:
    """Level of each posting (a key of `records.LEVELS`) and where it is named.

    Further columns: `level_in` ("title" or "text"), `level_start` and `level_end` in it (code
    points). The text counts only where the title names no level and does not leave it open ("all
    levels"), and only for a statement about this job: "seeking a Senior Data Engineer", "early in
    your career". Years of experience are no level. `titles` = the titles, if they are read already.
    """
    read = Titles.of(title) if titles is None else titles
    frame, distinct = read.frame(), read.distinct
    frame = frame.with_columns(level_of_shaped(read.shapes).alias("level"))
    spans = _spans(frame.drop_nulls("level"))
    is_open = pl.col("low").str.contains(words_of("posting_level")["level"]["open_title"])
    silent = frame.filter(pl.col("level").is_null()).filter(~is_open.fill_null(False))
    stated = _in_text(lines, distinct.rows(silent.select("row"))["row"])
    named = distinct.rows(spans).with_columns(level_in=pl.lit("title"))
    found = pl.concat([named, stated.with_columns(level_in=pl.lit("text"))], how="diagonal_relaxed")
    return first_of_row(
        found.rename({"start": "level_start", "end": "level_end"}), len(title), _COLUMNS
    )


def _spans(ranked: pl.DataFrame) -> pl.DataFrame:
    """`row`, `level`, `start`, `end`: the words of the title, or all of it if they are hidden."""
    parts = [ranked.clear().select("row", "level", start=_AT, end=_AT)]
    for name in ranked["level"].unique():
        pattern, these = words_of("posting_level")["title"][name], ranked.filter(level=name)
        said = pl.col("low").str.extract(f"({pattern})", 1).fill_null(pl.col("low"))
        spans = located(these.with_columns(said=said, start=_AT), pl.col("said"), pl.col("low"))
        parts.append(spans.select("row", "level", "start", "end"))
    return pl.concat(parts)


def _in_text(lines: Lines, rows: pl.Series) -> pl.DataFrame:
    words = words_of("posting_level")["level"]
    said = words["said"].replace("<rank>", words["rank"]).replace("<job>", words["job"])
    sentences = lines.sentences(words["stems"], rows)
    low = sentences["low"]
    says = low.str.contains(said) | low.str.contains(words["junior"])
    meant = sentences.filter(says).filter(~pl.col("low").str.contains(words["not_said"]))
    phrase = pl.coalesce(pl.col("low").str.extract(said, group) for group in range(1, 5))
    junior = pl.col("low").str.extract(f"({words['junior']})", 1)
    each = meant.with_columns(said=phrase, junior=junior)
    ranked = each.with_columns(
        level=level_of_titles(each["said"]).fill_null(
            pl.select(pl.when(each["junior"].is_not_null()).then(pl.lit("junior"))).to_series()
        )
    ).drop_nulls("level")
    found = pl.coalesce("said", "junior")
    spans = located(ranked, found, pl.col("low")).select("line", "level", "start", "end")
    return lines.placed(spans, rows).select("row", "level", "start", "end")
