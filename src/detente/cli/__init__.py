"""The ``detente`` command."""

from __future__ import annotations

import gc
import os
import sys

#: What a command exits with that an interrupt has stopped: 128 and the signal's number.
INTERRUPTED = 130


def main() -> None:
    """Run the command line: exit 0 on success, 1 when the input is at fault, 2 on wrong usage, 130 on an interrupt."""
    try:
        # Here, not above: importing takes long enough to be interrupted.
        from detente.cli.commands import app
        from detente.cli.screen import say
        from detente.errors import DetenteError, InputError
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)

    try:
        app()
    except SystemExit as stopped:
        if stopped.code == INTERRUPTED:
            # Nobody waits for memory to be tidied up before the process gives it back.
            gc.freeze()
        raise
    except InputError as error:
        for fault in error.faults:
            say(str(fault), "red")
        _count(len(error.faults))
        sys.exit(1)
    except DetenteError as error:
        say(str(error), "red")
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output has gone; point it elsewhere so that the interpreter's own flush is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        say(f"{error.filename or 'file'}: {error.strerror or error}", "red")
        sys.exit(1)


def _count(faults: int) -> None:
    from detente.cli.screen import say

    if faults > 1:
        say(f"{faults} faults.")


__all__ = ["main"]
