"""How far a reading of files has come: a bar on stderr, if that is a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rolediff.doors.screen import err
from rolediff.read.stream import Entry
from rolediff.report.printable import printable


class Course:
    """The bytes of the files of one run that have been read, and the postings told of."""

    def __init__(self, files: Sequence[Entry]) -> None:
        self.bytes = sum(entry.path.stat().st_size for entry in files)
        self.done = self.here = self.postings = 0

    def read(self, here: int) -> None:
        """Of the file under way `here` bytes have been read; a smaller number is a new file."""
        if here < self.here:
            self.done += self.here
        self.here = here

    def told(self, postings: int) -> None:
        """So many postings more are annotated."""
        self.postings += postings

    def passed(self, size: int) -> None:
        """A file of `size` bytes is done with."""
        self.done, self.here = self.done + size, 0


@contextmanager
def shown(course: Course, text: str) -> Iterator[None]:
    """A bar for `course`, with postings a second and the time left; nothing in a pipe."""
    console = err()
    if not console.is_terminal:
        yield
        return
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            seconds = task.elapsed or 0
            task.completed = course.done + course.here
            speed = f", {course.postings / seconds:,.0f}/s" if seconds > 1 else ""
            return Text(f"{course.postings:,} postings{speed}")

    columns = ("{task.description}", BarColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        bar.add_task(printable(text), total=course.bytes)
        yield
