"""The given article: its figures by a calculation of their own, and the verdicts that follow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from asking import PAIR

import rolediff
from rolediff.annotate.roles import Catalogue, matches
from rolediff.claims.by_hand import write_claims
from rolediff.claims.check import check
from rolediff.market import load
from rolediff.read.article import read_article
from rolediff.results import Amount, CheckedArticle, Claim, Judgement

AI, ML = PAIR


def pay(low: float, high: float) -> Amount:
    return Amount(low, high, "USD", "year")


def claims(text: str) -> list[Claim]:
    """Some claims of the article by hand, each where it stands."""
    made = [
        Claim("gap", "AI engineers typically earn more", roles=PAIR, sense="more", hedged=True),
        Claim("pay", "$120,000 – $160,000", roles=(AI,), amount=pay(120_000, 160_000),
              statistic="average"),
        Claim("pay", "$110,000 – $140,000", roles=(ML,), amount=pay(110_000, 140_000),
              statistic="average"),
        Claim("growth", "22% (2020-2030)", roles=(AI,), amount=Amount(22, 22, "percent"),
              period=(2020, 2030)),
        Claim("skill", "Proficiency in programming languages like Python and Java", roles=(AI,),
              items=("Python", "Java")),
        Claim("reason", "Strategic Impact", roles=PAIR, sense="more", items=("Strategic Impact",)),
        Claim("country", "some of the best salaries for AI and ML engineers", roles=PAIR,
              items=("United States", "Canada", "Germany")),
    ]  # fmt: skip
    return [replace(c, start=text.index(c.text), end=text.index(c.text) + len(c.text))
            for c in made]  # fmt: skip


@pytest.fixture(scope="module")
def checked(shared: Path) -> CheckedArticle:
    article = read_article(shared / "article/ai-vs-ml-engineer.md")
    return check(article, claims=claims(article.text))


@pytest.fixture(scope="module")
def records() -> pl.DataFrame:
    """Every record with pay of either role, alone, from the one source that answers."""
    market = load(None).market
    titles = market.title_names
    catalogue = Catalogue.load()
    is_a, is_b = (matches(catalogue.resolve(name), titles, "strict") for name in PAIR)
    rows = market.rows().filter((pl.col("source") == "aijobs") & pl.col("low").is_not_null())
    role = pl.when(pl.col("title").is_in(titles.filter(is_a & ~is_b).implode())).then(pl.lit(AI))
    role = role.when(pl.col("title").is_in(titles.filter(is_b & ~is_a).implode())).then(pl.lit(ML))
    mine = rows.with_columns(role=role, pay=(pl.col("low") + pl.col("high")) / 2)
    mine = mine.drop_nulls("role")
    return mine.select(pl.col("role", "country", "pay").repeat_by("n").explode())


def test_an_article_is_checked_from_its_text_its_file_and_claims_by_hand(
    shared: Path, tmp_path: Path
) -> None:
    path = shared / "article/ai-vs-ml-engineer.md"
    found = rolediff.check(path)
    assert found.judgements == rolediff.check(path.read_text(encoding="utf-8")).judgements
    kinds = {j.claim.kind for j in found.judgements}
    assert {"pay", "gap", "reason", "skill", "growth", "country"} <= kinds
    starts = [j.claim.start for j in found.judgements]
    assert starts == sorted(starts)
    file = tmp_path / "claims.toml"
    file.write_text(write_claims([j.claim for j in found.judgements]), encoding="utf-8")
    assert rolediff.check(path, claims=file).judgements == found.judgements


def said(checked: CheckedArticle, text: str) -> Judgement:
    return next(j for j in checked.judgements if j.claim.text.startswith(text))


def test_the_headline_is_contradicted_by_geometric_means(
    checked: CheckedArticle, records: pl.DataFrame
) -> None:
    found = said(checked, "AI engineers typically")
    assert found.verdict == "contradicted"
    us = records.filter(pl.col("country") == "US")
    for name, rows in (("gap, all records", records), ("gap, the United States", us)):
        logs = {r: float(np.log(rows.filter(pl.col("role") == r)["pay"]).mean()) for r in PAIR}
        point = next(p for p in found.points if p.name == name)
        percent = 100 * (np.exp(logs[AI] - logs[ML]) - 1)
        assert percent < -10
        assert point.evidence[0].estimate.value == pytest.approx(percent)
        assert point.evidence[0].estimate.n == rows.height
        high = point.evidence[0].estimate.high
        assert high is not None
        assert high < 0  # what is claimed needs more than 0


def test_average_pay_is_judged_by_medians_and_means(
    checked: CheckedArticle, records: pl.DataFrame
) -> None:
    for text, role, verdict in (("$120,000", AI, "not enough evidence"),
                                ("$110,000", ML, "contradicted")):  # fmt: skip
        found = said(checked, text)
        assert found.verdict == verdict
        mine = records.filter(pl.col("role") == role)["pay"]
        by = {p.name.split(", ", 1)[1]: p.evidence[0].estimate for p in found.points}
        assert by["median, all records"].value == pytest.approx(float(mine.median()))  # type: ignore[arg-type]
        assert by["mean, all records"].value == pytest.approx(float(mine.mean()))  # type: ignore[arg-type]
        assert any("advertised" in note for note in found.notes)
    ml = said(checked, "$110,000")
    lows = [p.evidence[0].estimate.low or 0 for p in ml.points]
    assert min(lows) > 140_000 * 1.05  # beyond the range and its stretch
    ai = said(checked, "$120,000").points[0].evidence[0].estimate
    assert (ai.low or 0) < 160_000 * 1.05 < (ai.high or 0)


def test_growth_of_other_years_is_not_testable(checked: CheckedArticle) -> None:
    found = said(checked, "22%")
    assert found.verdict == "not testable with this data"
    assert found.points[0].evidence[0].proxy
    assert "2024 to 2034" in found.why


def test_python_is_asked_for_and_of_java_too_little_is_known(checked: CheckedArticle) -> None:
    found = said(checked, "Proficiency")
    assert found.verdict == "partly"
    assert {p.name.split(",")[0]: p.verdict for p in found.points} == {
        "Python": "supported", "Java": "not enough evidence",
    }  # fmt: skip


def test_a_reason_for_what_is_not_so_is_contradicted(checked: CheckedArticle) -> None:
    found = said(checked, "Strategic")
    assert found.verdict == "contradicted"
    names = {p.name: p.verdict for p in found.points}
    assert names["such a gap, all records"] == "contradicted"
    assert "strategic impact, all records" in names


def test_countries_are_ranked_for_each_role(checked: CheckedArticle) -> None:
    found = said(checked, "some of the best")
    verdicts = {p.name: p.verdict for p in found.points}
    assert verdicts["United States for ML engineers"] == "supported"
    assert verdicts["Germany for AI engineers"] == "not enough evidence"
    assert found.verdict == "partly"


def test_every_verdict_has_figures_a_source_and_a_command(checked: CheckedArticle) -> None:
    for j in checked.judgements:
        assert j.settle or j.verdict in ("supported", "contradicted")
        for p in j.points:
            if p.verdict in ("supported", "contradicted"):
                assert p.evidence
            for e in p.evidence:
                assert e.command.startswith(("rolediff ", "python -c"))
                assert e.source
                assert e.proxy or e.estimate.n >= 5
