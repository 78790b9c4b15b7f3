"""Made-up rows of pay in Parquet parts, as many as wanted, growing as real ones do.

    python benchmarks/pay_rows.py ROWS FOLDER

A row is drawn from endlessly many offers with a tail like Pareto's, so that distinct ones grow with
the rows to the power of 0.86, and so are the kinds of job that offers are of, in such a way that
tenfold rows have as many more cells and offers as in the salary table of aijobs.net (3,348 cells
and 24,022 offers in 37,612 rows there; here 3,690 and 26,560). A kind has a title, a place, a level
and so on, an offer an employer and pay, rounded to 5,000. The same number of rows gives the same
bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

PART = 1_000_000
"""Rows in a file."""
OFFERS, OFFERS_FROM = 0.86, 300
KINDS, KINDS_FROM = 0.6, 50
"""Growth of the distinct with the rows drawn, and from how many rows on it is that."""
TITLES, INDUSTRIES = 3_000, 20
JOBS = ("Engineer", "Analyst", "Scientist", "Manager", "Designer", "Nurse", "Consultant")
FIELDS = ("Data", "Software", "Machine Learning", "Sales", "Clinical", "Cloud", "Product", "Legal")
LEVELS = ("mid", "senior", "junior", "lead", "principal", "intern")
COUNTRIES = ("US", "GB", "CA", "DE", "FR", "IN", "ES", "NL", "AU", "PL", "IE", "BR", "PT", "IT")
CURRENCIES = {"US": "USD", "GB": "GBP", "CA": "CAD", "AU": "AUD", "IN": "INR", "PL": "PLN"}
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Floats = NDArray[np.float64]


def numbers(uniform: Floats, growth: float, start: int) -> Words:
    """Numbers of a Pareto tail (type II), as bits, of which as many are distinct."""
    return np.floor(start * (uniform ** (1 / (1 - 1 / growth)) - 1)).view(np.uint64)


def mixed(words: Words, salt: int) -> Words:
    """A number of 64 bits for each, as if drawn at random (splitmix64)."""
    with np.errstate(over="ignore"):
        found = words * np.uint64(0x9E3779B97F4A7C15)
        found += np.uint64(salt * 0x632BE59BD9B4E019 % 2**64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            found = (found ^ (found >> np.uint64(shift))) * np.uint64(factor)
        return found ^ (found >> np.uint64(31))


def uniform(words: Words, salt: int) -> Floats:
    """A number above 0 and up to 1 for each, as if drawn at random."""
    return ((mixed(words, salt) >> np.uint64(11)) + 1.0) / 2.0**53


def skewed(words: Words, salt: int, choices: int) -> Ints:
    """A choice below `choices` for each number, choice c with a share like 1 / (c + 1)."""
    shares = np.cumsum(1 / np.arange(1, choices + 1))
    return np.searchsorted(shares / shares[-1], uniform(words, salt)).astype(np.int64)


def title_words() -> list[str]:
    """So many distinct titles."""
    words = [f"{field} {job}" for field in FIELDS for job in JOBS]
    more = [f"{words[k % len(words)]}, Team {k}" for k in range(len(words), TITLES)]
    return words + more


def part(number: int, rows: int) -> pl.DataFrame:
    """The rows of one file."""
    draw = np.random.default_rng(number)
    offer = numbers(1 - draw.random(rows), OFFERS, OFFERS_FROM)
    kind = numbers(uniform(offer, 1), KINDS, KINDS_FROM)
    title, country = skewed(kind, 1, TITLES), skewed(kind, 2, len(COUNTRIES))
    level, industry, size = skewed(kind, 3, 6), skewed(kind, 4, INDUSTRIES), skewed(kind, 5, 3)
    where = (country * 100 + industry * 4 + size).astype(np.uint64)
    who = mixed(where << np.uint64(40) ^ skewed(offer, 6, 100_000).astype(np.uint64), 6)
    base = 60_000 * (1 + 0.25 * level) * (1 + title % 9 / 9) / (1 + country / 10)
    low = np.round(base * (0.7 + 0.6 * uniform(offer, 7)) / 5_000) * 5_000 + 5_000
    high = np.round(low * (1 + 0.5 * uniform(offer, 8)) / 5_000) * 5_000
    columns = {
        "title": chosen(title_words(), title),
        "company": pl.select(pl.format("employer {}", pl.Series(who % 10**9))).to_series(),
        "country": chosen(COUNTRIES, country),
        "currency": chosen([CURRENCIES.get(code, "EUR") for code in COUNTRIES], country),
        "level": chosen(LEVELS, level),
        "year": pl.Series(2025 - skewed(kind, 9, 6), dtype=pl.Int32),
        "remote": chosen(("onsite", "remote", "hybrid"), skewed(kind, 10, 3)),
        "company_size": chosen(("medium", "large", "small"), size),
        "employment_type": chosen(("full-time", "contract"), skewed(kind, 11, 9) // 8),
        "industry": chosen([f"industry {k}" for k in range(INDUSTRIES)], industry),
        "salary_min": low,
        "salary_max": high,
    }
    return pl.DataFrame(columns)


def chosen(words: Sequence[str], numbers: Ints) -> pl.Series:
    """The word of each number."""
    return pl.Series(words, dtype=pl.String).gather(pl.Series(numbers))


def write(rows: int, folder: Path) -> None:
    """As many parts as it takes."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate(range(0, rows, PART)):
        frame = part(number, min(PART, rows - start))
        frame.write_parquet(folder / f"part-{number:05}.parquet", row_group_size=250_000)


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
