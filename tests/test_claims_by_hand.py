"""A file of claims: written, edited and read again, and what is said of a mistake in it."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.claims.by_hand import HEAD, claims_of, read_claims, write_claims
from rolediff.claims.claim_fields import AMOUNT, FIELDS
from rolediff.errors import UsageError
from rolediff.results import Amount, Article, Claim, ClaimKind

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
WRITTEN = TEXT.filter(lambda text: bool(text.strip()))
NUMBER = st.one_of(st.integers(0, 10**6).map(float), st.floats(-1e9, 1e9))
AMOUNTS = st.builds(
    lambda a, b, open_end, unit, period, about: Amount(
        None if open_end == "low" else min(a, b), None if open_end == "high" else max(a, b),
        unit, period, about,
    ),
    NUMBER, NUMBER, st.sampled_from(["", "low", "high"]),
    st.sampled_from(["percent", "times", "years", "points", "", "USD", "EUR"]),
    st.sampled_from(["year", "month", "week", "day", "hour", ""]), st.booleans(),
)  # fmt: skip
CLAIMS = st.builds(
    Claim,
    kind=st.sampled_from(get_args(ClaimKind)),
    text=WRITTEN,
    start=st.integers(0, 10**7), end=st.integers(0, 10**7), line=st.integers(0, 10**5),
    roles=st.lists(TEXT, max_size=3).map(tuple),
    invented=st.lists(TEXT, max_size=2).map(tuple),
    items=st.lists(TEXT, max_size=3).map(tuple),
    amount=st.one_of(st.none(), AMOUNTS),
    statistic=st.sampled_from(["average", "median", "entry", "top", ""]),
    sense=st.sampled_from(["more", "less", "same", ""]),
    quantity=st.sampled_from(["most", "few", "all", "none", "some", "majority", ""]),
    place=st.sampled_from(["", "US", "DE"]),
    region=TEXT,
    period=st.one_of(st.none(), st.tuples(st.integers(1, 2000), st.integers(2001, 9999))),
    negated=st.booleans(), hedged=st.booleans(), by_hand=st.booleans(),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(CLAIMS, max_size=3))
def test_what_is_written_is_read_again(claims: list[Claim]) -> None:
    assert claims_of(write_claims(claims)) == tuple(claims)


def test_every_field_can_be_written_and_is_explained() -> None:
    assert list(FIELDS) == [field.name for field in fields(Claim)]
    assert list(AMOUNT) == [field.name for field in fields(Amount)]
    for name in (*FIELDS, *AMOUNT):
        assert name in HEAD
    for kind in get_args(ClaimKind):
        assert kind in HEAD


def test_a_file_as_written() -> None:
    claim = Claim("pay", "$120,000 – $160,000", 10, 29, 3, ("AI Engineer",),
                  amount=Amount(120_000, 160_000, "USD", "year"), statistic="average")  # fmt: skip
    assert write_claims([claim]).removeprefix(HEAD).strip() == (
        '[[claim]]\nkind = "pay"\ntext = "$120,000 – $160,000"\nstart = 10\nend = 29\nline = 3\n'
        'roles = ["AI Engineer"]\n'
        'amount = { low = 120000, high = 160000, unit = "USD", period = "year" }\n'
        'statistic = "average"\nby_hand = false'
    )


def test_no_claims_are_a_file_of_comments() -> None:
    assert tomllib.loads(write_claims([])) == {}
    assert claims_of("") == ()


def test_a_claim_by_hand_stands_where_its_text_does(tmp_path: Path) -> None:
    article = Article("a.md", "Title\n\nAI engineers\nearn more.", ())
    file = tmp_path / "claims.toml"
    file.write_text('[[claim]]\nkind = "gap"\ntext = "AI engineers earn more"\nplace = "Germany"\n')
    (claim,) = read_claims(file, article)
    assert (claim.start, claim.end, claim.line, claim.by_hand) == (7, 29, 3, True)
    assert article.text[claim.start : claim.end] == "AI engineers\nearn more"
    assert claim.place == "DE"


GOOD = '# a comment\n[[claim]]\nkind = "pay"\ntext = "x"\n\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind = ", "no TOML"),
        ("[claims]\n", 'unknown key "claims"'),
        ("claim = 3\n", r"\[\[claim\]\]"),
        (f'{GOOD}[[claim]]\nkind = "pays"\ntext = "x"\n', "line 7, claim 2: no kind 'pays'"),
        (f'{GOOD}[[claim]]\ntext = "x"\n', "line 6, claim 2: kind is missing"),
        (f'{GOOD}[[claim]]\nkind = "pay"\n', "line 7, claim 2: text is missing"),
        (f'{GOOD}role = ["AI"]\n', "line 6, claim 1: unknown key role: did you mean roles"),
        (f'{GOOD}roles = "AI Engineer"\n', "line 6, claim 1: roles is a list"),
        (f'{GOOD}text2 = " "\n', "unknown key text2: did you mean text"),
        (GOOD.replace('"x"', '" "'), "line 4, claim 1: text is empty"),
        (f"{GOOD}period = [2030, 2020]\n", "line 6, claim 1: period: the first year"),
        (f"{GOOD}period = 2030\n", "period is two years"),
        (f'{GOOD}place = "Mordor"\n', "'Mordor' is no country"),
        (f"{GOOD}negated = 1\n", "negated is true or false"),
        (f"{GOOD}line = -1\n", "line is a whole number"),
        (f"{GOOD}amount = 5\n", "amount is a table"),
        (f"{GOOD}amount = {{ unit = 'USD' }}\n", "amount: write low, high or both"),
        (f"{GOOD}amount = {{ low = 2, high = 1 }}\n", "low 2 is above high 1"),
        (f"{GOOD}amount = {{ low = 'a' }}\n", "amount: low is a number"),
        (f"{GOOD}amount = {{ low = nan }}\n", "amount: low is a number"),
        (f"{GOOD}amount = {{ low = 1, unit = 'gold' }}\n", "no unit 'gold'"),
        (f"{GOOD}amount = {{ low = 1, about = 3 }}\n", "amount: about is true or false"),
        (f"{GOOD}sense = 'up'\n", "line 6, claim 1: no sense 'up'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        claims_of(text)


@pytest.mark.parametrize("place", ["text = 'not there'", "text = 'AI . earn'"])
def test_a_text_that_is_not_in_the_article_is_refused(place: str) -> None:
    article: Any = Article("a.md", "AI engineers earn more.", ())
    with pytest.raises(UsageError, match=r"line 3, claim 1: text .* does not stand in the article"):
        claims_of(f"[[claim]]\nkind = 'gap'\n{place}\n", "claims", article)


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_claims(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        read_claims(tmp_path / "bad.toml")
