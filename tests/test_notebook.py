"""Answers in a notebook: a short view, frames of three kinds, a chart."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from asking import PAIR, jobs

import rolediff
from rolediff import results
from rolediff.errors import MissingExtraError, NotEnoughEvidence, UsageError
from rolediff.report.notebook import fragment
from rolediff.report.plots import plot
from rolediff.report.tables import OF
from rolediff.results import (
    Article,
    CheckedArticle,
    Claim,
    Estimate,
    Judgement,
    Report,
    Short,
    Waterfall,
)
from rolediff.results.shown import Shown

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & \x1b[31m"


def people() -> pl.DataFrame:
    draw = random.Random(3)
    n = 300
    return pl.DataFrame({
        "wage": [draw.lognormvariate(3, 0.4) * (1 + 0.2 * (i % 2)) for i in range(n)],
        "sex": ["m" if i % 2 else "f" for i in range(n)],
        "job": [draw.choice(["clerk", "cook", NASTY]) for _ in range(n)],
        "region": [draw.choice(["north", "south"]) for _ in range(n)],
    })  # fmt: skip


@pytest.fixture(scope="module")
def answers() -> Mapping[str, Any]:
    asked: dict[str, Any] = {"outcome": "wage", "group": "sex", "a": "m", "b": "f", "log": True,
                             "factors": ["job", "region"]}  # fmt: skip
    report = rolediff.gather(*PAIR)
    claim = Claim("pay", f"{NASTY} is paid well", line=3)
    checked = CheckedArticle(
        Article(NASTY, NASTY, ()),
        (Judgement(claim, "supported", NASTY), Judgement(claim, "contradicted", "n = 5")), "a rule",
    )  # fmt: skip
    made = [
        report, report.pay, report.why, report.skills, report.work, report.hired, report.trend,
        report.paths[0], rolediff.decompose(people(), **asked),
        rolediff.decompose_reweighted(people(), **asked), rolediff.account(people(), **asked),
        rolediff.match(people(), **asked), rolediff.reweight(people(), **asked),
        Estimate(0.5, 0.25, 0.75, 12, source=NASTY), rolediff.brief(*PAIR, jobs(120)), checked,
    ]  # fmt: skip
    return {type(x).__name__: x for x in made}


KINDS = sorted([*(t.__name__ for t in OF), "Report"])
DRAWN = [kind for kind in KINDS if kind not in ("Brief", "CheckedArticle")]


def test_every_answer_shows_itself() -> None:
    """Every result that a verb answers with: those that nothing else in `results` holds."""
    every = [getattr(results, name) for name in results.__all__]
    kinds = {t for t in every if isinstance(t, type) and is_dataclass(t)}
    shown = {t for t in kinds if issubclass(t, Shown)}
    assert {t.__name__ for t in shown} == set(KINDS)
    named = {getattr(rolediff, name) for name in rolediff.__all__}
    assert set(kinds & named) - {Claim} <= shown  # a claim is asked about, not answered with


@pytest.mark.parametrize("kind", KINDS)
def test_the_view_is_short_escaped_and_brings_its_style(
    answers: Mapping[str, Any], kind: str
) -> None:
    text = answers[kind]._repr_html_()
    assert text == fragment(answers[kind])
    assert text.startswith('<div class="rolediff cell">')
    assert len(text.encode()) < 90_000
    assert not re.search(r"<(script|img|link|iframe)", text)
    assert not re.search(r' (id|style|on\w+|src|href)="', text)
    assert "\x1b" not in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")


def test_hostile_names_are_text(answers: Mapping[str, Any]) -> None:
    for kind in ("Estimate", "CheckedArticle"):
        assert "&lt;script&gt;" in answers[kind]._repr_html_()


def test_every_style_is_kept_to_its_own_cell(answers: Mapping[str, Any]) -> None:
    style = re.search(r"<style>(.*?)</style>", answers["Why"]._repr_html_(), re.DOTALL)
    assert style is not None
    rules = re.findall(r"([^{}]+)\{[^{}]*\}", style[1])
    assert len(rules) > 40
    for selectors in rules:
        assert all(s.strip().startswith(".rolediff") for s in selectors.split(",")), selectors


@pytest.mark.parametrize("kind", KINDS)
def test_every_table_has_rows_or_columns_of_a_type(answers: Mapping[str, Any], kind: str) -> None:
    answer = answers[kind]
    assert len(answer.tables) == len(set(answer.tables)) > 0
    for name in answer.tables:
        frame = answer.to_polars(name)
        assert frame.width > 1
        assert pl.Null not in frame.dtypes
    assert answer.to_polars().height > 0
    assert answer.to_polars().equals(answer.to_polars(answer.tables[0]))


@pytest.mark.parametrize("kind", KINDS)
def test_other_libraries_take_the_same_table(answers: Mapping[str, Any], kind: str) -> None:
    answer = answers[kind]
    frame = answer.to_polars()
    assert pl.DataFrame(pa.table(answer)).equals(frame)
    pandas = answer.to_pandas()
    assert isinstance(pandas, pd.DataFrame)
    assert (list(pandas.columns), len(pandas)) == (frame.columns, frame.height)
    assert nw.from_arrow(answer, backend="polars").shape == frame.shape


def test_tables_hold_the_figures(answers: Mapping[str, Any]) -> None:
    c, report = answers["Comparison"], answers["Report"]
    ladder = c.to_polars("ladder")
    assert ladder["gap"].to_list() == [r.all.value for r in c.ladder]
    assert ladder["gap_low"].to_list() == [r.all.low for r in c.ladder]
    pay = c.to_polars("pay").filter(role="AI Engineer", end="mid", percentile=50)
    assert pay["pay"].to_list() == [c.a.percentiles["mid"][50].value]
    skills = answers["Skills"]
    assert skills.to_polars()["a"].to_list() == [d.told.a.value for d in skills.skills]
    assert skills.to_polars()["premium"].null_count() == sum(not d.premium for d in skills.skills)
    assert report.to_polars("skills.skills").equals(skills.to_polars())
    estimate = answers["Estimate"].to_polars().row(0, named=True)
    assert (estimate["value"], estimate["low"], estimate["n"]) == (0.5, 0.25, 12)


def test_the_documents_name_every_table() -> None:
    text = (Path(__file__).parents[1] / "docs" / "notebook.md").read_text(encoding="utf-8")
    for kind, known in OF.items():
        told = ", ".join(f"`{name}`" for name in known)
        assert f"| {told} |" in text, kind


def test_a_table_that_is_not_there(answers: Mapping[str, Any]) -> None:
    with pytest.raises(UsageError, match="choose one of ladder, pay"):
        answers["Comparison"].to_polars("lader")


def test_without_pandas(answers: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match="pip install pandas"):
        answers["Estimate"].to_pandas()


def test_without_altair(answers: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rolediff\[plots\]'"):
        answers["Estimate"].plot()


@pytest.mark.parametrize("kind", DRAWN)
def test_the_chart_is_valid_and_draws_the_figures(answers: Mapping[str, Any], kind: str) -> None:
    alt = pytest.importorskip("altair")
    chart = answers[kind].plot()
    assert isinstance(chart, alt.LayerChart)
    told = chart.to_dict()  # raises where it is no valid Vega-Lite
    assert len(told["layer"]) == 2
    assert _values(told)


def test_the_chart_has_the_values_of_the_answer(answers: Mapping[str, Any]) -> None:
    pytest.importorskip("altair")
    c = answers["Comparison"]
    values = answers["Comparison"].plot().to_dict()
    drawn = [v["value"] for v in _values(values) if v["series"] == "all records"]
    assert drawn == pytest.approx([(-r.all).percent.value for r in c.ladder])
    fall = answers["Why"].waterfall
    assert isinstance(fall, Waterfall)
    bars = [v for v in _values(answers["Why"].plot().to_dict()) if "after" in v]
    assert [b["after"] for b in bars] == [s.after for s in fall.steps]


def _values(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [v for values in told["datasets"].values() for v in values]


def test_nothing_to_draw_is_said(answers: Mapping[str, Any]) -> None:
    pytest.importorskip("altair")
    with pytest.raises(NotEnoughEvidence, match=r"\d"):
        plot(answers["Brief"])


def test_a_report_of_little_is_still_shown() -> None:
    unpaid = jobs(40, min_amount=None, max_amount=None, country=["US", "DE"] * 20)
    report = rolediff.gather(*PAIR, unpaid)
    assert isinstance(report, Report)
    assert isinstance(report.pay, Short)
    assert "Among the records" in report._repr_html_()
    assert report.tables[0].startswith("where.")


def test_an_answer_stays_equal_hashable_and_small(answers: Mapping[str, Any]) -> None:
    e = answers["Estimate"]
    assert e == replace(e)
    assert hash(e) == hash(replace(e))
    assert not hasattr(e, "__dict__")
