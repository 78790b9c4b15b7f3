"""Articles of any form are read to plain text and blocks, bounded, and nothing in them is run."""

from __future__ import annotations

import io
import sys
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resumes import pdf

from rolediff.errors import MissingExtraError, UnreadableError, UsageError
from rolediff.read.article import MOST_BYTES, read_article
from rolediff.read.article_build import MOST_BLOCKS, MOST_CHARACTERS
from rolediff.results.claims import Article, Block

ARTICLES = sorted(Path(__file__).with_name("articles").glob("*/*.[mth]*[!n]"))


def pieces(article: Article, kind: str = "") -> list[str]:
    return [article.text[b.start : b.end] for b in article.blocks if not kind or b.kind == kind]


def block(article: Article, text: str) -> Block:
    (found,) = [b for b in article.blocks if article.text[b.start : b.end] == text]
    return found


def check(article: Article) -> None:
    """What holds of any article."""
    done = 0
    for b in article.blocks:
        said = article.text[b.start : b.end]
        assert done <= b.start < b.end <= len(article.text)
        assert said == " ".join(said.split())
        assert b.line >= 1
        done = b.end
    assert len(article.text) <= MOST_CHARACTERS
    assert len(article.blocks) <= MOST_BLOCKS
    assert not {"\u202e", "\u200b", "\x1b", "\0", "\ud800"} & set(article.text)


MARKDOWN = """---
title: "Two trades"
---
# Bakers *and* millers

Bakers earn **$30,000**; see [the survey](https://example.org/a_(b)) and `pay.csv`.[^1]

## Skills

Bakers:

- Dough
  - **Sour:** rye
  - Sweet
- Ovens,
  old and new

| | Baker | Miller |
|---|:---:|---|
| Pay | $30k | 20 \\| 40 |

```
not | a | table
```
> Flour is
> dear.

Miller &amp; son
----------------
~~Bread is free.~~ The end.
"""


def test_blocks_of_markdown() -> None:
    article = read_article(MARKDOWN, "trades.md")
    check(article)
    assert article.name == "trades.md"
    assert article.title == "Two trades"
    assert pieces(article, "heading") == ["Bakers and millers", "Skills", "Miller & son"]
    assert pieces(article)[1] == "Bakers earn $30,000; see the survey and pay.csv."
    assert pieces(article, "item") == ["Dough", "Sour: rye", "Sweet", "Ovens, old and new"]
    assert [b.level for b in article.blocks if b.kind == "item"] == [1, 2, 2, 1]
    assert [b.lead for b in article.blocks if b.kind == "item"] == [
        "Bakers:", "Dough", "Dough", "Bakers:",
    ]  # fmt: skip
    cell = block(article, "20 | 40")
    assert (cell.row, cell.column, cell.table) == ("Pay", "Miller", 1)
    assert cell.headings == ("Bakers and millers", "Skills")
    assert pieces(article, "code") == ["not | a | table"]
    assert pieces(article, "quote") == ["Flour is dear."]
    assert pieces(article)[-1] == "The end."
    assert block(article, "Flour is dear.").line == 25


PAGE = """<!DOCTYPE html><html><head><title>Two
 trades</title><style>p {}</style></head><body><nav>Home</nav>
<div><h1>Bakers &amp; <i>millers</i></h1><p>Bakers earn <b>$30,000</b><br>Millers less<p>So it is
<script>document.write("<p>Bakers earn $1,000,000</p>")</script><!-- a <p>comment</p> -->
<p style="display: none">Hidden pay: $9</p><p hidden>Also<p>Seen
<p><strong>Skills</strong></p><p>Bakers:</p>
<ul><li>Dough<ul><li>Rye<li>Wheat</ul><li><p>Ovens</p></ul>
<table><tr><th></th><th>Baker</th><th>Miller</th></tr><tr><td>Pay<td>$30k<td>$20k</tr></table>
<table><tr><td>Bread</td><td colspan=2>Yes</td></tr></table>
<dl><dt>Do bakers rest?<dd>No.</dl><blockquote>Flour is dear.</blockquote><pre>x = 1</pre>
</div><footer>&copy;</footer></body></html>"""


def test_blocks_of_html() -> None:
    article = read_article(PAGE)
    check(article)
    assert article.title == "Two trades"
    assert pieces(article) == [
        "Bakers & millers", "Bakers earn $30,000", "Millers less", "So it is", "Seen", "Skills",
        "Bakers:", "Dough", "Rye", "Wheat", "Ovens", "Baker", "Miller", "Pay", "$30k", "$20k",
        "Bread", "Yes", "Do bakers rest?", "No.", "Flour is dear.", "x = 1",
    ]  # fmt: skip
    assert article.notes == ("text that the page hides was not read",)
    assert pieces(article, "heading") == ["Bakers & millers", "Skills", "Do bakers rest?"]
    assert [(b.level, b.lead) for b in article.blocks if b.kind == "item"] == [
        (1, "Bakers:"), (2, "Dough"), (2, "Dough"), (1, "Bakers:"),
    ]  # fmt: skip
    cell = block(article, "$20k")
    assert (cell.row, cell.column, cell.table, cell.line) == ("Pay", "Miller", 1, 8)
    assert block(article, "Yes").row == "Bread"
    assert block(article, "No.").headings[-1] == "Do bakers rest?"


def test_text_that_lost_its_blank_lines() -> None:
    long = "Bakers and millers both work with flour, and both rise early, " * 3
    article = read_article(
        f"{long}\nWhat Do They Earn?\n{long}\n-\nBakers:\n- Dough\n- Ovens\n"
        "Pay: bakers vs. millers\n"
        "Trade\tPay\nBaker\t$30k\n- Rye\nConclusion\nBoth are fine."
    )
    check(article)
    assert pieces(article, "heading") == [
        "What Do They Earn?", "Pay: bakers vs. millers", "Conclusion",
    ]  # fmt: skip
    assert [b.lead for b in article.blocks if b.kind == "item"] == ["Bakers:", "Bakers:", ""]
    assert block(article, "$30k").column == "Pay"
    assert block(article, "$30k").row == "Baker"


def test_wrapped_lines_are_joined() -> None:
    text = (
        "Bakers rise early, and they are paid for it by the piece and not by\n"
        "the hour. Millers rise late. That is how it has been since the day on\n"
        "which the mill was built.\nWhy\n\n* Bakers knead the dough in the morning and they bake\n"
        "it at night\n\nMillers\n=======\nMill."
    )
    article = read_article(text)
    check(article)
    assert [b.kind for b in article.blocks] == [
        "paragraph", "heading", "item", "heading", "paragraph",
    ]  # fmt: skip
    assert pieces(article)[0].endswith(
        "by the hour. Millers rise late. That is how it has been since "
        "the day on which the mill was built."
    )
    assert pieces(article, "item")[0].endswith("in the morning and they bake it at night")


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_any_usual_coding(coding: str) -> None:
    assert read_article("Zoë earns €5.\r\nMore".encode(coding)).text.startswith("Zoë earns €5.")


def test_a_page_says_its_coding() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body><p>Łódź</p></body></html>'
    assert read_article(page.encode("iso-8859-2")).text == "Łódź"


def test_unsafe_characters_are_removed() -> None:
    article = read_article("A\u202eb\u200bc\x1b[31m &#x202e;d\ud800 e\u00adf\0g")
    assert article.text == "Abc[31m d\ufffd efg"


def test_files_streams_and_formats(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("<b>Bakers</b> earn $5.")
    assert read_article(file).name == str(file)
    assert read_article(file).text == "Bakers earn $5."
    page = b"<p>Bakers earn $5.</p><p>So.</p>"
    assert len(read_article(io.BytesIO(page)).blocks) == 2
    assert len(read_article(io.StringIO(page.decode())).blocks) == 2
    assert len(read_article(page, format="text").blocks) == 1
    with pytest.raises(UsageError, match="markdown, html, text or pdf"):
        read_article(page, format="docx")  # type: ignore[arg-type]


class Dribble(io.RawIOBase):
    """A pipe that never ends and gives a little at a time; it counts what was taken."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        part = b"Bakers earn $5. " * min(4096, size // 16 + 1)
        self.taken += len(part[:size])
        return part[:size]


def test_no_more_is_read_than_needed() -> None:
    pipe = Dribble()
    article = read_article(pipe)
    assert pipe.taken <= MOST_BYTES + 1
    assert len(article.text) <= MOST_CHARACTERS
    assert any(f"{MOST_BYTES:,} bytes" in note for note in article.notes)


@pytest.mark.parametrize("content", [b"", b" \n", b"---\n***", b"PK\x03\x04\0\0"])
def test_what_holds_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"name an article|save it as") as told:
        read_article(content)
    assert "\n" not in str(told.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no plain file"):
        read_article(tmp_path)
    with pytest.raises(UnreadableError, match="no such file"):
        read_article(tmp_path / "absent.md")


def test_a_pdf_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pdf(tmp_path / "a.pdf", "Bakers earn more than millers.")
    assert read_article(file).text == "Bakers earn more than millers."
    assert read_article(io.BytesIO(file.read_bytes())).text == "Bakers earn more than millers."
    long = read_article(pdf(tmp_path / "b.pdf", "Bakers bake.", pages=101))
    assert long.notes == ("only the first 100 of 101 pages were read",)
    with pytest.raises(UnreadableError, match="only images"):
        read_article(pdf(tmp_path / "scan.pdf", text=""))
    with pytest.raises(UnreadableError, match="cannot be read as PDF"):
        read_article(b"%PDF-1.7 nothing")
    with pytest.raises(UnreadableError, match="is no PDF"):
        read_article("Bakers", format="pdf")
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(MissingExtraError, match=r"rolediff\[pdf\]"):
        read_article(file)


HOSTILE = {
    "deep": "<p>Bakers" + "<div>" * 390_000 + "Bakers",
    "deep lists": "<p>Bakers" + "<ul><li>" * 200_000 + "Bakers",
    "deep tables": "<p>Bakers" + "<table><tr><td>" * 100_000 + "Bakers",
    "never opened": "<p>Bakers" + "<div>" * 190 + "</b>" * 400_000 + "Bakers",
    "breaks": "<p>" + "<div>" * 190 + "a<br>" * 300_000,
    "comments": "<p>Bakers" + "<!--" * 400_000,
    "quotes": "<p>Bakers" + "<a b=\"'" * 200_000,
    "declarations": "<p>Bakers" + "<!" * 900_000,
    "scripts": "<p>Bakers" + "<script>" * 200_000,
    "entities": "<p>" + "&amp;" * 400_000,
    "one line": "<p>" + "baker " * 300_000,
    "brackets": "Bakers" + "[" * 1_000_000,
    "links": "Bakers" + "[a](" * 400_000,
    "stars": "Bakers " + "*" * 1_000_000 + " a",
    "strong": "**Bakers" * 200_000,
    "tildes": "Bakers" + "~~a" * 400_000,
    "quoted": ">" * 1_000_000 + "Bakers",
    "fences": "```\n~~~\n" * 200_000 + "Bakers",
    "bars": "|" * 1_000_000 + "\n" + "|-" * 400_000 + "\nBakers",
    "rows": "|a|\n" * 400_000,
    "blanks": "Bakers" + " " * 1_900_000 + "a",
    "spaced breaks": "Bakers\n" + " \n" * 900_000,
    "numbers": "1. Bakers\n" * 150_000,
    "hashes": "#" * 1_000_000 + "\n# " + " #" * 400_000 + " Bakers",
    "lines": "a\n" * 900_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_articles_take_bounded_time_and_memory(text: str) -> None:
    began = time.process_time()
    check(read_article("Bakers.\n" * (not text.startswith("<")) + text))
    assert time.process_time() - began < 8  # a second or two on a free machine


def test_fifty_megabytes_take_the_memory_of_two(tmp_path: Path) -> None:
    file = tmp_path / "large.md"
    with file.open("wb") as out:
        for _ in range(50):
            out.write(b"Bakers earn $30,000 a year, I say. \n" * 27_778)
    tracemalloc.start()
    check(read_article(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000


MARKS = st.sampled_from([
    "# ", "- ", "  - ", "|", "\n", "\n\n", "---", "**", "`", "```\n", "> ", "1. ", "[a](b)", "&lt;",
    "<p>", "</p>", "<li>", "<ul>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<h2>", "<b>",
    "<script>", "</script>", "<div hidden>", "</div>", "<!--", "-->", "<pre>", "\t", ":", "?", "$5",
    "Bakers", "|---|---|", "<dt>", "<dd>", "<br>", "\u202e", "<title>",
])  # fmt: skip


@given(st.lists(MARKS | st.text(max_size=8), max_size=40), st.sampled_from(["html", "markdown"]))
def test_any_text_is_read(parts: list[str], form: str) -> None:
    check(read_article("Bakers. " + "".join(parts) + " a", format=form))  # type: ignore[arg-type]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(UnreadableError):
        check(read_article(data))
