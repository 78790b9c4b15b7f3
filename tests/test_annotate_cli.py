"""`rolediff annotate`: files to a file or to a folder of parts, and one posting explained."""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from asking import ask, spawn
from rich.console import Console

from rolediff.annotate.annotated import ANNOTATED
from rolediff.annotate.batch import annotate
from rolediff.doors import annotate as door
from rolediff.doors.explain import found, show
from rolediff.doors.progress import Course, shown
from rolediff.errors import DataError
from rolediff.flow import annotating
from rolediff.read.postings import all_postings
from rolediff.read.stream import entries

Capture = pytest.CaptureFixture[str]
KEYS = ("id", "role", "level", "pay", "education", "years", "remote", "country", "skills")


def ad(n: int, **more: Any) -> dict[str, Any]:
    body = f"Requirements\n- {n % 7 + 1}+ years of experience with Python\nPay: $1{n:02},000 a year"
    return {"id": f"ad-{n}", "title": "Senior ML Engineer", "text": body, **more}


def lines(*rows: Any) -> str:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)


@pytest.fixture
def ads(tmp_path: Path) -> Path:
    path = tmp_path / "ads.jsonl"
    path.write_text(lines(*map(ad, range(5))))
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# to a file


def test_lines_in_the_order_of_the_input(capsys: Capture, ads: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    said = ask(capsys, "annotate", ads, "-o", out)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("5 postings annotated in ")
    told = rows(out)
    assert [row["id"] for row in told] == [f"ad-{n}" for n in range(5)]
    assert set(told[0]) == set(ANNOTATED)
    assert all(key in told[0] for key in KEYS)
    assert told[0]["role"] == "ml_engineer"
    assert told[2]["pay"]["min"] == 102_000
    skill = told[0]["skills"][0]
    assert {"text", "start", "end", "concept"} <= set(skill)
    assert ad(0)["text"][skill["start"] : skill["end"]] == skill["text"] == "Python"


def test_parquet_has_the_same_rows(capsys: Capture, ads: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    assert ask(capsys, "annotate", ads, "-o", out).code == 0
    assert pl.read_parquet(out).equals(annotate(all_postings(ads).postings))


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_compressed_files(capsys: Capture, ads: Path, tmp_path: Path, packing: str) -> None:
    if packing == "gz":
        packed = gzip.compress(ads.read_bytes())
    else:
        packed = pytest.importorskip("backports.zstd").compress(ads.read_bytes())
    path = tmp_path / f"packed.jsonl.{packing}"
    path.write_bytes(packed)
    out = tmp_path / "out.jsonl"
    assert ask(capsys, "annotate", path, "-o", out).code == 0
    assert len(rows(out)) == 5


def test_small_batches_are_put_together(
    ads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def counted(frame: pl.DataFrame) -> pl.DataFrame:
        sizes.append(frame.height)
        return annotate(frame)

    for n in range(3):
        (tmp_path / f"more{n}.jsonl").write_text(lines(ad(10 + n)))
    monkeypatch.setattr(annotating, "annotate", counted)
    monkeypatch.setattr(annotating, "BEST_BATCH", 6)
    files = entries([ads, tmp_path / "more*.jsonl"])
    door.write_file(door.Asked(files), tmp_path / "out.jsonl", door.Tally(), Course(files))
    assert sizes == [6, 2]
    told = [row["id"] for row in rows(tmp_path / "out.jsonl")]
    assert told == [f"ad-{n}" for n in (0, 1, 2, 3, 4, 10, 11, 12)]


def test_standard_input(ads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ads.read_bytes())))
    with door.stdin_as_file(["-"]) as named:
        assert all_postings(named).counts["postings"] == 5
    assert not Path(named[0]).exists()


def test_standard_input_by_the_command(
    capsys: Capture, ads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ads.read_bytes())))
    assert ask(capsys, "annotate", "-", "-o", tmp_path / "out.jsonl").code == 0
    assert len(rows(tmp_path / "out.jsonl")) == 5
    said = ask(capsys, "annotate", ads, "--formt", "csv", "-o", tmp_path / "out.jsonl")
    assert (said.code, "unknown option --formt" in said.err) == (2, True)


def test_columns_of_ones_own(capsys: Capture, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text('job_name,ad\nML Engineer,"You know Rust, and will write it."\n')
    out = tmp_path / "out.jsonl"
    said = ask(capsys, "annotate", table, "--map", "role=job_name,text=ad", "-o", out, "--json")
    assert said.result == {"out": str(out), "files": 1, "postings": 1, "quarantined": 0}
    assert rows(out)[0]["role"] == "ml_engineer"


# what cannot be read


def test_bad_lines_are_set_aside_and_counted(capsys: Capture, tmp_path: Path) -> None:
    path, out, aside = (tmp_path / name for name in ("bad.jsonl", "out.jsonl", "aside.csv"))
    path.write_text(lines(ad(1), "{broken", ad(2, text=None), ad(3)))
    said = ask(capsys, "annotate", path, "-o", out, "--quarantine", aside)
    assert said.code == 0
    assert said.err.startswith("rolediff: 2 rows set aside: ")
    assert [row["id"] for row in rows(out)] == ["ad-1", "ad-3"]
    assert pl.read_csv(aside)["row"].to_list() == [2, 3]


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet", "parts"])
def test_nothing_readable(capsys: Capture, tmp_path: Path, name: str) -> None:
    path, aside = tmp_path / "bad.jsonl", tmp_path / "aside.csv"
    path.write_text("{broken\n{worse\n")
    said = ask(capsys, "annotate", path, "-o", tmp_path / name, "--quarantine", aside)
    assert (said.code, said.out) == (3, "")
    assert said.err.count("\n") == 2
    assert pl.read_csv(aside).height == 2
    assert not list(tmp_path.glob("**/out*"))
    assert not list(tmp_path.glob("**/*.partial"))


def test_no_such_file_and_no_output(capsys: Capture, ads: Path, tmp_path: Path) -> None:
    assert ask(capsys, "annotate", tmp_path / "none.jsonl", "-o", tmp_path / "o.jsonl").code == 3
    said = ask(capsys, "annotate", ads)
    assert (said.code, "-o" in said.err) == (2, True)
    assert ask(capsys, "annotate", ads, "-o", tmp_path / "out.xlsx").code == 2
    assert ask(capsys, "annotate", ads, "-o", tmp_path / "no/such/out.jsonl").code == 3


def test_nothing_is_written_over_what_is_read(capsys: Capture, ads: Path) -> None:
    before = ads.read_bytes()
    for out in (ads, ads.parent):
        assert ask(capsys, "annotate", ads, "-o", out).code == 2
    assert ads.read_bytes() == before


def test_a_missing_library_is_asked_for_by_its_extra(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("backports", "backports.zstd", "compression.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / "ads.jsonl.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(20))
    said = ask(capsys, "annotate", path, "-o", tmp_path / "out.jsonl")
    assert (said.code, "pip install 'rolediff[postings]'" in said.err) == (2, True)


def test_an_interrupted_run_leaves_no_file(ads: Path, tmp_path: Path) -> None:
    def broken() -> Any:
        yield annotate(all_postings(ads).postings)
        raise KeyboardInterrupt

    for name in ("out.jsonl", "out.parquet"):
        with pytest.raises((KeyboardInterrupt, pl.exceptions.PolarsError)):
            door.write(broken(), tmp_path / name)
    assert {path.name for path in tmp_path.iterdir()} == {"ads.jsonl"}


# to a folder


def parts(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.jsonl")}


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    for n, name in enumerate(("a", "b", "deep/a")):
        (folder / f"{name}.jsonl").write_text(lines(ad(2 * n), ad(2 * n + 1)))
    return folder


def test_a_rerun_makes_only_what_is_missing(capsys: Capture, inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = ask(capsys, "annotate", inputs, "-o", f"{out}/", "--json").result
    assert (first["parts"], first["kept"], first["postings"]) == (3, 0, 6)
    made = parts(out)
    assert len(made) == 3
    lost = sorted(made)[1]
    (out / lost).unlink()
    again = ask(capsys, "annotate", inputs, "-o", out, "--json").result
    assert (again["parts"], again["kept"], again["postings"]) == (1, 2, 6)
    now = parts(out)
    assert set(now) == set(made)
    assert all(now[name] == made[name] for name in made if name != lost)


def test_a_part_is_made_again_from_changed_input(
    capsys: Capture, inputs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ask(capsys, "annotate", inputs, "-o", out)
    (inputs / "b.jsonl").write_text(lines(ad(9)))
    again = ask(capsys, "annotate", inputs, "-o", out, "--json").result
    assert (again["parts"], again["kept"], again["postings"]) == (1, 2, 5)
    manifest = json.loads((out / "manifest.json").read_text())
    assert [part["input"] for part in manifest["parts"]] == ["a", "deep/a", "b"]
    assert {part["part"] for part in manifest["parts"]} == set(parts(out))


def test_a_killed_run_keeps_what_it_finished(
    capsys: Capture, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, calls = tmp_path / "out", 0

    def killed(frame: pl.DataFrame) -> pl.DataFrame:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return annotate(frame)

    monkeypatch.setattr(annotating, "annotate", killed)
    monkeypatch.setattr(annotating, "BEST_BATCH", 2)
    with pytest.raises(SystemExit, match="130"):
        ask(capsys, "annotate", inputs, "-o", out, "--workers", "1")
    assert not parts(out)
    again = ask(capsys, "annotate", inputs, "-o", out, "--workers", "1", "--json").result
    assert (again["parts"], again["kept"], again["postings"]) == (3, 0, 6)
    assert calls == 4
    assert len(parts(out)) == 3


def test_one_bad_input_among_good_ones(capsys: Capture, inputs: Path, tmp_path: Path) -> None:
    (inputs / "bad.jsonl").write_bytes(b"\x00\x01binary")
    said = ask(capsys, "annotate", inputs, "-o", tmp_path / "out", "--json")
    assert said.code == 0
    assert (said.result["parts"], said.result["quarantined"]) == (3, 1)


# one posting explained


def test_explain_marks_the_words(capsys: Capture, ads: Path) -> None:
    said = ask(capsys, "annotate", ads, "--explain", "ad-2")
    assert said.code == 0
    assert "title: [Senior|level] [[ML|skill] Engineer|role]" in said.out
    assert "[3+ years|years] of experience with [Python|skill]" in said.out
    assert "Pay: [$102,000|pay] a year" in said.out
    assert "\x1b" not in said.out
    assert re.search(r"^years +3 +text 15-23 +3\+ years", said.out, re.MULTILINE)


def test_explain_marks_duties_and_signals(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "ads.jsonl"
    text = "Responsibilities\n- Design and ship agents\n\nRequirements\n- Kaggle"
    path.write_text(lines(ad(1, text=text, id="a")))
    said = ask(capsys, "annotate", path, "--explain", "a").out
    assert "- [Design and ship [agents|skill]|duty]" in said
    assert re.search(r"^duty +deploy AI agents +text 30-41 +ship agents", said, re.MULTILINE)
    assert "[[Kaggle|signal]|skill]" in said
    assert re.search(r"^requirement words +2 ", said, re.MULTILINE)


def test_explain_as_json(capsys: Capture, ads: Path) -> None:
    result = ask(capsys, "annotate", ads, "--explain", "ad-2", "--json").result
    assert (result["id"], result["years"], result["text"]) == ("ad-2", 3, ad(2)["text"])


def test_explain_of_an_unknown_id(capsys: Capture, ads: Path) -> None:
    said = ask(capsys, "annotate", ads, "--explain", "ad-9")
    assert (said.code, said.out) == (3, "")
    assert 'no posting has the id "ad-9" among 5; ids look like "ad-4"' in said.err


def test_hostile_text_cannot_move_the_screen(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "ads.jsonl"
    text = "Requirements\n- [bold]Python[/bold] \x1b[2J\x9b31m \u202egnitirw \u2028 [/]SQL"
    path.write_text(lines(ad(1, text=text, title="ML \x1b]0;x\x07Engineer", id="a")))
    said = ask(capsys, "annotate", path, "--explain", "a")
    assert said.code == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e]", said.out)
    assert "[bold][Python|skill][/bold]" in said.out
    assert "[/][SQL|skill]" in said.out


def test_explain_in_colour(ads: Path) -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, color_system="standard", width=100)
    show(found(door.Asked(entries(ads)), "ad-2"), console)
    assert "\x1b[1;36mPython\x1b[0m" in screen.getvalue()


# the bar


def test_how_far_it_is(ads: Path, tmp_path: Path) -> None:
    path = tmp_path / "ads.jsonl.gz"
    path.write_bytes(gzip.compress(ads.read_bytes()))
    files = entries([ads, path])
    course, tally = Course(files), door.Tally()
    door.write_file(door.Asked(files), tmp_path / "out.jsonl", tally, course)
    assert course.done + course.here == course.bytes
    assert (course.postings, tally.postings) == (10, 10)


def test_nothing_moves_in_a_pipe(capsys: Capture, ads: Path) -> None:
    with shown(Course(entries(ads)), "annotating"):
        pass
    assert capsys.readouterr().err == ""


def test_the_bar_on_a_terminal(
    capsys: Capture, ads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("TERM", "xterm")
    said = ask(capsys, "annotate", ads, "-o", tmp_path / "out.jsonl")
    assert said.out.startswith("5 postings annotated in ")
    assert "5 postings" in said.err


def test_the_same_bytes_whatever_the_seed(ads: Path, tmp_path: Path) -> None:
    outs = [tmp_path / f"{seed}.jsonl" for seed in "12"]
    for out in outs:
        assert spawn("annotate", ads, "-o", out, PYTHONHASHSEED=out.stem).code == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="choose another place"):
        door.write(iter([]), tmp_path / "no" / "such.jsonl")
