"""Literals that regexes cannot do without, and titles that are read once each."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.annotate.distinct import Distinct, Titles
from rolediff.annotate.literals import literals_of
from rolediff.annotate.posting_role import ROLES
from rolediff.annotate.roles import Catalogue, matches
from rolediff.annotate.titles import core_of_shaped, core_title, shape

CATALOGUE = Catalogue.load()
RULES = [
    rule
    for name in ROLES
    for rule in (CATALOGUE.resolve(name).strict, CATALOGUE.resolve(name).broad)
]
_SOME = (
    "ai a.i. ml mle llm gen machine learning engineer developer senior staff lead (remote) [us] , /"
    " - + agent agents platform software founding ii 漢字 (ml) & and of deep ops ml/ai applied"
)
WORDS = st.sampled_from(_SOME.split())


@pytest.mark.parametrize(
    ("patterns", "wanted"),
    [
        (["ab|cd"], ("ab", "cd")),
        (["(?:ab|cd) engineer", "ef engineer"], ("ab", "cd", "ef")),
        (["^(?:old )?ab$", "xaby"], ("ab", "old")),
        (["a\\.?i"], ("a.i", "ai")),
        (["gr[ae]y[0-9]+"], ("gray", "grey")),
        (["(?:ab)+ ?c*"], ("ab",)),
        (["ab", ""], ("ab",)),
        (["(?:ab)?"], None),
        (["[a-z]+"], None),
        (["ab|.*"], None),
        (["ab("], None),
        (["(?i:ab)"], None),
    ],
)
def test_literals_of_a_pattern(patterns: list[str], wanted: tuple[str, ...] | None) -> None:
    assert literals_of(patterns) == wanted


PARTS = st.sampled_from(
    ["ab", "cd e", "f", "[gh]", "[a-z]", "x?", "(?:ab|cd)", "y+", "z{2,3}", "\\b", "."]
)
PATTERNS = st.lists(
    st.lists(PARTS, min_size=1, max_size=4).map("".join), min_size=1, max_size=3
).map("|".join)


@given(PATTERNS, st.text("abcdefghxyz ", max_size=12))
def test_no_match_without_a_literal(pattern: str, text: str) -> None:
    literals = literals_of([pattern])
    if literals is not None and re.search(pattern, text):
        assert any(literal in text for literal in literals)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=7).map(" ".join), min_size=1, max_size=30))
def test_a_core_title_of_a_role_has_a_literal_in_its_shape(titles: list[str]) -> None:
    literals = literals_of(rule.include for rule in RULES)
    assert literals is not None
    shapes = shape(pl.Series(titles))
    hinted = shapes.str.contains_any([*literals])
    core = core_of_shaped(shapes)
    assert core.to_list() == core_title(pl.Series(titles)).to_list()
    for name in ROLES:
        met = matches(CATALOGUE.resolve(name), core, "broad")
        assert not (met & ~hinted).any()


def test_what_is_told_of_a_value_is_told_of_its_rows() -> None:
    read = Distinct.of(pl.Series(["b", "A\u2011x", None, "b"], dtype=pl.String))
    assert read.values.gather(read.which).to_list() == ["b", "A\u2011x", None, "b"]
    assert read.low.gather(read.which).to_list() == ["b", "a-x", None, "b"]
    told = pl.DataFrame(
        {"row": [int(read.which[0])], "said": ["yes"]}, schema_overrides={"row": pl.UInt32}
    )
    assert read.rows(told).rows() == [(0, "yes"), (3, "yes")]
    titles = Titles.of(pl.Series(["Sr. Dev", "Sr. Dev"]))
    assert titles.shapes.to_list() == ["sr. dev"]
    assert titles.frame().rows() == [(0, "Sr. Dev", "sr. dev")]
