"""The work and its circumstances as postings tell them: duties, signals, size of requirements."""

from __future__ import annotations

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Ints
from rolediff.annotate.duties import find_duties
from rolediff.annotate.duty_words import duty_words
from rolediff.annotate.sheet import Sheet, Spans, listed
from rolediff.annotate.signal_words import signal_words
from rolediff.annotate.signals import find_signals
from rolediff.annotate.trie import Trie


class Work:
    """Gathers what the sheets of one batch of postings tell; one for each batch."""

    def __init__(self, trie: Trie) -> None:
        self._trie = trie
        self._bits = duty_words().bits(trie.begin)
        self._duties: list[Spans] = []
        self._signals: list[Spans] = []
        self._sizes: list[Ints] = [np.zeros(0, dtype=np.int64)]

    def read(self, sheet: Sheet) -> None:
        """Take in the next sheet; its words are those of the trie."""
        self._duties.append(find_duties(sheet, self._trie, duty_words(), self._bits))
        self._signals.append(find_signals(sheet, self._trie, signal_words()))
        self._sizes.append(sheet.words_in("requirements", "preferred"))

    def told(self, texts: pl.Series) -> pl.DataFrame:
        """Columns `duties`, `signals` and `requirement_words`, a row for each of `texts`.

        `texts` = those of all sheets. A duty is told once, a signal once for each section.
        """
        sizes = pl.Series("requirement_words", np.concatenate(self._sizes))
        duties = listed(self._duties, texts, duty_words().concepts["concept"], ["concept"])
        signals = listed(self._signals, texts, signal_words().names(), ["concept", "section"])
        columns = [duties.alias("duties"), signals.alias("signals"), sizes]
        return pl.DataFrame(columns).with_columns(pl.col("requirement_words").replace(0, None))
