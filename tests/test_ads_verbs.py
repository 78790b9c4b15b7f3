"""Skills and work of two roles: figures worked out by hand, laws, and the command."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from asking import ask
from hypothesis import given
from hypothesis import strategies as st
from postings import SOURCE, annotated

import rolediff
from rolediff.annotate.roles import Catalogue
from rolediff.annotate.skill_groups import group_names, skill_ancestors, skill_groups
from rolediff.compare.found import Question
from rolediff.compare.openings import find_openings, openings
from rolediff.compare.skill_counts import Named, Whole
from rolediff.compare.skills import compare_skills
from rolediff.compare.telling import tellings
from rolediff.compare.work import compare_work
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market, Where, compress_postings, each, once
from rolediff.market.compress import counted
from rolediff.stats.similarity import Profile, cosine

PAIR = ("AI Engineer", "ML Engineer")
MARKET = compress_postings(annotated(240, seed=3), [SOURCE])


def question(a: str = PAIR[0], b: str = PAIR[1], **more: Any) -> Question:
    catalogue = Catalogue.load()
    return Question(catalogue.resolve(a), catalogue.resolve(b), **more)


def lines(*rows: dict[str, Any]) -> pl.DataFrame:
    """Ads as `once` leaves them, with what `rows` say."""
    base = {
        "is_a": True, "employer": "x", "title": "ai engineer", "low": None, "required": [],
        "preferred": [], "named": [], "duties": [], "n": 1, "copies": 1,
    }  # fmt: skip
    lists = {name: pl.List(pl.String) for name in ("required", "preferred", "named", "duties")}
    schema = {"low": pl.Float64, "employer": pl.String, "n": pl.UInt32, "copies": pl.UInt32}
    return pl.DataFrame([base | row for row in rows], schema_overrides={**lists, **schema})


def test_ads_of_one_employer_that_share_half_are_one_opening() -> None:
    found = openings(
        lines(
            {"required": ["a", "b", "c"], "copies": 2},
            {"required": ["a", "b"], "named": ["d"], "low": 9.0, "copies": 3},  # 2 of 4
            {"required": ["e"]},
            {"required": ["a", "b", "c"], "employer": "y"},
            {"required": ["a", "b", "c"], "title": "ai engineer, search"},
        ),
        ["is_a"],
    )
    assert found["copies"].to_list() == [5, 1, 1, 1]
    assert found["low"].to_list() == [9.0, None, None, None]


def test_ads_without_employer_or_facts_stay_apart() -> None:
    alone = lines({"employer": None, "required": ["a"], "n": 3, "copies": 3}, {}, {})
    assert openings(alone, ["is_a"]).height == 5
    assert openings(alone, ["is_a"])["copies"].to_list() == [1] * 5


def test_each_ad_stands_for_its_own_postings() -> None:
    found = each(once(lines({"n": 3}, {"n": 2}).with_columns(ad=pl.Series(["k", None])), ["is_a"]))
    assert found["copies"].to_list() == [3, 1, 1]


def test_shares_differences_and_log_odds_by_hand() -> None:
    hits = np.array([[3.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 4.0], [0.0, 2.0]])
    sizes = np.array([4.0, 2.0]), np.array([4.0, 4.0])
    told = {t.name: t for t in tellings(["p", "q"], hits, sizes, np.array([9.0, 9.0]))}
    p = told["p"]
    assert (p.count_a, p.count_b) == (4, 1)
    assert p.a.value == pytest.approx(4 / 6)
    assert p.b.value == pytest.approx(1 / 8)
    assert p.gap.value == pytest.approx(4 / 6 - 1 / 8)
    assert p.alike_a.value == pytest.approx((3 / 4 + 1 / 2) / 2)
    # Five counts in A, seven in B, so a prior of six, three for each.
    ratio = math.log(7 / 4) - math.log(4 / 9)
    assert p.log_odds == pytest.approx(ratio)
    assert p.z == pytest.approx(ratio / math.sqrt(1 / 7 + 1 / 4))


def test_a_shared_skill_does_not_lean() -> None:
    sizes = np.full(20, 5.0)
    hits = np.full((2, 20, 2), 2.0)
    hits[0, :, 1] = 4.0
    told = {t.name: t for t in tellings(["same", "more"], tuple(hits), (sizes, sizes), np.ones(2))}
    assert told["same"].standing == "shared"
    assert told["more"].standing == "more A"


def test_an_only_skill_is_told_from_a_rare_one() -> None:
    hits = np.array([[5.0, 4.0]] * 2) / 2, np.zeros((2, 2))
    sizes = np.array([10.0, 10.0]), np.array([10.0, 10.0])
    told = {t.name: t for t in tellings(["five", "four"], hits, sizes, np.ones(2), least=1)}
    assert told["five"].standing == "only A"
    assert told["four"].standing != "only A"


@given(st.integers(0, 2**31))
def test_swapping_the_roles_negates_everything(seed: int) -> None:
    draw = np.random.default_rng(seed)
    sizes = draw.integers(0, 6, (2, 9)).astype(float) + 1
    hits = draw.binomial(sizes[:, :, None].astype(int), 0.4, (2, 9, 4)).astype(float)
    back, names = draw.integers(1, 90, 4).astype(float), list("abcd")
    there = {t.name: t for t in tellings(names, (hits[0], hits[1]), (sizes[0], sizes[1]), back)}
    again = {t.name: t for t in tellings(names, (hits[1], hits[0]), (sizes[1], sizes[0]), back)}
    assert there.keys() == again.keys()
    for name, t in there.items():
        assert t.gap.value == pytest.approx(-again[name].gap.value)
        assert t.gap.low == pytest.approx(-again[name].gap.high)
        assert t.z == pytest.approx(-again[name].z)
        assert t.a.value == again[name].b.value


def brute(x: np.ndarray, m: np.ndarray, y: np.ndarray, n: np.ndarray) -> float:
    """Mean inner product of documents over pairs of different clusters, one by one."""
    top = below = 0.0
    for g in range(len(m)):
        for h in range(len(n)):
            if g != h:
                top += float(x[g] @ y[h])
                below += m[g] * n[h]
    return top / below


def similar(x: np.ndarray, m: np.ndarray, y: np.ndarray, n: np.ndarray) -> float:
    own = brute(x, m, x, m) * brute(y, n, y, n)
    return min(brute(x, m, y, n) / math.sqrt(own), 1.0)


@given(st.integers(0, 2**31))
def test_the_cosine_and_its_jackknife_are_those_of_pairs_of_clusters(seed: int) -> None:
    draw = np.random.default_rng(seed)
    m, n = (draw.integers(0, 4, 8).astype(float) for _ in range(2))
    m[:4], n[2:6] = np.maximum(m[:4], 1), np.maximum(n[2:6], 1)
    x, y = (k[:, None] * draw.random((8, 5)) + 0.1 * (k > 0)[:, None] for k in (m, n))
    value, error = cosine(Profile.of(x, m), Profile.of(y, n))
    assert value == pytest.approx(similar(x, m, y, n))
    here = np.flatnonzero((m > 0) | (n > 0))
    without = (np.delete(np.arange(8), g) for g in here)
    left = np.array([similar(x[k], m[k], y[k], n[k]) for k in without])
    wanted = math.sqrt((len(here) - 1) / len(here) * ((left - left.mean()) ** 2).sum())
    assert error == pytest.approx(wanted, abs=1e-9)


def test_a_role_known_from_few_ads_is_no_less_alike() -> None:
    """Two samples of one population: the plain cosine falls short of 1, this one does not."""
    draw = np.random.default_rng(5)
    chance = draw.random(60) ** 3
    plain, ours = [], []
    for _ in range(60):
        x, y = (draw.binomial(1, chance, (6, 60)).astype(float) for _ in range(2))
        both = np.zeros((12, 60)), np.zeros((12, 60))
        both[0][:6], both[1][6:] = x, y
        sizes = np.repeat([1.0, 0.0], 6)
        ours.append(cosine(Profile.of(both[0], sizes), Profile.of(both[1], 1 - sizes))[0])
        a, b = x.mean(axis=0), y.mean(axis=0)
        plain.append(a @ b / math.sqrt((a @ a) * (b @ b)))
    assert np.mean(plain) < 0.93
    assert np.mean(ours) > 0.97  # cut off at 1, so a little below it


def test_every_family_has_a_group_and_every_part_a_whole() -> None:
    table = skill_groups()
    assert set(table["group"]) == set(group_names())
    assert table.null_count().sum_horizontal().item() == 0
    assert not table["concept"].is_duplicated().any()
    assert "AI agents" in skill_ancestors()["LangChain"]
    assert all(name not in above for name, above in skill_ancestors().items())


def test_counts_of_the_answer_are_those_of_the_ads() -> None:
    found = find_openings(MARKET, question())
    answer = compare_skills(MARKET, question())
    python = next(s for s in answer.skills if s.name == "Python")
    mine = found.lines.filter("is_a")
    says = mine.select(pl.concat_list("required", "preferred", "named").list.contains("Python"))
    assert python.told.count_a == says.to_series().sum() == python.asked_a.total
    assert answer.a.openings == mine.height
    assert answer.a.postings == mine["copies"].sum()
    assert python.told.a.n == answer.a.openings


def test_swapped_roles_give_the_swapped_answer() -> None:
    there, back = (compare_skills(MARKET, question(*p)) for p in (PAIR, PAIR[::-1]))
    assert there.similarity.value == pytest.approx(back.similarity.value)
    again = {s.name: s for s in back.skills}
    for s in there.skills:
        assert s.told.gap.value == pytest.approx(-again[s.name].told.gap.value)
        assert s.asked_a == again[s.name].asked_b
    duties = {d.name: d for d in compare_work(MARKET, question(*PAIR[::-1])).duties}
    for d in compare_work(MARKET, question()).duties:
        assert d.told.z == pytest.approx(-duties[d.name].told.z)


def test_a_group_is_named_at_least_as_often_as_its_skills() -> None:
    answer = compare_skills(MARKET, question())
    groups = {g.name: g for g in answer.groups}
    for s in answer.skills:
        assert s.told.count_a <= groups[s.group].count_a
        assert s.told.count_b <= groups[s.group].count_b


@pytest.mark.parametrize("reading", ["strict", "broad"])
def test_large_differences_of_the_bundled_ads_agree_with_common_sense(reading: Any) -> None:
    answer = rolediff.skills(*PAIR, reading=reading)
    told = {s.name: s.told.gap.value for s in answer.skills}
    for skill in ("retrieval-augmented generation", "AI agents", "prompt engineering"):
        assert told[skill] > 0
    for skill in ("PyTorch", "deep learning", "model training", "ML pipeline"):
        assert told[skill] < 0
    work = {d.name: d.told.gap.value for d in rolediff.work(*PAIR, reading=reading).duties}
    assert work["build AI agents"] > 0 > max(work["train models"], work["deploy models"])


def test_of_very_many_openings_a_panel_tells_the_other_reading_and_near_roles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide = question(reading="broad")
    whole = compare_skills(rolediff.market.bundled(), wide)
    source = str(whole.source["name"])
    bundled = rolediff.market.bundled()
    drawn = bundled.postings(where=Where().of_source(source))
    monkeypatch.setattr("rolediff.compare.beside.MANY", 0)
    panelled = replace(bundled, kept=(bundled.background, drawn.lazy()))
    found = compare_skills(panelled, wide)
    assert found.other_reading is not None
    assert whole.other_reading is not None
    assert found.other_reading.panel
    assert not whole.other_reading.panel
    assert found.other_reading.n_a == whole.other_reading.n_a
    assert found.other_reading.gaps.items() <= whole.other_reading.gaps.items()
    assert all(g.low > 0 or g.high < 0 for g in found.other_reading.gaps.values())
    assert found.nearest_a == whole.nearest_a
    said = dict(found.caveats)["panel"]
    assert f"{drawn['n'].sum():,} of {drawn['employer'].n_unique():,} employers" in said
    assert "panel" not in dict(whole.caveats)


@pytest.mark.parametrize("reading", ["strict", "broad"])
def test_codes_count_as_sets_do(reading: Any) -> None:
    bundled = rolediff.market.bundled()
    found = find_openings(bundled, question(reading=reading))
    named = Named(found, Whole.of(bundled, str(found.source["name"])))
    sets = [set(listed) for listed in found.skills]
    above = skill_ancestors()
    group = dict(skill_groups().select("concept", "group").iter_rows())
    for told, raised in (
        (named.tellings(), sets),
        (named.groups(), [{group.get(s) for s in listed} for listed in sets]),
        (named.wider(), [{t for s in listed for t in (s, *above.get(s, ()))} for listed in sets]),
    ):
        for t in told:
            holds = np.array([t.name in listed for listed in raised])
            counts = [int(holds[found.is_a == side].sum()) for side in (1, 0)]
            assert counts == [t.count_a, t.count_b]
    asked = named.asked()
    by_hand = found.lines.filter("is_a")["required"].list.contains("Python").sum()
    assert asked[True, "Python"].required == by_hand


def halves() -> Market:
    """The bundled market with its postings dealt out to two sources by employer."""
    bundled = rolediff.market.bundled()
    second = (pl.col("source") == "ashby") & (pl.col("employer").fill_null("0") < "8")
    lines = bundled.everything().with_columns(
        source=pl.when(second).then(pl.lit("second")).otherwise("source")
    )
    ashby = next(s for s in bundled.sources if s.name == "ashby")
    return counted(lines, [*bundled.sources, replace(ashby, name="second")])


def test_another_source_of_postings_stands_beside_and_agrees_or_not() -> None:
    market, q = halves(), question(reading="broad")
    skills, work = compare_skills(market, q), compare_work(market, q)
    for told, beside in (
        ([d.told for d in skills.skills], skills.beside),
        ([d.told for d in work.duties], work.beside),
    ):
        (other,) = beside
        leans = {t.name: t for t in told if t.leans}
        assert leans.keys() == other.agrees.keys() >= other.gaps.keys()
        for name, said in other.agrees.items():
            gap = other.gaps.get(name)
            clear = gap is not None and (gap.low > 0 or gap.high < 0)
            assert (said == "unclear") is not clear
            if clear:
                assert (said == "yes") is (gap.value * leans[name].gap.value > 0)
    alone = compare_skills(market, question(where=Where().of_source("second")))
    assert not alone.beside
    assert "second collection" in dict(alone.caveats)["source"]
    assert "second collection" not in dict(skills.caveats)["source"]
    there = compare_skills(market, replace(q, where=Where().of_source(skills.beside[0].source)))
    for name, gap in skills.beside[0].gaps.items():
        (own,) = (d.told.gap for d in there.skills if d.name == name)
        assert gap.value == pytest.approx(own.value)


def test_directions_of_the_bundled_openings() -> None:
    """What independent collections show too: more RAG and agents in one role, more training,
    deployment, features and PyTorch in the other."""
    for reading in ("strict", "broad"):
        wide = {t.name: t.gap.value for t in compare_skills(
            rolediff.market.bundled(), question(reading=reading)).wider}  # fmt: skip
        for more in ("retrieval-augmented generation", "AI agents"):
            assert wide[more] > 0.15
        for less in ("PyTorch", "model training", "model deployment"):
            assert wide[less] < -0.09
        assert wide["feature engineering"] < 0


def test_refusals() -> None:
    with pytest.raises(UsageError, match="two different"):
        compare_skills(MARKET, question("AI Engineer", "AI Engineer"))
    with pytest.raises(NotEnoughEvidence, match="0 openings, 5 are needed"):
        compare_work(MARKET, question("AI Engineer", "Data Analyst"))
    records = Market(MARKET.cells, MARKET.pay, ())
    with pytest.raises(NotEnoughEvidence, match="no postings"):
        compare_skills(records, question())
    with pytest.raises(NotEnoughEvidence):
        compare_skills(MARKET, question(where=Where.parse("country=DE,level=intern")))


@pytest.mark.parametrize("verb", ["skills", "work"])
def test_the_command_answers_in_three_ways(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = ask(capsys, verb, *PAIR)
    assert text.code == 0
    assert not text.err
    assert "Mind" in text.out
    assert max(map(len, text.out.splitlines())) <= 80
    marked = ask(capsys, verb, *PAIR, "--markdown")
    assert marked.out.startswith("# ")
    first, second = (ask(capsys, verb, *PAIR, "--json").out for _ in range(2))
    assert first == second
    result = json.loads(first)["result"]
    assert result["a"]["openings"] >= 5
    for told in result["skills" if verb == "skills" else "duties"]:
        assert {"a", "b", "gap", "z", "p_adjusted", "employers_equal", "standing"} <= told.keys()
        assert told["a"]["n"] == result["a"]["openings"]
        assert told["a"]["source"] == "ashby"


def test_lists_of_a_group_and_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    some = ask(capsys, "skills", *PAIR, "--group", "llm")
    assert "LLM tooling" in some.out
    assert "Big data" not in some.out
    assert "Big data" in ask(capsys, "skills", *PAIR, "--all").out
    assert ask(capsys, "skills", *PAIR, "--group", "cooking").code == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("AI Engineer",), 2, "name two roles"),
        (("AI Enginer", "ML Engineer"), 2, "did you mean"),
        ((*PAIR, "--where", "source=aijobs"), 4, "no postings"),
        (("AI Engineer", "--title", "payroll clerk of mars"), 4, "0 openings"),
        ((*PAIR, "--json", "--markdown"), 2, "choose one"),
    ],
)
def test_bad_input_gets_one_line(
    words: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in ("skills", "work"):
        answer = ask(capsys, verb, *words)
        assert answer.code == code
        assert said in answer.err
        assert answer.err.count("\n") == 1
        assert not answer.out
