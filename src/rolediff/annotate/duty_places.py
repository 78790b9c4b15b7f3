"""Where duties may stand on a sheet, and which of those places say the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.annotate.arrays import Flags, Ints, Keys, between
from rolediff.annotate.pieces import numbered
from rolediff.annotate.sheet import Sheet, those

DUTIES = those("duties")
ALMOST = those("role")
"""Sections in which only what is said to the reader ("you will ...") or in a list is a duty."""

_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)
_HALF = np.uint64(29)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of pieces that have lines in these sections; of those that are alike, one is read.

    Two are alike if they hold the same piece with its lines in the same sections, as no clause
    goes beyond a piece. `place` (n, sorted) = all of them; `like` (n) = the one that is read for
    each; `lines` = the lines in these sections of the places that are read.
    """

    place: Ints
    like: Ints
    lines: Ints

    @classmethod
    def of(cls, sheet: Sheet) -> Places:
        """The places on a sheet."""
        outline = sheet.outline
        lines = sheet.lines_in(DUTIES | ALMOST)
        owner = outline.place.take(lines)
        begins = np.flatnonzero(np.diff(owner, prepend=-1))
        line = lines - outline.shift.take(owner)
        kinds = _mixed(line * 2 + DUTIES[outline.codes.take(lines)])
        read, number = numbered(np.add.reduceat(kinds, begins) if len(begins) else kinds)
        chosen = np.zeros(len(begins), dtype=np.bool_)
        chosen[read] = True
        kept: Flags = np.repeat(chosen, np.diff(begins, append=len(lines)))
        place = owner.take(begins)
        return cls(place, place.take(read.take(number)), lines[kept])

    def everywhere(self, place: Ints) -> tuple[Ints, Ints]:
        """Things at places that were read (`place`, sorted), wherever they stand: index, place."""
        first = np.searchsorted(place, self.like)
        stop = np.searchsorted(place, self.like, side="right")
        return between(first, stop), np.repeat(self.place, stop - first)


def _mixed(lines: Ints) -> Keys:
    """64 bits for each number, whose sums tell sets of numbers apart."""
    keys = (lines + 1).view(np.uint64) * _MIX[0]
    keys ^= keys >> _HALF
    mixed: Keys = keys * _MIX[1]
    return mixed ^ (mixed >> _HALF)
