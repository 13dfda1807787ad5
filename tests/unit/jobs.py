"""Work for processes: a module of its own, that a process imports quickly."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from detente.errors import InputError
from detente.jobs import ProgressReport


def square(number: int) -> int:
    return number * number


def square_once_lost(asked: tuple[Path, int]) -> int:
    """Take the whole process down when the first piece is worked on for the first time."""
    mark, number = asked
    if number == 0 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def always_lost(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def faulty(number: int) -> int:
    raise InputError(f"piece {number} is at fault")


def squared(number: int, progress: ProgressReport) -> int:
    """Work in the background."""
    progress(0.5, "squaring")
    return number**2


def never_done(given: None, progress: ProgressReport) -> None:
    progress(0.5, "waiting")
    time.sleep(3600)


def failing(how: str, progress: ProgressReport) -> None:
    if how == "input":
        raise InputError("it is at fault")
    if how == "memory":
        raise MemoryError
    if how == "other":
        raise KeyError("key")
    if how == "abort":
        os.abort()
    if how == "exit":
        os._exit(3)
    os.kill(os.getpid(), signal.SIGKILL)
