"""Long work that reports its progress and can be interrupted.

Theory of operation. One operation on large diagrams or arrays can take seconds, in compiled code that hears no
interrupt. So long work runs in a thread of its own (`run_interruptibly`) and the thread that asked only waits: it hears
an interrupt within a tenth of a second. The work says at each `checkpoint` how far it is, which the waiting thread
reports, and stops there when nobody waits for it any more or its time is over.

`Stages` makes one progress bar move evenly through work of different kinds, by what each takes compared to others.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from detente.concepts import Concept, Respond
from detente.model.questions import Progress

_T = TypeVar("_T")

#: How often the caller looks up from waiting, in seconds.
TICK = 0.1

#: What listing the states and ranking them takes, as measured at 2^24 states with four decision makers.
COMPILING = 10.0
#: What deciding a concept for one player takes, by how the others may respond; as much as the last where not named.
DECIDING = {Respond.NOBODY: 1.0, Respond.MOVES: 3.0, Respond.IMPROVEMENTS: 12.0}


class StoppedError(Exception):
    """Nobody waits for the work any more."""


class TimeLimitError(Exception):
    """The work has taken longer than it may."""


class _Job(threading.Thread):
    """A piece of work in its own thread: when it has to stop, and how far it is."""

    until: float
    stopped = False
    reported: tuple[float, str] | None = None


def run_interruptibly(work: Callable[[], _T], progress: Progress, seconds: float = math.inf) -> _T:
    """Do the work in a thread and return its result; an interrupt while waiting ends the work.

    Raises
    ------
    TimeLimitError
        When it has taken so many seconds and is not done.
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
    job.until = time.monotonic() + seconds
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
    """Say how far the work is; where nobody waits for it any more, end it."""
    job = threading.current_thread()
    if isinstance(job, _Job):
        if job.stopped:
            raise StoppedError
        if time.monotonic() > job.until:
            raise TimeLimitError
        job.reported = (share, doing)


def effort(concept: Concept) -> float:
    """Return what deciding a concept for one player takes, compared to others."""
    return DECIDING.get(concept.respond, DECIDING[Respond.IMPROVEMENTS])


class Stages:
    """Progress through stages of different lengths; called as a `Progress` with the share of the present one."""

    def __init__(self, progress: Progress, total: float) -> None:
        self._progress, self._total = progress, total
        self._before, self._now, self._doing = 0.0, 0.0, ""

    def begin(self, effort: float, doing: str) -> None:
        """Begin the next stage."""
        self._before, self._now = self._before + self._now, effort
        self(0.0, doing)

    def skip(self, effort: float) -> None:
        """Leave out a stage that was counted on."""
        self._before += effort

    def __call__(self, share: float, doing: str) -> None:
        """Say how much of the present stage is done, and what is being done; nothing means still the same."""
        self._doing = doing or self._doing
        self._progress(min(1.0, (self._before + self._now * share) / self._total), self._doing)
