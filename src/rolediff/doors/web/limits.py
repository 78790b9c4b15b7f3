"""What a request may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of an upload by kind, characters of a query, seconds that an answer may take.

    `rows` and `unpacked` = rows and bytes of a Parquet table once it is unpacked, `memory` = bytes
    that unpacking may take; `pdf_memory` and `pdf_seconds` = what reading a PDF may take.

    `header` = bytes of the head of a request, `header_seconds` = until it is whole, `connections`
    = held at once.

    `sessions` = own files that are held at once, `session_seconds` = how long after their last
    use; `answers` = answers kept so that they are computed once.
    """

    article: int = 2_000_000
    resume: int = 5_000_000
    table: int = 50_000_000
    rows: int = 2_000_000
    unpacked: int = 500_000_000
    memory: int = 2_000_000_000
    pdf_memory: int = 500_000_000
    pdf_seconds: float = 15.0
    query: int = 2_000
    header: int = 16_384
    header_seconds: float = 10.0
    connections: int = 500
    seconds: float = 30.0
    sessions: int = 8
    session_seconds: float = 3_600.0
    answers: int = 512
