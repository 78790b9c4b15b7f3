"""Where and how one works: remote, type of employment, visa sponsorship.

The words are data (`data/workplace.toml`). Every answer says in which column it stands, with its
span there in code points; null stands for what is not stated.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from rolediff.annotate.fact_words import listed, meets_any, without, words_of
from rolediff.annotate.lines import Lines, first_of_row, located, plain
from rolediff.records import EMPLOYMENT, REMOTE

VISA = ("offered", "not offered")
"""The values of `visa`."""

_STRENGTH = ("hybrid", "onsite", "remote")  # who goes first where sentences disagree


def remote(
    lines: Lines, title: pl.Series, location: pl.Series, field: pl.Series | None = None
) -> pl.DataFrame:
    """Where the work happens: `remote` (one of `records.REMOTE`), and where it says so.

    Further columns: `remote_in` ("title", "location", "text" or "field"), `remote_start` and
    `remote_end` in it (null for a field). Title and location go before the text, but an office
    as location gives way to days in the office or at home; a remote job as a perk ("four weeks a
    year from abroad") is not one. `field` holds codes of the same kind, used where all else is
    silent. A bare city says nothing.
    """
    words = words_of("workplace")["remote"]
    titles, places = _titles(title), _titles(location)
    office = {"onsite": words["place"]["office"], "not_meant": words["place"]["not_meant"]}
    sure = pl.concat(
        [
            _in_place(titles, words["place"], _STRENGTH, "title"),
            _in_place(places, words["place"], _STRENGTH, "location"),
        ]
    )
    parts = [
        sure,
        _in_text(lines, words, sure["row"]),
        _in_place(places, office, ("onsite",), "location"),
        _field(field, lines.rows, REMOTE),
    ]
    return _answers(pl.concat(parts), lines.rows, "remote")


def employment_type(lines: Lines, title: pl.Series, field: pl.Series | None = None) -> pl.DataFrame:
    """Type of employment: `employment_type` (one of `records.EMPLOYMENT`) and where it stands.

    Further columns: `employment_type_in` ("title", "text" or "field"), `employment_type_start`,
    `employment_type_end`. The title goes before the field (codes of the same kind), the field
    before the text; of several statements in a text the rarest kind counts, as "full-time" is
    said of hours in a contract too.
    """
    words = words_of("workplace")["employment"]
    kinds = tuple(reversed(EMPLOYMENT))
    low = plain(pl.col("text")).str.to_lowercase()
    titled = _titles(title).filter(~low.str.contains(words["title_not_meant"]))
    parts = [
        _first_kind(titled.with_columns(low=low), words["title"], kinds, "title"),
        _field(field, lines.rows, EMPLOYMENT),
        _of_text(lines, _meant(lines.sentences(words["stems"]), words["beside"]), words, kinds),
    ]
    return _answers(pl.concat(parts), lines.rows, "employment_type")


def visa(lines: Lines) -> pl.DataFrame:
    """Whether a visa is sponsored: `visa` (one of `VISA`), `visa_in` ("text"), `_start`, `_end`.

    A refusal goes before an offer: who offers to transfer visas alone says both.
    """
    words = words_of("workplace")["visa"]
    kinds = {"not offered": words["not_offered"], "offered": words["offered"]}
    sentences = _meant(lines.sentences(words["stems"]), words["beside"])
    return _answers(_of_text(lines, sentences, kinds, tuple(kinds)), lines.rows, "visa")


def _in_text(lines: Lines, words: dict[str, Any], settled: pl.Series) -> pl.DataFrame:
    every = pl.int_range(lines.rows, dtype=pl.UInt32, eager=True)
    rows = every.filter(~every.is_in(settled.implode()))
    meant = _meant(lines.sentences(words["stems"], rows), words["beside"]["any"])
    # A full stop in place of what is beside the point keeps patterns from reaching across it.
    text = without(meant["low"], listed("workplace", "remote", "beside", "perks"), ".")
    for phrases in ("other_work", "other_things"):
        text = text.str.replace_all(words["beside"][phrases], ".")
    apart = {"onsite": listed("workplace", "remote", "strong", "onsite")}
    found = _of_kinds(meant.with_columns(cleared=text), words["strong"], _STRENGTH, apart)
    return _first(lines.placed(found.drop("plain", "low", "said", "cleared"), rows), "text")


def _meant(sentences: pl.DataFrame, beside: str) -> pl.DataFrame:
    """The sentences without those that have what is `beside` the point."""
    return sentences.filter(~pl.col("low").str.contains(beside))


def _of_text(
    lines: Lines, sentences: pl.DataFrame, patterns: dict[str, str], kinds: tuple[str, ...]
) -> pl.DataFrame:
    """What each posting says first of the first of `kinds`, as `_first` gives it."""
    found = _of_kinds(sentences, patterns, kinds).drop("plain", "low", "said")
    return _first(lines.placed(found), "text")


def _in_place(
    places: pl.DataFrame, words: dict[str, Any], kinds: tuple[str, ...], name: str
) -> pl.DataFrame:
    low = plain(pl.col("text")).str.to_lowercase()
    # Same length, so that spans still fit.
    meant = places.with_columns(low=low).filter(~low.str.contains(words["not_meant"]))
    return _first_kind(meant, words, kinds, name)


def _first_kind(
    texts: pl.DataFrame, patterns: dict[str, str], kinds: tuple[str, ...], column: str
) -> pl.DataFrame:
    """Of each row of `texts` the first of `kinds` whose pattern is found, as `_first` gives it."""
    return _first(_of_kinds(texts, patterns, kinds), column)


def _of_kinds(
    texts: pl.DataFrame,
    patterns: dict[str, str],
    kinds: tuple[str, ...],
    apart: dict[str, tuple[str, ...]] | None = None,
) -> pl.DataFrame:
    """Where each of `texts` has the pattern of a kind: that kind as `value`, and its `rank`.

    They are looked for in `low`; or in `cleared`, if some kinds have their patterns `apart`.
    """
    read = "low" if apart is None else "cleared"
    nothing = texts.clear().with_columns(said=pl.lit(""), value=pl.lit(""), rank=pl.lit(0))
    parts = [located(nothing, pl.col("said"), pl.col("low"))]
    for rank, kind in enumerate(kinds if texts.height else ()):
        ways = (apart or {}).get(kind)
        some = texts.filter(meets_any(read, ways)) if ways else texts
        said = some.with_columns(said=pl.col(read).str.extract(f"({patterns[kind]}[a-z]*)", 1))
        told = said.drop_nulls("said").with_columns(value=pl.lit(kind), rank=pl.lit(rank))
        if told.height:
            parts.append(located(told, pl.col("said"), pl.col("low")))
    return pl.concat(parts)


def _first(found: pl.DataFrame, column: str) -> pl.DataFrame:
    """Of each `row` what is found of the least `rank`, and of that the first."""
    first = found.sort("row", "rank", "start").unique("row", keep="first", maintain_order=True)
    return first.select("row", "value", pl.lit(column).alias("in"), "start", "end")


def _titles(values: pl.Series) -> pl.DataFrame:
    row = pl.int_range(len(values), dtype=pl.UInt32, eager=True)
    text = values.cast(pl.String)
    return (
        pl.DataFrame({"row": row, "text": text})
        .with_columns(start=pl.lit(0, dtype=pl.Int64))
        .drop_nulls()
    )


def _field(field: pl.Series | None, rows: int, kinds: tuple[str, ...]) -> pl.DataFrame:
    values = pl.repeat(None, rows, dtype=pl.String, eager=True) if field is None else field
    known = _titles(values).filter(pl.col("text").is_in(kinds))
    nowhere = pl.lit(None, dtype=pl.Int64)
    return known.select(
        "row", value="text", **{"in": pl.lit("field"), "start": nowhere, "end": nowhere}
    )


def _answers(found: pl.DataFrame, rows: int, name: str) -> pl.DataFrame:
    columns = {"value": name, **{end: f"{name}_{end}" for end in ("in", "start", "end")}}
    return first_of_row(found.rename(columns), rows, [*columns.values()])
