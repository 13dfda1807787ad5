"""Long work that can be interrupted: it runs in a thread of its own, and the caller waits for it.

A single operation on large diagrams can take seconds, in compiled code that hears no interrupt. The thread that asked
only waits, so it hears one within a tenth of a second; the work stops at its next pulse. Progress is reported from the
thread that asked.

What takes how long, in comparison: so that a progress bar moves evenly through work of different kinds.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from detente.concepts.concept import Concept, Respond
from detente.model.questions import Progress

T = TypeVar("T")


#: How often the caller looks up from waiting, in seconds.
TICK = 0.1


class StoppedError(Exception):
    """Nobody waits for the work any more."""


class TimeLimitError(Exception):
    """The work has taken longer than it may."""


class _Job(threading.Thread, Generic[T]):
    """A piece of work, and what has come of it."""

    def __init__(self, work: Callable[[], T], seconds: float) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.until = time.monotonic() + seconds
        self.stopped = threading.Event()
        self.over = threading.Event()
        self.said: tuple[float, str] | None = None
        self.result: T
        self.error: BaseException | None = None

    def run(self) -> None:
        """Do the work and keep what comes of it, errors as well."""
        try:
            self.result = self._work()
        except BaseException as error:
            self.error = error
        finally:
            self.over.set()


def run_interruptibly(work: Callable[[], T], progress: Progress, seconds: float = math.inf) -> T:
    """Do the work in a thread and return its result; an interrupt while waiting ends the work.

    Raises
    ------
    LongError
        When it has taken so many seconds and is not done.
    """
    if isinstance(threading.current_thread(), _Job):
        return work()
    run = _Job(work, seconds)
    run.start()
    try:
        while not run.over.wait(TICK):
            if run.said is not None:
                progress(*run.said)
    except BaseException:
        run.stopped.set()
        raise
    if run.error is not None:
        raise run.error
    return run.result


def checkpoint(share: float, doing: str) -> None:
    """Say how far the work is; where nobody waits for it any more, end it."""
    run = threading.current_thread()
    if isinstance(run, _Job):
        if run.stopped.is_set():
            raise StoppedError
        if time.monotonic() > run.until:
            raise TimeLimitError
        run.said = (share, doing)


#: What listing the states and ranking them takes, as measured at 2^24 states with four decision makers.
COMPILING = 10.0


#: What deciding a concept for one player takes, by how the others may respond; as much as the last where not named.
DECIDING = {Respond.NOBODY: 1.0, Respond.MOVES: 3.0, Respond.IMPROVEMENTS: 12.0}


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
