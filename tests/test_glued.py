"""A figure and its unit are never on two lines."""

from __future__ import annotations

import re

import pytest
from asking import PAIR, ask
from rich.text import Text

import rolediff
from rolediff.report.brief_html import page
from rolediff.report.glued import GLUE, bound, glued


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("48 % of 54", "48_% of 54"),
        ("(n = 41), 27 points", "(n_=_41), 27_points"),
        ("by 4.5 years in 2025 or 3,000 US$", "by 4.5_years in 2025 or 3,000_US$"),
        ("a % of b, in = 4", "a % of b, in = 4"),
    ],
)
def test_spaces_between_figures_and_units_hold(text: str, said: str) -> None:
    assert glued(text, "_") == said
    assert bound(Text(text)).plain == said.replace("_", GLUE)


def test_styles_stay_where_they_were() -> None:
    text = Text("48 % of 54", style="bold")
    text.stylize("red", 0, 4)
    assert bound(text).spans == text.spans


@pytest.mark.parametrize("verb", [(), ("where",), ("trend",), ("skills",)])
def test_no_line_of_an_answer_begins_with_a_unit(
    verb: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    said = ask(capsys, *verb, *PAIR)
    assert said.code == 0
    assert GLUE not in said.out
    assert "\u00a0" not in said.out
    assert not [line for line in said.out.splitlines() if re.match(r" *(%|points) ", line)]


def test_the_page_of_a_brief_holds_them_together() -> None:

    assert not re.search(r"<li>[^<]*[0-9] %", page(rolediff.brief(*PAIR)))
