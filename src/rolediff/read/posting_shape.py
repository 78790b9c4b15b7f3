"""One flat row a posting, as adapters make it, to the schema of postings.

An adapter reads the words of one board; what they mean is found here with the same vocabulary as
for tables of pay. A value that cannot be believed is taken out of its posting and remarked on;
a posting without a title or a text is set aside whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from polars.datatypes import DataTypeClass

from rolediff.read import values
from rolediff.read.columns import Fields
from rolediff.read.html import well_formed
from rolediff.read.pay_columns import Defaults
from rolediff.read.quarantine import set_aside
from rolediff.read.shape import shape
from rolediff.records import QUARANTINE

LONGEST_TEXT = 200_000
"""Characters of a posting's text; the rest is cut off, and counted."""
LONGEST_TITLE = 500
"""Characters of a title; a posting with a longer one is set aside."""
LONGEST_CELL = 1_000
"""Characters of any other text; the rest is cut off."""

_COLUMNS: dict[str, pl.DataType | DataTypeClass] = {
    "source": pl.String,  # the file
    "row": pl.Int64,  # line, record or item of the file, from 1
    "id": pl.String,  # as the board gives it, "ashby:..."; else "source:row"
    "title": pl.String,
    "employer": pl.String,
    "country": pl.String,  # as stated; null too where several are
    "level": pl.String,  # this and the next two: coded as in RECORDS, from a field
    "employment_type": pl.String,
    "remote": pl.String,
    "industry": pl.String,
    "education": pl.String,  # as stated in a field
    "experience": pl.Float64,  # years asked for in a field
    "posted": pl.Date,
    "pay_low": pl.Float64,  # pay of the employer's field, as in RECORDS
    "pay_high": pl.Float64,
    "pay_currency": pl.String,
    "pay_interval": pl.String,
    "pay_source": pl.String,
    "pay_basis": pl.String,
    "url": pl.String,
    "text": pl.String,  # plain text, at most LONGEST_TEXT characters
    "location": pl.String,  # as stated
    "also_in": pl.List(pl.String()),  # further locations as stated
    "department": pl.String,
    "first_seen": pl.Date,
    "last_seen": pl.Date,
    "expires": pl.Date,
    "board": pl.String,  # the system it was posted with, "ashby"
}
POSTINGS = pl.Schema(_COLUMNS)
"""Column to type of a table of postings."""

_TEXTS: dict[str, pl.DataType] = {
    name: pl.String()
    for name in (
        *("id", "title", "employer", "country", "level", "employment_type", "remote", "industry"),
        *("education", "experience_years", "posted", "pay", "pay_low", "pay_high", "pay_currency"),
        *("pay_interval", "pay_basis", "url", "text", "location", "department", "first_seen"),
        *("last_seen", "expires", "board"),
    )
}
RAW = pl.Schema(_TEXTS | {"also_in": pl.List(pl.String())})
"""What an adapter gives for each posting, as the board writes it; absent ones are null."""

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]"
_DAYS = ("first_seen", "last_seen", "expires")
_FIELDS = Fields(
    {field: field for field in ("title", "employer", "country", "location", "level", "education")}
    | {field: field for field in ("employment_type", "remote", "industry", "posted")}
    | {field: field for field in ("pay", "pay_low", "pay_high")}
    | {"currency": "pay_currency", "interval": "pay_interval"}
)
_PAY = ("pay_low", "pay_high", "pay_currency", "pay_interval", "pay_source", "pay_basis")


class BadPosting(ValueError):
    """A posting that is set aside whole: why, and the value that was the trouble."""

    def __init__(self, reason: str, value: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.value = reason, value


@dataclass(frozen=True, slots=True)
class PostingBatch:
    """Some postings of one file, in its order.

    `postings` (`POSTINGS`); `quarantine` (`QUARANTINE`) = rows set aside whole, `row` null for
    the file itself; `remarks` (`QUARANTINE`) = values taken out of postings that were kept.
    `counts`: rows = postings + quarantined + unlisted; text_cut = texts that were too long.
    """

    source: str
    postings: pl.DataFrame
    quarantine: pl.DataFrame
    remarks: pl.DataFrame
    counts: dict[str, int]


def raw_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Adapters' rows as a frame of `RAW`; keys that are no column of it are left out."""
    columns = {name: [row.get(name) for row in rows] for name in RAW}
    try:
        return pl.DataFrame(columns, schema=RAW)
    except UnicodeEncodeError:
        clean = {
            name: [_well_formed(value) for value in column] for name, column in columns.items()
        }
        return pl.DataFrame(clean, schema=RAW)


def posting_batch(
    raw: pl.DataFrame,
    rows: Sequence[int | None],
    bad: Sequence[tuple[int | None, str, str | None]],
    source: str,
    retrieved: date,
    unlisted: int = 0,
) -> PostingBatch:
    """A batch of the postings `raw` (`RAW`), which stand at `rows` of the file `source`.

    `bad` = row, reason and value of what the adapter set aside; `retrieved` = the day by which
    dates are judged; `unlisted` = postings that the board itself does not show.
    """
    clean = _clean(raw).with_columns(pl.Series("row", rows, dtype=pl.Int64))
    kept, refused = _set_aside(clean)
    long = kept.filter(pl.col("text").str.len_chars() > LONGEST_TEXT)
    if long.height:
        kept = kept.with_columns(pl.col("text").str.slice(0, LONGEST_TEXT))
    postings, remarks = _shaped(kept, source, retrieved)
    quarantine = _quarantine([*bad, *refused.iter_rows()], source)
    counts = {
        "rows": postings.height + quarantine.height + unlisted,
        "postings": postings.height,
        "quarantined": quarantine.height,
        "unlisted": unlisted,
        "text_cut": long.height,
    }
    return PostingBatch(source, postings, quarantine, remarks, counts)


def _well_formed(value: Any) -> Any:
    if isinstance(value, list):
        return [_well_formed(item) for item in value]
    return well_formed(value) if isinstance(value, str) else value


def _clean(raw: pl.DataFrame) -> pl.DataFrame:
    """Texts without control characters, and of bounded length but for titles and texts."""
    bounded = [name for name in RAW if name not in ("title", "text", "also_in")]
    lists = pl.col("also_in").list.head(50).list.eval(pl.element().str.slice(0, LONGEST_CELL))
    return raw.with_columns(
        pl.col(bounded).str.slice(0, LONGEST_CELL).str.replace_all(_CONTROL, ""),
        pl.col("title")
        .str.replace_all(_CONTROL, "")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars(),
        _legible(raw["text"]),
        lists,
    )


def _legible(text: pl.Series) -> pl.Series:
    """Texts with one sign for a line's end, and without control characters; few need a change."""
    rows = text.str.contains(rf"\r|{_CONTROL}").fill_null(value=False).arg_true()
    own = text.gather(rows).str.replace_all("\r\n?", "\n").str.replace_all(_CONTROL, "")
    return text.scatter(rows, own) if len(rows) else text


def _set_aside(clean: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with a title and a text; of the others `row`, `reason` and `value`."""
    title, text = pl.col("title"), pl.col("text")
    length = title.str.len_chars()
    reason = (
        pl.when(title.is_null() | (length == 0))
        .then(pl.lit("no title"))
        .when(length > LONGEST_TITLE)
        .then(pl.lit(f"a title of more than {LONGEST_TITLE} characters"))
        .when(~text.str.contains(r"\S").fill_null(False))
        .then(pl.lit("no text"))
    )
    judged = clean.with_columns(reason=reason)
    refused = judged.filter(pl.col("reason").is_not_null())
    kept = judged.filter(pl.col("reason").is_null()).drop("reason")
    return kept, refused.select("row", "reason", value=title.str.slice(0, 80))


def _shaped(kept: pl.DataFrame, source: str, retrieved: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    shaped = shape(kept.drop("row"), _FIELDS, Defaults(), source).with_columns(kept["row"])
    coded, remarks = _without_doubts(shaped, retrieved)
    own = kept.select(
        pl.coalesce("id", pl.format("{}:{}", pl.lit(source), "row")).alias("id"),
        *("url", "text", "location", "also_in", "department", "board"),
        pl.col("experience_years").cast(pl.Float64, strict=False).alias("experience"),
        *(_day(kept, name) for name in _DAYS),
        basis="pay_basis",
    )
    both = pl.concat([coded, own], how="horizontal").with_columns(
        pay_basis=pl.when(pl.col("pay_low").is_not_null()).then(pl.coalesce("basis", "pay_basis"))
    )
    return both.select(pl.col(name).cast(kind) for name, kind in POSTINGS.items()), remarks


def _day(kept: pl.DataFrame, name: str) -> pl.Series:
    return values.dates(kept[name])["posted"].alias(name)


def _without_doubts(shaped: pl.DataFrame, retrieved: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`shaped` without the values that a rule of the quarantine speaks against, and remarks."""
    remarks = pl.DataFrame(schema=QUARANTINE)
    for _ in range(3):  # a date, then the pay: each row states at most so many doubtful things
        _, doubts = set_aside(shaped, retrieved)
        if doubts.is_empty():
            break
        remarks = pl.concat([remarks, doubts.with_columns(pl.col("value").str.slice(0, 80))])
        shaped = _cleared(shaped, doubts)
    return shaped, remarks.sort("row", maintain_order=True)


def _cleared(shaped: pl.DataFrame, doubts: pl.DataFrame) -> pl.DataFrame:
    is_date = pl.col("reason") == "impossible date"
    dates = pl.col("row").is_in(doubts.filter(is_date)["row"].implode())
    pay = pl.col("row").is_in(doubts.filter(~is_date)["row"].implode())
    return shaped.with_columns(
        *(pl.when(~dates).then(name).alias(name) for name in ("posted", "year")),
        *(pl.when(~dates).then(name).alias(name) for name in ("date_bad", "year_bad")),
        *(pl.when(~pay).then(name).alias(name) for name in _PAY),
        *(
            pl.when(~pay).then(name).alias(name)
            for name in ("pay_bad", "currency_bad", "interval_bad")
        ),
    )


def _quarantine(bad: Sequence[tuple[int | None, str, str | None]], source: str) -> pl.DataFrame:
    cut = [
        (source, row, reason, well_formed(value)[:80] if value else None)
        for row, reason, value in bad
    ]
    return pl.DataFrame(cut, schema=QUARANTINE, orient="row").sort("row", maintain_order=True)
