import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from rolediff.annotate.location import read_place, read_title
from rolediff.annotate.place import country

GOLD = Path(__file__).parents[2] / "shared/data/bench/postings_gold_dev.jsonl"

PLACES = {
    "London": "GB",
    "London, ON": "CA",
    "London, Ontario, Canada": "CA",
    "Reading (London)": "GB",
    "London, Paris": None,
    "Paris, TX": "US",
    "Paris | Remote": "FR",
    "SF, NYC": "US",
    "SF / NY": "US",
    "San Francisco Bay Area": "US",
    "San Francisco-Hybrid": "US",
    "HQ: San Francisco": "US",
    "SF Office - 4th floor": "US",
    "Salt Lake City Office (or Remote)": "US",
    "Springfield, IL": "US",
    "Glasgow, Kentucky": "US",
    "Cambridge, MA": "US",
    "Cambridge": None,
    "Atlanta, Georgia": "US",
    "Tbilisi, Georgia": "GE",
    "Georgia": None,
    "Washington D.C.": "US",
    "Tulsa, OK - US (1)": "US",
    "Darmstadt, DE": "DE",
    "Toronto, ON, CA": "CA",
    "Köln": "DE",
    "São Paulo": "BR",
    "sao paulo": "BR",
    "Bangalore": "IN",
    "Bengaluru, Karnataka": "IN",
    "India-Karnataka": "IN",
    "Seoul, Korea": "KR",
    "東京": "JP",
    "Remote - US": "US",
    "Remote/US": "US",
    "U.S. (Remote)": "US",
    "US East Coast Remote": "US",
    "Acme US": "US",
    "Remote in India": "IN",
    "Anywhere in France": "FR",
    "United States & Canada": None,
    "US/Canada - Remote": None,
    "Remote (United States | Canada)": None,
    "Remote (non-U.S.)": None,
    "EMEA": None,
    "Remote from EU": None,
    "LatAm": None,
    "Remote": None,
    "Headquarters": None,
    "Some Shopping Mall": None,
    "": None,
}

TITLES = {
    "Engineer (Brazil)": "BR",
    "Agent (Oklahoma License)": "US",
    "Engineer - Berlin": "DE",
    "Writer (US & Canada)": None,
    "Engineer - Remote (EMEA)": None,
    "Engineer, Mobile": None,
    "Engineer, AI": None,
    "Teacher of Reading": None,
    "Turkey Farmer": None,
}

TEXTS = {
    "We are 100% remote within the USA.": "US",
    "You must be authorized to work in Canada.": "CA",
    "Our team members live all over the U.S. and like it.": "US",
    "Location: Leeds, United Kingdom": "GB",
    "This role is open to candidates in Germany or France.": None,
    "We hire in Spain.\nWe also hire candidates in Portugal.": None,
    "Our customers in Japan love us.": None,
    "We are headquartered in Sweden.": None,
    "We write US in capitals.": None,
    "": None,
}


def read(title: str | None, location: str | None, text: str | None) -> dict[str, object]:
    columns = (pl.Series([value], dtype=pl.String) for value in (text, title, location))
    return country(*columns).row(0, named=True)


@pytest.mark.parametrize(("location", "wanted"), PLACES.items())
def test_location(location: str, wanted: str | None) -> None:
    assert read("Engineer", location, "")["country"] == wanted


@pytest.mark.parametrize(("title", "wanted"), TITLES.items())
def test_title(title: str, wanted: str | None) -> None:
    assert read_title(title).country == wanted
    assert read(title, "Remote", "")["country"] == wanted


@pytest.mark.parametrize(("text", "wanted"), TEXTS.items())
def test_text(text: str, wanted: str | None) -> None:
    assert read("Engineer", "Remote", text)["country"] == wanted


def test_a_definite_location_wins_over_the_text() -> None:
    assert (
        read("Engineer", "Madrid", "You must be authorized to work in Canada.")["country"] == "ES"
    )
    assert read("Engineer", "EMEA", "You must be authorized to work in Canada.")["country"] is None


def test_a_field_of_the_country_goes_first() -> None:
    columns = [pl.Series([value] * 4) for value in ("", "Engineer", "Madrid")]
    field = pl.Series(["PT", "Portugal", "somewhere", None])
    found = country(*columns, field)
    assert found["country"].to_list() == ["PT", "PT", "ES", "ES"]
    assert found["country_in"].to_list() == ["field", "field", "location", "location"]


def test_spans_point_at_what_says_so() -> None:
    location, text = (
        "Acme HQ – Oslo, Norway (hybrid)",
        "Hi 🎉!\n • “We” live in İstanbul.\nLocation: Lyon",
    )
    found = read("Chef", location, "")
    assert location[found["country_start"] : found["country_end"]] == "Oslo, Norway"
    found = read("Chef (Chile)", "Remote", "")
    assert "Chef (Chile)"[found["country_start"] : found["country_end"]] == "Chile"
    found = read("Chef", None, text)
    assert (found["country"], text[found["country_start"] : found["country_end"]]) == ("FR", "Lyon")


def test_a_posting_does_not_affect_another() -> None:
    rows = [("Chef", place, "") for place in PLACES] + [(title, "Remote", "") for title in TITLES]
    rows += [("Chef", "Remote", text) for text in TEXTS] + [(None, None, None)]
    titles, places, texts = (pl.Series(column) for column in zip(*rows, strict=True))
    whole = country(texts, titles, places)
    alone = [
        country(texts[at : at + 1], titles[at : at + 1], places[at : at + 1])
        for at in range(len(rows))
    ]
    assert_frame_equal(whole, pl.concat(alone))
    backwards = country(texts.reverse(), titles.reverse(), places.reverse())
    assert_frame_equal(whole, backwards.reverse())


WORDS = st.lists(
    st.one_of(
        st.text(max_size=8), st.sampled_from([*PLACES, *TITLES, *TEXTS, ", ", " - ", "/", "\n"])
    ),
    max_size=6,
).map("".join)


@settings(max_examples=100, deadline=None)
@given(location=WORDS, title=WORDS, text=WORDS)
def test_any_posting_is_read(location: str, title: str, text: str) -> None:
    found = read(title, location, text)
    said = {"location": location, "title": title, "text": text}
    if found["country"] is not None:
        assert len(found["country"]) == 2
        assert 0 <= found["country_start"] < found["country_end"] <= len(said[found["country_in"]])
    assert read_place(location) == read_place(location)


@pytest.mark.skipif(not GOLD.exists(), reason="the labelled postings are not at hand")
def test_the_labelled_postings() -> None:
    gold = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    frame = pl.DataFrame([{key: g[key] for key in ("title", "location", "text")} for g in gold])
    found = country(frame["text"], frame["title"], frame["location"])["country"]
    wanted = pl.Series([g["labels"]["country"] for g in gold])
    assert found.eq_missing(wanted).mean() >= 0.95
