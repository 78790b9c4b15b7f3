from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolediff.annotate.table import Table
from rolediff.annotate.tokens import (
    AMPERSAND,
    APOSTROPHE,
    BREAK,
    DOT,
    SLASH,
    SOFT,
    Tokens,
    tokenise,
)
from rolediff.annotate.trie import compile_trie

TEXTS = st.lists(st.none() | st.text(max_size=60), max_size=6)
SIGNS = st.text(alphabet="aB1+#._-/&' \n\t’‑•,C日本é🚀\u00a0\u200b", max_size=40)


def words(text: str) -> list[str]:
    tokens = tokenise([text])
    spans = zip(tokens.starts, tokens.ends, strict=True)
    return [tokens.raw[a:b].tobytes().decode() for a, b in spans]


def gaps(text: str) -> list[int]:
    return tokenise([text]).gaps.tolist()[1:]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C++, C# and F#.", ["C++", "C#", "and", "F#"]),
        ("C++17 C++/C#", ["C++", "17", "C++", "C#"]),
        ("(.NET) ASP.NET", [".NET", "ASP", "NET"]),
        ("the net. Then", ["the", "net", "Then"]),
        ("Node.js", ["Node", "js"]),
        ("5+ years, frontend+backend", ["5+", "years", "frontend", "backend"]),
        ("#hiring snake_case _it_", ["hiring", "snake_case", "it"]),
        ("熟悉Python、SQL", ["熟", "悉", "Python", "SQL"]),
        ("café Köln", ["café", "Köln"]),
        ("🚀Go", ["Go"]),
        ("...and", ["and"]),
        ("", []),
        ("++ . #", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fine tuning", SOFT),
        ("fine  tuning", SOFT),
        ("fine\ttuning", SOFT),
        ("fine\ntuning", SOFT),
        ("fine-tuning", SOFT),
        ("fine‑tuning", SOFT),
        ("fine‐tuning", SOFT),
        ("fine-\n   tuning", SOFT),
        ("fine\u00a0tuning", SOFT),
        ("fine - tuning", BREAK),
        ("fine\n - tuning", BREAK),
        ("fine\n\ntuning", BREAK),
        ("fine\r\n\r\ntuning", BREAK),
        ("fine, tuning", BREAK),
        ("fine. tuning", BREAK),
        ("fine (tuning", BREAK),
        ("fine — tuning", BREAK),
        ("CI/CD", SLASH),
        ("CI / CD", SLASH),
        ("R&D", AMPERSAND),
        ("R & D", AMPERSAND),
        ("Node.js", DOT),
        ("DALL·E", DOT),
        ("you'll", APOSTROPHE),
        ("you’ll", APOSTROPHE),
    ],
)
def test_gaps(text: str, expected: int) -> None:
    assert gaps(text) == [expected]


def test_texts_do_not_run_into_one_another() -> None:
    tokens = tokenise(["fine", None, "", "tuning"])
    assert tokens.gaps.tolist() == [BREAK, BREAK]
    assert tokens.lines.tolist() == [0, 1]
    assert tokens.text_of(tokens.starts).tolist() == [0, 3]
    assert tokens.firsts.tolist() == [0, 1, 1, 1, 2]


def test_keys_ignore_case_and_tell_words_apart() -> None:
    long = "a" * 40
    tokens = tokenise(["Spark spark SPARK sparks", f"{long} {long}b {'a' * 39}b"])
    assert len(set(tokens.keys[:3].tolist())) == 1
    assert len(set(tokens.keys.tolist())) == 5
    assert len(set(tokens.cased_keys(np.arange(3)).tolist())) == 3


def test_series_and_list_are_alike() -> None:
    batch = ["Go", None, "C++"]
    one, two = tokenise(batch), tokenise(pl.Series(batch))
    assert one.keys.tolist() == two.keys.tolist()


@given(TEXTS | st.lists(SIGNS, max_size=4))
def test_tokens_are_sound(batch: list[str | None]) -> None:
    tokens = tokenise(batch)
    assert (tokens.starts < tokens.ends).all()
    assert (tokens.starts[1:] >= tokens.ends[:-1]).all()
    texts = tokens.text_of(tokens.starts)
    begins = tokens.characters(tokens.starts, texts)
    ends = tokens.characters(tokens.ends, texts)
    for text, begin, end, a, b in zip(texts, begins, ends, tokens.starts, tokens.ends, strict=True):
        assert (batch[text] or "")[begin:end] == tokens.raw[a:b].tobytes().decode()


@given(TEXTS | st.lists(SIGNS, max_size=4))
def test_a_text_is_read_alike_alone_and_in_a_batch(batch: list[str | None]) -> None:
    together = tokenise(batch)
    for number, text in enumerate(batch):
        alone, part = tokenise([text]), _of(together, number)
        assert part == [
            alone.keys.tolist(),
            alone.gaps.tolist(),
            alone.starts.tolist(),
            alone.lines.tolist(),
        ]


def _of(tokens: Tokens, text: int) -> list[list[int]]:
    first, stop = tokens.firsts[text : text + 2].tolist()
    lines = tokens.lines[(tokens.lines >= first) & (tokens.lines < stop)]
    return [
        tokens.keys[first:stop].tolist(),
        tokens.gaps[first:stop].tolist(),
        (tokens.starts[first:stop] - tokens.bounds[text]).tolist(),
        (lines - first).tolist(),
    ]


@given(st.sets(st.integers(0, 2**64 - 1), max_size=200), st.lists(st.integers(0, 2**64 - 1)))
def test_table_finds_what_is_in_it(keys: set[int], others: list[int]) -> None:
    listed = sorted(keys)
    table = Table.of(np.array(listed, dtype=np.uint64))
    wanted = np.array([*listed, *others], dtype=np.uint64)
    expected = [listed.index(key) if key in keys else -1 for key in wanted.tolist()]
    assert table.find(wanted).tolist() == expected


def test_walk_finds_every_phrase_and_longest_keeps_the_longest() -> None:
    trie = compile_trie({"a": ["data", "data pipeline", "pipeline design", "data"], "b": ["data"]})
    tokens = tokenise(["data pipeline design, data"])
    hits = trie.walk(trie.words_of(tokens), "a")
    found = sorted(zip(hits.first.tolist(), hits.stop.tolist(), hits.phrase.tolist(), strict=True))
    assert found == [(0, 1, 0), (0, 1, 3), (0, 2, 1), (1, 3, 2), (3, 4, 0), (3, 4, 3)]
    longest = hits.longest()
    assert longest.phrase.tolist() == [1, 0]
    assert len(trie.walk(trie.words_of(tokens), "b")) == 2
    assert len(trie.walk(trie.words_of(tokens), "a", np.array([1]))) == 1


def test_a_phrase_that_no_text_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="no phrase"):
        compile_trie({"a": ["guidance, navigation"]})
    with pytest.raises(ValueError, match="no phrase"):
        compile_trie({"a": ["++"]})


def test_an_empty_trie_finds_nothing() -> None:
    trie = compile_trie({"a": []})
    assert len(trie.walk(trie.words_of(tokenise(["data"])), "a")) == 0
