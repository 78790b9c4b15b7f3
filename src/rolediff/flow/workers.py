"""Work on one thing after another by several processes, results in the order of the things.

Processes are spawned, never forked, so that it is the same on every system; each has one thread
of Polars. They end with the process that started them, however that ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from typing import TypeVar

from rolediff.errors import DataError

AHEAD = 2
"""Things handed out for each process, so that none waits and few are in memory."""

_SETTINGS = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
# Memory let go is soon wanted again: to give it back to the system takes a tenth of the time.
_SETTINGS |= dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), str(128 << 20))

T = TypeVar("T")
R = TypeVar("R")


def cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def ordered(
    work: Callable[[T], R], things: Iterable[T], workers: int,
    free: Callable[[T], bool] = lambda _: False,
) -> Iterator[R]:  # fmt: skip
    """`work` on each of `things`, in their order; at most `AHEAD` times `workers` at a time.

    With one worker, or one thing, it is done in this process. `work` is a function of a module,
    and what goes in and out can be pickled. Things that are `free`, because work on them leaves
    Python's lock alone, are done by threads of this process, which cost no start. Raises what
    `work` raises, and `DataError` where a process is ended from outside.
    """
    feed = iter(things)
    first = list(islice(feed, 2 if workers > 1 else 0))
    feed = chain(first, feed)
    if len(first) < 2:
        yield from map(work, feed)
        return
    with ExitStack() as stack:
        threads = stack.enter_context(_threads(workers))
        processes: Executor | None = None
        waiting: deque[Future[R]] = deque()
        for thing in feed:
            if not free(thing) and processes is None:
                processes = stack.enter_context(_pool(workers))
            pool = threads if processes is None or free(thing) else processes
            waiting.append(pool.submit(work, thing))
            if len(waiting) >= AHEAD * workers:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())


@contextmanager
def _threads(workers: int) -> Iterator[Executor]:
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _result(future: Future[R]) -> R:
    try:
        return future.result()
    except BrokenProcessPool:
        raise DataError(
            "a worker process was ended from outside, for want of memory perhaps: run the same "
            "command again with fewer --workers; finished work is kept"
        ) from None


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    before = {name: os.environ.get(name) for name in _SETTINGS}
    os.environ.update(_SETTINGS)  # read by what a new process imports
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _started)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _started() -> None:
    """An interrupt is for the parent to act on; without a parent there is nothing left to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
