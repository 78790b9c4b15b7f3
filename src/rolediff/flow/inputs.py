"""Inputs cut into blocks and gathered into units of work; what is done is not done again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rolediff.flow.kept import Done, Kept
from rolediff.read.blocks import Block, Cut, blocks
from rolediff.read.stream import Entry


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read; `key` names its results, `sha256` is of its bytes."""

    entry: Entry
    key: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of an input, with what an earlier run made of it: None while it is to be done."""

    input: Input
    block: Block
    done: Done | None = None


def pieces(
    inputs: Iterable[Input], format: str | None, cut: Cut, kept: Kept, refused: set[str]
) -> Iterator[Piece]:
    """The blocks of all inputs, in order; those of an input whose key is `refused` end early."""
    for one in inputs:
        for block in blocks(one.entry, format, cut):
            if one.key in refused:
                break
            yield Piece(one, block, kept.found(one.key, block.number))


def units(found: Iterable[Piece], cut: Cut) -> Iterator[list[Piece]]:
    """Pieces put together until there is enough to do for one call; those done cost nothing."""
    unit: list[Piece] = []
    rows = size = 0
    for piece in found:
        unit.append(piece)
        if piece.done is None:
            rows += piece.block.rows
            size += piece.block.bytes
        if rows >= cut.rows or size >= cut.bytes or piece.block.kind == "file" or len(unit) >= 1000:
            yield unit
            unit, rows, size = [], 0, 0
    if unit:
        yield unit
