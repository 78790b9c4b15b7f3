"""Pay as the text of a posting states it, with the span it rests on.

Postings without an amount that could be pay are told apart a whole batch at a time; the few
amounts of the others are read one by one, and judged by what stands around them.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from rolediff.annotate.pay_amounts import Amount, amounts
from rolediff.annotate.pay_bands import label_of, pay_of
from rolediff.annotate.pay_evidence import Surroundings
from rolediff.annotate.pay_reading import Reading, read
from rolediff.annotate.pay_rows import rows_to_read
from rolediff.annotate.pay_words import legal_tender, pay_words
from rolediff.annotate.pieces import Cut, Pieces

_SPAN: dict[str, pl.DataType] = {"start": pl.Int64(), "end": pl.Int64()}
_ENDS: dict[str, pl.DataType] = {"min": pl.Float64(), "max": pl.Float64()}
_NAMED: dict[str, pl.DataType] = dict.fromkeys(("currency", "period", "basis"), pl.String())
_BAND: dict[str, pl.DataType] = {**_ENDS, **_SPAN, "label": pl.String()}

STATED_PAY = pl.Schema(
    {
        **_ENDS,
        **_NAMED,
        **_SPAN,
        "bands": pl.List(pl.Struct(_BAND)),
    }
)
"""Columns of `stated_pay`; a band is one range of several, for a place or a level."""


def stated_pay(
    texts: pl.Series, country: pl.Series | None = None, pieces: Pieces | None = None
) -> pl.DataFrame:
    """Pay stated in each text: the columns of `STATED_PAY`, one row per text, nulls where none is.

    `min`, `max`: over all bands, in units of `currency` per `period` (a key of
    `records.PER_YEAR`); one figure, "from X" and "up to X" give `min == max`. `currency`: ISO 4217;
    a bare "$" is the dollar of `country` (ISO 3166-1 alpha-2), of the United States where that is
    null; null if nothing tells. `basis`: "base", "total" (on-target or total pay, only where no
    base pay is stated) or "unknown". `start`, `end`: characters from the first band to the last;
    each of the `bands` has its own. `pieces` = those of the texts, if they are cut already.

    A row depends on its own text and country alone.
    """
    land = pl.repeat(None, len(texts), dtype=pl.String, eager=True) if country is None else country
    known = texts.cast(pl.String).fill_null("")
    frame = pl.DataFrame({"text": known, "country": land.cast(pl.String)})
    rows, bands, around = [], [], Surroundings()
    cut = Cut.of(known).pieces((0, len(known))) if pieces is None else pieces
    which = rows_to_read(known, cut)
    for unsigned, at in ((True, which.unsure), (False, which.signed)):
        for row, (text, place) in zip(at.tolist(), frame[at].iter_rows(), strict=True):
            found = amounts(text, bare=unsigned, within=which.digits.get(row))
            readings, currency = _pay(text, place, found, around)
            if readings:
                rows.append((row, currency, readings[0].period, _basis(readings)))
                bands += [(row, *band) for band in _bands(readings, text)]
    return _table(rows, bands, len(texts))


def _table(rows: list[tuple[Any, ...]], bands: list[tuple[Any, ...]], texts: int) -> pl.DataFrame:
    """The columns of `STATED_PAY`: `rows` = row, currency, period, basis; `bands` by row."""
    paid = pl.DataFrame(rows, schema={"at": pl.UInt32, **_NAMED}, orient="row")
    each = pl.DataFrame(bands, schema={"at": pl.UInt32, **_BAND}, orient="row")
    whole = each.group_by("at", maintain_order=True).agg(
        pl.col("min").min(),
        pl.col("max").max(),
        pl.col("start").first(),
        pl.col("end").last(),
        bands=pl.struct(list(_BAND)),
    )
    every = pl.DataFrame({"at": pl.int_range(texts, dtype=pl.UInt32, eager=True)})
    found = paid.join(whole, on="at", how="left")
    joined = every.join(found, on="at", how="left", maintain_order="left")
    return joined.select(pl.col(name).cast(kind) for name, kind in STATED_PAY.items())


def _pay(
    text: str, country: str | None, found: list[Amount], known: Surroundings
) -> tuple[list[Reading], str | None]:
    """The bands of the pay of one text, perhaps none, and their currency."""
    dollar = pay_words().dollar.get(country or "", "USD")
    readings = [
        reading for amount in found if (reading := read(text, amount, dollar, known)) is not None
    ]
    bands = pay_of(readings)
    return bands, _currency(bands, readings, country) if bands else None


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


def _bands(bands: list[Reading], text: str) -> list[tuple[Any, ...]]:
    """A row of `_BAND` for each band; only one of several has a label."""
    return [
        (
            band.amount.low,
            band.amount.high,
            band.amount.start,
            band.amount.end,
            label_of(band, text) if bands[1:] else None,
        )
        for band in bands
    ]
