"""Where roles are hired: shares by hand, laws, pay that borrows, and what the command prints."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest
from asking import PAIR, ask, jobs
from dated import posting_rows, postings_market
from hypothesis import given, settings
from hypothesis import strategies as st

import rolediff
from rolediff.compare.categories import category_shares, tally
from rolediff.compare.category_pay import category_pay
from rolediff.compare.lens import Lens
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import ReadOptions, load, merge
from rolediff.report.json import envelope
from rolediff.report.where_markdown import markdown
from rolediff.report.where_words import headline, rounded, who_more
from rolediff.results import Places

Capture = pytest.CaptureFixture[str]
BUNDLED = rolediff.where(*PAIR)


def rows(**columns: Any) -> pl.DataFrame:
    table = {"employer": None, "n": 1} | columns
    frame = pl.DataFrame(table).with_columns(pl.col("employer").cast(pl.String))
    return frame.with_columns(pl.col("n").cast(pl.UInt32))


# shares


def test_shares_are_counts_over_those_that_state_it() -> None:
    frame = rows(
        is_a=[True] * 8 + [False] * 6,
        sector=["51"] * 6 + ["52", None] + ["51"] * 2 + ["52"] * 4,
        employer=list("aaaabbcd") + list("xyzzzw"),
    )
    counted, rare = tally(frame, "sector")
    found = {s.category: s for s in category_shares(counted, {"51": "Information"}, "made")}
    assert rare == 0
    info = found["51"]
    assert (info.label, info.n_a, info.n_b) == ("Information", 6, 2)
    assert (info.employers_a, info.employers_b) == (2, 2)
    assert info.a.value == pytest.approx(6 / 7)
    assert info.b.value == pytest.approx(2 / 6)
    assert info.a.n == 7
    assert info.equal_a is not None
    assert info.equal_a.value == pytest.approx(2 / 3)  # a and b wholly there, c not
    assert info.difference.value == pytest.approx(6 / 7 - 2 / 6)
    assert found["52"].label == "52"


def test_rare_categories_are_counted_but_not_shown() -> None:
    frame = rows(is_a=[True, False] * 6, sector=["51"] * 8 + ["52"] * 3 + ["61"])
    counted, rare = tally(frame, "sector")
    assert (counted.categories, rare) == (("51",), 2)
    assert counted.shares(True).value[0] == pytest.approx(4 / 6)
    assert counted.posters(True) == [None]


def test_without_employers_copies_of_a_record_are_one_unit() -> None:
    many = rows(is_a=[True] * 6 + [False] * 6, sector=["51", "52"] * 6)
    one = rows(is_a=[True] * 2 + [False] * 6, sector=["51", "52"] * 4, n=[3, 3] + [1] * 6)
    wide, narrow = (
        category_shares(tally(frame, "sector")[0], {}, "made")[0].a for frame in (one, many)
    )
    assert wide.value == narrow.value == 0.5
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low
    assert (wide.clusters, narrow.clusters) == (2, 6)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from("pqr"), st.sampled_from("abcdef")),
        min_size=12, max_size=60,
    )
)  # fmt: skip
def test_swapping_roles_negates_every_difference(drawn: list[tuple[bool, str, str]]) -> None:
    sides, sectors, employers = (list(x) for x in zip(*drawn, strict=True))
    frame = rows(is_a=sides, sector=sectors, employer=employers)
    turned = frame.with_columns(is_a=~pl.col("is_a"))
    for one, other in zip(
        category_shares(tally(frame, "sector")[0], {}, ""),
        category_shares(tally(turned, "sector")[0], {}, ""),
        strict=True,
    ):
        assert (one.a, one.b, one.n_a) == (other.b, other.a, other.n_b)
        assert one.difference.value == pytest.approx(-other.difference.value)
        assert one.p_bh == pytest.approx(other.p_bh)
        for share in (one.a, one.b):
            assert share.low is None or 0 <= share.low <= share.value <= (share.high or 0) <= 1


# pay


def paid(n: int = 400, seed: int = 4) -> pl.DataFrame:
    """Records in six countries; the mean log pay falls by 0.2 from each to the next."""
    draw = np.random.default_rng(seed)
    names = ["US", "CA", "GB", "DE", "ES", "IN"]
    at = draw.choice(6, n, p=[0.4, 0.2, 0.2, 0.1, 0.07, 0.03])
    low = np.exp(12 - 0.2 * at + draw.normal(0, 0.3, n))
    return jobs(
        n, min_amount=low.tolist(), max_amount=(1.1 * low).tolist(), year=2024,
        country=[names[k] for k in at],
    )  # fmt: skip


def countries(frame: pl.DataFrame) -> Places:
    return rolediff.where(*PAIR, frame).countries[0]


def test_pay_is_drawn_toward_the_mean_the_more_the_fewer_there_are() -> None:
    by = {(p.category, p.role): p for p in countries(paid()).pay}
    assert by["US", "A"].market.shrunk < by["ES", "A"].market.shrunk < 1
    for p in by.values():
        m = p.market
        assert m.pay.low is not None
        assert m.pay.high is not None
        assert m.pay.low < m.pay.value < m.pay.high
        assert m.best <= m.rank <= m.worst <= m.of
    assert by["US", "A"].market.rank == 1
    assert by["US", "A"].market.worst <= 2


def test_ranks_of_equal_pay_are_wide() -> None:
    draw = np.random.default_rng(1)
    frame = paid().with_columns(
        min_amount=pl.Series(np.exp(11.5 + draw.normal(0, 0.3, 400))), max_amount=None
    )
    cells = [p.market for p in countries(frame).pay if p.role == "A"]
    assert all((m.best, m.worst) == (1, m.of) for m in cells)


def test_purchasing_power_is_the_same_in_the_us_and_more_in_india() -> None:
    by = {(p.category, p.role): p for p in countries(paid(3000)).pay}
    us, india = by["US", "A"], by["IN", "A"]
    assert us.ppp is not None
    assert india.ppp is not None
    assert us.ppp.raw == pytest.approx(us.market.raw, rel=1e-9)
    assert india.ppp.raw > 2 * india.market.raw


def test_asking_for_purchasing_power_still_shows_both() -> None:
    plain, ppp = rolediff.where(*PAIR, paid()), rolediff.where(*PAIR, paid(), money="ppp")
    assert plain.money == ppp.money == "US$ a year"
    assert plain.countries == ppp.countries


def test_pay_is_missing_with_its_reason_and_shares_stay() -> None:
    few = paid().with_columns(
        pl.when(pl.int_range(pl.len()) < 6).then("min_amount").alias("min_amount"),
        pl.when(pl.int_range(pl.len()) < 6).then("max_amount").alias("max_amount"),
    )
    found = countries(few)
    assert found.shares
    assert not found.pay
    assert "5 of each role are needed" in found.missing["pay"]


def test_pay_that_does_not_vary_is_no_error() -> None:
    flat = paid().with_columns(min_amount=100_000.0, max_amount=100_000.0)
    assert countries(flat).missing.keys() <= {"pay"}


def test_too_few_with_pay_is_said() -> None:
    frame = rows(is_a=[True, False], country=["US", "US"], low=[1.0, 1.0], high=[1.0, 1.0])
    with pytest.raises(NotEnoughEvidence, match="1 and 1 distinct"):
        category_pay(
            frame.with_columns(
                [pl.lit("x").alias(c) for c in ("source", "level", "remote", "company_size",
                 "employment_type", "education", "industry")], year=2024,
            ), "country", {}, Lens(),
        )  # fmt: skip


# the whole answer


def test_bundled_industries_are_among_the_employers_of_the_postings() -> None:
    (industry,) = BUNDLED.industries
    assert (industry.source, industry.factor, industry.unit) == ("ashby", "sector", "posting")
    assert [p.source for p in BUNDLED.countries] == ["aijobs", "ashby"]
    assert headline(BUNDLED).startswith("Among the employers of ashby")
    codes = {code for code, _ in BUNDLED.caveats}
    assert {"among", "one-employer", "one-source", "no-employer"} <= codes
    assert all(1 >= s.a.value >= 0 for s in industry.shares)


def test_pay_by_industry_is_of_more_titles_where_there_is_else_nothing_to_rank() -> None:
    answer = rolediff.where("AI Engineer", "ML Engineer")
    broad = rolediff.where("AI Engineer", "ML Engineer", reading="broad")
    (told,), read = answer.industries, broad.industries[0]
    assert told.pay_reading == "broad"
    assert told.pay == read.pay
    assert told.shares != read.shares
    assert all(sum(p.role == role for p in told.pay) > 1 for role in "AB")
    assert {p.market.of for p in told.pay} != {1}
    assert not read.pay_reading
    assert all(not p.pay_reading for p in answer.countries)


def test_bundled_counts_are_those_of_the_market() -> None:
    us = next(s for s in BUNDLED.countries[0].shares if s.category == "US")
    diff = rolediff.diff(*PAIR, where="country=US,source=aijobs")
    assert (us.n_a, us.n_b) == (diff.a.n, diff.b.n)
    assert us.a.value == pytest.approx(us.n_a / BUNDLED.countries[0].n_a)


def test_sources_side_by_side() -> None:
    by = {s.category: s for s in BUNDLED.agreement}
    assert by["US"].sources == ("aijobs", "ashby")
    assert by["US"].agree == "yes"
    for s in by.values():
        signs = {math.copysign(1, e.value) for e in (s.first, s.second)}
        assert s.agree != "no" or len(signs) == 2


def test_swapping_the_roles_swaps_the_answer() -> None:
    turned = rolediff.where(*reversed(PAIR))
    for p, q in zip(BUNDLED.countries, turned.countries, strict=True):
        for s, t in zip(p.shares, q.shares, strict=True):
            assert (s.category, s.n_a, s.n_b) == (t.category, t.n_b, t.n_a)
            assert (s.a.value, s.a.low) == pytest.approx((t.b.value, t.b.low))
            assert s.difference.value == pytest.approx(-t.difference.value)


def test_proxies_are_marked_with_year_and_shares_are_of_all_employees() -> None:
    assert {p.roles for p in BUNDLED.proxies} == {("A", "B"), ("B",)}
    assert BUNDLED.official[0]["version"] == "May 2025"
    for soc in {p.soc for p in BUNDLED.proxies}:
        total = sum(p.share for p in BUNDLED.proxies if p.soc == soc)
        assert 0.5 < total <= 1.01


def test_a_table_with_its_own_industries() -> None:
    names = ["banking" if k % 3 else "health" for k in range(240)]
    answer = rolediff.where(*PAIR, jobs(240, industry=names))
    (industry,) = answer.industries
    assert industry.factor == "industry"
    assert {s.category for s in industry.shares} == {"banking", "health"}
    assert "no-industry" not in dict(answer.caveats)
    assert "no-industry" in dict(rolediff.where(*PAIR, jobs(240)).caveats)


def test_an_ad_posted_again_counts_once() -> None:
    single = posting_rows(40, "s", date="2025-06", ad=False)
    again = single.with_columns(ad=pl.format("ad{}", pl.int_range(pl.len())))
    thrice = again.with_columns(n=pl.lit(3, pl.UInt32))
    once, more = (
        rolediff.where(*PAIR, postings_market({"s": frame})).industries[0]
        for frame in (again, thrice)
    )
    assert [(s.n_a, s.n_b, s.a) for s in once.shares] == [(s.n_a, s.n_b, s.a) for s in more.shares]


def test_who_more_is_silent_where_employers_alike_say_the_opposite() -> None:
    found = {s.category: s for s in BUNDLED.industries[0].shares}
    finance = found["52"]
    assert finance.p_bh < 0.05
    assert finance.equal_a is not None
    assert finance.equal_b is not None
    assert finance.equal_a.value < finance.equal_b.value
    assert who_more(finance, BUNDLED) == ""


def test_a_second_source_that_cannot_answer_degrades_alone() -> None:
    few = load(jobs(8, 2), ReadOptions(source="few")).market
    both = merge(load(jobs(240), ReadOptions(source="large")).market, few)
    assert [p.source for p in rolediff.where(*PAIR, both).countries] == ["large"]


# the command


def test_text_fits_and_has_the_proxies(capsys: Capture) -> None:
    said = ask(capsys, "where", *PAIR)
    assert (said.code, said.err) == (0, "")
    assert all(len(line) <= 80 for line in said.out.splitlines())
    for part in ("Who hires, by industry, among the employers of ashby", "alike", "at PPP"):
        assert part in said.out
    assert "Beside it: neighbouring occupations in the US, OEWS May 2025" in said.out
    assert "industries that hire" not in said.out


def test_json_is_complete_and_stable(capsys: Capture) -> None:
    first, second = (ask(capsys, "where", *PAIR, "--json").out for _ in range(2))
    assert first == second
    result = json.loads(first)["result"]
    assert set(result) >= {"sentence", "industries", "countries", "agreement", "proxies", "caveats"}
    whole = json.loads(envelope("where", 1, BUNDLED.to_dict(), rolediff.__version__))["result"]
    assert result == {"sentence": headline(BUNDLED), **whole}


def test_markdown_has_every_category(capsys: Capture) -> None:
    out = ask(capsys, "where", *PAIR, "--markdown").out
    assert out == markdown(BUNDLED)
    for p in (*BUNDLED.industries, *BUNDLED.countries):
        assert all(f"| {s.label} |" in out for s in p.shares)


@pytest.mark.parametrize(
    ("argv", "code", "part"),
    [
        ((PAIR[0],), 2, "name two roles"),
        ((PAIR[0], PAIR[0]), 2, "name two different ones"),
        ((PAIR[0], "Wizard Herder"), 2, "Wizard Herder"),
        ((*PAIR, "--where", "country=ZZ"), 4, "no records with country=ZZ"),
        ((*PAIR, "--where", "year=2020"), 4, "5 of each role in one source are needed"),
        ((*PAIR, "--json", "--markdown"), 2, "choose one"),
    ],
)
def test_bad_input_is_one_line(
    capsys: Capture, argv: tuple[str, ...], code: int, part: str
) -> None:
    said = ask(capsys, "where", *argv)
    assert (said.code, said.out) == (code, "")
    assert part in said.err
    assert said.err.count("\n") <= 3


def test_one_role_twice_is_refused_from_python() -> None:
    with pytest.raises(UsageError, match="two different"):
        rolediff.where(PAIR[0], PAIR[0])
    with pytest.raises(UsageError, match="no reading"):
        rolediff.where(*PAIR, reading="loose")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("share", "said"), [(0.5, "50"), (0.012, "1.2"), (0.0, "0"), (0.0996, "10"), (None, "")]
)
def test_shares_in_words(share: float | None, said: str) -> None:
    assert rounded(share) == said


def test_every_share_names_its_source_and_count() -> None:
    def estimates(x: Any) -> list[Mapping[str, Any]]:
        if isinstance(x, dict):
            here = [x] if {"value", "low", "n", "source"} <= set(x) else []
            return here + [e for v in x.values() for e in estimates(v)]
        return [e for v in x for e in estimates(v)] if isinstance(x, list) else []

    found = estimates(BUNDLED.to_dict())
    assert len(found) > 100
    assert all(e["source"] and e["method"] for e in found)
    assert all(e["n"] >= 5 for e in found if e["source"] != "oews")
