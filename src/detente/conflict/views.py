"""What a decision maker sees of a dispute: options that it does not, and preferences that it believes others to have.

A hypergame of the first level: everybody plays the game that it sees, and takes it for the one that all play (Bennett
1977; Wang, Hipel & Fraser 1988).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from detente.conflict.preferences import Preferences, as_preferences
from detente.conflict.support import UNSUPPORTED, Support


@dataclass(frozen=True)
class View:
    """How one decision maker sees the dispute, where that is not how it is written down.

    ``does_not_see`` lists options of others; ``believes`` has for some of the others the preferences that the decision
    maker takes them to have, in any of the forms in which preferences are given.

    >>> View("village", does_not_see=["relocate"], believes={"company": ["not pay"]}).believed("village") is None
    True
    """

    decision_maker: str
    does_not_see: tuple[str, ...] = ()
    believes: tuple[tuple[str, Preferences], ...] = ()
    support: Support = UNSUPPORTED

    def __init__(
        self,
        decision_maker: str,
        does_not_see: Iterable[str] = (),
        believes: Mapping[str, Preferences | Iterable[Any]] | Iterable[tuple[str, Preferences]] = (),
        support: Support = UNSUPPORTED,
    ) -> None:
        pairs = believes.items() if isinstance(believes, Mapping) else believes
        object.__setattr__(self, "decision_maker", decision_maker)
        object.__setattr__(self, "does_not_see", tuple(does_not_see))
        object.__setattr__(self, "believes", tuple((id, as_preferences(given)) for id, given in pairs))
        object.__setattr__(self, "support", support)

    def believed(self, other: str) -> Preferences | None:
        """Return the preferences that another is taken to have; None where they are seen as they are."""
        return dict(self.believes).get(other)
