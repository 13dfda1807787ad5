"""Verdicts: whether a state is stable for a player, with the moves and responses that prove it.

Data only, without sentences. A player is given by its index in ``conflict.players``.
"""

from __future__ import annotations

from fractions import Fraction

from detente.concepts import Concept
from detente.lazy import dataclass
from detente.model.states import State


@dataclass(frozen=True)
class Step:
    """A player's move to a state.

    Attributes
    ----------
    player
        The place of the player.
    to
        The state after the move.
    """

    player: int
    to: State


@dataclass(frozen=True)
class Degree:
    """How sure it is that one state is better than another for a decision maker.

    Attributes
    ----------
    decision_maker
        The identifier of the decision maker.
    unknown
        Whether the direction of the preference is unknown.
    chance
        The chance that the state is better.
    strength
        That chance minus the chance of the opposite.
    """

    decision_maker: str
    unknown: bool
    chance: Fraction
    strength: Fraction


@dataclass(frozen=True)
class SanctionPath:
    """Moves of the other players that deter an improvement.

    Attributes
    ----------
    steps
        A legal sequence of moves from the improvement; if simultaneous, the improvements made at the same time. If
        both sides move by turns, the player's own moves are among them.
    end
        The state after the last move.
    simultaneous
        Whether the moves are made at the same time.
    answers
        The number of the player's own counter-moves from there, none of which helps; None if the concept allows none.
    degrees
        How sure it is for every member that ``end`` is better than the state asked about, if the concept uses this.
    """

    steps: tuple[Step, ...]
    end: State
    simultaneous: bool = False
    answers: int | None = None
    degrees: tuple[Degree, ...] = ()


@dataclass(frozen=True)
class ImprovementMove:
    """A move to a preferred state, and what deters the player from it.

    Attributes
    ----------
    to
        The state after the move.
    sanction
        The sanction; None if no sanction deters the player.
    degrees
        How sure the preference is for every member, if the concept uses this.
    """

    to: State
    sanction: SanctionPath | None
    degrees: tuple[Degree, ...] = ()


@dataclass(frozen=True)
class Expectation:
    """What a player whose turn it is expects, looking a number of moves ahead.

    Attributes
    ----------
    horizon
        The number of moves.
    steps
        The best move of the player and the moves that follow it by turns; empty if the player has no move.
    end
        The state after these moves.
    leaves
        Whether the player prefers that state, and so moves.
    """

    horizon: int
    steps: tuple[Step, ...]
    end: State
    leaves: bool


@dataclass(frozen=True)
class Outlook:
    """What a player expects as the horizon grows without end.

    Attributes
    ----------
    since
        The horizon from which the expectations repeat.
    repeated
        The expectations that repeat; a single one if they settle.
    """

    since: int
    repeated: tuple[Expectation, ...]

    @property
    def cycles(self) -> bool:
        """Whether the player stays at some of the repeated horizons and leaves at others."""
        return len({one.leaves for one in self.repeated}) > 1


@dataclass(frozen=True)
class Verdict:
    """Whether a state is stable for a player under a concept, and why.

    Concepts that look ahead have no improvements and sanctions but an `Expectation`, or an `Outlook` over all
    horizons.

    Attributes
    ----------
    state
        The state.
    player
        The place of the player.
    concept
        The stability concept.
    stable
        The verdict; None if staying and moving alternate for ever.
    improvements
        Every improvement with its sanction.
    expects
        What the player expects, for concepts that look ahead.
    """

    state: State
    player: int
    concept: Concept
    stable: bool | None
    improvements: tuple[ImprovementMove, ...]
    expects: Expectation | Outlook | None = None


@dataclass(frozen=True)
class ClosedSet:
    """A set of states, as plain data, that the others cannot leave: proof that no response of theirs deters an
    improvement.

    The set is a decision diagram. ``decisions`` are triples of an option, the successor if it is taken and the
    successor if it is not: 0 means *not in the set*, 1 *in the set*, and k ≥ 2 the decision with index k - 2, which
    stands earlier. ``start`` is the successor to begin with. Options that a path skips make no difference.

    If it matters who moved last (that player may not move next), ``after`` gives for each other player, by its index,
    where to begin for the states that it may just have moved to: a set of its own. The player's moves lead into its own
    set from the initial set, in which no player has moved yet, and from the sets of all others.
    """

    decisions: tuple[tuple[str, int, int], ...]
    start: int
    after: tuple[tuple[int, int], ...] = ()
