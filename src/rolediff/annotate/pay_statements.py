"""What one posting states as its pay; stretches of text that are alike are read once for a batch.

Employers post one job in several places: what stands around their amounts is then the same, and
nothing beyond that says anything about the pay.
"""

from __future__ import annotations

from typing import NamedTuple

from rolediff.annotate.pay_amounts import Amount, amounts_at
from rolediff.annotate.pay_bands import label_of, pay_of
from rolediff.annotate.pay_evidence import Surroundings
from rolediff.annotate.pay_reading import Reading, read
from rolediff.annotate.pay_words import legal_tender, pay_words

_AHEAD, _BEHIND = 600, 300
"""Characters before the first number and behind the last beyond which nothing is looked at."""


class Band(NamedTuple):
    """A range of pay: `start`, `end` in characters; only one of several has a `label`."""

    low: float
    high: float
    start: int
    end: int
    label: str | None


class Statement(NamedTuple):
    """The pay of a posting: its `bands`, in their order, and what they have in common."""

    currency: str | None
    period: str
    basis: str
    bands: list[Band]


class Statements:
    """The statements of the texts of one batch."""

    def __init__(self) -> None:
        self._around = Surroundings()
        self._known: dict[tuple[str, str | None, tuple[int, ...]], Statement | None] = {}

    def of(self, text: str, country: str | None, numbers: list[int]) -> Statement | None:
        """What `text` states as pay, its `numbers` being those that could be an amount."""
        if not numbers:
            return None
        first = max(0, numbers[0] - _AHEAD)
        part = text[first : numbers[-1] + _BEHIND]
        key = part, country, tuple([number - first for number in numbers])
        if key not in self._known:
            self._known[key] = self._read(*key)
        told = self._known[key]
        return told if told is None or not first else _moved(told, first)

    def _read(self, text: str, country: str | None, numbers: tuple[int, ...]) -> Statement | None:
        dollar = pay_words().dollar.get(country or "", "USD")
        found = amounts_at(text, numbers)
        readings = [
            reading
            for amount in found
            if (reading := read(text, amount, dollar, self._around)) is not None
        ]
        bands = pay_of(readings)
        if not bands:
            return None
        currency = _currency(bands, readings, country)
        return Statement(currency, bands[0].period, _basis(bands), _bands(bands, text))


def _moved(told: Statement, by: int) -> Statement:
    """The same statement, further along in a text."""
    bands = [
        Band(low, high, start + by, end + by, label) for low, high, start, end, label in told.bands
    ]
    return told._replace(bands=bands)


def _currency(bands: list[Reading], readings: list[Reading], country: str | None) -> str | None:
    """That of the bands; without one, that of the posting's other money, else of its country."""
    if bands and bands[0].currency:
        return bands[0].currency
    seen = {reading.currency for reading in readings if reading.currency}
    return seen.pop() if len(seen) == 1 else legal_tender().get(country or "")


def _basis(bands: list[Reading]) -> str:
    """The basis that the bands name; those that name none go along."""
    named = {band.basis for band in bands} - {"unknown"}
    return named.pop() if len(named) == 1 else "unknown"


def _bands(bands: list[Reading], text: str) -> list[Band]:
    return [_band(band.amount, label_of(band, text) if bands[1:] else None) for band in bands]


def _band(amount: Amount, label: str | None) -> Band:
    return Band(amount.low, amount.high, amount.start, amount.end, label)
