"""The verb `annotate`: files of postings to a file of annotated ones.

Blocks are annotated one after another, by several processes, into a hidden folder beside the
file; the file appears under its name when it is whole. An interrupted run leaves nothing half
done, and the next one goes on from the blocks that are there.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from rolediff import __version__
from rolediff.annotate.annotated import ANNOTATED
from rolediff.doors.progress import Course
from rolediff.errors import UnreadableError, UsageError
from rolediff.flow.annotating import Told, Way, annotated_blocks
from rolediff.flow.inputs import Input
from rolediff.flow.kept import Kept, key_of, sha256, whole
from rolediff.read.postings import check_format
from rolediff.read.stream import Entry

_ENDINGS = (".jsonl", ".ndjson", ".parquet")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read and how, by so many processes; `parquet`: into Parquet."""

    files: Sequence[Entry]
    format: str | None = None
    mapping: Mapping[str, str] | None = None
    workers: int = 1
    fail_fast: bool = False
    parquet: bool = False

    @property
    def how(self) -> dict[str, object]:
        """What a result depends on besides the bytes of its input."""
        mapping = dict(self.mapping) if self.mapping else None
        said = {"rolediff": __version__, "format": self.format, "mapping": mapping}
        return said | {"parquet": self.parquet}

    @property
    def suffix(self) -> str:
        """That of parts."""
        return ".parquet" if self.parquet else ".jsonl"

    def way(self, kept: Kept) -> Way:
        """How postings are read and kept; `UsageError` for a format that is none."""
        check_format(self.format)
        judged = kept.judged()
        return Way(judged, self.format, self.mapping, self.suffix, self.workers, self.fail_fast)

    def input(self, entry: Entry) -> Input:
        """A file, with what names its results."""
        content = sha256(entry.path)
        return Input(entry, key_of(entry.name, content, self.how), content)


@dataclass(slots=True)
class Tally:
    """What became of the rows: postings written, rows set aside by reason, and those rows."""

    postings: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    aside: Callable[[pl.DataFrame], None] | None = None
    failure: str = ""

    def took(self, quarantine: pl.DataFrame) -> None:
        """Count the rows that are set aside, and keep them where that was asked for."""
        self.reasons.update(quarantine["reason"].to_list())
        if self.aside is not None and quarantine.height:
            self.aside(quarantine)

    def heard(self, told: Told, course: Course) -> None:
        """Count a block that is done."""
        self.took(told.done.quarantine)
        self.postings += told.done.rows
        self.failure = self.failure or told.done.refused or ""
        course.told(told.done.rows if told.made else 0)
        course.reached(told.input.entry.path, told.block.read)

    @property
    def quarantined(self) -> int:
        """Rows set aside."""
        return self.reasons.total()

    def nothing(self, files: int) -> UnreadableError:
        """What to say where no posting could be read."""
        alone = self.failure if files == 1 else ""
        return UnreadableError(alone or "no posting could be read; --quarantine FILE says why")


def is_folder(out: str) -> bool:
    """Whether `out` names a folder of parts; `UsageError` where it is a file of another kind."""
    path = Path(out)
    if path.is_dir() or out.endswith(("/", "\\")) or not path.suffix:
        return True
    if path.suffix.lower() not in _ENDINGS:
        raise UsageError(f"cannot write {path.name}: name a .jsonl or .parquet file, or a folder")
    return False


@contextmanager
def stdin_as_file(files: Sequence[str]) -> Iterator[list[str]]:
    """`files`, with standard input in the place of "-", copied to disk while it is needed."""
    if "-" not in files:
        yield list(files)
        return
    with tempfile.TemporaryDirectory(prefix="rolediff-") as folder:
        copy = Path(folder, "stdin")
        with copy.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield [str(copy) if name == "-" else name for name in files]


def is_parquet(out: str) -> bool:
    """Whether the name is one of a Parquet file."""
    return out.lower().endswith(".parquet")


def write_file(asked: Asked, out: Path, tally: Tally, course: Course) -> None:
    """Annotate every file into one, in their order.

    Raises `UnreadableError` where no posting can be read, `DataError` where it cannot be written.
    """
    kept = Kept(out.with_name(f".{out.name}.work"))
    kept.begin()
    way = asked.way(kept)
    parts: list[Path] = []
    for told in annotated_blocks(map(asked.input, asked.files), kept, way):
        tally.heard(told, course)
        if told.done.rows:
            parts.append(kept.path(told.input.key, told.block.number, way.suffix))
    if not tally.postings:
        kept.remove()
        raise tally.nothing(len(asked.files))
    if asked.parquet:
        write(map(pl.read_parquet, parts), out)
    else:
        _join_lines(parts, out)
    kept.remove()


def write(frames: Iterator[pl.DataFrame], path: Path) -> None:
    """Write annotated postings to `path`, JSON Lines or Parquet by its suffix, whole or not at all.

    Raises `DataError` if it cannot be written; what `frames` raises leaves no file.
    """
    with whole(path) as partial:
        if path.suffix.lower() == ".parquet":
            _write_parquet(frames, partial)
        else:
            with partial.open("wb") as file:
                for frame in frames:
                    frame.write_ndjson(file)


def _join_lines(parts: Sequence[Path], path: Path) -> None:
    with whole(path) as partial, partial.open("wb") as file:
        for part in parts:
            with part.open("rb") as lines:
                shutil.copyfileobj(lines, file)


def _write_parquet(frames: Iterator[pl.DataFrame], path: Path) -> None:
    def source(*_: object) -> Iterator[pl.DataFrame]:
        return frames

    register_io_source(source, schema=ANNOTATED).sink_parquet(path, compression="zstd")
