"""Build the table of price levels between countries that ships with rolediff.

Price level = purchasing power parity / market exchange rate, both in local units per US dollar,
so that pay in US dollars / price level = pay in international dollars. The United States is 1.

Sources: World Bank, World Development Indicators, PA.NUS.PPP (CC BY 4.0); European Central Bank,
euro foreign exchange reference rates, mean of each year. The World Bank states a country's whole
series in the currency it had at the end of the series, so a country in the euro by then is in
euros throughout.

    python tools/build_price_levels.py PPP.csv COUNTRY_CURRENCIES.csv OUT.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from rolediff.read.rates import yearly_rates

FIRST_YEAR = 2015


def currencies_in(path: Path, year: int) -> pl.DataFrame:
    """`country`, `currency` in force in `year`, from rows of country, currency, since."""
    table = pl.read_csv(path, schema_overrides={"since": pl.Int32})
    return (
        table.filter(pl.col("since").is_null() | (pl.col("since") <= year))
        .sort("country", "since", nulls_last=False)
        .group_by("country", maintain_order=True)
        .agg(pl.col("currency").last())
    )


def levels(ppp: pl.DataFrame, currencies: pl.DataFrame) -> pl.DataFrame:
    """`country`, `year`, `level` to four significant digits, sorted."""
    return (
        ppp.filter(pl.col("year") >= FIRST_YEAR)
        .join(currencies, on="country")
        .join(yearly_rates(), on=["currency", "year"])
        .select("country", "year", level=(pl.col("ppp") * pl.col("rate")).round_sig_figs(4))
        .drop_nulls()
        .sort("country", "year")
    )


def read_ppp(path: Path) -> pl.DataFrame:
    """`country`, `year`, `ppp` in local units per international dollar."""
    table = pl.read_csv(path)
    return table.select(country="Country ID", year=pl.col("Year").cast(pl.Int32), ppp=pl.col("PPP"))


def main() -> None:
    """Read the arguments, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("ppp", "country_currencies", "out"):
        parser.add_argument(name, type=Path)
    paths = parser.parse_args()
    ppp = read_ppp(paths.ppp)
    last = ppp.select(pl.col("year").max()).item()
    levels(ppp, currencies_in(paths.country_currencies, last)).write_csv(paths.out)


if __name__ == "__main__":
    main()
