"""One ad posted several times is one ad: for its role once, for each country once."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from rolediff.annotate.batch import annotate
from rolediff.annotate.duplicates import (
    FINGERPRINTS,
    ad_keys,
    fingerprint,
    fingerprint_of_facts,
    first_of,
    groups,
)
from rolediff.annotate.employers import employer_key, employer_weights, largest_employer
from rolediff.annotate.masking import masked_words
from rolediff.annotate.roles import Catalogue, matches
from rolediff.annotate.titles import core_title
from rolediff.read.postings import all_postings

SNAPSHOT = Path(__file__).parents[1].parent / "shared/data/ashby/postings_2025-10.jsonl.zst"
DUTIES = (
    "build agents that answer customers; evaluate prompts against labelled conversations; serve "
    "models behind an interface with low latency; watch drift and cost after release; write tests "
    "first and review the work of others; keep documentation short and true; talk with designers "
    "about what people need; find out why a pipeline failed and make sure it never fails so again; "
    "know retrieval, ranking, embeddings and fine tuning; bring five years of production work "
)


def ad(place: str = "Berlin", country: str = "Germany", years: int = 5) -> str:
    return f"We hire in {place}, {country}, for {years} years. {DUTIES} Apply by 2026."


def other_ad(seed: int) -> str:
    words = [f"word{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(200)]
    return " ".join(random.Random(seed).choices(words, k=150)).replace("word", "w")


def postings(*rows: tuple[str, str | None, str, str]) -> pl.DataFrame:
    columns = ["id", "employer", "location", "text"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(title=pl.lit("Engineer"))


def grouped(frame: pl.DataFrame) -> list[tuple[str, int]]:
    return groups(fingerprint(frame)).rows()


def test_places_and_numbers_do_not_tell_ads_apart() -> None:
    frame = postings(
        ("b", "Acme", "Berlin", ad()),
        ("a", "Acme", "Hanoi", ad("Hanoi", "Vietnam", 7)),
        ("c", "Acme", "Seoul", ad("Seoul", "South Korea", 3)),
    )
    assert fingerprint(frame)["exact"].n_unique() == 1
    assert grouped(frame) == [("a", 3)] * 3


def test_nearly_the_same_wording_is_the_same_ad() -> None:
    changed = ad().replace("low latency", "very low latency")
    frame = postings(("a", "Acme", "Berlin", ad()), ("b", "Acme", "Berlin", changed))
    assert fingerprint(frame)["exact"].n_unique() == 2
    assert grouped(frame) == [("a", 2)] * 2


def test_another_ad_of_the_employer_stays_another() -> None:
    half = DUTIES[:230] + other_ad(1)
    rows = [("a", ad()), ("b", other_ad(2)), ("c", half), ("d", other_ad(3))]
    frame = postings(*((i, "Acme", "Berlin", text) for i, text in rows))
    assert grouped(frame) == [("a", 1), ("b", 1), ("c", 1), ("d", 1)]


def test_two_employers_never_share_an_ad() -> None:
    frame = postings(("a", "Acme", "Berlin", ad()), ("b", "Beta", "Berlin", ad()))
    assert grouped(frame) == [("a", 1), ("b", 1)]


def test_one_employer_on_two_boards() -> None:
    frame = postings(("a", "Acme, Inc.", "Berlin", ad()), ("b", "acme", "Berlin", ad()))
    assert grouped(frame) == [("a", 2)] * 2


def test_the_same_id_and_text_under_two_employers_is_one_posting() -> None:
    frame = postings(("a", "Acme", "Berlin", ad()), ("a", "Agency", "Berlin", ad()))
    assert grouped(frame) == [("a", 2)] * 2
    frame = postings(("1", "Acme", "Berlin", ad()), ("1", "Beta", "Berlin", other_ad(1)))
    assert grouped(frame) == [("1", 1), ("1#2", 1)]


def test_unknown_employers_share_only_equal_texts() -> None:
    changed = ad().replace("low latency", "very low latency")
    rows = [("a", ad()), ("b", ad()), ("c", changed)]
    frame = postings(*((i, None, "Berlin", text) for i, text in rows))
    assert grouped(frame) == [("a", 2), ("a", 2), ("c", 1)]


def test_short_texts_need_the_same_title() -> None:
    frame = postings(
        ("a", "Acme", "Berlin", "See our page."), ("b", "Acme", "Berlin", "See our page.")
    )
    assert grouped(frame) == [("a", 2)] * 2
    titled = frame.with_columns(title=pl.Series(["Cook", "Driver"]))
    assert grouped(titled) == [("a", 1), ("b", 1)]


def test_texts_without_spaces_between_words() -> None:
    text = "私たちは世界中の人々のために人工知能を使った製品を作っています。" * 6
    changed = text.replace("製品", "新製品", 1)
    frame = postings(("a", "Acme", "東京", text), ("b", "Acme", "東京", changed))
    assert grouped(frame) == [("a", 2)] * 2


def many() -> pl.DataFrame:
    places = [("Berlin", "Germany"), ("Oslo", "Norway"), ("Lima", "Peru"), ("Rome", "Italy")]
    rows = [(f"p{i:02}", "Acme", p, ad(p, c, i)) for i, (p, c) in enumerate(places * 5)]
    rows += [(f"q{i:02}", f"E{i % 3}", "Berlin", other_ad(i)) for i in range(20)]
    return postings(*rows)


def test_order_and_batches_do_not_matter() -> None:
    frame = many()
    whole = frame.select("id").with_columns(groups(fingerprint(frame)))
    mixed = frame.sample(fraction=1, shuffle=True, seed=7)
    parts = pl.concat([fingerprint(part) for part in mixed.iter_slices(7)])
    again = mixed.select("id").with_columns(groups(parts)).sort("id")
    assert again.equals(whole.sort("id"))
    assert whole["copies"].to_list() == [20] * 20 + [1] * 20


def test_fingerprints_are_small_and_typed() -> None:
    prints = fingerprint(many())
    assert prints.schema == FINGERPRINTS
    assert prints["exact"].bin.size().unique().to_list() == [16]
    assert prints["minhash"].bin.size().unique().to_list() == [512]


@pytest.mark.parametrize("text", ["", " ", "12 34", "Germany", "x"])
def test_texts_of_nothing(text: str) -> None:
    frame = postings(("a", "Acme", "", text), ("b", "Acme", "", ad()))
    assert grouped(frame) == [("a", 1), ("b", 1)]


def test_no_postings() -> None:
    none = many().clear()
    assert groups(fingerprint(none)).is_empty()


def test_masks() -> None:
    frame = postings(("a", "Acme", "Ho Chi Minh", "In Ho Chi Minh, Vietnam: 5 Vietnamese R&D jobs"))
    assert masked_words(frame).item().to_list() == ["in", "ho", "r", "d", "jobs"]


def test_first_of_role_and_of_role_and_country() -> None:
    frame = pl.DataFrame(
        {
            "group": ["a", "a", "a", "a", "d"],
            "id": ["c", "a", "b", "a", "d"],
            "role": ["ai", "ai", "ai", "ml", "ai"],
            "country": ["DE", "FR", "DE", "FR", None],
        }
    )
    assert first_of(frame).rows() == [
        (False, False, 3, 2),
        (True, True, 3, 1),
        (False, True, 3, 2),
        (True, True, 1, 1),
        (True, True, 1, 1),
    ]


def test_employers_weigh_the_same() -> None:
    frame = pl.DataFrame(
        {"role": ["ai"] * 5 + ["ml"], "employer": ["Acme", "acme Ltd", "Beta", None, None, "Acme"]}
    )
    assert employer_weights(frame).to_list() == [0.5, 0.5, 1.0, 1.0, 1.0, 1.0]
    assert largest_employer(frame).rows() == [("ai", 5, 2, "acme", 0.4), ("ml", 1, 1, "acme", 1.0)]


def test_employer_keys() -> None:
    names = pl.Series(
        ["Acme, Inc.", "ACME", "acme GmbH", "L'Acme S.A.", "Co", None, "  ", "日本電気"]
    )
    wanted = ["acme", "acme", "acme", "lacme", "co", None, None, "日本電気"]
    assert employer_key(names).to_list() == wanted


def test_the_snapshot() -> None:
    if not SNAPSHOT.exists():
        pytest.skip("the shared data are not beside this checkout")
    found = all_postings(SNAPSHOT).postings
    found = found.with_columns(groups(fingerprint(found)))
    assert 6_300 < found["group"].n_unique() < 6_800
    title = pl.col("title").str.to_lowercase()
    is_ai = title.str.contains(r"\b(?:ai|ml|machine learning)\b.*engineer")
    one = found.filter((pl.col("employer") == "bjakcareer") & is_ai)
    assert one.height > 100
    assert one["text"].n_unique() > 90  # about 100 wordings
    assert one["group"].n_unique() < 45


# the key of an ad


def test_a_key_is_for_copies_alone_and_does_not_depend_on_order() -> None:
    frame = postings(
        ("1", "acme", "Berlin", ad()),
        ("2", "acme", "Madrid", ad("Madrid", "Spain", 7)),
        ("3", "acme", "Berlin", other_ad(1)),
        ("4", "other", "Berlin", ad()),
    )
    prints = fingerprint(frame)
    keys = ad_keys(prints)
    assert keys[0] == keys[1] is not None
    assert keys[2:].to_list() == [None, None]
    assert ad_keys(prints[::-1])[::-1].equals(keys)
    assert len(keys[0]) == 12


def test_copies_in_two_employers_have_two_keys() -> None:
    twice = [(str(i), name, "Berlin", ad()) for i, name in enumerate(["a", "a", "b", "b"])]
    keys = ad_keys(fingerprint(postings(*twice)))
    assert keys[0] == keys[1] != keys[2] == keys[3]


@pytest.mark.skipif(not SNAPSHOT.is_file(), reason="the shared data are not beside this checkout")
def test_52_of_92_strict_ai_ads_of_the_snapshot_are_of_one_employer() -> None:
    read = all_postings(SNAPSHOT).postings
    role = Catalogue.load().resolve("AI Engineer")
    strict = read.filter(matches(role, core_title(read["title"]), "strict"))
    most = strict["employer"].value_counts(sort=True).row(0)
    assert most == ("bjakcareer", 52)
    keys = ad_keys(fingerprint(strict))
    ads = keys.null_count() + keys.drop_nulls().n_unique()
    assert strict["text"].n_unique() == 89
    assert ads == 54
    one = keys.filter(strict["employer"] == "bjakcareer")
    assert one.null_count() + one.drop_nulls().n_unique() < 52 / 2


@pytest.mark.skipif(not SNAPSHOT.is_file(), reason="the shared data are not beside this checkout")
def test_facts_find_most_of_the_copies_that_texts_find() -> None:
    read = all_postings(SNAPSHOT).postings[:3000]
    keys = {
        "text": ad_keys(fingerprint(read)),
        "facts": ad_keys(fingerprint_of_facts(annotate(read))),
    }
    frame = pl.DataFrame(keys)
    pairs = {
        name: sum(n * (n - 1) // 2 for n in frame.drop_nulls(by).group_by(by).len()["len"])
        for name, by in (("text", ["text"]), ("facts", ["facts"]), ("both", ["text", "facts"]))
    }
    assert pairs["both"] > 0.55 * pairs["text"]
    assert pairs["both"] > 0.85 * pairs["facts"]


def test_employers_of_a_role_weigh_the_same_by_counts_too() -> None:
    lines = pl.DataFrame({"role": ["a"] * 3, "employer": ["x", "x", None], "n": [3, 1, 2]})
    assert employer_weights(lines).to_list() == [0.75, 0.25, 2.0]
    (most,) = largest_employer(lines).to_dicts()
    assert (most["postings"], most["employers"], most["share"]) == (6, 1, 4 / 6)
