"""Long work that reports its progress and can be interrupted.

Theory of operation. One operation on large diagrams or arrays can take seconds in compiled code, which does not react
to an interrupt. So long work runs in a thread of its own (`run_interruptibly`), and the calling thread only waits: it
reacts to an interrupt within a tenth of a second. The work calls `checkpoint` regularly. The waiting thread passes its
progress on; the work stops at a checkpoint if the caller has stopped waiting or the time limit is over.

`Stages` combines stages of different lengths into one progress value that grows evenly.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from detente.concepts import Concept, Respond
from detente.lazy import lazy
from detente.model.questions import Progress

if TYPE_CHECKING:
    from concurrent import futures
else:
    futures = lazy("concurrent.futures")

_T = TypeVar("_T")

#: Interval at which the waiting thread checks for interrupts and progress, in seconds.
TICK = 0.1

#: Number of threads for compiled loops.
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

#: Relative effort of listing and ranking the states, measured at 2^24 states with four decision makers.
COMPILING = 10.0
#: Relative effort of deciding a concept for one player, by the others' responses; the last value for those not named.
DECIDING = {Respond.NOBODY: 1.0, Respond.MOVES: 3.0, Respond.IMPROVEMENTS: 12.0}


class StoppedError(Exception):
    """The caller has stopped waiting for the work."""


class TimeLimitError(Exception):
    """The work has exceeded its time limit."""


class OverBudgetError(Exception):
    """The work has cost more than another way would; the message says what was too much."""


def _never() -> None:
    """Watch over nothing."""


class _Job(threading.Thread):
    """A piece of work in its own thread: its limits and its latest progress."""

    until: float
    watch: Callable[[], None]
    stopped = False
    reported: tuple[float, str] | None = None


def run_interruptibly(
    work: Callable[[], _T], progress: Progress, seconds: float = math.inf, watch: Callable[[], None] = _never
) -> _T:
    """Do the work in a thread and return its result; an interrupt while waiting stops the work.

    ``watch`` is called at every checkpoint, and stops the work by raising an error.

    Raises
    ------
    TimeLimitError
        If the work is not done after ``seconds``.
    """
    if isinstance(threading.current_thread(), _Job):
        return work()
    over = threading.Event()
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            over.set()

    job = _Job(target=run, daemon=True)
    job.until, job.watch = time.monotonic() + seconds, watch
    job.start()
    try:
        while not over.wait(TICK):
            if job.reported is not None:
                progress(*job.reported)
    except BaseException:
        job.stopped = True
        raise
    if errors:
        raise errors[0]
    return results[0]


def checkpoint(share: float, doing: str) -> None:
    """Report the progress of the work; stop the work if the caller has stopped waiting."""
    job = threading.current_thread()
    if isinstance(job, _Job):
        if job.stopped:
            raise StoppedError
        if time.monotonic() > job.until:
            raise TimeLimitError
        job.watch()
        job.reported = (share, doing)


def in_parts(work: Callable[[int, int], bool | None], total: int, part: int, at_checkpoint: Callable[[], None]) -> bool:
    """Do compiled work on ``total`` items in parts, one thread for each core; tell whether any part returned true.

    ``work`` takes the first item of a part and the one after the last. ``at_checkpoint`` is called between parts, in
    the calling thread, and stops the work by raising an error.
    """
    at_checkpoint()
    first, *others = range(0, total, part)
    # The first part alone, so that the loops are compiled once, in this thread.
    said = bool(work(first, min(first + part, total)))
    if not others:
        return said
    pool = futures.ThreadPoolExecutor(min(CORES, len(others)))
    try:
        parts = [pool.submit(work, start, min(start + part, total)) for start in others]
        for done in futures.as_completed(parts):
            said |= bool(done.result())
            at_checkpoint()
    finally:
        # After this thread has been told to stop, no further part is started.
        pool.shutdown(cancel_futures=True)
    return said


def effort(concept: Concept) -> float:
    """Return the relative effort of deciding a concept for one player."""
    return DECIDING.get(concept.respond, DECIDING[Respond.IMPROVEMENTS])


class Stages:
    """Progress through stages of different lengths; called as a `Progress` with the share of the current stage."""

    def __init__(self, progress: Progress, total: float) -> None:
        self._progress, self._total = progress, total
        self._before, self._now, self._doing = 0.0, 0.0, ""

    def begin(self, effort: float, doing: str) -> None:
        """Begin the next stage."""
        self._before, self._now = self._before + self._now, effort
        self(0.0, doing)

    def skip(self, effort: float) -> None:
        """Skip a stage that was part of the total."""
        self._before += effort

    def __call__(self, share: float, doing: str) -> None:
        """Report the share of the current stage; an empty text keeps the previous description."""
        self._doing = doing or self._doing
        self._progress(min(1.0, (self._before + self._now * share) / self._total), self._doing)
