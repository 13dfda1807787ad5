"""Work for processes: a module of its own, that a process imports quickly."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from detente.errors import InputError


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
