"""Stability from the definitions alone: sets, dictionaries and loops, slow and obvious.

Shares nothing with the engine but the conflict itself. A *member* is an assignment of truth to options, a frozenset of
the options taken; a *state* is a frozenset of members.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from detente.concepts import CONCEPTS
from detente.model.conflict import Conflict
from detente.model.preferences import Payoffs, Prioritising, Ranking, Weights

Member = frozenset
State = frozenset

#: The concepts that know of a preference only which of two states is better.
PLAIN = {id: concept for id, concept in CONCEPTS.items() if concept.family == "plain"}


class BruteForce:
    """All answers about one small conflict."""

    def __init__(self, conflict: Conflict) -> None:
        self.conflict = conflict
        self.names = [option.id for option in conflict.options]
        self._found: dict[int | str, State] = {}
        self.members = [member for member in self._assignments() if self._feasible(member)]
        self.states = self._states()
        self.state_of = {member: state for state in self.states for member in state}
        self.players = list(conflict.players)
        self.moves_of = {maker.id: self._moves(maker.id) for maker in conflict.decision_makers}
        self.member_moves_of = {maker.id: self._member_moves(maker.id) for maker in conflict.decision_makers}
        self.player_moves = [self._player_moves(group, self.moves_of, self.states) for group in self.players]
        self.player_member_moves = [
            self._player_moves(group, self.member_moves_of, self.members) for group in self.players
        ]
        self.value = {maker.id: self._values(maker) for maker in conflict.decision_makers}
        self._all_improving: dict[int, dict[State, set[State]]] = {}

    # States

    def _assignments(self) -> Iterator[Member]:
        for values in product([False, True], repeat=len(self.names)):
            yield frozenset(name for name, value in zip(self.names, values, strict=True) if value)

    def _feasible(self, member: Member) -> bool:
        for rule in self.conflict.rules:
            true = sum(condition.holds(member) for condition in rule.conditions)
            allowed = {
                "never": true == 0,
                "always": true == len(rule.conditions),
                "at_most_one": true <= 1,
                "at_least_one": true >= 1,
                "exactly_one": true == 1,
            }[rule.kind]
            if not allowed:
                return False
        return True

    def _binary(self, member: Member) -> int:
        return sum(2**place for place, name in enumerate(self.names) if name in member)

    def _states(self) -> list[State]:
        groups = [{member} for member in self.members]
        for merge in self.conflict.merge:
            together = [group for group in groups if any(merge.condition.holds(member) for member in group)]
            if together:
                groups = [group for group in groups if group not in together] + [set().union(*together)]
        return sorted(
            (frozenset(group) for group in groups), key=lambda group: max(self._binary(member) for member in group)
        )

    def pattern(self, state: State) -> str:
        letters = []
        for name in self.names:
            values = {name in member for member in state}
            letters.append("-" if len(values) == 2 else "Y" if values == {True} else "N")
        return "".join(letters)

    # Moves

    def _member_moves(self, maker: str) -> dict[Member, set[Member]]:
        own = {option.id for option in self.conflict.decision_maker(maker).options}
        moves: dict[Member, set[Member]] = {member: set() for member in self.members}
        for start in self.members:
            for end in self.members:
                changed = start ^ end
                if start != end and changed <= own and all(self._allowed(name, end) for name in changed):
                    moves[start].add(end)
        return moves

    def _allowed(self, name: str, end: Member) -> bool:
        marks = [mark for mark in self.conflict.one_way if mark.option == name]
        return all((name in end) == mark.to_taken for mark in marks)

    def _moves(self, maker: str) -> dict[State, set[State]]:
        by_member = self._member_moves(maker)
        return {
            state: {self.state_of[end] for member in state for end in by_member[member]} - {state}
            for state in self.states
        }

    def _player_moves(self, group: Iterable[str], moves_of: dict, points: Iterable) -> dict:
        group = list(group)
        if len(group) == 1:
            return moves_of[group[0]]
        return {point: self.legal(point, {maker: moves_of[maker] for maker in group}) - {point} for point in points}

    @staticmethod
    def legal(start: object, moves: dict) -> set:
        """The ends of all legal sequences: no mover moves twice in a row."""
        seen: set[tuple[object, object]] = set()
        frontier = [(start, None)]
        while frontier:
            here, last = frontier.pop()
            for mover, by_state in moves.items():
                if mover == last:
                    continue
                for end in by_state[here]:
                    if (end, mover) not in seen:
                        seen.add((end, mover))
                        frontier.append((end, mover))
        return {end for end, _ in seen}

    # Preferences

    def _values(self, maker: object) -> dict[State, object]:
        preferences = maker.preferences
        if isinstance(preferences, Prioritising):
            return {
                state: tuple(
                    all(statement.condition.holds(member) for member in state) for statement in preferences.statements
                )
                for state in self.states
            }
        if isinstance(preferences, Weights):
            return {
                state: sum(
                    weight.weight
                    for weight in preferences.weights
                    if all(weight.condition.holds(member) for member in state)
                )
                for state in self.states
            }
        if isinstance(preferences, Ranking):
            return {
                self.find(reference): -place for place, group in enumerate(preferences.groups) for reference in group
            }
        assert isinstance(preferences, Payoffs)
        return {self.find(reference): value for reference, value in preferences.payoffs}

    def find(self, reference: int | str) -> State:
        if reference not in self._found:
            self._found[reference] = self._find(reference)
        return self._found[reference]

    def _find(self, reference: int | str) -> State:
        if isinstance(reference, int):
            return self.states[reference - 1]
        for named in self.conflict.states:
            if named.name == reference:
                return self.state_of[named.taken]
        return next(
            state
            for state in self.states
            if self.pattern(state) == reference or any(self.conflict.pattern(member) == reference for member in state)
        )

    def better(self, player: int, end: State, start: State) -> bool:
        """The player strictly prefers ``end`` to ``start``: every member of the group does."""
        return all(self.value[id][end] > self.value[id][start] for id in self.players[player])

    def improvements(self, player: int, state: State) -> set[State]:
        return {end for end in self.player_moves[player][state] if self.better(player, end, state)}

    def _improving(self, player: int) -> dict[State, set[State]]:
        if player not in self._all_improving:
            self._all_improving[player] = {state: self.improvements(player, state) for state in self.states}
        return self._all_improving[player]

    # Stability

    def responses(self, player: int, state: State, credible: bool) -> set[State]:
        others = [other for other in range(len(self.players)) if other != player]
        moves = {other: self._improving(other) if credible else self.player_moves[other] for other in others}
        return self.legal(state, moves)

    def deters(self, player: int, state: State, response: State, answers: bool) -> bool:
        if self.better(player, response, state):
            return False
        return not answers or not any(
            self.better(player, answer, state) for answer in self.player_moves[player][response]
        )

    def sanctioned(self, concept: str, player: int, state: State, improvement: State) -> bool:
        if concept == "nash":
            return False
        if concept == "sim":
            return self.combination(player, state, improvement, set(range(len(self.players))))
        credible, answers = {
            "gmr": (False, False),
            "smr": (False, True),
            "seq": (True, False),
            "sseq": (True, True),
        }[concept]
        return any(
            self.deters(player, state, response, answers) for response in self.responses(player, improvement, credible)
        )

    def combination(self, player: int, state: State, improvement: State, among: set[int]) -> bool:
        """Some simultaneous improvements of others from the same member deter the player."""
        own = {place: self._own(place) for place in range(len(self.players))}
        others = [place for place in range(len(self.players)) if place != player]
        for member in state:
            ends = [end for end in self.player_member_moves[player][member] if self.state_of[end] == improvement]
            choices = []
            for place in others:
                better = [
                    end
                    for end in self.player_member_moves[place][member]
                    if self.better(place, self.state_of[end], state)
                ]
                choices.append([member, *(better if place in among else [])])
            for end, *rest in product(ends, *choices):
                combined = set(member)
                for place, to in zip([player, *others], [end, *rest], strict=True):
                    combined = (combined - own[place]) | (to & own[place])
                reached = self.state_of.get(frozenset(combined))
                if reached is not None and not self.better(player, reached, state):
                    return True
        return False

    def _own(self, player: int) -> frozenset[str]:
        return frozenset(
            option.id for id in self.players[player] for option in self.conflict.decision_maker(id).options
        )

    def is_stable(self, concept: str, player: int, state: State) -> bool:
        if concept == "seq_then_sim":
            return self._seq_then_sim(player, state)
        return all(
            self.sanctioned(concept, player, state, improvement) for improvement in self.improvements(player, state)
        )

    def _seq_then_sim(self, player: int, state: State) -> bool:
        if self.is_stable("seq", player, state):
            return True
        unstable = {place for place in range(len(self.players)) if not self.is_stable("seq", place, state)}
        if len(unstable) < 2:
            return False
        return all(
            self.sanctioned("seq", player, state, improvement) or self.combination(player, state, improvement, unstable)
            for improvement in self.improvements(player, state)
        )

    # Attitudes

    def favours(self, player: int, end: State, start: State) -> bool:
        """All attitudes of a decision maker, standing at ``start``, favour ``end``."""
        (own,) = self.players[player]
        for maker in self.conflict.decision_makers:
            as_good = self.value[maker.id][end] >= self.value[maker.id][start]
            attitude = self.conflict.decision_maker(own).attitude(maker.id)
            if (attitude == "positive" and not as_good) or (attitude == "negative" and as_good):
                return False
        return True

    def relational_replies(self, player: int, state: State) -> set[State]:
        return {end for end in self.player_moves[player][state] if self.favours(player, end, state)}

    def relationally_stable(self, concept: str, player: int, state: State) -> bool:
        others = [other for other in range(len(self.players)) if other != player]
        replies = {
            other: {start: self.relational_replies(other, start) for start in self.states}
            if concept == "relational_seq"
            else self.player_moves[other]
            for other in others
        }

        def deters(end: State) -> bool:
            if not self.favours(player, state, end):
                return False
            if concept != "relational_smr":
                return True
            then = (self.player_moves[player][end] | {end}) - {state}
            return not any(self.favours(player, answer, state) for answer in then)

        return all(
            concept != "relational_nash" and any(deters(end) for end in self.legal(reply, replies))
            for reply in self.relational_replies(player, state)
        )

    # Looking ahead

    def ends(self, horizon: int) -> dict[tuple[int, State], State]:
        """Where each of two players, to move at a state with so many moves left, expects the dispute to end."""
        if horizon == 0:
            return {(player, state): state for player in range(len(self.players)) for state in self.states}
        return self.ends_after(self.ends(horizon - 1))

    def ends_after(self, last: dict[tuple[int, State], State]) -> dict[tuple[int, State], State]:
        """One move more to look ahead; equally good ends: the one that is worse for the other."""
        found = {}
        for player in range(len(self.players)):
            other = (player + 1) % len(self.players)
            mine = self.value[self.players[player][0]]
            theirs = self.value[self.players[other][0]]
            for state in self.states:
                moves = self.player_moves[player][state]
                ends = [last[other, to] if other != player else to for to in moves]
                best = [end for end in ends if all(mine[end] >= mine[one] for one in ends)]
                best = [end for end in best if all(theirs[end] <= theirs[one] for one in best)]
                found[player, state] = best[0] if best and mine[best[0]] > mine[state] else state
        return found

    def outlook(self, player: int, state: State) -> tuple[set[bool], int]:
        """Whether a player stays, over the horizons that repeat for ever, and how long the repetition is."""
        seen = [self.worth(self.ends(0))]
        ends = self.ends(0)
        while True:
            ends = self.ends_after(ends)
            if self.worth(ends) in seen:
                break
            seen.append(self.worth(ends))
        around = [one[player, state] for one in seen[seen.index(self.worth(ends)) :]]
        length = next(n for n in range(1, len(around) + 1) if around[:n] * (len(around) // n) == around)
        return {end == self.worths(state) for end in around}, length

    def worths(self, state: State) -> tuple:
        return tuple(self.value[group[0]][state] for group in self.players)

    def worth(self, ends: dict) -> dict:
        return {key: self.worths(end) for key, end in ends.items()}

    def secures(self, player: int, start: State, here: State, horizon: int, mine: bool) -> bool:
        """The player can make play end better than at ``start``, with so many turns left; the next is its, or not."""
        here_is_better = self.better(player, here, start)
        if horizon == 0:
            return here_is_better
        if mine:
            return here_is_better or any(
                self.secures(player, start, to, horizon - 1, False) for to in self.player_moves[player][here]
            )
        return here_is_better and all(
            self.secures(player, start, to, horizon - 1, True) for to in self.responses(player, here, credible=False)
        )

    def maximin_stable(self, horizon: int, player: int, state: State) -> bool:
        return not any(self.secures(player, state, to, horizon - 1, False) for to in self.player_moves[player][state])

    def stability(self, concepts: Iterable[str]) -> dict[str, dict[str, list[int]]]:
        """The numbers of the stable states, by concept and player."""
        return {
            concept: {
                "+".join(group): [
                    number
                    for number, state in enumerate(self.states, start=1)
                    if self.is_stable(concept, player, state)
                ]
                for player, group in enumerate(self.players)
            }
            for concept in concepts
        }
