"""A conflict as plain as it is written: what a checker that shares nothing with the engines goes by.

A *member* is a combination of options that meets every rule, written as the set of options taken in it. A *state* is a
member too: where states are merged, the largest of those that are one state stands for all of them. Conditions are
evaluated on members, moves are tried one after the other: plain Python over `detente.model`, slow and obvious.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import compress, islice, product
from typing import Any

from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker, always
from detente.model.preferences import Payoffs, Prioritising, Ranking, Weights
from detente.model.states import StateList, feasible_members
from detente.verification.claims import Taken, UncheckedError

#: A decision maker's moves are tried one by one up to so many options of its own.
MAX_OWN_OPTIONS = 14
#: Members that are one state are listed up to so many.
MAX_MERGED = 20_000
#: Whether a move leads from one state to another is told by trying pairs of their members, up to so many.
MAX_MEMBER_PAIRS = 2_000
#: So many moves of its members are tried for what a coalition can do from one state.
MAX_COALITION_STEPS = 200_000
#: So much is remembered of ranks, and of a coalition's moves, before it is forgotten.
MAX_KNOWN = 500_000


class ReferenceModel:
    """A conflict's states, players, moves and preferences, each looked up when it is asked for.

    Players are named as results name them: a decision maker's identifier, or ``a+b`` for a standing coalition.

    Raises
    ------
    UncheckedError
        When more is merged than can be listed.
    """

    def __init__(self, conflict: Conflict) -> None:
        self.conflict = conflict
        self.tried = 0
        self.makers = {maker.id: maker for maker in conflict.decision_makers}
        self.own = {id: frozenset(option.id for option in maker.options) for id, maker in self.makers.items()}
        self.players = {"+".join(members): members for members in conflict.players}
        self.merges = bool(conflict.merge)
        self._groups = self._merged()
        self._state_of = {member: state for state, members in self._groups.items() for member in members}
        self._ranks: dict[tuple[str, Taken], Any] = {}
        self._found: dict[tuple[str, Taken], list[Taken]] = {}
        self._choices_of: dict[str, tuple[list[Taken], list[Condition]]] = {}

    def options_of(self, player: str) -> Taken:
        """Return the options of a player, of all its members."""
        return frozenset().union(*(self.own[id] for id in self.players[player]))

    # States

    def feasible(self, member: Taken) -> bool:
        """Tell whether a combination of options meets every rule."""
        return all(condition.holds(member) for condition in self.conflict.constraints)

    def members(self, state: Taken) -> tuple[Taken, ...]:
        """Return the members of a state."""
        return self._groups.get(state, (state,))

    def state_of(self, member: Taken) -> Taken:
        """Return the state that a member belongs to."""
        return self._state_of.get(member, member)

    def merged_states(self) -> Iterator[Taken]:
        """Yield the states that are merged."""
        return iter(self._groups)

    def written(self, state: Taken) -> str:
        """Write a state as Y and N in option order, and a dash where its members differ."""
        return self._written[state] if state in self._written else self.conflict.pattern(state)

    def written_as(self, pattern: str) -> list[Taken]:
        """Return the states that are written like this; merged ones may be written alike."""
        found = [state for state, written in self._written.items() if written == pattern]
        if found or "-" in pattern or len(pattern) != len(self.conflict.options):
            return found
        taken = frozenset(
            option.id for option, letter in zip(self.conflict.options, pattern, strict=True) if letter == "Y"
        )
        return [taken] if self.feasible(taken) and self.state_of(taken) == taken else []

    @cached_property
    def merging(self) -> dict[Taken, list[Condition]]:
        """The conditions that are merged into each merged state: its members are the feasible ones that meet any."""
        conditions = [merge.condition for merge in self.conflict.merge]
        return {
            state: [one for one in conditions if any(map(one.holds, members))]
            for state, members in self._groups.items()
        }

    def _merged(self) -> dict[Taken, tuple[Taken, ...]]:
        """Return the members of every merged state; what several merges share joins them."""
        names = [option.id for option in self.conflict.options]
        groups: list[set[Taken]] = []
        for merge in self.conflict.merge:
            meeting = self.conflict.replaced(rules=[*self.conflict.rules, always(merge.condition)])
            listed = islice(feasible_members(meeting), MAX_MERGED + 1)
            group = {frozenset(compress(names, member)) for member in listed}
            if len(group) > MAX_MERGED:
                raise UncheckedError(f"'{merge.condition}' merges more than {MAX_MERGED:,} states: too many to list")
            group.update(*(other for other in groups if other & group))
            groups = [other for other in groups if not other & group] + ([group] if group else [])
        return {max(group, key=self._place): tuple(sorted(group, key=self._place)) for group in groups}

    def _place(self, member: Taken) -> str:
        """Return what sorts members as the convention has it: by the last option first."""
        return self.conflict.pattern(member)[::-1]

    @cached_property
    def _written(self) -> dict[Taken, str]:
        columns = {
            state: zip(*map(self.conflict.pattern, members), strict=True) for state, members in self._groups.items()
        }
        return {
            state: "".join(letters[0] if len(set(letters)) == 1 else "-" for letters in column)
            for state, column in columns.items()
        }

    # Moves

    def moves(self, player: str, state: Taken) -> Iterable[Taken]:
        """Return where a player can move to from a state, each once."""
        makers = self.players[player]
        if len(makers) == 1:
            return self._state_moves(makers[0], state)
        return self._kept(player, state, lambda: self._sequences(player, state, self._state_moves))

    def _kept(self, who: str, state: Taken, find: Callable[[], Iterable[Taken]]) -> list[Taken]:
        """Return what is much to find, and remember it."""
        if (who, state) not in self._found:
            if len(self._found) > MAX_KNOWN:
                self._found.clear()
            self._found[who, state] = list(find())
        return self._found[who, state]

    def member_moves(self, player: str, member: Taken) -> Iterable[Taken]:
        """Return where a player can move to from a member, without passing to another member of the same state."""
        makers = self.players[player]
        if len(makers) == 1:
            return self._member_moves(makers[0], member)
        return self._sequences(player, member, self._member_moves)

    def can_move(self, player: str, state: Taken, end: Taken) -> bool:
        """Tell whether a player can move from one state to another."""
        starts = self.members(state)
        if len(self.players[player]) > 1 or len(starts) * len(self.members(end)) > MAX_MEMBER_PAIRS:
            return end in self.moves(player, state)
        return end != state and any(self.member_ends(player, start, end) for start in starts)

    def member_ends(self, player: str, member: Taken, end: Taken) -> list[Taken]:
        """Return the members of a state that a player can move to from a member of another."""
        makers, ends = self.players[player], self.members(end)
        if len(makers) > 1 or len(ends) > MAX_MEMBER_PAIRS:
            return [to for to in self.member_moves(player, member) if self.state_of(to) == end]
        if self.state_of(end) != end or not self.feasible(end):
            return []
        return [to for to in ends if to != member and self.allowed(makers[0], member, to)]

    def allowed(self, maker: str, member: Taken, end: Taken) -> bool:
        """Tell whether a change of a decision maker's own options goes against no one-way mark."""
        changed = member ^ end
        if not changed <= self.own[maker]:
            return False
        direction = self.conflict.direction
        return all(direction[name] == (name in end) for name in changed if name in direction)

    def _state_moves(self, maker: str, state: Taken) -> Iterable[Taken]:
        if state in self._groups:
            return self._kept(f"{maker} alone", state, lambda: self._merged_moves(maker, state))
        if self.merges:
            return dict.fromkeys(map(self.state_of, self._member_moves(maker, state)))
        return self._member_moves(maker, state)

    def _merged_moves(self, maker: str, state: Taken) -> Iterable[Taken]:
        members = self._groups[state]
        ends = dict.fromkeys(self.state_of(end) for member in members for end in self._member_moves(maker, member))
        ends.pop(state, None)
        return ends

    def _member_moves(self, maker: str, member: Taken) -> Iterator[Taken]:
        choices, rules = self._choices(maker)
        rest = member - self.own[maker]
        for choice in choices:
            end = rest | choice
            self.tried += 1
            if end != member and self.allowed(maker, member, end) and all(rule.holds(end) for rule in rules):
                yield end

    def _choices(self, maker: str) -> tuple[list[Taken], list[Condition]]:
        """Return what a decision maker's options can be by the rules over these alone, and the other rules."""
        if maker not in self._choices_of:
            own = sorted(self.own[maker])
            if len(own) > MAX_OWN_OPTIONS:
                raise UncheckedError(f"{maker} has more than {MAX_OWN_OPTIONS} options: too many moves to try each")
            rules = self.conflict.constraints
            about = [rule for rule in rules if set(rule.options()) <= set(own)]
            all_choices = (frozenset(compress(own, choice)) for choice in product((False, True), repeat=len(own)))
            choices = [choice for choice in all_choices if all(rule.holds(choice) for rule in about)]
            self._choices_of[maker] = choices, [rule for rule in rules if rule not in about]
        return self._choices_of[maker]

    def _sequences(self, player: str, start: Taken, moves: Callable[[str, Taken], Iterable[Taken]]) -> list[Taken]:
        """Return where a coalition's members can get to together, nobody moving twice in a row."""
        came: dict[tuple[Taken, str], None] = {}
        moved: set[tuple[Taken, str]] = set()
        waiting: deque[tuple[Taken, str]] = deque([(start, "")])
        begun = self.tried
        while waiting:
            if self.tried - begun > MAX_COALITION_STEPS:
                raise UncheckedError(f"{player} can do too much together to try each")
            here, last = waiting.popleft()
            for maker in self.players[player]:
                if maker == last or (here, maker) in moved:
                    continue
                moved.add((here, maker))
                new = [(end, maker) for end in moves(maker, here) if (end, maker) not in came]
                came.update(dict.fromkeys(new))
                waiting.extend(new)
        return list(dict.fromkeys(end for end, _ in came if end != start))

    # Preferences

    def better(self, player: str, end: Taken, state: Taken) -> bool:
        """Tell whether a player strictly prefers the first state to the second: everybody in it does."""
        return all(self.rank(id, end) > self.rank(id, state) for id in self.players[player])

    def improvements(self, player: str, state: Taken) -> Iterator[Taken]:
        """Yield the states that a player can move to and prefers."""
        return (end for end in self.moves(player, state) if self.better(player, end, state))

    def rank(self, maker: str, state: Taken) -> Any:
        """Return something that is larger the more a decision maker prefers a state."""
        key = (maker, state)
        if key not in self._ranks:
            if len(self._ranks) > MAX_KNOWN:
                self._ranks.clear()
            self._ranks[key] = self._ranked(self.makers[maker], state)
        return self._ranks[key]

    def _ranked(self, maker: DecisionMaker, state: Taken) -> Any:
        wanted = maker.preferences
        if isinstance(wanted, Prioritising):
            return tuple(self.holds(statement.condition, state) for statement in wanted.statements)
        if isinstance(wanted, Weights):
            return sum((one.weight for one in wanted.weights if self.holds(one.condition, state)), Fraction(0))
        return self._worths[maker.id][self.listed.number_of(self.conflict.pattern(state))]

    def holds(self, condition: Condition, state: Taken) -> bool:
        """Tell whether a condition holds at a state: at every member of it."""
        return all(condition.holds(member) for member in self.members(state))

    @cached_property
    def listed(self) -> StateList:
        """All states, numbered."""
        return StateList(self.conflict)

    @cached_property
    def _worths(self) -> dict[str, dict[int, Fraction]]:
        """The worth of every state, by number, for those whose preferences list states."""
        found: dict[str, dict[int, Fraction]] = {}
        for maker in self.conflict.decision_makers:
            if isinstance(maker.preferences, Ranking):
                groups = maker.preferences.groups
                pairs = [(reference, Fraction(-place)) for place, group in enumerate(groups) for reference in group]
            elif isinstance(maker.preferences, Payoffs):
                pairs = list(maker.preferences.payoffs)
            else:
                continue
            found[maker.id] = {self.listed.number_of(reference): worth for reference, worth in pairs}
        return found
