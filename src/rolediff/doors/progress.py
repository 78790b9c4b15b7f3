"""How far a reading of files has come: a bar on stderr, if that is a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rolediff.doors.screen import err
from rolediff.read.stream import Entry
from rolediff.report.printable import printable


class Course:
    """The bytes of the files of one run that are done with, and the rows told of in this run."""

    def __init__(self, files: Sequence[Entry]) -> None:
        self.bytes = sum(entry.path.stat().st_size for entry in files)
        self.done = self.here = self.postings = 0
        self.under_way: Path | None = None
        self.heard: Callable[[], None] | None = None

    def reached(self, path: Path, here: int) -> None:
        """Of the file `path` all is done up to byte `here`; another file before it is done with."""
        if path != self.under_way:
            self._close()
            self.under_way = path
        self.here = max(here, self.here)
        self._tell()

    def told(self, postings: int) -> None:
        """So many postings more are done."""
        self.postings += postings
        self._tell()

    def passed(self, size: int) -> None:
        """A file of `size` bytes had been done before."""
        self.done += size
        self._tell()

    def _close(self) -> None:
        if self.under_way is not None:
            self.done += self.under_way.stat().st_size
        self.under_way, self.here = None, 0

    def _tell(self) -> None:
        if self.heard is not None:
            self.heard()


@contextmanager
def shown(course: Course, text: str, unit: str = "postings") -> Iterator[None]:
    """A bar for `course`, with rows a second and the time left; nothing in a pipe."""
    console = err()
    if not console.is_terminal:
        yield
        return
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            seconds = task.elapsed or 0
            speed = f", {course.postings / seconds:,.0f}/s" if seconds > 1 else ""
            return Text(f"{course.postings:,} {unit}{speed}, left")

    columns = ("{task.description}", BarColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, speed_estimate_period=120) as bar:
        task = bar.add_task(printable(text), total=course.bytes)
        course.heard = lambda: bar.update(task, completed=course.done + course.here)
        try:
            yield
        finally:
            course.heard = None
