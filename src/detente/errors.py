"""The errors that Detente raises on purpose.

::

    DetenteError
    ├── InputError             faulty input: one or more faults, each with its place
    │   └── ConditionError     a condition that cannot be parsed
    ├── UnknownNameError       a state, decision maker or concept that the conflict does not have
    ├── NotDefinedError        a question that the theory does not define for this conflict
    ├── TooLargeError          more states than the engine can hold; the message gives the figure
    ├── WorkersError           workers, here or on a cluster, that cannot be reached or were lost
    ├── MissingSolverError     the constraint solver of the extra ``inverse`` is not installed
    ├── CannotCarryError       the chosen format cannot express something in the conflict
    └── CertificateError       an answer that failed verification: a defect of Detente

For each of them a command prints the message and exits with 1; the user never needs a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from detente.lazy import dataclass
from detente.text import printable, skeleton, written_in_two_ways

#: A message says no more of a text than this many characters.
MAX_QUOTED_TEXT = 200


def one_line(text: str) -> str:
    """Return a text as one line of printable characters, shortened in the middle where it is long."""
    shown = printable(text)
    return shown if len(shown) <= 2 * MAX_QUOTED_TEXT else f"{shown[:MAX_QUOTED_TEXT]} … {shown[-MAX_QUOTED_TEXT:]}"


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known word that is most similar to ``word``; None if none reaches the ``likeness`` (0 to 1)."""
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
    """One fault of an input, and its place.

    Lines and columns count from 1; ``file`` is None for a conflict that was built in code. ``at`` is the path to the
    faulty element through the keys of the conflict file (``("rules", 0)``), and ``word`` the faulty word there. The
    file's parser derives line and column from them.
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
        """``file:line:column``, as far as they are known."""
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
    """The base class of the errors that Detente raises on purpose."""


class InputError(DetenteError):
    """The input is faulty; ``faults`` lists every fault found, in the order of the file."""

    def __init__(self, faults: Iterable[Fault] | str) -> None:
        self.faults: tuple[Fault, ...] = (Fault(faults),) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ConditionError(InputError):
    """A condition that cannot be parsed; ``column`` counts from 1 within the condition's own text."""

    def __init__(self, message: str, column: int, suggestion: str | None = None) -> None:
        super().__init__([Fault(message, column=column, suggestion=suggestion)])
        self.message = message
        self.column = column
        self.suggestion = suggestion


class UnknownNameError(DetenteError):
    """A name that the conflict does not have, with the nearest known name as a suggestion."""

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
            ending = f" — known: {', '.join(known)}"
        else:
            ending = ""
        super().__init__(f"unknown {what} '{one_line(str(name))}'{ending}")


class NotDefinedError(DetenteError):
    """A question that the theory does not define for this conflict; the message says why, and what to ask instead."""


class TooLargeError(DetenteError):
    """More states, moves or lines than can be held or shown; the message gives the figure."""


class WorkersError(DetenteError):
    """Workers, on this machine or on a cluster, that cannot be reached or were lost."""


class MissingSolverError(DetenteError):
    """The constraint solver is not installed; the extra ``inverse`` contains it."""


class CannotCarryError(DetenteError):
    """The chosen format cannot express something in the conflict."""


class CertificateError(DetenteError):
    """An engine's answer that failed verification: a defect of Detente, not of the conflict."""
