"""Verdicts on claims of made-up markets, each by hand: what is true, false, or too little known."""

from __future__ import annotations

import math
import shlex
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from asking import PAIR, jobs
from dated import posting_rows, postings_market

from rolediff.claims.check import check
from rolediff.claims.mean import mean_of
from rolediff.claims.rule import Rule
from rolediff.compare.sample import Sample
from rolediff.market import ReadOptions, load, merge
from rolediff.results import Amount, Article, Claim, Judgement
from rolediff.stats.tails import critical

AI, ML = PAIR
ARTICLE = Article("made.md", "", ())
OPTIONS = ReadOptions(currency="USD")
MADE = load(jobs(400), OPTIONS).market  # ML engineers earn 20 % more


def judged(claim: Claim, market: Any = MADE, **more: Any) -> Judgement:
    return check(ARTICLE, market, claims=[claim], **more).judgements[0]


def gap(a: str = ML, b: str = AI, **more: Any) -> Claim:
    return Claim("gap", "A earns more than B", roles=(a, b), **{"sense": "more"} | more)


def percent(low: float | None, high: float | None = None, **more: Any) -> Amount:
    return Amount(low, high if high is not None else low, "percent", **more)


def dollars(low: float | None, high: float | None, **more: Any) -> Amount:
    return Amount(low, high, "USD", "year", **more)


# gaps


def test_who_earns_more() -> None:
    assert judged(gap()).verdict == "supported"
    assert judged(gap(AI, ML)).verdict == "contradicted"
    assert judged(gap(AI, ML, sense="less")).verdict == "supported"
    assert judged(gap(negated=True)).verdict == "contradicted"
    assert judged(gap(sense="same")).verdict != "supported"


@pytest.mark.parametrize("negated", [True, False])
@pytest.mark.parametrize("sense", ["more", "less"])
def test_turning_roles_and_sense_keeps_the_verdict(sense: Any, negated: bool) -> None:
    turned = {"more": "less", "less": "more"}[sense]
    first = judged(gap(ML, AI, sense=sense, negated=negated))
    second = judged(gap(AI, ML, sense=turned, negated=negated))  # type: ignore[arg-type]
    assert first.verdict == second.verdict != "not enough evidence"
    found = [{p.name: p.p_adjusted for p in j.points} for j in (first, second)]
    assert found[0].keys() == found[1].keys()
    assert all(found[0][name] == pytest.approx(found[1][name]) for name in found[0])


def test_by_how_much() -> None:
    market = load(jobs(3000), OPTIONS).market
    assert judged(gap(amount=percent(20)), market, rule=Rule(points=8)).verdict == "supported"
    assert judged(gap(amount=percent(60)), market).verdict == "contradicted"
    twice = Amount(2, 2, "times")
    assert judged(gap(amount=twice)).verdict == "contradicted"


def test_a_gap_in_money_is_one_of_medians() -> None:
    far = judged(gap(amount=dollars(90_000, 90_000)))
    assert far.verdict == "contradicted"
    figures = far.points[0].evidence
    assert [e.name.split(" of ")[0] for e in figures] == ["median pay", "median pay"]
    assert judged(gap(amount=dollars(1_000, None))).verdict == "supported"


def test_the_figure_of_a_gap_is_that_of_the_verb_that_prints_it() -> None:
    import rolediff

    found = judged(gap()).points[0].evidence[0]
    answer = rolediff.diff(ML, AI, MADE)
    assert found.estimate.value == pytest.approx(answer.gap.percent.value)
    assert found.estimate.low == pytest.approx(answer.gap.percent.low)
    assert found.command == "rolediff 'ML Engineer' 'AI Engineer'"


def test_scopes_with_different_answers_make_it_partly() -> None:
    frame = jobs(600)
    us = pl.col("country") == "US"
    ml = pl.col("title") == ML
    turned = pl.when(us & ml).then(0.5).when(~us & ml).then(4.0).otherwise(1.0)
    market = load(frame.with_columns(pl.col("min_amount", "max_amount") * turned), OPTIONS).market
    found = judged(gap(), market)
    by = {p.name: p.verdict for p in found.points}
    assert by["gap, the United States"] == "contradicted"
    assert by["gap, all records"] == "supported"
    assert found.verdict == "partly"
    assert found.why.startswith("Contradicted: gap (the United States); supported: gap (all")
    abroad = judged(gap(place="GB"), market)
    assert (abroad.verdict, len(abroad.points)) == ("supported", 1)
    assert abroad.points[0].evidence[0].command.endswith("--where country=GB")


# pay


def test_pay_is_judged_by_median_and_for_an_average_by_mean_too() -> None:
    market = load(jobs(400, country="US"), OPTIONS).market
    frame = jobs(400)
    mid = frame.filter(pl.col("title") == AI).select(pl.col("min_amount") * 1.1).to_series()
    median, mean = float(mid.median() or 0), float(mid.mean() or 0)  # type: ignore[arg-type]
    claim = Claim("pay", "x", roles=(AI,), amount=dollars(median, median), statistic="average")
    found = judged(claim, market)
    values = {p.name.split(", ")[1]: p.evidence[0].estimate.value for p in found.points}
    assert values["median"] == pytest.approx(median, rel=1e-3)
    assert values["mean"] == pytest.approx(mean, rel=1e-3)
    assert found.verdict == "supported"
    far = Claim("pay", "x", roles=(AI,), amount=dollars(2 * median, 2 * median))
    assert judged(far, market).verdict == "contradicted"
    over = Claim("pay", "x", roles=(AI,), amount=dollars(median / 2, None))
    assert judged(over, market).verdict == "supported"


def test_what_some_may_earn_is_judged_by_the_ninetieth_percentile() -> None:
    claim = Claim("pay", "they may earn over $100,000", roles=(AI,), amount=dollars(1e5, None))
    found = judged(claim)
    assert all("90th percentile" in p.name for p in found.points)
    rarely = Claim("pay", "rarely see more than $1,000", roles=(AI,), amount=dollars(1e3, None))
    assert judged(rarely).verdict == "contradicted"


def test_entry_pay_is_of_entry_levels_only() -> None:
    frame = jobs(400).with_columns(
        level=pl.Series(["junior", "junior", "senior", "senior"] * 100),
        min_amount=pl.Series([50_000.0, 50_000, 150_000, 150_000] * 100) + pl.int_range(400) * 10,
    )
    frame = frame.with_columns(max_amount=pl.col("min_amount"), country=pl.lit("US"))
    market = load(frame, OPTIONS).market
    claim = Claim("pay", "x", roles=(AI,), amount=dollars(52_000, 52_000), statistic="entry")
    found = judged(claim, market)
    assert found.verdict == "supported"
    assert "level=junior" in found.points[0].evidence[0].command
    assert judged(Claim("pay", "senior: x", roles=(AI,), amount=dollars(152_000, 152_000)),
                  market).verdict == "supported"  # fmt: skip


def test_another_currency_is_turned_into_dollars() -> None:
    claim = Claim("pay", "x", roles=(AI,), amount=Amount(1e7, 1e7, "EUR", "year"))
    found = judged(claim)
    assert found.verdict == "contradicted"
    assert any("EUR at the mean rate of" in note for note in found.notes)


@pytest.mark.parametrize(
    "amount",
    [None, Amount(400, 400, "", "year"), Amount(400, 400, "XXX", "year")],
    ids=["no figure", "no currency", "gold"],
)
def test_pay_without_a_figure_in_money_is_not_testable(amount: Amount | None) -> None:
    claim = Claim("pay", "x", roles=(AI,), amount=amount)
    assert judged(claim).verdict == "not testable with this data"


def test_a_mean_and_its_error_by_hand() -> None:
    pay = np.array([10.0, 20, 30, 40]) * 1000
    frame = pl.DataFrame(
        {
            "is_a": [True] * 4, "low": pay, "high": pay, "n": [1, 3, 1, 1],
            "employer": ["a", "b", "b", "c"], "source": ["s"] * 4,
            **{f: [None] * 4 for f in ("country", "level", "year", "remote", "company_size",
                                       "employment_type", "industry", "education")},
        },
        schema_overrides={"n": pl.UInt32, "employer": pl.String},
    )  # fmt: skip
    e = mean_of(Sample.of(frame), True)
    mean = (10 + 60 + 30 + 40) / 6 * 1000
    parts = np.array([10e3 - mean, 3 * (20e3 - mean) + 30e3 - mean, 40e3 - mean]) / 6
    se = math.sqrt(3 / 2 * float(parts @ parts))
    assert e.value == pytest.approx(mean)
    assert e.se == pytest.approx(se)
    assert e.high == pytest.approx(mean + critical(2) * se)
    assert (e.n, e.clusters) == (6, 3)


def test_the_command_for_a_mean_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    claim = Claim("pay", "x", roles=(AI,), amount=dollars(1, 2), statistic="average")
    point = next(p for p in judged(claim, None).points if "mean, the United States" in p.name)
    python, flag, code = shlex.split(point.evidence[0].command)
    assert (python, flag) == ("python", "-c")
    exec(code)
    assert capsys.readouterr().out.strip() == str(point.evidence[0].estimate)


def test_what_is_rarely_exceeded_is_the_75th_percentile_whatever_the_denial() -> None:
    for amount, negated in ((dollars(1e6, None), False), (dollars(None, 1e6), True)):
        claim = Claim("pay", "they rarely see more than $1m", roles=(AI,), amount=amount,
                      negated=negated)  # fmt: skip
        found = judged(claim)
        assert found.verdict == "supported"
        assert "75th percentile" in found.points[0].name


def test_a_sum_that_is_a_difference_is_one_to_the_other_role() -> None:
    less = Claim("pay", "AI engineers perhaps $1,000,000 less", roles=(AI,),
                 amount=dollars(1e6, 1e6))  # fmt: skip
    found = check(ARTICLE, MADE, claims=[less, gap()]).judgements[0]
    assert found.verdict == "contradicted"
    assert "less that of ML engineers" in found.why
    over = Claim("pay", "earn $50,000 more than a nurse", roles=(AI,), amount=dollars(5e4, 5e4))
    assert "median pay" in check(ARTICLE, MADE, claims=[over, gap()]).judgements[0].why.casefold()


def test_a_percentage_of_nothing_that_is_named_is_not_testable() -> None:
    claim = Claim("pay", "half as high again", roles=(AI,), amount=percent(50))
    assert judged(claim).verdict == "not testable with this data"


# reasons


def test_not_always_more_is_true_where_pay_overlaps() -> None:
    claim = gap(ML, AI, negated=True)
    assert judged(claim).verdict == "contradicted"
    always = replace(claim, text="ML engineers are not always richer")
    found = judged(always)
    assert found.verdict == "supported"
    assert [e.name[:3] for e in found.points[0].evidence] == ["p10", "p90"]


def test_a_gap_that_holds_is_no_credit_to_its_reason() -> None:
    magic = Claim("reason", "x", roles=(ML, AI), sense="more", items=("their pact with the abyss",))
    assert judged(magic).verdict == "not testable with this data"


def test_a_reason_for_something_else_is_no_reason_for_a_gap() -> None:
    place = Claim("country", "the US pays best", 0, 10, 1, (AI, ML), items=("United States",))
    reason = Claim("reason", "due to its breadth", 11, 20, 1, (AI, ML), items=("its breadth",))
    found = check(ARTICLE, MADE, claims=[place, reason]).judgements[1]
    assert found.verdict == "not testable with this data"
    assert "differences between countries" in found.why
    both = [place, replace(gap(), start=1, line=1), reason]
    assert check(ARTICLE, MADE, claims=both).judgements[2].verdict != "not testable with this data"


def test_a_skill_as_a_reason_is_more_often_named_and_goes_with_pay() -> None:
    rows = posting_rows(900, "board", skills={"Go": 0.5, "SQL": 0.5, "Rust": 0.5})
    mine = pl.col("title") == AI.lower()
    go = pl.col("required").list.contains("Go")
    kept = ~(go & ~mine) | (pl.int_range(pl.len()) % 4 == 0)
    rows = rows.filter(kept).with_columns(low=pl.when(go).then(pl.col("low") * 2).otherwise("low"))
    market = postings_market({"board": rows.with_columns(high="low")})
    claim = Claim("reason", "x", roles=(AI, ML), sense="more", items=("the use of Go",))
    verdicts = {p.name: p.verdict for p in judged(claim, market).points}
    assert verdicts["more Go in ads for AI engineers"] == "supported"
    assert verdicts["pay that goes with Go"] == "supported"


def test_a_reason_for_a_gap_that_is_not_there_is_contradicted() -> None:
    claim = Claim("reason", "x", roles=(AI, ML), sense="more", items=("their pact with the abyss",))
    found = judged(claim)
    assert found.verdict == "contradicted"
    assert {p.name: p.verdict for p in found.points} == {
        "such a gap, all records": "contradicted",
        "such a gap, the United States": "contradicted",
        "their pact with the abyss": "not testable with this data",
    }
    assert any("association" in note for note in found.notes)


def test_a_recorded_factor_is_judged_by_what_it_accounts_for() -> None:
    draw = np.random.default_rng(1)
    senior = np.where(draw.random(600) < np.where(np.arange(600) % 2, 0.9, 0.2), "senior", "mid")
    frame = jobs(600, level=senior.tolist(), country="US", year=2024)
    lift = pl.when(pl.col("level") == "senior").then(1.5).otherwise(1.0)
    market = load(frame.with_columns(pl.col("min_amount", "max_amount") * lift), OPTIONS).market
    claim = Claim("reason", "x", roles=(ML, AI), sense="more", items=("more seniority",))
    assert judged(claim, market).verdict == "supported"
    turned = Claim("reason", "x", roles=(AI, ML), sense="more", items=("more seniority",))
    found = judged(turned, market)
    assert found.verdict == "contradicted"
    assert next(p for p in found.points if p.name.startswith("level")).verdict == "contradicted"


# skills


def board(**skills: float) -> Any:
    return postings_market({"board": posting_rows(400, "board", skills=skills)})


def skill(
    *items: str, text: str = "needs it", roles: tuple[str, ...] = (AI,), **more: Any
) -> Claim:
    return Claim("skill", text, roles=roles, items=items, **more)


def test_a_skill_is_needed_where_a_quarter_of_ads_name_it() -> None:
    market = board(Python=0.8, Java=0.02, SQL=0.25)
    assert judged(skill("Python"), market).verdict == "supported"
    assert judged(skill("Java"), market).verdict == "contradicted"
    assert judged(skill("SQL"), market).verdict == "not enough evidence"
    both = judged(skill("Python", "Java"), market)
    assert both.verdict == "partly"
    assert "Contradicted: Java; supported: Python." in both.why
    assert judged(skill("Python", negated=True), market).verdict == "contradicted"


def test_a_share_of_ads_is_counted_by_hand() -> None:
    rows = posting_rows(400, "board", skills={"Python": 0.8, "Java": 0.3})
    rows = rows.with_columns(employer=pl.lit(None, pl.String))  # so that no two ads are one
    e = judged(skill("Python"), postings_market({"board": rows})).points[0].evidence[0].estimate
    mine = rows.filter(pl.col("title") == AI.lower())
    named = mine.filter(pl.col("required").list.contains("Python")).height
    assert (e.n, e.value) == (mine.height, pytest.approx(named / mine.height))
    p, n = named / mine.height, mine.height
    z = critical(n - 1)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    margin = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert e.low == pytest.approx(centre - margin, abs=2e-3)  # Wilson
    assert e.high == pytest.approx(centre + margin, abs=2e-3)


def test_a_share_is_the_one_that_skills_prints() -> None:
    import rolediff

    answer = {s.name: s.told for s in rolediff.skills(*PAIR).skills}
    found = check(ARTICLE, None, claims=[skill("Python"), skill("PyTorch", roles=(ML,))])
    python, pytorch = (j.points[0].evidence[0].estimate for j in found.judgements)
    assert python == answer["Python"].a
    assert pytorch.value >= answer["PyTorch"].b.value  # it or a part of it


def test_examples_alternatives_and_quantities_have_thresholds_of_their_own() -> None:
    chances = {"Python": 0.8, "Java": 0.17, "R": 0.02} | dict.fromkeys(("Go", "Rust", "SQL"), 0.5)
    market = postings_market({"board": posting_rows(900, "board", skills=chances)})
    assert judged(skill("Java", text="languages such as Java"), market).verdict == "supported"
    either = skill("Python", "R", text="Python or R")
    assert judged(either, market).verdict == "supported"
    assert judged(skill("Python", quantity="most"), market).verdict == "supported"
    assert judged(skill("Java", quantity="most"), market).verdict == "contradicted"
    assert judged(skill("Python", quantity="few"), market).verdict == "contradicted"
    ninety = Amount(99, None, "percent")
    assert judged(skill("Python", amount=ninety), market).verdict == "contradicted"


def test_one_role_asks_for_a_skill_more_than_another() -> None:
    rows = posting_rows(600, "board", skills={"Python": 0.5})
    mine = pl.col("title") == AI.lower()
    rows = rows.with_columns(
        required=pl.when(mine).then(pl.lit(["Go"])).otherwise(pl.col("required"))
    )
    market = postings_market({"board": rows})
    more = skill("Go", roles=PAIR, sense="more")
    assert judged(more, market).verdict == "supported"
    assert judged(skill("Go", roles=(ML, AI), sense="more"), market).verdict == "contradicted"
    assert judged(skill("Go", roles=(ML, AI), sense="less"), market).verdict == "supported"


def test_what_is_no_skill_is_not_testable_and_says_what_it_may_be() -> None:
    found = judged(skill("Pyhton"), board(Python=0.5))
    assert found.verdict == "not testable with this data"
    assert "(nearest: Python)" in found.why


def test_without_postings_there_is_not_enough_evidence() -> None:
    assert judged(skill("Python")).verdict == "not enough evidence"


def test_more_often_of_one_role_is_than_of_the_other() -> None:
    rows = posting_rows(900, "board", skills={"Python": 0.5})
    mine = pl.col("title") == AI.lower()
    some = pl.int_range(pl.len()) % 3 == 0
    rows = rows.with_columns(
        required=pl.when(mine | some).then(pl.lit(["Go"])).otherwise(pl.lit(["Python"])),
        employer=pl.lit(None, pl.String),
    )
    market = postings_market({"board": rows})
    ml = skill("Go", text="ML adverts ask more often for Go", roles=(ML,))
    found = check(ARTICLE, market, claims=[ml, gap()]).judgements
    assert found[0].verdict == "contradicted"


def test_what_is_rare_is_so_whatever_the_denial() -> None:
    market = board(Python=0.9, Java=0.01)
    for negated in (True, False):
        rare = skill("Java", text="Java is seldom asked for", negated=negated)
        assert judged(rare, market).verdict == "supported"
        common = skill("Python", text="Python is seldom asked for", negated=negated)
        assert judged(common, market).verdict == "contradicted"


def test_a_quantity_in_the_sentence_counts() -> None:
    market = board(Python=0.35, Java=0.1, SQL=0.5, Go=0.5)
    assert judged(skill("Python", text="Python, in most job ads"), market).verdict != "supported"


def test_a_claim_that_lists_nothing_is_not_testable() -> None:
    assert judged(skill(), board(Python=0.5)).verdict == "not testable with this data"


# education and certificates


def asking(**columns: Any) -> Any:
    rows = posting_rows(400, "board")
    return postings_market({"board": rows.with_columns(**columns)})


def test_degrees_are_the_lowest_that_will_do() -> None:
    market = asking(education=pl.lit("bachelor"))
    degree = Claim("education", "x", roles=(AI,), items=("Bachelor’s",))
    assert judged(degree, market).verdict == "supported"
    doctor = Claim("education", "A PhD is mandatory", roles=(AI,), items=("PhD",))
    assert judged(doctor, market).verdict == "contradicted"
    beyond = Claim("education", "Neither asks for more than a bachelor's degree", roles=PAIR,
                   items=("bachelor's degree",), negated=True)  # fmt: skip
    assert judged(beyond, market).verdict == "supported"
    runes = Claim("education", "a pointed hat", roles=(AI,), items=("a pointed hat",))
    assert judged(runes, market).verdict == "not testable with this data"


def test_years_are_the_median_of_the_fewest_asked_for() -> None:
    market = asking(years=pl.Series([3, 3, 4, 4, 5] * 80))
    years = Claim("education", "three to five years", roles=(AI,), amount=Amount(3, 5, "years"))
    assert judged(years, market).verdict == "supported"
    some = Claim("education", "x", roles=(AI,), amount=Amount(2, None, "years"))
    assert judged(some, market).verdict == "supported"
    denied = Claim("education", "x", roles=(AI,), amount=Amount(3, 5, "years"), negated=True)
    assert judged(denied, market).verdict == "contradicted"
    ten = Claim("education", "ten years", roles=(AI,), amount=Amount(10, 10, "years"))
    assert judged(ten, market).verdict == "contradicted"


def test_certificates_are_those_that_ads_name() -> None:
    named = pl.Series([["AWS Certified Solutions Architect"], []] * 200).gather_every(1)
    rows = posting_rows(400, "board").with_columns(
        certifications=named.gather([k // 2 % 2 for k in range(400)])
    )
    market = postings_market({"board": rows})
    aws = Claim("certification", "x", roles=(AI,), items=("AWS Solutions Architect certificate",))
    some = Claim("certification", "x", roles=(AI,), items=("AWS Certified",))
    assert judged(some, market).verdict == "supported"
    assert judged(aws, market).points[0].verdict == "supported"
    none = Claim("certification", "x", roles=(AI,), items=("Certified Wizard",))
    assert judged(none, market).verdict == "partly"


def test_the_certificate_that_is_named_most() -> None:
    lists = [["AWS Certified Developer"], ["AWS Certified Developer"], ["CKA"], []]
    rows = posting_rows(1200, "board").with_columns(
        certifications=pl.Series([lists[k // 2 % 4] for k in range(1200)]),
        employer=pl.lit(None, pl.String),
    )
    market = postings_market({"board": rows})
    most = Claim("certification", "is the one employers name most", roles=(AI,),
                 items=("The AWS Developer certificate",))  # fmt: skip
    assert judged(most, market).verdict == "supported"
    wrong = replace(most, items=("CKA",))
    assert judged(wrong, market).verdict == "contradicted"
    assert judged(replace(wrong, negated=True), market).verdict == "supported"
    none = replace(most, items=("Certified Wizard",))
    assert judged(none, market).verdict == "not enough evidence"


def test_without_records_of_the_united_states_there_is_one_scope() -> None:
    market = load(jobs(400, country="GB"), OPTIONS).market
    assert {p.name for p in judged(gap(), market).points} == {
        "gap, all records", "gap, all records, titles read broadly",
    }  # fmt: skip


# places


def test_industries_that_hire_and_those_that_hire_most() -> None:
    market = postings_market({"board": posting_rows(1600, "board")})  # half 51, a quarter 52 and 62
    hires = Claim("industry", "x", roles=(AI,), items=("technology", "finance", "farming"))
    found = judged(hires, market)
    assert {p.name.split(",")[0]: p.verdict for p in found.points} == {
        "technology": "supported", "finance": "supported", "farming": "not enough evidence",
    }  # fmt: skip
    top = Claim("industry", "the top industry", roles=(AI,), items=("Technology",))
    assert judged(top, market).verdict == "supported"
    wrong = Claim("industry", "the top industry", roles=(AI,), items=("healthcare",))
    assert judged(wrong, market).verdict == "contradicted"
    magic = Claim("industry", "x", roles=(AI,), items=("sorcery",))
    assert judged(magic, market).verdict == "not testable with this data"


def test_countries_that_pay_best_by_rank() -> None:
    codes = ["US", "CH", "GB", "DE", "FR", "IN"]
    lift = {"US": 2.0, "CH": 1.7, "GB": 1.0, "DE": 0.8, "FR": 0.6, "IN": 0.2}
    frame = jobs(1200).with_columns(country=pl.Series([codes[k // 2 % 6] for k in range(1200)]))
    scale = pl.col("country").replace_strict(lift, return_dtype=pl.Float64)
    market = load(frame.with_columns(pl.col("min_amount", "max_amount") * scale), OPTIONS).market
    best = Claim("country", "the US and Switzerland pay best", roles=(AI,),
                 items=("United States", "Switzerland"))  # fmt: skip
    assert judged(best, market).verdict == "supported"
    assert judged(replace(best, negated=True), market).verdict == "contradicted"
    worst = Claim("country", "India pays best", roles=(AI,), items=("India",))
    assert judged(worst, market).verdict == "contradicted"
    europe = Claim("country", "Switzerland, which pays best in Europe", roles=(AI,),
                   items=("Switzerland",), region="Europe")  # fmt: skip
    assert judged(europe, market).verdict == "supported"
    inside = replace(europe, items=("Switzerland", "Europe"), region="")
    assert judged(inside, market).verdict == "supported"
    myth = Claim("country", "Mordor pays best", roles=(AI,), items=("Mordor",))
    assert judged(myth, market).verdict == "not testable with this data"


def test_a_share_is_judged_as_what_it_is_a_share_of() -> None:
    market = postings_market({"board": posting_rows(400, "board")})
    here = Claim("share", "x", roles=(AI,), items=("United States",), quantity="all")
    assert judged(here, market).verdict == "contradicted"
    named = Claim("share", "x", roles=(AI,), items=("Python",), quantity="most")
    assert judged(named, board(Python=0.9)).verdict == "supported"
    place = Claim("share", "x", roles=(AI,), items=("AI",), place="US", quantity="all")
    assert judged(place, market).verdict == "contradicted"
    odd = Claim("share", "x", roles=(AI,), items=("happiness",), quantity="most")
    assert judged(odd, market).verdict == "not testable with this data"


def test_remote_work_is_a_share_of_records() -> None:
    frame = jobs(400, remote=["remote"] * 300 + ["onsite"] * 100)
    market = load(frame, OPTIONS).market
    most = Claim("share", "most are remote", roles=(AI,), items=("remote",), quantity="most")
    assert judged(most, market).verdict == "supported"
    few = Claim("share", "few are remote", roles=(AI,), items=("remote",), quantity="few")
    found = judged(few, market)
    assert found.verdict == "contradicted"
    assert found.points[0].evidence[0].command.endswith("--json")


def test_shares_of_people_and_against_another_role_are_not_told_by_ads() -> None:
    market = postings_market({"board": posting_rows(400, "board")})
    held = Claim("share", "one in four AI engineers has a PhD", roles=(AI,), items=("PhD",),
                 amount=Amount(25, 25, "percent"))  # fmt: skip
    found = judged(held, market)
    assert found.verdict == "not testable with this data"
    assert "people hold" in found.points[0].why
    rarer = Claim("share", "remote jobs are rarer among AI engineers", roles=(AI,),
                  items=("remote",), sense="less")  # fmt: skip
    assert judged(rarer, market).verdict == "not testable with this data"


# growth, demand, trends


def test_projections_are_proxies_and_settle_nothing() -> None:
    for period, verdict in (
        (None, "not enough evidence"),
        ((2024, 2034), "not enough evidence"),
        ((2020, 2030), "not testable with this data"),
    ):
        claim = Claim("growth", "x", roles=(AI,), amount=percent(22), period=period)
        found = judged(claim, None)
        assert found.verdict == verdict
        assert all(e.proxy for p in found.points for e in p.evidence)
        assert "19.7 %" in found.why


def test_high_demand_alone_is_not_testable_but_more_than_another_is() -> None:
    high = judged(Claim("demand", "in high demand", roles=PAIR), None)
    assert high.verdict == "not testable with this data"
    ever = Claim("demand", "in higher demand than ever", roles=PAIR, sense="more")
    assert judged(ever, None).verdict == "not testable with this data"
    frame = pl.concat([jobs(200), *[jobs(400, seed=k).filter(pl.col("title") == ML)
                                    for k in range(2, 6)]])  # fmt: skip
    market = load(frame, OPTIONS).market
    more = Claim("demand", "more sought than", roles=(ML, AI), sense="more")
    assert judged(more, market).verdict == "supported"
    less = Claim("demand", "more sought than", roles=(AI, ML), sense="more")
    assert judged(less, market).verdict == "contradicted"


def test_a_role_that_becomes_more_common_within_a_source() -> None:
    year = [2022] * 600 + [2024] * 600
    frame = jobs(1200, year=year, title=[AI, ML, ML, ML] * 150 + [AI, AI, AI, ML] * 150)
    market = load(frame, OPTIONS).market
    assert judged(Claim("trend", "rises", roles=(AI,), sense="more"), market).verdict == "supported"
    assert judged(Claim("trend", "x", roles=(ML,), sense="more"), market).verdict == "contradicted"
    later = Claim("trend", "is expected to rise", roles=(AI,), sense="more")
    assert judged(later, market).verdict == "not testable with this data"
    half = Claim("trend", "fell by half", roles=(AI,), sense="less", amount=percent(50))
    assert judged(half, market).verdict == "not testable with this data"


def test_pay_and_remote_work_rise_and_fall_between_two_years() -> None:
    late = [2022] * 600 + [2024] * 600
    remote = (["remote"] * 500 + ["onsite"] * 100) + (["remote"] * 200 + ["onsite"] * 400)
    frame = jobs(1200, year=late, remote=remote, country="US")
    lift = pl.when(pl.col("year") == 2024).then(1.3).otherwise(1.0)
    market = load(frame.with_columns(pl.col("min_amount", "max_amount") * lift), OPTIONS).market
    fewer = Claim("trend", "fewer are remote than two years ago", roles=(AI,), sense="less")
    found = judged(fewer, market)
    assert found.verdict == "supported"
    assert [e.name[-4:] for e in found.points[0].evidence] == ["2022", "2024"]
    assert judged(replace(fewer, sense="more"), market).verdict == "contradicted"
    pay = Claim("trend", "salaries rise", roles=(AI,), sense="more")
    assert judged(pay, market).verdict == "supported"
    assert "year=2024" in judged(pay, market).points[0].evidence[1].command
    unknown = Claim("trend", "salaries rise", roles=(AI,), sense="more", period=(2010, 2012))
    assert judged(unknown, market).verdict == "not enough evidence"


# what cannot be judged


def test_an_invented_role_and_an_unread_claim_are_not_testable() -> None:
    for claim in (
        Claim("pay", "Wizards earn 400 gold pieces a year", invented=("Wizards",)),
        Claim("gap", "Warlocks earn more", invented=("Warlocks",), roles=(AI,), sense="more"),
        Claim("gap", "x", roles=("Wizard", "Warlock"), sense="more"),
        Claim("unread", "the figures are half as high again", roles=(AI,)),
        Claim("gap", "x"),
    ):
        found = judged(claim)
        assert found.verdict == "not testable with this data"
        assert found.settle


def test_too_few_records_are_never_judged() -> None:
    frame = jobs(8)
    market = load(frame, OPTIONS).market
    for claim in (gap(), gap(AI, ML), Claim("pay", "x", roles=(AI,), amount=dollars(1, 2))):
        assert judged(claim, market).verdict == "not enough evidence"


def test_one_claim_that_fails_fails_no_other() -> None:
    claims = [gap(AI, "Prompt Engineer"), gap(), gap(AI, AI)]
    found = check(ARTICLE, MADE, claims=claims).judgements
    assert [j.verdict for j in found] == [
        "not enough evidence", "supported", "not testable with this data",
    ]  # fmt: skip


def test_a_filter_holds_for_every_claim_and_stands_in_the_commands() -> None:
    found = check(ARTICLE, MADE, claims=[gap()], where="year=2024", extra="--data m/").judgements[0]
    commands = {e.command for p in found.points for e in p.evidence}
    assert commands == {
        "rolediff 'ML Engineer' 'AI Engineer' --where year=2024 --data m/",
        "rolediff 'ML Engineer' 'AI Engineer' --where country=US,year=2024 --data m/",
    } | {c for c in commands if "broad" in c}


def test_pay_that_is_paid_is_not_called_advertised() -> None:
    paid = load(jobs(200), ReadOptions(currency="USD", kind="paid")).market
    found = check(ARTICLE, paid, claims=[gap()])
    assert any("by pay as paid" in note for note in found.judgements[0].notes)
    assert "pay" not in dict(found.caveats)
    assert "pay" in dict(check(ARTICLE, None, claims=[gap()]).caveats)


def test_judgements_stand_in_order_of_position_and_are_counted() -> None:
    claims = [gap(start=50), gap(AI, ML, start=10), gap(start=30)]
    found = check(ARTICLE, MADE, claims=claims)
    assert [j.claim.start for j in found.judgements] == [10, 30, 50]
    assert (found.counts["supported"], found.counts["contradicted"]) == (2, 1)
    assert found.contradicted
    plain = found.to_dict()
    assert plain["judgements"][0]["points"][0]["p_adjusted"] > 0


def test_more_claims_never_settle_more() -> None:
    alone = check(ARTICLE, MADE, claims=[gap(AI, ML)]).judgements[0]
    many = check(ARTICLE, MADE, claims=[gap(AI, ML), *[gap(start=k) for k in range(1, 40)]])
    pairs = zip(alone.points, many.judgements[0].points, strict=True)
    assert all((x.p_adjusted or 0) <= (y.p_adjusted or 0) for x, y in pairs)


def test_pooled_sources_are_judged_within_one() -> None:
    board_rows = postings_market({"board": posting_rows(400, "board")})
    market = merge(MADE, board_rows)
    found = judged(gap(), market)
    assert {e.source for p in found.points for e in p.evidence} <= {"table", "board"}
