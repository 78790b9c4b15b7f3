"""What is said where there is no Spark: no Java, no master, no rolediff on its workers."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from test_scale_compress import PAY

from rolediff.doors.cli import run
from rolediff.errors import ColumnError
from rolediff.spark.sessions import explained

pytest.importorskip("pyspark", reason="needs the extra spark")


def test_an_unreachable_master_and_one_that_is_none_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pay, out = tmp_path / "pay.parquet", str(tmp_path / "m")
    PAY.write_parquet(pay)
    verb = ["compress", str(pay), "-o", out, "--engine", "spark", "--master"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert run([*verb, f"spark://127.0.0.1:{free.getsockname()[1]}"]) == 3
    assert "no Spark master answers at spark://127.0.0.1" in capsys.readouterr().err
    assert run([*verb, "cluster"]) == 2
    assert 'no Spark master is called "cluster"' in capsys.readouterr().err
    assert run(["compress", str(pay), "-o", out, "--master", "local"]) == 2
    assert "add --engine spark" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (None, "none on this machine: apt-get install"),
        ('openjdk version "11.0.2"', "is Java 11: apt-get install"),
        ("java.lang.module.FindException: Module jdk.incubator.vector not found", "lacks the mod"),
    ],
)
def test_without_a_java_that_serves_one_line_says_how_to_get_it(
    says: str | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    if says is not None:
        java = tmp_path / "java"
        java.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 1\n")
        java.chmod(0o755)
    PAY.write_parquet(tmp_path / "pay.parquet")
    verb = ["compress", str(tmp_path / "pay.parquet"), "-o", str(tmp_path / "m")]
    assert run([*verb, "--engine", "spark"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
    assert not (tmp_path / "m").exists()


def test_what_a_worker_says_is_said_here() -> None:
    ours = explained("Traceback\nrolediff.errors.ColumnError: no column of titles\n")
    assert (type(ours), str(ours)) == (ColumnError, "no column of titles")
    assert "no rolediff" in str(explained("ModuleNotFoundError: No module named 'rolediff'"))
    assert "check the path" in str(explained("[PATH_NOT_FOUND] Path does not exist: s3a://x"))
