"""The text of a résumé: text, Markdown or PDF, read where it lies and kept nowhere.

Nothing of the content goes into a message, a log or a file; the text is returned and forgotten.
"""

from __future__ import annotations

from pathlib import Path

from rolediff.errors import UnreadableError
from rolediff.read.pdf import ReadPdf, is_pdf, read_pdf
from rolediff.read.plain_file import open_plain

SUFFIXES = (".txt", ".text", ".md", ".markdown", ".pdf", ".docx", ".doc", ".odt", ".rtf")
"""Endings of a name that is meant as a file; those after .pdf are refused with advice."""
MOST_BYTES = 5_000_000
MOST_PAGES = 50
MOST_CHARACTERS = 500_000
_AS_TEXT = "save it as text and name that, or list skills: --have Python,SQL"


def read_resume(path: Path, pdf: ReadPdf = read_pdf) -> str:
    """The text of the file, of one letter or more; `pdf` reads it where it is a PDF.

    Raises:
        UnreadableError: no file, not a plain file, more than `MOST_BYTES`, empty, binary, a PDF
            that is damaged, locked or made of images.
        MissingExtraError: a PDF, and the extra `pdf` is not installed.
    """
    data = _bytes(path)
    if not data.strip():
        raise UnreadableError(f"{path} is empty: name a résumé, or list skills: --have Python,SQL")
    scanned = is_pdf(data)
    text = _pdf(data, path, pdf) if scanned else _decoded(data, path)
    if any(c.isalnum() for c in text):
        return text[:MOST_CHARACTERS]
    why = "holds no text, only images" if scanned else "holds no word"
    raise UnreadableError(f"{path} {why}: {_AS_TEXT}")


def _bytes(path: Path) -> bytes:
    """All of a plain file."""
    with open_plain(path, "name a .txt, .md or .pdf") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnreadableError(
            f"{path} is larger than {MOST_BYTES // 1_000_000} MB: a résumé is smaller; {_AS_TEXT}"
        )
    return data


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


def _pdf(data: bytes, path: Path, pdf: ReadPdf) -> str:
    read = pdf(data, path, _AS_TEXT, MOST_PAGES, MOST_CHARACTERS)
    if read.pages > MOST_PAGES:
        raise UnreadableError(
            f"{path} has over {MOST_PAGES} pages: a résumé is shorter; {_AS_TEXT}"
        )
    return read.text
