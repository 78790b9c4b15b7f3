import itertools
import json
import string
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.annotate.roles import Catalogue, matches, title_role
from rolediff.annotate.titles import core_title
from rolediff.errors import UnknownRoleError, UsageError

SHARED = Path(__file__).parents[2] / "shared"
AIJOBS = SHARED / "data/aijobs/salaries_2025-01-19.csv"
GOLD = SHARED / "data/bench/postings_gold_dev.jsonl"
PAIR = ("ai-engineer", "ml-engineer", "ai-ml-engineer")

READ_AS = {  # title: (strict role of the three, broad role of the three)
    "AI Engineer": ("ai-engineer", "ai-engineer"),
    "Artificial Intelligence Engineer": ("ai-engineer", "ai-engineer"),
    "Founding AI Engineer": ("ai-engineer", "ai-engineer"),
    "Senior Machine Learning Engineer, Search": ("ml-engineer", "ml-engineer"),
    "Machine Learning Engineer, Gen AI": ("ml-engineer", "ml-engineer"),
    "MLE": ("ml-engineer", "ml-engineer"),
    "AI/ML Engineer": ("ai-ml-engineer", "ai-ml-engineer"),
    "Machine Learning / AI Engineer": ("ai-ml-engineer", "ai-ml-engineer"),
    "AI Machine Learning Engineer": ("ai-ml-engineer", "ai-ml-engineer"),
    "Generative AI / Machine Learning Engineer": (None, "ai-ml-engineer"),
    "GenAI Engineer": (None, "ai-engineer"),
    "LLM Engineer": (None, "ai-engineer"),
    "Agent Engineer": (None, "ai-engineer"),
    "Applied AI Engineer": (None, "ai-engineer"),
    "AI Developer": (None, "ai-engineer"),
    "Software Engineer, AI": (None, "ai-engineer"),
    "Software Engineer (AI Agents)": (None, "ai-engineer"),
    "Software Engineer, Machine Learning": (None, "ml-engineer"),
    "Research Engineer, Machine Learning and Systems": (None, "ml-engineer"),
    "ML Platform Engineer": (None, "ml-engineer"),
    "MLOps Engineer": (None, "ml-engineer"),
    "Deep Learning Engineer": (None, "ml-engineer"),
    "Machine Learning Developer": (None, "ml-engineer"),
    "Software Engineer, AI Cloud": (None, None),
    "AI Engineering Manager": (None, None),
    "Machine Learning Manager": (None, None),
    "AI Researcher": (None, None),
    "Machine Learning Scientist": (None, None),
    "AI Architect": (None, None),
    "AI Product Manager": (None, None),
    "AI Sales Engineer": (None, None),
    "Customer Support Agent": (None, None),
    "Real Estate Agent": (None, None),
    "Security Engineer, AI": (None, None),
    "Data Engineer, Machine Learning": (None, None),
    "HTML Developer": (None, None),
    "Founding Engineer - Anchor AI": (None, None),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture(scope="module")
def titles() -> pl.Series:
    """Core titles: the real ones where they are at hand."""
    listed = pl.Series([*READ_AS])
    if AIJOBS.exists():
        listed = listed.append(pl.read_csv(AIJOBS)["job_title"].unique())
    return core_title(listed).drop_nulls().unique().sort()


@pytest.mark.parametrize(("title", "wanted"), READ_AS.items())
def test_the_first_pair(
    catalogue: Catalogue, title: str, wanted: tuple[str | None, str | None]
) -> None:
    cored = core_title(pl.Series([title]))
    for reading, role in zip(("strict", "broad"), wanted, strict=True):
        met = [name for name in PAIR if matches(catalogue.resolve(name), cored, reading).item()]
        assert met == ([role] if role else []), reading


def test_strict_is_within_broad(catalogue: Catalogue, titles: pl.Series) -> None:
    for role in catalogue.roles:
        strict, broad = (matches(role, titles, reading) for reading in ("strict", "broad"))
        assert not (strict & ~broad).any(), role.id


@pytest.mark.parametrize("reading", ["strict", "broad"])
def test_the_three_engineers_are_apart(
    catalogue: Catalogue, titles: pl.Series, reading: str
) -> None:
    met = [matches(catalogue.resolve(name), titles, reading) for name in PAIR]
    for one, other in itertools.combinations(met, 2):
        assert not (one & other).any()


def test_every_label_is_its_own_strict_title(catalogue: Catalogue) -> None:
    for role in catalogue.roles:
        assert matches(role, core_title(pl.Series([role.label])), "strict").item(), role.id


def test_every_bundled_pattern_is_a_regex(catalogue: Catalogue) -> None:
    nothing = pl.Series([""])
    for role in catalogue.roles:
        for rule in (role.strict, role.broad):
            assert "<" not in rule.include + rule.exclude, role.id
            nothing.str.contains(rule.include)
            nothing.str.contains(rule.exclude)


def test_every_name_resolves_to_its_role(catalogue: Catalogue) -> None:
    assert len(catalogue.roles) >= 30
    for role in catalogue.roles:
        for name in (role.id, role.label, role.plural, *role.aliases):
            assert catalogue.resolve(name).id == role.id, name
            assert catalogue.resolve(f" {name.upper().replace('-', ' ')} ").id == role.id, name


def test_a_role_bears_the_alias_it_was_asked_by(catalogue: Catalogue) -> None:
    asked = catalogue.resolve("ml engineers")
    assert (asked.label, asked.plural) == ("ML Engineer", "ML engineers")
    assert catalogue.resolve("mle").plural == "MLEs"
    assert catalogue.resolve("ml-engineer").label == "Machine Learning Engineer"


@pytest.mark.parametrize(
    "name", ["ML engineers", "ml-engineer", "MLEs", "machine_learning engineer"]
)
def test_case_hyphen_and_plural_do_not_matter(catalogue: Catalogue, name: str) -> None:
    assert catalogue.resolve(name).id == "ml-engineer"


def test_an_unknown_role_is_told_what_is_near(catalogue: Catalogue) -> None:
    with pytest.raises(
        UnknownRoleError, match='no role called "AI Enginer": did you mean'
    ) as caught:
        catalogue.resolve("AI Enginer")
    assert caught.value.suggestions[0] == "AI Engineer"
    assert len(caught.value.suggestions) <= 3
    assert "rolediff roles" in str(caught.value)
    with pytest.raises(UnknownRoleError) as caught:
        catalogue.resolve("zzz\n\x1b[31mqqq")
    assert caught.value.suggestions == ()
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_null_titles_match_nothing(catalogue: Catalogue) -> None:
    nothing = pl.Series([None, None], dtype=pl.String)
    assert matches(catalogue.roles[0], nothing, "broad").to_list() == [False, False]


def test_title_search() -> None:
    role = title_role("Senior Payroll  Clerk")
    assert role.id == "title:payroll clerk"
    cored = core_title(
        pl.Series(
            [
                "Payroll Clerk",
                "Senior Payroll Clerk (Paris)",
                "Payroll Clerk - Night",
                "HR Payroll Clerk",
                "Clerk, Payroll",
                "Payroll Clerks",
                "Payroll and Tax Clerk",
            ]
        )
    )
    assert matches(role, cored, "strict").to_list() == [True] * 3 + [False] * 4
    assert matches(role, cored, "broad").to_list() == [True] * 4 + [False] * 3


@pytest.mark.parametrize("phrase", [".*", "(", "", "  ", "$^|", "-", "\n"])
def test_title_search_needs_a_word(phrase: str) -> None:
    with pytest.raises(UsageError, match="give a job title"):
        title_role(phrase)


@pytest.mark.parametrize("sign", string.punctuation)
def test_title_search_takes_signs_as_they_are(sign: str) -> None:
    role = title_role(f"a{sign}b clerk")
    assert not matches(role, pl.Series(["axb clerk", "clerk", "b"]), "broad").any()
    itself = core_title(pl.Series([f"a{sign}b clerk"]))
    assert matches(role, itself, "broad").item() or sign in "()[]{}<>|;:,"


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=40))
def test_title_search_finds_itself_or_refuses(phrase: str) -> None:
    try:
        role = title_role(phrase)
    except UsageError:
        return
    assert matches(role, pl.Series([role.label]), "strict").item()


def write(folder: Path, text: str) -> Path:
    path = folder / "roles.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_roles_are_added_and_replace(tmp_path: Path) -> None:
    own = write(
        tmp_path,
        """
        [terms]
        pay = '(?:payroll|wages)'
        [[role]]
        id = "payroll-clerk"
        label = "Payroll Clerk"
        aliases = ["AIE"]
        strict.include = ['<pay> clerk']
        broad.include = ['<pay>(?: [a-z]+)? clerk', '<ai> clerk']
        broad.exclude = ["@leaders"]
        [[role]]
        id = "ai-engineer"
        label = "AI Engineer"
        """,
    )
    catalogue = Catalogue.load(own)
    bundled = Catalogue.load()
    assert len(catalogue.roles) == len(bundled.roles) + 1
    clerk = catalogue.resolve("payroll clerks")
    assert catalogue.resolve("aie").id == clerk.id
    cored = pl.Series(["wages clerk", "payroll night clerk", "ai clerk", "chief payroll clerk"])
    assert matches(clerk, cored, "strict").to_list() == [True, False, False, False]
    assert matches(clerk, cored, "broad").to_list() == [True, True, True, False]
    replaced = catalogue.resolve("ai-engineer")
    asked = pl.Series(["ai engineer", "genai engineer"])
    assert matches(replaced, asked, "broad").to_list() == [True, False]
    assert replaced.plural == "AI Engineers"


HEAD = '[[role]]\nid = "x"\nlabel = "X"\n'
MALFORMED = {
    "role = [": "not valid TOML",
    "": "no role in it",
    "colour = 1": 'unknown key "colour"',
    'role = ["x"]': "role 1: not a table",
    '[[role]]\nid = "x"': "no label",
    '[[role]]\nlabel = "X"': "no id",
    '[[role]]\nid = "X y"\nlabel = "X"': "small letters and hyphens",
    HEAD + "colour = 1": 'unknown key "colour"',
    HEAD + "plural = 1": "plural must be text",
    HEAD + 'aliases = "MLE"': "aliases must be a list",
    HEAD + 'strict = "x"': "strict must hold lists",
    HEAD + 'strict.includes = ["x"]': 'unknown key "strict.includes"',
    HEAD + "broad.include = ['(']": '"x" has a pattern that is no Rust regex',
    HEAD + "broad.include = ['a{1000}{1000}']": '"x" has a pattern that is no Rust regex',
    HEAD + "broad.include = ['<nothing>']": '"x" uses "nothing"',
    HEAD + "broad.exclude = ['@nobody']": '"x" uses "nobody"',
    HEAD + HEAD: 'two roles with id "x"',
    HEAD + "[terms]\na = 1": r"\[terms\] must hold",
    HEAD + "[sets]\na = 1": r"\[sets\] must hold",
}


@pytest.mark.parametrize(("text", "said"), MALFORMED.items())
def test_a_malformed_file_is_explained(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        Catalogue.load(write(tmp_path, text))
    assert "roles.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        Catalogue.load(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="give the path"):
        Catalogue.load(tmp_path)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(UsageError, match="UTF-8"):
        Catalogue.load(binary)


@pytest.mark.skipif(not AIJOBS.exists(), reason="the aijobs file is not beside the project")
def test_titles_of_the_aijobs_file(catalogue: Catalogue) -> None:
    rows = core_title(pl.read_csv(AIJOBS)["job_title"])
    met = {name: matches(catalogue.resolve(name), rows, "strict").sum() for name in PAIR}
    assert met == {"ai-engineer": 670, "ml-engineer": 5851, "ai-ml-engineer": 1}


@pytest.mark.skipif(not GOLD.exists(), reason="the labelled postings are not beside the project")
def test_agrees_with_readers_of_real_postings(catalogue: Catalogue) -> None:
    gold = [json.loads(line) for line in GOLD.read_text().splitlines()]
    cored = core_title(pl.Series([posting["title"] for posting in gold]))
    met = {name: matches(catalogue.resolve(name), cored, "broad") for name in PAIR}
    right = 0
    for at, posting in enumerate(gold):
        roles = [name.replace("-", "_") for name in PAIR if met[name][at]] or ["other"]
        right += roles == [posting["labels"]["role"]]
    assert right >= 58
