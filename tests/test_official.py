"""Official statistics of neighbouring occupations: what ships is what the sources say."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from rolediff.annotate.roles import Catalogue
from rolediff.read import official

READERS = {
    "wages": (official.wages, official.WAGES, "soc"),
    "projections": (official.projections, official.PROJECTIONS, "soc"),
    "tasks": (official.tasks, official.TASKS, "onet"),
    "technologies": (official.technologies, official.TECHNOLOGIES, "onet"),
    "education": (official.education, official.EDUCATION, "onet"),
}


@pytest.mark.parametrize("name", READERS)
def test_tables_have_their_schema_and_a_source(name: str) -> None:
    read, schema, system = READERS[name]
    code = {"soc": "15-1221", "onet": "15-1221.00"}[system]
    table = read([code])
    assert table.schema == schema
    assert table.height
    assert set(table[system]) == {code}
    assert official.SOURCES[name].title
    assert official.SOURCES[name].licence != "unknown"


@pytest.mark.parametrize("name", READERS)
def test_an_unknown_code_has_no_rows(name: str) -> None:
    read, schema, _ = READERS[name]
    assert read(["00-0000"]).schema == schema
    assert read(["00-0000"]).is_empty()
    assert read([]).is_empty()


def test_rows_follow_the_order_of_the_codes_and_repeats_do_not_double_them() -> None:
    codes = ["15-2051", "15-1221", "15-2051"]
    found = official.projections(codes)["soc"].to_list()
    assert found == ["15-2051", "15-1221"]


def test_every_projected_proxy_of_the_catalogue_is_there() -> None:
    codes = sorted({c for r in Catalogue.load().roles for c in r.proxies.get("soc", ())})
    assert set(official.projections(codes)["soc"]) == set(codes)


def test_growth_is_that_of_the_two_years() -> None:
    table = official.projections(["15-1221", "15-2051", "15-1252", "15-1299"])
    growth = (table["employment_last"] / table["employment_first"] - 1) * 100
    assert (growth - table["growth_percent"]).abs().max() < 0.2


def test_sectors_employ_no_more_than_all_industries_together() -> None:
    table = official.wages(["15-2051"])
    whole = table.filter(pl.col("sector").is_null())["employment"].sum()
    parts = table.filter(pl.col("sector").is_not_null())["employment"].sum()
    assert 0.8 * whole < parts <= 1.01 * whole


def test_education_sums_to_the_whole() -> None:
    shares = (
        official.education(["15-1221.00", "15-2051.00"])
        .group_by("onet")
        .agg(pl.col("percent").sum())
    )
    assert (shares["percent"] - 100).abs().max() < 0.5


def test_what_ships_is_what_the_tool_builds(shared: Path, tmp_path: Path) -> None:
    tool = Path(__file__).parents[1] / "tools" / "build_official.py"
    subprocess.run([sys.executable, tool, shared / "data", tmp_path], check=True)
    for name, (read, _, _) in READERS.items():
        shipped = files("rolediff") / "data" / "official" / f"{name}.csv"
        assert (tmp_path / f"{name}.csv").read_bytes() == shipped.read_bytes(), read
