"""The worst that the others can bring a player down to, one digit of its rank after the other, for all ranks at once.

From every state there is a worst rank that the others' answers can lead the player to. It is a number in binary, as
ranks are, and is found as a least number is, the most important digit first: it is nothing where they can bring about
that it is nothing, and the next digit is nothing where they can bring that about besides.

Ask about states whose ranks begin alike. Of what the player can improve to from them, keep that from which the worst
rank begins so too. One fixed point says where the others can bring the next digit down to nothing: ``caught``.

- A state that has nothing there itself is unstable where it can be improved to something that is not caught: whatever
  the others answer, the player is better off.
- A state that has a one there is deterred from all that is caught: the others can answer with something worse.
- Everything else depends on the digits that follow, and is asked again among the states that begin alike one further.

So one fixed point serves all ranks that begin alike, and many are settled before their last digit. What hurts is of a
simple kind: that some wishes together are not met. And where the worst rank has a one, the others cannot take it away
whatever they do, so all that follows happens within the states from which they cannot: a smaller world to draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.engine.symbolic.diagrams import Diagram
from detente.engine.symbolic.ranks import at_most
from detente.stability import Concept

if TYPE_CHECKING:
    from detente.engine.symbolic.deciding import Deciding


class Worst:
    """Telling what is unstable by the worst that a player's improvements can come to."""

    def __init__(self, deciding: Deciding, concept: Concept, player: int) -> None:
        self._deciding = deciding
        self._concept = concept
        self._player = player
        self._mover = deciding.movers[player]

    def unstable(self, asked: Diagram) -> Diagram:
        """Return those of some states that are not stable; the player has an improvement from each."""
        everything = self._deciding.diagrams.everything
        return self._unstable(asked, (), everything, everything, (0.0, 1.0))

    def _unstable(
        self, asked: Diagram, begin: tuple[bool, ...], alike: Diagram, within: Diagram, share: tuple[float, float]
    ) -> Diagram:
        """Return which states are not stable, of those asked about, whose ranks ``begin`` so.

        From what can be improved to and is ``alike``, the worst rank begins so too; from there the others lead nowhere
        but ``within``. ``share`` says from where to where in the whole work this is.
        """
        nothing = self._deciding.diagrams.nothing
        open_ = self._mover.improving_from(asked) & alike
        if open_ == nothing or len(begin) == len(self._mover.digits):
            return nothing
        caught = self._caught((*begin, False), open_, within, share[0])
        digit, kept = self._mover.digits[len(begin)], open_ & ~caught
        lower, middle = asked & ~digit, sum(share) / 2
        found = lower & self._mover.improving_to(kept)
        lower = self._unstable(lower & ~found, (*begin, False), open_ & caught, within, (share[0], middle))
        # Where states are merged it counts who moves next, so that what is caught may still be passed through.
        narrower = within if self._deciding.merging.groups else within & ~caught
        higher = self._unstable(asked & digit, (*begin, True), kept, narrower, (middle, share[1]))
        return found | lower | higher

    def _caught(self, begin: tuple[bool, ...], open_: Diagram, within: Diagram, share: float) -> Diagram:
        """Return where the others can bring about a rank that begins so, or lower, from; as far as open states ask."""
        deciding = self._deciding
        bound = deciding.diagrams.constants(begin)
        limit = at_most(self._mover.digits[: len(begin)], bound, deciding.feasible)
        hurt = deciding.hurting(self._concept, self._player, limit) & within
        nothing = deciding.nothing_caught(self._player)
        return deciding.caught(self._concept, self._player, nothing, hurt, open_, share, within).states
