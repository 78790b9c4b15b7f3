"""Reports: what they look like, what they show and hide, and what data cannot do to them."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import polars as pl
import pytest
from asking import PAIR, ask, csv_file, jobs
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

import rolediff
from rolediff import Comparison
from rolediff.report.json import envelope
from rolediff.report.markdown import markdown, safe
from rolediff.report.printable import printable
from rolediff.report.text import show

NASTY = "[red]Evil[/red] | <script>*x*</script> `y` \x1b[31m\x9b2J\x07\u202e\r\nCorp"


def shown(c: Comparison, width: int = 80) -> str:
    page = io.StringIO()
    show(c, Console(file=page, width=width, highlight=False, markup=False, emoji=False))
    return page.getvalue()


def flip() -> pl.DataFrame:
    """AI engineers are better paid in each country, but most of them are where pay is low."""
    country = ["US" if (i % 2) != (i % 5 == 0) else "IN" for i in range(240)]
    pay = [
        (150_000 if place == "US" else 40_000) * (1.2 if i % 2 == 0 else 1) + 97 * (i % 31)
        for i, place in enumerate(country)
    ]
    return jobs(country=country, min_amount=pay, max_amount=pay)


TABLES: dict[str, pl.DataFrame] = {
    "plain": jobs(),
    "employers and repeats": pl.concat(
        [jobs(80, company=["Big Corp" if i % 5 else f"c{i}" for i in range(80)])] * 2
    ),
    "sign turns": flip(),
    "few": jobs(14),
    "nothing recorded": jobs(40, country=None, level="mid", year=None),
}


@pytest.fixture(params=TABLES)
def answer(request: pytest.FixtureRequest) -> Comparison:
    return rolediff.diff(*PAIR, TABLES[request.param])


# as they are


def test_text(answer: Comparison, snapshot: SnapshotAssertion) -> None:
    assert shown(answer) == snapshot


def test_markdown(answer: Comparison, snapshot: SnapshotAssertion) -> None:
    assert markdown(answer) == snapshot


def test_no_line_is_longer_than_asked(answer: Comparison) -> None:
    for width in (80, 100):
        assert max(map(len, shown(answer, width).splitlines())) <= width


def test_every_table_row_has_as_many_cells_as_its_head(answer: Comparison) -> None:
    table: list[int] = []
    for line in [*markdown(answer).splitlines(), ""]:
        if line.startswith("|"):
            table.append(len(re.findall(r"(?<!\\)\|", line)))
            continue
        assert len(set(table)) <= 1
        table.clear()


def test_all_of_them_say_the_same_first_sentence(answer: Comparison) -> None:
    text = " ".join(shown(answer).split())
    line = next(line for line in markdown(answer).splitlines() if line.startswith("**"))
    sentence = line.removeprefix("**").split(".**")[0]
    assert text.startswith(sentence.replace("\\", ""))


# what is said, and what is not


def test_a_sign_that_turns_is_flagged_everywhere() -> None:
    c = rolediff.diff(*PAIR, flip())
    assert [rung.flipped for rung in c.ladder][:2] == [False, True]
    assert "sign turns" in shown(c)
    assert "| sign turns |" in markdown(c)
    assert "sign turns round once country is held equal" in dict(c.caveats)["flip"]
    assert c.to_dict()["ladder"][1]["sign_flips"] is True


def test_few_records_are_marked() -> None:
    c = rolediff.diff(*PAIR, jobs(58))
    assert [code for code, _ in c.caveats].count("few") == 2
    assert "Only 29 records of " in shown(c)
    assert "few" not in dict(rolediff.diff(*PAIR, jobs(60)).caveats)


def test_categories_with_few_records_are_marked_and_tiny_ones_left_out() -> None:
    c = rolediff.diff(*PAIR, jobs(country=["US"] * 190 + ["GB"] * 42 + ["FR"] * 8))
    found = {w.category: w.weak for w in c.within["country"]}
    assert found == {"US": False, "GB": True}
    assert re.search(r"GB .* few", shown(c))


@pytest.mark.parametrize(("percentile", "least"), [(50, 6), (25, 13), (75, 13), (10, 36), (90, 36)])
def test_a_percentile_has_an_interval_from_this_many_records(percentile: int, least: int) -> None:
    for n, exists in ((least - 1, False), (least, True)):
        pay = [100_000.0 + 1_000 * i for i in range(2 * n)]
        frame = jobs(2 * n, min_amount=pay, max_amount=pay, country="US", level="mid", year=2024)
        estimate = rolediff.diff(*PAIR, frame).a.percentiles["mid"][percentile]
        assert (estimate.low is not None) == exists
        assert estimate.method == "too few records" or exists


def test_a_percentile_without_an_interval_says_too_few() -> None:
    assert "too few" in shown(rolediff.diff(*PAIR, jobs(14)))


def test_no_clear_difference_is_said_as_that() -> None:
    c = rolediff.diff(*PAIR, jobs(title=[PAIR[(i // 2) % 2] for i in range(240)], seed=8))
    assert c.gap.low is not None
    assert c.gap.high is not None
    if c.gap.low < 0 < c.gap.high:
        assert " ".join(shown(c).split()).startswith("No clear difference between ")


def test_a_gap_of_exactly_nothing_can_be_reported() -> None:
    level = [("mid", "senior")[i // 2 % 2] for i in range(240)]
    pay = [100_000.0 + i // 2 % 7 * 1_000 for i in range(240)]
    c = rolediff.diff(*PAIR, jobs(level=level, min_amount=pay, max_amount=pay, country="US"))
    assert c.gap.value == pytest.approx(0, abs=1e-12)
    assert shown(c)
    assert markdown(c)


def test_a_share_of_the_gap_is_told_only_where_there_clearly_is_one() -> None:
    for table, told in ((None, True), (TABLES["employers and repeats"], False)):
        c = rolediff.diff(*PAIR, table)
        assert ("% of the gap" in markdown(c)) == told
        assert ("is accounted for" in " ".join(shown(c).split())) == told


# what data cannot do


@pytest.fixture(scope="module")
def nasty() -> Comparison:
    companies = [NASTY if i % 3 == 0 else f"c{i % 40}" for i in range(240)]
    industries = [(NASTY, ":smile:", "=1+1")[i // 2 % 3] for i in range(240)]
    frame = jobs(company=companies, industry=industries, education=NASTY)
    return rolediff.diff(rolediff.title_role("ai engineer"), PAIR[1], frame)


def test_names_from_data_reach_a_terminal_as_text(nasty: Comparison) -> None:
    text = shown(nasty, 100)
    assert "[red]Evil[/red]" in text
    assert ":smile:" in text
    assert text == re.sub(r"[^\n -~\u00a0-\u2027\u2030-\uffff]|[\u202a-\u202e]", "", text)


def test_names_from_data_are_no_markdown(nasty: Comparison) -> None:
    text = markdown(nasty)
    assert "\\<script\\>" in text
    assert not re.search(r"(?<!\\)[<>`]", text)
    assert not re.search(r"(?<!\\)\[", text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_names_from_data_are_whole_in_json_but_harmless(nasty: Comparison) -> None:
    text = envelope("comparison", 1, nasty.to_dict(), "0")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert NASTY in json.loads(text)["result"]["a"]["shares"]["industry"]


def test_names_of_files_and_columns_are_harmless_too(capsys: Any, tmp_path: Any) -> None:
    name = "evil \x1b[31m|<b>.csv"
    file = csv_file(tmp_path, jobs(), name)
    for form in ((), ("--markdown",), ("--json",)):
        for verb in (PAIR, ("sources",)):
            said = ask(capsys, *verb, "--data", file, *form)
            assert said.code == 0, said.err
            assert "\x1b" not in said.out
    assert "\\|\\<b\\>" in ask(capsys, "sources", "--data", file, "--markdown").out
    file = csv_file(tmp_path, pl.DataFrame({"a\x1b[2J\nb": ["x"]}))
    said = ask(capsys, *PAIR, "--data", file)
    assert (said.code, said.err.count("\n"), "\x1b" in said.err) == (3, 1, False)


def test_printable_leaves_plain_text_as_it_is() -> None:
    text = "Zoë & Søn, R&D 50 % – 日本語"
    assert printable(text) == text
    assert printable("a\x1b[0m\nb") == "a [0m b"


def test_safe_escapes_all_markdown() -> None:
    assert safe("# a|b <i> [x](y) *z* _w_ `v` ~u~ &lt;\n\\") == (
        r"\# a\|b \<i\> \[x\](y) \*z\* \_w\_ \`v\` \~u\~ \&lt; " + "\\\\"
    )
