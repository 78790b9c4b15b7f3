"""What changed between two markets: figures, intervals, sources, records that stand in both."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from asking import PAIR, ask, csv_file, jobs
from postings import SOURCE, annotated

from rolediff.annotate.roles import Catalogue
from rolediff.compare.changes import changed
from rolediff.compare.found import Question
from rolediff.compare.market_diff import base, diff_markets
from rolediff.compare.roles import compare_roles
from rolediff.errors import NotEnoughEvidence
from rolediff.market import Market, Where, compress_postings, load, save
from rolediff.market.compress import counted
from rolediff.results import Estimate
from rolediff.results.market_diff import Change, MarketDiff

Capture = pytest.CaptureFixture[str]
ROLES = Catalogue.load()
Q = Question(*(ROLES.resolve(name) for name in PAIR))


def market(n: int = 400, seed: int = 1, factor: float = 1.0, **columns: object) -> Market:
    frame = jobs(n, seed, **columns)
    is_ai = pl.col("title") == PAIR[0]
    raised = [
        pl.when(is_ai).then(pl.col(c) * factor).otherwise(c).alias(c)
        for c in ("min_amount", "max_amount")
    ]
    return load(frame.with_columns(raised)).market


def diff(old: Market, new: Market, q: Question = Q) -> MarketDiff:
    return diff_markets(("old", old), ("new", new), q)


def test_a_change_is_the_newer_less_the_older_by_mover() -> None:
    old, new = Estimate(0.30, 0.26, 0.36, 100), Estimate(0.40, 0.35, 0.44, 80)
    told = changed("x", "share", old, new)
    assert told.change.value == pytest.approx(0.10)
    assert told.change.low == pytest.approx(0.10 - math.hypot(0.05, 0.06))
    assert told.change.high == pytest.approx(0.10 + math.hypot(0.04, 0.04))
    assert (told.change.n, told.clear) == (180, True)
    pay = changed("p50", "log", Estimate(100.0, 90.0, 110.0), Estimate(120.0, 110.0, 130.0))
    assert pay.change.value == pytest.approx(math.log(1.2))
    bare = changed("x", "share", Estimate(0.1, n=3), new)
    assert (bare.change.low, bare.clear) == (None, False)


def test_a_raise_of_one_role_is_found() -> None:
    told = [diff(market(seed=n), market(seed=10 + n, factor=1.2)) for n in range(6)]
    changes = [d.gap[0].change for d in told]
    assert sum(c.value for c in changes) / 6 == pytest.approx(math.log(1.2), abs=0.05)
    covered = [c.low < math.log(1.2) < c.high for c in changes if c.low and c.high]
    assert sum(covered) >= 4
    assert all(d.gap[0].clear for d in told)
    assert sum(d.b.pay[1].clear for d in told) <= 2
    later = diff(market(), market(seed=2, year=2025))
    assert later.alike == 0
    assert "independent" in dict(later.caveats)


def test_figures_are_those_of_the_comparisons() -> None:
    old, new = market(seed=3), market(seed=4)
    told = diff(old, new)
    before, after = compare_roles(old, Q), compare_roles(new, Q)
    assert told.gap[0].old.value == before.gap.value
    assert told.gap[1].new.value == after.gap_distinct.value
    assert told.a.pay[1].new.value == after.a.percentiles["mid"][50].value
    assert [c.new.value for c in told.a.counts] == [200, 200]


def test_the_same_market_twice_has_no_change_and_says_so() -> None:
    one = market(company=[f"c{i % 40}" for i in range(400)])
    told = diff(one, one)
    changes = (*told.gap, *told.a.pay, *told.a.counts, told.a.share)
    assert all(c is not None and c.change.value == 0 and not c.clear for c in changes)
    assert told.alike == told.n_new == 400
    assert "records in both" in dict(told.caveats)
    assert told.a.share is not None
    assert told.a.share.new.value == 0.5


def test_counts_have_an_interval_on_their_ratio() -> None:
    told = diff(market(200), market(400, seed=2))
    (records, paid) = told.a.counts
    assert records.change.value == pytest.approx(math.log(2))
    assert records.change.low is not None
    assert 0 < records.change.low < math.log(2)
    assert paid.clear


def test_versions_of_one_source_answer_for_each_other() -> None:
    old = [replace(SOURCE, name="board@2025-10", version="2025-10", sha256="1" * 64)]
    new = [replace(SOURCE, name="board@2026-01", version="2026-01", sha256="2" * 64)]

    def named(seed: int, source: str) -> pl.DataFrame:
        return annotated(300, seed).with_columns(source=pl.lit(source)).drop("ad")

    markets = [compress_postings(named(1, "board@2025-10"), old),
               compress_postings(named(2, "board@2026-01"), new)]  # fmt: skip
    told = diff(*markets)
    assert [s["name"] for s in told.sources] == ["board@2025-10", "board@2026-01"]
    assert "sources differ" not in dict(told.caveats)
    assert told.a.skills
    assert all(c.unit == "share" and c.p_adjusted is not None for c in told.a.skills)
    ranks = [c.p_adjusted for c in told.a.skills]
    assert ranks == sorted(ranks)  # type: ignore[type-var]
    assert (base("Board@2025-10"), base("board")) == ("board", "board")


def test_other_sources_are_said() -> None:
    old, new = market(), market(seed=2)
    assert "sources differ" not in dict(diff(old, new).caveats)
    lines = new.everything().with_columns(source=pl.lit("elsewhere"))
    other = counted(lines, [replace(new.sources[0], name="elsewhere")])
    assert "may be the source" in dict(diff(old, other).caveats)["sources differ"]


def test_a_filter_holds_in_both() -> None:
    told = diff(market(seed=1), market(seed=2), replace(Q, where=Where.parse("country=US")))
    assert told.n_new < 400
    assert told.where == "country=US"
    with pytest.raises(NotEnoughEvidence, match="nothing can be compared"):
        diff(market(), market(), replace(Q, where=Where.parse("country=FR")))


def test_by_the_command(capsys: Capture, tmp_path: Path) -> None:
    folders = [save(market(seed=n), tmp_path / name) for n, name in ((1, "old"), (2, "new"))]
    said = ask(capsys, "diff-markets", *folders, *PAIR)
    assert (said.code, said.err) == (0, "")
    assert "Gap, AI Engineer over ML Engineer" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    plain = ask(capsys, "diff-markets", *folders, *PAIR, "--json").result
    assert plain["gap"][0]["change"]["low"] < plain["gap"][0]["change"]["high"]
    assert (plain["records_old"], plain["records_new"]) == (400, 400)
    shown = ask(capsys, "diff-markets", *folders, *PAIR, "--markdown").out
    assert shown.startswith("# AI Engineer and ML Engineer: old to new\n")
    assert "| pay, median |" in shown
    missing = ask(capsys, "diff-markets", tmp_path / "none", folders[1], *PAIR)
    assert (missing.code, "no market" in missing.err) == (3, True)
    assert ask(capsys, "diff-markets", *folders, "AI Engineer").code == 2


def test_plain_data_survives_json() -> None:
    told = diff(market(), market(seed=2)).to_dict()
    assert json.loads(json.dumps(told)) == told
    change = Change("x", "log", Estimate(1.0), Estimate(2.0), Estimate(0.5, 0.1, 0.9))
    assert change.to_dict()["change_percent"]["value"] == pytest.approx(100 * math.expm1(0.5))


def test_files_are_no_markets(capsys: Capture, tmp_path: Path) -> None:
    file = csv_file(tmp_path, jobs())
    assert ask(capsys, "diff-markets", file, file, *PAIR).code == 3
