"""The text of a résumé: text, Markdown or PDF, read where it lies and kept nowhere.

Nothing of the content goes into a message, a log or a file; the text is returned and forgotten.
"""

from __future__ import annotations

import io
import logging
import os
import stat
from pathlib import Path
from typing import Any, BinaryIO

from rolediff.errors import DataError, MissingExtraError, UnreadableError
from rolediff.read.extras import library

SUFFIXES = (".txt", ".text", ".md", ".markdown", ".pdf", ".docx", ".doc", ".odt", ".rtf")
"""Endings of a name that is meant as a file; those after .pdf are refused with advice."""
MOST_BYTES = 5_000_000
MOST_PAGES = 50
MOST_CHARACTERS = 500_000
_AS_TEXT = "save it as text and name that, or list skills: --have Python,SQL"


def read_resume(path: Path) -> str:
    """The text of the file, of one letter or more.

    Raises:
        UnreadableError: no file, not a plain file, more than `MOST_BYTES`, empty, binary, a PDF
            that is damaged, locked or made of images.
        MissingExtraError: a PDF, and the extra `pdf` is not installed.
    """
    data = _bytes(path)
    if not data.strip():
        raise UnreadableError(f"{path} is empty: name a résumé, or list skills: --have Python,SQL")
    is_pdf = data.lstrip()[:5] == b"%PDF-"
    text = _pdf(data, path) if is_pdf else _decoded(data, path)
    if any(c.isalnum() for c in text):
        return text[:MOST_CHARACTERS]
    why = "holds no text, only images" if is_pdf else "holds no word"
    raise UnreadableError(f"{path} {why}: {_AS_TEXT}")


def _bytes(path: Path) -> bytes:
    """All of a plain file; what is opened is what is looked at, and a pipe does not block."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        number = os.open(path, flags)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "no such file").lower()
        raise UnreadableError(f"cannot read {path} ({why}): check the path") from None
    with _plain(number, path) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnreadableError(
            f"{path} is larger than {MOST_BYTES // 1_000_000} MB: a résumé is smaller; {_AS_TEXT}"
        )
    return data


def _plain(number: int, path: Path) -> BinaryIO:
    """The open file, if it is no folder, pipe or device."""
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise UnreadableError(f"{path} is no plain file: name a .txt, .md or .pdf")
    return os.fdopen(number, "rb")


def _decoded(data: bytes, path: Path) -> str:
    """UTF-8 or UTF-16 as their marks say, else Windows-1252; not bytes that are no text."""
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        if b"\0" in data:
            raise UnreadableError(f"{path} is no text: save it as PDF or text and name that")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _pdf(data: bytes, path: Path) -> str:
    pypdf = library("pypdf", "reading a PDF", "pdf")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it quotes what it stumbles over
    try:
        return _pages(pypdf, data, path)
    except (DataError, MissingExtraError, MemoryError):
        raise
    except Exception:  # any malformed file, in many ways; its messages may quote the content
        raise UnreadableError(f"{path} cannot be read as PDF: {_AS_TEXT}") from None


def _pages(pypdf: Any, data: bytes, path: Path) -> str:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError(f"{path} is locked with a password: save it without one")
    if len(reader.pages) > MOST_PAGES:
        raise UnreadableError(
            f"{path} has over {MOST_PAGES} pages: a résumé is shorter; {_AS_TEXT}"
        )
    parts: list[str] = []
    for page in reader.pages:
        parts.append(page.extract_text() or "")
        if sum(map(len, parts)) > MOST_CHARACTERS:
            break
    return "\n".join(parts)
