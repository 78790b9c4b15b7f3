"""The country of a job: from a country field, else its location, its title, its text.

What a location means is `annotate.location`'s; how a text speaks of the place of a job is in
`data/places.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import polars as pl

from rolediff.annotate.gazetteer import place_key, vocabulary
from rolediff.annotate.lines import first_of_row, lines_of, plain
from rolediff.annotate.location import Place, read_place, read_title
from rolediff.read.values import countries, country_names

_COLUMNS = ["country", "country_in", "country_start", "country_end"]
_SPAN = {"country": pl.String, "start": pl.Int64, "end": pl.Int64, "silent": pl.Boolean}
_MARK = "~"


def country(
    text: pl.Series, title: pl.Series, location: pl.Series, field: pl.Series | None = None
) -> pl.DataFrame:
    """Country of the job, ISO 3166-1 alpha-2: `country`, and where it says so.

    Further columns: `country_in` ("field", "location", "title" or "text"), `country_start` and
    `country_end` in it (code points; null for a field). One row for each posting.
    A location of several countries, or of a region such as EMEA, leaves the country null; the
    title and the text are asked only where the location names no place at all.
    """
    rows = pl.int_range(len(text), dtype=pl.UInt32, eager=True).alias("row")
    given = _given(field, len(text))
    located = _read(location, read_place).with_columns(rows)
    silent = located.filter(pl.col("silent") & given.is_null())["row"]
    titled = _read(title.gather(silent), read_title).with_columns(silent.alias("row"))
    silent = titled.filter(pl.col("silent"))["row"]
    parts = [
        pl.DataFrame([rows, given.alias("country")]).with_columns(country_in=pl.lit("field")),
        located.with_columns(country_in=pl.lit("location")),
        titled.with_columns(country_in=pl.lit("title")),
        _in_text(text, silent).with_columns(country_in=pl.lit("text")),
    ]
    found = pl.concat(parts, how="diagonal_relaxed").drop_nulls("country")
    spans = found.rename({"start": "country_start", "end": "country_end"})
    return first_of_row(spans, len(text), _COLUMNS)


def _given(field: pl.Series | None, rows: int) -> pl.Series:
    """Codes of the countries that a field names in any usual way."""
    if field is None:
        return pl.repeat(None, rows, dtype=pl.String, eager=True)
    values = field.cast(pl.String)
    known = {value: _codes().get(place_key(value)) for value in values.drop_nulls().unique()}
    return values.replace_strict(known, default=None, return_dtype=pl.String)


def _read(values: pl.Series, read: Callable[[str], Place]) -> pl.DataFrame:
    """`Place` of each value, one row each; a null is silent."""
    places = [read(value) if value else Place(silent=True) for value in values.cast(pl.String)]
    rows = [(place.country, place.start, place.end, place.silent) for place in places]
    return pl.DataFrame(rows, schema=_SPAN, orient="row")


def _in_text(text: pl.Series, rows: pl.Series) -> pl.DataFrame:
    """`row`, `country`, `start`, `end` for those of `rows` whose text names one country."""
    lines = lines_of(text.gather(rows))
    frame = lines.with_columns(rows.gather(lines["row"]).alias("row"))
    stated, line = _stated(frame), pl.col("line")
    rest = frame.join(stated, on="row", how="anti").filter(line.str.contains(_names()))
    meant = rest.with_columns(plain(line)).filter(
        ~line.str.contains(vocabulary()["text"]["not_said"])
    )
    return pl.concat([stated, _only(_said_names(meant))])


def _said_names(lines: pl.DataFrame) -> pl.DataFrame:
    """A row for each `name` of a country that `lines` give for the place of the job, in order.

    A mark takes the place of each name, so that the patterns about names stay small.
    """
    line = pl.col("line")
    marked = line.str.replace_all(_MARK, "=", literal=True).str.replace_all(_names(), _MARK)
    told = lines.with_columns(marked=marked).filter(pl.col("marked").str.contains(_said()))
    names = told.select("marked", line.str.extract_all(_names())).iter_rows()
    said = pl.Series([_among_said(*row) for row in names], dtype=pl.List(pl.String))
    return told.with_columns(name=said).explode("name", empty_as_null=True).drop_nulls("name")


def _among_said(marked: str, names: list[str]) -> list[str]:
    """Those of the `names` in a line, with a mark for each, that are part of what is said."""
    spans = [found.span() for found in _said_pattern().finditer(marked)]
    ahead = [[marked.count(_MARK, 0, end) for end in span] for span in spans]
    return [name for first, stop in ahead for name in names[first:stop]]


def _stated(frame: pl.DataFrame) -> pl.DataFrame:
    """Countries that a line such as "Location: Leeds" names."""
    found = frame.with_columns(
        said=pl.col("line").str.extract(vocabulary()["text"]["stated"], 1)
    ).drop_nulls("said")
    ahead = pl.col("line").str.split(pl.col("said")).list.first().str.len_chars()
    places = _read(found["said"], read_place).rename({"start": "from", "end": "to"})
    placed = pl.concat(
        [found.with_columns(start=pl.col("start") + ahead), places], how="horizontal"
    )
    placed = placed.drop_nulls("country").unique("row", keep="first", maintain_order=True)
    return placed.select(
        "row", "country", start=pl.col("start") + pl.col("from"), end=pl.col("start") + pl.col("to")
    )


def _only(named: pl.DataFrame) -> pl.DataFrame:
    """Rows of `named` (`row`, `line`, `start`, `name`) whose names are all of one country."""
    coded = named.with_columns(
        country=pl.col("name").replace_strict(_spelled(), default=None, return_dtype=pl.String)
    )
    single = coded.filter(pl.col("country").n_unique().over("row") == 1)
    first = single.unique("row", keep="first", maintain_order=True)
    ahead = pl.col("line").str.split(pl.col("name")).list.first().str.len_chars()
    start = pl.col("start") + ahead
    return first.select("row", "country", start=start, end=start + pl.col("name").str.len_chars())


@cache
def _codes() -> dict[str, str]:
    """Country by the key of each of its names and codes."""
    return {place_key(name): code for name, code in countries().items() if code}


@cache
def _spelled() -> dict[str, str]:
    """Country by each name as a text writes it, the doubtful ones left out."""
    words = vocabulary()["text"]
    names = set(country_names().values()) - set(words["doubtful"]) | set(words["also"])
    return {name: _codes()[place_key(name)] for name in names}


@cache
def _said() -> str:
    """A regex for what a line says of the place of a job, with `_MARK` for a country."""
    several = f"{_MARK}(?:(?:,| and| or|/| &|, and|, or) ?(?:the )?{_MARK})*"
    patterns = "|".join(vocabulary()["text"]["said"]).replace(r"\b<country>", "<country>")
    return patterns.replace("<country>", several).replace(r"\b", r"(?-u:\b)")


@cache
def _said_pattern() -> re.Pattern[str]:
    return re.compile(_said().replace("(?-u:", "(?:"), re.ASCII)


@cache
def _names() -> str:
    """A regex for any name of `_spelled`; of several that fit, the longest."""
    listed = sorted(_spelled(), key=lambda name: (-len(name), name))
    return rf"(?-u:\b)(?:{'|'.join(map(re.escape, listed))})(?-u:\b)"
