"""How an answer moves: each figure is one that other functions give too."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from asking import PAIR, jobs

import rolediff
from rolediff.annotate.roles import Catalogue
from rolediff.compare.explain import explain
from rolediff.compare.found import Question, answering, find
from rolediff.compare.hidden import hidden_factor
from rolediff.compare.leave_out import leave_one_category_out, leave_one_employer_out
from rolediff.compare.pay import mean_gap
from rolediff.compare.pooled import pooled_gaps, pooled_pay
from rolediff.compare.ranges import range_check
from rolediff.compare.sample import Sample
from rolediff.compare.skill_pay import SkillRows, skill_mix, skill_premiums
from rolediff.compare.specification import (
    RARE,
    Grid,
    by_source,
    specification_curve,
)
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.stats.cells import Factor
from rolediff.stats.gram import GramEvidence

HELD = ("country", "level", "year")


def sample_of(frame=None, reading="strict"):
    catalogue = Catalogue.load()
    a, b = (catalogue.resolve(name) for name in PAIR)
    market = rolediff.load(frame).market
    question = Question(a, b, reading)
    return Sample.of(find(market, answering(find(market, question), question)).rows)


@pytest.fixture(scope="module")
def bundled():
    return {reading: sample_of(None, reading) for reading in ("strict", "broad")}


@pytest.fixture(scope="module")
def employers():
    return sample_of(jobs(company=[f"c{i % 37 if i % 3 else 0}" for i in range(240)]))


# -- the specification curve ---------------------------------------------------------------------


def rerun(sample, s):
    """The gap of one setting by the functions behind `diff` and `decompose`."""
    if s.reference in ("", "pooled"):
        return mean_gap(sample, s.held, s.end, s.distinct).value
    errors = "robust" if sample.unit is None else "cluster"
    cells = sample.cells(s.held, s.end, s.distinct)
    return explain(cells, reference=s.reference, errors=errors, least=RARE).unexplained.value


def test_every_run_of_the_curve_is_a_real_run(bundled):
    everything = Grid(references=("pooled", "A", "B", "neumark", "reimers", "cotton"))
    curve = specification_curve(by_source(bundled.get), everything)
    assert len(curve.runs) > 200
    values = [r.gap.value for r in curve.runs]
    assert values == sorted(values)
    picked = {curve.lowest, curve.highest, *curve.runs[:: len(curve.runs) // 40]}
    for run in picked:
        again = rerun(bundled[run.setting.reading], run.setting)
        assert run.gap.value == pytest.approx(again, abs=1e-9)
        assert run.gap.low < run.gap.value < run.gap.high
    assert len({r.setting for r in curve.runs}) == len(curve.runs)
    assert curve.positive + curve.negative == len(curve.runs)


def test_errors_of_runs_are_stacked_influence_functions(bundled):
    sample = bundled["strict"].where(np.arange(len(bundled["strict"])) % 2 == 0)
    grid = Grid(("strict",), ends=("mid",), held=(HELD,), distinct=(True,),
                references=("A", "B", "reimers", "neumark"))  # fmt: skip
    for run in specification_curve(lambda *_: sample, grid).runs:
        cells = sample.cells(run.setting.held, "mid", True)
        by_hand = explain(cells, reference=run.setting.reference, errors="HC0", least=RARE)
        n = len(sample)
        factor = (run.gap.se / by_hand.unexplained.se) ** 2
        assert 1 < factor < n / (n - 150)


def test_the_curve_by_hand():
    frame = jobs(source=["x" if i % 4 < 2 else "y" for i in range(240)])
    sample = sample_of(frame)
    grid = Grid(("strict",), ("",), ("low", "high"), ((), ("level",)), (False,), ("pooled", "B"))
    curve = specification_curve(by_source(lambda _: sample), grid)
    assert [r.setting.reference for r in curve.runs].count("") == 2, "no factor, no reference"
    assert len(curve.runs) == 6
    assert curve.negative == 6
    assert curve.clear == (0, 6)
    assert curve.median == pytest.approx(np.median([r.gap.value for r in curve.runs]))
    assert {r.n_a for r in curve.runs} == {120}
    told = json.loads(json.dumps(curve.to_dict()))
    assert told["b_higher"] == told["specifications"] == 6
    assert told["lowest"]["gap"]["value"] == curve.lowest.gap.value


def test_sources_are_taken_out_and_held_equal():
    frame = pl.concat([jobs(seed=1), jobs(seed=2).with_columns(title=pl.col("title") + " II")])
    market = rolediff.load(frame).market
    sample = Sample.of(find(market, Question(*(Catalogue.load().resolve(n) for n in PAIR))).rows)
    factor, codes = sample.factors["source"]
    assert len(factor.labels) == 1
    half = np.arange(len(codes)) % 2
    two = {**sample.factors, "source": (Factor("source", ("one", "two")), half)}
    split = Sample(sample.is_a, sample.low, sample.high, sample.n, None, two, "one, two")
    grid = Grid(("strict",), ("", "one", "two", "three"), ("mid",), ((), ("level",)), (False,))
    curve = specification_curve(by_source(lambda _: split), grid)
    assert [why for _, why in curve.skipped] == ["no record of these roles from three"]
    held = {r.setting.held for r in curve.runs if not r.setting.source}
    assert held == {(), ("source", "level")}
    by_setting = {(r.setting.source, r.setting.held): r.gap.value for r in curve.runs
                  if r.setting.reference in ("", "pooled")}  # fmt: skip
    alone = mean_gap(split.where(half == 1), ("level",))
    assert by_setting["two", ("level",)] == pytest.approx(alone.value, abs=1e-12)


def test_a_curve_that_cannot_be_drawn_says_why():
    sample = sample_of()
    few = sample.where(np.arange(len(sample)) < 3)
    with pytest.raises(NotEnoughEvidence, match="distinct records of a role"):
        specification_curve(lambda *_: few)
    with pytest.raises(UsageError, match="no reference"):
        specification_curve(lambda *_: sample, Grid(("strict",), references=("middle",)))
    small = sample_of(jobs(24))
    curve = specification_curve(lambda *_: small, Grid(("strict",), held=(HELD * 1,)))
    assert {r.setting.reference for r in curve.runs} >= {"pooled"}


# -- left out ------------------------------------------------------------------------------------


@pytest.mark.parametrize("held", [(), HELD])
def test_leaving_out_an_employer_is_asking_again_without_it(employers, held):
    got = leave_one_employer_out(employers, held)
    assert (got.kind, got.units) == ("employer", 37)
    assert got.gap == pytest.approx(mean_gap(employers, held).value)
    for one in (got.lowest, got.highest, *got.most):
        code = employers.employers.index(one.name)
        rest = employers.where(employers.unit != code)
        assert one.gap == pytest.approx(mean_gap(rest, held).value, abs=1e-10)
        assert one.n == employers.n[employers.unit == code].sum()
        assert one.name not in rest.employers
    assert [abs(x.change) for x in got.most] == sorted(
        (abs(x.change) for x in got.most), reverse=True
    )
    assert len(got.most) == 10
    assert got.flips == 0


def test_leaving_out_what_cannot_be_left_out():
    names = ["only" if i % 2 == 0 else f"c{i % 9}" for i in range(240)]
    got = leave_one_employer_out(sample_of(jobs(company=names)))
    assert got.impossible == ("only",)
    assert got.highest.name != "only"


def test_leaving_out_a_category_is_asking_again_without_it(employers):
    got = leave_one_category_out(employers, "country", HELD)
    factor, codes = employers.factors["country"]
    for one in got.most:
        rest = employers.where(codes != factor.labels.index(one.name))
        assert one.gap == pytest.approx(mean_gap(rest, HELD).value, abs=1e-10)
    assert leave_one_category_out(employers, "source").impossible, "there is only one"
    with pytest.raises(UsageError, match="no factor"):
        leave_one_category_out(employers, "mood")
    alone = leave_one_employer_out(sample_of())
    assert alone.kind == "set of identical records"


# -- hidden factors ------------------------------------------------------------------------------


def test_hidden_factors(bundled, employers):
    sample = bundled["strict"]
    got = hidden_factor(sample, HELD)
    assert got.gap.value == pytest.approx(mean_gap(sample, HELD).value)
    assert 0 < got.robustness_alpha < got.robustness < 1
    assert got.extreme < got.robustness
    assert got.design_effect > 1, "copies are no independent records"
    assert [b.factor for b in got.benchmarks[::3]] == list(HELD)
    first = [b for b in got.benchmarks if b.times == 1]
    for b in first:
        assert b.left == pytest.approx(b.gap.value / got.gap.value)
    by_factor = {(b.factor, b.times): b.left for b in got.benchmarks}
    assert by_factor["level", 1] > by_factor["level", 2] > by_factor["level", 3]
    assert json.dumps(got.to_dict())
    plain = hidden_factor(employers, HELD, q=0.5, times=(1.0,))
    assert plain.robustness < hidden_factor(employers, HELD).robustness
    assert len(plain.benchmarks) == 3
    with pytest.raises(NotEnoughEvidence, match="fewer factors"):
        hidden_factor(sample.where(np.arange(len(sample)) % 300 == 0), HELD)


def test_a_hidden_factor_that_strong_cannot_be():
    """A factor that nearly tells the role: nothing else could be three times as strong."""
    country = ["US" if (i % 2) == (i % 9 > 0) else "GB" for i in range(240)]
    got = hidden_factor(sample_of(jobs(country=country)), ("country",))
    assert got.benchmarks[-1].gap is None
    assert got.benchmarks[-1].left is None


# -- ranges --------------------------------------------------------------------------------------


def test_ranges(bundled, employers):
    for sample in (bundled["strict"], employers):
        got = range_check(sample, HELD)
        for end, e in got.ends.items():
            assert e == mean_gap(sample, HELD, end)
        inside = [got.ends["low"].value, got.ends["high"].value]
        assert min(inside) - 0.05 < got.interval.value < max(inside) + 0.05
        assert got.interval.low < got.interval.value < got.interval.high
        assert got.agree
        assert got.spread < 0.1
        assert got.interval.method.startswith("interval regression, ")
        assert json.dumps(got.to_dict())


def test_single_figures_are_points():
    frame = jobs()
    points = sample_of(frame.with_columns(max_amount=pl.col("min_amount")))
    got = range_check(points, HELD)
    assert got.interval.value == pytest.approx(got.ends["mid"].value, abs=1e-8)
    assert got.spread < 1e-8
    assert got.interval.high == pytest.approx(got.ends["mid"].high, abs=1e-6)


def test_a_role_of_one_employer_has_no_interval_of_ranges():
    sample = sample_of(jobs(company=["one", "two"] * 120))
    got = range_check(sample)
    assert got.interval.low is None
    assert got.interval.method == "too few employers"


# -- small cells ---------------------------------------------------------------------------------


def countries():
    rng = np.random.default_rng(0)
    share = [0.4, 0.2, 0.12, 0.12, 0.07, 0.05, 0.04]
    names = ["US", "GB", "DE", "FR", "IN", "ES", "JP"]
    return jobs(country=rng.choice(names, 240, p=share).tolist())


def test_small_cells_borrow_more():
    sample = sample_of(countries())
    got = pooled_gaps(sample, "country")
    assert {c.category for c in got.cells} | set(got.left_out) == set(
        sample.factors["country"][0].labels
    )
    big, small = got.cells[0], got.cells[-1]
    assert big.pooled.n > small.pooled.n
    for cell in got.cells:
        near, far = abs(cell.pooled.value - got.toward[""]), abs(cell.raw - got.toward[""])
        assert near == pytest.approx((1 - cell.shrunk) * far, abs=1e-12)
    codes = sample.factors["country"][1]
    code = sample.factors["country"][0].labels.index(big.category)
    assert big.raw == pytest.approx(mean_gap(sample.where(codes == code)).value)
    assert json.dumps(got.to_dict())


def test_pay_of_small_cells(bundled):
    got = pooled_pay(bundled["strict"], "country")
    sample = bundled["strict"]
    total = sum(c.pooled.n for c in got.cells)
    assert total == sample.n.sum()
    factor, codes = sample.factors["country"]
    us = codes == factor.labels.index("US")
    for cell in got.cells[:2]:
        assert cell.category == "US"
        mine = us & (sample.is_a == (cell.role == "A"))
        mean = np.average(np.log(sample.pay()[mine]), weights=sample.n[mine])
        assert cell.raw == pytest.approx(mean)
        assert cell.shrunk < 0.02
    single = [c for c in got.cells if c.pooled.n == 1]
    assert min(c.shrunk for c in single) > max(c.shrunk for c in got.cells[:2])
    assert got.between > 0.1


def test_cells_too_few_to_pool():
    sample = sample_of()
    with pytest.raises(NotEnoughEvidence, match="cells"):
        pooled_gaps(sample.where(sample.factors["level"][1] == 0), "level")
    with pytest.raises(UsageError, match="no factor"):
        pooled_pay(sample, "mood")


def test_pay_that_does_not_vary_within_a_cell_is_refused():
    table = countries()
    for pay in (pl.lit(100_000), 90_000 + 1_000 * pl.col("country").rank("dense")):
        sample = sample_of(table.with_columns(min_amount=pay, max_amount=pay))
        with pytest.raises(NotEnoughEvidence, match="does not vary within a country"):
            pooled_pay(sample, "country")


# -- skills --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def skills():
    """600 postings: A asks for `good` more often, which pays 20 % more; `rare` pays nothing."""
    rng = np.random.default_rng(1)
    n = 600
    is_a = rng.random(n) < 0.5
    asks = (rng.random((n, 4)) < [0.4, 0.3, 0.02, 0.5]).astype(float)
    asks[:, 0] = rng.random(n) < np.where(is_a, 0.7, 0.3)
    level = rng.integers(0, 2, n)
    y = 11.5 + 0.3 * level + np.log(1.2) * asks[:, 0] + 0.1 * asks[:, 1]
    y = y + 0.15 * rng.normal(size=n)
    factors = {"level": (Factor("level", ("mid", "senior")), level)}
    return SkillRows(y, is_a, asks, ("good", "other", "rare", "null"), factors,
                     rng.integers(0, 150, n))  # fmt: skip


def test_skill_premiums(skills):
    names = skills.common()
    assert set(names) == set(skills.skills)
    a, _ = skills.evidence(["level"], names)
    got = {p.skill: p for p in skill_premiums(a, names)}
    good = got["good"]
    assert good.alone.low < math.log(1.2) < good.alone.high
    assert good.together.low < math.log(1.2) < good.together.high
    assert good.p_bh < 0.01
    assert good.p_rw < 0.01
    assert got["null"].p_rw > 0.05
    assert got["rare"].together.value ** 2 <= got["rare"].alone.value ** 2 + 1e-4
    mine = skills.is_a & (skills.asks[:, 0] == 1)
    assert good.n == mine.sum()
    assert next(iter(got)) == "good", "the highest first"
    assert json.dumps([p.to_dict() for p in got.values()])


def test_the_part_of_the_gap_that_skills_account_for(skills):
    names = skills.common()
    a, b = skills.evidence(["level"], names)
    families = {"core": ["good"], "rest": ["other", "rare", "null"]}
    got = skill_mix(a, b, families)
    is_a, y = skills.is_a, skills.log_pay
    assert got.gap.value == pytest.approx(y[is_a].mean() - y[~is_a].mean())
    share = skills.asks[is_a, 0].mean() - skills.asks[~is_a, 0].mean()
    assert got.families["core"].low < share * math.log(1.2) < got.families["core"].high
    assert got.total.value == pytest.approx(sum(e.value for e in got.families.values()))
    assert list(got.controls) == ["level"]
    assert got.plain.value == pytest.approx(got.total.value, rel=0.1)
    assert (got.n_a, got.n_b) == (is_a.sum(), (~is_a).sum())
    alone = skill_mix(GramEvidence((a.gram,)), GramEvidence((b.gram,)), families)
    assert alone.total.value == pytest.approx(got.total.value)
    assert alone.total.se == pytest.approx(got.total.se, rel=0.2)
    assert json.dumps(got.to_dict())
    with pytest.raises(UsageError, match="no column"):
        skill_mix(a, b, {"core": ["juggling"]})
    with pytest.raises(UsageError, match="no factor"):
        skills.evidence(["mood"], names)
    with pytest.raises(UsageError, match="no skill"):
        skills.evidence([], ["juggling"])


# -- speed ---------------------------------------------------------------------------------------


def whole_set():
    """Seconds that everything for one pair takes: the best of five."""
    samples = {reading: sample_of(None, reading) for reading in ("strict", "broad")}
    sample = samples["strict"]
    held, best = tuple(sample.varying()), math.inf
    for _ in range(5):
        start = time.perf_counter()
        specification_curve(by_source(samples.get))
        range_check(sample, held)
        hidden_factor(sample, held)
        leave_one_employer_out(sample, held)
        leave_one_category_out(sample, "year", held)
        pooled_gaps(sample, "level")
        pooled_pay(sample, "country")
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.slow
def test_everything_for_one_pair_takes_less_than_half_a_second():
    """On one thread, since threads that wait for busy cores are slower than one."""
    one = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", "import test_robustness; print(test_robustness.whole_set())"],
        capture_output=True, check=True, text=True, env=os.environ | one | {"PYTHONPATH": path},
    )  # fmt: skip
    assert float(done.stdout) < 0.5
