"""The industry of an employer: stated, listed or read from its text. All texts are invented."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rolediff
from rolediff.annotate.industry import FOUND, employer_key, field_of, industry_of, sector_of
from rolediff.annotate.industry_words import spoken, word_keys

DATA = Path(rolediff.__file__).parent / "data"

CLINIC = """About us
We are a virtual clinic: our physicians, nurses and therapists treat patients with diabetes and
chronic disease, and our care teams work with hospitals and payers to make healthcare affordable."""
CLINIC_SOFTWARE = """Our software platform automates workflows for hospitals and health systems.
Clinicians use our AI agents and API to document care for patients; developers and engineers
build on our cloud platform, and healthcare providers automate clinical workflows with it."""
LENDER = """We make loans. Our bank lends to families and small businesses, with credit cards,
mortgages, payments and savings, and our underwriting and lending is regulated as a fintech."""
NOTHING = "You will do the work that is to be done, with others, every day."


def one(text: str | None, employer: str | None = None, stated: str | None = None) -> dict[str, str]:
    return industry_of(
        pl.Series([text], dtype=pl.String),
        pl.Series([employer], dtype=pl.String),
        pl.Series([stated], dtype=pl.String),
    ).row(0, named=True)


def listed() -> pl.DataFrame:
    return pl.read_csv(DATA / "employer_industry.csv", infer_schema=False)


def test_a_key_is_opaque_and_stable() -> None:
    assert employer_key("acme") == "b310db6c2687901e"
    assert employer_key("Acme") != employer_key("acme")


@pytest.mark.parametrize(
    ("code", "sector", "field"),
    [
        ("5132", "51", "technology"),
        ("513", "51", "technology"),
        ("5131", "51", "media"),
        ("334", "31-33", "technology"),
        ("3361", "31-33", "automotive"),
        ("31-33", "31-33", "manufacturing"),
        ("455", "44-45", "retail"),
        ("621111", "62", "healthcare"),
        ("522", "52", "finance"),
        ("5411", "54", "law"),
        ("99", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_codes(code: str | None, sector: str | None, field: str | None) -> None:
    assert (sector_of(code), field_of(code)) == (sector, field)


def test_every_sector_has_a_word() -> None:
    sectors = {sector_of(f"{n}") for n in range(11, 93)} - {None}
    assert len(sectors) == 20
    assert all(field_of(sector) for sector in sectors)


@pytest.mark.parametrize(
    ("stated", "sector"),
    [
        ("Hospitals & Health Care", "62"),
        ("Software Development, IT Services and IT Consulting", "51"),
        ("Finance and Insurance", "52"),
        ("524", "52"),
        ("44-45", "44-45"),
        (" Automotive ", "31-33"),
        ("Retail", "44-45"),
        ("Legal", "54"),
    ],
)
def test_what_a_source_states_wins(stated: str, sector: str) -> None:
    found = one(LENDER, None, stated)
    assert (found["industry"], found["source"], found["confidence"]) == (sector, "stated", "high")


@pytest.mark.parametrize("stated", ["", "n/a", "Other", "2024", "99", "(☃)"])
def test_what_cannot_be_read_as_an_industry_states_nothing(stated: str) -> None:
    assert one(NOTHING, None, stated)["industry"] is None


def test_a_stated_industry_says_nothing_of_whom_a_lender_serves() -> None:
    assert one(CLINIC, None, "Banking")["serves"] is None


def test_texts_are_classified() -> None:
    assert one(CLINIC)["field"] == "healthcare"
    assert one(LENDER)["field"] == "finance"
    assert one(CLINIC_SOFTWARE)["field"] == "healthcare"
    assert one(CLINIC_SOFTWARE)["source"] == "classified"


def test_a_vendor_has_two_industries() -> None:
    found = one(CLINIC_SOFTWARE, None, "Software")
    assert (found["industry"], found["serves"], found["field"]) == ("51", "62", "healthcare")


@pytest.mark.parametrize("text", [None, "", " \n", NOTHING, "☃" * 5000, "\x00", "patients"])
def test_what_says_too_little_is_unknown(text: str | None) -> None:
    found = one(text)
    assert found["industry"] is None
    assert found["source"] is None or text == "patients"


def test_listed_employers_are_known_by_name_or_key() -> None:
    row = listed().filter(pl.col("serves").is_not_null()).row(0, named=True)
    found = one(NOTHING, row["employer"])
    assert found["source"] == "listed"
    assert (found["industry"], found["serves"]) == (
        sector_of(row["naics"]),
        sector_of(row["serves"]),
    )
    assert one(NOTHING, row["employer"], "524")["industry"] == "52"


def test_shape_and_order() -> None:
    found = industry_of(pl.Series([LENDER, None, CLINIC]))
    assert found.schema == FOUND
    assert found["field"].to_list() == ["finance", None, "healthcare"]
    assert industry_of(pl.Series([], dtype=pl.String)).schema == FOUND


def test_an_answer_rests_on_its_posting_alone() -> None:
    texts = pl.Series([LENDER, CLINIC, NOTHING, CLINIC_SOFTWARE, None] * 7)
    whole = industry_of(texts)
    parts = pl.concat(industry_of(texts[k : k + 4]) for k in range(0, len(texts), 4))
    assert whole.equals(parts)


def test_pooled_texts_of_an_employer_have_one_answer() -> None:
    texts = pl.Series([NOTHING, CLINIC, LENDER])
    employer = pl.Series(["invented clinic", "invented clinic", None])
    found = industry_of(texts, employer, pool=True)
    assert found["field"].to_list() == ["healthcare", "healthcare", "finance"]


@given(st.lists(st.none() | st.text(max_size=60), max_size=6))
def test_any_text_has_an_answer(texts: list[str | None]) -> None:
    series = pl.Series(texts, dtype=pl.String)
    assert len(industry_of(series, series, series, pool=True)) == len(texts)


def test_words_have_the_keys_they_are_met_with() -> None:
    words = ["bank", "real estate", "k 12", "a"]
    _, keys = spoken(pl.Series(["A bank for Real\nEstate, K-12"]), 100)
    assert set(word_keys(words).tolist()) <= set(keys.tolist())


def test_only_the_beginning_is_read() -> None:
    assert one(NOTHING + " ." * 800 + CLINIC)["field"] is None


def test_the_list_of_employers_is_well_formed() -> None:
    table = listed()
    assert table.columns == ["employer", "naics", "serves", "confidence"]
    assert table["employer"].str.contains("^[0-9a-f]{16}$").all()
    assert table["employer"].is_unique().all()
    assert table["employer"].is_sorted()
    assert set(table["confidence"]) == {"high", "medium", "low"}
    assert all(sector_of(code) for code in table["naics"])
    assert all(sector_of(code) for code in table["serves"].drop_nulls())


def test_the_table_of_words_holds_words_and_numbers() -> None:
    table = pl.read_csv(DATA / "industry_words.csv", infer_schema=False)
    words = table["word"].fill_null("").to_list()
    assert words[0] == ""
    assert all(re.fullmatch(r"[a-z0-9]+( [a-z0-9]+)?", word) for word in words[1:])
    assert len(words) == len(set(words))


def snapshot(shared: Path) -> pl.DataFrame:
    return pl.read_ndjson(
        shared / "data/ashby/postings_2025-10.jsonl.zst", infer_schema_length=None
    )


def test_every_employer_of_the_snapshot_is_listed(shared: Path) -> None:
    slugs = snapshot(shared)["board"].unique()
    assert {employer_key(slug) for slug in slugs} == set(listed()["employer"])
    assert len(slugs) == 407


def test_no_word_names_an_employer(shared: Path) -> None:
    slugs = {slug.lower() for slug in snapshot(shared)["board"].unique()}
    own = (DATA / "industries.toml").read_text("utf-8")
    words = pl.read_csv(DATA / "industry_words.csv", infer_schema=False)["word"].drop_nulls()
    assert [word for word in words if word in slugs and f'"{word}"' not in own] == []


def test_codes_are_those_of_official_statistics(shared: Path) -> None:
    file = shared / "data/bls/oews_may2025_ai_related_soc.csv"
    known = set(pl.read_csv(file, infer_schema=False)["industry_code"].str.head(3))
    codes = [*listed()["naics"], *listed()["serves"].drop_nulls()]
    assert {code[:3] for code in codes if len(code) > 2 and "-" not in code} <= known
