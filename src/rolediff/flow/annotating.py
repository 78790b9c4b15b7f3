"""Postings in files to annotated postings in files: by blocks, in several processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path

import polars as pl

from rolediff.annotate.annotated import ANNOTATED
from rolediff.annotate.batch import BEST_BATCH, annotate
from rolediff.errors import UnreadableError
from rolediff.flow.inputs import Input, Piece, pieces, units
from rolediff.flow.kept import Done, Kept, whole
from rolediff.flow.workers import ordered
from rolediff.read.blocks import Block, Cut
from rolediff.read.posting_batches import Reading
from rolediff.read.postings import POSTINGS, PostingBatch, postings_in_block
from rolediff.read.stream import Entry

MOST_TEXT = 64 << 20
"""Bytes of text from which a batch is annotated, however few its postings."""


@dataclass(frozen=True, slots=True)
class Way:
    """How postings are read and what they become: files with this suffix, .jsonl or .parquet.

    `judged` = the day by which dates are judged; `fail_fast` = stop at a file that cannot be read.
    """

    judged: date
    format: str | None = None
    mapping: Mapping[str, str] | None = None
    suffix: str = ".parquet"
    workers: int = 1
    fail_fast: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a block; `made` is false where an earlier run had done it."""

    input: Input
    block: Block
    done: Done
    made: bool


def annotated_blocks(inputs: Iterable[Input], kept: Kept, way: Way) -> Iterator[Told]:
    """Annotate what is not `kept` yet, block by block; all blocks of the inputs, in order.

    Raises `UnreadableError` at a file that cannot be read if that is to stop the run, `DataError`
    where nothing can be written.
    """
    cut = Cut(BEST_BATCH, MOST_TEXT)
    refused: set[str] = set()
    found = pieces(inputs, way.format, cut, kept, refused)
    work = partial(annotate_unit, kept=kept, way=way)
    for told in ordered(work, units(found, cut), way.workers):
        for one in told:
            if one.done.refused is not None:
                if one.input.key in refused:
                    continue
                refused.add(one.input.key)
                _may_stop(one, way)
            yield one


def annotate_unit(unit: list[Piece], kept: Kept, way: Way) -> list[Told]:
    """Annotate the pieces of a unit together, and keep what comes of each by itself."""
    asked = Reading(way.format, way.mapping, BEST_BATCH, way.judged)
    told: list[Told] = []
    for is_done, run in groupby(unit, key=lambda piece: piece.done is not None):
        todo = list(run)
        if is_done:
            told += [Told(p.input, _light(p.block), p.done, False) for p in todo if p.done]
        else:
            told += _annotated(todo, asked, kept, way)
    return told


def _annotated(todo: list[Piece], asked: Reading, kept: Kept, way: Way) -> list[Told]:
    read = [list(postings_in_block(piece.block, asked)) for piece in todo]
    none = [pl.DataFrame(schema=POSTINGS)]
    together = pl.concat(none + [batch.postings for batches in read for batch in batches])
    parts = [annotate(part) for part in by_text(together)]
    facts = pl.concat([pl.DataFrame(schema=ANNOTATED), *parts])
    told, start = [], 0
    for piece, batches in zip(todo, read, strict=True):
        rows = sum(batch.postings.height for batch in batches)
        done = _kept(piece, facts.slice(start, rows), batches, kept, way.suffix)
        told.append(Told(piece.input, _light(piece.block), done, True))
        start += rows
    return told


def by_text(postings: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Postings in parts of at most `BEST_BATCH`, with about `MOST_TEXT` bytes of text or less."""
    sizes = postings["text"].str.len_bytes().fill_null(0).to_list()
    start = size = 0
    for at, bytes_ in enumerate(sizes):
        size += bytes_
        if size >= MOST_TEXT or at + 1 - start >= BEST_BATCH:
            yield postings[start : at + 1]
            start, size = at + 1, 0
    if start < postings.height:
        yield postings[start:]


def write_part(frame: pl.DataFrame, path: Path) -> int:
    """Write annotated postings, JSON Lines or Parquet by the suffix, whole or not at all; bytes."""
    with whole(path) as partial_:
        if path.suffix == ".parquet":
            frame.write_parquet(partial_, compression="zstd")
        else:
            frame.write_ndjson(partial_)
    return path.stat().st_size


def _kept(
    piece: Piece, facts: pl.DataFrame, batches: list[PostingBatch], kept: Kept, suffix: str
) -> Done:
    place = piece.input.key, piece.block.number
    sizes = {suffix: write_part(facts, kept.path(*place, suffix))} if facts.height else {}
    bad = [row for batch in batches for row in batch.quarantine.iter_rows()]
    done = Done(facts.height, sizes, bad, next((row[2] for row in bad if row[1] is None), None))
    kept.keep(*place, done)
    return done


def _light(block: Block) -> Block:
    """The block without what was in it, which is not sent back."""
    return Block(Entry(block.entry.path, block.entry.name), block.number, block.read, block.kind)


def _may_stop(one: Told, way: Way) -> None:
    if way.fail_fast:
        raise UnreadableError(f"{one.input.entry.path}: {one.done.refused} (--fail-fast)")
