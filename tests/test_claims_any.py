"""Whatever is claimed, a check answers: a verdict with its reason, and no claim fails it."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from asking import PAIR, jobs
from dated import posting_rows, postings_market
from hypothesis import given, settings
from hypothesis import strategies as st
from test_claims_by_hand import AMOUNTS

from rolediff.claims.check import check
from rolediff.claims.rule import Rule
from rolediff.market import ReadOptions, load, merge
from rolediff.results import Article, Claim, ClaimKind

PAY = load(jobs(200), ReadOptions(currency="USD")).market
BOARD = postings_market(
    {"board": posting_rows(160, "board", skills={"Python": 0.8, "Go": 0.3, "SQL": 0.5})}
)
MARKETS = (PAY, BOARD, merge(PAY, BOARD), load(jobs(8), ReadOptions(currency="USD")).market)
WORDS = (
    "more often", "rarely", "not always", "such as", "may", "top", "mandatory", "senior", "than",
    "remote", "in most job ads", "the most", "expected", "pays best", "$5,000 less", "or", "",
)  # fmt: skip
ITEMS = (
    "Python", "Go", "Pyhton", "machine learning", "technology", "finance", "automotive", "sorcery",
    "United States", "UK", "Mordor", "Europe", "bachelor's degree", "PhD", "a degree", "remote",
    "AWS Certified Developer", "broader scope", "seniority", "complexity", "location", "",
)  # fmt: skip
CLAIMS = st.builds(
    Claim,
    kind=st.sampled_from(get_args(ClaimKind)),
    text=st.lists(st.sampled_from(WORDS + ITEMS), max_size=5).map(" ".join),
    start=st.integers(0, 200), line=st.integers(0, 3),
    roles=st.lists(st.sampled_from((*PAIR, "Data Scientist", "Wizard")), max_size=3).map(tuple),
    invented=st.lists(st.just("Warlock"), max_size=1).map(lambda x: tuple(x[:0] or x)),
    items=st.lists(st.sampled_from(ITEMS), max_size=4).map(tuple),
    amount=st.one_of(st.none(), AMOUNTS),
    statistic=st.sampled_from(["average", "median", "entry", "senior", "top", ""]),
    sense=st.sampled_from(["more", "less", "same", ""]),
    quantity=st.sampled_from(["most", "few", "all", "none", "some", "majority", ""]),
    place=st.sampled_from(["", "", "US", "DE", "GB"]),
    region=st.sampled_from(["", "", "Europe", "Narnia"]),
    period=st.sampled_from([None, None, (2023, 2024), (2024, 2024), (1, 9999), (2024, 2034)]),
    negated=st.booleans(), hedged=st.booleans(), by_hand=st.booleans(),
)  # fmt: skip


@settings(max_examples=100)
@given(st.sampled_from(MARKETS), st.lists(CLAIMS, min_size=1, max_size=4))
def test_any_claim_has_a_verdict(market: Any, claims: list[Claim]) -> None:
    found = check(Article("any.md", "x" * 300, ()), market, claims=claims)
    assert sorted(map(repr, claims)) == sorted(repr(j.claim) for j in found.judgements)
    for j in found.judgements:
        assert j.points
        assert j.why.endswith(".")
        assert j.settle or j.verdict in ("supported", "contradicted")
        for p in j.points:
            assert p.why
            if p.verdict in ("supported", "contradicted"):
                assert p.evidence
                assert p.p_adjusted is not None
                assert all(e.estimate.n >= 5 for e in p.evidence)
            if p.verdict == "contradicted":
                assert p.p_adjusted is not None
                assert p.p_adjusted < 0.05
    found.to_dict()


@settings(max_examples=30)
@given(st.lists(CLAIMS, min_size=1, max_size=3))
def test_a_stricter_rule_settles_no_more(claims: list[Claim]) -> None:
    article, market = Article("any.md", "x" * 300, ()), MARKETS[2]
    loose = check(article, market, claims=claims)
    for stricter in (Rule(confidence=0.999), Rule(least=10_000)):
        strict = check(article, market, claims=claims, rule=stricter)
        for before, after in zip(loose.judgements, strict.judgements, strict=True):
            for x, y in zip(before.points, after.points, strict=True):
                if "rank" not in x.why:  # a place's share of alpha is by ranks, whatever they are
                    assert y.verdict in (x.verdict, "not enough evidence")


@pytest.mark.parametrize("least", [5, 50])
def test_least_records_hold_for_each_role_of_a_comparison(least: int) -> None:
    frame = jobs(400, title=[PAIR[0]] * 380 + [PAIR[1]] * 20)
    market = load(frame, ReadOptions(currency="USD")).market
    claim = Claim("gap", "x", roles=PAIR, sense="same", negated=True)
    found = check(Article("any.md", "x", ()), market, claims=[claim], rule=Rule(least=least))
    few = all("records of one role" in p.why for p in found.judgements[0].points)
    assert few == (least == 50)


@pytest.mark.parametrize("kind", get_args(ClaimKind))
def test_a_place_that_is_none_fails_no_check(kind: ClaimKind) -> None:
    claim = Claim(
        kind, "because of remote work", roles=("AI Engineer", "ML Engineer"), region="Narnia",
        items=("Python",), sense="more",
    )  # fmt: skip
    article = Article("made", "AI engineers and ML engineers", ())
    verdict = check(article, claims=[claim]).judgements[0].verdict
    assert verdict in ("not testable with this data", "not enough evidence")
