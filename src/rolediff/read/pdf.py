"""The text of a PDF, page by page, read in memory and bounded."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rolediff.errors import DataError, MissingExtraError, UnreadableError
from rolediff.read.extras import library

START = b"%PDF-"


@dataclass(frozen=True, slots=True)
class PdfText:
    """`text` of the first `read` of `pages` pages, a line break between two."""

    text: str
    pages: int
    read: int


class ReadPdf(Protocol):
    """`read_pdf`, or what reads as it does within bounds of its own."""

    def __call__(
        self, data: bytes, name: str | Path, advice: str, pages: int, characters: int, /
    ) -> PdfText:
        """See `read_pdf`."""
        ...


def is_pdf(data: bytes) -> bool:
    """Whether `data` begins as a PDF does."""
    return data[:64].lstrip().startswith(START)


def read_pdf(data: bytes, name: str | Path, advice: str, pages: int, characters: int) -> PdfText:
    """The text of at most `pages` pages and about `characters` characters.

    `name` and `advice` are for messages, which never quote the content.

    Raises:
        UnreadableError: damaged, or locked with a password.
        MissingExtraError: the extra `pdf` is not installed.
    """
    pypdf = library("pypdf", "reading a PDF", "pdf")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it quotes what it stumbles over
    try:
        return _read(pypdf, data, name, pages, characters)
    except (DataError, MissingExtraError, MemoryError):
        raise
    except Exception:  # any malformed file, in many ways; its messages may quote the content
        raise UnreadableError(f"{name} cannot be read as PDF: {advice}") from None


def _read(pypdf: Any, data: bytes, name: str | Path, pages: int, characters: int) -> PdfText:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError(f"{name} is locked with a password: save it without one")
    parts: list[str] = []
    for number in range(min(pages, len(reader.pages))):
        parts.append(reader.pages[number].extract_text() or "")
        if sum(map(len, parts)) > characters:
            break
    return PdfText("\n".join(parts), len(reader.pages), len(parts))
