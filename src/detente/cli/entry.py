"""How the command line begins and ends: its streams, and what the exit status says."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import NoReturn

from detente.cli import commands
from detente.errors import DetenteError, InputError
from detente.render.terminal import message, redirect_to_devnull


def run() -> None:
    """Run the command that ``sys.argv`` names, and write what goes wrong as a message."""
    # A command makes much that stays, and little that goes round in circles: looking for that took a tenth of its time.
    gc.set_threshold(100_000)
    _make_ready()
    try:
        try:
            commands.app()
        finally:
            # Here, where it can be told that the disk is full; the interpreter's own flush could not say it.
            sys.stdout.flush()
    except SystemExit as stopped:
        if isinstance(stopped.__context__, BrokenPipeError):
            # So Typer ends where nobody reads its help, or what it says of wrong usage, any more.
            _end_unread(stopped.__context__)
        raise
    except InputError as error:
        for fault in error.faults:
            message(str(fault), "red")
        if len(error.faults) > 1:
            message(f"{len(error.faults)} faults.")
        sys.exit(1)
    except DetenteError as error:
        message(str(error), "red")
        sys.exit(1)
    except MemoryError:
        message("there is not enough memory: give the command more, or ask less of it", "red")
        sys.exit(1)
    except BrokenPipeError as error:
        _end_unread(error)
    except OSError as error:
        if error.filename is None:
            redirect_to_devnull(sys.stdout)
        message(f"{error.filename or 'the output cannot be written'}: {error.strerror or error}", "red")
        sys.exit(1)


def _make_ready() -> None:
    """See to it that there are streams, and that whatever is said can be written to them.

    A stream that was closed is as one that leads nowhere. Pipes and files get UTF-8, as all files that Detente reads
    are; a terminal gets what it can show, and the code of any other character.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _end_unread(error: BrokenPipeError) -> NoReturn:
    """End as the command would have, although nobody reads any more: that is no fault."""
    redirect_to_devnull(sys.stdout)
    try:
        sys.stderr.flush()
    except BrokenPipeError:
        redirect_to_devnull(sys.stderr)
    ended = error.__context__
    sys.exit(ended.code if isinstance(ended, SystemExit) else getattr(ended, "exit_code", 0))
