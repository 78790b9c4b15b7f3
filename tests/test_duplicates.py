"""One ad posted several times is one ad: for its role once, for each country once."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from rolediff.annotate.duplicates import (
    FINGERPRINTS,
    fingerprint,
    first_of,
    groups,
    masked_words,
)
from rolediff.annotate.employers import employer_key, employer_weights, largest_employer
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
