"""What is inside one file of postings: objects of JSON, or tables a batch long.

Nothing is interpreted here but the container; an object that cannot be read comes out as a
`BadPosting` in its place, and a file that cannot be read raises `UnreadableError`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BufferedIOBase, BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.errors import UnreadableError
from rolediff.read.json_array import elements
from rolediff.read.jsonld import LONGEST_PAGE, in_page, is_posting, postings_in
from rolediff.read.posting_shape import BadPosting
from rolediff.read.stream import Entry, Record, lines, rejoined

CONTAINERS: tuple[str, ...] = ("jsonl", "json", "csv", "tsv", "parquet", "html")
LONGEST_DOCUMENT = 256 << 20
"""Bytes of a JSON document that is neither JSON Lines nor an array; a longer one is refused."""
LONG_ARRAY = 16 << 20
"""Bytes of a JSON array from which it is read element by element."""

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
    Lines after all, if its first line is an object of its own. A long list is read in memory for
    one of its elements; where it is malformed, what stands before has been told by then.
    """
    if kind == "jsonl":
        yield from objects_in_lines(lines(stream))
    elif kind == "html":
        yield from enumerate(in_page(_page(stream, name)), start=1)
    else:
        content = stream.read(LONG_ARRAY)
        if len(content) == LONG_ARRAY and content.removeprefix(_BOM).lstrip().startswith(b"["):
            listed = map(_one, elements(rejoined(content, stream), LONGEST_DOCUMENT))
            yield from enumerate(chain.from_iterable(listed), start=1)
            return
        content += stream.read(LONGEST_DOCUMENT + 1 - len(content))
        if is_lines(content):
            yield from objects_in_lines(lines(rejoined(content, stream)))
            return
        yield from enumerate(_listed(_document(content, name)), start=1)


def objects_in_lines(records: Iterable[Record]) -> Iterator[Item]:
    """The objects in lines of JSON; a line may hold the whole answer of a board."""
    return _numbered(map(_parsed, records))


def json_table(records: Sequence[Record]) -> Table:
    """Lines of JSON objects as one table; those that are none are set aside."""
    good: list[Record] = [record for record in records if record.content is not None]
    bad: list[Bad] = [(r.row, r.reason, None) for r in records if r.content is None]
    try:
        table = _ndjson(good)
    except pl.exceptions.PolarsError:
        for record in good:
            _, parsed = _parsed(record)
            if not isinstance(parsed, Mapping):
                why = parsed.reason if isinstance(parsed, BadPosting) else "not a JSON object"
                bad.append((record.row, why, shown(record.content or b"")))
        wrong = {row for row, _, _ in bad}
        good = [record for record in good if record.row not in wrong]
        table = _ndjson(good)
    return table, [record.row for record in good], bad


def _ndjson(records: Sequence[Record]) -> pl.DataFrame:
    content = b"\n".join(record.content or b"" for record in records)
    return pl.read_ndjson(BytesIO(content), infer_schema_length=None) if content else pl.DataFrame()


def parquet_rows(path: Path) -> int:
    """Rows of a Parquet file, by its footer; `UnreadableError` where it is not whole."""
    try:
        scanned = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        return int(scanned.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise not_whole(path, error) from None


def parquet_tables(path: Path, batch: int) -> Iterator[Table]:
    """The rows of a Parquet file in tables of up to `batch` rows."""
    start = 1
    try:
        scanned = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        for table in scanned.collect_batches(chunk_size=batch, maintain_order=True):
            yield table, [*range(start, start + table.height)], []
            start += table.height
    except (pl.exceptions.PolarsError, OSError) as error:
        raise not_whole(path, error) from None


def not_whole(path: Path, error: Exception) -> UnreadableError:
    """What to say of a Parquet file that cannot be read."""
    reason = str(error).strip().split("\n", 1)[0]
    return UnreadableError(f"{path.name} is not whole Parquet ({reason}); copy it again")


def _numbered(parsed: Iterator[tuple[int | None, object]]) -> Iterator[Item]:
    """Objects by line; a line may hold the whole answer of a board, with all its postings."""
    for row, value in parsed:
        for posting in _listed(value):
            yield row, posting


def _listed(value: object) -> list[Mapping[str, Any] | BadPosting]:
    if isinstance(value, list):
        return [found for item in value for found in _one(item)]
    return _one(value)


def _one(value: object) -> list[Mapping[str, Any] | BadPosting]:
    """The postings in one value: itself, those of a graph, or those of the list it carries."""
    if isinstance(value, BadPosting):
        return [value]
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
        return record.row, BadPosting("not UTF-8", shown(record.content))
    except (ValueError, RecursionError) as error:
        return record.row, BadPosting(f"malformed JSON ({_why(error)})", shown(record.content))


def _document(content: bytes, name: str) -> object:
    if len(content) > LONGEST_DOCUMENT:
        raise UnreadableError(
            f"{name} is too long for one JSON object; write an array of postings or JSON Lines"
        )
    try:
        return json.loads(content.removeprefix(_BOM).decode("utf-8"))
    except UnicodeDecodeError:
        raise UnreadableError(f"{name} is not UTF-8 text; save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            f"{name} is malformed JSON ({_why(error)}); export it again"
        ) from None


def is_lines(content: bytes) -> bool:
    """Whether content that starts so has an object for its first line, and another after it."""
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


def _why(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)[:80]


def shown(content: bytes) -> str:
    """The start of content, as it is quoted in a quarantine."""
    return content[:80].decode("utf-8", "replace")
