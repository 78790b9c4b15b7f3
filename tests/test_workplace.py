import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from rolediff.annotate.lines import Lines
from rolediff.annotate.workplace import employment_type, remote, visa

GOLD = Path(__file__).parents[2] / "shared/data/bench/postings_gold_dev.jsonl"

REMOTE = {  # (title, location, text): where the work happens, and which of the three says so
    ("Engineer (Remote)", "Lisbon Office", ""): ("remote", "title"),
    ("Engineer", "Remote - Canada", "Hybrid work model."): ("remote", "location"),
    ("Engineer", "Leeds (Hybrid)", ""): ("hybrid", "location"),
    ("Engineer", "Leeds or Remote", ""): ("remote", "location"),
    ("Engineer", "Leeds Office", ""): ("onsite", "location"),
    ("Engineer", "Leeds Office", "We are in the office 3 days a week."): ("hybrid", "text"),
    ("Engineer", "Leeds", ""): (None, None),
    ("Engineer", "Leeds HQ", "We build hybrid search."): (None, None),
    ("Engineer", "Leeds", "#LI-Remote"): ("remote", "text"),
    ("Engineer", "Leeds", "We are a fully remote team."): ("remote", "text"),
    ("Engineer", "Leeds", "- Remote-friendly, flexible hours"): ("remote", "text"),
    ("Engineer", "Leeds", "Location: Leeds or Remote"): ("remote", "text"),
    ("Engineer", "Leeds", "This is a hybrid role."): ("hybrid", "text"),
    ("Engineer", "Leeds", "Remote policy: 1-2 days a week."): ("hybrid", "text"),
    ("Engineer", "Leeds", "- Fridays work from home"): ("hybrid", "text"),
    ("Engineer", "Leeds", "We work in the office together most days."): ("hybrid", "text"),
    ("Engineer", "Leeds", "Occasional in-person attendance is required."): ("hybrid", "text"),
    ("Engineer", "Leeds", "We spend 4 days a week in person."): ("hybrid", "text"),
    ("Engineer", "Leeds", "Five days a week in our office."): ("onsite", "text"),
    ("Engineer", "Leeds", "We're a small, fully in-person team."): ("onsite", "text"),
    ("Engineer", "Leeds", "This is an on-site role."): ("onsite", "text"),
    ("Engineer", "Leeds", "Full-time role at our Leeds office"): ("onsite", "text"),
    ("Engineer", "Leeds", "This is not a remote position."): ("onsite", "text"),
    ("Engineer", "Leeds", "Work from abroad 4 weeks a year"): (None, None),
    ("Engineer", "Leeds", "Work from anywhere for up to 30 days a year"): (None, None),
    ("Engineer", "Leeds", "A stipend for your home office"): (None, None),
    ("Engineer", "Leeds", "Remote and in-person hackathons, office snacks"): (None, None),
    ("Engineer", "Leeds", "Experience with distributed systems and remote sensing"): (None, None),
    ("Engineer", "Leeds", "Virtual onsite (3 rounds)"): (None, None),
    ("Engineer", "Leeds", "Skills in Microsoft Office and hybrid cloud"): (None, None),
    ("Remote Sensing Engineer", "Leeds", ""): (None, None),
    ("Office Manager", "Leeds", ""): (None, None),
    (None, None, None): (None, None),
}

EMPLOYMENT = {
    ("Engineer Intern", ""): "internship",
    ("Engineer (Contract)", "This is a full-time role."): "contract",
    ("Part-Time Tutor", ""): "part-time",
    ("Illustrator - Freelance", ""): "freelance",
    ("Engineer", "This is a full-time position."): "full-time",
    ("Engineer", "Employment type: Part-time"): "part-time",
    ("Engineer", "A 6-month fixed-term contract"): "contract",
    ("Engineer", "You know smart contracts from your internships."): None,
    ("Contract Manager (internal)", ""): None,
    ("Engineer", "Part-time, contract, or freelance roles may not be eligible."): None,
    ("Engineer", ""): None,
}

VISAS = {
    "We sponsor visas.": "offered",
    "- Visa sponsorship available": "offered",
    "We can support you with your visa and relocation.": "offered",
    "We are unable to sponsor visas at this time.": "not offered",
    "We do not offer visa sponsorship for this role.": "not offered",
    "You must be authorized to work in Peru without sponsorship.": "not offered",
    "Sponsorship is not available.": "not offered",
    "Visa is a payment network.": None,
    "Company-sponsored pension after 3 months of employment": None,
    "Will you now or in the future require sponsorship?": None,
    "An executive sponsor": None,
}


def one(text: str | None) -> Lines:
    return Lines.of(pl.Series([text], dtype=pl.String))


def series(value: str | None) -> pl.Series:
    return pl.Series([value], dtype=pl.String)


@pytest.mark.parametrize(("posting", "wanted"), REMOTE.items())
def test_remote(
    posting: tuple[str | None, str | None, str | None], wanted: tuple[str | None, str | None]
) -> None:
    title, location, text = posting
    found = remote(one(text), series(title), series(location)).row(0, named=True)
    assert (found["remote"], found["remote_in"]) == wanted


def test_a_field_is_asked_last() -> None:
    texts = pl.Series(["", "This is a hybrid role.", ""])
    titles, places = pl.Series(["Engineer"] * 3), pl.Series(["Leeds", "Leeds", "Remote"])
    field = pl.Series(["onsite", "remote", "nonsense"])
    found = remote(Lines.of(texts), titles, places, field)
    assert found["remote"].to_list() == ["onsite", "hybrid", "remote"]
    assert found["remote_in"].to_list() == ["field", "text", "location"]


@pytest.mark.parametrize(("posting", "wanted"), EMPLOYMENT.items())
def test_employment_type(posting: tuple[str, str], wanted: str | None) -> None:
    title, text = posting
    assert employment_type(one(text), series(title))["employment_type"].item() == wanted


def test_a_field_of_employment_goes_before_the_text() -> None:
    found = employment_type(one("A full-time role."), series("Engineer"), series("contract"))
    assert found["employment_type"].item() == "contract"


@pytest.mark.parametrize(("text", "wanted"), VISAS.items())
def test_visa(text: str, wanted: str | None) -> None:
    assert visa(one(text))["visa"].item() == wanted


def test_spans_point_at_what_says_so() -> None:
    text = "Wir – “alle” –\n\n • İzmir: 3 days a week in the office 🎉"
    found = remote(one(text), series("Engineer"), series("Leeds")).row(0, named=True)
    assert text[found["remote_start"] : found["remote_end"]] == "3 days a week in the office"
    found = remote(one(""), series("Chef — Remote"), series("Leeds")).row(0, named=True)
    assert "Chef — Remote"[found["remote_start"] : found["remote_end"]] == "Remote"


def test_a_posting_does_not_affect_another() -> None:
    titles, places, texts = (pl.Series(column) for column in zip(*REMOTE, strict=True))
    more = pl.Series([*VISAS])[: len(texts)]
    texts = texts + "\n" + more.append(pl.Series([""] * (len(texts) - len(more))))
    whole = _all(titles, places, texts)
    at_once = [
        _all(*(column[at : at + 1] for column in (titles, places, texts)))
        for at in range(len(texts))
    ]
    assert_frame_equal(whole, pl.concat(at_once))
    back = _all(titles.reverse(), places.reverse(), texts.reverse())
    assert_frame_equal(whole, back.reverse())


def _all(titles: pl.Series, places: pl.Series, texts: pl.Series) -> pl.DataFrame:
    lines = Lines.of(texts)
    parts = [remote(lines, titles, places), employment_type(lines, titles), visa(lines)]
    return pl.concat(parts, how="horizontal")


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=10),
        st.sampled_from([*(key[2] or "" for key in REMOTE), *VISAS, "\n", "İ"]),
    ),
    max_size=8,
).map("".join)


@settings(max_examples=60, deadline=None)
@given(postings=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4))
def test_any_posting_is_read(postings: list[tuple[str, str, str]]) -> None:
    titles, places, texts = (
        pl.Series([posting[at] for posting in postings], dtype=pl.String) for at in range(3)
    )
    found = _all(titles, places, texts)
    assert found.height == len(postings)
    for (title, location, text), row in zip(postings, found.iter_rows(named=True), strict=True):
        said = {"title": title, "location": location, "text": text}
        for name in ("remote", "employment_type", "visa"):
            start, end = row[f"{name}_start"], row[f"{name}_end"]
            if row[name] is not None:
                assert 0 <= start < end <= len(said[row[f"{name}_in"]])


@pytest.mark.skipif(not GOLD.exists(), reason="the labelled postings are not at hand")
def test_the_labelled_postings() -> None:
    gold = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    frame = pl.DataFrame([{key: g[key] for key in ("title", "location", "text")} for g in gold])
    found = remote(Lines.of(frame["text"]), frame["title"], frame["location"])
    wanted = pl.Series([g["labels"]["remote"] for g in gold])
    assert (found["remote"].fill_null("unspecified") == wanted).mean() >= 0.85
