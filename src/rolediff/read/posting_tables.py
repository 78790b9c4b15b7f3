"""Postings in tables and in plain JSON objects to rows of `RAW`, by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from rolediff.read.ats_scrapers import (
    ats_scrapers_columns,
    ats_scrapers_id,
    is_ats_scrapers,
    with_ids,
)
from rolediff.read.html import HtmlBomb, as_text
from rolediff.read.json_cells import Json, Raw, figure, word
from rolediff.read.posting_columns import Columns, freeze, posting_columns
from rolediff.read.posting_shape import RAW, BadPosting
from rolediff.read.values import text_of

_JOBSPY = frozenset({"site", "joburl", "isremote"})
_MARKDOWN = (
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|~<>&-])"), r"\1"),
    (re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*"), r"\1"),
)
_FIGURES = frozenset({"pay_low", "pay_high", "experience_years"})


def columns_for(
    names: tuple[str, ...], format: str | None, mapping: Mapping[str, str] | None
) -> Columns:
    """Field to columns for a table or an object with these columns; see `posting_columns`."""
    known = format == "ats-scrapers" or (format is None and is_ats_scrapers(names))
    if known and not mapping:
        found = ats_scrapers_columns(names)
        if "title" in found and "text" in found:
            return found
    return posting_columns(names, freeze(mapping))


def raw_table(
    table: pl.DataFrame, columns: Columns, *, markdown: bool = False
) -> tuple[pl.DataFrame, dict[int, BadPosting]]:
    """`table` as `RAW`, and by position those rows whose text was refused (their text is null).

    `markdown`: the texts are Markdown, as JobSpy's are, of which the signs are taken out.
    """
    fields = {field: _stated(table, names) for field, names in columns.items()}
    if "employment_type" in fields:  # "fulltime, contract": the first is the one
        fields["employment_type"] = fields["employment_type"].str.split(",").list.first()
    texts, bad = _texts(fields["text"], markdown)
    frame = pl.DataFrame([series.alias(field) for field, series in fields.items()])
    frame = frame.with_columns(texts.cast(pl.String).alias("text"))
    absent = [pl.lit(None, kind).alias(name) for name, kind in RAW.items() if name not in fields]
    return frame.with_columns(absent).select(list(RAW)), bad


def raw_object(posting: Json, format: str | None, mapping: Mapping[str, str] | None) -> Raw:
    """A JSON object whose keys are like the columns of a table as a row of `RAW`.

    Raises `BadPosting` where it has no title or no text, `HtmlBomb` for its text.
    """
    columns = columns_for(tuple(posting), format, mapping)
    row: Raw = {field: _cell(posting, field, names) for field, names in columns.items()}
    if columns.get("id", ())[:1] == ("ats_id",):
        row["id"] = ats_scrapers_id(row.get("board"), row.get("id"))
    row["text"] = as_text(row["text"]) if row.get("text") else None
    return row


def is_jobspy(names: tuple[str, ...]) -> bool:
    """Whether these are the columns of a table that JobSpy wrote."""
    return {name.replace("_", "").casefold() for name in names} >= _JOBSPY


def prepared(table: pl.DataFrame) -> pl.DataFrame:
    """`table` with the ids that files of older versions of ats-scrapers lack."""
    return with_ids(table) if is_ats_scrapers(table.columns) else table


def _stated(table: pl.DataFrame, names: tuple[str, ...]) -> pl.Series:
    flat = [name for name in names if not table.schema[name].is_nested()]
    cells = [text_of(table, name) for name in flat]
    if not cells:
        return pl.Series([None] * table.height, dtype=pl.String)
    return pl.select(pl.coalesce(*map(pl.lit, cells))).to_series() if cells[1:] else cells[0]


def _texts(text: pl.Series, markdown: bool) -> tuple[pl.Series, dict[int, BadPosting]]:
    """Texts with HTML turned to plain text; most need nothing, and cost one search."""
    bad: dict[int, BadPosting] = {}
    marks = text.str.contains(r"[<&]").fill_null(value=False).arg_true()
    if markdown:
        marks = pl.int_range(len(text), eager=True, dtype=pl.UInt32)
    found: list[str | None] = []
    for at, written in zip(marks, text.gather(marks), strict=True):
        try:
            body = as_text(written or "")
            found.append(_unmarked(body) if markdown else body)
        except HtmlBomb as bomb:
            found.append(None)
            bad[at] = BadPosting(str(bomb))
    return (text.scatter(marks, pl.Series(found, dtype=pl.String)) if found else text), bad


def _unmarked(text: str) -> str:
    for pattern, put in _MARKDOWN:
        text = pattern.sub(put, text)
    return text


def _cell(posting: Json, field: str, names: tuple[str, ...]) -> str | None:
    read = figure if field in _FIGURES else word
    return next((found for name in names if (found := read(posting.get(name)))), None)
