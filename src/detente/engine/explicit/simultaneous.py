"""Simultaneous sanctions: improvements from the same state, made at the same time (Fraser & Hipel 1979, 1984).

Theory of operation. A state consists of one *strategy* for each player: the setting of its own options. From a state,
every player may take the strategies of its improvements or keep its own; a combination is feasible if some state
consists of it. So an improvement to a strategy is sanctioned if there is a state with that strategy in which every
other player's strategy is one that it may take, and which is not better for the player.

This is tested for many start states at once, one bit for each: the starts at which a player may take a strategy, and
the starts compared with which a state is no better. For each state, these rows of bits, one for every other player's
strategy and one for the state itself, are combined by *and*; the rows of states that share the player's strategy are
combined by *or*. The cost is states times states, 64 at a time, however many combinations there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.engine.explicit.moves import ArcMoves, compressed, member_arcs
from detente.engine.explicit.players import Player, ends_of_rows, sequences_of_members
from detente.engine.progress import checkpoint
from detente.engine.space import Bools, Ints, StateSpace

#: A row of bits for each state or strategy.
Words = NDArray[np.uint64]

#: Some of the other players, one member for each of their joint strategies, and the joint strategy of every member.
_Together = tuple[list[int], Ints, Ints]

#: Number of words, 8 bytes each, that each step of the work holds.
WORDS_AT_ONCE = 2**19
#: Minimum number of words of a row, if there are enough states: shorter rows are slow to fetch.
MIN_WORDS = 8
#: The others' strategies are joined while there are this many times fewer joint strategies than states.
FEW = 8
#: Improvements of others that sanction an improvement, as pairs of player and state, and the state they lead to
#: together.
Witness = tuple[list[tuple[int, int]], int]


class Simultaneity:
    """The strategies and the improvements of every player, between members.

    The members of a coalition move as one player, with the joint strategies of its moves.
    """

    def __init__(self, space: StateSpace, players: Sequence[Player]) -> None:
        self.space, self.players = space, players
        self._state_of = np.arange(space.members) if space.state_of is None else space.state_of
        self._strategies = [space.labels(player.options) for player in players]
        #: For each player its improvements between members, as compressed rows.
        self._improvements: list[tuple[Ints, Ints]] = []
        for player in players:
            starts, ends = (
                member_arcs(space, player.options) if player.alone else sequences_of_members(space, player.members)
            )
            improving = player.better(self._state_of[starts], self._state_of[ends])
            starts, ends = starts[improving], ends[improving]
            order = np.lexsort((ends, starts))
            self._improvements.append(compressed(starts[order], ends[order], space.members))

    def sanctioned(self, player: int, among: Sequence[Bools] | None = None) -> tuple[Ints, Ints, Bools]:
        """Return every improvement of a player, as pairs of states, and whether some combination sanctions it.

        ``among`` restricts for each player the states at which its improvements may be part of a combination. Default:
        all states.
        """
        indptr, ends = self._improvements[player]
        starts = np.repeat(np.arange(self.space.members), np.diff(indptr))
        deterred = np.zeros(starts.size, dtype=bool)
        strategies = self._strategies[player][ends]
        pending = np.flatnonzero(self._may_be_sanctioned(player, starts, ends))
        # In parts; each part has all improvements from its states.
        firsts = np.flatnonzero(np.diff(starts[pending], prepend=-1))
        size = 64 * max(MIN_WORDS, WORDS_AT_ONCE // self.space.members)
        for first, following in pairwise([*firsts[::size].tolist(), pending.size]):
            checkpoint(first / pending.size, "combining simultaneous improvements")
            pairs = pending[first:following]
            asked, column = np.unique(starts[pairs], return_inverse=True)
            sanctions = self._sanctions(player, asked, among)[strategies[pairs], column.reshape(-1) >> 6]
            deterred[pairs] = sanctions >> (column.reshape(-1) & 63).astype(np.uint64) & np.uint64(1)
        if self.space.state_of is None:
            return starts, ends, deterred
        return self._by_state(player, starts, ends, deterred)

    def _sanctions(self, player: int, asked: Ints, among: Sequence[Bools] | None) -> Words:
        """Return for each strategy of a player the start members from which an improvement to it is sanctioned."""
        order, groups, together = self._sorted_members[player]
        found = self._no_better(player, order, asked)
        for others, example, joint in together:
            allowed = [self._allowed(other, asked, among)[self._strategies[other][example]] for other in others]
            found &= np.bitwise_and.reduce(allowed)[joint]
        return np.asarray(np.bitwise_or.reduceat(found, groups, axis=0))

    @cached_property
    def _sorted_members(self) -> list[tuple[Ints, Ints, list[_Together]]]:
        """For each player the members sorted by its strategy, the start of each strategy, and the others' strategies.

        The others are joined into groups, so that one long row is fetched for each group.
        """
        arranged = []
        for player, mine in enumerate(self._strategies):
            order = np.argsort(mine, kind="stable")
            grouped: list[tuple[list[int], Ints]] = []
            for other, own in enumerate(self._strategies):
                many = int(own.max()) + 1
                if other == player:
                    continue
                if grouped and (int(grouped[-1][1].max()) + 1) * many <= self.space.members // FEW:
                    others, labels = grouped.pop()
                    grouped.append(([*others, other], labels * many + own))
                else:
                    grouped.append(([other], own))
            together: list[_Together] = []
            for others, labels in grouped:
                _, example, joint = np.unique(labels, return_index=True, return_inverse=True)
                together.append((others, example, joint.reshape(-1)[order]))
            arranged.append((order, np.flatnonzero(np.diff(mine[order], prepend=-1)), together))
        return arranged

    def _no_better(self, player: int, members: Ints, asked: Ints) -> Words:
        """Return for each member the start members compared with which it would be no better for a player."""
        found = np.zeros((members.size, -(-asked.size // 64)), dtype=np.uint64)
        for rank in self.players[player].ranks:
            # Once for each rank, because there are fewer ranks than states.
            table = _packed(rank[self._state_of[asked]] >= np.arange(int(rank.max()) + 1)[:, None])
            found |= table[rank[self._state_of[members]]]
        return found

    def _allowed(self, place: int, asked: Ints, among: Sequence[Bools] | None) -> Words:
        """Return for each strategy of a player the start members at which it can take it: by staying or improving."""
        own = self._strategies[place]
        allowed = np.zeros((int(own.max()) + 1, asked.size), dtype=bool)
        allowed[own[asked], np.arange(asked.size)] = True
        able = np.arange(asked.size) if among is None else np.flatnonzero(among[place][self._state_of[asked]])
        row = self._improvements[place]
        sizes = row[0][asked[able] + 1] - row[0][asked[able]]
        allowed[own[ends_of_rows(row, asked[able])], np.repeat(able, sizes)] = True
        return _packed(allowed)

    def _may_be_sanctioned(self, player: int, starts: Ints, ends: Ints) -> Bools:
        """Exclude the improvements after which no other player can do anything."""
        strategies = self._strategies[player]
        possible = np.zeros(starts.size, dtype=bool)
        for rank in self.players[player].ranks:
            ranks = rank[self._state_of]
            worst = np.full(int(strategies.max()) + 1, np.iinfo(np.int64).max)
            np.minimum.at(worst, strategies, ranks)
            possible |= worst[strategies[ends]] <= ranks[starts]
        return possible

    def _by_state(self, player: int, starts: Ints, ends: Ints, deterred: Bools) -> tuple[Ints, Ints, Bools]:
        """Merge the pairs of members that belong to the same pair of states: one sanction suffices."""
        codes = self._state_of[starts] * self.space.count + self._state_of[ends]
        moves = self.players[player].moves
        if isinstance(moves, ArcMoves) and not self.players[player].alone:
            # A coalition may continue from another member of a merged state; no combination includes such a move. Some
            # sequences between members are not moves between states: a step within a merged state does not count, so a
            # player that enters and leaves a merged state would move twice in a row.
            improving = moves.improving_arcs()
            legal = np.isin(codes, improving)
            codes = np.concatenate([codes[legal], improving])
            deterred = np.concatenate([deterred[legal], np.zeros(improving.size, dtype=bool)])
        pairs, place = np.unique(codes, return_inverse=True)
        any_deterred = np.bincount(place.reshape(-1), weights=deterred, minlength=pairs.size) > 0
        return pairs // self.space.count, pairs % self.space.count, any_deterred

    def _in_combination(self, player: int, start: int, found: Ints, among: Sequence[Bools] | None) -> Ints:
        """Return those members in which each of the others does something it can do at a start."""
        state = int(self._state_of[start])
        for place, own in enumerate(self._strategies):
            if place == player or found.size == 0:
                continue
            allowed = np.zeros(int(own.max()) + 1, dtype=bool)
            allowed[own[start]] = True
            if among is None or among[place][state]:
                allowed[own[self._ends(place, start)]] = True
            found = found[allowed[own[found]]]
        return found

    def witnesses(
        self, player: int, state: int, among: Sequence[Bools] | None = None
    ) -> Callable[[int], Witness | None]:
        """Return a function that finds improvements of others that sanction an improvement from a state.

        It returns as few of the others as possible; None if the improvement is not sanctioned.
        """
        strategies = self._strategies[player]
        deterring = np.flatnonzero(~self.players[player].better(state, self._state_of))
        ways: dict[int, list[tuple[int, int]]] = {}
        for member in np.flatnonzero(self._state_of == state).tolist():
            for end in self._ends(player, member).tolist():
                ways.setdefault(int(self._state_of[end]), []).append((member, end))

        @cache
        def deterring_at(strategy: int) -> Ints:
            return np.asarray(deterring[strategies[deterring] == strategy])

        def witness(improvement: int) -> Witness | None:
            best: Witness | None = None
            for member, end in ways.get(improvement, ()):
                found = deterring_at(int(strategies[end]))
                for reached in self._in_combination(player, member, found, among).tolist():
                    moved = [
                        place
                        for place, own in enumerate(self._strategies)
                        if place != player and own[reached] != own[member]
                    ]
                    if best is None or len(moved) < len(best[0]):
                        steps = [(place, self._alone(place, member, reached)) for place in moved]
                        best = steps, int(self._state_of[reached])
                    if len(moved) == 1:
                        return best
            return best

        return witness

    def _alone(self, place: int, start: int, reached: int) -> int:
        """Return the state that a player's part of a combination would lead to by itself."""
        own, ends = self._strategies[place], self._ends(place, start)
        return int(self._state_of[ends[own[ends] == own[reached]][0]])

    def _ends(self, player: int, member: int) -> Ints:
        indptr, ends = self._improvements[player]
        return ends[indptr[member] : indptr[member + 1]]


def _packed(rows: Bools) -> Words:
    """Pack rows of truth values into words, the first value as the lowest bit."""
    bytes_ = np.zeros((rows.shape[0], 8 * -(-rows.shape[1] // 64)), dtype=np.uint8)
    packed = np.packbits(rows, axis=1, bitorder="little")
    bytes_[:, : packed.shape[1]] = packed
    # Little-endian words, so that the lowest bit belongs to the first byte on every machine.
    return np.asarray(bytes_.view("<u8").astype(np.uint64, copy=False))
