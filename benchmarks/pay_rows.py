"""Made-up rows of pay in Parquet parts, as many as wanted, skewed as real ones are.

    python benchmarks/pay_rows.py ROWS FOLDER

An employer has a home country, an industry and a size; how many employers there are grows with
the rows to the power of 0.6, and of employers, titles and categories a few have most rows (shares
like 1 / rank). Pay depends on title, level and country and is rounded to 5,000. The same number
of rows gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

PART = 1_000_000
"""Rows in a file."""
TITLES, COUNTRIES, INDUSTRIES = 3_000, 40, 20
JOBS = ("Engineer", "Analyst", "Scientist", "Manager", "Designer", "Nurse", "Consultant")
FIELDS = ("Data", "Software", "Machine Learning", "Sales", "Clinical", "Cloud", "Product", "Legal")
LEVELS = ("mid", "senior", "junior", "lead", "principal", "intern")
CODES = (
    "US GB CA DE FR IN ES NL AU PL IE BR PT IT CH SE SG MX JP DK BE NO FI AT NZ ZA AR CO CL CZ "
    "RO GR HU UA TR PH ID MY TH VN"
).split()
CURRENCIES = {"US": "USD", "GB": "GBP", "CA": "CAD", "CH": "CHF", "JP": "JPY", "AU": "AUD"}
Ints = NDArray[np.int64]


def zipf(draw: np.random.Generator, kinds: int, rows: int, power: float = 1.0) -> Ints:
    """Numbers from 0 below `kinds`, number k with a share like 1 / (k + 1) ** `power`."""
    shares = np.cumsum(1 / np.arange(1, kinds + 1) ** power)
    return np.searchsorted(shares / shares[-1], draw.random(rows)).astype(np.int64)


def titles() -> list[str]:
    """So many distinct titles."""
    words = [f"{field} {job}" for field in FIELDS for job in JOBS]
    return [words[k % len(words)] + (f", Team {k}" if k >= len(words) else "")
            for k in range(TITLES)]  # fmt: skip


def part(number: int, rows: int, employers: int) -> pl.DataFrame:
    """The rows of one file."""
    draw = np.random.default_rng(number)
    who = zipf(draw, employers, rows)
    title, level = zipf(draw, TITLES, rows), zipf(draw, len(LEVELS), rows)
    home = (who * 2654435761) % 2**32 / 2**32
    country = np.minimum((home**3 * COUNTRIES).astype(np.int64), COUNTRIES - 1)
    abroad = draw.random(rows) < 0.1
    country[abroad] = zipf(draw, COUNTRIES, int(abroad.sum()))
    pay = 60_000 * (1 + 0.25 * level) * (1 + title % 9 / 9) / (1 + country / 20)
    low = np.round(pay * np.exp(draw.normal(0, 0.12, rows)) / 5_000) * 5_000 + 15_000
    columns = {
        "title": chosen(titles(), title),
        "company": pl.select(pl.format("employer {}", pl.Series(who))).to_series(),
        "country": chosen(CODES, country),
        "currency": chosen([CURRENCIES.get(code, "EUR") for code in CODES], country),
        "level": chosen(LEVELS, level),
        "year": pl.Series(2025 - zipf(draw, 6, rows), dtype=pl.Int32),
        "remote": chosen(("onsite", "remote", "hybrid"), zipf(draw, 3, rows)),
        "company_size": chosen(("medium", "large", "small"), who % 3),
        "employment_type": chosen(("full-time", "contract"), zipf(draw, 2, rows, 4.0)),
        "industry": chosen([f"industry {k}" for k in range(INDUSTRIES)], who % INDUSTRIES),
        "salary_min": low,
        "salary_max": low * np.array([1.0, 1.2, 1.25, 1.5])[zipf(draw, 4, rows)],
    }
    return pl.DataFrame(columns)


def chosen(words: list[str] | tuple[str, ...], numbers: Ints) -> pl.Series:
    """The word of each number."""
    return pl.Series(words, dtype=pl.String).gather(pl.Series(numbers))


def write(rows: int, folder: Path) -> None:
    """As many parts as it takes."""
    folder.mkdir(parents=True, exist_ok=True)
    employers = round(20 * rows**0.6 / 10)
    for number, start in enumerate(range(0, rows, PART)):
        frame = part(number, min(PART, rows - start), employers)
        frame.write_parquet(folder / f"part-{number:05}.parquet", row_group_size=250_000)


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
