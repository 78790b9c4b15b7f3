"""How a checked article is shown: the counts, every claim in its place, and nothing unescaped."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from checked import BLOCKS, PAY, built, claim, kitchen
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rolediff.doors.screen import Screen
from rolediff.report import check_words as words
from rolediff.report.check_html import page
from rolediff.report.check_json import reviewed
from rolediff.report.check_markdown import markdown
from rolediff.report.check_places import against, annotated, settling, wrong
from rolediff.report.check_text import show
from rolediff.report.json import envelope
from rolediff.results import CheckedArticle, Claim, Estimate, Evidence, Judgement, Point

Capture = pytest.CaptureFixture[str]
HOSTILE = "<script>alert(1)</script> | `x` [y](javascript:z) \x1b[31m\u202egnp.exe\u2066 &lt;"


def text_of(c: CheckedArticle, width: int = 80) -> str:
    console = Screen(width=width)
    with console.capture() as said:
        show(c, console)
    return said.get()


def flat(text: str) -> str:
    return " ".join(text.split())


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.marked: list[str] = []
        self.open: list[str] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [v or "" for k, v in attrs if k == "id"]
        self.links += [v or "" for k, v in attrs if k in ("href", "src")]
        if tag not in ("meta", "link"):
            self.open.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data
        if "mark" in self.open:
            self.marked[-1] += data


# words


def test_the_sentence_counts_every_verdict() -> None:
    assert words.sentence(kitchen()) == (
        "Of 6 claims in this article 1 is contradicted by the data, 1 holds only in part and 1 is "
        "supported; for 2 the evidence is not enough and 1 cannot be tested with this data; "
        "1 more looks like a claim and was not understood."
    )


def test_the_sentence_leaves_out_what_there_is_none_of() -> None:
    c = kitchen()
    untested = replace(c, judgements=c.judgements[2:3])
    assert words.sentence(untested) == (
        "Of 1 claim in this article none is contradicted by the data and none is supported; "
        "1 cannot be tested with this data."
    )
    right = replace(c, judgements=c.judgements[4:5])
    assert words.sentence(right) == (
        "Of 1 claim in this article none is contradicted by the data and 1 is supported."
    )


def test_the_lead_counts_what_is_contradicted() -> None:
    c = kitchen()
    assert words.lead(c) == "1 of 6 claims in this article is contradicted by the data."
    right = replace(c, judgements=c.judgements[4:5])
    assert words.lead(right) == "None of 1 claim in this article is contradicted by the data."
    assert words.lead(replace(c, judgements=())) == "No claim in this article could be judged."


def test_the_sentence_of_an_article_without_claims() -> None:
    none = replace(kitchen(), judgements=())
    assert words.sentence(none) == "No claim in this article could be judged."
    unread = replace(none, judgements=kitchen().judgements[5:6])
    assert words.sentence(unread) == (
        "No claim in this article could be judged; 1 more looks like a claim and was not "
        "understood."
    )


@pytest.mark.parametrize(
    ("estimate", "unit", "said"),
    [
        (Estimate(25.1, 18.2, 33.9, n=3309), "percent",
         "25 % (95 % interval 18 to 34 %; n = 3,309)"),
        (Estimate(0.32, 0.16, 0.53, n=21), "share", "32 % (95 % interval 16 to 53 %; n = 21, few)"),
        (Estimate(-4.25, -9.0, 0.5, n=40), "points",
         "−4.2 points (95 % interval −9.0 to 0.50; n = 40)"),
        (Estimate(157_810, 150_930, 170_120, n=344), "USD a year",
         "158,000 USD a year (95 % interval 151,000 to 170,000; n = 344)"),
        (Estimate(0.0, 0.0, 0.18, n=41), "share", "0 % (95 % interval 0 to 18 %; n = 41)"),
        (Estimate(19.7), "percent", "20 % (no interval)"),
        (Estimate(3.0, 1.0, math.inf, n=60), "", "3.0 (95 % interval 1.0 to ∞; n = 60)"),
    ],
)  # fmt: skip
def test_figures_are_rounded_and_say_their_n(estimate: Estimate, unit: str, said: str) -> None:
    assert words.figure(estimate, unit) == said


def test_a_part_that_is_told_as_the_first_is_told_by_its_figure() -> None:
    def part(name: str, value: float, needs: str) -> Point:
        told = Evidence(f"ads with {name}", Estimate(value, 0, 1, 41), "share", "s", "c")
        return Point(name, "supported", f"{told.name}: so many (n = 41); {needs}", (told,))

    first, same, other = part("a", 0.3, "x"), part("b", 0.4, "x"), part("c", 0.5, "y")
    assert words.again(first, first) == "Ads with a: so many (n = 41); x"
    assert words.again(same, first) == "B: 40 % (0 to 100 %; n = 41)"
    assert words.again(other, first) == "Ads with c: so many (n = 41); y"
    judged = Judgement(kitchen().judgements[0].claim, "supported", "So.", (first, other))
    assert words.further(judged) == []
    assert words.further(kitchen().judgements[0]) == [PAY]
    bare = Point("d", "supported", "none")
    assert words.again(bare, Point("e", "supported", "none")) == "None"


# places


def test_pieces_put_together_are_the_article() -> None:
    a = annotated(kitchen())
    assert [p.text for p in a.passages] == [text for text, _ in BLOCKS]


def test_overlapping_claims_are_cut_where_they_begin_and_end() -> None:
    pieces = annotated(kitchen()).passages[1].pieces
    told = [(p.text, [n.number for n in p.claims], [n.number for n in p.ended]) for p in pieces]
    assert told == [
        ("Chefs earn ", [1], []),
        ("more than cooks", [1, 2], [1]),
        (", and ", [2], []),
        ("both", [2, 3], [2]),
        (" are in high demand", [3], [3]),
        (".", [], []),
    ]


def test_every_claim_stands_once() -> None:
    a = annotated(kitchen())
    placed = [n for p in a.passages for n in p.claims] + list(a.elsewhere)
    assert sorted(n.number for n in placed) == list(range(1, 8))
    ended = [n.number for p in a.passages for piece in p.pieces for n in piece.ended]
    assert sorted(ended) == [1, 2, 3, 4, 5, 6]


@given(st.lists(st.tuples(st.integers(0, 260), st.integers(0, 260)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_spans_leave_the_text_whole(spans: list[tuple[int, int]]) -> None:
    article = built()
    judged = tuple(
        Judgement(Claim("pay", article.text[a:b], a, b), "contradicted", "So.") for a, b in spans
    )
    found = annotated(CheckedArticle(article, judged, ""))
    assert [p.text for p in found.passages] == [text for text, _ in BLOCKS]
    assert sum(len(p.claims) for p in found.passages) + len(found.elsewhere) == len(spans)


def test_sources_are_listed_once_and_numbered() -> None:
    a = annotated(kitchen())
    assert a.sources == (
        ("Kitchens, CC0", "rolediff Chef Cook"), ("Ads, 2025", "rolediff skills Chef Cook"),
    )  # fmt: skip
    assert [n.sources for n in a.claims[:4]] == [(1,), (), (), (2,)]


def test_what_is_wrong_is_told_once_for_each_reason() -> None:
    c = kitchen()
    twice = replace(c, judgements=(*c.judgements, c.judgements[0]))
    groups = wrong(annotated(twice))
    assert [[n.number for n in group] for group in groups] == [[1, 8], [4]]
    other = replace(c.judgements[0], claim=claim(c.article, "Salary"), why="Otherwise.")
    found = wrong(annotated(replace(c, judgements=(*c.judgements, other))))
    assert [n.number for n in found[0]] == [1, 8]
    assert against(found[0]) == (
        "Cooks are advertised at 25 % more. By pay. The same stands against “Salary”."
    )
    assert against(found[1]) == "Knives are asked for, ladles are not."
    noted = tuple(replace(j, notes=("by ads: a wish",)) for j in c.judgements)
    told = annotated(replace(c, judgements=noted)).claims
    assert [n.notes for n in told[:2]] == [("by ads: a wish",), ("by ads",)]
    assert [n.like for n in annotated(twice).claims] == [0] * 7 + [1]
    assert "8✗ “Chefs earn more than cooks”: contradicted, as claim 1." in flat(text_of(twice))
    assert [len(g) for g in settling(annotated(c)).values()] == [2, 1]


# the terminal


def test_the_first_lines_tell_what_is_wrong() -> None:
    told = text_of(kitchen())
    assert max(map(len, told.splitlines())) <= 80
    head = flat("\n".join(told.splitlines()[:12]))
    assert head.startswith("Of 6 claims in this article 1 is contradicted")
    assert [n.under for n in annotated(kitchen()).claims[3:5]] == ["Chefs", "Salary · Chef"]
    assert "✗ “Chefs earn more than cooks” (claim 1) Cooks are advertised at 25 % more." in head


def test_every_claim_has_its_sign_its_verdict_and_its_evidence() -> None:
    told = flat(text_of(kitchen()))
    assert "✗ Chefs earn more than cooks[1✗], and both[2?] are in high demand[3–]." in told
    assert "1✗ “Chefs earn more than cooks”: contradicted. Cooks are advertised" in told
    assert "Cooks are advertised at 25 % more. (by pay; sources [1])" in told
    assert "✓ Salary · Chef: $50,000[5✓] 5✓ Supported. The median" in told
    assert "4◐ Partly. ✓ 32 % of ads name them. ✗ No ad names them." in told
    assert "Claims given by hand" in told
    assert "not understood · “Many will soon be paid in soup.” (line 12)" in told
    assert "· Thirty more records (claims 2, 7)" in told
    assert told.endswith("[2] rolediff skills Chef Cook (Ads, 2025)")


def test_passages_without_claims_are_cut() -> None:
    many = tuple((f"Line {i}. " + "word " * 60, {"kind": "paragraph"}) for i in range(9))
    article = built((*many, *BLOCKS))
    told = text_of(CheckedArticle(article, (), ""))
    assert "· 8 more passages without a claim" in told
    assert "Line 0." in told
    assert "Line 1." not in told


# the page


def test_the_page_is_well_formed_and_its_links_lead_somewhere() -> None:
    found = Page(page(kitchen()))
    assert found.open == []
    assert not {"script", "img", "link", "iframe", "form", "base"} & set(found.tags)
    assert all(link.startswith("#") for link in found.links)
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert found.tags.count("h1") == found.tags.count("main") == 1


def test_claims_are_marked_in_place_with_a_sign_and_a_word() -> None:
    found = Page(page(kitchen()))
    assert "".join(found.marked[:5]) == "Chefs earn more than cooks, and both are in high demand"
    assert "claim 1\u00a0✗ contradicted" in found.said
    assert "claim 5\u00a0✓ supported" in found.said


def test_a_table_is_a_table_again() -> None:
    table = re.search(r"<table>.*?</table>", page(kitchen()), re.DOTALL)
    assert table is not None
    rows = [re.findall(r"<(t[hd])[^>]*>(.*?)</", row) for row in table[0].split("<tr>")[1:]]
    assert [[tag for tag, _ in row] for row in rows] == [["th"] * 3, ["th", "td", "td"]]
    assert [said for _, said in rows[0]] == ["Per year", "Chef", "Cook"]


def test_the_policy_allows_the_style_of_the_page_alone() -> None:
    text = page(kitchen())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert " style=" not in text
    assert " on" not in "".join(re.findall(r"<[a-z][^>]*>", text.split("</head>")[1]))


def test_headings_leave_out_no_level() -> None:
    blocks = tuple((f"H{n}", {"kind": "heading", "level": n}) for n in (4, 6, 1, 6))
    tags = Page(page(CheckedArticle(built(blocks), (), ""))).tags
    assert [t for t in tags if t in ("h3", "h4", "h5", "h6")] == ["h3", "h4", "h3", "h4"]


# JSON


def test_claims_have_the_shape_of_a_claim_review() -> None:
    found = reviewed(kitchen())
    first = found["claims"][0]
    assert (first["@context"], first["@type"]) == ("https://schema.org", "ClaimReview")
    assert first["claimReviewed"] == "Chefs earn more than cooks"
    assert first["reviewRating"]["alternateName"] == "contradicted"
    assert [c["reviewRating"]["ratingValue"] for c in found["claims"]] == [
        1, None, None, 3, 5, None, None,
    ]  # fmt: skip
    assert first["itemReviewed"]["appearance"]["headline"] == "Chefs and cooks"
    text = kitchen().article.text
    assert text[first["start"] : first["end"]] == first["claimReviewed"]
    assert found["counts"] == {
        "contradicted": 1, "partly": 1, "supported": 1, "not enough evidence": 2,
        "not testable with this data": 1, "not understood": 1,
    }  # fmt: skip


def schema() -> Any:
    return json.loads((files("rolediff") / "data" / "schemas" / "check.v1.json").read_text("utf-8"))


def test_json_keeps_to_its_schema() -> None:
    Draft202012Validator.check_schema(schema())
    whole = json.loads(envelope("check", 1, reviewed(kitchen()), "0"))
    Draft202012Validator(schema()).validate(whole)
    for key in whole["result"]:
        less = {**whole, "result": {k: v for k, v in whole["result"].items() if k != key}}
        assert not Draft202012Validator(schema()).is_valid(less), key


# whatever an article says is text


def hostile() -> CheckedArticle:
    blocks = tuple((HOSTILE, how) for _, how in BLOCKS)
    blocks = tuple(
        (text, {k: HOSTILE if k in ("row", "column", "lead") else v for k, v in how.items()})
        for text, how in blocks
    )
    article = replace(built(blocks), name=HOSTILE, title=HOSTILE, notes=(HOSTILE,))
    judged = tuple(
        replace(j, claim=claim(article, HOSTILE, j.claim.kind), why=HOSTILE, settle=HOSTILE,
                notes=(HOSTILE,), points=tuple(replace(p, name=HOSTILE) for p in j.points))
        for j in kitchen().judgements
    )  # fmt: skip
    return replace(kitchen(), article=article, judgements=judged)


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_nothing_hostile_reaches_a_reader(form: str) -> None:
    told = {
        "text": text_of, "markdown": markdown, "html": page,
        "json": lambda c: envelope("check", 1, reviewed(c), "0"),
    }[form](hostile())  # fmt: skip
    assert not set(told) & set("\x1b\u202e\u2066")
    assert "gnp.exe" in told


def test_hostile_text_is_text_in_html() -> None:
    found = Page(page(hostile()))
    assert "script" not in found.tags
    assert found.open == []
    assert "<script>alert(1)</script>" in found.said
    assert "&lt;" in found.said


def test_hostile_text_is_text_in_markdown() -> None:
    bare = re.sub(r"\\.", "", markdown(hostile()))
    assert "<" not in bare
    assert "](" not in bare
    assert "javascript" in bare
