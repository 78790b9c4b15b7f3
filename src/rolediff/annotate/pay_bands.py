"""Which amounts of a posting are its pay: one money, one period, one basis, one or more bands."""

from __future__ import annotations

import re

from rolediff.annotate.pay_context import clause_before, nearest, words_of
from rolediff.annotate.pay_evidence import ENOUGH
from rolediff.annotate.pay_reading import Reading

_SLACK = 1.5  # how much weaker than the best the first statement may be and still lead
_NEXT = 120  # characters between the lines of one list
_LABEL = 40

_BULLET = re.compile(r"^[\s\-–—•*·◦▪>(\[]+")
_LEAD_OUT = re.compile(r"\s*[:–—-]\s*\(?~?$")


def pay_of(readings: list[Reading]) -> list[Reading]:
    """The readings, in the order of the text, that are the pay of the posting; perhaps none.

    The first statement that is as good as the best leads; with it stand those in its currency and
    for its period. Base pay stands before on-target pay, and a range before single figures.
    """
    sure = [reading for reading in readings if reading.score >= ENOUGH]
    if not sure:
        return []
    lead = _lead(sure)
    alike = [reading for reading in sure if _alike(reading, lead)]
    bands = _one_basis(alike)
    if any(band.amount.ranged for band in bands):
        bands = [band for band in bands if band.amount.ranged or band.score >= lead.score]
        bands = _continued(_continued(bands, readings)[::-1], readings[::-1])[::-1]
    return _without_breakdown(bands)


def label_of(reading: Reading, text: str) -> str | None:
    """The place or level that a band is for, as its line says in front of it; None if it is pay."""
    before = clause_before(text, reading.amount.start)
    name = _BULLET.sub("", before)
    if not _LEAD_OUT.search(name):
        return None
    name = _LEAD_OUT.sub("", name)
    of_pay = not nearest(words_of(name)).keys().isdisjoint(("pay", "total", "base"))
    return name if 0 < len(name) <= _LABEL and not of_pay else None


def _lead(sure: list[Reading]) -> Reading:
    """The first reading nearly as good as the best; one with a currency, if there is one."""
    known = [reading for reading in sure if reading.currency] or sure
    enough = max(reading.score for reading in known) - _SLACK
    return next(reading for reading in known if reading.score >= enough)


def _alike(reading: Reading, lead: Reading) -> bool:
    return reading.period == lead.period and reading.currency == lead.currency


def _one_basis(alike: list[Reading]) -> list[Reading]:
    return [reading for reading in alike if reading.basis != "total"] or alike


def _continued(bands: list[Reading], readings: list[Reading]) -> list[Reading]:
    """`bands` and the ranges that go on where one of them ends, as the lines of a list do."""
    found: list[Reading] = []
    for reading in readings:
        if reading in bands or (found and _goes_on(found[-1], reading)):
            found.append(reading)
    return found


def _goes_on(last: Reading, reading: Reading) -> bool:
    near = _between(last, reading) <= _NEXT
    sound = reading.amount.ranged and reading.score >= ENOUGH / 2
    return near and sound and _alike(reading, last) and reading.basis in (last.basis, "unknown")


def _without_breakdown(bands: list[Reading]) -> list[Reading]:
    """A range stands as stated, without the lower base pay that the next line breaks it into."""
    head = bands[0]
    if head.basis != "unknown":
        return bands
    return [head, *(band for band in bands[1:] if not _is_part(band, head))]


def _is_part(band: Reading, whole: Reading) -> bool:
    near = _between(whole, band) <= _NEXT / 2
    lower = band.amount.low < whole.amount.low and band.amount.high < whole.amount.high
    return near and lower and band.basis == "base"


def _between(one: Reading, other: Reading) -> int:
    """Characters between two readings, in either order."""
    return max(one.amount.start, other.amount.start) - min(one.amount.end, other.amount.end)
