"""An article of any usual form, read to plain text and blocks: bounded, and nothing is fetched.

Markdown, HTML, plain text or PDF, from a file, a stream (standard input) or memory. What an article
holds is never run, and no address in it is ever followed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Any, Literal

from rolediff.errors import UnreadableError, UsageError
from rolediff.read.article_build import MOST_CHARACTERS, Builder
from rolediff.read.article_html import read_html
from rolediff.read.article_lines import read_lines
from rolediff.read.article_text import decoded
from rolediff.read.pdf import ReadPdf, is_pdf, read_pdf
from rolediff.read.plain_file import open_plain
from rolediff.results.claims import Article

ArticleFormat = Literal["markdown", "html", "text", "pdf"]
"""How an article is written; Markdown and plain text are read alike."""

MOST_BYTES = 2_000_000
"""Bytes of Markdown, HTML or text that are read; what follows is not."""
MOST_PDF_BYTES = 20_000_000
MOST_PAGES = 100

_SUFFIXES: dict[str, ArticleFormat] = {
    ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".txt": "text", ".text": "text", ".pdf": "pdf",
}  # fmt: skip
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|main|article|section|div|h[1-6]|p|ul|ol|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_ADVICE = "save it as Markdown, HTML or text and name that"
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
_HYPHENS = re.compile(r"(?<=[a-z])-\n(?=[a-z])")


def read_article(
    source: str | Path | bytes | IO[Any],
    name: str | None = None,
    format: ArticleFormat | None = None,
    *,
    pdf: ReadPdf = read_pdf,
) -> Article:
    """The article in `source`, with at most `MOST_BYTES` of it read (of a PDF `MOST_PAGES`).

    `source` = the path of a file (`Path`), the content itself (`str` or `bytes`), or an open
    stream, of bytes or characters. `name` is what the article is called (a file's own name if
    none is given); `format` is told by the file's ending or by the content if it is not given;
    `pdf` reads it where it is a PDF.

    Raises:
        UnreadableError: no file, empty, no text, a PDF damaged, locked or made of images.
        MissingExtraError: a PDF, and the extra `pdf` is not installed.
        UsageError: `format` is none.
    """
    if format is not None and format not in _SUFFIXES.values():
        raise UsageError(f'no format "{format}": use markdown, html, text or pdf')
    called = name or (str(source) if isinstance(source, Path) else "article")
    if format is None and isinstance(source, Path):
        format = _SUFFIXES.get(source.suffix.casefold())
    content = _content(source)
    builder = Builder()
    if isinstance(content, bytes) and is_pdf(content):
        _read_pdf(content, called, builder, pdf)
    else:
        _read_text(_text(content, called, builder), format, called, builder)
    article = builder.article(called)
    if not any(character.isalnum() for character in article.text):
        raise UnreadableError(f"{called} holds no text to read: name an article")
    return article


def _content(source: str | Path | bytes | IO[Any]) -> str | bytes:
    """What is there to read, and a little more than is read of it, to know that it goes on."""
    if isinstance(source, str | bytes):
        return source[: MOST_PDF_BYTES + 1]
    if isinstance(source, Path):
        with open_plain(source, "name an article, or - for standard input") as file:
            return _read_from(file)
    return _read_from(source)


def _read_from(stream: IO[Any]) -> str | bytes:
    """`MOST_BYTES` and one, or of a PDF all of it up to `MOST_PDF_BYTES` and one."""
    try:
        head: str | bytes = _filled(stream, MOST_BYTES + 1)
        if isinstance(head, str) or not is_pdf(head):
            return head
        rest = _filled(stream, MOST_PDF_BYTES - MOST_BYTES)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableError(f"the article cannot be read ({error}): check where it is") from None
    return head + rest if isinstance(rest, bytes) else head


def _filled(stream: IO[Any], size: int) -> Any:
    """`size` bytes or characters, fewer only at the end; a pipe gives them in parts."""
    parts = [stream.read(size)]
    have = len(parts[0])
    while parts[-1] and have < size:
        parts.append(stream.read(size - have))
        have += len(parts[-1])
    return parts[0][:0].join(parts)


def _text(content: str | bytes, name: str, builder: Builder) -> str:
    cut = len(content) > MOST_BYTES
    if cut:
        builder.notes.append(f"only the first {MOST_BYTES:,} bytes were read")
    content = content[:MOST_BYTES]
    if isinstance(content, bytes):
        return decoded(content, name, cut=cut)
    return content.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _read_text(text: str, format: ArticleFormat | None, name: str, builder: Builder) -> None:
    if format == "pdf":
        raise UnreadableError(f"{name} is no PDF: give its format, or leave it to be told")
    if not text.strip():
        raise UnreadableError(f"{name} is empty: name an article")
    if format == "html" or (format is None and _PAGE.match(text)):
        read_html(text, builder)
    else:
        read_lines(text, builder)


def _read_pdf(data: bytes, name: str, builder: Builder, pdf: ReadPdf) -> None:
    if len(data) > MOST_PDF_BYTES:
        size = MOST_PDF_BYTES // 1_000_000
        raise UnreadableError(f"{name} is larger than {size} MB as PDF: {_ADVICE}")
    read = pdf(data, name, _ADVICE, MOST_PAGES, MOST_CHARACTERS)
    if not any(character.isalnum() for character in read.text):
        raise UnreadableError(f"{name} holds no text, only images: {_ADVICE}")
    if read.read < read.pages:
        builder.notes.append(f"only the first {read.read} of {read.pages} pages were read")
    read_lines(_HYPHENS.sub("", read.text.translate(_LIGATURES)), builder)
