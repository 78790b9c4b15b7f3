"""Texts cut into pieces, and what is found in pieces put back where they stand."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.annotate.pieces import Cut, Pieces
from rolediff.annotate.skills import mentions
from rolediff.annotate.tokens import tokenise

TEXTS = st.lists(
    st.lists(
        st.sampled_from(["Python", "\n\n", "\n", "é \U0001f600", "", "Go, Rust.\n\n- SQL", "x"]),
        max_size=8,
    ).map("".join),
    max_size=6,
)


def of(texts: list[str]) -> Pieces:
    return Cut.of(pl.Series(texts, dtype=pl.String)).pieces((0, len(texts)))


@given(TEXTS)
def test_every_piece_stands_where_it_is_said_to(texts: list[str]) -> None:
    pieces = of(texts)
    again = [""] * len(texts)
    for piece, text, byte, char in zip(
        pieces.piece, pieces.text, pieces.byte, pieces.char, strict=True
    ):
        words = pieces.distinct[int(piece)]
        assert texts[text][char : char + len(words)] == words
        assert texts[text].encode()[byte : byte + len(words.encode())].decode() == words
        again[text] = f"{again[text]}\n\n{words}" if char else words
    assert again == texts
    assert pieces.distinct.is_unique().all()


@given(TEXTS.filter(lambda texts: len(texts) > 1))
def test_a_part_holds_the_pieces_of_its_texts(texts: list[str]) -> None:
    cut = Cut.of(pl.Series(texts))
    last = len(texts) - 1
    part = cut.pieces((last, last + 1), (0, 1))
    words = part.distinct.gather(part.piece).to_list()
    assert words == [*texts[-1].split("\n\n"), *texts[0].split("\n\n")]
    assert part.text.tolist() == [0] * (texts[-1].count("\n\n") + 1) + [1] * (
        len(words) - texts[-1].count("\n\n") - 1
    )


@given(TEXTS)
def test_tokens_of_pieces_are_those_of_texts(texts: list[str]) -> None:
    pieces = of(texts)
    tokens, whole = tokenise(pieces.distinct), tokenise(texts)
    which, place = pieces.everywhere(tokens.firsts)
    assert np.array_equal(tokens.keys[which], whole.keys)
    assert np.array_equal(tokens.gaps[which], whole.gaps)
    assert np.array_equal(pieces.text[place], whole.text_of(whole.starts))
    starts = tokens.characters(tokens.starts[which], pieces.piece[place]) + pieces.char[place]
    assert np.array_equal(starts, whole.characters(whole.starts, whole.text_of(whole.starts)))


@settings(deadline=None)
@given(TEXTS)
def test_what_stands_several_times_is_told_everywhere(texts: list[str]) -> None:
    together = mentions(texts)
    alone = [mentions([text]).drop("posting") for text in texts]
    for number, table in enumerate(alone):
        assert together.filter(posting=number).drop("posting").equals(table)
