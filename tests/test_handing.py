"""Blocks of postings on their way from one process to another."""

from __future__ import annotations

import pickle
from pathlib import Path

import polars as pl
import pytest

from rolediff.errors import DataError
from rolediff.flow.handing import laid_down, taken_up
from rolediff.flow.kept import Kept
from rolediff.read.blocks import Block
from rolediff.read.stream import Entry

TABLE = pl.DataFrame({"title": ["a", None, "ç"], "tags": [["x"], [], None], "n": [1, 2, 3]})


def block(path: Path) -> Block:
    return Block(Entry(path, path.name), 3, 100, "table", (TABLE, [1, 2, 4], [(3, "bad", None)]))


def test_what_is_taken_up_is_what_was_laid_down(tmp_path: Path) -> None:
    one, file = block(tmp_path / "postings.parquet"), tmp_path / "handed"
    sent = pickle.loads(pickle.dumps(laid_down(one, file)))
    assert file.is_file()
    taken = taken_up(sent)
    assert taken.table is not None
    assert taken.table[0].equals(TABLE)
    assert taken.table[1:] == ([1, 2, 4], [(3, "bad", None)])
    assert (taken.number, taken.read, taken.kind) == (3, 100, "table")
    assert not file.exists()


def test_a_block_without_a_table_is_sent_as_it_is(tmp_path: Path) -> None:
    one = Block(Entry(tmp_path, "postings.csv"), 0, 10, "csv", header=b"title")
    sent = laid_down(one, tmp_path / "handed")
    assert not (tmp_path / "handed").exists()
    assert taken_up(sent) is one


def test_what_was_on_its_way_when_a_run_was_killed_is_removed(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "work")
    kept.begin()
    laid_down(block(tmp_path / "postings.parquet"), kept.handed("key", 3))
    assert len([*kept.folder.iterdir()]) == 1
    kept.begin()
    assert not [*kept.folder.iterdir()]


def test_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot write"):
        laid_down(block(tmp_path / "postings.parquet"), tmp_path / "absent" / "handed")
