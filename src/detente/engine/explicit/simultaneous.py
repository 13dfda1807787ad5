"""Simultaneous sanctions: improvements from the same state, made at the same time.

Theory of operation. A state is split into one *strategy* per player: what it does with its own options. A combination
takes some players' strategies from their improvements and the rest from the state itself, and is looked up by its
tuple of strategies; where nothing is found it is infeasible and sanctions nothing. All pairs of a state and an
improvement are tried against the others' combinations in blocks, and a pair is dropped as soon as it is sanctioned —
or at once, when no state with that strategy is bad enough. With many players there are more combinations than states,
most of them infeasible: then it is the states that are gone through, for one that some combination leads to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.engine.explicit.moves import ArcMoves, compressed, member_arcs
from detente.engine.explicit.players import Player, sequences_of_members
from detente.engine.explicit.space import Bools, Ints, StateSpace
from detente.engine.work import pulse

#: How many combinations are tried at once.
BLOCK = 2**20
#: With more combinations than this, and more than there are states, the states are gone through instead.
MANY = 2**12


@dataclass(frozen=True, eq=False)
class Simultaneity:
    """The strategies and the improvements of every player, between members.

    A coalition takes the strategies of its members' moves together; its members move as one.
    """

    space: StateSpace
    players: Sequence[Player]

    @cached_property
    def _state_of(self) -> Ints:
        return np.arange(self.space.members) if self.space.state_of is None else self.space.state_of

    @cached_property
    def _strategies(self) -> list[Ints]:
        return [self.space.labels(player.options) for player in self.players]

    @cached_property
    def _radix(self) -> list[int]:
        """What a step in each player's strategy is worth in the code of a combination."""
        radix, worth = [], 1
        for strategies in self._strategies:
            radix.append(worth)
            worth *= int(strategies.max()) + 1
        return [*radix, worth]

    @cached_property
    def _codes(self) -> Ints:
        """The code of every member; Python's own integers where 64 bits would not do."""
        kind = np.int64 if self._radix[-1] < 2**62 else object
        return sum(
            (strategies.astype(kind) * radix for strategies, radix in zip(self._strategies, self._radix, strict=False)),
            np.zeros(self.space.members, dtype=kind),
        )

    @cached_property
    def _sorted_codes(self) -> tuple[Ints, Ints]:
        order = np.argsort(self._codes, kind="stable")
        return self._codes[order], order

    def _find(self, codes: Ints) -> Ints:
        """Return the member of each code, or -1 where the combination is infeasible."""
        known, order = self._sorted_codes
        place = np.minimum(np.searchsorted(known, codes), known.size - 1)
        return np.where(known[place] == codes, order[place], -1)

    @cached_property
    def _improvements(self) -> list[tuple[Ints, Ints]]:
        """For every player its improvements between members, as compressed rows."""
        rows = []
        for player in self.players:
            starts, ends = self._player_arcs(player)
            improving = player.better(self._state_of[starts], self._state_of[ends])
            starts, ends = starts[improving], ends[improving]
            order = np.lexsort((ends, starts))
            rows.append(compressed(starts[order], ends[order], self.space.members))
        return rows

    def _player_arcs(self, player: Player) -> tuple[Ints, Ints]:
        if player.alone:
            return member_arcs(self.space, player.options)
        return sequences_of_members(self.space, player.members)

    def sanctioned(self, player: int, among: Sequence[Bools] | None = None) -> tuple[Ints, Ints, Bools]:
        """Return every improvement of a player, from state to state, and whether some combination sanctions it.

        ``among`` says for every player at which states its improvements may be part of a combination; everywhere
        when it is None.
        """
        indptr, ends = self._improvements[player]
        starts = np.repeat(np.arange(self.space.members), np.diff(indptr))
        deterred = np.zeros(starts.size, dtype=bool)
        pending = np.flatnonzero(self._may_be_sanctioned(player, starts, ends))
        others = [place for place in range(len(self.players)) if place != player]
        counts = np.column_stack(
            [self._choices(place, starts[pending], among) for place in others] or [pending * 0 + 1]
        )
        many = np.prod(counts, axis=1, dtype=float) > max(MANY, self.space.members)
        for pair in pending[many]:
            deterred[pair] = self._leading_to(player, int(starts[pair]), int(ends[pair]), among).size > 0
        pending, counts = pending[~many], counts[~many]
        totals = np.prod(counts, axis=1)
        first = 1
        while pending.size:
            pulse(1 - pending.size / starts.size, "trying what the others can do at the same time")
            width = max(1, min(BLOCK // pending.size, int(totals.max()) - first))
            deterred[pending] = self._try(player, others, starts[pending], ends[pending], counts, totals, first, width)
            first += width
            left = ~deterred[pending] & (totals > first)
            pending, counts, totals = pending[left], counts[left], totals[left]
        return self._by_state(player, starts, ends, deterred)

    def _choices(self, place: int, starts: Ints, among: Sequence[Bools] | None) -> Ints:
        """Return how many things a player can do at each start: stay, or take one of its improvements."""
        indptr, _ = self._improvements[place]
        improvements = indptr[starts + 1] - indptr[starts]
        if among is not None:
            improvements = np.where(among[place][self._state_of[starts]], improvements, 0)
        return improvements + 1

    def _may_be_sanctioned(self, player: int, starts: Ints, ends: Ints) -> Bools:
        """Rule out the improvements after which the others can do nothing, whatever they choose."""
        strategies = self._strategies[player]
        possible = np.zeros(starts.size, dtype=bool)
        for rank in self.players[player].ranks:
            ranks = rank[self._state_of]
            worst = np.full(int(strategies.max()) + 1, np.iinfo(np.int64).max)
            np.minimum.at(worst, strategies, ranks)
            possible |= worst[strategies[ends]] <= ranks[starts]
        return possible

    def _try(
        self,
        player: int,
        others: Sequence[int],
        starts: Ints,
        ends: Ints,
        counts: Ints,
        totals: Ints,
        first: int,
        width: int,
    ) -> Bools:
        """Try ``width`` combinations, from the one numbered ``first``, of every pair of start and end."""
        number = np.arange(first, first + width)[None, :]
        valid = number < totals[:, None]
        kind = self._codes.dtype
        own = (self._strategies[player][ends] - self._strategies[player][starts]).astype(kind) * self._radix[player]
        codes = (self._codes[starts] + own)[:, None] + np.zeros((1, width), dtype=kind)
        for column, place in enumerate(others):
            digit = number % counts[:, column][:, None]
            number = number // counts[:, column][:, None]
            indptr, targets = self._improvements[place]
            if targets.size:
                at = np.minimum(indptr[starts][:, None] + np.maximum(digit - 1, 0), targets.size - 1)
                strategies = self._strategies[place]
                change = strategies[targets[at]] - strategies[starts][:, None]
                codes = codes + np.where(digit > 0, change, 0).astype(kind) * self._radix[place]
        found = self._find(codes.reshape(-1)).reshape(codes.shape)
        valid &= found >= 0
        worse = ~self.players[player].better(
            self._state_of[starts][:, None], self._state_of[np.where(found >= 0, found, 0)]
        )
        return np.asarray(np.any(valid & worse, axis=1))

    def _by_state(self, player: int, starts: Ints, ends: Ints, deterred: Bools) -> tuple[Ints, Ints, Bools]:
        """Put together the pairs of members that are the same pair of states: one sanction is enough."""
        if self.space.state_of is None:
            return starts, ends, deterred
        codes = self._state_of[starts] * self.space.count + self._state_of[ends]
        moves = self.players[player].moves
        if isinstance(moves, ArcMoves) and not self.players[player].alone:
            # A coalition may move on from another member of a merged state; no combination includes such a move. Nor is
            # all that its members can do from one member a move between states: a step within a merged state is none,
            # so whoever comes to it and leaves it then moves twice in a row.
            improving = moves.improving_arcs()
            legal = np.isin(codes, improving)
            codes = np.concatenate([codes[legal], improving])
            deterred = np.concatenate([deterred[legal], np.zeros(improving.size, dtype=bool)])
        pairs, place = np.unique(codes, return_inverse=True)
        any_deterred = np.bincount(place.reshape(-1), weights=deterred, minlength=pairs.size) > 0
        return pairs // self.space.count, pairs % self.space.count, any_deterred

    def _leading_to(self, player: int, start: int, end: int, among: Sequence[Bools] | None) -> Ints:
        """Return the members that sanction one improvement, of those that some combination leads to."""
        state = int(self._state_of[start])
        strategies = self._strategies[player]
        found = np.flatnonzero(strategies == strategies[end])
        found = found[~self.players[player].better(state, self._state_of[found])]
        for place, own in enumerate(self._strategies):
            if place == player or found.size == 0:
                continue
            allowed = np.zeros(int(own.max()) + 1, dtype=bool)
            allowed[own[start]] = True
            if among is None or among[place][state]:
                allowed[own[self._ends(place, start)]] = True
            found = found[allowed[own[found]]]
        return found

    def witness(
        self, player: int, state: int, improvement: int, among: Sequence[Bools] | None = None
    ) -> tuple[list[tuple[int, int]], int] | None:
        """Return improvements of others, as pairs of player and state, that sanction an improvement, and the end.

        The fewest others that can do it are named; None when nothing sanctions it.
        """
        best: tuple[list[tuple[int, int]], int] | None = None
        for member in map(int, np.flatnonzero(self._state_of == state)):
            ends = self._ends(player, member)
            for end in map(int, ends[self._state_of[ends] == improvement]):
                for reached in map(int, self._leading_to(player, member, end, among)):
                    moved = [
                        place
                        for place, own in enumerate(self._strategies)
                        if place != player and own[reached] != own[member]
                    ]
                    if best is None or len(moved) < len(best[0]):
                        steps = [(place, self._alone(place, member, reached)) for place in moved]
                        best = steps, int(self._state_of[reached])
        return best

    def _alone(self, place: int, start: int, reached: int) -> int:
        """Return the state where a player's part in a combination would lead by itself."""
        own, ends = self._strategies[place], self._ends(place, start)
        return int(self._state_of[ends[own[ends] == own[reached]][0]])

    def _ends(self, player: int, member: int) -> Ints:
        indptr, ends = self._improvements[player]
        return ends[indptr[member] : indptr[member + 1]]
