"""A pseudo-terminal for commands: what they show in a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping


def shown_on_a_terminal(arguments: tuple[str, ...], environment: Mapping[str, str]) -> bytes:
    """Run a Detente command, which has to succeed, and return everything it shows; messages go past the terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "detente", *arguments]
    process = subprocess.Popen(command, stdout=theirs, env=dict(environment))
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait() == 0
    return shown
