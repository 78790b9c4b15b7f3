"""A résumé: read in its forms, refused with one line, and never told beyond names of skills."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from asking import ask
from hypothesis import given
from hypothesis import strategies as st
from resumes import TEXT, pdf

from rolediff import UsageError, path
from rolediff.annotate.having import is_skill, named_skills, skills_of_text
from rolediff.compare.path_question import skills_had
from rolediff.errors import MissingExtraError, UnreadableError
from rolediff.read import resume
from rolediff.read.resume import read_resume

SKILLS = ("PyTorch", "Python", "SQL")


@pytest.mark.parametrize("name", ["cv.txt", "cv.md", "cv", "CV.TXT"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_any_usual_coding(tmp_path: Path, name: str, coding: str) -> None:
    file = tmp_path / name
    file.write_bytes(f"Zoë\n{TEXT}".encode(coding))
    assert read_resume(file) == f"Zoë\n{TEXT}"
    assert skills_had(file) == SKILLS


def test_a_pdf_is_read(tmp_path: Path) -> None:
    assert read_resume(pdf(tmp_path / "cv.pdf")).strip() == TEXT
    assert skills_had(str(pdf(tmp_path / "named-otherwise.dat"))) == SKILLS


def test_skills_count_in_every_section() -> None:
    text = "About us\nWe are a company that uses Kubernetes.\n\nBenefits\nTeaching Rust to others."
    assert skills_of_text(text) == ("Kubernetes", "Rust")


def refused(file: Path, words: str) -> None:
    with pytest.raises(UnreadableError, match=words) as told:
        read_resume(file)
    assert "\n" not in str(told.value)
    assert "Hidden Lane" not in str(told.value)
    assert told.value.exit_code == 3


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cv.txt"
    refused(file, "no such file")
    refused(tmp_path, "no plain file")
    for content, words in ((b"", "empty"), (b" \n\t", "empty"), (b"--- \n ***", "no word"),
                           (b"PK\x03\x04\0\0Hidden Lane", "no text")):  # fmt: skip
        file.write_bytes(content)
        refused(file, words)


def test_a_pdf_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    whole = pdf(tmp_path / "whole.pdf").read_bytes()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n1 0 obj << /Hidden Lane")
    refused(broken, "cannot be read as PDF")
    broken.write_bytes(whole[:60])
    refused(broken, "cannot be read as PDF|only images")
    refused(pdf(tmp_path / "scan.pdf", text=""), "only images")
    refused(pdf(tmp_path / "long.pdf", pages=resume.MOST_PAGES + 1), "pages")


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter(clone_from=pdf(tmp_path / "cv.pdf"))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    refused(tmp_path / "locked.pdf", "password")


@given(at=st.integers(0, 600), byte=st.integers(0, 255))
def test_a_damaged_pdf_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int
) -> None:
    file = pdf(tmp_path_factory.mktemp("cv") / "cv.pdf")
    data = bytearray(file.read_bytes())
    data[at % len(data)] = byte
    file.write_bytes(bytes(data))
    with suppress(UnreadableError):  # and no other error
        assert read_resume(file)


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "cv.txt"
    with file.open("wb") as out:
        out.truncate(resume.MOST_BYTES + 1)
    refused(file, "larger than 5 MB")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_does_not_hold_the_command_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "cv.txt")
    refused(tmp_path / "cv.txt", "no plain file")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices here")
def test_a_device_is_refused() -> None:
    refused(Path("/dev/zero"), "no plain file")


def test_a_missing_library_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rolediff\[pdf\]'"):
        read_resume(pdf(tmp_path / "cv.pdf"))


def test_names_are_free_in_case_and_hyphens() -> None:
    assert named_skills(["python", "k8s", "big query", "PYTHON"]) == (
        "Python", "Kubernetes", "BigQuery",
    )  # fmt: skip
    assert is_skill("scikit learn")
    assert not is_skill("Pyhton")


def test_an_unknown_skill_is_told_its_like() -> None:
    with pytest.raises(UsageError, match='no skill called "Pyhton": did you mean "Python"'):
        named_skills(["SQL", "Pyhton"])
    with pytest.raises(UsageError, match="leave it out"):
        named_skills(["zzqqxx"])
    with pytest.raises(UsageError, match="names no skill"):
        named_skills([" ", ""])


def test_a_skill_goes_before_a_file_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Rust").write_text(TEXT)
    assert skills_had("Rust") == ("Rust",)
    assert skills_had("./Rust") == SKILLS


def test_bad_input_is_one_line_and_a_code(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cv = tmp_path / "cv.txt"
    cv.write_text("Gardening and cooking at Hidden Lane")
    for have, code in ((cv, 3), (tmp_path / "none.pdf", 3), ("Pyhton", 2), (",", 2), ("\0", 2)):
        said = ask(capsys, "path", "--to", "AI Engineer", "--have", have)
        assert said.code == code, said.err
        assert said.out == ""
        assert said.err.count("rolediff:") == 1
        assert "Hidden Lane" not in said.err


@pytest.mark.parametrize("how", [[], ["--json"], ["--markdown"], ["--debug"]])
def test_nothing_of_a_resume_is_told_but_skills(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, how: list[str]
) -> None:
    before = sorted(p.name for p in tmp_path.iterdir())
    cv = pdf(tmp_path / "secret-name.pdf")
    said = ask(capsys, "path", "--to", "AI Engineer", "--have", cv, *how)
    assert said.code == 0, said.err
    for word in ("Jo Example", "Hidden", "Lane", "secret-name"):
        assert word not in said.out + said.err
    assert "PyTorch" in said.out
    assert sorted(p.name for p in tmp_path.iterdir()) == [*before, cv.name]


def test_the_library_takes_a_file_or_names(tmp_path: Path) -> None:
    by_file = path("AI Engineer", have=pdf(tmp_path / "cv.pdf"))
    assert by_file.have == SKILLS
    assert path("AI Engineer", have=["pytorch", "python", "sql"]).to_dict() == by_file.to_dict()
