"""Pay read out of the text of postings; every sentence here is made up for its rule."""

import json
import random
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import program

from rolediff.annotate.pay import STATED_PAY, stated_pay
from rolediff.annotate.pay_amounts import amounts, value
from rolediff.annotate.pay_rows import rows_to_read
from rolediff.annotate.pay_words import pay_words, worth_reading
from rolediff.annotate.pieces import Cut
from rolediff.records import PER_YEAR

BENCH = Path(__file__).parents[2] / "shared/data/bench"
SCORER = Path(__file__).parents[1] / "benchmarks/pay.py"

BEFORE = (
    "Our workshop restores mechanical clocks and writes the software that keeps them honest. You "
    "will plan repairs, review each other's work and teach apprentices.\n\nWhat you will do:\n\n"
    " - Keep the ledgers of the tower clocks\n - Answer letters from collectors\n\n"
)
AFTER = (
    "\n\nWrite to us with a short note on the oldest mechanism that you ever took apart. We answer "
    "every letter, and we hire people of every background.\n"
)


def posting(sentence: str) -> str:
    return BEFORE + sentence + AFTER


def read(text: str, country: str | None = None) -> dict[str, object]:
    return stated_pay(pl.Series([text]), pl.Series([country], dtype=pl.String)).row(0, named=True)


def short(text: str, country: str | None = None) -> tuple[object, ...]:
    pay = read(text, country)
    return pay["min"], pay["max"], pay["currency"], pay["period"]


STATED = {
    # forms of a range
    "Salary: $91K - $117K": (91_000, 117_000, "USD", "year"),
    "Salary: $91-117K": (91_000, 117_000, "USD", "year"),
    "Salary: $91,000-117,000": (91_000, 117_000, "USD", "year"),
    "Salary: 91 to $117K": (91_000, 117_000, "USD", "year"),
    "Salary: $91 - $117000": (91_000, 117_000, "USD", "year"),
    "Salary: between $91,000 and $117,000": (91_000, 117_000, "USD", "year"),
    "Salary: $117,000 - $91,000": (91_000, 117_000, "USD", "year"),
    "Salary: $91,000.00 to $117,000.00": (91_000, 117_000, "USD", "year"),
    "Salary: $91,000/yr to $117,000/yr": (91_000, 117_000, "USD", "year"),
    "Salary: $ 91, 000 - $ 117, 000": (91_000, 117_000, "USD", "year"),
    "Salary: $91,00-$117,000": (91_000, 117_000, "USD", "year"),
    "Salary: $91,000k": (91_000, 91_000, "USD", "year"),
    # one figure, from, up to
    "Base salary of $88,400": (88_400, 88_400, "USD", "year"),
    "Salary up to $88,400": (88_400, 88_400, "USD", "year"),
    "Salary from £31,500": (31_500, 31_500, "GBP", "year"),
    "Salary starting at €47k": (47_000, 47_000, "EUR", "year"),
    # currencies
    "Salary: €58.000–71.000": (58_000, 71_000, "EUR", "year"),
    "Salary: 58 000 € - 71 000 €": (58_000, 71_000, "EUR", "year"),
    "Salary: USD 91,000 to 117,000": (91_000, 117_000, "USD", "year"),
    "Salary: 91k-117k EUR": (91_000, 117_000, "EUR", "year"),
    "Salary: CA$91,000 - CA$117,000": (91_000, 117_000, "CAD", "year"),
    "Salary: C$91k": (91_000, 91_000, "CAD", "year"),
    "Salary: $91,000 - $117,000 CAD": (91_000, 117_000, "CAD", "year"),
    "Salary range (in CAD): $91,000 - $117,000": (91_000, 117_000, "CAD", "year"),
    "Salary: A$91,000 + super": (91_000, 91_000, "AUD", "year"),
    "Salary: NZ$91,000": (91_000, 91_000, "NZD", "year"),
    "Salary: S$7,200 - S$9,100 a month": (7_200, 9_100, "SGD", "month"),
    "Salary: HK$41,000 per month": (41_000, 41_000, "HKD", "month"),
    "Salary: R$ 9.500 - R$ 11.200": (9_500, 11_200, "BRL", "month"),
    "Salary: US$91,000": (91_000, 91_000, "USD", "year"),
    "Salary: CHF 104'000 - 118'000": (104_000, 118_000, "CHF", "year"),
    "Salary: 14 500 - 17 500 PLN gross/month": (14_500, 17_500, "PLN", "month"),
    "CTC: ₹14 LPA": (1_400_000, 1_400_000, "INR", "year"),
    "CTC: 14-19 LPA": (1_400_000, 1_900_000, "INR", "year"),
    "Salary: ₹14 lakhs": (1_400_000, 1_400_000, "INR", "year"),
    "Salary: ₹14,50,000 - ₹19,00,000": (1_450_000, 1_900_000, "INR", "year"),
    "Salary: ₹1.3 crore": (13_000_000, 13_000_000, "INR", "year"),
    "Salary: ¥7,100,000 - ¥8,900,000": (7_100_000, 8_900_000, "JPY", "year"),
    "Monatsgehalt: ca. 4.300 €": (4_300, 4_300, "EUR", "month"),
    # periods, stated and inferred
    "We pay $43/hr": (43, 43, "USD", "hour"),
    "We pay $43 - $51 per hour": (43, 51, "USD", "hour"),
    "Hourly rate: $43-51": (43, 51, "USD", "hour"),
    "Pay: $22.35 - $26.10": (22.35, 26.10, "USD", "hour"),
    "Day rate: £380 - £420": (380, 420, "GBP", "day"),
    "Rate: £380 per day": (380, 380, "GBP", "day"),
    "Weekly pay of $1,050": (1_050, 1_050, "USD", "week"),
    "Salary: $5,150 monthly": (5_150, 5_150, "USD", "month"),
    "Salary: $5,150 minimum": (5_150, 5_150, "USD", "month"),
    "Salary: $23,000 MXN": (23_000, 23_000, "MXN", "month"),
    "Salary: $51,500 base": (51_500, 51_500, "USD", "year"),
    "Salary: 51 - 57K": (51_000, 57_000, None, "year"),
    "Salary: $5,150": (5_150, 5_150, "USD", "month"),
    "Salary: $51,500": (51_500, 51_500, "USD", "year"),
    "Annual salary: $51,500": (51_500, 51_500, "USD", "year"),
    # where the words of pay stand
    "COMPENSATION\n\n$91K – $117K": (91_000, 117_000, "USD", "year"),
    "$91K – $117K + equity": (91_000, 117_000, "USD", "year"),
    "91k - 117k base": (91_000, 117_000, None, "year"),
    # other money beside it
    "Base salary (excluding bonus): $91,000-$117,000": (91_000, 117_000, "USD", "year"),
    "$91,000-$117,000 base + $12,000 bonus": (91_000, 117_000, "USD", "year"),
    "Salary $91,000 - $117,000, a $900 desk stipend and 401(k)": (91_000, 117_000, "USD", "year"),
    "Backed by $31M in funding. Salary: $91,000": (91_000, 91_000, "USD", "year"),
}


@pytest.mark.parametrize("sentence", STATED)
def test_pay_is_read_in_a_posting(sentence: str) -> None:
    assert short(posting(sentence)) == STATED[sentence]


@pytest.mark.parametrize("sentence", STATED)
def test_pay_is_read_in_a_line_alone(sentence: str) -> None:
    assert short(sentence) == STATED[sentence]


ALONE = {
    "$67,000": (67_000, 67_000, "USD", "year"),
    "$67k-$72k": (67_000, 72_000, "USD", "year"),
    "67-72k pro rata": (67_000, 72_000, None, "year"),
    "67,000 - 72,500": (67_000, 72_500, None, "year"),
    "31.40 p/h excluding allowances": (31.4, 31.4, None, "hour"),
    "From $67k": (67_000, 67_000, "USD", "year"),
}


@pytest.mark.parametrize("line", ALONE)
def test_a_line_that_opens_with_an_amount_is_a_pay_field(line: str) -> None:
    assert short(line) == ALONE[line]


OTHER_MONEY = [
    "We closed a $31M Series B led by friends of old clocks",
    "Our valuation is $1.2 billion and our ARR went from $110k to $900k",
    "Refer a clockmaker and receive a $4,000 referral bonus",
    "A signing bonus of $18,000",
    "An annual bonus of $11,000 - $14,000",
    "$1,200 monthly wellness stipend",
    "401(k) with a match of up to $5,500 a year",
    "You will run a budget of $350,000",
    "Deals between $60k and $140k",
    "Closing $60k–$140k contracts",
    "$250k+ ACV",
    "You carry a quota of $900,000",
    "$12,000 relocation allowance",
    "Up to $21,000 for fertility treatment",
    "Tuition reimbursement up to $5,250 per year",
    "Equity grants worth $80k-$160k",
    "We process $140,000 - $210,000 in payments a day",
    "Home office setup: $1,500",
    "$150,000 life insurance",
    "Over 140,000 users and 12,500 companies rely on us",
    "26 weeks of full pay and 12 weeks of half pay",
    "10-15 hours per week for 6-8 months",
    "Call 0800 123,456 or write to 12,500 Tower Street",
    "Competitive salary",
    "You will serve 110,000 - 240,000 visitors a year",
]


@pytest.mark.parametrize("sentence", OTHER_MONEY)
def test_other_money_is_no_pay(sentence: str) -> None:
    assert short(posting(sentence)) == (None, None, None, None)
    assert short(sentence) == (None, None, None, None)


def test_a_dollar_is_that_of_the_country_unless_the_text_says_otherwise() -> None:
    assert short(posting("Salary: $91,000"), "CA")[2] == "CAD"
    assert short(posting("Salary: $91,000"), "AU")[2] == "AUD"
    assert short(posting("Salary: $91,000"), "DE")[2] == "USD"
    assert short(posting("Salary: US$91,000"), "CA")[2] == "USD"
    assert short(posting("Salary: $91,000 USD"), "CA")[2] == "USD"


def test_a_figure_without_a_sign_takes_the_other_money_of_the_text_or_the_country() -> None:
    assert short(posting("Salary: 91k-117k"))[2] is None
    assert short(posting("Salary: 91k-117k"), "GB")[2] == "GBP"
    assert short(posting("Salary: 91k-117k, and a bonus of €2,000"), "GB")[2] == "EUR"


def test_bands_of_several_places_make_one_range() -> None:
    text = posting(
        "Pay range\n\n - Geneva: $150,000 - $180,000\n - Porto: $110,000 - $135,000\n"
        " - Elsewhere: $95,000 - $120,000"
    )
    pay = read(text)
    assert (pay["min"], pay["max"]) == (95_000, 180_000)
    assert [band["label"] for band in pay["bands"]] == ["Geneva", "Porto", "Elsewhere"]
    assert [text[band["start"] : band["end"]] for band in pay["bands"]] == [
        "$150,000 - $180,000",
        "$110,000 - $135,000",
        "$95,000 - $120,000",
    ]


def test_bands_of_levels_in_one_sentence() -> None:
    pay = read(posting("Grade 5: $81,000 - $90,000; Grade 6: $92,000 - $104,000 base salary"))
    assert (pay["min"], pay["max"], len(pay["bands"])) == (81_000, 104_000, 2)


BASIS = {
    "Base salary: $70,000 - $80,000. OTE: $120,000 - $140,000": (70_000, 80_000, "base"),
    "OTE $120,000 - $140,000, of which a base salary of $70,000 - $80,000": (
        70_000,
        80_000,
        "base",
    ),
    "On-target earnings: $120,000 - $140,000": (120_000, 140_000, "total"),
    "$120k - $140k (OTE)": (120_000, 140_000, "total"),
    "Total compensation: $120,000 - $140,000": (120_000, 140_000, "total"),
    "Compensation: $120,000 - $140,000": (120_000, 140_000, "unknown"),
    "The wage is $23 an hour": (23, 23, "base"),
}


@pytest.mark.parametrize("sentence", BASIS)
def test_on_target_pay_is_told_from_base(sentence: str) -> None:
    pay = read(posting(sentence))
    assert (pay["min"], pay["max"], pay["basis"]) == BASIS[sentence]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Salary: $91,000\n- 5 years of experience", (91_000, 91_000)),
        ("Salary: $91k\n\n - 20 days of holiday", (91_000, 91_000)),
        ("Base salary $91,000\n– 401(k) with a match", (91_000, 91_000)),
        ("Salary: $91,000 - $117,000\n- 3+ years", (91_000, 117_000)),
        ("Salary: $91,000\n- $117,000", (91_000, 117_000)),
        ("Salary: $91k\n- 117k", (91_000, 117_000)),
    ],
)
def test_an_item_of_a_list_is_no_end_of_a_range(text: str, expected: tuple[int, int]) -> None:
    assert short(posting(text))[:2] == expected


def test_a_range_broken_in_two_is_not_read_by_half() -> None:
    assert short(posting("Salary: $91,000 - 117,0000 per year"))[0] is None
    assert short(posting("Salary: $91,0000 - $117,000 per year"))[0] is None


def test_a_range_too_wide_for_pay_is_none() -> None:
    assert short(posting("Salary: $1,234 - $5,678,901"))[0] is None


def test_a_small_figure_without_a_period_is_left_alone() -> None:
    assert short(posting("Compensation\n\n$250 + equity"))[0] is None


def test_the_span_is_in_characters_not_bytes() -> None:
    text = posting("Ærø’s pay — “clock” 🕰️: £41k to £46k, naïvely")
    pay = read(text)
    assert text[pay["start"] : pay["end"]] == "£41k to £46k"


def test_nulls_blanks_and_an_empty_batch() -> None:
    pay = stated_pay(pl.Series([None, "", "Salary: $91,000"], dtype=pl.String))
    assert pay["min"].to_list() == [None, None, 91_000]
    assert stated_pay(pl.Series([], dtype=pl.String)).schema == STATED_PAY
    assert stated_pay(pl.Series([None, None])).schema == STATED_PAY


def batch() -> tuple[pl.Series, pl.Series]:
    texts = [posting(sentence) for sentence in (*STATED, *OTHER_MONEY)] + [*ALONE, None]
    places = random.Random(1).choices([None, "CA", "US", "GB"], k=len(texts))
    return pl.Series(texts, dtype=pl.String), pl.Series(places, dtype=pl.String)


def test_a_row_depends_on_itself_alone() -> None:
    texts, places = batch()
    whole = stated_pay(texts, places)
    assert whole.schema == STATED_PAY
    order = pl.Series(random.Random(2).sample(range(len(texts)), len(texts)))
    assert stated_pay(texts[order], places[order]).equals(whole[order])
    parts = [stated_pay(texts[at : at + 7], places[at : at + 7]) for at in range(0, len(texts), 7)]
    assert pl.concat(parts).equals(whole)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["$", "€", "₹", "USD ", "k", " - ", ",000", "salary ", "\n", " OTE "]),
            st.integers(0, 10**7).map(str),
            st.text(max_size=4),
        ),
        max_size=25,
    ).map("".join)
)
def test_whatever_is_read_is_sound(text: str) -> None:
    pay = read(text)
    if pay["min"] is None:
        assert not any(pay[name] is not None for name in STATED_PAY)
        return
    assert 0 <= pay["min"] <= pay["max"]
    assert pay["period"] in PER_YEAR
    assert pay["basis"] in ("base", "total", "unknown")
    assert pay["start"] == pay["bands"][0]["start"]
    assert pay["end"] == pay["bands"][-1]["end"]
    for band in pay["bands"]:
        assert 0 <= band["start"] < band["end"] <= len(text)
        assert any(letter.isdigit() for letter in text[band["start"] : band["end"]])


MILLION = 1_000_000
HOSTILE = {
    "digits": "9" * MILLION,
    "signs": "$" * MILLION,
    "groups": "$1" + ",111" * (MILLION // 4),
    "broken groups": "salary $1" + ",111" * (MILLION // 4) + "1",
    "spaced groups": "salary 1" + " 111" * (MILLION // 4),
    "amounts": "$50 " * (MILLION // 4),
    "ranges": "$50k-" * (MILLION // 5),
    "unsigned": "salary 50k " * (MILLION // 11),
    "blanks": "$" + " " * MILLION + "50,000",
    "one line": "salary " * (MILLION // 7) + "$50,000",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_megabyte_takes_no_longer_than_its_length(name: str) -> None:
    started = time.perf_counter()
    stated_pay(pl.Series([HOSTILE[name]]))
    assert time.perf_counter() - started < 5


NUMBERS = {
    "150,000": 150_000,
    "150.000": 150_000,
    "150 000": 150_000,
    "150'000": 150_000,
    "1,50,000": 150_000,
    "1,250.75": 1250.75,
    "1.250,75": 1250.75,
    "24.5": 24.5,
    "24,50": 24.5,
    "150": 150,
}


@pytest.mark.parametrize("digits", NUMBERS)
def test_numbers(digits: str) -> None:
    assert value(digits) == NUMBERS[digits]


def test_amounts_do_not_overlap() -> None:
    text = "USD 91,000 to 117,000, €50k-60k; 12 lakhs and $43 - $51/hr"
    found = amounts(text, bare=True)
    assert [text[a.start : a.end] for a in found] == [
        "USD 91,000 to 117,000",
        "€50k-60k",
        "12 lakhs",
        "$43 - $51",
    ]


def test_the_vocabulary_is_sound() -> None:
    words = pay_words()
    assert set(words.currency.values()) | set(words.dollar.values()) <= set(words.plausible)
    assert all(hour < month < year < most for hour, month, year, most in words.plausible.values())
    assert set(words.behind.values()) | set(words.ahead.values()) <= set(PER_YEAR)
    assert all(word == word.lower() and word.count(" ") <= 1 for word in words.evidence)


@pytest.mark.skipif(not BENCH.is_dir(), reason="the labelled sets are not at hand")
def test_the_labelled_sets_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert program(SCORER).main(["--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    postings = scores["posting_pay_dev"]
    assert postings["recall"] >= 0.95
    assert postings["precision"] >= 0.98
    assert postings["alarms"] == 0
    assert scores["postings_gold_dev"]["exact"] >= 0.9
    assert scores["pay_pairs"]["right"] >= 0.95


def test_absent_sets_are_said_to_be_absent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program(SCORER).main(["--bench", str(tmp_path / "none")]) == 3
    assert "--bench" in capsys.readouterr().err


WORDS = [
    "\n",
    "\n\n",
    " ",
    "$",
    "€",
    "120,000",
    "95k",
    "1,200.",
    "CAD",
    "salary",
    "per",
    " to ",
    "-",
    "base pay of ",
    "£45 m",
    "2",
    "LPA",
    ", ",
    "years",
    "a year",
    "USD ",
    "ranges ",
    "95k£",
    "12,k EUR",
]
PARTS = st.lists(st.sampled_from(WORDS), max_size=24).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=4))
def test_pieces_are_worth_reading_where_their_texts_are(parts: list[str]) -> None:
    """The last piece of a text aside, of which each here ends in a word."""
    texts = pl.Series([f"{part} {'clock ' * 40}" for part in parts])
    rows = rows_to_read(texts, Cut.of(texts).pieces((0, len(texts))))
    for row, text in enumerate(texts):
        met = {
            name: any(pl.Series([text]).str.contains(pattern).item() for pattern in patterns)
            for name, patterns in worth_reading().items()
        }
        unsure = any(met[name] for name in ("coded", "ahead", "unsigned_behind"))
        unsure |= met["marked"] and met["unsigned_marked"]
        assert (row in rows.unsure) == unsure
        assert (row in rows.signed) == (met["signed"] and not unsure)


@settings(max_examples=150, deadline=None)
@given(PARTS)
def test_amounts_are_found_where_the_digits_are(part: str) -> None:
    text = f"{part} {'clock ' * 40}"
    alone = pl.Series([text])
    spans = rows_to_read(alone, Cut.of(alone).pieces((0, 1))).digits.get(0)
    assert amounts(text, bare=True, within=spans) == amounts(text, bare=True)
