"""The way to a role, on made-up ads whose figures can be worked out by hand."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from asking import ask, jobs
from postings import SOURCE, annotated, raw

from rolediff import (
    Catalogue,
    Estimate,
    Market,
    NotEnoughEvidence,
    ReadOptions,
    UsageError,
    Where,
    path,
)
from rolediff.annotate.batch import annotate
from rolediff.annotate.signal_words import signal_concepts
from rolediff.compare.found import Question
from rolediff.compare.openings import openings
from rolediff.compare.path_ads import Ads
from rolediff.compare.path_asked import advice, advice_table, certificates, entry_level, years
from rolediff.compare.path_beside import _alike
from rolediff.compare.path_skills import coverage, covered, demands, together, wanted
from rolediff.compare.skills import compare_skills
from rolediff.market import POSTINGS, bundled, compress_postings, once
from rolediff.market.store import save

RAG = "retrieval-augmented generation"
LISTS = ("required", "preferred", "named", "duties", "signals", "certifications")


def ads(*rows: dict[str, Any]) -> Ads:
    """Ads of one role; lists that are not given are empty, employers "e0", "e1", ..."""
    whole, nothing = [], {key: [] for key in LISTS}
    for i, row in enumerate(rows):
        given = {"employer": f"e{i}", "title": f"t{i}", "source": "made", "n": 1, **nothing, **row}
        whole.append({name: given.get(name) for name in POSTINGS.names()})
    lines = pl.DataFrame(whole, schema=POSTINGS).with_columns(role=pl.lit("made"))
    return Ads.of(openings(once(lines, ["role"]), ["role"]).drop("role"))


def asks(*required: str, **more: Any) -> dict[str, Any]:
    return {"required": sorted(required), **more}


@pytest.fixture(scope="module")
def market() -> Market:
    return compress_postings(annotated(240), (SOURCE,))


def test_an_employer_with_many_ads_does_not_rule() -> None:
    found = ads(*[asks("SQL", employer="big") for _ in range(6)], asks("Rust"), asks("Rust"))
    sql = demands(found)[0]
    assert (sql.name, sql.count) == ("SQL", 6)
    assert sql.share.value == pytest.approx(6 / 8)
    assert sql.alike.value == pytest.approx(1 / 3)
    assert (sql.share.n, sql.alike.n, sql.share.clusters) == (8, 3, 3)
    assert found.employers_asking(["required"]) == pytest.approx({"SQL": 1.0, "Rust": 2.0})
    assert found.largest == pytest.approx(6 / 8)


def test_reposts_count_once() -> None:
    found = ads(asks("SQL", ad="x", n=3), asks("SQL", ad="x", n=2), asks("Rust", n=2))
    assert len(found) == 2
    assert found.counts(["required"]) == {"Rust": 1, "SQL": 1}
    assert found.lines["copies"].to_list() == [5, 2]


def test_ads_of_one_employer_for_each_country_count_once() -> None:
    same = {"employer": "big", "title": "ai engineer"}
    found = ads(asks("SQL", "Rust", **same), asks("SQL", **same), asks("Go", **same))
    assert len(found) == 2


def test_coverage_by_hand() -> None:
    found = ads(
        asks("A", "B"),
        asks("A", "B", "C"),
        asks("C"),
        asks("A", preferred=["C"]),
        asks("B", named=["D"]),
    )
    c = coverage(found, ["A", "Z"], assumed=False)
    assert c.mentions.value == pytest.approx(3 / 10)
    assert c.half is not None
    assert c.half.value == pytest.approx(2 / 5)  # had: 1 of 2, 1 of 3, 0 of 1, 1 of 1, 0 of 1
    assert c.half.n == 5
    assert c.unasked == ("Z",)
    assert [(a.name, a.count) for a in c.useful] == [("A", 3)]


def test_too_few_ads_with_required_skills_give_no_share_of_halves() -> None:
    found = ads(*[asks("A")] * 4, *[asks(named=["A"])] * 4)
    c = coverage(found, ["A"], assumed=False)
    assert c.half is None
    assert c.mentions.value == 1.0


def test_nothing_had_covers_nothing_and_everything_all() -> None:
    found = ads(*[asks("A", "B")] * 6)
    assert covered(found, []).value == 0.0
    assert covered(found, ["A", "B"]).value == 1.0


def test_a_skill_more_covers_no_less() -> None:
    found = Ads.of(bundled().postings(["ai engineer"]))
    had = [a.name for a in demands(found)]
    shares = [covered(found, had[:k]).value for k in range(0, len(had), 5)]
    assert shares == sorted(shares)


def test_missing_skills_are_ranked_by_what_is_shown() -> None:
    here = ads(*[asks("rare", "common")] * 6, *[asks("common")] * 4)
    there = ads(*[asks("common")] * 30)
    found = {w.skill: w for w in wanted(here, there, [])}
    assert found["rare"].distinct.value > 1 > found["common"].distinct.value
    for w in found.values():
        assert w.score == pytest.approx(w.demand.alike.value * w.distinct.value)
    assert "common" not in {w.skill for w in wanted(here, there, ["common"])}


def test_roles_alike_have_no_distinctive_skill() -> None:
    same = ads(*[asks("A", "B")] * 6, *[asks("A")] * 6)
    for w in wanted(same, same, []):
        assert w.distinct.value == pytest.approx(1.0)


def test_pairs_by_hand() -> None:
    found = ads(*[asks("A", "B")] * 5, *[asks("A")] * 3, *[asks("C")] * 8)
    (pair,) = together(found, ["A", "B", "C"])
    assert (pair.first, pair.second, pair.count) == ("B", "A", 5)
    assert pair.given.value == 1.0
    assert pair.lift == pytest.approx(1.0 / (8 / 16))


def test_a_pair_of_one_employer_is_not_told() -> None:
    one = [asks("A", "B", employer="big")] * 9
    assert together(ads(*one, *[asks("C")] * 9), ["A", "B"]) == ()


def test_years_and_entry_level_by_hand() -> None:
    found = ads(
        *[{"years": y} for y in (0, 1, 2, 3, 5, 8)],
        {"level": "junior"}, {"level": "senior", "signals": ["entry level"]},
    )  # fmt: skip
    told = years(found)
    assert [b.count for b in told.bands] == [2, 2, 1, 1, 0]
    assert told.stated.count == 6
    assert told.quartiles is not None
    assert [e.value for e in told.quartiles] == [1.25, 2.5, 4.5]
    entry = entry_level(found)
    assert entry.count == 2
    assert [p.count for p in entry.parts] == [1, 1, 2]


def test_certificates_are_one_whatever_their_case() -> None:
    found = ads({"certifications": ["PMP", "pmp"]}, {"certifications": ["PMP"]},
                {"certifications": ["AWS certifications"]}, {})  # fmt: skip
    share, named = certificates(found)
    assert share.count == 3
    assert named == (("PMP", 2), ("AWS certifications", 1))


def test_advice_names_signals_that_there_are() -> None:
    known = set(signal_concepts()["concept"])
    assert {s for _, signals in advice_table().values() for s in signals} <= known


def test_an_ad_speaks_of_an_advice_once() -> None:
    found = ads({"signals": ["hackathons", "Kaggle"]}, {"signals": ["Kaggle"]}, {}, {})
    told = {a.name: a for a in advice(found)}["Take part in competitions"]
    assert told.count == 2
    assert {p.name: p.count for p in told.parts} == {
        "hackathons": 1, "Kaggle": 2, "competitions": 0,
    }  # fmt: skip
    assert advice(ads({}, {}, {})) == ()


def test_roles_are_as_near_as_the_skills_verb_says() -> None:
    answer, beside = path("ML Engineer"), Catalogue.load()
    question = Question(beside.resolve("ML Engineer"), beside.resolve("Data Analyst"))
    told = {r.label: r.similarity for r in compare_skills(bundled(), question).nearest_a}
    same = {r.label: r.similarity for r in answer.next if r.label in told}
    assert len(same) >= 4
    assert same == {label: told[label] for label in same}


def test_an_answer_on_made_up_ads(market: Market) -> None:
    answer = path("AI Engineer", "ML Engineer", ["Python", "SQL"], market)
    mine = market.postings(["ai engineer"])
    assert answer.postings == int(mine["n"].sum())
    assert sum(e.share.value for e in answer.education) == pytest.approx(1.0)
    assert {w.skill for w in answer.wanted}.isdisjoint({"Python", "SQL"})
    assert [w.score for w in answer.wanted] == sorted(
        (w.score for w in answer.wanted), reverse=True
    )
    for w in answer.wanted:
        worth = math.exp(w.premium.value) if w.premium else 1.0
        assert w.score == pytest.approx(w.demand.alike.value * w.distinct.value * worth)
    assert answer.next == ()  # of six employers


def test_pay_on_the_way_is_that_of_each_role_and_of_the_pair() -> None:
    answer = path("ML Engineer")
    assert answer.base == "ML Engineer"
    assert len(answer.next) >= 5
    for r in answer.next:
        assert r.pay is not None
        assert r.change is not None
        assert r.covered is None
        assert r.pay.n + answer.base_pay.n == r.change.n  # type: ignore[union-attr]


def test_the_role_come_from_stands_for_skills(market: Market) -> None:
    answer = path("AI Engineer", "ML Engineer", data=market)
    assert answer.coverage is not None
    assert answer.coverage.assumed
    assert answer.have
    assert path("AI Engineer", data=market).coverage is None


def test_the_same_question_has_the_same_answer(market: Market) -> None:
    once = path("AI Engineer", "ML Engineer", ["SQL"], market).to_dict()
    assert json.dumps(once) == json.dumps(
        path("AI Engineer", "ML Engineer", ["SQL"], market).to_dict()
    )


def estimates(x: Any) -> list[Estimate]:
    if isinstance(x, Estimate):
        return [x]
    if isinstance(x, tuple | list):
        return [e for part in x for e in estimates(part)]
    fields = getattr(x, "__slots__", ())
    return [e for name in fields for e in estimates(getattr(x, name))]


def test_every_figure_has_its_count_and_source() -> None:
    found = estimates(path("AI Engineer", "ML Engineer", ["Python", "SQL"]))
    assert len(found) > 100
    assert [e for e in found if not e.source or not e.n] == []


def test_an_answer_is_of_one_source(market: Market) -> None:
    other = replace(SOURCE, name="other")
    both = market + compress_postings(
        annotated(240, seed=2).with_columns(source=pl.lit("other")), (other,)
    )
    (chosen,) = (str(s["name"]) for s in path("AI Engineer", data=both).sources)
    alone = {"board": path("AI Engineer", data=market)}
    for name in ("board", "other"):
        asked = path("AI Engineer", data=both, where=f"source={name.upper()}")
        assert [s["name"] for s in asked.sources] == [name]
        assert asked.openings == alone.get(name, asked).openings
        assert (asked.openings == path("AI Engineer", data=both).openings) or name != chosen


def two_sources(n: int = 800) -> Market:
    """Two sources of postings, of `n` and of 500, of 97 employers each.

    AI engineers alone are asked for RAG in both, for Airflow in the first; years say 2 to 6.
    """
    parts = [("first", n, 1), ("second", 500, 2)]
    frame = pl.concat(_source(name, m, seed) for name, m, seed in parts)
    return compress_postings(frame, [replace(SOURCE, name=name) for name, *_ in parts])


def _source(name: str, n: int, seed: int) -> pl.DataFrame:
    own = "RAG and Airflow" if name == "first" else "RAG"
    made = [
        p | {"text": p["text"].replace("Nice to have\n", f"Nice to have\n- {own}\n")}
        if "AI" in p["title"] else p
        for p in raw(n, seed)
    ]  # fmt: skip
    number = pl.int_range(pl.len())
    frame = pl.DataFrame(made).with_columns(
        posted=pl.col("posted").str.to_date(), source=pl.lit(name)
    )
    return annotate(frame).with_columns(
        employer=pl.format(name + " {}", number % 97), years=(number % 5 + 2).cast(pl.Int64),
        ad=pl.lit(None, pl.String),
    )  # fmt: skip


def test_another_source_stands_beside_and_agrees_or_not(capsys, tmp_path: Path) -> None:
    both = two_sources()
    asked: dict[str, Any] = {"reading": "broad", "data": both}
    answer = path("AI Engineer", "ML Engineer", **asked)
    (other,) = answer.beside
    assert other.source != answer.sources[0]["name"]
    there = path("AI Engineer", "ML Engineer", **asked, where=f"source={other.source}")
    assert not there.beside
    assert (other.openings, other.employers) == (there.openings, there.employers)
    named = {f.name: f for f in other.figures}
    assert named["say how many years"].there == there.years.stated.share
    assert named["say how many years"].here == answer.years.stated.share
    assert named["years in the median"].there == there.years.quartiles[1]
    assert named["are entry level"].there == there.entry.share
    assert (other.agrees[RAG], other.agrees["Apache Airflow"]) == ("yes", "unclear")
    assert named["years in the median"].agrees in ("yes", "unclear")
    clear = {w.skill for w in answer.wanted if not w.distinct.low <= 1 <= w.distinct.high}
    assert clear == other.agrees.keys() >= other.skills.keys()
    own = {w.skill: w.distinct for w in there.wanted}
    for name, odds in other.skills.items():
        assert name not in own or own[name].value == pytest.approx(odds.value)
    save(both, tmp_path / "both")
    for how in ((), ("--markdown",)):
        said = ask(capsys, "path", "--to", "AI Engineer", "--from", "ML Engineer", "--reading",
                   "broad", "--data", tmp_path / "both", *how)  # fmt: skip
        assert said.code == 0, said.err
        assert f"In another source, {other.source}" in said.out
    assert "second collection" not in " ".join(text for _, text in answer.caveats)


def test_another_source_with_too_few_openings_says_so() -> None:
    few = path("AI Engineer", data=two_sources(6)).beside
    assert [(s.source, s.shares, s.years, s.skills) for s in few] == [("first", (), None, {})]
    assert few[0].openings < 5
    assert not path("AI Engineer", data=two_sources(), where="source=first").beside


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ((0.50, 0.48, 0.52), (0.52, 0.50, 0.54), "yes"),  # surely within ten points
        ((0.50, 0.48, 0.52), (0.80, 0.75, 0.85), "no"),
        ((0.50, 0.30, 0.70), (0.60, 0.40, 0.80), "unclear"),
        ((0.50, None, None), (0.50, 0.49, 0.51), "unclear"),
        ((0.50, 0.49, 0.51), None, "unclear"),
    ],
)
def test_shares_agree_where_they_surely_differ_by_little(here, there, said) -> None:
    a, b = (None if e is None else Estimate(*e, n=100) for e in (here, there))
    assert _alike(a, b, 0.1) == said


def test_too_little_is_not_enough_evidence(market: Market) -> None:
    with pytest.raises(NotEnoughEvidence, match=r"Prompt Engineer: 0 openings, 5 are needed; .*"):
        path("Prompt Engineer", data=market)
    with pytest.raises(NotEnoughEvidence, match=r"AI Engineer: \d openings? .*most postings"):
        path("AI Engineer", data=market, where=Where.parse("country=ES,year=2025,level=senior"))
    with pytest.raises(UsageError, match="both AI Engineer"):
        path("AI Engineer", "AI Engineer", data=market)
    with pytest.raises(NotEnoughEvidence, match="no postings"):
        path("AI Engineer", data=jobs(), options=ReadOptions(currency="USD"))


def test_a_role_of_ones_own_and_a_title() -> None:
    role = Catalogue.load().resolve("AI Engineer")
    assert path(role).to_dict() == path("AI Engineer").to_dict()


def shape(x: Any) -> Any:
    """Plain data without its numbers, which JSON rounds."""
    if isinstance(x, dict):
        return {k: shape(v) for k, v in x.items() if k != "sentence"}
    if isinstance(x, list | tuple):
        return [shape(v) for v in x]
    return None if isinstance(x, float | int) or x is None else x


def test_the_command_in_its_three_forms(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("path", "--to", "AI Engineer", "--from", "ML Engineer", "--have", "Python,SQL")
    text, marked, plain = (ask(capsys, *asked, *how) for how in ([], ["--markdown"], ["--json"]))
    assert (text.code, marked.code, plain.code) == (0, 0, 0), plain.err
    assert text.err == marked.err == plain.err == ""
    assert all(len(line) <= 80 for line in text.out.splitlines())
    assert text.out.strip().startswith("Openings for AI engineers")
    assert marked.out.startswith("# The way to AI Engineer\n")
    told = path("AI Engineer", "ML Engineer", "Python,SQL").to_dict()
    assert plain.result["sentence"].startswith("Openings for AI engineers")
    assert shape(plain.result) == shape({"sentence": "", **told})
    for w in told["wanted"]:
        assert f"| {w['skill']} |".replace("#", "\\#") in marked.out


def test_the_command_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    for argv, code, words in (
        ((), 2, "name the role you want"),
        (("--to", "AI Enginer"), 2, 'did you mean "AI Engineer"'),
        (("--to", "Prompt Engineer"), 4, "5 are needed"),
        (("--to", "AI Engineer", "--have", "Pythn"), 2, 'did you mean "Python"'),
        (("--title", "a", "--title", "b", "--title", "c"), 2, "name the role you want"),
    ):
        said = ask(capsys, "path", *argv)
        assert said.code == code, said.err
        assert words in said.err
        assert said.err.count("\n") == 1 + said.err.strip().count("\n")
        assert said.out == ""
