"""Demand by year, ages of ads and moves of skills: made-up markets of which the truth is known."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from asking import PAIR, ask, jobs
from dated import posting_rows, postings_market
from hypothesis import given, settings
from hypothesis import strategies as st
from postings import jsonl, posting

import rolediff
from rolediff.compare.ages import ad_ages, snapshots
from rolediff.compare.periods import source_trend
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import ReadOptions, Where, load, merge, save
from rolediff.market.compress import counted
from rolediff.report.json import envelope
from rolediff.report.trend_markdown import markdown
from rolediff.report.trend_words import banded, headline, moved, skill_sentence
from rolediff.results import Estimate, Trend
from rolediff.stats.growth import log_growth
from rolediff.stats.tails import critical

Capture = pytest.CaptureFixture[str]
BUNDLED = rolediff.trend(*PAIR)
BEFORE = {"python": 0.8, "pytorch": 0.6, "rag": 0.1, "sql": 0.5}
AFTER = {"python": 0.8, "pytorch": 0.2, "rag": 0.6, "sql": 0.5}


def yearly(counts: dict[int, tuple[int, int, int]], **columns: object) -> pl.DataFrame:
    """Lines of a source: by year, records of A, of B and of other roles."""
    lines = [
        {"role": role, "year": year, "employer": None, "n": 1}
        for year, parts in counts.items()
        for role, n in zip(("A", "B", None), parts, strict=True)
        for _ in range(n)
    ]
    kinds = {"role": pl.String, "employer": pl.String, "n": pl.UInt32}
    return pl.DataFrame(lines, schema_overrides=kinds).with_columns(**columns)


# growth


def test_growth_of_two_years_is_the_log_ratio_of_shares() -> None:
    found = source_trend(yearly({2023: (20, 100, 880), 2024: (90, 180, 1730)}), "made")
    assert found.growth_a is not None
    assert found.growth_b is not None
    assert found.relative is not None
    assert found.growth_a.value == pytest.approx(math.log((90 / 2000) / (20 / 1000)))
    assert found.growth_b.value == pytest.approx(math.log((180 / 2000) / (100 / 1000)))
    assert found.relative.value == pytest.approx(found.growth_a.value - found.growth_b.value)
    # The delta method for a ratio of two independent binomials.
    variance = (1 - 0.02) / 20 + (1 - 0.045) / 90
    assert found.growth_a.se == pytest.approx(math.sqrt(variance), rel=2e-3)
    assert found.growth_a.df == 109


def test_growth_over_gaps_counts_years() -> None:
    found = source_trend(yearly({2020: (50, 50, 900), 2024: (50, 200, 750)}), "made")
    assert found.growth_b is not None
    assert found.growth_b.value == pytest.approx(math.log(4) / 4)


def test_shares_by_year_by_hand() -> None:
    periods = source_trend(yearly({2023: (4, 100, 96), 2024: (30, 60, 210)}), "made").periods
    first, second = periods
    assert (first.year, first.total, first.n_a, first.a) == (2023, 200, 4, None)
    assert first.b is not None
    assert second.a is not None
    assert second.of_pair is not None
    assert (first.b.value, first.b.n) == (0.5, 200)
    assert second.a.value == pytest.approx(0.1)
    assert second.of_pair.value == pytest.approx(30 / 90)


def test_copies_of_one_record_widen_the_interval() -> None:
    lines = yearly({2023: (40, 40, 400), 2024: (40, 40, 400)})
    alone = source_trend(lines, "made").growth_a
    copies = pl.concat([
        lines.filter(pl.col("role").is_null() | (pl.col("role") == "B")),
        yearly({2023: (4, 0, 0), 2024: (4, 0, 0)}, n=pl.lit(10, pl.UInt32)),
    ])  # fmt: skip
    joined = source_trend(copies, "made").growth_a
    assert alone is not None
    assert joined is not None
    assert alone.value == pytest.approx(joined.value, abs=1e-9)
    assert alone.se is not None
    assert joined.se is not None
    assert joined.se > 2.5 * alone.se
    assert (alone.clusters, joined.clusters) == (80, 8)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(*(st.integers(5, 40),) * 3), min_size=2, max_size=5))
def test_swapping_the_roles_negates_relative_growth(counts: list[tuple[int, int, int]]) -> None:
    given_years = {2020 + k: c for k, c in enumerate(counts)}
    swapped = {year: (b, a, rest) for year, (a, b, rest) in given_years.items()}
    one, two = (source_trend(yearly(c), "made") for c in (given_years, swapped))
    assert one.relative is not None
    assert two.relative is not None
    assert one.growth_a is not None
    assert two.growth_b is not None
    assert one.relative.value == pytest.approx(-two.relative.value, abs=1e-9)
    assert one.relative.low == pytest.approx(-(two.relative.high or 0), abs=1e-9)
    assert one.growth_a.value == pytest.approx(two.growth_b.value, abs=1e-9)


def test_growth_covers_the_truth_in_simulation() -> None:
    draw, inside, runs = np.random.default_rng(7), 0, 300
    total = np.array([300.0, 600.0, 900.0])
    truth = 0.3
    for _ in range(runs):
        hits = draw.binomial(total.astype(int), 0.05 * np.exp(truth * np.arange(3)))
        period = np.repeat(np.arange(3.0), 2)
        n = np.ravel(np.column_stack([hits, total - hits]))
        lines = np.repeat(np.arange(6), n.astype(int))
        kind = (lines % 2 == 0).astype(float)[:, None]
        fitted = log_growth(period[lines], np.ones(len(lines)), kind, np.arange(len(lines)))
        margin = critical(math.inf) * fitted.error(np.ones(1))
        inside += abs(fitted.slope[0] - truth) <= margin
    assert 0.915 < inside / runs < 0.985


def test_growth_without_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="first or in the last"):
        log_growth(np.array([0.0, 1.0]), np.ones(2), np.array([[0.0], [1.0]]), np.arange(2))


@pytest.mark.parametrize(
    ("counts", "part"),
    [
        ({2024: (20, 20, 100)}, "only 2024: two years"),
        ({2023: (0, 20, 100), 2024: (20, 20, 100)}, "of 2024: two years"),
        ({2023: (2, 20, 100), 2024: (2, 20, 100)}, "4 records of role A"),
    ],
)
def test_growth_that_cannot_be_told_has_its_reason(
    counts: dict[int, tuple[int, int, int]], part: str
) -> None:
    found = source_trend(yearly(counts), "made")
    assert (found.growth_a, found.relative) == (None, None)
    assert part in found.missing["growth"]


# ages


def test_ages_are_months_before_the_snapshot() -> None:
    months = [date(2025, 10, 1)] * 4 + [date(2025, 9, 1)] * 3 + [date(2024, 10, 1)] * 2
    frame = pl.DataFrame({"month": [*months, date(2025, 12, 1)], "n": 1}).with_columns(
        employer=pl.format("e{}", pl.int_range(10)), n=pl.col("n").cast(pl.UInt32)
    )
    found = ad_ages(frame, "A", "s", date(2025, 10, 25))
    assert found is not None
    assert (dict(found.counts), found.n) == ({0: 4, 1: 3, 12: 2}, 9)
    assert banded(found) == [4, 3, 0, 0, 0, 2]
    assert found.median.value == 1
    assert found.median.low is not None
    assert found.median.low <= 1
    assert ad_ages(frame[:4], "A", "s", date(2025, 10, 25)) is None


def test_a_snapshot_is_dated_by_its_version_or_its_latest_month() -> None:
    parts = {name: posting_rows(40, name, date="2025-06") for name in "abc"}
    market = postings_market(parts, {"a": "2025-06-20", "b": "v3"})
    assert snapshots(market) == {
        "a": date(2025, 6, 20), "b": date(2025, 6, 1), "c": date(2025, 6, 1),
    }  # fmt: skip


# skills


def two_dates(
    later: str = "2025-12-01", n: int = 400, after: dict[str, float] | None = None
) -> Trend:
    parts = {
        "early": posting_rows(n, "early", date="2025-05", seed=1, skills=BEFORE),
        "late": posting_rows(n, "late", date="2025-05", seed=2, skills=after or AFTER),
    }
    market = postings_market(parts, {"early": "2025-06-01", "late": later})
    return rolediff.trend(*PAIR, market)


def test_rising_and_falling_skills_are_found() -> None:
    answer = two_dates()
    assert answer.skills.earlier == ("early", "2025-06-01")
    found = {(m.role, m.skill): m for m in answer.skills.moves}
    assert {k for k, m in found.items() if m.direction == "rising"} == {("A", "rag"), ("B", "rag")}
    assert {k for k, m in found.items() if m.direction == "falling"} == {
        ("A", "pytorch"), ("B", "pytorch"),
    }  # fmt: skip
    rag = found["A", "rag"]
    assert rag.change.value == pytest.approx(rag.later.value - rag.earlier.value)
    assert rag.earlier.n == rag.later.n == 200  # no two say half the same
    assert abs(rag.change.value - 0.5) < 0.12
    assert all(m.p_bh >= m.p for m in found.values())
    assert "8 skills" in skill_sentence(answer.skills)


def test_the_skills_of_two_dates_say_which_rise_and_fall(tmp_path: Path, capsys: Capture) -> None:
    parts = {
        "early": posting_rows(400, "early", date="2025-05", seed=1, skills=BEFORE),
        "late": posting_rows(400, "late", date="2025-05", seed=2, skills=AFTER),
    }
    market = postings_market(parts, {"early": "2025-06-01", "late": "2025-12-01"})
    told = rolediff.skills(*PAIR, market)
    assert told.trend == rolediff.trend(*PAIR, market).skills
    assert "trend" not in {m.section for m in told.missing}
    folder = save(market, tmp_path / "both")
    text = ask(capsys, "skills", *PAIR, "--data", folder).out
    assert "Rising and falling skills" in text
    assert "From early of 2025-06-01 to late of 2025-12-01" in " ".join(text.split())
    assert (
        "| rag | AI Engineer |" in ask(capsys, "skills", *PAIR, "--data", folder, "--markdown").out
    )
    alone = rolediff.skills(*PAIR, market, where="source=late")
    assert alone.trend is not None
    assert not alone.trend.moves
    assert "one snapshot, late (2025-12-01)" in {m.section: m.why for m in alone.missing}["trend"]


def test_the_earlier_snapshot_is_told_by_date_not_by_name() -> None:
    forth, back = two_dates(), two_dates("2025-01-01")
    assert back.skills.earlier == ("late", "2025-01-01")
    there = {(m.role, m.skill): m.change.value for m in forth.skills.moves}
    again = {(m.role, m.skill): m.change.value for m in back.skills.moves}
    assert there == pytest.approx({k: -v for k, v in again.items()})


def test_nothing_moves_where_nothing_moved() -> None:
    answer = two_dates(after=BEFORE)
    assert {m.direction for m in answer.skills.moves} == {"unclear"}


def test_false_discoveries_stay_rare_over_many_skills() -> None:
    many = {f"skill{k}": 0.3 for k in range(60)}
    wrong = 0
    for seed in range(10):
        parts = {
            name: posting_rows(160, name, seed=seed * 2 + k, skills=many)
            for k, name in enumerate(("early", "late"))
        }
        market = postings_market(parts, {"early": "2025-01-01", "late": "2025-06-01"})
        moves = rolediff.trend(*PAIR, market).skills.moves
        assert len(moves) == 120
        wrong += any(m.direction != "unclear" for m in moves)
    assert wrong <= 2


@pytest.mark.parametrize(
    ("later", "part"), [("2025-06-20", "28 days or more apart"), ("2025-06-01", "28 days")]
)
def test_snapshots_too_near_say_what_is_missing(later: str, part: str) -> None:
    assert part in two_dates(later).skills.missing
    assert two_dates(later).skills.moves == ()


def test_too_few_ads_of_one_role_leave_the_other() -> None:
    late = posting_rows(400, "late", seed=2, skills=AFTER)
    scarce = late.filter(pl.col("title") == PAIR[0].lower())
    parts = {"early": posting_rows(400, "early", skills=BEFORE), "late": scarce}
    market = postings_market(parts, {"early": "2025-06-01", "late": "2025-12-01"})
    skills = rolediff.trend(*PAIR, market).skills
    assert {m.role for m in skills.moves} == {"A"}
    assert "role B" in skills.missing


def test_reposts_count_once_at_each_date() -> None:
    rows = posting_rows(200, "early", skills=BEFORE)
    thrice = rows.with_columns(n=pl.lit(3, pl.UInt32))
    late = posting_rows(200, "late", seed=2, skills=AFTER)
    dates = {"early": "2025-06-01", "late": "2025-12-01"}
    one, three = (
        rolediff.trend(*PAIR, postings_market({"early": early, "late": late}, dates)).skills
        for early in (rows, thrice)
    )
    assert one == three


# the whole answer


def test_bundled_growth_is_within_one_source() -> None:
    (source,) = BUNDLED.by_source
    assert source.source == "aijobs"
    year = next(p for p in source.periods if p.year == 2024)
    diff = rolediff.diff(*PAIR, where="year=2024,source=aijobs")
    assert (year.n_a, year.n_b) == (diff.a.n, diff.b.n)
    assert year.a is not None
    assert year.a.value == pytest.approx(year.n_a / year.total)
    assert source.growth_a is not None
    assert source.growth_a.low is not None
    assert source.growth_a.low > 0


def test_bundled_snapshot_is_age_and_never_growth() -> None:
    assert [(g.role, g.source) for g in BUNDLED.ages] == [("A", "ashby"), ("B", "ashby")]
    assert "never read as growth" in dict(BUNDLED.caveats)["snapshot"]
    assert "1 dated snapshot" in BUNDLED.skills.missing
    assert BUNDLED.skills.moves == ()
    assert all(s.source != "ashby" for s in BUNDLED.by_source)


def test_bundled_proxies_have_their_years() -> None:
    assert {p.years for p in BUNDLED.proxies} == {(2024, 2034)}
    assert {p.employment_year for p in BUNDLED.proxies} == {"May 2025"}
    assert {s["version"] for s in BUNDLED.official} == {"2024-34", "May 2025"}


def test_files_of_one_source_are_one_trend() -> None:
    parts = [load(jobs(120, k), ReadOptions(source="mine")).market for k in (1, 2)]
    assert len(rolediff.trend(*PAIR, merge(*parts)).by_source) == 1


def test_two_sources_over_years_are_said_to_agree_or_not() -> None:
    aijobs = rolediff.market.bundled().only(Where.parse("source=aijobs"))
    source = next(s for s in aijobs.sources if s.name == "aijobs")
    lines = aijobs.everything()
    back = lines.with_columns(year=4045 - pl.col("year"), source=pl.lit("back"))
    for second, said in (
        (lines.with_columns(source=pl.lit("back")), "agree"),
        (back, "contradict each other"),
    ):
        both = counted(pl.concat([lines, second]), [source, replace(source, name="back")])
        caveats = dict(rolediff.trend(*PAIR, both).caveats)
        assert caveats["agreement"].endswith(f"aijobs and back {said}.")
        assert "source" not in caveats
    alone = dict(BUNDLED.caveats)
    assert "agreement" not in alone
    assert "a second that spans years" in alone["source"]


def test_headline_is_of_the_best_source() -> None:
    assert headline(BUNDLED).startswith("Among all records of aijobs, 2020 to 2025")
    none = rolediff.trend(*PAIR, jobs(240, year=2024))
    assert headline(none).startswith("Not enough evidence")


@pytest.mark.parametrize(
    ("e", "said"),
    [
        (Estimate(0.1, -0.1, 0.3), "shows no clear growth (+11 % a year (−10 to 35))"),
        (Estimate(math.log(2), math.log(1.5), math.log(3)), "grew by 100 % a year"),
        (Estimate(-math.log(2), -math.log(4), -0.1), "fell by 50 % a year (95 % interval 10 to 75"),
        (None, "cannot be told"),
    ],
)
def test_growth_in_words(e: Estimate | None, said: str) -> None:
    assert moved(e).startswith(said)


# the command


def test_two_collections_compressed_apart_are_two_dates(capsys: Capture, tmp_path: Path) -> None:
    for name, month, skill in (("october", "2025-10", "PyTorch"), ("april", "2026-04", "Rust")):
        draw = random.Random(name)
        ads = [
            posting(
                draw, k, title=PAIR[k % 2], posted=f"{month}-15", employer=f"{draw.random()}",
                text=f"Requirements\n- 5 years of experience with Python and {skill}\n",
            )
            for k in range(40)
        ]  # fmt: skip
        file = jsonl(tmp_path, ads, f"{name}.jsonl")
        said = ask(
            capsys,
            "compress",
            file,
            "-o",
            tmp_path / name,
            "--source",
            name,
            "--format",
            "postings",
        )
        assert said.code == 0
    both = tmp_path / "both"
    assert ask(capsys, "compress", tmp_path / "april", tmp_path / "october", "-o", both).code == 0
    skills = ask(capsys, "trend", *PAIR, "--data", both, "--json").result["skills"]
    assert skills["earlier"] == {"source": "october", "date": "2025-10-01"}
    assert skills["later"] == {"source": "april", "date": "2026-04-01"}
    told = {(m["skill"].lower(), m["direction"]) for m in skills["moves"]}
    assert {("pytorch", "falling"), ("rust", "rising"), ("python", "unclear")} <= told


def test_text_fits_and_says_what_it_is(capsys: Capture) -> None:
    said = ask(capsys, "trend", *PAIR)
    assert (said.code, said.err) == (0, "")
    assert all(len(line) <= 80 for line in said.out.splitlines())
    for part in ("by year", "How long openings stay", "Not enough evidence", "2024–34", "May 2025"):
        assert part in said.out


def test_json_and_markdown_are_whole(capsys: Capture) -> None:
    result = ask(capsys, "trend", *PAIR, "--json").result
    whole = json.loads(envelope("trend", 1, BUNDLED.to_dict(), rolediff.__version__))["result"]
    assert result == {"sentence": headline(BUNDLED), **whole}
    assert ask(capsys, "trend", *PAIR, "--markdown").out == markdown(BUNDLED)
    moves = markdown(two_dates())
    assert moves.count("| rising |") == moves.count("| falling |") == 2


@pytest.mark.parametrize(
    ("argv", "code", "part"),
    [
        ((PAIR[0],), 2, "name two roles"),
        ((PAIR[0], PAIR[0]), 2, "name two different ones"),
        ((*PAIR, "--where", "country=ZZ"), 4, "no records with country=ZZ"),
        ((*PAIR, "--where", "year=2020"), 4, "AI Engineer: 0 records (2020), 5 are needed"),
    ],
)
def test_bad_input_is_one_line(
    capsys: Capture, argv: tuple[str, ...], code: int, part: str
) -> None:
    said = ask(capsys, "trend", *argv)
    assert (said.code, said.out) == (code, "")
    assert part in " ".join(said.err.split())


def test_refusals_from_python() -> None:
    with pytest.raises(UsageError, match="two different"):
        rolediff.trend(PAIR[0], PAIR[0])
    with pytest.raises(NotEnoughEvidence, match="5 are needed"):
        rolediff.trend(*PAIR, jobs(4))
