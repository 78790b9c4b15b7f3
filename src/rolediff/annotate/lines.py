"""A batch of postings as lines and sentences, each with its place in the text.

What looks for facts in running text asks here for the sentences that could state one, so that the
dear patterns meet a few hundred characters of a posting and not all of it. Offsets count code
points: `text[start:end]` in Python, `str.slice` in Polars.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from rolediff.annotate.fact_words import any_of, stems
from rolediff.annotate.pieces import Cut, Pieces, numbered
from rolediff.annotate.wishes import Headings

_SENTENCE_END = r"(?:[\p{Ll}\d)%\]]{2}[.!?;]|[。！？；]) *"  # "Ph.D. in" and "e.g. this" go on
_LONGEST = 500  # code points
_ODD = (
    "\u2019\u2018\u02bc\u00b4\u2010\u2011\u2012\u2013\u2014\u2212\u00a0\u202f\u2009\u3000\t\r\u0130"
)
_EVEN = "''''------      I"  # the Turkish capital alone would grow by a code point in lower case
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
        known = text.cast(pl.String).fill_null("")
        return cls.within(Cut.of(known).pieces((0, len(known))))

    @classmethod
    def within(cls, pieces: Pieces) -> Lines:
        """The sentences of texts that are cut into `pieces`."""
        lists, line = _split(pieces.distinct)
        hits = np.flatnonzero(any_of(line, stems()).to_numpy())
        found = _placed(pieces.distinct, lists, line, hits)
        first, number = numbered(found["line"].hash().to_numpy())
        begins = np.append(0, np.cumsum(lists.list.len().to_numpy().astype(np.int64)))
        which, place = pieces.everywhere(np.searchsorted(hits, begins))
        number = number.take(which)
        places = {
            "row": pieces.text.take(place).astype(np.uint32),
            "line": number,
            "ahead": found["start"].to_numpy().take(which) + pieces.char.take(place),
            "wish": Headings.of(line, begins).wished(hits.take(which), place, pieces),
        }
        return cls(
            rows=pieces.texts,
            frame=_told(found["line"].gather(first)),
            places=pl.DataFrame(places),
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
    row = found["row"].to_numpy()[::-1]
    first = np.full(rows, -1, dtype=np.int64)
    first[row] = np.arange(len(row) - 1, -1, -1)  # of one row the last that is set is the first
    at = pl.Series(first, dtype=pl.Int64)
    return found.select(pl.col(columns).gather(at.set(at < 0, None)))


def _split(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The lines of each text as lists, and all of them one below the other."""
    lists = text.cast(pl.String).fill_null("").str.split("\n")
    return lists, lists.explode(empty_as_null=True)


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
