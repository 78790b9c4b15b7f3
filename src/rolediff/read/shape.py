"""A raw table to the columns of `RECORDS`, row by row, with what was odd kept beside."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from rolediff.read import values
from rolediff.read.columns import Fields
from rolediff.read.files import EXTRA_FIELDS
from rolediff.read.pay_columns import Defaults, pay_columns
from rolediff.read.quarantine import DIAGNOSTICS
from rolediff.records import RECORDS

_PLAIN = ("title", "employer", "industry", "education")
_CODED = ("level", "employment_type", "remote", "company_size")


@dataclass(frozen=True, slots=True)
class Shaped:
    """`rows` = one per row of the table, columns of `RECORDS` and `DIAGNOSTICS`, and the flags
    in `FLAGS`, to be counted among the rows that are kept.
    """

    rows: pl.DataFrame


FLAGS: tuple[str, ...] = (
    "one_sided_ranges",
    "interval_assumed",
    "country_unrecognised",
    *(f"{field}_unrecognised" for field in _CODED),
)
