"""The grammar of claims on sentences of many roles and manners, and on what is no claim."""

from __future__ import annotations

import pytest

from rolediff.annotate.roles import Catalogue
from rolediff.claims.find import find_claims
from rolediff.read.article import read_article
from rolediff.results.claims import Amount, Claim

CATALOGUE = Catalogue.load()


def found(text: str, title: str = "Data Scientist vs Data Analyst") -> tuple[Claim, ...]:
    return find_claims(read_article(f"# {title}\n\n{text}"), CATALOGUE)


KINDS = [
    ("DevOps Engineer vs Backend Engineer", "The DevOps job market is hot.", ["demand"]),
    ("DevOps Engineer vs Backend Engineer",
     "Berlin, London and Amsterdam have the most openings.", ["country"]),
    ("Embedded Engineer vs Web Developer", "C is still king in embedded.", ["skill"]),
    ("Embedded Engineer vs Web Developer",
     "Embedded guys get less than web folks in my area.", ["gap"]),
    ("Technical Writer vs UX Writer", "Few adverts mention a degree.", ["education"]),
    ("Technical Writer vs UX Writer",
     "Markdown turns up in half of the adverts for technical writers.", ["share"]),
    ("Technical Writer vs UX Writer", "The market has cooled since 2022.", ["trend"]),
    ("SOC Analyst vs GRC Analyst", "GRC analysts tend to hold CISA or CISM.", ["certification"]),
    ("SOC Analyst vs GRC Analyst",
     "SOC analysts earn more than GRC analysts, because they work at night.", ["gap", "reason"]),
    ("Recruiter vs HR Business Partner",
     "HR business partners earn about a third more than recruiters.", ["gap"]),
    ("Recruiter vs HR Business Partner",
     "Postings for recruiters are down 40% since 2022.", ["trend"]),
    ("Nurse Informaticist vs Health Data Analyst",
     "Nurse informaticists average $102,000; health data analysts $84,000.", ["pay", "pay"]),
    ("iOS Developer vs Android Developer", "Swift has overtaken Objective-C.", ["trend"]),
    ("iOS Developer vs Android Developer",
     "Kotlin is asked for in 9 out of 10 Android adverts.", ["share"]),
    ("iOS Developer vs Android Developer", "iOS is losing ground to Android.", ["trend"]),
    ("Frontend Engineer vs Backend Engineer", "Angular is losing ground to React.", ["trend"]),
    ("Product Manager vs Engineering Manager",
     "Openings for product managers shrank in 2023 and recovered in 2024.", ["trend", "trend"]),
    ("Product Manager vs Engineering Manager",
     "EMs need system design and SQL.", ["skill"]),
    ("Product Manager vs Engineering Manager",
     "- **Places**: Zurich and New York offer the highest salaries for both.\n", ["country"]),
    ("Product Manager vs Engineering Manager",
     "- **Pay**: Engineering managers average $210,000; product managers average $170,000.\n",
     ["pay", "pay"]),
    ("Product Manager vs Engineering Manager",
     "- **Path**: Product managers usually hold a bachelor's, and one in four has an MBA.\n",
     ["education", "share"]),
    ("Computer Vision Engineer vs Robotics Engineer",
     "The vision crowd lives in Python, OpenCV and PyTorch.", ["tool"]),
    ("Data Engineer vs Analytics Engineer",
     "Banks appear to be hiring data engineers. So do car makers.", ["industry", "industry"]),
    ("Data Engineer vs Analytics Engineer",
     "Data engineers need SQL. So do analytics engineers.", ["skill", "skill"]),
    ("Data Engineer vs Analytics Engineer",
     "Remote jobs are rarer among data engineers.", ["share"]),
    ("Data Engineer vs Analytics Engineer",
     "Data engineers are among the fastest growing jobs.", ["growth"]),
    ("Cloud Architect vs Network Engineer",
     "Cloud architects are snapped up by banks; network engineers by carriers and hospitals.",
     ["industry", "industry"]),
    ("Game Developer vs Software Engineer",
     "Studios cluster in Montreal, Los Angeles and Tokyo.", ["country"]),
    ("Site Reliability Engineer vs DevOps Engineer", "Neither is easy to fill.", ["demand"]),
    ("Site Reliability Engineer vs DevOps Engineer",
     "Employers include hospitals, insurers and software vendors.", ["industry"]),
    ("ML Engineer vs AI Engineer",
     "The difference in pay has shrunk from 20% to 8% in two years.", ["trend"]),
    ("ML Engineer vs AI Engineer",
     "PyTorch appears in two of three ML adverts, against one of five for AI engineers.",
     ["share", "share"]),
    ("ML Engineer vs AI Engineer", "Pay: AI engineers earn more than ML engineers.", ["gap"]),
    ("Data Scientist vs Data Analyst", "Is SQL required?\n\nYes, in both.", ["skill"]),
    ("Data Scientist vs Data Analyst", "Which pays better? Data science, by about $20k.", ["gap"]),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text", "kinds"), KINDS, ids=[text[:50] for _, text, _ in KINDS])
def test_kinds(title: str, text: str, kinds: list[str]) -> None:
    assert [claim.kind for claim in found(text, title)] == kinds


NO_CLAIMS = [
    "A data scientist is a person who builds models.",
    "A data analyst (sometimes called a BI analyst) is someone who reads figures.",
    "When Ana left data science for the bank, her pay went from $118,000 to $150,000.",
    "Take Dale Hobson of Omaha, who started as a data analyst for $14 an hour.",
    "Its chief executive, Mieke Kade, was paid $412,000 as a data scientist.",
    "I moved from data analyst to data scientist and my salary doubled from $60,000 to $120,000.",
    "She earned $40,000 as a data analyst in 2009.",
    "Do not pay $1,800 for a course in data science.",
    "If you already know Python, learn SQL before you become a data analyst.",
    "Do data scientists earn more than data analysts?",
    "Never accept less than other data analysts get.",
    "The word data goes back to 1646.",
    "Ask me again in three years.",
    "I'm a data analyst on $90,000 and my friend, a data scientist, makes $130,000.",
    "You should learn Python if you want to be a data scientist.",
    "**How much is tuition?** $8,900, or nothing at first.",
]


@pytest.mark.parametrize("text", NO_CLAIMS)
def test_advice_definitions_questions_and_stories_are_no_claims(text: str) -> None:
    assert [claim for claim in found(text) if claim.kind != "unread"] == []


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("One in four has an MBA.", 25),
        ("Nine out of ten have a PhD.", 90),
        ("One in eight data scientists holds a doctorate.", 12.5),
        ("Two thirds of data analysts have a bachelor's degree.", 200 / 3),
        ("Three quarters of the latter have a master's degree.", 75),
    ],
)
def test_a_share_without_postings_keeps_its_figure(text: str, share: float) -> None:
    (claim,) = found(text)
    assert claim.kind == "share"
    assert claim.amount is not None
    assert claim.amount.low == pytest.approx(share)
    assert claim.items[0].lower() in text.lower()


def test_what_is_set_aside_is_not_denied() -> None:
    (claim,) = found("A PhD is mandatory for data scientists, not for data analysts.")
    assert (claim.kind, claim.roles, claim.negated) == ("education", ("Data Scientist",), False)
    (claim,) = found("Data scientists are paid more than data analysts, not less.")
    assert (claim.roles[0], claim.sense, claim.negated) == ("Data Scientist", "more", False)


@pytest.mark.parametrize(
    "text",
    [
        "You will not get hired as a data analyst without a degree.",
        "A degree is common for data analysts but seldom compulsory.",
    ],
)
def test_not_without_is_no_denial(text: str) -> None:
    (claim,) = found(text)
    assert (claim.kind, claim.negated) == ("education", False)


def test_a_negligible_gap_is_none() -> None:
    (claim,) = found("The pay gap between the two is negligible.")
    assert (claim.kind, claim.sense) == ("gap", "same")


def test_who_has_overtaken_whom() -> None:
    (claim,) = found("Data analysts have overtaken data scientists in pay.")
    assert (claim.kind, claim.roles, claim.negated) == (
        "gap", ("Data Analyst", "Data Scientist"), False,
    )  # fmt: skip
    (claim,) = found("Openings for data analysts overtook those for data scientists in 2024.")
    assert claim.kind == "trend"


def test_so_do_others_claims_the_same_of_them() -> None:
    first, again = found("Data scientists do not need a PhD. Neither do data analysts.")
    assert (again.kind, again.roles, again.items) == (first.kind, ("Data Analyst",), first.items)
    assert first.negated
    assert again.negated


def test_what_a_skill_adds_to_pay() -> None:
    (claim,) = found("Data analysts who know Python earn a premium of 8%.")
    assert (claim.kind, claim.items, claim.sense) == ("pay", ("Python",), "more")
    assert claim.amount == Amount(8, 8, "percent")


def test_items_of_nested_lists_stand_under_every_list_they_are_in() -> None:
    claims = found(
        "1. Skills\n   - Data analysts\n     - Craft\n       - SQL and Excel\n"
        "   - Data scientists\n     - Craft\n       - Python and statistics\n"
    )
    assert [(claim.kind, claim.roles, claim.text) for claim in claims] == [
        ("tool", ("Data Analyst",), "SQL and Excel"),
        ("skill", ("Data Scientist",), "Python and statistics"),
    ]


def test_lines_with_labels_under_a_role() -> None:
    claims = found(
        "### Data analyst\n\nPay: $60,000\nPlaces: Zurich, Munich\nSoftware: Excel, SAP\n"
    )
    assert [claim.kind for claim in claims] == ["pay", "country", "tool"]
    assert all(claim.roles == ("Data Analyst",) for claim in claims)


def test_professions_outside_the_catalogue_are_named_where_a_heading_has_them() -> None:
    (claim,) = found("Accountants earn less than controllers.", "Accountant or controller: the pay")
    assert (claim.kind, claim.invented) == ("gap", ("controller", "accountant"))


def test_a_bare_number_under_a_label_of_pay_is_a_sum_in_its_unit() -> None:
    claims = found(
        "# Data analysts and data scientists\n\n## Salary\n\n"
        "| Role | Pay, thousands of EUR |\n|---|---|\n"
        "| Data analyst | 45-55 |\n| Data scientist | 60 |\n"
    )
    sums = [(c.kind, c.amount.low, c.amount.high, c.amount.unit) for c in claims if c.amount]
    assert sums == [("pay", 45_000, 55_000, "EUR"), ("pay", 60_000, 60_000, "EUR")]


def test_a_list_of_things_and_percentages_is_a_share_each() -> None:
    claims = found(
        "# Data analysts and data scientists\n\nData scientists:\n\n- Python 97%, Scala 38%\n"
    )
    assert [(claim.kind, claim.text) for claim in claims] == [
        ("share", "Python 97%"),
        ("share", "Scala 38%"),
    ]
