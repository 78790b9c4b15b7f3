"""What `rolediff collect` and `refresh` do from their arguments to their last line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from rolediff import __version__
from rolediff.annotate.roles import Catalogue, Role
from rolediff.collect.alone import alone
from rolediff.collect.boards import collect_board
from rolediff.collect.dataset import Slice
from rolediff.collect.refresh import Hearing, refresh
from rolediff.collect.run import Asked, Collected, collect
from rolediff.doors.annotate_verb import processes
from rolediff.doors.screen import err, out
from rolediff.errors import UsageError
from rolediff.report.json import envelope
from rolediff.report.printable import printable

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    sources: tuple[str, ...] = ()
    day: str | None = None
    boards: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    manifest: str | None = None


def collected(folder: Path, wanted: Wanted, json: bool) -> None:
    """Fetch, keep, and print what came of it; what was set aside goes to stderr."""
    with alone(folder):
        done, refused = _fetched(folder, wanted)
    for why in refused:
        err().print(f"rolediff: set aside: {printable(why)}")
    if json:
        facts = {"folder": str(folder), "slices": [c.to_dict() for c in done], "refused": refused}
        print(envelope("collect", SCHEMA_VERSION, facts, __version__))
        return
    for one in done:
        how = "fetched" if one.fetched else "there already"
        s = one.source
        of = "" if s.records == s.rows else f" of {s.rows:,}"
        said = f"{s.name}: {s.records:,}{of} postings, as of {s.version} ({how})"
        out().print(printable(said), soft_wrap=True)
    names = " ".join(printable(str(one.file)) for one in done)
    out().print(f"Next: rolediff compress {names} --format postings -o MARKET", soft_wrap=True)


def refreshed(
    folder: Path, wanted: Wanted, keep_texts: bool, workers: int | None, json: bool
) -> None:
    """Refresh a folder of dated markets, and print what changed."""
    roles = _roles(wanted.titles)
    asked = Asked(wanted.sources, None, wanted.manifest, roles)
    with _bar() as heard:
        step = partial(_step, err()) if err().is_terminal else lambda _: None
        done = refresh(
            folder, asked, workers=processes(workers), keep_texts=keep_texts,
            hearing=Hearing(heard, step),
        )  # fmt: skip
    for why in done.refused:
        err().print(f"rolediff: set aside: {printable(why)}")
    if json:
        print(envelope("refresh", SCHEMA_VERSION, done.to_dict(), __version__))
        return
    said = f"{done.day}: {done.postings:,} postings of {', '.join(done.sources)}"
    if done.new:
        said += f"; {done.entered:,} came into view, {done.left:,} left"
    else:
        said += "; nothing new since the last run"
    out().print(printable(f"{said}.\nNext: rolediff roles --data {folder}"), soft_wrap=True)


def _step(console: Console, text: str) -> None:
    console.print(f"rolediff: {text}")


def _roles(titles: tuple[str, ...]) -> tuple[Role, ...]:
    catalogue = Catalogue.load()
    return tuple(catalogue.resolve(name) for name in titles)


def _fetched(folder: Path, wanted: Wanted) -> tuple[list[Collected], list[str]]:
    if wanted.boards:
        if wanted.sources or wanted.day or wanted.titles or wanted.manifest:
            raise UsageError(
                "--board stands alone: leave out --source, --date, --title and --manifest"
            )
        return [collect_board(folder, url) for url in wanted.boards], []
    asked = Asked(wanted.sources, wanted.day, wanted.manifest, _roles(wanted.titles))
    with _bar() as heard:
        return collect(folder, asked, heard=heard)


@contextmanager
def _bar() -> Iterator[Callable[[Slice, int], None] | None]:
    """A bar of bytes for each slice on stderr, if that is a terminal."""
    console = err()
    if not console.is_terminal:
        yield None
        return
    from rich import progress

    columns = (
        "{task.description}", progress.BarColumn(), progress.DownloadColumn(),
        progress.TransferSpeedColumn(), progress.TimeRemainingColumn(),
    )  # fmt: skip
    tasks: dict[str, progress.TaskID] = {}
    with progress.Progress(*columns, console=console, transient=True) as bar:

        def heard(part: Slice, size: int) -> None:
            if part.name not in tasks:
                tasks[part.name] = bar.add_task(printable(part.name), total=part.size or None)
            bar.update(tasks[part.name], completed=size)

        yield heard
