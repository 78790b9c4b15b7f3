"""Official statistics of the occupations nearest to a role: small tables that ship with rolediff.

No official code is one of the roles: an occupation is a *proxy*, and one code may stand for
several roles. `tools/build_official.py` derives the tables; figures are as published.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import polars as pl

from rolediff.records import Source

WAGES = pl.Schema(
    {
        "soc": pl.String,  # SOC 2018
        "occupation": pl.String,
        "sector": pl.String,  # NAICS sector; null: all industries together
        "employment": pl.Float64,  # persons
        "employment_rse": pl.Float64,  # relative standard error, percent
        "mean": pl.Float64,  # US dollars a year, as are the percentiles
        "wage_rse": pl.Float64,  # relative standard error of the mean, percent
        **{f"p{p}": pl.Float64 for p in (10, 25, 50, 75, 90)},
    }
)
PROJECTIONS = pl.Schema(
    {
        "soc": pl.String,
        "occupation": pl.String,
        "first_year": pl.Int32,
        "last_year": pl.Int32,
        "employment_first": pl.Float64,  # thousand persons
        "employment_last": pl.Float64,
        "growth_percent": pl.Float64,  # over all the years together
        "openings": pl.Float64,  # thousand a year
        "education": pl.String,  # typical for entry
    }
)
TASKS = pl.Schema({"onet": pl.String, "task": pl.String, "type": pl.String})
TECHNOLOGIES = pl.Schema(
    {"onet": pl.String, "technology": pl.String, "hot": pl.Boolean, "in_demand": pl.Boolean}
)
EDUCATION = pl.Schema(
    {
        "onet": pl.String,
        "category": pl.Int8,  # 1 (less than high school) to 12 (post-doctoral)
        "level": pl.String,
        "percent": pl.Float64,  # of those asked
        "n": pl.Int32,  # asked
        "suppress": pl.Boolean,  # O*NET recommends not to use it
    }
)

_BLS = "public domain"
_ONET = Source(
    "onet",
    title="O*NET 29.2 Database, US Department of Labor, Employment and Training Administration",
    licence="CC-BY-4.0",
    version="29.2, February 2025",
    url="https://www.onetcenter.org/database.html",
)
SOURCES: dict[str, Source] = {
    "wages": Source(
        "oews",
        title="BLS Occupational Employment and Wage Statistics",
        licence=_BLS,
        version="May 2025",
        url="https://www.bls.gov/oes/",
        kind="paid",
    ),
    "projections": Source(
        "projections",
        title="BLS Employment Projections",
        licence=_BLS,
        version="2024-34",
        url="https://www.bls.gov/emp/",
    ),
    "tasks": _ONET,
    "technologies": _ONET,
    "education": _ONET,
}
"""Where each table comes from."""


def wages(soc: Sequence[str]) -> pl.DataFrame:
    """Employment and wages (`WAGES`) of these occupations in the United States, by sector."""
    return _of("wages", WAGES, soc)


def projections(soc: Sequence[str]) -> pl.DataFrame:
    """Projected employment (`PROJECTIONS`) of these occupations."""
    return _of("projections", PROJECTIONS, soc)


def tasks(onet: Sequence[str]) -> pl.DataFrame:
    """Tasks (`TASKS`) of these O*NET-SOC 2019 occupations, core ones first."""
    return _of("tasks", TASKS, onet)


def technologies(onet: Sequence[str]) -> pl.DataFrame:
    """Technologies (`TECHNOLOGIES`) of these O*NET-SOC 2019 occupations."""
    return _of("technologies", TECHNOLOGIES, onet)


def education(onet: Sequence[str]) -> pl.DataFrame:
    """Education that those in these occupations call required (`EDUCATION`)."""
    return _of("education", EDUCATION, onet)


def _of(name: str, schema: pl.Schema, codes: Sequence[str]) -> pl.DataFrame:
    """The rows of a table about `codes`, in their order; no row for a code it does not have."""
    table = _table(name, tuple(schema.items()))
    order = pl.DataFrame({table.columns[0]: list(dict.fromkeys(codes))}, schema_overrides={
        table.columns[0]: pl.String
    })  # fmt: skip
    return order.join(table, on=table.columns[0], how="inner", maintain_order="left_right")


@cache
def _table(name: str, columns: tuple[tuple[str, pl.DataType], ...]) -> pl.DataFrame:
    path = files("rolediff") / "data" / "official" / f"{name}.csv"
    return pl.read_csv(path.read_bytes(), schema=pl.Schema(columns))
