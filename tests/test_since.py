"""What moved since a day, from a folder of dated markets; how often chance is told as a move."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from asking import PAIR, ask
from made_dataset import parquet, posting, serving, slice_of, without_waiting
from made_windows import Watching, day, watched
from scipy.stats import t as student

import rolediff
from rolediff.collect.client import Patience
from rolediff.collect.refresh import refresh
from rolediff.collect.run import Asked
from rolediff.compare.changes import changed, p_value
from rolediff.compare.hiring_change import Staying
from rolediff.compare.overlap import of_gap, of_shares, summed
from rolediff.errors import MarketError, NotEnoughEvidence, UsageError
from rolediff.report.since_words import paragraph
from rolediff.results import Estimate
from rolediff.results.since import Since

Capture = pytest.CaptureFixture[str]
OCTOBER, NOVEMBER = date(2026, 10, 3), date(2026, 11, 3)


def offers(raised: float = 1.0, skill: str = "", first: int = 0, month: int = 10) -> pl.DataFrame:
    """240 ads of 40 employers; AI engineers' pay times `raised`, and their ads naming `skill`."""
    rows = []
    for k in range(first, first + 240):
        title = ("AI Engineer", "ML Engineer")[k % 2]
        rng = np.random.default_rng(k)
        low = round(130 * math.exp(rng.normal(0, 0.12)) * (raised if k % 2 == 0 else 1))
        extra = f" and {skill}" if skill and k % 2 == 0 and k % 3 else ""
        word = f"{k:x}".translate(str.maketrans("0123456789", "ghijklmnop")) * 4
        text = (
            f"About us\nWe are company {k % 40} and the team is called {word}.\n\nRequirements\n"
            f"- 3+ years of experience with Python{extra}\n\n"
            f"The base salary range is ${low},000 - ${round(1.25 * low)},000 a year.\n"
        )
        rows.append(posting(k, title, company=f"Company {k % 40}", description=text,
                            last_seen_at=f"2026-{month}-02T00:00:00Z"))  # fmt: skip
    return slice_of(rows)


def history(folder: Path, *slices: pl.DataFrame) -> Path:
    patience = Patience(tries=1, stall=5.0, wait=without_waiting([]))
    with serving() as server:
        for month, frame in enumerate(slices, 10):
            made = datetime(2026, month, 3, tzinfo=UTC)
            address = server.publish({"ashby": parquet(frame)}, made=made)
            refresh(folder, Asked(("ashby",), manifest=address), patience=patience)
    return folder


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return history(tmp_path_factory.mktemp("still"), offers(), offers(first=60, month=11))


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return history(tmp_path_factory.mktemp("moving"), offers(), offers(1.3, "Kubernetes", month=11))


def test_a_raise_and_a_skill_are_told(moving: Path) -> None:
    told = rolediff.since("2026-10-20", *PAIR, moving)
    assert (told.asked, told.old, told.new) == ("2026-10-20", "2026-10-03", "2026-11-03")
    by = {(m.section, m.role, m.name): m for m in told.moves}
    gap = by["gap", "", "all records"]
    assert gap.clear
    assert gap.change.low < math.log(1.3) < gap.change.high  # type: ignore[operator]
    assert by["pay", "A", "p50"].clear
    assert not by["pay", "B", "p50"].clear
    assert by["pay", "B", "p50"].change.value == 0
    skill = by["skill", "A", "Kubernetes"]
    assert skill.clear
    assert skill.change.value == pytest.approx(2 / 3, abs=0.02)
    assert not by["demand", "A", "openings"].clear
    assert "moved beyond chance: " in paragraph(told)
    assert told.shared == 40


def test_what_stands_still_is_told_so(still: Path, capsys: Capture) -> None:
    said = ask(capsys, "since", OCTOBER, *PAIR, "--data", still)
    assert (said.code, said.err) == (0, "")
    flat = " ".join(said.out.split())
    assert "nothing moved beyond chance" in flat
    assert "The gap in pay was" in flat
    assert max(map(len, said.out.splitlines())) <= 80
    plain = ask(capsys, "since", OCTOBER, *PAIR, "--data", still, "--json").result
    assert plain["moved"] == 0
    assert plain["compared"] == sum(m["p_adjusted"] is not None for m in plain["moves"]) > 8
    assert all(m["change"]["low"] <= m["change"]["value"] <= m["change"]["high"]
               for m in plain["moves"] if m["p"] is not None)  # fmt: skip
    assert {m["section"] for m in plain["missing"]} >= {
        "growth of AI Engineer",
        "growth of ML Engineer",
    }
    shown = ask(capsys, "since", OCTOBER, *PAIR, "--data", still, "--markdown").out
    assert shown.startswith("# AI Engineer and ML Engineer since 2026-10-03\n")
    assert "AI Engineer: openings" in shown


def test_ads_in_both_make_the_interval_narrower(still: Path) -> None:
    told = rolediff.since(OCTOBER, *PAIR, still)
    gap = next(m for m in told.moves if m.section == "gap")
    assert gap.old is not None
    assert gap.new is not None
    alone = changed("gap", "share", gap.old, gap.new).change
    assert gap.change.low is not None
    assert alone.low is not None
    assert gap.change.value - gap.change.low < 0.8 * (alone.value - alone.low)
    assert json.loads(json.dumps(told.to_dict())) == told.to_dict()


def test_a_source_is_named_without_its_day(still: Path) -> None:
    told = rolediff.since(OCTOBER, *PAIR, still, where="source=ashby")
    assert told.source == "ashby"
    assert told.compared == rolediff.since(OCTOBER, *PAIR, still).compared


def test_what_cannot_be_asked(still: Path, tmp_path: Path, capsys: Capture) -> None:
    for when, why in (
        ("2026-09-01", "the first is of 2026-10-03"),
        ("2026-11-03", "nothing is newer than the market of 2026-11-03"),
        ("2027-01-01", "nothing is newer"),
        ("soon", "is no day: write it as"),
    ):
        with pytest.raises(UsageError, match=why):
            rolediff.since(when, *PAIR, still)
    with pytest.raises(MarketError, match="no folder of dated markets"):
        rolediff.since(OCTOBER, *PAIR, tmp_path)
    with pytest.raises(UsageError, match="name two different ones"):
        rolediff.since(OCTOBER, "AI Engineer", "AI Engineer", still)
    with pytest.raises(NotEnoughEvidence, match="nothing can be compared"):
        rolediff.since(OCTOBER, "AI Engineer", "Data Analyst", still)
    assert ask(capsys, "since", OCTOBER, *PAIR).code == 2
    few = ask(capsys, "since", OCTOBER, "AI Engineer", "Data Analyst", "--data", still)
    assert (few.code, few.out) == (4, "")


def test_the_p_value_is_that_of_the_interval() -> None:
    at_edge = Estimate(0.2, 0.0, 0.5, 20, df=9.0)
    assert p_value(at_edge) == pytest.approx(0.05)
    half = Estimate(-0.1, -0.2, 0.1, 20, clusters=13)
    wanted = 2 * student.sf(student.ppf(0.975, 12) * 0.5, 12)
    assert p_value(half) == pytest.approx(wanted)
    assert p_value(Estimate(0.1)) is None
    assert p_value(Estimate(0.0, 0.0, 0.0)) == 1.0


def test_influence_adds_up_to_known_errors() -> None:
    rng = np.random.default_rng(5)
    names = pl.Series([f"e{k % 30}" if k % 7 else None for k in range(300)])
    row = np.flatnonzero(rng.random(300) < 0.4)
    share = of_shares(names, row, np.zeros(len(row), int), 1)
    hit = np.isin(np.arange(300), row)
    direct = summed(names, ((hit - hit.mean()) / 300)[:, None])
    assert share.norm == pytest.approx(direct.norm)
    assert share.of == pytest.approx(direct.of)
    known = names.drop_nulls()
    whole = summed(known, rng.normal(size=(len(known), 2)))
    assert whole.correlation(whole) == pytest.approx(np.ones(2))
    other = summed(known + "x", rng.normal(size=(len(known), 2)))
    assert whole.correlation(other).tolist() == [0.0, 0.0]
    pay = pl.DataFrame({"is_a": [True, True, False, False], "low": [10.0, 20, 30, 40],
                        "high": [10.0, 20, 30, 40], "n": [1, 1, 1, 1],
                        "employer": ["u", "v", "w", "x"]})  # fmt: skip
    half = math.log(2) / 4, math.log(4 / 3) / 4
    assert of_gap(pay).norm[0] == pytest.approx(math.sqrt(2 * half[0] ** 2 + 2 * half[1] ** 2))


def staying(table: pl.DataFrame, first: int, last: int) -> Staying:
    """Ads live on two days at employers with one of any role on both."""
    live = [
        table.filter((pl.col("first_seen") <= day(k)) & (pl.col("last_seen") >= day(k)))
        .group_by("employer")
        .agg(a=(pl.col("role") == "A").sum(), b=(pl.col("role") == "B").sum())
        for k in (first, last)
    ]
    both = live[0].join(live[1], on="employer")
    a, b = (both.select(r, f"{r}_right").to_numpy().astype(float) for r in ("a", "b"))
    return Staying(a, b, (live[0].height, live[1].height))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "spread"),
    [
        (Watching(employers=80, rate=2.0), 0.02),
        (Watching(employers=80, rate=2.0, late=0.6), 0.02),
        (Watching(employers=40, rate=3.0, uneven=1.0, others=1.0), 0.03),
    ],
)
def test_flat_demand_is_flat_though_the_crawler_grows(kind: Watching, spread: float) -> None:
    rng = np.random.default_rng(17)
    inside, times = 0, 1000
    for _ in range(times):
        told = list(staying(watched(rng, kind), 60, 30 * kind.months - 1).changes([]))
        inside += sum(e.low <= 0 <= e.high for _, _, e in told) / len(told)  # type: ignore[operator]
    assert inside / times == pytest.approx(0.95, abs=spread)


def test_the_paragraph_names_a_few(moving: Path) -> None:
    told: Since = rolediff.since(OCTOBER, *PAIR, moving)
    said = paragraph(told)
    assert said.count("\n") == 0
    assert f"{len(told.moved)} of {told.compared} figures compared moved" in said
    assert len(told.moved) > 4
    assert f"and {len(told.moved) - 4} more" in said
    assert "gap in pay +30 % (" in said
