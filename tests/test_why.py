"""Why: sums, signs, verdicts by the rule, sections that degrade alone, and the command."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
from asking import PAIR, ask, csv_file, jobs
from postings import annotated

import rolediff
from rolediff.compare.judging import judge, sign
from rolediff.compare.measures import Rows, kinds, measured
from rolediff.market import Market, compress_postings
from rolediff.records import Source
from rolediff.report.why_markdown import markdown
from rolediff.report.why_pictures import HIGH, WIDE, curve_picture, waterfall_bars
from rolediff.report.why_words import answer
from rolediff.results import (
    AtStatistic,
    Estimate,
    Measure,
    Methods,
    Part,
    Short,
    SkillReasons,
    SpecificationCurve,
    Waterfall,
    Why,
)
from rolediff.stats.diversity import effective_number

Capture = pytest.CaptureFixture[str]
UP, DOWN, OPEN = Estimate(1, 0.5, 1.5), Estimate(-1, -1.5, -0.5), Estimate(0.1, -1, 1.2)


@cache
def made() -> Why:
    """Of made-up pay records without postings."""
    return rolediff.why(*PAIR, jobs(400))


@cache
def board() -> Market:
    """A market of made-up postings with enough ads of the pair."""
    who = pl.format("{} {}", "employer", pl.int_range(pl.len()) % 97)  # few with two ads alike
    frame = annotated(900, 3).with_columns(ad=pl.lit(None, pl.String), employer=who)
    return compress_postings(frame, [Source("board", unit="posting", kind="advertised")])


@cache
def posted() -> Why:
    """Of made-up postings."""
    return rolediff.why(*PAIR, board())


def measure(difference: Estimate) -> Measure:
    return Measure("m", "", "s", Estimate(1), Estimate(1), difference)


def part(e: Estimate) -> Part:
    return Part("of", "s", "", UP, e)


def test_the_waterfall_leads_from_a_to_b_and_its_parts_are_those_of_the_comparison() -> None:
    why, fall = made(), made().waterfall
    assert isinstance(fall, Waterfall)
    assert math.log(fall.end.value / fall.start.value) == pytest.approx(-why.comparison.gap.value)
    assert sum(s.part.value for s in fall.steps) == pytest.approx(-why.comparison.gap.value)
    assert why.comparison.why is not None
    level = next(s for s in fall.steps if s.factor == "level")
    assert level.part.value == -why.comparison.why.detail["level"].explained.value
    assert level.after / level.before == pytest.approx(math.exp(level.part.value))
    sizes = [abs(s.part.value) for s in fall.steps[:-1]]
    assert sizes == sorted(sizes, reverse=True)
    assert fall.steps[-1].factor == "not accounted for"


def test_a_waterfall_that_does_not_arrive_is_refused() -> None:
    fall = made().waterfall
    assert isinstance(fall, Waterfall)
    with pytest.raises(ValueError, match="the steps lead to"):
        replace(fall, end=Estimate(1.0))


def test_the_roles_exchanged_negate_every_gap() -> None:
    there, back = made(), rolediff.why(*reversed(PAIR), jobs(400))
    for label, one in there.statistics.items():
        other = back.statistics[label]
        assert isinstance(one, AtStatistic)
        assert isinstance(other, AtStatistic)
        assert one.gap.value == pytest.approx(-other.gap.value, abs=1e-9)
        assert one.explained.value == pytest.approx(-other.explained.value, abs=1e-9)
    assert isinstance(there.methods, Methods)
    assert isinstance(back.methods, Methods)
    assert there.methods.shares == pytest.approx(back.methods.shares)
    assert isinstance(there.curve, SpecificationCurve)
    assert isinstance(back.curve, SpecificationCurve)
    assert there.curve.median == pytest.approx(-back.curve.median)
    assert [r.verdict for r in there.reasons] == [r.verdict for r in back.reasons]


def test_methods_split_the_same_gap() -> None:
    found = made().methods
    assert isinstance(found, Methods)
    for m in found.methods:
        assert m.gap.value == pytest.approx(made().comparison.gap.value)
    oaxaca = {m.reference: m for m in found.methods if m.name == "Oaxaca-Blinder"}
    assert made().comparison.why is not None
    assert oaxaca["pooled"].accounted == made().comparison.why.explained  # type: ignore[union-attr]
    gelbach = next(m for m in found.methods if m.name.startswith("Gelbach"))
    assert gelbach.accounted.value == pytest.approx(oaxaca["pooled"].accounted.value, abs=0.01)
    assert found.shares[0] <= oaxaca["pooled"].share <= found.shares[1]


@pytest.mark.parametrize(
    ("gap", "differences", "pays", "verdict"),
    [
        (UP, [UP], UP, "supported"),
        (DOWN, [DOWN], DOWN, "supported"),
        (UP, [UP, OPEN], UP, "supported"),
        (UP, [UP], OPEN, "not enough evidence"),
        (UP, [OPEN], UP, "not enough evidence"),
        (UP, [UP, DOWN], UP, "not enough evidence"),
        (UP, [DOWN], UP, "contradicted"),
        (UP, [DOWN, OPEN], OPEN, "contradicted"),
        (UP, [UP], DOWN, "contradicted"),
        (DOWN, [UP], DOWN, "contradicted"),
        (OPEN, [UP], UP, "not enough evidence"),
        (UP, [], UP, "not enough evidence"),
    ],
)
def test_the_rule_of_verdicts(
    gap: Estimate, differences: list[Estimate], pays: Estimate, verdict: str
) -> None:
    measures = [measure(d) for d in differences]
    assert judge(gap, measures, part(pays))[0] == verdict
    turned = [measure(-d) for d in differences]
    assert judge(-gap, turned, part(-pays))[0] == verdict


def test_a_reason_without_data_is_not_testable_and_one_without_its_part_stays_open() -> None:
    assert judge(UP, [measure(UP)], part(UP), False)[0] == "not testable with this data"
    verdict, why = judge(UP, [measure(UP), Short("few")], Short("2 ads"))
    assert verdict == "not enough evidence"
    assert "2 ads" in why
    assert sign(Estimate(1.0)) == 0


def test_a_measure_is_the_mean_of_each_role() -> None:
    y = np.array([1.0, 2, 3, 4, 5, 6, 2, 2, 4, 4, 6, 6])
    is_a = np.arange(12) < 6
    found = measured("x", Rows(y, is_a), "s")
    assert isinstance(found, Measure)
    assert (found.a.value, found.b.value) == pytest.approx((3.5, 4.0))
    assert found.difference.value == pytest.approx(-0.5)
    assert found.a.se == pytest.approx(math.sqrt(3.5 / 6))


def test_employers_alike_is_the_mean_of_their_means() -> None:
    y = np.array([0.0, 0, 0, 0, 4, 8, 1, 3, 5, 7, 9, 11])
    unit = np.array([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
    found = measured("x", Rows(y, np.arange(12) < 6, unit).alike(), "s")
    assert isinstance(found, Measure)
    assert found.a.value == pytest.approx((0 + 4 + 8) / 3)
    assert found.b.value == pytest.approx(6.0)


def test_at_equal_length_a_figure_that_is_length_alone_does_not_differ() -> None:
    draw = np.random.default_rng(1)
    length = draw.uniform(50, 300, 200)
    is_a = length + draw.normal(0, 40, 200) > 170
    y = 0.1 * length + draw.normal(0, 1, 200)
    found = measured("x", Rows(y, is_a, beside=length), "s")
    raw = measured("x", Rows(y, is_a), "s")
    assert isinstance(found, Measure)
    assert isinstance(raw, Measure)
    assert abs(found.difference.value) < 1 < raw.difference.value
    gap = found.a.value - found.b.value
    assert gap == pytest.approx(found.difference.value)


def test_too_few_or_constant_figures_are_short() -> None:
    few = measured("x", Rows(np.arange(6.0), np.array([True] * 5 + [False])), "s")
    assert isinstance(few, Short)
    assert "5 and 1" in few.reason
    flat = measured("x", Rows(np.full(12, 0.1), np.arange(12) < 6), "s")
    assert isinstance(flat, Short)


def test_kinds_count_an_employer_once_and_compare_at_equal_number() -> None:
    kind = np.array([0, 0, 1, 2, 3, 4, 0, 0, 1, 1, 0, 1, 0, 0])
    unit = np.array([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 5, 5])
    is_a = np.arange(14) < 6
    found = kinds("industries", kind, is_a, unit, "s", "industry")
    assert isinstance(found, Measure)
    assert found.a.value == pytest.approx(5.0)
    assert found.b.value < effective_number(np.array([3.0, 3.0])) + 1e-12
    assert "as of 5 employers" in found.name
    assert found.difference.value == pytest.approx(found.a.value - found.b.value)
    none = kinds("industries", kind[:8], is_a[:8], unit[:8], "s", "industry")
    assert isinstance(none, Short)


def test_pay_records_without_texts_leave_reasons_untestable_and_the_rest_answered() -> None:
    why = made()
    verdicts = {r.name: r.verdict for r in why.reasons}
    assert verdicts["breadth"] == verdicts["complexity"] == "not testable with this data"
    assert verdicts["strategic impact"] != "not testable with this data"
    assert all(r.settle for r in why.reasons if r.verdict.startswith("not"))
    assert isinstance(why.skills, Short)
    assert "0 openings" in why.skills.reason
    assert isinstance(why.curve, SpecificationCurve)


def test_postings_carry_every_section() -> None:
    why = posted()
    assert isinstance(why.skills, SkillReasons)
    assert why.skills.n_a >= 30
    by_name = {r.name: r for r in why.reasons}
    complexity = by_name["complexity"]
    assert sum(isinstance(m, Measure) for m in complexity.measures) >= 3
    assert isinstance(complexity.part, Part)
    skills = complexity.measures[0]
    assert isinstance(skills, Measure)
    assert skills.a.value == pytest.approx(7.0, abs=1.5)  # four required, three preferred


def test_few_records_degrade_section_by_section() -> None:
    why = rolediff.why(*PAIR, jobs(14))
    said = [
        s for s in (why.waterfall, why.methods, *why.statistics.values()) if isinstance(s, Short)
    ]
    assert said
    assert all(any(ch.isdigit() for ch in s.reason) for s in said)
    assert markdown(why).count("Not enough evidence") >= len(said)
    with pytest.raises(rolediff.NotEnoughEvidence):
        rolediff.why(*PAIR, jobs(6))


def test_the_json_is_plain_complete_and_stable() -> None:
    told = json.loads(json.dumps(made().to_dict(), allow_nan=False))
    assert set(told) == {
        "waterfall", "methods", "ranges", "skills", "specification_curve", "hidden_factor",
        "statistics", "left_out", "reasons", "comparison",
    }  # fmt: skip
    assert list(told["statistics"]) == ["p10", "p25", "p50", "p75", "p90", "variance", "gini"]
    assert told == json.loads(json.dumps(rolediff.why(*PAIR, jobs(400)).to_dict()))


def test_sections_side_by_side_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = rolediff.why(*PAIR).to_dict()
    monkeypatch.setattr("rolediff.compare.at_once.MANY", 0)
    assert rolediff.why(*PAIR).to_dict() == alone


def test_bars_end_where_the_next_begins() -> None:
    fall = made().waterfall
    assert isinstance(fall, Waterfall)
    bars = waterfall_bars(fall)
    assert len(bars) == len(fall.steps) + 2
    assert bars[0] == "█" * len(bars[0])
    up = fall.steps[-1].part.value > 0
    assert up
    assert len(bars[-2]) == len(bars[-1])


def test_the_curve_is_drawn_with_its_ends_and_its_zero() -> None:
    gaps = [Estimate(x, x - 1, x + 1) for x in np.linspace(-5, 15, 200)]
    rows = curve_picture(gaps)
    assert len(rows) == HIGH
    assert sum(row.count("●") + row.count("○") for row in rows) == WIDE
    assert rows[0].strip().startswith("+15 %")
    assert rows[-1].strip().startswith("−5 %")
    assert any("─" in row for row in rows)
    assert len(curve_picture([Estimate(3.0)])) == HIGH


@pytest.mark.parametrize("form", [[], ["--json"], ["--markdown"]])
def test_the_command_answers(capsys: Capture, form: list[str], tmp_path: Any) -> None:
    file = csv_file(tmp_path, jobs(200))
    said = ask(capsys, "why", *PAIR, "--data", file, *form)
    assert (said.code, said.err) == (0, "")
    assert "Three reasons" in said.out or "reasons" in said.out
    if not form:
        assert max(map(len, said.out.splitlines())) <= 80
    if form == ["--json"]:
        assert json.loads(said.out)["schema"] == "rolediff.why"
        assert said.result["sentence"].startswith("ML engineers are recorded at")


def test_the_command_refuses_what_it_cannot_answer(capsys: Capture) -> None:
    assert ask(capsys, "why", "AI Engineer").code == 2
    assert ask(capsys, "why", *PAIR, "--where", "country=ZW").code == 4
    assert ask(capsys, "why", *PAIR, "--json", "--markdown").code == 2


def test_the_bundled_market_answers_with_every_section() -> None:
    why = rolediff.why(*PAIR)
    assert not isinstance(why.waterfall, Short)
    assert not isinstance(why.methods, Short)
    assert not isinstance(why.skills, Short)
    assert not isinstance(why.curve, Short)
    assert why.curve.negative == len(why.curve.runs) == 156
    assert [r.name for r in why.reasons] == ["breadth", "complexity", "strategic impact"]
    assert "accounts for" in answer(why)
