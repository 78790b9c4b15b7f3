"""What `rolediff annotate` does from its arguments to its last line."""

from __future__ import annotations

import json as text_of_json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rolediff import __version__
from rolediff.doors.annotate import (
    Asked,
    Tally,
    is_folder,
    is_parquet,
    stdin_as_file,
    write_file,
)
from rolediff.doors.aside import aside
from rolediff.doors.explain import found, show
from rolediff.doors.parts import write_parts
from rolediff.doors.progress import Course, shown
from rolediff.doors.screen import out as console
from rolediff.errors import UsageError
from rolediff.flow.workers import cores
from rolediff.read.stream import entries
from rolediff.report.json import envelope
from rolediff.report.printable import printable

SCHEMA_VERSION = 1
MOST = 8
"""Reasons for quarantine named on stderr; the file has each row's."""


@dataclass(frozen=True, slots=True)
class How:
    """How files are annotated: what they are, and by how many processes."""

    format: str | None = None
    mapping: Mapping[str, str] | None = None
    workers: int | None = None
    fail_fast: bool = False
    parquet: bool = False


def annotate_files(
    files: Sequence[str], out: str, how: How, quarantine: Path | None, json: bool
) -> None:
    """Annotate `files` into `out`; print what was written, on stderr what was set aside."""
    folder, tally = is_folder(out), Tally()
    parquet = how.parquet if folder else is_parquet(out)
    with stdin_as_file(files) as named:
        workers = processes(how.workers)
        asked = Asked(entries(named), how.format, how.mapping, workers, how.fail_fast, parquet)
        _apart(asked, Path(out))
        course = Course(asked.files)
        counts: dict[str, int] = {}
        with aside(tally, quarantine), shown(course, "annotating"):
            if folder:
                counts = write_parts(asked, Path(out), tally, course)
            else:
                write_file(asked, Path(out), tally, course)
    facts = {"out": out, "files": len(asked.files), "postings": tally.postings, **counts}
    _tell({**facts, "quarantined": tally.quarantined}, json)


def processes(workers: int | None) -> int:
    """So many processes as were asked for, or as there are cores; `UsageError` for none."""
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers are none: say --workers 1 or more")
    return workers or cores()


def explain_posting(
    files: Sequence[str], id_: str, format: str | None, mapping: Mapping[str, str] | None,
    json: bool,
) -> None:  # fmt: skip
    """Print the posting with the id, its facts marked where they stand."""
    with stdin_as_file(files) as named:
        posting = found(Asked(entries(named), format, mapping), id_)
    if json:
        plain = text_of_json.loads(text_of_json.dumps(posting, default=str))
        print(envelope("posting", SCHEMA_VERSION, plain, __version__))
    else:
        show(posting, console())


def _apart(asked: Asked, out: Path) -> None:
    """Raise `UsageError` where what is read would be written over, or parts read as postings."""
    target = out.resolve()
    for entry in asked.files:
        path = entry.path.resolve()
        if target in (path, *path.parents):
            raise UsageError(f"{out} is among what is read: choose another place to write to")


def _tell(facts: dict[str, Any], json: bool) -> None:
    if json:
        print(envelope("annotate", SCHEMA_VERSION, facts, __version__))
        return
    said = f"{facts['postings']:,} postings annotated in {facts['out']}"
    if "parts" in facts:
        said += f": {facts['parts']:,} parts made, {facts['kept']:,} there already"
    console().print(printable(said), soft_wrap=True)
