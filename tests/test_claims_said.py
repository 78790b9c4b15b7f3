"""One sentence at a time: how many ways there are to say what a role is paid, asked and wanted."""

from __future__ import annotations

import pytest

from rolediff.annotate.roles import Catalogue
from rolediff.claims.find import find_claims
from rolediff.read.article import read_article
from rolediff.results.claims import Amount, Claim

CATALOGUE = Catalogue.load()
ML, AI = "Machine Learning Engineer", "AI Engineer"
FRONT, BACK = "Frontend Engineer", "Backend Engineer"


def found(text: str) -> list[Claim]:
    return list(find_claims(read_article(text), CATALOGUE))


def one(text: str, kind: str) -> Claim:
    (claim,) = [claim for claim in found(text) if claim.kind == kind]
    return claim


GAPS = [
    ("AI engineers earn more than ML engineers.", (AI, ML)),
    ("AI engineers earn less than ML engineers.", (ML, AI)),
    ("ML engineers out-earn AI engineers.", (ML, AI)),
    ("AI engineers lag behind ML engineers in pay.", (ML, AI)),
    ("AI engineer salaries trail those of ML engineers.", (ML, AI)),
    ("An ML engineer's pay exceeds an AI engineer's.", (ML, AI)),
    ("Compared with AI engineers, ML engineers are better paid.", (ML, AI)),
    ("ML engineers command higher salaries than AI engineers.", (ML, AI)),
    ("AI engineers are paid worse than ML engineers.", (ML, AI)),
    ("There is a pay gap of 10% in favour of ML engineers over AI engineers.", (ML, AI)),
    ("# Frontend vs backend developers\n\nBackend pays more.", (BACK, FRONT)),
    ("# Frontend vs backend developers\n\nWho earns more?\n\nBackend developers do.",
     (BACK, FRONT)),
    ("# Frontend vs backend developers\n\nWho earns more? Backend developers, by a wide margin.",
     (BACK, FRONT)),
    ("# Frontend vs backend developers\n\nThe former earn less.", (BACK, FRONT)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "roles"), GAPS)
def test_who_is_said_to_be_paid_more(text: str, roles: tuple[str, str]) -> None:
    claim = one(text, "gap")
    assert (claim.roles, claim.sense, claim.negated) == (roles, "more", False)


def test_by_how_much() -> None:
    assert one("AI engineers earn 20% more than ML engineers.", "gap").amount == Amount(
        20, 20, "percent"
    )
    less = one("AI engineers earn 20 per cent less than ML engineers.", "gap")
    assert less.amount == Amount(25, 25, "percent")  # as seen from the lower pay
    twice = one("AI engineers are paid twice as much as ML engineers.", "gap")
    assert twice.amount == Amount(2, 2, "times")
    sum_ = one("AI engineers earn about £5,000 more than ML engineers.", "gap")
    assert sum_.amount == Amount(5000, 5000, "GBP", about=True)
    assert one("AI engineers and ML engineers earn the same.", "gap").sense == "same"


def test_denials_and_hedges() -> None:
    assert one("AI engineers do not earn more than ML engineers.", "gap").negated
    assert one("AI engineers earn more than ML engineers. That is not true.", "gap").negated
    assert one("AI engineers may earn more than ML engineers.", "gap").hedged
    assert one("AI engineers tend to earn more than ML engineers.", "gap").hedged


PAY = [
    ("An ML engineer earns $150,000 a year.", Amount(150_000, 150_000, "USD", "year")),
    ("ML engineers earn between £60,000 and £80,000.", Amount(60_000, 80_000, "GBP", "year")),
    ("ML engineers make €45–60k.", Amount(45_000, 60_000, "EUR", "year")),
    ("ML engineers make over $200k.", Amount(200_000, None, "USD", "year")),
    ("ML engineers rarely earn more than $90,000.", Amount(None, 90_000, "USD", "year")),
    ("ML engineers earn around CHF 120,000.", Amount(120_000, 120_000, "CHF", "year", True)),
    ("ML engineers get £450 a day.", Amount(450, 450, "GBP", "day")),
    ("ML engineers earn six figures.", Amount(100_000, None, "", "year")),
    ("In India ML engineers earn ₹12–20 lakh.", Amount(1_200_000, 2_000_000, "INR", "year")),
    ("The median salary of ML engineers is 72.000 €.", Amount(72_000, 72_000, "EUR", "year")),
    ("ML engineer salaries start at $98,000.", Amount(98_000, None, "USD", "year")),
]


@pytest.mark.parametrize(("text", "amount"), PAY)
def test_what_a_role_is_said_to_be_paid(text: str, amount: Amount) -> None:
    claim = one(text, "pay")
    assert claim.roles == (ML,)
    assert claim.amount == amount


def test_sums_of_several_roles() -> None:
    text = "AI engineers earn $150,000 on average, ML engineers $140,000."
    assert [(c.roles, c.amount and c.amount.low) for c in found(text)] == [
        ((AI,), 150_000), ((ML,), 140_000),
    ]  # fmt: skip
    text = "AI engineers and ML engineers earn £50,000 and £60,000 respectively."
    assert [(c.roles, c.text) for c in found(text)] == [
        ((AI,), "£50,000"), ((ML,), "£60,000"),
    ]  # fmt: skip
    text = "We see $150,000 for AI engineers and $140,000 for ML engineers."
    assert [(c.roles, c.text) for c in found(text)] == [
        ((AI,), "$150,000 for AI engineers"), ((ML,), "$140,000 for ML engineers"),
    ]  # fmt: skip


def test_places_years_and_statistics() -> None:
    claim = one("In Germany the median ML engineer earned €70,000 in 2023.", "pay")
    assert (claim.place, claim.period, claim.statistic) == ("DE", (2023, 2023), "median")
    assert one("Junior ML engineers in Europe earn €50,000.", "pay").region == "Europe"
    assert one("Junior ML engineers in Europe earn €50,000.", "pay").statistic == "entry"


KINDS = [
    ("reason", "ML engineers earn more than AI engineers because they are senior.",
     "because they are senior"),
    ("reason", "ML engineers out-earn AI engineers. The gap comes from experience with systems.",
     "The gap comes from experience with systems"),
    ("reason", "ML engineers out-earn AI engineers. Some put the difference down to seniority.",
     "Some put the difference down to seniority"),
    ("growth", "Jobs for ML engineers are projected to grow 40% by 2030.",
     "Jobs for ML engineers are projected to grow 40% by 2030"),
    ("trend", "Openings for ML engineers have doubled since 2020.",
     "Openings for ML engineers have doubled since 2020"),
    ("demand", "ML engineers are highly sought after.", "ML engineers are highly sought after"),
    ("demand", "There is a shortage of ML engineers.", "There is a shortage of ML engineers"),
    ("demand", "Demand for ML engineers remains strong.", "Demand for ML engineers remains strong"),
    ("industry", "ML engineers are mostly hired by banks and insurers.",
     "ML engineers are mostly hired by banks and insurers"),
    ("industry", "Finance and healthcare hire the most ML engineers.",
     "Finance and healthcare hire the most ML engineers"),
    ("industry", "The top industries for ML engineers are finance and retail.",
     "The top industries for ML engineers are finance and retail"),
    ("country", "Switzerland and the United States pay ML engineers best.",
     "Switzerland and the United States pay ML engineers best"),
    ("country", "The best-paying cities for ML engineers are Zurich and New York.",
     "The best-paying cities for ML engineers are Zurich and New York"),
    ("country", "Pay for ML engineers is highest in San Francisco.",
     "Pay for ML engineers is highest in San Francisco"),
    ("skill", "ML engineers need Python.", "ML engineers need Python"),
    ("skill", "Python is essential for ML engineers.", "Python is essential for ML engineers"),
    ("tool", "ML engineers work with PyTorch, Kafka and Spark.",
     "ML engineers work with PyTorch, Kafka and Spark"),
    ("education", "ML engineers usually need a master's degree.",
     "ML engineers usually need a master's degree"),
    ("education", "Five years of experience are typical for ML engineers.",
     "Five years of experience are typical for ML engineers"),
    ("certification", "ML engineers are often asked for an AWS certification.",
     "ML engineers are often asked for an AWS certification"),
    ("trend", "Postings for ML engineers fell by a third in 2023.",
     "Postings for ML engineers fell by a third in 2023"),
    ("trend", "Fewer ML engineer jobs are remote than in 2021.",
     "Fewer ML engineer jobs are remote than in 2021"),
    ("share", "70 % of ML engineer adverts ask for Python.",
     "70 % of ML engineer adverts ask for Python"),
    ("share", "Most ML engineer jobs are in the United States.",
     "Most ML engineer jobs are in the United States"),
    ("share", "Python is named in nine out of ten ML engineer ads.",
     "Python is named in nine out of ten ML engineer ads"),
    ("unread", "ML engineers mentor 30% of interns.", "ML engineers mentor 30% of interns"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "span"), KINDS)
def test_kinds(kind: str, text: str, span: str) -> None:
    assert one(text, kind).text == span


SILENT = [
    "How much do ML engineers earn?",
    "You should learn Python if you want to be an ML engineer.",
    "I think ML engineers are great.",
    "In this article we compare AI engineers with ML engineers.",
    "An ML engineer builds models that learn from data.",
    "Choose the path that suits you.",
    "Read on to find out what ML engineers earn.",
    "We paid $400 for the cloud bill of our ML engineers' colleague.",
    "My colleague, who knows Rust, laughed.",
    "```\nML engineers earn $1\n```\nNothing.",
    "Kafka is a message broker written in Scala.",
    "Good luck with your search!",
]


@pytest.mark.parametrize("text", SILENT)
def test_what_claims_nothing(text: str) -> None:
    assert [c for c in found(text) if c.kind != "unread"] == []


def test_labels_carry_roles_and_topics() -> None:
    text = """# Pay of cloud engineers and data engineers

## Skills

**Cloud engineers** need to know:

- Linux
- Terraform and Ansible

### Data engineers
1. SQL
2. A degree in mathematics

| Role | Median pay (US) | Jobs growth 2023-2033 | Remote |
|---|---|---|---|
| Cloud Engineer | $130k | 12% | 40% |
"""
    claims = found(text)
    assert [(c.kind, c.text, c.roles) for c in claims] == [
        ("tool", "Linux", ("Cloud Engineer",)),
        ("tool", "Terraform and Ansible", ("Cloud Engineer",)),
        ("skill", "SQL", ("Data Engineer",)),
        ("education", "A degree in mathematics", ("Data Engineer",)),
        ("pay", "$130k", ("Cloud Engineer",)),
        ("growth", "12%", ("Cloud Engineer",)),
        ("share", "40%", ("Cloud Engineer",)),
    ]
    assert (claims[4].place, claims[4].statistic) == ("US", "median")
    assert claims[5].period == (2023, 2033)


def test_questions_are_answered() -> None:
    text = """# Cloud Engineer FAQ

**Q: How much does a cloud engineer earn?**
A: Between $110,000 and $150,000 in the US.

**Q: Which industries hire cloud engineers?**
A: Finance, healthcare and government, above all.

**Q: Where do cloud engineers earn the most?**
A: California and Washington.

**Q: Do I need a degree?**
A: About half of job ads ask for one.
"""
    assert [(c.kind, c.items) for c in found(text)] == [
        ("pay", ()),
        ("industry", ("Finance", "healthcare", "government")),
        ("country", ("California", "Washington")),
        ("share", ()),
    ]


def test_roles_that_are_none() -> None:
    text = """# Dragon trainer vs unicorn groomer: who earns more?

Dragon trainers earn 900 crowns a month. Unicorn groomers take home twice as much.
Quantum engineers earn $1,000,000.
"""
    claims = found(text)
    assert [c.kind for c in claims] == ["pay", "gap", "pay"]
    assert not any(c.roles for c in claims)
    assert claims[0].invented == ("dragon trainer",)
    assert claims[0].amount == Amount(900, 900, "", "month")
    assert claims[1].invented == ("unicorn groomer", "dragon trainer")
    assert claims[2].invented == ("quantum engineer",)


@pytest.mark.parametrize(
    ("name", "role"),
    [("SREs", "Site Reliability Engineer"), ("MLEs", ML), ("ML engineers", ML), ("an MLE", ML),
     ("AI/ML engineers", "AI/ML Engineer"), ("front-end developers", FRONT),
     ("Full-stack engineers", "Full Stack Engineer"), ("senior data scientists", "Data Scientist"),
     ("machine-learning engineers", ML)],
)  # fmt: skip
def test_ways_to_name_a_role(name: str, role: str) -> None:
    assert one(f"In the UK, {name} earn £70,000.", "pay").roles == (role,)


def test_joined_names() -> None:
    claim = one("AI and ML engineers are in high demand.", "demand")
    assert claim.roles == (AI, ML)
    claim = one("Frontend, backend and full-stack developers are in high demand.", "demand")
    assert claim.roles == (FRONT, BACK, "Full Stack Engineer")
