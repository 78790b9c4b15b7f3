"""What `rolediff compress --engine spark` does from its arguments to its last line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rolediff.doors.annotate import Tally
from rolediff.doors.aside import aside
from rolediff.doors.compress_verb import told
from rolediff.doors.options import Output, Run, Tables
from rolediff.errors import UsageError
from rolediff.market import Where, save
from rolediff.market.bound import Bound
from rolediff.market.store import may_save
from rolediff.spark import compress_paths, session


def compressed_on_spark(
    files: Sequence[str], folder: Path, where: str | None, pay_within: float | None,
    master: str | None, tables: Tables, run: Run, output: Output,
) -> None:  # fmt: skip
    """Read and compress on Spark, save here; print what came of it."""
    if run.workers is not None:
        raise UsageError("--workers is for this machine: say --master 'local[2]' for two cores")
    may_save(folder)
    kept, tally = Where.parse(where), Tally()
    bound = None if pay_within is None else Bound(pay_within)
    with (
        session(master) as spark,
        aside(tally, tables.quarantine),
        TemporaryDirectory(prefix="rolediff-", ignore_cleanup_errors=True) as work,
    ):
        market = compress_paths(
            spark, files, Path(work), tables.options(), kept, tally.took, run.fail_fast, bound
        )
        save(market, folder)
        told("compress", market, folder, output)
