"""Whatever is given, trouble is one line on stderr with a next step and the right exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asking import PAIR, Said, ask, csv_file, jobs, spawn

from rolediff.market import load, save

Capture = pytest.CaptureFixture[str]
Write = Callable[[Path], Path]


def refused(said: Said, code: int, *words: str) -> None:
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith("rolediff: ")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    assert "Errno" not in said.err
    for word in words:
        assert word in said.err


# files


def content(text: str | bytes, name: str = "jobs.csv") -> Write:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder / name

    return write


def truncated(folder: Path) -> Path:
    jobs().write_parquet(folder / "jobs.parquet")
    whole = (folder / "jobs.parquet").read_bytes()
    return content(whole[: len(whole) // 2], "jobs.parquet")(folder)


def market(folder: Path) -> Path:
    return save(load(jobs()).market, folder / "market")


def package(change: Callable[[dict[str, Any]], object]) -> Write:
    def write(folder: Path) -> Path:
        file = market(folder) / "datapackage.json"
        described = json.loads(file.read_text())
        change(described)
        file.write_text(json.dumps(described))
        return file.parent

    return write


def damaged(folder: Path) -> Path:
    file = market(folder) / "datapackage.json"
    file.write_text(file.read_text()[:200])
    return file.parent


def without_table(folder: Path) -> Path:
    (market(folder) / "pay.parquet").unlink()
    return folder / "market"


def broken_table(folder: Path) -> Path:
    return content(b"PAR1 and no more", "market/pay.parquet")(market(folder).parent).parent


def other_table(folder: Path) -> Path:
    jobs().write_parquet(market(folder) / "pay.parquet")
    return folder / "market"


def folder_of_files(folder: Path) -> Path:
    (folder / "notes.md").write_text("no table")
    return folder


HEAD = "title,min_amount,max_amount,currency\n"
FILES: dict[str, tuple[Write, tuple[str, ...]]] = {
    "no such file": (lambda folder: folder / "none.csv", ("no such file", "check the path")),
    "empty": (content(""), ("is empty", "check how it was exported")),
    "header only": (content(HEAD), ("has no rows",)),
    "no market": (folder_of_files, ("no market", "rolediff compress")),
    "truncated Parquet": (truncated, ("not whole Parquet", "export it again")),
    "binary CSV": (content(b"\x7fELF\x00\x01\x02"), ("is binary", "export it as UTF-8")),
    "Parquet named CSV": (content(b"PAR1\x00\x01"), ("is Parquet; name it .parquet",)),
    "Latin-1": (content("title,pay\nAI Engineer,caf\xe9\n".encode("latin-1")), ("UTF-8",)),
    "no title": (content("work,pay\nx,1\n"), ("no job title column among: work, pay", "--map")),
    "no pay": (
        content("job_title,salry,place\nAI Engineer,90000,here\n"),
        ("no pay column among: job_title, salry, place", "closest: salry", "--map pay=COLUMN"),
    ),
    "control characters": (content(b'"a\x1b[31m","b\nc"\n1,2\n'), ("--map",)),
    "damaged package": (damaged, ("is damaged", "compress the data again")),
    "package of nothing": (package(dict.clear), ("is damaged",)),
    "sources unlike any": (
        package(lambda d: d["rolediff"]["sources"][0].update(odd=1)),
        ("is damaged", "compress the data again"),
    ),
    "newer market": (
        package(lambda d: d["rolediff"].update(version=3)),
        ("version 3", "compress the data again"),
    ),
    "table missing": (without_table, ("cannot read", "compress the data again")),
    "table broken": (broken_table, ("was changed", "compress the data again")),
    "table of another kind": (other_table, ("was changed",)),
}


@pytest.mark.parametrize("name", FILES)
def test_data_that_cannot_be_read(capsys: Capture, tmp_path: Path, name: str) -> None:
    write, words = FILES[name]
    refused(ask(capsys, *PAIR, "--data", write(tmp_path)), 3, *words)
    assert "\x1b" not in ask(capsys, *PAIR, "--data", tmp_path / "jobs.csv").err


def test_data_that_may_not_be_read(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = csv_file(tmp_path, jobs())

    opened = Path.open

    def denied(path: Path, *how: Any, **more: Any) -> Any:
        if path == file:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *how, **more)

    monkeypatch.setattr(Path, "open", denied)
    refused(ask(capsys, *PAIR, "--data", file), 3, "cannot read", "check")


# the question

USAGE: dict[str, tuple[tuple[str, ...], str]] = {
    "both the same": (("AI Engineer", "ai-engineer"), "name two different ones"),
    "unknown role": (("AI Engineer", "AI Enginer"), 'did you mean "AI Engineer"'),
    "one role": (("AI Engineer",), "name two roles, not 1"),
    "three roles": (("AI Engineer", "MLE", "Data Analyst"), "name two roles, not 3"),
    "empty name": (("AI Engineer", ""), "`rolediff roles` lists all"),
    "empty title": (("AI Engineer", "--title", "..."), "give a job title"),
    "where without =": ((*PAIR, "--where", "US"), "write --where country=US"),
    "where unknown": ((*PAIR, "--where", "contry=US"), "did you mean country?"),
    "where twice": ((*PAIR, "--where", "country=US,country=GB"), "write country=US|GB"),
    "where no year": ((*PAIR, "--where", "year=soon"), "write 2024, 2023..2024"),
    "where huge year": ((*PAIR, "--where", "year=99999999999"), "write 2024, 2023..2024"),
    "two forms": ((*PAIR, "--json", "--markdown"), "choose one of"),
    "money": ((*PAIR, "--money", "gold"), "choose usd, ppp or real-YEAR"),
    "real without prices": ((*PAIR, "--money", "real-2024"), "--cpi FILE"),
    "reference": ((*PAIR, "--reference", "C"), "choose one of A, B, neumark"),
    "reading": ((*PAIR, "--reading", "loose"), '"strict", "broad"'),
    "unknown option": ((*PAIR, "--jsn"), "rolediff --help"),
    "option without value": ((*PAIR, "--data"), "rolediff --help"),
    "roles file": ((*PAIR, "--roles", "none.toml"), "give the path of a role file"),
    "map": ((*PAIR, "--data", "x.csv", "--map", "pay"), "write --map role=job_title"),
    "map to no field": ((*PAIR, "--data", "{jobs}", "--map", "x=title"), "is not a field"),
    "map a market": ((*PAIR, "--map", "pay=salary"), "are for --data FILE"),
    "format": ((*PAIR, "--data", "{jobs}", "--format", "xls"), "use one of: aijobs, csv"),
    "currency": ((*PAIR, "--data", "{jobs}", "--currency", "XYQ"), "use one such as EUR"),
    "interval": ((*PAIR, "--data", "{jobs}", "--interval", "moon"), "use one of: year"),
    "compress nothing": (("compress", "-o", "x"), "rolediff --help"),
    "compress nowhere": (("compress", "x.csv"), "rolediff --help"),
}


@pytest.mark.parametrize("name", USAGE)
def test_questions_that_cannot_be_understood(capsys: Capture, tmp_path: Path, name: str) -> None:
    argv, word = USAGE[name]
    file = csv_file(tmp_path, jobs())
    refused(ask(capsys, *(str(file) if a == "{jobs}" else a for a in argv)), 2, word)


NO_EVIDENCE: dict[str, tuple[tuple[str, ...], str]] = {
    "no records": (("Robotics Engineer", "AI Engineer"), "Robotics Engineer: 0 records"),
    "and who has some": (("Robotics Engineer", "AI Engineer"), "have AI Engineer (120), Machine"),
    "a title nobody has": (("AI Engineer", "--title", "payroll clerk"), "payroll clerk: 0 records"),
    "absent value": ((*PAIR, "--where", "country=UK"), "no records with country=UK: there are"),
    "near values": ((*PAIR, "--where", "level=seniors"), "level=seniors: there are senior"),
    "nobody states it": ((*PAIR, "--where", "industry=banks"), "leave industry out"),
    "absent year": ((*PAIR, "--where", "year=1999"), "there is 2023 to 2024"),
}


@pytest.mark.parametrize("name", NO_EVIDENCE)
def test_questions_that_the_data_cannot_answer(capsys: Capture, tmp_path: Path, name: str) -> None:
    argv, word = NO_EVIDENCE[name]
    refused(ask(capsys, *argv, "--data", csv_file(tmp_path, jobs())), 4, word)


def test_fewer_than_five_records_are_not_compared(capsys: Capture, tmp_path: Path) -> None:
    few = csv_file(tmp_path, jobs(9))  # five of one role, four of the other
    refused(ask(capsys, *PAIR, "--data", few), 4, "4 of 4 records", "5 are needed")
    assert ask(capsys, *PAIR, "--data", csv_file(tmp_path, jobs(10))).code == 0


def test_a_filter_is_judged_by_the_market_not_by_one_role(capsys: Capture, tmp_path: Path) -> None:
    frame = jobs(country=["US" if i % 2 else "GB" for i in range(240)])
    said = ask(capsys, *PAIR, "--where", "country=GB", "--data", csv_file(tmp_path, frame))
    refused(said, 4, "0 records (country GB)", "AI Engineer (120)")


def test_pay_without_a_currency_is_never_taken_for_dollars(capsys: Capture, tmp_path: Path) -> None:
    said = ask(capsys, *PAIR, "--data", csv_file(tmp_path, jobs().drop("currency")))
    refused(said, 3, "--currency USD")


# writing


def test_quarantine_that_cannot_be_written(capsys: Capture, tmp_path: Path) -> None:
    file = csv_file(tmp_path, jobs())
    for place in (tmp_path / "none" / "q.csv", tmp_path):
        refused(
            ask(capsys, *PAIR, "--data", file, "--quarantine", place), 3, "choose another place"
        )


def test_compress_spares_what_is_no_market(capsys: Capture, tmp_path: Path) -> None:
    file = csv_file(tmp_path, jobs())
    for place in (tmp_path, file):
        refused(ask(capsys, "compress", file, "-o", place), 3, "choose another folder")
    assert file.exists()


def test_compress_to_a_place_that_cannot_be(capsys: Capture, tmp_path: Path) -> None:
    file = csv_file(tmp_path, jobs())
    refused(ask(capsys, "compress", file, "-o", file / "m"), 3, "choose another folder")


def test_compress_of_a_bad_file_leaves_the_old_market(capsys: Capture, tmp_path: Path) -> None:
    folder = market(tmp_path)
    before = (folder / "pay.parquet").read_bytes()
    refused(ask(capsys, "compress", content("")(tmp_path), "-o", folder), 3, "is empty")
    assert (folder / "pay.parquet").read_bytes() == before


# debugging, and trouble nobody foresaw


def test_debug_shows_the_traceback(capsys: Capture) -> None:
    said = ask(capsys, *PAIR, "--data", "none.csv", "--debug")
    assert (said.code, said.out) == (3, "")
    assert "Traceback" in said.err
    assert said.err.splitlines()[-1].startswith("rolediff: no such file")


def test_the_unforeseen_is_one_line_too(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rolediff.doors.write.load", lambda *_: 1 / 0)
    refused(ask(capsys, *PAIR), 1, "internal error", "--debug shows where")


def test_as_a_program_too() -> None:
    refused(spawn(*PAIR, "--data", "none.csv"), 3, "no such file")
