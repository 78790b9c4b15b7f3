"""What is inside one file of postings: objects of JSON, or tables a batch long.

Nothing is interpreted here but the container; an object that cannot be read comes out as a
`BadPosting` in its place, and a file that cannot be read raises `UnreadableError`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedIOBase, BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.errors import UnreadableError
from rolediff.read.jsonld import LONGEST_PAGE, in_page, is_posting, postings_in
from rolediff.read.posting_shape import BadPosting
from rolediff.read.stream import Entry, Record, delimited, lines

CONTAINERS: tuple[str, ...] = ("jsonl", "json", "csv", "tsv", "parquet", "html")
LONGEST_DOCUMENT = 256 << 20
"""Bytes of a JSON document that is not JSON Lines; a longer one is refused."""

Item = tuple[int | None, Mapping[str, Any] | BadPosting]
"""Number of a posting in its file (None: all the rest), and its object or why there is none."""
Bad = tuple[int | None, str, str | None]
"""Row, reason and value of what could not be read."""
Table = tuple[pl.DataFrame, list[int | None], list[Bad]]
"""A table, the row numbers, and the records that could not be read."""

_LISTS = ("jobs", "postings", "results", "data", "items")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,20})", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"


def container(entry: Entry, head: bytes) -> str:
    """One of `CONTAINERS` for a file whose decompressed content starts with `head`."""
    start = head.removeprefix(_BOM).lstrip()
    if entry.suffix in ("jsonl", "ndjson"):
        return "jsonl"
    if start.startswith((b"{", b"[")):
        return "json"
    if start.startswith(b"<"):
        return "html"
    return "tsv" if entry.suffix in ("tsv", "tab") else "csv"


def objects(stream: BufferedIOBase, kind: str, name: str) -> Iterator[Item]:
    """The objects in a file of `kind` jsonl, json or html; `name` is for messages.

    A JSON document may be one object, a list, or an object with such a list; it may also be JSON
    Lines after all, if its first line is an object of its own.
    """
    if kind == "jsonl":
        yield from _numbered(map(_parsed, lines(stream)))
    elif kind == "html":
        yield from enumerate(in_page(_page(stream, name)), start=1)
    else:
        content = stream.read(LONGEST_DOCUMENT + 1)
        if _is_lines(content):
            rest = lines(BytesIO(content))
            yield from _numbered(map(_parsed, rest))
            return
        yield from enumerate(_listed(_document(content, name)), start=1)


def csv_tables(
    stream: BufferedIOBase, separator: str | None, batch: int, name: str
) -> Iterator[Table]:
    """The records of a CSV in tables of up to `batch` rows; the separator is told if None."""
    records = delimited(stream)
    header = next(records, None)
    if header is None or header.content is None:
        why = header.reason if header else "check how it was exported"
        raise UnreadableError(f"{name} has no header; {why}")
    first = header.content.removeprefix(_BOM)
    sign = separator or max(",;\t", key=lambda mark: first.count(mark.encode()))
    _check_header(first, sign, name)
    while block := list(islice(records, batch)):
        yield _table(first, block, sign)


def _check_header(header: bytes, separator: str, name: str) -> None:
    try:
        _csv(header, [], separator)
    except UnicodeDecodeError:
        raise UnreadableError(f"{name} has a header that is not UTF-8; save it as UTF-8") from None
    except pl.exceptions.PolarsError:
        raise UnreadableError(
            f"{name} has a header that is no CSV; check how it was exported"
        ) from None


def parquet_tables(path: Path, batch: int) -> Iterator[Table]:
    """The rows of a Parquet file in tables of up to `batch` rows."""
    start = 1
    try:
        scanned = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        for table in scanned.collect_batches(chunk_size=batch, maintain_order=True):
            yield table, [*range(start, start + table.height)], []
            start += table.height
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).strip().split("\n", 1)[0]
        raise UnreadableError(
            f"{path.name} is not whole Parquet ({reason}); copy it again"
        ) from None


def _numbered(parsed: Iterator[tuple[int | None, object]]) -> Iterator[Item]:
    """Objects by line; a line may hold the whole answer of a board, with all its postings."""
    for row, value in parsed:
        for posting in _listed(value):
            yield row, posting


def _listed(value: object) -> list[Mapping[str, Any] | BadPosting]:
    if isinstance(value, BadPosting):
        return [value]
    if isinstance(value, list):
        return [found for item in value for found in _one(item)]
    return _one(value)


def _one(value: object) -> list[Mapping[str, Any] | BadPosting]:
    """The postings in one value: itself, those of a graph, or those of the list it carries."""
    if not isinstance(value, Mapping):
        return [BadPosting("not a JSON object", str(value)[:80])]
    if is_posting(value) or "@graph" in value or "@context" in value:
        return list(postings_in(value)) or [BadPosting("no JobPosting in this JSON-LD")]
    carried = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
    if carried is None or "title" in value:
        return [value]
    wrong = BadPosting("not a JSON object")
    return [item if isinstance(item, Mapping) else wrong for item in carried]


def _parsed(record: Record) -> tuple[int | None, object]:
    if record.content is None:
        return record.row, BadPosting(record.reason)
    try:
        return record.row, json.loads(record.content.removeprefix(_BOM).decode("utf-8"))
    except UnicodeDecodeError:
        return record.row, BadPosting("not UTF-8", _shown(record.content))
    except (ValueError, RecursionError) as error:
        return record.row, BadPosting(f"malformed JSON ({_why(error)})", _shown(record.content))


def _document(content: bytes, name: str) -> object:
    if len(content) > LONGEST_DOCUMENT:
        raise UnreadableError(f"{name} is too long for one JSON document; write JSON Lines")
    try:
        return json.loads(content.removeprefix(_BOM).decode("utf-8"))
    except UnicodeDecodeError:
        raise UnreadableError(f"{name} is not UTF-8 text; save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            f"{name} is malformed JSON ({_why(error)}); export it again"
        ) from None


def _is_lines(content: bytes) -> bool:
    """Whether the first line is an object of its own, with another after it."""
    first, _, rest = content.removeprefix(_BOM).lstrip().partition(b"\n")
    if not rest.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _page(stream: BufferedIOBase, name: str) -> str:
    content = stream.read(LONGEST_PAGE + 1)
    if len(content) > LONGEST_PAGE:
        raise UnreadableError(f"{name} is a page of more than {LONGEST_PAGE:,} bytes; split it")
    stated = _CHARSET.search(content[:4096])
    for encoding in ("utf-8", stated[1].decode("ascii") if stated else "utf-8"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise UnreadableError(f"{name} is not UTF-8 text and does not say what it is; save it as UTF-8")


def _table(header: bytes, records: Sequence[Record], separator: str) -> Table:
    """Records parsed together; where that fails, by halves until the bad ones stand alone."""
    whole = [record for record in records if record.content is not None]
    bad: list[Bad] = [(r.row, r.reason, None) for r in records if r.content is None]
    parts: list[pl.DataFrame] = [_csv(header, [], separator)]
    rows: list[int | None] = []
    for table, found in _halved(header, whole, separator):
        if isinstance(table, str):
            bad.append((found[0].row, table, _shown(found[0].content or b"")))
        else:
            parts.append(table)
            rows += [record.row for record in found]
    return pl.concat(parts), rows, bad


def _halved(
    header: bytes, records: Sequence[Record], separator: str
) -> Iterator[tuple[pl.DataFrame | str, Sequence[Record]]]:
    if not records:
        return
    reason = "not as many rows as records: a quote stands wrong"
    try:
        table = _csv(header, records, separator)
        if table.height == len(records):
            yield table, records
            return
    except UnicodeDecodeError:
        reason = "not UTF-8"
    except pl.exceptions.PolarsError as error:
        more = "more fields" in str(error)
        reason = "more fields than the header has" if more else "a record that is no CSV"
    if len(records) == 1:
        yield reason, records
        return
    middle = len(records) // 2
    yield from _halved(header, records[:middle], separator)
    yield from _halved(header, records[middle:], separator)


def _csv(header: bytes, records: Sequence[Record], separator: str) -> pl.DataFrame:
    content = b"\n".join([header, *(record.content or b"" for record in records)])
    content.decode("utf-8")
    return pl.read_csv(BytesIO(content), separator=separator, infer_schema=False)


def _why(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)[:80]


def _shown(content: bytes) -> str:
    return content[:80].decode("utf-8", "replace")
