"""`rolediff check` and `rolediff claims`: forms, exit codes, whatever is given as an article."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
import tomllib
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
from asking import PAIR, Said, ask, csv_file, jobs
from jsonschema import Draft202012Validator

from rolediff.claims.rule import Rule

Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "ai-or-ml-engineer.md"
FALSE = "AI engineers earn more than ML engineers.\n"
TRUE = "ML engineers earn more than AI engineers.\n"
NOTHING = "It rained all day, and the cat slept.\n"
INVENTED = "Wizards earn more than warlocks, at $400,000 a year.\n"


def article(folder: Path, text: str | bytes, name: str = "article.md") -> Path:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder / name


def piped(text: bytes, *argv: object, most: int | None = None) -> Said:
    """The command as a program that reads `text`, with at most so many bytes of memory."""

    def limit() -> None:
        if most is not None:
            resource.setrlimit(resource.RLIMIT_AS, (most, most))

    done = subprocess.run(
        [sys.executable, "-c", "from rolediff.doors.cli import main; main()", *map(str, argv)],
        input=text, capture_output=True, check=False, preexec_fn=limit,
    )  # fmt: skip
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def flat(text: str) -> str:
    return " ".join(text.split())


# answers


def test_a_false_claim_is_contradicted_in_the_first_lines(capsys: Capture, tmp_path: Path) -> None:
    said = ask(capsys, "check", article(tmp_path, FALSE))
    assert (said.code, said.err) == (0, "")
    head = flat("\n".join(said.out.splitlines()[:8]))
    assert "1 is contradicted by the data" in head
    assert "✗ “AI engineers earn more than ML engineers" in head
    assert max(map(len, said.out.splitlines())) <= 80


def test_the_example_has_claims_of_every_verdict_but_none_unread(capsys: Capture) -> None:
    said = ask(capsys, "check", EXAMPLE, "--json")
    assert said.code == 0
    counts = said.result["counts"]
    assert counts["contradicted"] > 0
    assert counts["supported"] > 0
    assert counts["not testable with this data"] > 0
    schema = (files("rolediff") / "data" / "schemas" / "check.v1.json").read_text("utf-8")
    Draft202012Validator(json.loads(schema)).validate(json.loads(said.out))


def test_every_command_prints_the_figure_that_it_stands_for(
    capsys: Capture, tmp_path: Path
) -> None:
    first = ask(capsys, "check", article(tmp_path, FALSE), "--json").result["claims"][0]
    evidence = first["points"][0]["evidence"][0]
    gap = ask(capsys, *PAIR, "--json").result["gap"]
    assert evidence["command"] == "rolediff 'AI Engineer' 'Machine Learning Engineer'"
    assert evidence["n"] == gap["n"]
    assert (evidence["value"] < 0) == (gap["value"] < 0)


def test_strict_exits_with_5_only_if_something_is_contradicted(
    capsys: Capture, tmp_path: Path
) -> None:
    false, true = article(tmp_path, FALSE), article(tmp_path, TRUE, "true.md")
    assert ask(capsys, "check", false, "--strict").code == 5
    assert ask(capsys, "check", true, "--strict").code == 0
    assert ask(capsys, "check", false, "--strict", "--json").code == 5


def test_an_article_without_claims_exits_with_4(capsys: Capture, tmp_path: Path) -> None:
    said = ask(capsys, "check", article(tmp_path, NOTHING))
    assert (said.code, said.out) == (4, "")
    assert "--claims" in said.err
    assert ask(capsys, "claims", article(tmp_path, NOTHING)).code == 4


def test_an_invented_role_is_not_testable(capsys: Capture, tmp_path: Path) -> None:
    said = ask(capsys, "check", article(tmp_path, INVENTED), "--json")
    assert said.code == 4
    assert {c["reviewRating"]["alternateName"] for c in said.result["claims"]} <= {
        "not testable with this data", "not understood",
    }  # fmt: skip


def test_the_forms_agree(capsys: Capture, tmp_path: Path) -> None:
    file = article(tmp_path, FALSE)
    sentence = ask(capsys, "check", file, "--json").result["sentence"]
    page = tmp_path / "page.html"
    assert ask(capsys, "check", file, "--html", page).out == ""
    assert page.read_text("utf-8") == ask(capsys, "check", file, "--html", "-").out
    assert "1 of 1 claim in this article is contradicted" in page.read_text("utf-8")
    assert sentence in ask(capsys, "check", file, "--markdown").out
    assert sentence in flat(ask(capsys, "check", file).out)


def test_standard_input_is_an_article() -> None:
    said = piped(FALSE.encode(), "check", "-", "--strict")
    assert said.code == 5
    assert "1 is contradicted" in flat(said.out)


def test_the_same_article_gives_the_same_bytes() -> None:
    assert len({piped(FALSE.encode(), "check", "-", "--html", "-").out for _ in range(2)}) == 1


def test_data_of_ones_own_and_a_filter(capsys: Capture, tmp_path: Path) -> None:
    file, data = article(tmp_path, FALSE), csv_file(tmp_path, jobs())
    mine = ask(capsys, "check", file, "--data", data, "--json")
    evidence = mine.result["claims"][0]["points"][0]["evidence"][0]
    assert f"--data {data}" in evidence["command"]
    us = ask(capsys, "check", file, "--where", "country=US", "--json")
    evidence = us.result["claims"][0]["points"][0]["evidence"][0]
    assert "--where country=US" in evidence["command"]


def test_the_rule_can_be_changed(capsys: Capture, tmp_path: Path) -> None:
    file = article(tmp_path, "AI engineers earn as much as ML engineers.\n")
    said = ask(capsys, "check", file, "--rule", "same=0.9,confidence=0.9", "--json")
    assert said.result["confidence"] == 0.9
    assert said.result["counts"]["contradicted"] == 0
    assert ask(capsys, "check", file, "--rule", "holm=no").code == 0


# claims by hand


def test_claims_are_written_edited_and_judged(capsys: Capture, tmp_path: Path) -> None:
    file, by_hand = article(tmp_path, FALSE), tmp_path / "claims.toml"
    assert ask(capsys, "claims", file, "-o", by_hand).code == 0
    assert by_hand.read_text("utf-8") == ask(capsys, "claims", file).out
    assert tomllib.loads(by_hand.read_text("utf-8"))
    said = ask(capsys, "check", file, "--claims", by_hand, "--json")
    assert said.result["counts"]["contradicted"] == 1
    edited = by_hand.read_text("utf-8").replace('sense = "more"', 'sense = "less"')
    by_hand.write_text(edited, encoding="utf-8")
    said = ask(capsys, "check", file, "--claims", by_hand, "--json")
    assert said.result["counts"]["contradicted"] == 0


# what cannot be understood


@pytest.mark.parametrize(
    ("argv", "code", "word"),
    [
        (("--json", "--markdown"), 2, "choose one"),
        (("--json", "--html", "-"), 2, "choose one"),
        (("--rule", "sure=1"), 2, 'no "sure"'),
        (("--rule", "point=much"), 2, "a number"),
        (("--rule", "holm=1"), 2, "yes or no"),
        (("--rule", "confidence=2"), 2, "confidence"),
        (("--claims", "none.toml"), 2, "none.toml"),
        (("--data", "none.csv"), 3, "none.csv"),
        (("--where", "moon=1"), 2, "moon"),
        (("--html", "no/such/folder.html"), 3, "choose another place"),
    ],
)
def test_bad_options_are_one_line(
    capsys: Capture, tmp_path: Path, argv: tuple[str, ...], code: int, word: str
) -> None:
    said = ask(capsys, "check", article(tmp_path, FALSE), *argv)
    assert (said.code, said.out) == (code, "")
    assert said.err.count("\n") == 1
    assert word in said.err


def test_an_unknown_option_is_no_article(capsys: Capture) -> None:
    said = ask(capsys, "check", "--bogus")
    assert said.code == 2
    assert "--bogus" in said.err


def zipped() -> bytes:
    from io import BytesIO

    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("article.md", FALSE)
    return held.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n ", b"\x7fELF\x00\x01\x02" * 50, zipped(), b"%PDF-1.7\nand no more", b"\x00" * 99],
    ids=["empty", "blank", "binary", "zip", "broken PDF", "zeros"],
)
def test_what_is_no_article_exits_with_3(capsys: Capture, tmp_path: Path, content: bytes) -> None:
    said = ask(capsys, "check", article(tmp_path, content))
    assert (said.code, said.out) == (3, "")
    assert said.err.count("\n") == 1
    assert ask(capsys, "check", tmp_path).code == 3
    assert ask(capsys, "check", tmp_path / "none.md").code == 3


# hostile articles

SCRIPT = (
    "<html><body><script>document.write('AI engineers earn $900,000')</script>"
    '<img src="http://example.invalid/x.png" onerror="alert(1)"><h1 onclick="x()">Pay</h1>'
    "<p>AI engineers earn more than ML engineers &lt;script&gt;alert(2)&lt;/script&gt;.</p>"
    "<iframe src='file:///etc/passwd'></iframe></body></html>"
)


@pytest.mark.parametrize("form", [(), ("--markdown",), ("--html", "-"), ("--json",)])
def test_scripts_are_neither_read_nor_written(
    capsys: Capture, tmp_path: Path, form: tuple[str, ...]
) -> None:
    said = ask(capsys, "check", article(tmp_path, SCRIPT, "a.html"), *form)
    assert said.code == 0
    assert "900,000" not in said.out
    assert "example.invalid" not in said.out
    if form and form[0] != "--json":
        assert "<script>alert" not in said.out.replace("\\<script\\>", "")


@pytest.mark.parametrize("form", [(), ("--markdown",), ("--html", "-"), ("--json",)])
def test_what_a_terminal_would_obey_is_not_written(
    capsys: Capture, tmp_path: Path, form: tuple[str, ...]
) -> None:
    said = "AI engineers \u202eearn\u202c more\u2066 than ML engineers."
    text = f"\x1b]0;x\x07\x1b[2J\n\n{said}\n\n\x9b31m"
    name = "a\u202eb\x1b[31m.md"
    told = ask(capsys, "check", article(tmp_path, text, name), *form)
    assert told.code == 0
    assert not set(told.out) & set("\x1b\x07\x9b\u202e\u202c\u2066")


def test_nothing_is_fetched(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert ask(capsys, "check", article(tmp_path, SCRIPT, "a.html"), "--html", "-").code == 0


MEMORY = 2_000_000_000
"""Bytes of address space that a hostile article may take."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (FALSE.encode() * 1_250_000, 120),
        (b"<div>" * 100_000 + FALSE.encode(), 20),
        (b"<ul><li>" * 100_000 + FALSE.encode(), 20),
        (b"> " * 100_000 + FALSE.encode(), 20),
        (b"- " * 100_000 + FALSE.encode(), 20),
        (b"|" * 1_000_000 + b"\n|" + b"-|" * 1_000_000, 20),
        (b"*_`[(" * 400_000, 20),
        (b"AI engineers earn more than " * 100_000, 60),
        (b"$1" * 1_000_000, 60),
        (b"a" * 50_000_000, 20),
    ],
    ids=["50 MB of claims", "100k div", "100k lists", "100k quotes", "100k bullets", "bars",
         "marks", "one sentence", "money", "one word"],
)  # fmt: skip
def test_hostile_articles_take_bounded_time_and_memory(content: bytes, seconds: int) -> None:
    started = time.monotonic()
    said = piped(content, "check", "-", most=MEMORY)
    assert said.code in (0, 3, 4), said.err
    assert "internal error" not in said.err
    assert time.monotonic() - started < seconds
    assert len(said.out) < 1_000_000


# documents


def test_every_threshold_of_the_rule_is_documented() -> None:
    text = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    assert [name for name in Rule.__dataclass_fields__ if f"`{name}`" not in text] == []
