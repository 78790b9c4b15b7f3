"""The two streams of the command: results on stdout, progress and trouble on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from rolediff.report.glued import GLUE, bound
from rolediff.report.printable import printable

WIDTH = 100


class Screen(Console):
    """A console that takes text as it is, and leaves a reader gone early to the command."""

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(
            stderr=stderr, width=width, soft_wrap=stderr, highlight=False, markup=False, emoji=False
        )

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """As Rich does, but a figure stays on the line of its unit."""
        kept = bound(renderable) if isinstance(renderable, Text) else renderable
        for segment in super().render(kept, options):
            yield segment._replace(text=segment.text.replace(GLUE, " "))

    def on_broken_pipe(self) -> None:
        """Rich would exit with 1; a closed pipe is no error."""
        raise BrokenPipeError


def out() -> Console:
    """The console of results: as wide as the terminal up to 100 columns, 80 in a pipe."""
    console = Screen()
    wide = console.width if console.is_terminal else 80
    return Screen(width=min(wide, WIDTH))


def err() -> Console:
    """The console of progress and warnings."""
    return Screen(stderr=True)


@contextmanager
def working(text: str) -> Iterator[None]:
    """A spinner on stderr while work goes on, if stderr is a terminal."""
    console = err()
    if not console.is_terminal:
        yield
        return
    with console.status(Text(printable(text))):
        yield
