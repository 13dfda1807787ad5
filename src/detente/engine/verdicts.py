"""Why a state is stable for a player, or not: the moves and responses that an engine's verdict rests on.

Plain data, without prose. A player is named by its place in ``conflict.players``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from detente.concepts import Concept
from detente.model.states import State


@dataclass(frozen=True)
class Step:
    """A player's move to a state."""

    player: int
    to: State


@dataclass(frozen=True)
class Degree:
    """How sure it is that one state is better than another for one decision maker.

    ``unknown`` says that nobody knows which is; ``chance`` is the chance that the one is better, and ``strength`` that
    chance less the chance of the opposite.
    """

    decision_maker: str
    unknown: bool
    chance: Fraction
    strength: Fraction


@dataclass(frozen=True)
class SanctionPath:
    """An answer that deters an improvement.

    ``steps`` is a legal sequence of the others' moves from the improvement, or — for a simultaneous sanction — the
    improvements that they would take at the same time. Where both sides move by turns the player's own moves are among
    the steps. ``end`` is where it ends; ``answers`` counts the player's own moves from there, none of which helps.
    ``degrees`` says for every member how sure it is that ``end`` is better than the state asked about, where the
    concept knows of that.
    """

    steps: tuple[Step, ...]
    end: State
    simultaneous: bool = False
    answers: int | None = None
    degrees: tuple[Degree, ...] = ()


@dataclass(frozen=True)
class ImprovementMove:
    """A move to a preferred state, and what deters the player from it; None when nothing does.

    ``degrees`` says for every member how sure the preference is, where the concept knows of that.
    """

    to: State
    sanction: SanctionPath | None
    degrees: tuple[Degree, ...] = ()


@dataclass(frozen=True)
class Expectation:
    """What a player whose turn it is expects, looking so many moves ahead.

    ``steps`` are the moves that would follow if it moved in the best way, its own first and those after it by turns;
    there are none when it has no move. ``end`` is where they end. ``leaves`` tells whether it prefers that end.
    """

    horizon: int
    steps: tuple[Step, ...]
    end: State
    leaves: bool


@dataclass(frozen=True)
class Outlook:
    """What becomes of a state for a player as the horizon grows without end.

    From the horizon ``since`` on what is expected repeats after as many horizons as there are ``repeated``
    expectations; one where it settles.
    """

    since: int
    repeated: tuple[Expectation, ...]

    @property
    def cycles(self) -> bool:
        """Whether the player stays at some of the horizons that repeat and leaves at others."""
        return len({one.leaves for one in self.repeated}) > 1


@dataclass(frozen=True)
class Verdict:
    """Whether a state is stable for a player under a concept, and why: every improvement with its sanction.

    ``stable`` is None where the concept gives no verdict because staying and leaving alternate for ever. Concepts that
    anticipate have no improvements and sanctions but an `Expectation`, or an `Outlook` over all horizons.
    """

    state: State
    player: int
    concept: Concept
    stable: bool | None
    improvements: tuple[ImprovementMove, ...]
    expects: Expectation | Outlook | None = None


@dataclass(frozen=True)
class ClosedSet:
    """A set of states as plain data, that the others cannot leave: proof that no answer of theirs deters.

    ``decisions`` are triples of an option, what follows where it is taken and what follows where it is not: 0 for *not
    in the set*, 1 for *in the set*, or 2 and more for the decision with this number less 2, which stands earlier.
    ``start`` is what to begin with. Options that a decision skips make no difference.

    Where it makes a difference who moved last, who may not move next, ``after`` has for every other player, by its
    place, what to begin with for the states that it may have moved to: a set of its own each. From the set itself, to
    which nobody has moved yet, and from the sets of all the others its moves lead into its own.
    """

    decisions: tuple[tuple[str, int, int], ...]
    start: int
    after: tuple[tuple[int, int], ...] = ()
