"""The brief: every heading, a footnote for each sentence, and the figures of the verbs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from asking import PAIR, ask, csv_file, jobs

import rolediff
from rolediff import Brief, Estimate, NotEnoughEvidence, UsageError
from rolediff.annotate.roles import Catalogue, title_role
from rolediff.compare.asked import question
from rolediff.compare.brief_words import command, path_command, percent, rounded
from rolediff.compare.skills import compare_skills
from rolediff.compare.work import compare_work
from rolediff.market import bundled
from rolediff.report.brief_html import page
from rolediff.report.brief_markdown import code, markdown
from rolediff.results import Footnote, Section, Sentence, Short

HEADINGS = (
    "What is the difference between AI engineers and ML engineers?",
    "Key skills",
    "Key skills of AI engineers",
    "Key skills of ML engineers",
    "Salary comparison: AI engineers and ML engineers",
    "Average salary",
    "Top industry",
    "Job growth",
    "Why are ML engineers advertised at more?",
    "Broader application",
    "Higher complexity",
    "Strategic impact",
    "How to pursue a career among AI engineers and ML engineers",
    "Education and certifications",
    "Gaining experience",
    "People also ask",
    "What industries hire AI engineers and ML engineers?",
    "Which countries offer the best salaries for AI engineers and ML engineers?",
    "How do AI engineers and ML engineers stay updated?",
    "What are the future trends for AI engineers and ML engineers?",
    "How do AI engineers and ML engineers contribute to business success?",
    "Conclusion",
)
PARENTS = (HEADINGS[12], HEADINGS[15])


@pytest.fixture(scope="module")
def pair() -> Brief:
    return rolediff.brief(*PAIR)


def sentences(b: Brief) -> Iterator[Sentence]:
    for section in b.sections:
        yield from section.sentences


def figures(b: Brief, heading: str) -> list[Estimate]:
    found = next(s for s in b.sections if s.heading == heading)
    return [e for s in found.sentences for _, e in s.figures]


def test_every_heading_of_the_article_in_its_order(pair: Brief) -> None:
    assert tuple(s.heading for s in pair.sections) == HEADINGS
    assert [s.heading for s in pair.sections if not s.speaks] == list(PARENTS)


def test_every_sentence_has_a_footnote_that_is_there(pair: Brief) -> None:
    numbers = [f.number for f in pair.footnotes]
    assert numbers == list(range(1, len(numbers) + 1))
    used = {n for s in sentences(pair) for n in s.footnotes}
    assert used == set(numbers)
    assert all(f.source and f.command.startswith("rolediff ") for f in pair.footnotes)


def test_a_sentence_without_a_footnote_is_refused() -> None:
    with pytest.raises(ValueError, match="no footnote"):
        Sentence("So it is.", (), ())


def test_at_most_a_third_lacks_evidence_verdicts_counted(pair: Brief) -> None:
    speaking = [s for s in pair.sections if s.speaks]
    open_ = [s for s in speaking if s.short or "not enough evidence" in str(s.sentences)]
    assert len(open_) <= len(speaking) / 3
    assert pair.silent == 0


def test_pay_is_that_of_the_comparison(pair: Brief) -> None:
    c = rolediff.diff(*PAIR)
    told = figures(pair, HEADINGS[4])
    assert told[:2] == [c.gap, c.gap_distinct]
    medians = figures(pair, "Average salary")[::3]
    assert medians == [r.percentiles["mid"][50] for r in (c.a, c.b)]
    text = next(s for s in pair.sections if s.heading == HEADINGS[4]).sentences[0].text
    assert f"{rounded((-c.gap).percent.value)} %" in text
    assert f"n = {c.gap.n:,}" in text


def test_shares_are_those_of_skills_work_where_and_path(pair: Brief) -> None:
    q = question(*PAIR)
    skills, work = compare_skills(bundled(), q), compare_work(bundled(), q)
    assert figures(pair, "Key skills")[:2] == [skills.groups[0].a, skills.groups[0].b]
    known = {(t.told.a, t.told.b) for t in (*skills.skills, *work.duties)}
    duties = next(s for s in pair.sections if s.heading == HEADINGS[0]).sentences
    assert {(s.figures[0][1], s.figures[1][1]) for s in duties if s.figures} <= known
    where = rolediff.where(*PAIR)
    assert {s.a for s in where.industries[0].shares} >= set(figures(pair, HEADINGS[16])[::3])
    path = rolediff.path(*PAIR)
    degrees = {a.share for a in path.education}
    assert set(figures(pair, "Education and certifications")[:4]) <= degrees
    assert path.certified.share in figures(pair, "Education and certifications")


def test_figures_stand_in_the_text(pair: Brief) -> None:
    for s in sentences(pair):
        for name, e in s.figures[:1]:
            shown = {percent(e.value), rounded(e.value, 1), rounded(e.value, -3)}
            shown |= {rounded(x.percent.value) for x in (e, -e) if abs(x.value) < 20} | {
                f"{e.value:.2f}"
            }
            shown |= {rounded(x.value, 3) for x in (e, -e)} | {rounded(e.value, -2)}
            assert any(x in s.text for x in shown), (name, s.text)


def test_nothing_is_said_to_cause_anything(pair: Brief) -> None:
    told = " ".join(s.text for s in sentences(pair))
    assert not re.search(r"\b(because|due to|leads to|thanks to|results? in)\b", told)
    assert "no trend is claimed" in told
    assert "a proxy for" in told


def test_swapped_roles_tell_the_same(pair: Brief) -> None:
    other = rolediff.brief(*reversed(PAIR))
    back = figures(other, "Salary comparison: ML engineers and AI engineers")[0]
    assert back.value == pytest.approx(-figures(pair, HEADINGS[4])[0].value)
    assert [s.heading for s in other.sections][8] == HEADINGS[8]


def test_without_postings_sections_degrade_one_by_one(tmp_path: Path) -> None:
    b = rolediff.brief(*PAIR, csv_file(tmp_path, jobs()))
    short = [s for s in b.sections if s.short is not None]
    assert {s.heading for s in short} >= {HEADINGS[0], "Key skills", "Gaining experience"}
    assert all(re.search(r"\d", s.short.reason) for s in short if s.short)
    assert figures(b, "Average salary")
    assert figures(b, "Conclusion")
    assert len(b.sections) == len(HEADINGS)


def test_a_source_without_postings_is_not_answered_from_another() -> None:
    b = rolediff.brief(*PAIR, where="source=aijobs")
    assert not any("Ashby" in f.source for f in b.footnotes)
    assert all("--where source=aijobs" in f.command for f in b.footnotes)


def test_a_pair_of_which_nothing_is_known() -> None:
    with pytest.raises(NotEnoughEvidence, match=r"\b0\b"):
        rolediff.brief(title_role("zookeeper"), title_role("beekeeper"))


def test_one_role_twice() -> None:
    with pytest.raises(UsageError, match="two different"):
        rolediff.brief("AI Engineer", "AI Engineer")


def hostile() -> Brief:
    text = "<script>alert(1)</script> | `x` [y](javascript:z) \x1b[31m"
    note = Footnote(1, text, f"rolediff '{text}'")
    said = Section(text, 2, (Sentence(text, (), (1,)),))
    return Brief(text, text, text, "strict", text, text,
                 (said, Section(text, 3, short=Short(text))), (note,), (("c", text),))  # fmt: skip


class Tags(HTMLParser):
    """The tags and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [v or "" for k, v in attrs if k in ("href", "src")]
        self.ids += [v or "" for k, v in attrs if k == "id"]


def read(text: str) -> Tags:
    tags = Tags()
    tags.feed(text)
    return tags


def test_hostile_text_is_text_in_html() -> None:
    text = page(hostile())
    assert "script" not in read(text).tags
    assert "\x1b" not in text
    assert "&lt;script&gt;" in text


def test_hostile_text_is_text_in_markdown() -> None:
    text = markdown(hostile())
    assert "\x1b" not in text
    assert "<script>" not in re.sub(r"``+ .*? ``+", "", text).replace("\\<script\\>", "")
    assert "](" not in re.sub(r"``+ .*? ``+", "", text).replace("\\](", "")


@pytest.mark.parametrize("text", ["a", "a`b", "``", "`"])
def test_a_span_of_code_cannot_be_ended_from_within(text: str) -> None:
    ticks = re.match("`+", code(text))
    assert ticks is not None
    assert ticks[0] not in text


def test_the_page_needs_nothing_else_and_its_links_lead_somewhere(pair: Brief) -> None:
    found = read(page(pair))
    assert not {"script", "img", "link", "iframe"} & set(found.tags)
    assert all(link.startswith("#") for link in found.links)
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert found.tags.count("h1") == found.tags.count("main") == 1
    assert '<html lang="en">' in page(pair)


def test_commands_name_what_was_asked() -> None:
    q = question("AI Engineer", title_role("data 'x' chef"), where="country=US", reading="broad")
    told = command("skills", q, "--data m/")
    assert told.startswith("rolediff skills 'AI Engineer' --title ")
    assert told.endswith("--reading broad --where country=US --data m/")
    assert path_command(q.a, Catalogue.load().resolve("ML Engineer"), q).startswith(
        "rolediff path --to 'AI Engineer' --from 'ML Engineer'"
    )


def test_the_forms_of_the_command(
    pair: Brief, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = ask(capsys, "brief", *PAIR, "--json")
    assert told.code == 0
    assert json.loads(told.out)["schema"] == "rolediff.brief"
    assert [s["heading"] for s in told.result["sections"]] == list(HEADINGS)
    shown = ask(capsys, "brief", *PAIR)
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "Not enough evidence" not in shown.out
    plain = ask(capsys, "brief", *PAIR, "--markdown")
    assert plain.out == markdown(pair)
    file = tmp_path / "brief.html"
    assert ask(capsys, "brief", *PAIR, "--html", file).code == 0
    assert file.read_text(encoding="utf-8") == page(pair)
    assert ask(capsys, "brief", *PAIR, "--html", "-").out == page(pair)


def test_bad_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert ask(capsys, "brief", *PAIR, "--html", "-", "--json").code == 2
    assert "needs a file" in ask(capsys, "brief", *PAIR, "--html", "--json").err
    assert ask(capsys, "brief", "AI Engineer").code == 2
    none = ask(capsys, "brief", "--title", "zookeeper", "--title", "beekeeper")
    assert (none.code, none.out) == (4, "")
    missing = ask(capsys, "brief", *PAIR, "--html", tmp_path / "no" / "file.html")
    assert missing.code == 3
    assert "choose another place" in missing.err
