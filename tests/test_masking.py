"""Masked words: as the regular expressions tell them, and the same for each text by itself."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from rolediff.annotate.masking import Masked, masked, masked_words
from rolediff.annotate.word_numbers import Numbers, number_of

ALONE = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]"
SIGNS = " \n,.-'’•0123\0aBéÉßẞİıΣσς日本のカ한งานที่नमस्तेe\u0301\u0301🙂𝒜ⅣK"
WORDS = ("Germany", "VIETNAMESE", "Hanoi", "UK", "ab", "Berlin", "berlin")
TEXTS = st.one_of(
    st.text(st.sampled_from(SIGNS), max_size=30),
    st.text(max_size=20),
    st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
)


def reference(text: str, location: str) -> list[str]:
    """Words by regular expressions of Polars, without those of the location; countries stay."""

    def words(of: str) -> list[str]:
        lower = pl.Series([of]).str.to_lowercase().str.replace_all(f"({ALONE})", " ${1} ")
        return list(lower.str.extract_all(r"\p{L}[\p{L}\p{M}]*").item())

    own = {word for word in words(location) if len(word) > 2}
    return [word for word in words(text) if word not in own]


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_words_are_those_of_the_regular_expressions(rows: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(rows, schema={"text": pl.String, "location": pl.String}, orient="row")
    told = masked(frame)
    for i, ((text, location), words) in enumerate(zip(rows, masked_words(frame), strict=True)):
        gone = {"germany", "vietnamese"}
        wanted = [word for word in reference(text, location) if word not in gone]
        assert words.to_list() == wanted
        assert told.joined[i].decode() == " ".join(wanted)
        numbers = told.numbers[told.begins[i] : told.begins[i + 1]].tolist()
        assert numbers == [number_of(word.encode()) for word in wanted]


def test_lists_of_words_are_taken_as_they_are() -> None:
    told = Masked.of(pl.Series([["b a", "c"], [], ["c"]], dtype=pl.List(pl.String)))
    assert told.joined == [b"b a c", b"", b"c"]
    assert told.begins.tolist() == [0, 2, 2, 3]
    assert told.numbers.tolist() == [number_of(word) for word in (b"b a", b"c", b"c")]


@given(st.lists(st.integers(0, 2**64 - 1)), st.lists(st.integers(0, 2**64 - 1)))
def test_numbers_are_found_in_their_set(inside: list[int], others: list[int]) -> None:
    numbers = np.array([*inside, *others], dtype=np.uint64)
    here, where = (known := Numbers.of(np.array(inside, dtype=np.uint64))).places(numbers)
    assert here.tolist() == [i for i, n in enumerate(numbers.tolist()) if n in set(inside)]
    assert known.sorted[where].tolist() == numbers[here].tolist()
