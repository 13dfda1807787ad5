"""What a solution concept is: one sentence, and the words that each concept puts into it.

A state s is stable for player i when

    for every s1 in moves_i(s) with leave_i(s, s1)
    there is an s2 in respond(s1) with hurt_i(s, s2)
    and, where the concept lets i answer: hurt_i(s, s3) for every s3 in moves_i(s2).

Engines know moves, relations and this sentence; a concept is a row of words. Simultaneous, limited-move and maximin
stability are the exceptions: their words name procedures of their own. With simple preferences *leave* is
'strictly better' and *hurt* is 'not better': indifference counts as a sanction (Fang, Hipel & Kilgour 1993).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Leave(Enum):
    """What tempts a player away from a state."""

    BETTER = "strictly better"


class Respond(Enum):
    """Where the others can answer an improvement to."""

    NOBODY = "nobody"
    MOVES = "any legal sequence of the others' moves"
    IMPROVEMENTS = "a legal sequence of the others' improvements"
    COMBINATIONS = "improvements of the others made at the same time"
    IMPROVEMENTS_THEN_COMBINATIONS = "the others' improvement sequences, then simultaneous improvements"
    ANTICIPATED = "moves in turn, each in the interest of whoever makes it"
    ALTERNATING = "moves in turn, those of the others to the player's harm"


class Hurt(Enum):
    """What deters a player from an improvement."""

    NOT_BETTER = "not better"


@dataclass(frozen=True)
class Concept:
    """A solution concept: the words that it puts into the sentence, and what a reader needs to know of it.

    ``id`` is its name in files, commands and results; ``title`` how the literature prints it; ``definition`` the
    condition in symbols; ``plain`` the same in one sentence; ``source`` who defined it; ``caution`` what it does not
    promise. ``horizon`` is how many moves are looked ahead, where a concept counts them. ``experimental`` marks what
    was written from the literature as it is remembered, checked by computation and not yet against the publication.
    """

    id: str
    title: str
    name: str
    definition: str
    plain: str
    source: str
    respond: Respond
    answers: bool = False
    leave: Leave = Leave.BETTER
    hurt: Hurt = Hurt.NOT_BETTER
    caution: str = ""
    horizon: int | None = None
    experimental: bool = False

    @property
    def may_cycle(self) -> bool:
        """Whether there can be states without verdict: where the horizon grows without end."""
        return self.respond is Respond.ANTICIPATED and self.horizon is None
