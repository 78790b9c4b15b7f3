"""The page of a report: what it is made of, that it needs nothing else, and that data stay data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from asking import PAIR, ask, csv_file, jobs
from hypothesis import given
from hypothesis import strategies as st
from made_windows import Watching, day, watched
from syrupy.assertion import SnapshotAssertion

import rolediff
from rolediff import Estimate, NotEnoughEvidence, Report, UsageError
from rolediff.annotate.roles import Catalogue, title_role
from rolediff.compare.demand import WINDOWS, source_demand
from rolediff.report.charts import Mark, Row, rows_chart
from rolediff.report.figures import MOST, Grid
from rolediff.report.linked import embedded, linked_data
from rolediff.report.parts import parts
from rolediff.report.parts_trend import trend_part
from rolediff.report.report_html import page, section
from rolediff.report.report_markdown import markdown
from rolediff.report.scales import scale_of, share_scale
from rolediff.results import Comparison, Short, Trend

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & \x1b[31m\u202e"
VOID = {"meta", "link", "br", "hr", "img", "input"}
SECTIONS = ["Pay", "Why", "Skills", "Work", "Where", "Trend", "Path", "Mind", "Method", "Sources"]


@pytest.fixture(scope="module")
def report() -> Report:
    return rolediff.gather(*PAIR)


@pytest.fixture(scope="module")
def whole(report: Report) -> str:
    return page(report)


@pytest.fixture(scope="module")
def small() -> Report:
    """Made-up records and no postings: most parts cannot be told."""
    return rolediff.gather(*PAIR, jobs(120))


class Read(HTMLParser):
    """Tags, attributes and text of a page; every tag that opens must close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[tuple[tuple[str, ...], str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append((tuple(self.open), data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def said(self, tag: str) -> list[str]:
        return [data for where, data in self.words if where and where[-1] == tag]


def linked(text: str) -> Any:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_the_page_is_one_small_document(whole: str) -> None:
    read = Read(whole)
    assert read.open == []
    assert whole.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert len(whole.encode()) < 500_000
    assert [len(read.all(tag)) for tag in ("h1", "main", "header", "title")] >= [1, 1, 1, 1]
    assert len(read.all("h1")) == len(read.all("main")) == 1


def test_the_answer_comes_first_and_caveats_and_method_last(whole: str, report: Report) -> None:
    read = Read(whole)
    assert read.said("h2") == SECTIONS
    assert isinstance(report.pay, Comparison)
    first = next(text for where, text in read.words if where[-1:] == ("p",))
    assert first.startswith("ML engineers are advertised at ")
    gap = round((-report.pay.gap).percent.value)
    assert f"{gap} % more" in first


def test_nothing_is_fetched_and_no_script_runs(whole: str) -> None:
    read = Read(whole)
    assert not {"img", "link", "iframe", "object", "embed", "form"} & {t for t, _ in read.tags}
    assert [a["type"] for a in read.all("script")] == ["application/ld+json"]
    assert not [a for _, a in read.tags if "src" in a or "style" in a]
    assert not [k for _, a in read.tags for k in a if k.startswith("on")]
    assert "url(" not in whole
    assert "@import" not in whole


def test_the_policy_allows_this_style_and_nothing_else(whole: str) -> None:
    policy = next(a["content"] for a in Read(whole).all("meta") if "http-equiv" in a)
    style = re.findall(r"<style>(.*?)</style>", whole, re.DOTALL)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_links_lead_somewhere_and_out_only_to_sources(whole: str, report: Report) -> None:
    read = Read(whole)
    ids = [a["id"] for _, a in read.tags if "id" in a]
    assert len(ids) == len(set(ids))
    links = [a["href"] for a in read.all("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    out = {link for link in links if not link.startswith("#")}
    assert out == {str(s["url"]) for s in report.sources if s["url"]}


def test_every_figure_has_n_interval_source_and_how_it_was_computed(report: Report) -> None:
    figures = [f for p in parts(report) for f in p.figures]
    assert len(figures) > 25
    for f in figures:
        assert re.search(r"\bn\b|runs|n of each", f.n), f.id
        assert "interval" in f.interval, f.id
        assert f.source, f.id
        assert f.how, f.id
        assert f.command.startswith("rolediff "), f.id
        assert f.grid is not None or f.items, f.id


def test_every_figure_of_the_page_says_so(whole: str, report: Report) -> None:
    for f in (f for p in parts(report) for f in p.figures):
        figure = re.search(rf'<figure id="{f.id}">.*?</figure>', whole, re.DOTALL)
        assert figure is not None, f.id
        assert f'href="#how-{f.id}"' in figure[0]
        assert "Source: " in figure[0]
        assert f'id="how-{f.id}"' in whole
        if f.chart:
            assert f.grid is not None, f.id
            assert "<details><summary>Table" in figure[0], f.id


def test_every_chart_is_a_picture_with_a_name_and_words(whole: str) -> None:
    charts = re.split(r'<svg [^>]*class="chart"[^>]*>', whole)[1:]
    read = [a for a in Read(whole).all("svg") if a.get("class") == "chart"]
    assert len(charts) == len(read) > 20
    assert all(a["role"] == "img" for a in read)
    for inside in charts:
        assert re.match(r"<title>[^<]+</title><desc>[^<]{10,}</desc>", inside)


def test_no_chart_is_taller_than_a_page(whole: str) -> None:
    heights = [float(a["height"]) for a in Read(whole).all("svg") if a.get("class") == "chart"]
    assert max(heights) <= 860


def test_a_tall_chart_is_drawn_in_pieces_that_keep_their_headings() -> None:
    mark = Mark(Estimate(0.5, 0.25, 0.75, 9), "n", "half")
    rows = [Row("Head"), *[Row(str(i), (mark,)) for i in range(12)]] * 3
    scale = share_scale([mark.value])
    drawn = rows_chart("Tall", "half", rows, scale)
    names = re.findall("<title>(.*?)</title>", drawn)
    assert names == ["Tall, 1 of 3", "Tall, 2 of 3", "Tall, 3 of 3"]
    assert drawn.count(">Head</text>") == 3
    assert drawn.count(">half</text>") == 36


def test_tables_are_as_wide_as_their_heads_and_named(whole: str) -> None:
    for table in re.findall(r"<table>(.*?)</table>", whole, re.DOTALL):
        width = len(re.findall(r"<t[hd][ >]", table.split("</thead>")[0]))
        for row in re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.DOTALL):
            assert len(re.findall(r"<t[hd][ >]", row)) == width
            assert row.startswith('<th scope="row">')


values = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(st.tuples(values, values, values), min_size=1, max_size=8), st.booleans())
def test_an_axis_holds_every_value(found: list[tuple[float, float, float]], zero: bool) -> None:
    told = [Estimate(b, a, c, 9) for a, b, c in map(sorted, found)]
    scale = scale_of(told, str, with_zero=zero)
    assert all(scale.holds(e.value) for e in told)
    assert all(scale.left - 1e-9 <= scale.at(e.value) <= scale.right + 1e-9 for e in told)
    assert 2 <= len(scale.ticks) <= 7
    assert not zero or scale.holds(0)


def test_one_weak_interval_does_not_squash_the_others() -> None:
    told = [Estimate(x, x - 1, x + 1, 9) for x in (1.0, 2.0, 3.0)]
    scale = scale_of([*told, Estimate(2.5, -500.0, 900.0, 2)], str)
    assert scale.high - scale.low < 10


def test_a_long_table_is_cut_and_says_where_the_rest_is() -> None:
    grid = Grid.of(("a", "b"), [("x", "y")] * (MOST + 7))
    assert (len(grid.rows), grid.rest) == (MOST, 7)
    with pytest.raises(ValueError, match="not as wide"):
        Grid.of(("a", "b"), [("x",)])


def test_the_linked_data_are_the_figures(whole: str, report: Report) -> None:
    graph = linked(whole)
    assert graph["@context"] == "https://schema.org"
    assert [o["name"] for o in graph["@graph"]] == list(PAIR)
    assert isinstance(report.pay, Comparison)
    for found, role in zip(graph["@graph"], (report.pay.a, report.pay.b), strict=True):
        assert found["@type"] == "Occupation"
        (pay,) = found["estimatedSalary"]
        assert pay["@type"] == "MonetaryAmountDistribution"
        assert (pay["currency"], pay["duration"]) == ("USD", "P1Y")
        names = ("percentile10", "percentile25", "median", "percentile75", "percentile90")
        values = [pay[name] for name in names]
        known = [role.percentiles["mid"][p].value for p in (10, 25, 50, 75, 90)]
        assert values == pytest.approx(known)
        assert values == sorted(values)


def test_linked_data_without_pay_or_in_other_money(report: Report) -> None:
    assert linked_data(Short("n = 0"))["@graph"] == []
    assert isinstance(report.pay, Comparison)
    ppp = linked_data(replace(report.pay, money="international $ a year (PPP)"))
    assert "currency" not in ppp["@graph"][0]["estimatedSalary"][0]
    placed = linked_data(replace(report.pay, where="country=US,year=2024"))
    assert placed["@graph"][0]["occupationLocation"] == {"@type": "Country", "name": "US"}


def test_embedded_data_cannot_end_their_element() -> None:
    text = embedded({"name": "</script><!--<script>& \u2028"})
    assert not {"<", ">", "&", "\u2028"} & set(text)
    assert json.loads(text)["name"] == "</script><!--<script>& \u2028"


def test_the_same_report_is_the_same_bytes(report: Report, whole: str) -> None:
    assert page(report) == whole == report.html()
    assert page(rolediff.gather(*PAIR, jobs(60))) == page(rolediff.gather(*PAIR, jobs(60)))


def test_both_orders_tell_the_same_gap(report: Report) -> None:
    other = rolediff.gather(*reversed(PAIR), jobs(120))
    here = rolediff.gather(*PAIR, jobs(120))
    assert isinstance(other.pay, Comparison)
    assert isinstance(here.pay, Comparison)
    assert other.pay.gap.value == pytest.approx(-here.pay.gap.value)
    assert Read(page(other)).said("p")[0] == Read(page(here)).said("p")[0]
    assert set(report.commands) == {
        "pay", "why", "skills", "work", "where", "trend", "path_a", "path_b",
    }  # fmt: skip


def test_parts_that_cannot_be_told_say_why_and_the_others_answer(small: Report) -> None:
    assert isinstance(small.pay, Comparison)
    assert isinstance(small.skills, Short)
    text = page(small)
    assert Read(text).said("h2") == SECTIONS
    assert text.count("Not enough evidence: ") >= 3
    assert 'id="pay-ladder"' in text
    assert 'id="skills-apart"' not in text


def test_a_part_stands_alone_with_its_method(small: Report) -> None:
    for p in parts(small):
        text = section(p)
        read = Read(text)
        assert read.open == []
        ids = {a["id"] for _, a in read.tags if "id" in a}
        assert {a["href"][1:] for a in read.all("a")} <= ids
        assert text.count("<figure ") == len(p.figures)


def test_demand_while_a_source_was_watched(report: Report) -> None:
    assert isinstance(report.trend, Trend)
    found = source_demand(watched(np.random.default_rng(5), Watching()), "boards")
    told = trend_part(replace(report.trend, watched=(found,)), "rolediff trend")
    figure = next(f for f in told.figures if f.id == "trend-watched-boards")
    assert figure.n == f"n = {found.a.n:,} and {found.b.n:,} ads"
    assert found.a.growth is not None
    assert figure.rows[0].marks[0].value == found.a.growth.percent
    assert figure.grid is not None
    assert [row[0] for row in figure.grid.rows] == sorted(found.a.raw)
    assert "boards was read from" in figure.say
    none = source_demand(windows_of_nothing(), "boards")
    bare = trend_part(replace(report.trend, watched=(none,)), "rolediff trend")
    silent = next(f for f in bare.figures if f.id == "trend-watched-boards")
    assert silent.chart == ""
    assert any("Not enough evidence" in text for _, text in silent.items)
    frame = replace(report.trend, watched=(found,)).to_polars("watched")
    assert frame["growth"].to_list()[0] == found.a.growth.value


def windows_of_nothing() -> pl.DataFrame:
    """One employer with one ad of another role, always in view."""
    row = {"role": None, "employer": "x", "opened": None, "first_seen": day(0),
           "last_seen": day(239), "n": 1}  # fmt: skip
    return pl.DataFrame([row]).cast(dict(WINDOWS))


def test_a_report_without_pay() -> None:
    r = rolediff.gather(
        *PAIR, jobs(40, min_amount=None, max_amount=None, country=["US", "DE"] * 20)
    )
    assert isinstance(r.pay, Short)
    text = page(r)
    assert "Not enough evidence: " in text
    assert linked(text)["@graph"] == []


def test_nothing_known_and_one_role_twice() -> None:
    with pytest.raises(NotEnoughEvidence, match=r"\d"):
        rolediff.gather(title_role("zookeeper"), title_role("beekeeper"))
    with pytest.raises(UsageError, match="two different"):
        rolediff.gather("AI Engineer", "AI Engineer")


def test_hostile_data_are_text(tmp_path: Path) -> None:
    a, b = (
        replace(Catalogue.load().resolve(name), label=f"{NASTY} {i}", plural=f"{NASTY}s {i}")
        for i, name in enumerate(PAIR)
    )
    frame = jobs(80).with_columns(
        level=pl.when(pl.col("level") == "mid").then(pl.lit(NASTY)).otherwise(pl.lit("<b>x</b>")),
        company=pl.lit(NASTY),
    )
    file = csv_file(tmp_path, frame, "<img src=x>.csv")
    found = rolediff.gather(a, b, file)
    text = page(found)
    read = Read(text)
    tags = {tag for tag, _ in read.tags}
    assert not {"img", "b", "iframe"} & tags
    assert len(read.all("script")) == 1
    assert not [k for _, attrs in read.tags for k in attrs if k.startswith("on")]
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;" in text
    plain = markdown(found)
    assert "\x1b" not in plain
    assert not re.search(r"(?<!\\)<script", re.sub(r"`[^\n]*`", "", plain))


def test_the_forms_of_the_command(
    report: Report, whole: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    done = ask(capsys, "report", *PAIR, "-o", file)
    assert (done.code, done.out) == (0, "")
    assert file.read_text(encoding="utf-8") == whole
    told = ask(capsys, "report", *PAIR, "--json")
    assert json.loads(told.out)["schema"] == "rolediff.report"
    assert set(told.result) == {"sentence", *report.to_dict()}
    plain = ask(capsys, "report", *PAIR, "--markdown")
    assert plain.out == markdown(report)
    assert plain.out.count("\n### ") == sum(len(p.figures) for p in parts(report))


def test_commands_carry_the_options(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data = csv_file(tmp_path, jobs(120))
    done = ask(capsys, "report", *PAIR, "--data", data, "--where", "country=US", "-o", "-")
    assert done.code == 0
    assert re.search(r"<p>Only [^<]*(US|United States)", done.out)
    assert f"--where country=US --data {data}" in done.out


def test_bad_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    none = ask(capsys, "report", *PAIR)
    assert (none.code, none.out) == (2, "")
    assert "-o report.html" in none.err
    assert ask(capsys, "report", *PAIR, "-o", "-", "--json").code == 2
    swallowed = ask(capsys, "report", *PAIR, "-o", "--json")
    assert (swallowed.code, swallowed.out) == (2, "")
    assert "-o needs a file" in swallowed.err
    missing = ask(capsys, "report", *PAIR, "--data", csv_file(tmp_path, jobs(60)),
                  "-o", tmp_path / "no" / "page.html")  # fmt: skip
    assert missing.code == 3
    assert "choose another place" in missing.err


def test_what_the_page_says(small: Report, snapshot: SnapshotAssertion) -> None:
    told = [
        {"part": p.heading, "answer": p.answer, "say": list(p.say), "short": p.short,
         "figures": [{"title": f.title, "say": f.say, "n": f.n, "interval": f.interval,
                      "heads": f.grid and list(f.grid.heads)} for f in p.figures]}
        for p in parts(small)
    ]  # fmt: skip
    assert told == snapshot


def test_what_a_chart_looks_like(small: Report, snapshot: SnapshotAssertion) -> None:
    found = {f.id: f.chart for p in parts(small) for f in p.figures}
    drawn = {k: found[k].replace("><", ">\n<") for k in ("pay-ladder", "why-fall", "pay-spread")}
    assert drawn == snapshot
