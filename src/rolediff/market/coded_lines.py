"""Lines of pay with codes in the place of text, in memory and on disk.

What is read of millions of rows is a few thousand words in most columns: they are kept beside the
lines, once, so that lines are written, read and put together as integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from rolediff.market.tables import KEYS, OFFER, POSTINGS

LINES = pl.Schema({name: POSTINGS[name] for name in (*KEYS, *OFFER, "n")})
"""Columns of lines of records of pay."""
_TEXT = [name for name, kind in LINES.items() if kind == pl.String]
_CODED = pl.Schema({name: pl.UInt32() if name in _TEXT else LINES[name] for name in LINES})
_WORDS = pl.Schema({"column": pl.String(), "word": pl.String()})


@dataclass(frozen=True, slots=True)
class CodedLines:
    """Lines (`LINES`) whose text is a number, and of each column the text of each number.

    A text may have several numbers, and null one of its own; null in `codes` is null too.
    """

    codes: pl.DataFrame
    words: Mapping[str, pl.Series]

    @classmethod
    def of(cls, lines: pl.DataFrame) -> CodedLines:
        """Lines whose text is text or categories."""
        words, codes = {}, {}
        for name in _TEXT:
            distinct = lines[name].unique().cast(pl.String)
            words[name] = distinct
            numbers = pl.Series(range(len(distinct)), dtype=pl.UInt32)
            mine = lines[name].cast(pl.String)
            codes[name] = mine.replace_strict(distinct, numbers, return_dtype=pl.UInt32)
        return cls(lines.with_columns(**codes).select(_CODED.names()).cast(_CODED), words)

    @classmethod
    def with_columns(
        cls, columns: Mapping[str, pl.Series], words: Mapping[str, pl.Series]
    ) -> CodedLines:
        """Lines of these columns, others being null."""
        given = pl.DataFrame(dict(columns))
        absent = [pl.lit(None, k).alias(c) for c, k in _CODED.items() if c not in given.columns]
        return cls(given.with_columns(absent).select(_CODED.names()).cast(_CODED), words)

    @property
    def frame(self) -> pl.DataFrame:
        """The lines, text as categories."""
        return self.codes.with_columns(
            self.words[name].cast(pl.Categorical).gather(self.codes[name]).alias(name)
            if name in self.words
            else pl.lit(None, pl.Categorical).alias(name)
            for name in _TEXT
        )

    def write(self, lines: Path, words: Path) -> None:
        """Write both parts as Parquet."""
        self.codes.write_parquet(lines, compression="lz4", statistics=False)
        parts = [
            pl.DataFrame({"word": told}).select(pl.lit(name).alias("column"), "word")
            for name, told in self.words.items()
        ]
        listed = pl.concat([pl.DataFrame(schema=_WORDS), *parts])
        listed.write_parquet(words, compression="lz4", statistics=False)

    @classmethod
    def read(cls, lines: Path, words: Path) -> CodedLines:
        """What `write` wrote."""
        listed = pl.read_parquet(words).partition_by("column", as_dict=True, maintain_order=True)
        told = {str(name): part["word"] for (name,), part in listed.items()}
        return cls(pl.read_parquet(lines), told)
