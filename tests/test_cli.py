"""The command: what it prints where, with every option."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from asking import PAIR, ask, csv_file, jobs, spawn

import rolediff
from rolediff.doors import cli

Capture = pytest.CaptureFixture[str]
VERBS = ((), ("compress",), ("roles",), ("sources",))


def flat(text: str) -> str:
    return " ".join(text.split())


def first_sentence(text: str) -> str:
    return flat(text).split(". ")[0]


# the bundled answer


def test_two_names_are_answered_on_stdout_alone(capsys: Capture) -> None:
    said = ask(capsys, *PAIR)
    assert (said.code, said.err) == (0, "")
    assert flat(said.out).startswith(
        "ML engineers are advertised at 25 % more than AI engineers (95 % interval "
    )
    assert "2,965 against 344 records" in first_sentence(said.out)
    assert "counting each distinct ad once" in first_sentence(said.out)


def test_it_reads_well_at_80_columns(capsys: Capture) -> None:
    assert max(map(len, ask(capsys, *PAIR).out.splitlines())) <= 80


def test_every_verb_reads_well_at_80_columns(capsys: Capture) -> None:
    for verb in ("roles", "sources"):
        assert max(map(len, ask(capsys, verb).out.splitlines())) <= 80


@pytest.mark.parametrize("form", [(), ("--json",), ("--markdown",)])
def test_the_same_question_gives_the_same_bytes(form: tuple[str, ...]) -> None:
    first, second = (spawn(*PAIR, *form, PYTHONHASHSEED=seed) for seed in "12")
    assert first == second
    assert first.code == 0


def test_no_colour_in_a_pipe_nor_with_no_color() -> None:
    assert "\x1b" not in spawn(*PAIR).out
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", spawn(*PAIR, NO_COLOR="1", FORCE_COLOR="1").out)


def test_aliases_case_and_ids_name_the_same_roles(capsys: Capture) -> None:
    plain = ask(capsys, *PAIR, "--json").result
    other = ask(capsys, "ai-engineer", "machine learning engineers", "--json").result
    assert plain["gap"] == other["gap"]


def test_order_turns_the_sign_but_not_the_sentence(capsys: Capture) -> None:
    there, back = (ask(capsys, *pair, "--json").result for pair in (PAIR, PAIR[::-1]))
    assert there["gap"]["value"] == -back["gap"]["value"]
    assert first_sentence(ask(capsys, *PAIR).out) == first_sentence(ask(capsys, *PAIR[::-1]).out)


# options of the question


def test_where_is_repeated_in_the_first_sentence(capsys: Capture) -> None:
    said = ask(capsys, *PAIR, "--where", "country=US,level=senior,year=2024..")
    assert "(country US, level senior, 2024 on;" in first_sentence(said.out)


def test_broad_reading_has_more_records(capsys: Capture) -> None:
    strict, broad = (
        ask(capsys, *PAIR, "--json", "--reading", r).result for r in ("strict", "broad")
    )
    assert strict["a"]["n"] < broad["a"]["n"]
    assert broad["other_reading"]["reading"] == "strict"


def test_money_at_purchasing_power_says_so(capsys: Capture) -> None:
    assert "PPP" in ask(capsys, *PAIR, "--money", "ppp").out


def test_real_money_needs_and_takes_a_price_table(capsys: Capture, tmp_path: Path) -> None:
    years = list(range(2020, 2026))
    table = csv_file(tmp_path, pl.DataFrame({"year": years, "cpi": [100.0] * 6}))
    real = ask(capsys, *PAIR, "--json", "--money", "real-2024", "--cpi", table).result
    assert real["money"] == "US$ of 2024 a year"
    assert real["gap"] == ask(capsys, *PAIR, "--json").result["gap"]


@pytest.mark.parametrize("name", ["A", "B", "neumark", "pooled", "reimers", "cotton"])
def test_each_reference_is_named_and_keeps_the_gap(capsys: Capture, name: str) -> None:
    why = ask(capsys, *PAIR, "--json", "--reference", name).result["why"]
    split = why["references"][name]
    assert why["reference"] == name
    assert why["explained"]["value"] == pytest.approx(split["explained"]["value"], abs=1e-9)


def test_a_role_against_a_title_search(capsys: Capture) -> None:
    result = ask(capsys, "AI Engineer", "--title", "data manager", "--json").result
    assert (result["a"]["label"], result["b"]["id"]) == ("AI Engineer", "title:data manager")


def test_two_title_searches(capsys: Capture) -> None:
    result = ask(capsys, "--title", "data manager", "--title", "data scientist", "--json").result
    assert result["a"]["id"] == "title:data manager"


def test_roles_of_ones_own(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[[role]]\nid = "wizard"\nlabel = "Wizard"\naliases = ["Data Manager"]\n')
    result = ask(capsys, "Wizard", "Data Scientist", "--roles", file, "--json").result
    assert result["a"]["titles"][0]["title"] == "data manager"
    listed = ask(capsys, "roles", "--roles", file, "--json").result
    assert "wizard" in [role["id"] for role in listed]


# data of one's own


def test_a_file_and_its_market_give_the_same_answer(capsys: Capture, tmp_path: Path) -> None:
    file = csv_file(tmp_path, jobs())
    folder = tmp_path / "market"
    made = ask(capsys, "compress", file, "-o", folder)
    assert (made.code, made.err) == (0, "")
    assert "240 records" in made.out
    answers = [ask(capsys, *PAIR, "--json", "--data", place) for place in (file, folder)]
    assert answers[0].out == answers[1].out


def test_compress_tells_its_facts_as_json(capsys: Capture, tmp_path: Path) -> None:
    made = ask(capsys, "compress", csv_file(tmp_path, jobs()), "-o", tmp_path / "m", "--json")
    assert made.result["records"] == 240
    assert [s["name"] for s in made.result["sources"]] == ["jobs"]


def test_columns_can_be_mapped(capsys: Capture, tmp_path: Path) -> None:
    odd = jobs().select(was="title", money="min_amount", coin="currency")
    options = ("--map", "role=was,pay=money,currency=coin")
    said = ask(capsys, *PAIR, "--data", csv_file(tmp_path, odd), *options)
    assert (said.code, said.err) == (0, "")


def test_currency_and_interval_fill_what_the_table_does_not_say(
    capsys: Capture, tmp_path: Path
) -> None:
    monthly = jobs().with_columns(pl.col("min_amount", "max_amount") / 12).drop("currency")
    options = ("--currency", "USD", "--interval", "month", "--json")
    result = ask(capsys, *PAIR, "--data", csv_file(tmp_path, monthly), *options).result
    yearly = ask(capsys, *PAIR, "--data", csv_file(tmp_path, jobs(), "y.csv"), "--json").result
    assert result["gap"]["value"] == pytest.approx(yearly["gap"]["value"], rel=1e-6)
    assert result["a"]["percentiles"]["mid"]["p50"]["value"] == pytest.approx(
        yearly["a"]["percentiles"]["mid"]["p50"]["value"], rel=1e-6
    )


def test_rows_set_aside_are_counted_and_written(capsys: Capture, tmp_path: Path) -> None:
    pay = ["lots", "-5", *(str(100_000 + i) for i in range(98))]
    file, aside = (
        csv_file(tmp_path, jobs(100, min_amount=pay, max_amount=None)),
        tmp_path / "aside.csv",
    )
    said = ask(capsys, *PAIR, "--data", file)
    assert said.err.startswith("rolediff: 2 rows set aside: ")
    assert "--quarantine FILE" in said.err
    assert "--quarantine" not in ask(capsys, *PAIR, "--data", file, "--quarantine", aside).err
    written = pl.read_csv(aside)
    assert written.columns == ["source", "row", "reason", "value"]
    assert written["reason"].to_list() == ["pay is not a number", "pay is negative"]
    assert list(tmp_path.glob(".aside*")) == []


def test_quarantine_is_written_even_when_no_row_is_left(capsys: Capture, tmp_path: Path) -> None:
    file, aside = csv_file(tmp_path, jobs(4, min_amount="lots")), tmp_path / "aside.csv"
    said = ask(capsys, *PAIR, "--data", file, "--quarantine", aside)
    assert (said.code, said.out) == (3, "")
    assert pl.read_csv(aside).height == 4


# the other verbs


def test_roles_lists_every_role_with_its_records(capsys: Capture) -> None:
    listed = {role["id"]: role for role in ask(capsys, "roles", "--json").result}
    assert len(listed) >= 25
    by_source = listed["ai-engineer"]["by_source"]
    assert by_source["aijobs"]["strict"] == {"n": 344, "n_pay": 344}
    assert listed["ai-engineer"]["strict"]["n"] == 344 + by_source["ashby"]["strict"]["n"]
    assert "Data Scientist" in ask(capsys, "roles").out.splitlines()[1]


def test_roles_takes_a_filter(capsys: Capture) -> None:
    british = ask(capsys, "roles", "--json", "--where", "country=GB").result
    assert 0 < {r["id"]: r for r in british}["ml-engineer"]["strict"]["n"] < 100


def test_sources_tells_licence_and_rows(capsys: Capture) -> None:
    pay, postings = ask(capsys, "sources", "--json").result
    assert (pay["licence"], pay["rows"], pay["records"]) == ("CC0-1.0", 74_301, 37_612)
    assert (postings["licence"], postings["records"]) == ("MIT on the collection", 8_202)
    assert postings["ads"] < postings["matching"] == 8_202
    assert "CC0-1.0" in ask(capsys, "sources").out
    assert "| licence |" in ask(capsys, "sources", "--markdown").out


def test_json_is_an_envelope_with_a_version(capsys: Capture) -> None:
    for verb, kind in ((PAIR, "comparison"), (("roles",), "roles"), (("sources",), "sources")):
        whole = json.loads(ask(capsys, *verb, "--json").out)
        assert list(whole) == ["schema", "schema_version", "rolediff_version", "result"]
        assert whole["schema"] == f"rolediff.{kind}"


# manners


@pytest.mark.parametrize("form", [(), ("--json",), ("--markdown",)])
def test_a_pipe_closed_early_is_no_error(form: tuple[str, ...]) -> None:
    program = [sys.executable, "-c", "from rolediff.doors.cli import main; main()"]
    with subprocess.Popen(
        [*program, *PAIR, *form], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: " ".join(verb) or "default")
def test_help_names_every_option_and_says_what_it_does(
    capsys: Capture, verb: tuple[str, ...]
) -> None:
    shown = ask(capsys, *verb, "--help")
    node = cli.app[verb[0]] if verb else cli.app
    arguments = node.assemble_argument_collection(parse_docstring=True)
    assert shown.code == 0
    for argument in arguments.filter_by(show=True):
        assert argument.parameter.help, f"{argument.name} has no help"
        assert argument.name in shown.out
        assert flat(argument.parameter.help)[:20] in flat(shown.out.replace("│", " "))


def test_help_names_every_verb(capsys: Capture) -> None:
    shown = ask(capsys, "--help").out
    assert all(verb[0] in shown for verb in VERBS if verb)


def test_version(capsys: Capture) -> None:
    assert ask(capsys, "--version").out.strip() == rolediff.__version__


def test_nothing_asked_shows_the_help_and_is_a_usage_error(capsys: Capture) -> None:
    said = ask(capsys)
    assert said.code == 2
    assert "Usage: rolediff" in said.out


@pytest.mark.parametrize(
    ("words", "most", "parts"),
    [
        (("skills", *PAIR), 75, ("What sets them apart", "By group", "LLM tooling")),
        (("work", *PAIR), 75, ("What sets them apart", "Named most often")),
        (("where", *PAIR), 88, ("Who hires, by industry", "Who hires, by country")),
        (("trend", *PAIR), 60, ("by year", "How long openings stay")),
        (("path", "--to", PAIR[0], "--have", "SQL"), 90, ("Missing skills", "Roles near")),
        (("brief", *PAIR), 340, ("what is the difference", "key skills")),
    ],
)
def test_an_answer_is_short_unless_all_is_asked_for(
    words: tuple[str, ...], most: int, parts: tuple[str, ...], capsys: Capture
) -> None:
    """The first screen of 40 lines holds the answer, and --all shows more lines."""
    short, whole = ask(capsys, *words), ask(capsys, *words, "--all")
    assert short.code == whole.code == 0
    lines = short.out.splitlines()
    assert len(lines) <= most
    assert all(part.lower() in "\n".join(lines[:40]).lower() for part in parts)
    assert len(whole.out.splitlines()) >= len(lines)
    assert max(map(len, whole.out.splitlines())) <= 80
