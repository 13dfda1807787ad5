"""Attitudes: what a decision maker wishes each of the others, and itself.

*Positive*: it wants nothing that is worse for the other. *Negative*: it wants what is worse for the other. *Neutral*:
the other's preference does not count (Inohara, Hipel & Walker 2007). Concepts without attitudes leave them alone.

What a decision maker sees of a dispute: options that it does not, and preferences that it believes others to have.

A hypergame of the first level: everybody plays the game that it sees, and takes it for the one that all play (Bennett
1977; Wang, Hipel & Fraser 1988).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from detente.errors import InputError, UnknownNameError
from detente.model.evidence import UNSUPPORTED, Support
from detente.model.preferences import Preferences, as_preferences

ATTITUDES = ("positive", "neutral", "negative")


#: Attitudes as they are written: towards whom, and which.
Attitudes = tuple[tuple[str, str], ...]


def as_attitudes(given: Mapping[str, str] | Iterable[tuple[str, str]]) -> Attitudes:
    """Return attitudes as a decision maker keeps them.

    Raises
    ------
    UnknownNameError
        For a word that names no attitude, with the nearest that does.
    """
    made = tuple(dict(given).items())
    for _, attitude in made:
        if attitude not in ATTITUDES:
            raise UnknownNameError("attitude", attitude, ATTITUDES)
    return made


@dataclass(frozen=True)
class View:
    """How one decision maker sees the dispute, where that is not how it is written down.

    ``does_not_see`` lists options of others; ``believes`` has for some of the others the preferences that the decision
    maker takes them to have, in any of the forms in which preferences are given, and ``grounds`` what each of these
    beliefs rests on as a whole.

    >>> View("village", does_not_see=["relocate"], believes={"company": ["not pay"]}).believed("village") is None
    True
    """

    decision_maker: str
    does_not_see: tuple[str, ...] = ()
    believes: tuple[tuple[str, Preferences], ...] = ()
    support: Support = UNSUPPORTED
    grounds: tuple[tuple[str, Support], ...] = ()

    def __init__(
        self,
        decision_maker: str,
        does_not_see: Iterable[str] = (),
        believes: Mapping[str, Preferences | Iterable[Any]] | Iterable[tuple[str, Preferences]] = (),
        support: Support = UNSUPPORTED,
        grounds: Mapping[str, Support] | Iterable[tuple[str, Support]] = (),
    ) -> None:
        pairs = tuple(believes.items() if isinstance(believes, Mapping) else believes)
        known = dict(grounds)
        if strange := set(known) - {id for id, _ in pairs}:
            raise InputError(f"grounds for what is not believed, of {', '.join(sorted(strange))}")
        kept = tuple((id, known[id]) for id, _ in pairs if known.get(id, UNSUPPORTED) != UNSUPPORTED)
        object.__setattr__(self, "decision_maker", decision_maker)
        object.__setattr__(self, "does_not_see", tuple(does_not_see))
        object.__setattr__(self, "believes", tuple((id, as_preferences(given)) for id, given in pairs))
        object.__setattr__(self, "support", support)
        object.__setattr__(self, "grounds", kept)

    def believed(self, other: str) -> Preferences | None:
        """Return the preferences that another is taken to have; None where they are seen as they are."""
        return dict(self.believes).get(other)

    def grounds_of(self, other: str) -> Support:
        """Return what the belief of what another prefers rests on as a whole."""
        return dict(self.grounds).get(other, UNSUPPORTED)
