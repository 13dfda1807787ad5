"""A part of the states, decided by itself: moves are followed wherever they lead, only the question is narrower."""

from __future__ import annotations

from collections.abc import Callable

from detente.engine.symbolic.deciding import Deciding
from detente.engine.symbolic.diagrams import Diagram
from detente.engine.symbolic.space import Space
from detente.engine.work import pulse
from detente.stability import CONCEPTS, Concept, Respond

#: What is cheap, and has to hold for a state to be an equilibrium: asked first.
FIRST = {"smr": "gmr", "seq": "gmr", "sseq": "smr"}
#: Players are told apart by how many ranks are left to ask about, up to so many.
MOST_TOLD_APART = 256


class Parts:
    """Equilibria among the states that a pattern describes.

    ``unstable`` returns those of some states that are not stable for a player under a concept.
    """

    def __init__(self, space: Space, deciding: Deciding, unstable: Callable[[Concept, int, Diagram], Diagram]) -> None:
        self.space = space
        self.deciding = deciding
        self.unstable = unstable
        self._found: dict[tuple[str, str], Diagram] = {}

    def described(self, pattern: str) -> Diagram:
        """Return the states that a pattern describes: a merged one where it describes its largest member.

        So a merged state is in one slice only, however many its members are spread over.
        """
        merging = self.space.merging
        return merging.whole(self.space.described(pattern) & merging.standing)

    def equilibria(self, concept: Concept, pattern: str) -> Diagram:
        """Return the equilibria among them: narrowed down player by player, the one with the fewest ranks first."""
        key = (concept.id, pattern)
        if key not in self._found:
            first = FIRST.get(concept.id)
            left = self.equilibria(CONCEPTS[first], pattern) if first else self.described(pattern)
            waiting = list(range(len(self.deciding.movers)))
            total = len(waiting)
            while waiting:
                pulse(1 - len(waiting) / total, f"{concept.title} equilibria")
                player = min(waiting, key=lambda place: self._effort(concept, place, left))
                waiting.remove(player)
                left = left & ~self.unstable(concept, player, left)
            self._found[key] = left
        return self._found[key]

    def holds(self, concept: Concept, pattern: str, state: Diagram) -> bool:
        """Tell of one state whether it is among these equilibria."""
        here = state & self.described(pattern)
        nothing = self.space.diagrams.nothing
        players = range(len(self.deciding.movers))
        return here != nothing and all(self.unstable(concept, player, here) == nothing for player in players)

    def _effort(self, concept: Concept, player: int, left: Diagram) -> int:
        if concept.respond is not Respond.IMPROVEMENTS:
            return 0
        asked = left & ~self.deciding.movers[player].content
        ranks = self.deciding.ranks(player, asked, MOST_TOLD_APART)
        return MOST_TOLD_APART + 1 if ranks is None else len(ranks)
