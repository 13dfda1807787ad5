"""Long work that can be interrupted: it runs in a thread of its own, and the caller waits for it.

A single operation on large diagrams can take seconds, in compiled code that hears no interrupt. The thread that asked
only waits, so it hears one within a tenth of a second; the work stops at its next pulse. Progress is reported from the
thread that asked.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from detente.engine.interface import Progress

T = TypeVar("T")

#: How often the caller looks up from waiting, in seconds.
TICK = 0.1


class StoppedError(Exception):
    """Nobody waits for the work any more."""


class LongError(Exception):
    """The work has taken longer than it may."""


class _Run(threading.Thread, Generic[T]):
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


def done(work: Callable[[], T], progress: Progress, seconds: float = math.inf) -> T:
    """Do the work in a thread and return its result; an interrupt while waiting ends the work.

    Raises
    ------
    LongError
        When it has taken so many seconds and is not done.
    """
    if isinstance(threading.current_thread(), _Run):
        return work()
    run = _Run(work, seconds)
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


def pulse(share: float, doing: str) -> None:
    """Say how far the work is; where nobody waits for it any more, end it."""
    run = threading.current_thread()
    if isinstance(run, _Run):
        if run.stopped.is_set():
            raise StoppedError
        if time.monotonic() > run.until:
            raise LongError
        run.said = (share, doing)
