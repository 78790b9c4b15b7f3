"""In which money pay is compared: US dollars, purchasing power, or dollars of one year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from rolediff.annotate.money import real_factors, to_ppp
from rolediff.errors import UsageError


@dataclass(frozen=True, slots=True)
class Lens:
    """`name` as the user gives it, `unit` as it is printed; `cpi` a price index for real pay."""

    name: str = "usd"
    unit: str = "US$ a year"
    year: int | None = None
    cpi: Path | None = None

    @classmethod
    def parse(cls, text: str = "usd", cpi: Path | str | None = None) -> Lens:
        """Read `usd`, `ppp` or `real-YEAR`, the last with a table of consumer prices.

        Raises:
            UsageError: another word, or `real-YEAR` without a price table.
        """
        name = text.strip().casefold()
        if name == "usd":
            return cls()
        if name == "ppp":
            return cls("ppp", "international $ a year (PPP)")
        found = re.fullmatch(r"real-(\d{4})", name)
        if found is None:
            raise UsageError(f"no money {text!r}: choose usd, ppp or real-YEAR (such as real-2024)")
        if cpi is None:
            raise UsageError(f"{name} needs consumer prices: --cpi FILE with columns year,cpi")
        return cls(name, f"US$ of {found[1]} a year", int(found[1]), Path(cpi))

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`rows` with `low` and `high` in this money; null where it cannot be said."""
        if self.name == "usd":
            return rows
        factor = (
            1 / to_ppp(rows["country"], rows["year"]) if self.name == "ppp" else self._real(rows)
        )
        return rows.with_columns(pl.col("low", "high") * factor)

    def _real(self, rows: pl.DataFrame) -> pl.Series:
        assert self.cpi is not None
        assert self.year is not None
        table = real_factors(self.cpi, self.year)
        general = table.filter(pl.col("country").is_null()).select("year", general="factor")
        special = table.filter(pl.col("country").is_not_null()).rename({"factor": "special"})
        joined = rows.select("year", "country").join(
            general, on="year", how="left", maintain_order="left"
        )
        joined = joined.join(special, on=["year", "country"], how="left", maintain_order="left")
        return joined.select(pl.coalesce("special", "general")).to_series()
