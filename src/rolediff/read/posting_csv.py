"""The records of a CSV of postings to tables, those that are no CSV set aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BufferedIOBase, BytesIO
from itertools import islice

import polars as pl

from rolediff.errors import UnreadableError
from rolediff.read.posting_files import Bad, Table, shown
from rolediff.read.stream import Record, delimited

_BOM = b"\xef\xbb\xbf"


def csv_tables(
    stream: BufferedIOBase, separator: str | None, batch: int, name: str
) -> Iterator[Table]:
    """The records of a CSV in tables of up to `batch` rows; the separator is told if None."""
    records = delimited(stream)
    first, sign = csv_header(records, separator, name)
    while block := list(islice(records, batch)):
        yield csv_table(first, block, sign)


def csv_header(records: Iterator[Record], separator: str | None, name: str) -> tuple[bytes, str]:
    """The first of the records of a CSV, its header, and the separator: told if None.

    Raises `UnreadableError` where it is no header.
    """
    header = next(records, None)
    if header is None or header.content is None:
        why = header.reason if header else "check how it was exported"
        raise UnreadableError(f"{name} has no header; {why}")
    first = header.content.removeprefix(_BOM)
    sign = separator or max(",;\t", key=lambda mark: first.count(mark.encode()))
    _check_header(first, sign, name)
    return first, sign


def _check_header(header: bytes, separator: str, name: str) -> None:
    try:
        _csv(header, [], separator)
    except UnicodeDecodeError:
        raise UnreadableError(f"{name} has a header that is not UTF-8; save it as UTF-8") from None
    except pl.exceptions.PolarsError:
        raise UnreadableError(
            f"{name} has a header that is no CSV; check how it was exported"
        ) from None


def csv_table(header: bytes, records: Sequence[Record], separator: str) -> Table:
    """Records of a CSV with this header, parsed together; where that fails, by halves until the
    bad ones stand alone."""
    whole = [record for record in records if record.content is not None]
    bad: list[Bad] = [(r.row, r.reason, None) for r in records if r.content is None]
    parts: list[pl.DataFrame] = [_csv(header, [], separator)]
    rows: list[int | None] = []
    for table, found in _halved(header, whole, separator):
        if isinstance(table, str):
            bad.append((found[0].row, table, shown(found[0].content or b"")))
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
