import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from rolediff.annotate.fact_words import stems
from rolediff.annotate.lines import Lines, lines_of, plain
from rolediff.annotate.requirements import certifications, education, years

GOLD = Path(__file__).parents[2] / "shared/data/bench/postings_gold_dev.jsonl"

DEGREES = {
    "- Bachelor’s degree in Computer Science or a related field": "bachelor",
    "BS/MS in Computer Science": "bachelor",
    "- B.S. or M.S. in Physics": "bachelor",
    "Bachelor's degree or equivalent practical experience": "bachelor",
    "- University degree in Business; MBA is a plus": "bachelor",
    "- Bachelor's degree or higher in Physics (new graduates welcome)": "bachelor",
    "- University degree, preferably in Business": "bachelor",
    "- BSc/Master’s/PhD in Statistics": "bachelor",
    "Pursuing a B.S. (or higher) in Engineering": "bachelor",
    "- CS degree, a bootcamp, or software that you built": "bachelor",
    "- Undergraduate degree in Economics": "bachelor",
    "- 本科及以上学历": "bachelor",
    "- Master's degree or above in Electrical Engineering": "master",
    "- MS or PhD in Machine Learning": "master",
    "A postgraduate degree in Mathematics": "master",
    "- Advanced degree in a quantitative field": "master",
    "Currently enrolled in a Master's or PhD program": "master",
    "- Master or PhD in Robotics": "master",
    "- PhD in Computer Science": "phd",
    "- Ph.D. or equivalent research experience in Biology": "phd",
    "No degree required": "none",
    "You don't need a college degree for this": "none",
    "- High school diploma or equivalent": "none",
    "Studied engineering (dropouts welcome)": "none",
    "PhD preferred": None,
    "- A Master's degree is a plus": None,
    "- Bachelor's or Master's degree in Computer Science is a plus": None,
    "- MS or PhD in Molecular Biology, Biochemistry, or a related field preferred": None,
    "Our founders hold PhDs from two universities": None,
    "We are a team of 40, with 12 advanced degrees": None,
    "- High degree of autonomy": None,
    "- Master the art of the deal, a 360-degree view": None,
    "- Scrum master and MS Office, answers in 20 ms": None,
    "Tuition for degree programs": None,
    "No BS, no politics": None,
    "We are hiring.": None,
}

YEARS = {
    "- 5+ years of experience in software engineering": 5,
    "- 3-5 years of experience": 3,
    "- 3–6+ years of experience in platform work": 3,
    "- Minimum of five (5) years in accounting": 5,
    "- At least 4 years of relevant work experience": 4,
    "- Experience: 2 to 4 years as an analyst": 2,
    "- Deep experience (7+ years) in sales": 7,
    "- 6+ years building distributed systems": 6,
    "- 8+ yrs full-cycle recruiting": 8,
    "- 5 + years experience in Python": 5,
    "You have 3 years of experience with customers.": 3,
    "- 0-2 years of experience": 0,
    "- 6+ years with a BS, 3+ years with an MS, in engineering": 3,
    "- B.S. + 5 years experience or M.S. + 3 years experience or Ph.D. + 1 year of experience": 1,
    "- 7+ years of recruiting experience, including 4+ years managing": 7,
    "- 3+ years in sales, ideally at a bank": 3,
    "- 8+ years in finance, ideally with at least 3 years leading": 8,
    "We are looking for engineers with 3+ years of experience.": 3,
    "- 2 - 4 年开发经验": 2,
    "- 4+ years of experience with Kubernetes": None,
    "- 3 years of experience in AWS": None,
    "- 5+ years of experience preferred": None,
    "Ideally 5+ years of experience": None,
    "We have 10+ years of experience in energy": None,
    "Our founders have 20+ years of experience": None,
    "- Based on 10+ years of experience, we provide design": None,
    "- A sabbatical after 5 years of service": None,
    "- Shares vest over 4 years, with experience of growth": None,
    "You must be at least 18 years old": None,
    "Revenue grew tenfold in the last 3 years, and you will experience it": None,
    "- A 4-year college degree": None,
    "A few years of experience": None,
}

CERTIFICATES = {
    "- AWS Certified Machine Learning or CISSP": ["AWS Certified Machine Learning", "CISSP"],
    "- Certified Public Accountant (CPA) preferred": ["Certified Public Accountant", "CPA"],
    "- PMP certification is a plus": ["PMP"],
    "- CompTIA Security+ or CEH": ["CompTIA Security+", "CEH"],
    "- Birth certificate": [],
    "- CPA campaigns and ROAS": [],
}


def one(text: str) -> Lines:
    return Lines.of(pl.Series([text]))


@pytest.mark.parametrize(("text", "wanted"), DEGREES.items())
def test_education(text: str, wanted: str | None) -> None:
    assert education(one(text))["education"].item() == wanted


@pytest.mark.parametrize(("text", "wanted"), YEARS.items())
def test_years(text: str, wanted: int | None) -> None:
    assert years(one(text))["years"].item() == wanted


@pytest.mark.parametrize(("text", "wanted"), CERTIFICATES.items())
def test_certifications(text: str, wanted: list[str]) -> None:
    found = certifications(one(text))["certifications"].item()
    assert [each["text"] for each in found if each] == wanted if found is not None else not wanted


@pytest.mark.parametrize("heading", ["Nice to have", "BONUS POINTS", "Preferred qualifications:"])
def test_what_stands_under_wishes_is_not_asked(heading: str) -> None:
    asked = "Requirements\n\n - Master's degree in Physics\n - 6+ years of experience\n\n"
    wished = f"{heading}\n\n - Bachelor's degree in Physics\n - 2+ years of experience\n"
    assert education(one(wished))["education"].item() is None
    assert years(one(wished))["years"].item() is None
    for text in (asked + wished, wished + asked):
        assert education(one(text))["education"].item() == "master"
        assert years(one(text))["years"].item() == 6


def test_the_lowest_of_all_degrees_and_the_first_of_all_years() -> None:
    text = (
        "- PhD in Physics\n- Bachelor's degree in Physics\n- 5+ years of sales\n- 2+ years of law"
    )
    assert education(one(text))["education"].item() == "bachelor"
    assert years(one(text))["years"].item() == 5


def test_spans_point_at_the_text() -> None:
    text = "Über uns 🎉\n\n • “Who”: \n • Bachelor’s degree\n • İstanbul, 5+ years of experience"
    found = pl.concat([education(one(text)), years(one(text))], how="horizontal").row(0, named=True)
    assert text[found["education_start"] : found["education_end"]] == "Bachelor"
    assert text[found["years_start"] : found["years_end"]] == "5+ years"


def test_a_posting_does_not_affect_another() -> None:
    texts = pl.Series([*DEGREES, "Nice to have", *YEARS, None, *CERTIFICATES, ""])
    for read in (education, years, certifications):
        whole = read(Lines.of(texts))
        alone = pl.concat([read(Lines.of(texts[at : at + 1])) for at in range(len(texts))])
        backwards = read(Lines.of(texts.reverse())).reverse()
        assert_frame_equal(whole, alone)
        assert_frame_equal(whole, backwards)


def test_no_posting_no_answer() -> None:
    for read in (education, years, certifications):
        assert read(Lines.of(pl.Series([], dtype=pl.String))).is_empty()
        assert (
            read(Lines.of(pl.Series([None], dtype=pl.String))).row(0)
            == (None,) * read(Lines.of(pl.Series([None], dtype=pl.String))).width
        )


@pytest.mark.parametrize(
    "piece", ["5+ years of experience with a degree ", "bachelor", "5 years, "]
)
def test_a_text_without_an_end(piece: str) -> None:
    lines = one(piece * 20_000)
    assert lines.frame["low"].str.len_chars().max() <= 500
    assert education(lines).height == years(lines).height == 1


def test_the_stems_stay_a_hundred() -> None:
    assert len(stems()) <= 100


PIECES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            [
                *DEGREES,
                *YEARS,
                "\n",
                "\n\n",
                "Nice to have\n",
                "İ",
                "年",
                "5+ years experience",
                ". ",
            ]
        ),
    ),
    max_size=12,
).map("".join)


def even(text: str) -> str:
    """`text` as `Lines` writes it in lower case."""
    return pl.select(plain(pl.lit(text)).str.to_lowercase()).item()


def test_a_line_that_stands_twice_is_read_once_and_told_twice() -> None:
    line = "- 5+ years of experience with Golang. A degree is a plus."
    lines = Lines.of(pl.Series([line, f"Nice to have\n{line}", None, "We are many."]))
    assert lines.frame["line"].to_list() == [0, 0]
    placed = lines.placed(lines.frame)
    assert placed.select("row", "wish").rows() == [(0, False)] * 2 + [(1, True)] * 2
    assert placed["start"].diff(2).to_list()[2:] == [len("Nice to have\n")] * 2
    assert years(lines)["years"].to_list() == [5, None, None, None]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(PIECES, max_size=4))
def test_any_text_is_read(texts: list[str]) -> None:
    series = pl.Series(texts, dtype=pl.String)
    lines = Lines.of(series)
    for row, start, line in lines_of(series).iter_rows():
        assert texts[row][start : start + len(line)] == line
    placed = lines.placed(lines.frame)
    for row, start, low in placed.select("row", "start", "low").iter_rows():
        assert even(texts[row][start : start + len(low)]) == low
    for read in (education, years):
        found = read(lines)
        assert found.height == len(texts)
        for value, start, end in found.iter_rows():
            assert (value is None) or 0 <= start < end
    assert certifications(lines).height == len(texts)


@pytest.mark.skipif(not GOLD.exists(), reason="the labelled postings are not at hand")
def test_the_labelled_postings() -> None:
    gold = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    lines = Lines.of(pl.Series([g["text"] for g in gold]))
    for read, name in ((education, "education"), (years, "years")):
        wanted = [g["labels"][name] for g in gold]
        got = [v if v is not None or name == "years" else "unspecified" for v in read(lines)[name]]
        right = sum(want == have for want, have in zip(wanted, got, strict=True))
        assert right / len(gold) >= 0.9
