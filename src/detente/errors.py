"""Everything that Detente raises on purpose.

::

    DetenteError
    ├── InputError             what the user gave is at fault: one or more located faults
    │   └── ConditionError     a condition that cannot be read
    ├── UnknownNameError       a state, decision maker or concept that the conflict does not have
    ├── NotDefinedError        a question that the theory does not answer for this conflict
    ├── TooLargeError          more states than the engine can hold, with the figure
    ├── WorkersError           workers, here or on a cluster, that cannot be reached or were lost
    ├── MissingSolverError     the constraint solver of the extra ``inverse`` is not installed
    ├── CannotCarryError       the conflict has something that the asked-for format cannot say
    └── CertificateError       an answer that does not stand up to being checked: a defect of ours

A command prints the message and exits with 1 for each of them; nothing here needs a traceback to be acted on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from detente.text import printable, skeleton, written_in_two_ways

#: A message says no more of a text than this many characters.
MAX_QUOTED_TEXT = 200


def one_line(text: str) -> str:
    """Return a text as one line of printable characters, shortened in the middle where it is long."""
    shown = printable(text)
    return shown if len(shown) <= 2 * MAX_QUOTED_TEXT else f"{shown[:MAX_QUOTED_TEXT]} … {shown[-MAX_QUOTED_TEXT:]}"


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known word that looks most like ``word``, or None when none is as like as that."""
    if len(word) > MAX_QUOTED_TEXT:
        return None
    by_folded: dict[str, str] = {}
    for name in known:
        by_folded.setdefault(skeleton(name), name)
    matches = get_close_matches(skeleton(word), list(by_folded), n=1, cutoff=likeness)
    return by_folded[matches[0]] if matches else None


def unknown_name(what: str, name: str, known: Iterable[str]) -> str:
    """Return the message for a name that is not known; it explains the difference from a known one that looks alike."""
    near = nearest(name, known)
    alike = written_in_two_ways(name, near) if near else ""
    return f"unknown {what} '{name}'{f': {alike}' if alike else ''}"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input, and where.

    Lines and columns count from 1; ``file`` is None for a conflict that was built in code. ``at`` is the way to the
    faulty element through the keys of the conflict file (``("rules", 0)``), and ``word`` the word at fault there:
    from the two, whoever read the file finds line and column.
    """

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    suggestion: str | None = None
    at: tuple[str | int, ...] = ()
    word: str | None = None

    @property
    def place(self) -> str:
        """``file:line:column``, as far as it is known."""
        parts = [self.file] if self.file else []
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)

    def __str__(self) -> str:
        hint = f" — did you mean '{one_line(self.suggestion)}'?" if self.suggestion else ""
        place = f"{self.place}: " if self.place else ""
        return f"{place}{one_line(self.message)}{hint}"


class DetenteError(Exception):
    """The root of everything that Detente raises on purpose."""


class InputError(DetenteError):
    """What the user gave is at fault; ``faults`` names every fault found, in the order of the file."""

    def __init__(self, faults: Iterable[Fault] | str) -> None:
        self.faults: tuple[Fault, ...] = (Fault(faults),) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ConditionError(InputError):
    """A condition that cannot be read; ``column`` counts from 1 within the condition's own text."""

    def __init__(self, message: str, column: int, suggestion: str | None = None) -> None:
        super().__init__([Fault(message, column=column, suggestion=suggestion)])
        self.message = message
        self.column = column
        self.suggestion = suggestion


class UnknownNameError(DetenteError):
    """A name that the conflict does not have, with the nearest one that it has."""

    def __init__(self, what: str, name: object, known: Iterable[str] = (), hint: str | None = None) -> None:
        known = tuple(known)
        self.what = what
        self.name = str(name)
        self.suggestion = nearest(str(name), known)
        if self.suggestion:
            alike = written_in_two_ways(self.name, self.suggestion)
            ending = f"{f': {alike}' if alike else ''} — did you mean '{self.suggestion}'?"
        elif hint:
            ending = f" — {hint}"
        elif known:
            ending = f" — there are: {', '.join(known)}"
        else:
            ending = ""
        super().__init__(f"unknown {what} '{one_line(str(name))}'{ending}")


class NotDefinedError(DetenteError):
    """A question that the theory does not answer for this conflict; the message says why, and what to ask instead."""


class TooLargeError(DetenteError):
    """More states, moves or lines than can be held or shown; the message has the figure."""


class WorkersError(DetenteError):
    """Workers, on this machine or on a cluster, that cannot be reached or that were lost."""


class MissingSolverError(DetenteError):
    """The constraint solver is not installed: it comes with the extra ``inverse``."""


class CannotCarryError(DetenteError):
    """The conflict has something that the asked-for format cannot say."""


class CertificateError(DetenteError):
    """An engine's answer that does not stand up to being checked: a defect of Detente, not of the conflict."""
