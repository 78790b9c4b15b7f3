"""Naive Bayes over the words of a text: the model behind `annotate.industry`.

A model answers two questions at once, what an employer is ("sector") and which sector its text is
about ("topic"). A score is a sum of log-odds over the distinct words and pairs of words met at the
beginning of a text; a text is a row of a batch, and its scores depend on that text alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from rolediff.annotate.tokens import SOFT, tokenise

__all__ = ["Model", "model_of", "spoken", "word_keys"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

_PAIR = np.uint64(0xD6E8FEB86659FD93)
_LOW_BITS = np.uint64(0xFFFF)


def spoken(texts: pl.Series, characters: int) -> tuple[Ints, Keys]:
    """Keys of the words and pairs in the first `characters` of each text, and whose they are.

    Returns (index of the text, key), of the same length, in no order and with repetition.
    """
    tokens = tokenise(texts.cast(pl.String).str.head(characters))
    owner = np.repeat(np.arange(len(texts)), np.diff(tokens.firsts))
    after = np.flatnonzero((tokens.gaps[1:] == SOFT) & (owner[1:] == owner[:-1]))
    pairs = (tokens.keys[after] * _PAIR) ^ tokens.keys[after + 1]
    return np.concatenate([owner, owner[after]]), np.concatenate([tokens.keys, pairs])


def word_keys(words: list[str]) -> Keys:
    """The key of each of `words`, as `spoken` gives it; a word is one token or two."""
    tokens = tokenise(words)
    first, size = tokens.firsts[:-1], np.diff(tokens.firsts)
    pair = (tokens.keys[first] * _PAIR) ^ tokens.keys[first + size - 1]
    keys: Keys = np.where(size == 2, pair, tokens.keys[first])
    return keys


@dataclass(frozen=True, slots=True)
class Model:
    """Log-odds of words: `keys` sorted (v); `weights` (v, k); `prior` (k).

    `likely` = by the low bits of a key, whether any word has them; `classes` (k) = NAICS sectors;
    `spans` = which classes are of the question "sector", and which of "topic".
    """

    keys: Keys
    weights: Floats
    prior: Floats
    likely: npt.NDArray[np.bool_]
    spans: Mapping[str, slice]
    classes: tuple[str, ...]

    def scores(self, texts: pl.Series, characters: int) -> Floats:
        """Sum of the log-odds of the distinct words of each text: (len(texts), k)."""
        total = np.zeros((len(texts), len(self.classes)))
        owner, keys = spoken(texts, characters)
        maybe = np.flatnonzero(self.likely[keys & _LOW_BITS])
        owner, keys = owner[maybe], keys[maybe]
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        met = np.flatnonzero(self.keys[at] == keys)
        each = np.sort(owner[met] * len(self.keys) + at[met])
        each = each[np.flatnonzero(np.diff(each, prepend=-1))]
        text, word = np.divmod(each, len(self.keys))
        begins = np.flatnonzero(np.diff(text, prepend=-1))
        if len(begins):
            total[text[begins]] = np.add.reduceat(self.weights[word], begins, axis=0)
        return total

    def chances(self, scores: Floats, question: str, temperature: float) -> Floats:
        """Posterior over the classes of `question`, its evidence tempered (words overlap)."""
        span = self.spans[question]
        logits = temperature * scores[:, span] + self.prior[span]
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        normed: Floats = chances / chances.sum(axis=1, keepdims=True)
        return normed


def model_of(table: pl.DataFrame) -> Model:
    """The model in a table: a column `word`, then log-odds in hundredths for each class.

    Classes are named "sector 51" or "topic 62", those of "sector" first; row one is the prior.
    """
    columns = table.columns[1:]
    numbers = table.select(pl.col(columns).cast(pl.Float64) / 100).to_numpy()
    keys = word_keys(table["word"][1:].to_list())
    order = np.argsort(keys)
    likely = np.zeros(int(_LOW_BITS) + 1, dtype=np.bool_)
    likely[keys & _LOW_BITS] = True
    cut = sum(name.startswith("sector ") for name in columns)
    return Model(
        keys=keys[order],
        weights=np.ascontiguousarray(numbers[1:][order]),
        prior=numbers[0],
        likely=likely,
        spans={"sector": slice(0, cut), "topic": slice(cut, len(columns))},
        classes=tuple(name.split(" ")[1] for name in columns),
    )
