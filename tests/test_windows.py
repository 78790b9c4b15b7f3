"""The log of postings in view: laws of joining, what a source says of itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_dataset import parquet, posting, slice_of

from rolediff.collect import noting
from rolediff.collect.noting import Moved, brought_up
from rolediff.collect.windows import LOG, in_view, read_log, together, write_log
from rolediff.errors import DataError
from rolediff.read.postings import postings_in_frame

DAY = date(2026, 10, 5)


def read(rows) -> pl.DataFrame:
    return postings_in_frame(slice_of(rows)).postings


def test_a_source_is_believed_up_to_the_day() -> None:
    never = {"first_seen_at": None, "last_seen_at": None, "posted_at": "2027-01-01T00:00:00Z"}
    rows = [posting(1), posting(2, last_seen_at="2027-01-01T00:00:00Z"), posting(3, **never)]
    log = in_view(read(rows), "s", DAY)
    assert log["first_seen"].to_list() == [date(2026, 9, 2), date(2026, 9, 2), DAY]
    assert log["last_seen"].to_list() == [date(2026, 10, 2), DAY, DAY]
    assert log["opened"].to_list() == [date(2026, 9, 1), date(2026, 9, 1), None]
    assert log.schema == LOG


def test_a_posting_seen_twice_is_one_window() -> None:
    first = in_view(read([posting(1), posting(2)]), "s", date(2026, 9, 10))
    later = in_view(read([posting(2, last_seen_at="2026-11-02T00:00:00Z")]), "s", date(2026, 11, 3))
    log = together([first, later])
    assert log.height == 2
    assert log.filter(id="ashby:2")["last_seen"].item() == date(2026, 11, 2)


days = st.integers(0, 60).map(lambda k: DAY + timedelta(days=k))
line = st.tuples(st.sampled_from("abc"), st.sampled_from("st"), days, days)


@given(st.lists(line, max_size=12), st.integers(0, 12))
def test_order_and_parts_change_nothing(drawn, cut) -> None:
    rows = [(i, s, "t", "e", "US", None, min(x, y), max(x, y)) for i, s, x, y in drawn]
    whole = pl.DataFrame(rows, schema=LOG, orient="row")
    parts = together([together([whole[cut:]]), whole[:cut], whole[::-1]])
    assert parts.equals(together([whole]))


@given(st.lists(line, max_size=12), st.lists(line, max_size=12), st.integers(1, 5))
def test_a_log_in_stretches_is_the_log_at_once(before, drawn, stretch) -> None:
    def of(lines) -> pl.DataFrame:
        rows = [(i, s, "t", "e", "US", None, min(x, y), max(x, y)) for i, s, x, y in lines]
        return pl.DataFrame(rows, schema=LOG, orient="row")

    old, now = together([of(before)]), of(drawn)
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(noting, "STRETCH", stretch)
        log = Path(place, "windows.parquet")
        if before:
            write_log(old, log)
        moved = brought_up(log, [now[:3], now[3:]], ["s"], DAY, Path(place))
        assert read_log(log).equals(together([old, now]))
    mine = {row[:2] for row in old.filter(source="s").iter_rows()}
    here = {row[:2] for row in now.iter_rows()}
    seen = {row[:2] for row in old.filter(pl.col("last_seen") > DAY).iter_rows()}
    assert moved == Moved(len(here - mine), len((mine - here) & seen))


def test_kept_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "windows.parquet"
    assert read_log(path).is_empty()
    log = in_view(read([posting(1)]), "s", DAY)
    write_log(log, path)
    assert read_log(path).equals(log)
    path.write_bytes(parquet(log)[:100])
    with pytest.raises(DataError, match="damaged"):
        read_log(path)
