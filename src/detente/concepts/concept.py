"""The definition of stability that the concepts share, and the terms that each concept fills in.

A state s is stable for player i when

    for every s1 in moves_i(s) with improvement_i(s, s1)
    there is an s2 in respond(s1) with sanction_i(s, s2)
    and, if the concept has a counter-move: lasting_i(s, s3) for s2 itself and for every s3 in moves_i(s2).

The engines implement moves, preference relations and this definition; a concept only names the terms. Simultaneous,
limited-move and maximin stability are exceptions: their terms name procedures of their own. With simple preferences
*improvement* is 'strictly better' and *sanction* is 'not better': indifference counts as a sanction (Fang, Hipel &
Kilgour 1993). *lasting* equals *sanction* unless the concept sets it. If the other players respond by improvements,
*credible* defines what is an improvement for them.

A term stands for a relation between two states for a player. To add one, name it here and define it in
`detente.engine.explicit.players`. For a standing coalition *improvement* and *credible* must be true of every member,
and *sanction* of at least one.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from detente.errors import NotDefinedError
from detente.lazy import dataclass
from detente.model.conflict import Conflict

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Improvement(Enum):
    """The moves that a player would want to make."""

    BETTER = "strictly better"
    SURELY_BETTER = "better, and known to be"
    PERHAPS_BETTER = "better, or perhaps better"
    BETTER_AS_FACED = "better, or perhaps better if its extension is a or c"
    SATISFYING = "better by at least its fuzzy threshold"
    LIKELY = "better with a chance above 1 - α"
    LIKELY_ENOUGH = "better with a chance above 1 - γ"
    RELATIONAL = "favoured by its attitudes"


class Respond(Enum):
    """The states that the other players can reach in response to an improvement."""

    NOBODY = "no response"
    MOVES = "any legal sequence of moves by the other players"
    IMPROVEMENTS = "a legal sequence of improvements by the other players"
    COMBINATIONS = "simultaneous improvements by the other players"
    IMPROVEMENTS_THEN_COMBINATIONS = "improvement sequences of the other players, then simultaneous improvements"
    ANTICIPATED = "moves in turn, each in the interest of its mover"
    ALTERNATING = "moves in turn; the other players choose theirs to harm the player"


class Sanction(Enum):
    """The states that deter a player from an improvement."""

    NOT_BETTER = "not better"
    NOT_SURELY_BETTER = "not known to be better"
    SURELY_NOT_BETTER = "known to be not better"
    NOT_BETTER_AS_FACED = "known to be not better, or not known to be better if its extension is c or d"
    MUCH_WORSE = "much worse"
    NOT_SATISFYING = "better by less than its fuzzy threshold, or not better"
    UNLIKELY = "better with a chance of at most 1 - β"
    RELATIONALLY_WORSE = "its attitudes favour the original state over it"
    NOT_RELATIONAL = "not favoured by its attitudes"


@dataclass(frozen=True)
class Concept:
    """A stability concept: a definition of when a state is stable for a player.

    Attributes
    ----------
    id
        Its name in files, commands and results.
    title
        Its name in the literature.
    name
        Its full name.
    definition
        The definition in symbols.
    plain
        The definition in words.
    source
        The publication.
    respond
        How the other players can respond to an improvement.
    counter_move
        Whether the player may move once more after the response.
    improvement
        The moves that count as improvements for the player.
    sanction
        The states that count as a sanction.
    caution
        What to keep in mind when using it.
    credible
        The moves that count as improvements for the other players.
    lasting
        What must be true after every counter-move for the sanction to last; None for the same as ``sanction``.
    family
        What it uses of preferences beyond which state is better.
    horizon
        How many moves the player looks ahead; None if the concept does not count them.
    experimental
        Whether it was written without the publication at hand and has been checked by computation only.
    """

    id: str
    title: str
    name: str
    definition: str
    plain: str
    source: str
    respond: Respond
    counter_move: bool = False
    improvement: Improvement = Improvement.BETTER
    sanction: Sanction = Sanction.NOT_BETTER
    caution: str = ""
    credible: Improvement = Improvement.BETTER
    lasting: Sanction | None = None
    family: str = "plain"
    horizon: int | None = None
    experimental: bool = False

    @property
    def meaning(self) -> str:
        """The definition as a full sentence, so that it is not mistaken for a verdict."""
        return f"{self.title} stability means: {self.plain[:1].lower()}{self.plain[1:]}"

    @property
    def may_cycle(self) -> bool:
        """Whether some states may have no verdict: if the horizon grows without end."""
        return self.respond is Respond.ANTICIPATED and self.horizon is None

    def must_be_defined(self, conflict: Conflict) -> None:
        """Raise an error if the concept is not defined for a conflict; the message suggests another concept.

        Raises
        ------
        NotDefinedError
            For limited-move and non-myopic stability among three or more players; for these and the relational concepts
            with a standing coalition.
        """
        if self.family != "relational" and self.respond is not Respond.ANTICIPATED:
            return
        coalition = next(("+".join(members) for members in conflict.players if len(members) > 1), None)
        if self.family == "relational" and coalition:
            raise NotDefinedError(
                f"{self.id} is not defined for the standing coalition {coalition}: only a single decision maker has "
                f"attitudes. Use {self.id.removeprefix('relational_')}, or remove 'coalitions' from the file"
            )
        horizon = self.horizon or 4
        instead = f"maximin_{horizon} (Maximin, horizon {horizon})"
        if self.respond is Respond.ANTICIPATED and len(conflict.players) > 2:
            raise NotDefinedError(
                f"{self.id} ({self.name}) needs exactly two parties, which move in turn, and this dispute has "
                f"{len(conflict.players)}. Use {instead}, under which all the "
                "others respond together"
            )
        if coalition:
            raise NotDefinedError(
                f"{self.id} is not defined for the standing coalition {coalition}: it prefers only what every member "
                f"prefers, so it may have no best final state. Use {instead}, or remove 'coalitions' from the file"
            )


@dataclass(frozen=True)
class Series:
    """The concepts of one definition that differ in their horizon h = 1, 2, 3, …: the number of moves they look ahead.

    ``stem``, ``_`` and a number form a concept's identifier. ``make`` returns the concept with a horizon; for None it
    returns the general entry of a list, with the letter h in place of the number.
    """

    stem: str
    make: Callable[[int | None], Concept]

    @property
    def id(self) -> str:
        """The name of the series in a list: ``limited_move_h``."""
        return f"{self.stem}_h"

    @property
    def general(self) -> Concept:
        """The general entry of a list, with the letter h as its horizon."""
        return self.make(None)


def subscript(horizon: int | None) -> str:
    """Return a horizon as a printed index.

    >>> subscript(12), subscript(None)
    ('₁₂', 'ₕ')
    """
    return "ₕ" if horizon is None else str(horizon).translate(_SUBSCRIPTS)
