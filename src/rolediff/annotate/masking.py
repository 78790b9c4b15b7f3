"""The words of a posting without what differs between copies of one ad: places and numbers."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from rolediff.read import values

_CJK = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]"
_ENDINGS = ("", "n", "an", "ese", "ian", "ish")  # Korea, Korean; Japan, Japanese


def masked_words(postings: pl.DataFrame) -> pl.Series:
    """The words of each text in lower case, without countries, numbers and its own location.

    List(String), row by row; Chinese, Japanese and Thai are taken character by character.
    """
    words = _words(postings["text"])
    long = pl.DataFrame({"word": words}).with_row_index("row").explode("word", empty_as_null=True)
    long = long.filter(pl.col("word").is_not_null() & ~pl.col("word").is_in(_countries()))
    if "location" in postings.columns:
        own = pl.DataFrame({"word": _words(postings["location"])}).with_row_index("row")
        places = own.explode("word", empty_as_null=True).filter(pl.col("word").str.len_chars() > 2)
        long = long.join(places, on=["row", "word"], how="anti", maintain_order="left")
    found = long.group_by("row", maintain_order=True).agg("word")
    rows = pl.DataFrame({"row": pl.int_range(postings.height, dtype=pl.UInt32, eager=True)})
    joined = rows.join(found, on="row", how="left", maintain_order="left")
    return joined["word"].fill_null(pl.lit([], dtype=pl.List(pl.String)))


def _words(text: pl.Series) -> pl.Series:
    lower = text.cast(pl.String).fill_null("").str.to_lowercase()
    east = lower.str.contains(_CJK)
    if east.any():
        spaced = lower.str.replace_all(rf"({_CJK})", " ${1} ")
        lower = spaced.zip_with(east, lower)
    return lower.str.extract_all(r"\p{L}[\p{L}\p{M}]*")


@cache
def _countries() -> list[str]:
    """Words of the names of countries and, roughly, of their people."""
    names = [name.casefold() for name in _country_names()]
    words = {word for name in names for word in re.findall(r"[^\W\d_]{3,}", name)}
    words -= {"and", "the", "new"}
    forms = {word + end for word in words if len(word) > 3 for end in _ENDINGS}
    return sorted(words | forms)


def _country_names() -> list[str]:
    return [*values.country_names().values(), "Korea", "UK", "USA", "Holland", "England", "UAE"]
