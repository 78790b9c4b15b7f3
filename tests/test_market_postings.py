"""What a market keeps of postings: exact, additive, each ad known once, no text."""

from __future__ import annotations

import json
import random
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from asking import jobs
from hypothesis import given, settings
from hypothesis import strategies as st
from postings import SOURCE, annotated

import rolediff
from rolediff.annotate.employers import employer_weights, largest_employer
from rolediff.annotate.roles import Catalogue, matches
from rolediff.errors import MarketError, NotEnoughEvidence
from rolediff.market import (
    POSTINGS,
    Market,
    Where,
    bundled,
    compress_postings,
    each,
    load,
    merge,
    once,
    save,
)
from rolediff.market.facts import facts_of
from rolediff.market.numbered import RUNS

WHOLE = pl.concat([annotated(60), annotated(60)[:15]])
LISTS = ("required", "preferred", "named")


@pytest.fixture(scope="module")
def market() -> Market:
    return compress_postings(WHOLE, [SOURCE])


def content(market: Market, folder: Path) -> dict[str, bytes]:
    saved = save(market, folder)
    return {file.name: file.read_bytes() for file in sorted(saved.iterdir())}


# laws


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(0, 75), max_size=3), seed=st.integers(0, 99))
def test_parts_in_any_order_add_up_to_the_byte(
    cuts: list[int], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mixed = WHOLE.sample(fraction=1, shuffle=True, seed=seed)
    bounds = [0, *sorted(cuts), 75]
    parts = [mixed[a:b] for a, b in pairwise(bounds)]
    random.Random(seed).shuffle(parts)
    summed = merge(*(compress_postings(part, [SOURCE]) for part in parts))
    folder = tmp_path_factory.mktemp("laws")
    same_counts = merge(compress_postings(WHOLE, [SOURCE] * len(parts)))
    assert content(summed, folder / "a") == content(same_counts, folder / "b")


def test_a_sum_with_records_of_pay_keeps_both_apart(market: Market) -> None:
    pay = load(jobs()).market
    both = pay + market
    assert len(both) == 240 + 75
    assert both.postings().equals(market.postings())
    assert both.only(Where.parse("source=board")).cells.equals(market.cells)
    assert both.only(Where.parse("source=table")).asks.collect().is_empty()
    assert (market + pay).pay.equals(both.pay)


def test_a_record_and_a_posting_alike_in_their_offer_stay_what_they_are(market: Market) -> None:
    offer = market.rows()[:1]
    twin = Market(
        offer.select(market.cells.columns).with_columns(cell=pl.lit(0, pl.UInt32)),
        offer.select(market.pay.columns).with_columns(cell=pl.lit(0, pl.UInt32)),
        (),
    )
    both = market + twin
    assert len(both) == 75 + int(offer["n"][0])
    assert both.postings()["n"].sum() == 75
    assert len((both + both).everything().filter(pl.col("required").is_null())) == 1


def test_what_is_saved_is_what_is_opened(market: Market, tmp_path: Path) -> None:
    opened = rolediff.open(save(market, tmp_path / "m"))
    assert opened.postings().equals(market.postings())
    assert content(opened, tmp_path / "again") == content(market, tmp_path / "m")


# what is kept


def test_every_posting_is_counted_with_its_schema(market: Market) -> None:
    lines = market.postings()
    assert lines.schema == POSTINGS
    assert lines["n"].sum() == market.pay["n"].sum() == 75
    assert lines["n"].max() == 2
    assert lines.drop("n").is_duplicated().sum() == 0
    assert market.has_postings


def test_facts_are_those_of_the_annotator(market: Market) -> None:
    told = WHOLE.select(
        pl.col("years").sum().alias("years"),
        pl.col("pay").struct.field("min").sum().alias("low"),
        mentions=pl.col("skills")
        .list.eval(pl.element().struct.field("concept").unique())
        .list.len()
        .sum(),
    ).row(0)
    lines = market.postings()
    kept = lines.select(
        (pl.col("years") * pl.col("n")).sum(),
        (pl.col("low") * pl.col("n")).sum(),
        (pl.sum_horizontal(pl.col(*LISTS).list.len()) * pl.col("n")).sum(),
    ).row(0)
    assert kept == told
    assert set(lines["month"].dt.day()) == {1}


def test_a_skill_stands_in_one_list_the_strongest_and_lists_are_sorted() -> None:
    def skill(concept: str, required: str) -> dict[str, object]:
        return {"concept": concept, "required": required}

    one = annotated(1)
    kind = one.schema["skills"]
    given = [skill("Rust", "preferred"), skill("Go", "unclear"), skill("Rust", "required"),
             skill("SQL", "preferred"), skill("Go", "preferred"), skill("C", "preferred"),
             skill("SQL", "preferred"), skill("Ada", "unclear")]  # fmt: skip
    (line,) = facts_of(one.with_columns(skills=pl.Series([given], dtype=kind))).to_dicts()
    assert (line["required"], line["preferred"], line["named"]) == (
        ["Rust"],
        ["C", "Go", "SQL"],
        ["Ada"],
    )


def test_duties_and_signals_are_taken_where_they_are_told() -> None:
    one = annotated(2)
    item = pl.List(pl.Struct({"text": pl.String, "concept": pl.String}))
    duties = pl.Series([[{"text": "y", "concept": "lead"}, {"text": "x", "concept": "ship"}], None],
                       dtype=item)  # fmt: skip
    told = one.drop("duties", "signals", "requirement_words", strict=False)
    with_duties = told.with_columns(duties=duties, requirement_words=pl.lit(40))
    first, second = facts_of(with_duties).to_dicts()
    assert (first["duties"], first["signals"], first["requirement_words"]) == (
        ["lead", "ship"],
        [],
        40,
    )
    assert second["duties"] == []
    assert facts_of(told)["requirement_words"].null_count() == 2


def test_no_text_and_no_name_of_an_employer_is_kept(tmp_path: Path) -> None:
    folder = save(compress_postings(WHOLE, [SOURCE]), tmp_path / "m")
    lines = rolediff.open(folder).postings()
    assert lines["employer"].str.contains("^[0-9a-f]{16}$").all()
    spelled = annotated(2).with_columns(employer=pl.Series(["Acme, Inc.", "ACME"]))
    assert facts_of(spelled)["employer"].n_unique() == 1
    assert not {"text", "url", "id"} & set(lines.columns)


def test_titles_and_filters_choose_lines(market: Market) -> None:
    lines = market.postings()
    some = market.postings(["ai engineer"], Where.parse("country=DE"))
    wanted = (pl.col("title") == "ai engineer") & (pl.col("country") == "DE")
    assert some.equals(lines.filter(wanted))
    assert 0 < some.height < lines.height
    assert market.postings([]).is_empty()
    with pytest.raises(NotEnoughEvidence):
        market.postings(where=Where.parse("country=XX"))


def test_scattered_titles_are_all_found(tmp_path: Path) -> None:
    names = [f"engineer {chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(300)]
    many = annotated(300).with_columns(title=pl.Series(names))
    market = rolediff.open(save(compress_postings(many, [SOURCE]), tmp_path / "m"))
    titles = market.title_names.gather_every(2)
    assert len(titles) > 2 * RUNS
    found = market.postings(titles)
    assert found.equals(market.postings().filter(pl.col("title").is_in(titles.implode())))


def test_a_market_of_pay_alone_has_no_postings() -> None:
    pay = load(jobs()).market
    assert not pay.has_postings
    assert pay.postings().schema == POSTINGS
    assert pay.postings().is_empty()


# each ad once


def test_an_ad_counts_once_within_what_is_named(market: Market) -> None:
    lines = market.postings()
    for within in (["title"], ["title", "country"]):
        ads = once(lines, within)
        shared = lines.filter(pl.col("ad").is_not_null())
        alone = lines["n"].sum() - shared["n"].sum()
        assert ads["n"].sum() == alone + shared.select(*within, "ad").n_unique()
        assert ads["copies"].sum() == 75
    assert once(lines, ["title"])["n"].sum() < once(lines, ["title", "country"])["n"].sum()


def test_the_copy_that_states_pay_stands_for_an_ad() -> None:
    lines = pl.DataFrame(
        {"role": ["a"] * 3, "ad": ["x"] * 3, "low": [None, 1.0, 2.0], "n": [9, 1, 2]},
        schema_overrides={"n": pl.UInt32},
    )
    assert once(lines, ["role"]).to_dicts() == [
        {"role": "a", "ad": "x", "low": 2.0, "n": 1, "copies": 12}
    ]


def test_each_gives_a_row_for_every_ad() -> None:
    lines = pl.DataFrame({"title": ["a", "b"], "n": [3, 1]}, schema_overrides={"n": pl.UInt32})
    assert each(lines)["title"].to_list() == ["a", "a", "a", "b"]
    assert each(lines)["n"].to_list() == [1, 1, 1, 1]


def test_employers_of_a_role_weigh_the_same_on_lines_with_counts(market: Market) -> None:
    lines = market.postings().rename({"title": "role"})
    weights = lines.with_columns(weight=employer_weights(lines))
    sums = weights.group_by("role", "employer").agg(pl.col("weight").sum())["weight"]
    assert sums.round(9).unique().to_list() == [1.0]
    spread = lines.select(pl.all().repeat_by("n")).explode(pl.all()).drop("n")
    assert largest_employer(lines).equals(largest_employer(spread))


# folders


def test_a_folder_of_the_version_before_is_read_as_without_postings(tmp_path: Path) -> None:
    pay = load(jobs()).market
    folder = older(save(pay, tmp_path / "m"))
    opened = rolediff.open(folder)
    assert not opened.has_postings
    assert opened.cells.equals(pay.cells)
    assert opened.pay.equals(pay.pay)


def older(folder: Path) -> Path:
    """`folder` as version 1 wrote it."""
    from rolediff.market.store import _hash

    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    package["rolediff"]["version"] = 1
    package["resources"] = package["resources"][:2]
    for source in package["rolediff"]["sources"]:
        del source["unit"]
    for resource, lacking in zip(package["resources"], ("sector", "ad"), strict=True):
        file = folder / resource["path"]
        pl.read_parquet(file).drop(lacking).write_parquet(file)
        resource["hash"] = _hash(file.read_bytes())
    (folder / "asks.parquet").unlink()
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    return folder


@pytest.mark.parametrize("damage", ["missing", "changed", "other columns"])
def test_a_damaged_table_of_postings_is_refused(
    market: Market, tmp_path: Path, damage: str
) -> None:
    folder = save(market, tmp_path / "m")
    file = folder / "asks.parquet"
    if damage == "missing":
        file.unlink()
    elif damage == "changed":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    else:
        pl.DataFrame({"x": [1]}).write_parquet(file)
    with pytest.raises(MarketError, match="compress the data again"):
        rolediff.open(folder)


# the bundled one


def strict(name: str) -> pl.DataFrame:
    """Postings of a role in the bundled market, by the strict reading."""
    market = bundled()
    titles = market.title_names
    mine = matches(Catalogue.load().resolve(name), titles, "strict")
    return market.postings(titles.filter(mine)).with_columns(role=pl.lit(name))


def test_the_bundled_ads_of_our_pair_are_counted_once() -> None:
    lines = strict("ai-engineer")
    ads = once(lines, ["role"])
    assert 80 < lines["n"].sum() < 130
    assert ads["n"].sum() < once(lines, ["role", "country"])["n"].sum() < lines["n"].sum()


def test_one_employer_is_half_of_the_bundled_ai_engineers() -> None:
    (most,) = largest_employer(strict("ai-engineer")).to_dicts()
    assert most["share"] > 0.4
    (once_each,) = largest_employer(once(strict("ai-engineer"), ["role"])).to_dicts()
    assert 0.2 < once_each["share"] < most["share"]


def test_the_bundled_postings_have_pay_skills_and_months() -> None:
    lines = bundled().postings()
    assert lines["low"].is_not_null().sum() > 3_500
    assert set(lines["pay_source"].drop_nulls()) == {"field", "text"}
    assert lines["month"].max() == date(2025, 10, 1)
    asked = lines.select(skill=pl.concat_list(*LISTS)).explode("skill", empty_as_null=False)
    assert asked["skill"].n_unique() > 1_200
