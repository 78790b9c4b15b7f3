"""A batch of postings as lines and sentences, each with its place in the text.

What looks for facts in running text asks here for the sentences that could state one, so that the
dear patterns meet a few hundred characters of a posting and not all of it. Offsets count code
points: `text[start:end]` in Python, `str.slice` in Polars.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

_SENTENCE_END = r"(?:[\p{Ll}\d)%\]]{2}[.!?;]|[。！？；]) *"  # "Ph.D. in" and "e.g. this" go on
_LONGEST = 500  # code points
_HEADING = 90  # bytes; a heading is shorter
_ODD = (
    "\u2019\u2018\u02bc\u00b4\u2010\u2011\u2012\u2013\u2014\u2212\u00a0\u202f\u2009\u3000\t\r\u0130"
)
_EVEN = "''''------      I"  # the Turkish capital alone would grow by a code point in lower case


_FACTS = ("requirements", "workplace", "posting_level", "posting_role")  # data files with stems
_BESIDE = " \t-•·*▪◦●○,;:"  # a span begins and ends at what it means


@dataclass(frozen=True, slots=True)
class Lines:
    """What a batch of texts says about facts: `rows` = postings in it, `frame` = the sentences.

    Only sentences of lines that have a stem of some fact (`stems` in the data files) are in
    `frame`, and of lines that are alike, as in the postings of one employer, those of one: what
    is found in them is found once, and `placed` tells where. Columns of `frame`: `line` (Int64,
    number of the distinct line), `start` (Int64, where in it the sentence starts, code points),
    `plain` (the sentence with straight quotes, hyphens and spaces) and `low` (the same in lower
    case); every code point keeps its place.

    `places` = a row for each of those lines in the texts, in order: `line`, `row` (UInt32,
    position in the batch), `ahead` (Int64, where in the text it starts) and `wish` (Boolean:
    under a heading such as "Nice to have"). Line n has `order[begins[n] : begins[n + 1]]`.
    """

    rows: int
    frame: pl.DataFrame
    places: pl.DataFrame
    order: npt.NDArray[np.intp]
    begins: npt.NDArray[np.intp]

    @classmethod
    def of(cls, text: pl.Series) -> Lines:
        """The sentences that may state a fact; null text has none."""
        lists, line = _split(text)
        hits = np.flatnonzero(_any_of(line, _stems()).to_numpy())
        found = _placed(text, lists, line, hits)
        keys = found["line"].hash().to_numpy()
        _, first, number = np.unique(keys, return_index=True, return_inverse=True)
        wish = _wished(line, lists, hits)
        return cls(
            rows=len(text),
            frame=_told(found["line"].gather(first)),
            places=found.select("row", line=pl.Series(number), ahead="start", wish=wish),
            order=np.argsort(number, kind="stable"),
            begins=np.append(0, np.cumsum(np.bincount(number, minlength=len(first)))),
        )

    def sentences(self, stems: str, rows: pl.Series | None = None) -> pl.DataFrame:
        """The sentences with a match of `stems`, a regex of literals in lower case.

        With `rows`, only those that stand in these postings.
        """
        here = self.frame
        if rows is not None:
            held = np.zeros(len(self.begins), dtype=np.bool_)
            held[self.places["line"].to_numpy()[self._in(rows)]] = True
            here = here.filter(held[here["line"].to_numpy()])
        return here.filter(pl.col("low").str.contains(stems))

    def placed(self, found: pl.DataFrame, rows: pl.Series | None = None) -> pl.DataFrame:
        """`found` (`line`, `start`, perhaps `end`) wherever it stands, with `row` and `wish`.

        `start` and `end` are then places in the text. In order of text, and within a line as in
        `found`. With `rows`, only what stands in these postings.
        """
        line = found["line"].to_numpy()
        size = self.begins[line + 1] - self.begins[line]
        which = np.repeat(np.arange(len(line)), size)
        shift = self.begins[line] - (np.cumsum(size) - size)
        at = self.order[np.repeat(shift, size) + np.arange(len(which))]
        if rows is not None:
            kept = self._in(rows)[at]
            which, at = which[kept], at[kept]
        order = np.argsort(at, kind="stable")
        where = self.places.select("row", "ahead", "wish")[at[order]]
        told = pl.concat([found[which[order]], where], how="horizontal")
        ends = [pl.col(name) + pl.col("ahead") for name in ("start", "end") if name in told.columns]
        return told.with_columns(ends).drop("line", "ahead")

    def _in(self, rows: pl.Series) -> npt.NDArray[np.bool_]:
        """Which of the `places` are in these postings."""
        among = np.zeros(self.rows, dtype=np.bool_)
        among[rows.to_numpy()] = True
        here: npt.NDArray[np.bool_] = among[self.places["row"].to_numpy()]
        return here


def _told(lines: pl.Series) -> pl.DataFrame:
    """The sentences of distinct lines, as in `Lines.frame`."""
    numbered = pl.DataFrame({"line": lines}).with_columns(
        row=pl.int_range(pl.len(), dtype=pl.Int64), start=pl.lit(0, dtype=pl.Int64)
    )
    told = split_sentences(numbered).select("start", line="row", plain=plain(pl.col("line")))
    return told.with_columns(low=pl.col("plain").str.to_lowercase())


def lines_of(text: pl.Series) -> pl.DataFrame:
    """All lines of each text that are not blank: `row`, `start` (code points), `line`."""
    lists, line = _split(text)
    filled = np.flatnonzero(line.str.len_bytes().to_numpy() > 2)
    return _placed(text, lists, line, filled)


def split_sentences(lines: pl.DataFrame) -> pl.DataFrame:
    """`lines` (`row`, `start`, `line`, others) with a row for each sentence instead of each line.

    What goes on for more than 500 code points is cut, so that no text can take unbounded time.
    """
    ends = pl.col("line").str.split(_SENTENCE_END, inclusive=True, literal=False)
    sentences = _exploded(lines.with_columns(ends), lines["line"])
    endless = sentences["line"].str.len_chars() > _LONGEST
    if not endless.any():
        return sentences
    long = sentences.filter(endless)
    cut = pl.Series([_cut(line) for line in long["line"]], dtype=pl.List(pl.String))
    pieces = _exploded(long.with_columns(line=cut), long["line"])
    return pl.concat([sentences.filter(~endless), pieces]).sort("row", "start")


def _exploded(pieces: pl.DataFrame, whole: pl.Series) -> pl.DataFrame:
    """A row for each piece in the lists of `line`, which together make up `whole`."""
    size = whole.str.len_chars().cast(pl.Int64)
    apart = pieces.with_columns((size.cum_sum() - size).alias("before")).explode(
        "line", empty_as_null=True
    )
    length = pl.col("line").str.len_chars().cast(pl.Int64)
    start = pl.col("start") + length.cum_sum() - length - pl.col("before")
    return apart.with_columns(start=start).drop("before")


def _cut(text: str) -> list[str]:
    """`text` in pieces of at most `_LONGEST` code points, at a space where there is one."""
    pieces = []
    while len(text) > _LONGEST:
        at = text.rfind(" ", 1, _LONGEST) + 1 or _LONGEST
        pieces.append(text[:at])
        text = text[at:]
    return [*pieces, text]


def plain(text: pl.Expr) -> pl.Expr:
    """`text` with straight quotes, hyphens and spaces, one for one."""
    return text.str.replace_many(list(_ODD), list(_EVEN))


def located(sentences: pl.DataFrame, found: pl.Expr, within: pl.Expr) -> pl.DataFrame:
    """`start` and `end` in the text of `found`, which stands in the column `within`."""
    found = found.str.strip_chars(_BESIDE)
    at = within.str.find(found, literal=True)
    ahead = within.cast(pl.Binary).bin.head(at).cast(pl.String).str.len_chars()
    start = pl.col("start") + ahead.cast(pl.Int64)
    return sentences.with_columns(start=start, end=start + found.str.len_chars().cast(pl.Int64))


def first_of_row(found: pl.DataFrame, rows: int, columns: list[str]) -> pl.DataFrame:
    """One row for each of the `rows` postings: the first of `found` for it, else nulls."""
    every = pl.DataFrame({"row": pl.int_range(rows, dtype=pl.UInt32, eager=True)})
    first = found.unique("row", keep="first", maintain_order=True)
    return every.join(first, on="row", how="left", maintain_order="left").select(columns)


@cache
def words_of(name: str) -> dict[str, Any]:
    """The parsed `data/<name>.toml`; lists of patterns are joined to one regex each."""
    return {key: _joined(value) for key, value in tomllib.loads(_text(name)).items()}


def _joined(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _joined(inner) for key, inner in value.items()}
    if isinstance(value, list):
        value = f"(?:{'|'.join(value)})"
    if not isinstance(value, str):
        return value
    # Beside other than ASCII letters, a word boundary of Unicode costs a hundredfold.
    return value.replace(r"\b", r"(?-u:\b)").replace(r"\d", "[0-9]")


@cache
def _stems() -> tuple[str, ...]:
    """The literals that any fact is looked for by, without those that others cover."""
    tables = [tomllib.loads(_text(name)) for name in _FACTS]
    stems = {
        stem for table in tables for words in table.values() for stem in words.get("stems", [])
    }
    plain_stems = {re.sub(r"\\(.)", r"\1", stem) for stem in stems if stem.isascii()}
    covered = {stem for stem in plain_stems if any(o in stem for o in plain_stems - {stem})}
    return tuple(sorted(plain_stems - covered))


@cache
def _headings() -> tuple[str, ...]:
    return tuple(tomllib.loads(_text("wishes"))["stems"])


def _text(name: str) -> str:
    return files("rolediff").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")


def _split(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The lines of each text as lists, and all of them one below the other."""
    lists = text.cast(pl.String).fill_null("").str.split("\n")
    return lists, lists.explode(empty_as_null=True)


def _any_of(text: pl.Series, stems: tuple[str, ...]) -> pl.Series:
    """Which have one of `stems` in any case, or are mostly in another script than Latin."""
    foreign = text.str.len_bytes() > 1.6 * text.str.len_chars()
    return text.str.contains_any([*stems], ascii_case_insensitive=True) | foreign


def _placed(
    text: pl.Series, lists: pl.Series, line: pl.Series, at: npt.NDArray[np.intp]
) -> pl.DataFrame:
    """`row`, `start`, `line` of the lines at the positions `at`."""
    row = _rows(lists)[at]
    start = _offsets(line)[at] - _offsets(text.cast(pl.String).fill_null(""))[row]
    return pl.DataFrame({"row": row, "start": start, "line": line.gather(at)})


def _rows(lists: pl.Series) -> npt.NDArray[np.uint32]:
    return np.repeat(np.arange(len(lists), dtype=np.uint32), lists.list.len().to_numpy())


def _offsets(pieces: pl.Series) -> npt.NDArray[np.int64]:
    """Where each piece begins, code points, were all written one to a line."""
    size = pieces.str.len_chars().to_numpy().astype(np.int64) + 1
    return np.asarray(np.cumsum(size) - size)


def _wished(line: pl.Series, lists: pl.Series, at: npt.NDArray[np.intp]) -> pl.Series:
    """Whether each of the lines at `at` stands under a heading that names wishes, not demands."""
    words = words_of("wishes")
    size = line.str.len_bytes().to_numpy()
    short = np.flatnonzero((size > 2) & (size < _HEADING))
    short = short[~line.gather(short).str.contains(words["item"]).to_numpy()]
    heading = short[_any_of(line.gather(short), _headings()).to_numpy()]
    wish = line.gather(heading).str.contains(f"(?i:{words['wish']})").to_numpy()
    last = np.searchsorted(heading, at, side="right") - 1
    row = _rows(lists)
    ruled = (last >= 0) & (row[heading[last]] == row[at]) if len(heading) else last > 0
    return pl.Series(ruled & wish[last] if len(heading) else ruled, dtype=pl.Boolean)
