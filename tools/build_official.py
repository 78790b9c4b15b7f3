"""Build the small tables of official statistics that ship with rolediff.

For the occupations that `roles.toml` names as proxies: employment and wages by sector (OEWS),
projections, and O*NET's tasks, technologies and education. Only those rows; figures as published.

    python tools/build_official.py DATA_FOLDER OUT_FOLDER

Sources: US Bureau of Labor Statistics, Occupational Employment and Wage Statistics, May 2025, and
Employment Projections 2024-34 (public domain); O*NET 29.2 Database, US Department of Labor,
Employment and Training Administration (CC BY 4.0).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import polars as pl

from rolediff.annotate.roles import Catalogue

WAGES = {
    "employment": "Employment",
    "employment_rse": "Employment percent relative standard error",
    "mean": "Annual mean wage",
    "wage_rse": "Wage percent relative standard error",
    "p10": "Annual 10th percentile wage",
    "p25": "Annual 25th percentile wage",
    "p50": "Annual median wage",
    "p75": "Annual 75th percentile wage",
    "p90": "Annual 90th percentile wage",
}
SECTORS = {"31": "31-33", "44": "44-45", "48": "48-49"}


def proxies(system: str) -> list[str]:
    """Codes of `system` ("soc" or "onet") that stand for a role of the catalogue."""
    roles = Catalogue.load().roles
    return sorted({code for role in roles for code in role.proxies.get(system, ())})


def oews(path: Path) -> pl.DataFrame:
    """National employment and wages, in all and by sector; what is suppressed is empty."""
    table = pl.read_csv(path, infer_schema_length=0)
    code = pl.col("industry_code")
    national = table.filter(
        (pl.col("area_type") == "N") & (code.str.contains("-") | (code == "000000"))
    )
    sector = pl.when(code != "000000").then(code.str.slice(0, 2).replace(SECTORS))
    figures = [pl.col(c).cast(pl.Float64, strict=False).alias(k) for k, c in WAGES.items()]
    kept = national.select("soc", "occupation", sector.alias("sector"), *figures)
    return kept.filter(pl.col("soc").is_in(proxies("soc"))).sort("soc", "sector", nulls_last=False)


def projections(path: Path) -> pl.DataFrame:
    """Employment in thousands in both years, change, yearly openings, typical education."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    years = whole["metadata"]["base_year"], whole["metadata"]["projection_year"]
    rows = [
        {
            "soc": code,
            "occupation": entry["title"],
            "first_year": years[0],
            "last_year": years[1],
            "employment_first": entry["employment_2024"],
            "employment_last": entry["employment_2034"],
            "growth_percent": entry["employment_change_pct"],
            "openings": entry["annual_openings"],
            "education": entry["typical_education"],
        }
        for code, entry in whole["projections"].items()
        if code in proxies("soc")
    ]
    return pl.DataFrame(rows).sort("soc")


def onet(folder: Path, name: str) -> pl.DataFrame:
    """The rows of an O*NET file that are about proxies, with `onet` for the code."""
    table = pl.read_csv(
        folder / f"{name}.txt", separator="\t", quote_char=None, infer_schema_length=0
    )
    codes = proxies("onet")
    return table.rename({"O*NET-SOC Code": "onet"}).filter(pl.col("onet").is_in(codes))


def tasks(folder: Path) -> pl.DataFrame:
    """What workers of an occupation do, core tasks first."""
    found = onet(folder, "Task Statements").select("onet", task="Task", type="Task Type")
    return found.sort("onet", pl.col("type") != "Core", maintain_order=True)


def technologies(folder: Path) -> pl.DataFrame:
    """Technologies that an occupation uses, with those O*NET calls hot or in demand."""
    return onet(folder, "Technology Skills").select(
        "onet",
        technology="Example",
        hot=pl.col("Hot Technology") == "Y",
        in_demand=pl.col("In Demand") == "Y",
    )


def education(folder: Path) -> pl.DataFrame:
    """Percent of incumbents or experts who name each level of education as required."""
    names = pl.read_csv(
        folder / "Education, Training, and Experience Categories.txt",
        separator="\t",
        quote_char=None,
        infer_schema_length=0,
    )
    stated = onet(folder, "Education, Training, and Experience")
    joined = stated.filter(pl.col("Scale ID") == "RL").join(
        names, on=["Element ID", "Scale ID", "Category"]
    )
    return joined.select(
        "onet",
        category=pl.col("Category").cast(pl.Int8),
        level="Category Description",
        percent=pl.col("Data Value").cast(pl.Float64),
        n=pl.col("N").cast(pl.Int32, strict=False),
        suppress=pl.col("Recommend Suppress") == "Y",
    ).sort("onet", "category")


def main() -> None:
    """Read the arguments, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    paths = parser.parse_args()
    paths.out.mkdir(parents=True, exist_ok=True)
    folder = paths.data / "onet_29_2"
    tables = {
        "wages": oews(paths.data / "bls" / "oews_may2025_ai_related_soc.csv"),
        "projections": projections(paths.data / "bls" / "projections_2024_34.json"),
        "tasks": tasks(folder),
        "technologies": technologies(folder),
        "education": education(folder),
    }
    for name, table in tables.items():
        table.write_csv(paths.out / f"{name}.csv")
        print(f"{name}: {table.height} rows")


if __name__ == "__main__":
    main()
