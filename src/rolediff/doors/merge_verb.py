"""What `rolediff merge` does from its arguments to its last line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rolediff.doors.compress_verb import told
from rolediff.doors.options import Output
from rolediff.doors.screen import working
from rolediff.flow.kept import Kept
from rolediff.market import save
from rolediff.market.merging import merge_folders
from rolediff.market.store import may_save


def merged(folders: Sequence[Path], out: Path, pool: bool, output: Output) -> None:
    """Merge market folders into one; print what came of it."""
    may_save(out)
    kept = Kept(out.parent / f".{out.name}.merge")
    kept.begin()
    try:
        with working(f"merging {len(folders)} markets"):
            market = merge_folders(folders, kept.folder, pool=pool)
            save(market, out)
        told("merge", market, out, output)
    finally:
        kept.remove()
