"""Concepts for uncertain preferences and attitudes, decided for all states at once by sweeps over rankings.

Theory of operation. A decision maker compares two states by its preferences in order of priority. Some of them are
uncertain: their direction is unknown, or they are held with a confidence. Fix what those read at a state r. Then each
other state t either reads the same there, or differs in a known way, and what remains is decided by the first certain
preference that distinguishes t from r. So for one reading there is one ranking K of all states with

    t is better than r, in the sense of the term   <=>   K(t) > K(r)        for every r with this reading

K compares the preferences in order. Where t differs from the reading at an uncertain one, t is put above the states
that read the same if it is better whatever follows, below them if it is not better whatever follows, and among them if
the later preferences decide. With confidences, t is better by some measure between a least and a greatest value: what
follows adds to it, or takes from it, at most the chance that no difference so far was meant. At the end the measure is
known, and if it suffices, t is above the states that agree with r.

With a handful of readings, each concept takes a few sweeps for each of them instead of a comparison of all states. Let
w(s1) be the smallest K that the others can bring about from s1 by one or more responses. Then

    s is stable   <=>   w(s1) <= K(s) for every improvement s1 of s

Graded improvements are not transitive, and an improvement may itself be a state that deters. So, as in `definition`, no
player moves twice in a row, and no state counts as a response to itself:

    w_j(s)  =  min over t in moves_j(s) of K(t) and of w_k(t) for every k ≠ j            w(s) = min over j of w_j(s)

The attitudes of a decision maker that is neutral towards all but one party are one ranking, too: that party's, upside
down if the attitude is negative. A positive attitude also favours another state of equal rank. Ranks are doubled where
they are compared, so that an odd number stands for *must be lower*. A state deters in RSMR if the best that the player
can reach from it is not favoured, either; no state that deters leads back to the first one, since the player's own
options differ there.

Coalitions, merged states, attitudes towards several parties and great preferences below mild ones are left to
`definition`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor
from typing import Any, cast

import numpy as np

from detente.concepts import Concept, Improvement, Respond, Sanction
from detente.engine.explicit.definition import Responses
from detente.engine.explicit.fixpoints import lowest_at_ends
from detente.engine.explicit.moves import NOTHING, FibreMoves, MovesAmongEquals, favouring
from detente.engine.explicit.players import Player, PreferenceView, RankingView, StatementView, attitude_keys
from detente.engine.space import Bools, Ints, dense_labels

Term = Improvement | Sanction
#: Readings of the uncertain preferences of one decision maker up to which sweeps are used.
MOST_READINGS = 64

#: Whether a state counts as better if the preference is unknown, by term; for a sanction, what is denied.
_UNKNOWN_COUNTS: dict[Term, Callable[[str], bool]] = {
    Improvement.PERHAPS_BETTER: lambda facing: True,
    Improvement.SURELY_BETTER: lambda facing: False,
    Improvement.BETTER_AS_FACED: lambda facing: facing in "ac",
    Sanction.SURELY_NOT_BETTER: lambda facing: True,
    Sanction.NOT_SURELY_BETTER: lambda facing: False,
    Sanction.NOT_BETTER_AS_FACED: lambda facing: facing in "ab",
}
_DEGREES = (Improvement.SATISFYING, Sanction.NOT_SATISFYING)
_CHANCES = (Improvement.LIKELY, Improvement.LIKELY_ENOUGH, Sanction.UNLIKELY)


@dataclass(frozen=True, eq=False)
class Reader:
    """How a decision maker compares states under a term, as rankings.

    Attributes
    ----------
    view
        The preferences.
    meaning
        What the term means to the decision maker: equal for terms that compare all states alike.
    key
        For attitudes, the ranking by them.
    """

    view: PreferenceView
    meaning: Hashable
    key: Ints | None = None

    @classmethod
    def of(cls, players: Sequence[Player], player: int, term: Term) -> Reader | None:
        """Return how a decision maker reads a term; None if it is not a ranking for each reading."""
        (view,) = players[player].views
        if term in (Improvement.RELATIONAL, Sanction.RELATIONALLY_WORSE, Sanction.NOT_RELATIONAL):
            keys = attitude_keys(players, player) or [(np.zeros_like(view.rank), False)]
            (key, must_rise), *others = keys
            return None if others else cls(view, ("attitude", must_rise), key)
        if term in (Improvement.BETTER, Sanction.NOT_BETTER):
            return cls(view, "certain")
        if term in _UNKNOWN_COUNTS:
            counts = _UNKNOWN_COUNTS[term](view.maker.facing_unknown)
            return cls(view, ("unknown", counts) if view.any_unknown else "certain")
        if term not in (*_DEGREES, *_CHANCES):
            return None
        limits, total = view.maker.thresholds, view.denominator
        if term in _DEGREES:
            need = ceil(limits.satisficing * total)
        else:
            beyond = {
                Improvement.LIKELY: limits.alpha,
                Improvement.LIKELY_ENOUGH: limits.gamma,
                Sanction.UNLIKELY: limits.beta,
            }
            need = floor((1 - beyond[term]) * total) + 1
        # Where nothing is needed, a state is better than itself.
        return cls(view, ("degree" if term in _DEGREES else "chance", need)) if need > 0 else None

    @cached_property
    def uncertain(self) -> list[Any]:
        """What the states read at each uncertain preference."""
        if self.meaning == "certain" or self.key is not None:
            return []
        if isinstance(self.view, RankingView):
            return [self.view.chain] if self._of_unknown else []
        assert isinstance(self.view, StatementView) or not self._of_unknown
        return [truth for truth, (_, marked) in self._marked if marked]

    @property
    def _of_unknown(self) -> bool:
        return cast(tuple[str, int], self.meaning)[0] == "unknown"

    @cached_property
    def _marked(self) -> list[tuple[Bools, tuple[Any, bool]]]:
        """Each preference: where it is met, its statement, and whether it is uncertain."""
        if not isinstance(self.view, StatementView):
            return []
        of_unknown = self._of_unknown
        return [
            (truth, (one, one.unknown if of_unknown else one.confidence < 1))
            for truth, one in zip(self.view.truths, self.view.statements, strict=True)
        ]

    def ranking(self, reading: Sequence[int]) -> Ints:
        """Return the ranking of all states as seen from those with a reading."""
        if self.meaning == "certain":
            return self.view.rank
        if self.key is not None:
            return self.key
        word, number = cast(tuple[str, int], self.meaning)
        if isinstance(self.view, RankingView) and word == "unknown":
            outside = self.view.rank.size if number else -1
            return np.where(self.view.chain == reading[0], self.view.rank, outside)
        if number > self.view.denominator:
            return np.zeros_like(self.view.rank)
        size = self.view.rank.size
        if not self._marked:
            return self.view.rank
        return dense_labels(self._by_unknown(reading) if word == "unknown" else self._by_measure(reading), size)

    def _by_unknown(self, reading: Sequence[int]) -> list[Bools]:
        """Return the columns of a ranking in which a difference at an unknown preference counts, or does not."""
        counts = bool(cast(tuple[str, int], self.meaning)[1])
        columns: list[Bools] = []
        rest = iter(reading)
        for truth, (_, marked) in self._marked:
            columns.append((truth != next(rest)) == counts if marked else truth)
        return columns

    def _by_measure(self, reading: Sequence[int]) -> list[Bools]:
        """Return the columns of a ranking by the chance, or the degree, to which states are better."""
        word, need = cast(tuple[str, int], self.meaning)
        total = self.view.denominator
        kind = np.int64 if total < 2**62 else object
        there, here, left = (np.full(self.view.rank.size, start, dtype=kind) for start in (0, 0, total))
        columns: list[Bools] = []
        rest = iter(reading)
        for truth, (statement, marked) in self._marked:
            if not marked:
                columns.append(truth)
                continue
            sure = statement.confidence
            share = np.where(truth != next(rest), left // sure.denominator * sure.numerator, 0)
            there = there + np.where(truth, share, 0)
            here = here + np.where(truth, 0, share)
            left = left - share
            least, most = (there - here - left, there - here + left) if word == "degree" else (there, there + left)
            columns += [np.asarray(least >= need, dtype=bool), np.asarray(most >= need, dtype=bool)]
        known = there - here if word == "degree" else there
        return [*columns, np.asarray(known >= need, dtype=bool)]


class Graded:
    """The concepts for uncertain preferences and attitudes that sweeps decide; what several concepts share is kept."""

    def __init__(self, responses: Responses) -> None:
        self._responses = responses
        self.players = responses.players
        self._readers: dict[tuple[int, Term], Reader | None] = {}
        self._readings: dict[tuple[int, Hashable], tuple[list[tuple[int, ...]], Ints]] = {}
        self._rankings: dict[tuple[int, Hashable, tuple[int, ...]], Ints] = {}
        self._moves: dict[tuple[int, Hashable, tuple[int, ...]], FibreMoves | MovesAmongEquals] = {}
        self._worth: dict[tuple[Hashable, ...], Ints] = {}

    def serves(self, concept: Concept, player: int) -> bool:
        """Tell whether sweeps decide a concept for a player."""
        if not all(one.alone and isinstance(one.moves, FibreMoves) for one in self.players):
            return False
        asked: list[tuple[int, Term]] = [(player, concept.improvement)]
        if concept.respond is not Respond.NOBODY:
            asked.append((player, concept.sanction))
        if concept.respond is Respond.IMPROVEMENTS:
            if concept.credible is not Improvement.RELATIONAL:
                asked += [(place, concept.credible) for place in range(len(self.players)) if place != player]
        elif concept.respond not in (Respond.NOBODY, Respond.MOVES):
            return False
        return concept.lasting in (None, Sanction.NOT_RELATIONAL) and all(
            self._reader(*one) is not None and len(self._read(*one)[0]) <= MOST_READINGS for one in asked
        )

    def stable(self, concept: Concept, player: int) -> Bools:
        """Decide a concept for a player at every state."""
        tempting, deterring = self._reader(player, concept.improvement), self._reader(player, concept.sanction)
        assert tempting is not None
        graded = tempting if tempting.uncertain or deterring is None else deterring
        term = concept.improvement if graded is tempting else concept.sanction
        readings, reading_of = self._read(player, term)
        stable = np.ones(reading_of.size, dtype=bool)
        for place, reading in enumerate(readings):
            mine = reading_of == place
            moves = self._moves_of(player, concept.improvement, reading)
            if concept.respond is Respond.NOBODY:
                stable[mine] = (moves.worst_improving(np.zeros_like(reading_of)) == NOTHING)[mine]
                continue
            bound, worth = self._compared(concept, player, reading)
            lowest = self._lowest_worth(concept, player, reading, worth)
            stable[mine] = (-moves.worst_improving(-lowest) <= bound)[mine]
        return stable

    def _reader(self, player: int, term: Term) -> Reader | None:
        if (player, term) not in self._readers:
            self._readers[player, term] = Reader.of(self.players, player, term)
        return self._readers[player, term]

    def _known(self, player: int, term: Term) -> Reader:
        reader = self._reader(player, term)
        assert reader is not None
        return reader

    def _read(self, player: int, term: Term) -> tuple[list[tuple[int, ...]], Ints]:
        """Return the different readings of a player's uncertain preferences, and which of them each state has."""
        reader = self._known(player, term)
        key = player, reader.meaning if reader.meaning == "certain" else cast(tuple[str, int], reader.meaning)[0]
        if key not in self._readings:
            of_each = np.zeros(reader.view.rank.size, dtype=np.int64)
            rows: list[tuple[int, ...]] = [()]
            for column in reader.uncertain:
                values, of_column = np.unique(column, return_inverse=True)
                codes, _, of_each = np.unique(
                    of_each * values.size + of_column.reshape(-1), return_index=True, return_inverse=True
                )
                rows = [(*rows[code // values.size], int(values[code % values.size])) for code in codes.tolist()]
                if len(rows) > MOST_READINGS:
                    break
            self._readings[key] = rows, of_each
        return self._readings[key]

    def _ranking(self, player: int, term: Term, reading: tuple[int, ...]) -> Ints:
        reader = self._known(player, term)
        key = player, reader.meaning, reading
        if key not in self._rankings:
            self._rankings[key] = reader.ranking(reading)
        return self._rankings[key]

    def _moves_of(self, player: int, term: Term, reading: tuple[int, ...]) -> FibreMoves | MovesAmongEquals:
        """Return a player's moves, whose improvements are those of a term from the states with a reading."""
        reader = self._known(player, term)
        moves = cast(FibreMoves, self.players[player].moves)
        if reader.meaning == "certain":
            return moves
        key = player, reader.meaning, reading
        if key not in self._moves:
            rank = self._ranking(player, term, reading)
            self._moves[key] = favouring(moves, rank, must_rise=reader.meaning != ("attitude", False))
        return self._moves[key]

    def _compared(self, concept: Concept, player: int, reading: tuple[int, ...]) -> tuple[Ints, Ints]:
        """Return a bound and a worth for each state: the second state deters from leaving the first if its worth is
        within the bound.
        """
        rank = self._ranking(player, concept.sanction, reading)
        best = np.maximum(rank, self.players[player].moves.best(rank)) if concept.counter_move else None
        if concept.sanction is not Sanction.RELATIONALLY_WORSE:
            return rank, rank if best is None else best
        _, must_rise = cast(tuple[str, bool], self._known(player, concept.sanction).meaning)
        worth = 2 * rank + must_rise
        return 2 * rank, worth if best is None else np.maximum(worth, 2 * best + (not must_rise))

    def _lowest_worth(self, concept: Concept, player: int, reading: tuple[int, ...], worth: Ints) -> Ints:
        """Return for each state the lowest worth that the others can bring about by one or more responses."""
        credible = concept.credible if concept.respond is Respond.IMPROVEMENTS else None
        key = player, reading, self._known(player, concept.sanction).meaning, concept.counter_move, credible
        if key not in self._worth:
            others = [place for place in range(len(self.players)) if place != player]
            self._worth[key] = lowest_at_ends(worth, [self._sweep(place, credible) for place in others])
        return self._worth[key]

    def _sweep(self, mover: int, credible: Improvement | None) -> Callable[[Ints], Ints]:
        """Return a function that finds the lowest value among the states that a player moves to, or improves to."""
        if credible is None:
            return self._responses.anywhere(mover)
        if credible is Improvement.RELATIONAL:
            return self._responses.favoured(mover)
        readings, reading_of = self._read(mover, credible)
        each = [
            (np.flatnonzero(reading_of == place), self._moves_of(mover, credible, reading))
            for place, reading in enumerate(readings)
        ]

        def lowest(values: Ints) -> Ints:
            found = np.empty_like(values)
            for asking, moves in each:
                found[asking] = moves.worst_improving(values)[asking]
            return found

        return lowest
