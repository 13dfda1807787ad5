"""How the command line starts and exits: its streams, its messages and its exit status."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from detente.cli import commands
from detente.errors import DetenteError, InputError
from detente.lazy import lazy

if TYPE_CHECKING:
    from detente.render import terminal
else:
    terminal = lazy("detente.render.terminal")


def run() -> None:
    """Run the command that ``sys.argv`` names, and report errors as messages."""
    _make_ready()
    try:
        try:
            commands.app()
        finally:
            # Flushed here, so that a full disk is reported; the interpreter's own flush could not report it.
            sys.stdout.flush()
    except SystemExit as stopped:
        if isinstance(stopped.__context__, BrokenPipeError):
            # Typer ends like this when the reader of its help, or of a usage error, has closed the pipe.
            _end_unread(stopped.__context__)
        raise
    except InputError as error:
        for fault in error.faults:
            terminal.message(str(fault), "red")
        if len(error.faults) > 1:
            terminal.message(f"{len(error.faults)} faults.")
        sys.exit(1)
    except DetenteError as error:
        terminal.message(str(error), "red")
        sys.exit(1)
    except MemoryError:
        terminal.message("not enough memory. Give the command more memory, or ask a smaller question", "red")
        sys.exit(1)
    except BrokenPipeError as error:
        _end_unread(error)
    except OSError as error:
        if error.filename is None:
            terminal.redirect_to_devnull(sys.stdout)
        terminal.message(f"{error.filename or 'the output cannot be written'}: {error.strerror or error}", "red")
        sys.exit(1)


def _make_ready() -> None:
    """Open the standard streams that are closed, and set their encodings.

    A closed stream is opened on the null device. Pipes and files get UTF-8, like all files that Detente reads; a
    terminal gets its own encoding, with escapes for characters that it cannot show.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _end_unread(error: BrokenPipeError) -> NoReturn:
    """Exit as the command would have: a closed pipe is not a fault."""
    terminal.redirect_to_devnull(sys.stdout)
    try:
        sys.stderr.flush()
    except BrokenPipeError:
        terminal.redirect_to_devnull(sys.stderr)
    ended = error.__context__
    sys.exit(ended.code if isinstance(ended, SystemExit) else getattr(ended, "exit_code", 0))
