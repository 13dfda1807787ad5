"""The definitions of the theory in their plainest form, and claims checked one by one against them.

A *member* is a combination of options that meets every rule, represented by the set of options taken in it. A *state*
is represented by a member too: if states are merged, by the largest. Conditions are evaluated on members, and moves are
tried one by one, in plain Python over `detente.model`: slow and obvious.

Theory of operation. A *stable* verdict is checked by trying every move of the player: each improvement must have a
sanction, and each sanction is followed step by step. An *unstable* verdict is checked at the improvement that is
claimed to have no sanction: all states that the others can reach from it are visited, and none may deter. If that is
too much, the engine supplies a closed set, which a satisfiability solver proves to be closed and free of sanctions
(`detente.verification.closed_proof`).

Cost: all states that the others can reach, for each checked improvement.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import compress, islice, product
from math import prod
from typing import Any

from detente.concepts import CONCEPTS, Respond
from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker, always
from detente.model.preferences import Payoffs, Prioritising, Ranking, Weights
from detente.model.states import StateList, feasible_members
from detente.verification.claims import Claim, ClaimedSanction, FalseAnswerError, TakenOptions, UncheckedError

#: Maximum number of own options of a decision maker whose moves are tried one by one.
MAX_OWN_OPTIONS = 14
#: Maximum number of members listed for one merge.
MAX_MERGED = 20_000
#: Maximum number of pairs of members tried to decide whether a move connects two states.
MAX_MEMBER_PAIRS = 2_000
#: Maximum number of members' moves tried for a coalition's moves from one state.
MAX_COALITION_STEPS = 200_000
#: Maximum number of cached ranks and coalition moves; a full cache is emptied.
MAX_KNOWN = 500_000


class ReferenceModel:
    """A conflict's states, players, moves and preferences, each computed on demand.

    Players have the names that results use: a decision maker's identifier, or ``a+b`` for a standing coalition.

    Raises
    ------
    UncheckedError
        If merged states have too many members to list.
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
        self._ranks: dict[tuple[str, TakenOptions], Any] = {}
        self._found: dict[tuple[str, TakenOptions], list[TakenOptions]] = {}
        self._choices_of: dict[str, tuple[list[TakenOptions], list[Condition]]] = {}

    def options_of(self, player: str) -> TakenOptions:
        """Return the options of a player: those of all its members."""
        return frozenset().union(*(self.own[id] for id in self.players[player]))

    # States

    def feasible(self, member: TakenOptions) -> bool:
        """Tell whether a combination of options meets every rule."""
        return all(condition.holds(member) for condition in self.conflict.constraints)

    def members(self, state: TakenOptions) -> tuple[TakenOptions, ...]:
        """Return the members of a state."""
        return self._groups.get(state, (state,))

    def state_of(self, member: TakenOptions) -> TakenOptions:
        """Return the state that a member belongs to."""
        return self._state_of.get(member, member)

    def merged_states(self) -> Iterator[TakenOptions]:
        """Yield the states that are merged."""
        return iter(self._groups)

    def written(self, state: TakenOptions) -> str:
        """Return a state as Y and N in option order, with a dash where its members differ."""
        return self._written[state] if state in self._written else self.conflict.pattern(state)

    def written_as(self, pattern: str) -> list[TakenOptions]:
        """Return the states with this pattern; merged states may share a pattern."""
        found = [state for state, written in self._written.items() if written == pattern]
        if found or "-" in pattern or len(pattern) != len(self.conflict.options):
            return found
        taken = frozenset(
            option.id for option, letter in zip(self.conflict.options, pattern, strict=True) if letter == "Y"
        )
        return [taken] if self.feasible(taken) and self.state_of(taken) == taken else []

    @cached_property
    def merging(self) -> dict[TakenOptions, list[Condition]]:
        """The conditions that define each merged state: its members are the feasible ones that meet any of them."""
        conditions = [merge.condition for merge in self.conflict.merge]
        return {
            state: [one for one in conditions if any(map(one.holds, members))]
            for state, members in self._groups.items()
        }

    def _merged(self) -> dict[TakenOptions, tuple[TakenOptions, ...]]:
        """Return the members of every merged state; merges that share a member are joined."""
        names = [option.id for option in self.conflict.options]
        groups: list[set[TakenOptions]] = []
        for merge in self.conflict.merge:
            meeting = self.conflict.replaced(rules=[*self.conflict.rules, always(merge.condition)])
            listed = islice(feasible_members(meeting), MAX_MERGED + 1)
            group = {frozenset(compress(names, member)) for member in listed}
            if len(group) > MAX_MERGED:
                raise UncheckedError(
                    f"'{merge.condition}' merges more than {MAX_MERGED:,} states, the limit for listing them"
                )
            group.update(*(other for other in groups if other & group))
            groups = [other for other in groups if not other & group] + ([group] if group else [])
        return {max(group, key=self._place): tuple(sorted(group, key=self._place)) for group in groups}

    def _place(self, member: TakenOptions) -> str:
        """Return the conventional sort key of members: by the last option first."""
        return self.conflict.pattern(member)[::-1]

    @cached_property
    def _written(self) -> dict[TakenOptions, str]:
        columns = {
            state: zip(*map(self.conflict.pattern, members), strict=True) for state, members in self._groups.items()
        }
        return {
            state: "".join(letters[0] if len(set(letters)) == 1 else "-" for letters in column)
            for state, column in columns.items()
        }

    # Moves

    def moves(self, player: str, state: TakenOptions) -> Iterable[TakenOptions]:
        """Return the states that a player can move to from a state, each once."""
        makers = self.players[player]
        if len(makers) == 1:
            return self._state_moves(makers[0], state)
        return self._kept(player, state, lambda: self._sequences(player, state, self._state_moves))

    def _kept(self, who: str, state: TakenOptions, find: Callable[[], Iterable[TakenOptions]]) -> list[TakenOptions]:
        """Return a cached result, computing it if needed."""
        if (who, state) not in self._found:
            if len(self._found) > MAX_KNOWN:
                self._found.clear()
            self._found[who, state] = list(find())
        return self._found[who, state]

    def member_moves(self, player: str, member: TakenOptions) -> Iterable[TakenOptions]:
        """Return the members that a player can move to from a member, without passing to another member of the same
        state.
        """
        makers = self.players[player]
        if len(makers) == 1:
            return self._member_moves(makers[0], member)
        return self._sequences(player, member, self._member_moves)

    def can_move(self, player: str, state: TakenOptions, end: TakenOptions) -> bool:
        """Tell whether a player can move from one state to another."""
        starts = self.members(state)
        if len(self.players[player]) > 1 or len(starts) * len(self.members(end)) > MAX_MEMBER_PAIRS:
            return end in self.moves(player, state)
        return end != state and any(self.member_ends(player, start, end) for start in starts)

    def member_ends(self, player: str, member: TakenOptions, end: TakenOptions) -> list[TakenOptions]:
        """Return the members of a state that a player can move to from a member of another."""
        makers, ends = self.players[player], self.members(end)
        if len(makers) > 1 or len(ends) > MAX_MEMBER_PAIRS:
            return [to for to in self.member_moves(player, member) if self.state_of(to) == end]
        if self.state_of(end) != end or not self.feasible(end):
            return []
        return [to for to in ends if to != member and self.allowed(makers[0], member, to)]

    def allowed(self, maker: str, member: TakenOptions, end: TakenOptions) -> bool:
        """Tell whether a change of a decision maker's own options respects the one-way marks."""
        changed = member ^ end
        if not changed <= self.own[maker]:
            return False
        direction = self.conflict.direction
        return all(direction[name] == (name in end) for name in changed if name in direction)

    def _state_moves(self, maker: str, state: TakenOptions) -> Iterable[TakenOptions]:
        if state in self._groups:
            return self._kept(f"{maker} alone", state, lambda: self._merged_moves(maker, state))
        if self.merges:
            return dict.fromkeys(map(self.state_of, self._member_moves(maker, state)))
        return self._member_moves(maker, state)

    def _merged_moves(self, maker: str, state: TakenOptions) -> Iterable[TakenOptions]:
        members = self._groups[state]
        ends = dict.fromkeys(self.state_of(end) for member in members for end in self._member_moves(maker, member))
        ends.pop(state, None)
        return ends

    def _member_moves(self, maker: str, member: TakenOptions) -> Iterator[TakenOptions]:
        choices, rules = self._choices(maker)
        rest = member - self.own[maker]
        for choice in choices:
            end = rest | choice
            self.tried += 1
            if end != member and self.allowed(maker, member, end) and all(rule.holds(end) for rule in rules):
                yield end

    def _choices(self, maker: str) -> tuple[list[TakenOptions], list[Condition]]:
        """Return the settings of a decision maker's options that the rules over these alone allow, and the other
        rules.
        """
        if maker not in self._choices_of:
            own = sorted(self.own[maker])
            if len(own) > MAX_OWN_OPTIONS:
                raise UncheckedError(
                    f"{maker} has more than {MAX_OWN_OPTIONS} options, the limit for trying every move"
                )
            rules = self.conflict.constraints
            about = [rule for rule in rules if set(rule.options()) <= set(own)]
            all_choices = (frozenset(compress(own, choice)) for choice in product((False, True), repeat=len(own)))
            choices = [choice for choice in all_choices if all(rule.holds(choice) for rule in about)]
            self._choices_of[maker] = choices, [rule for rule in rules if rule not in about]
        return self._choices_of[maker]

    def _sequences(
        self, player: str, start: TakenOptions, moves: Callable[[str, TakenOptions], Iterable[TakenOptions]]
    ) -> list[TakenOptions]:
        """Return the members that a coalition can reach; no decision maker moves twice in a row."""
        came: dict[tuple[TakenOptions, str], None] = {}
        moved: set[tuple[TakenOptions, str]] = set()
        waiting: deque[tuple[TakenOptions, str]] = deque([(start, "")])
        begun = self.tried
        while waiting:
            if self.tried - begun > MAX_COALITION_STEPS:
                raise UncheckedError(f"{player} has too many joint moves to try each")
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

    def better(self, player: str, end: TakenOptions, state: TakenOptions) -> bool:
        """Tell whether a player strictly prefers the first state to the second: whether every member does."""
        return all(self.rank(id, end) > self.rank(id, state) for id in self.players[player])

    def improvements(self, player: str, state: TakenOptions) -> Iterator[TakenOptions]:
        """Yield the states that a player can move to and prefers."""
        return (end for end in self.moves(player, state) if self.better(player, end, state))

    def rank(self, maker: str, state: TakenOptions) -> Any:
        """Return a value that is larger for a state that the decision maker prefers."""
        key = (maker, state)
        if key not in self._ranks:
            if len(self._ranks) > MAX_KNOWN:
                self._ranks.clear()
            self._ranks[key] = self._ranked(self.makers[maker], state)
        return self._ranks[key]

    def _ranked(self, maker: DecisionMaker, state: TakenOptions) -> Any:
        wanted = maker.preferences
        if isinstance(wanted, Prioritising):
            return tuple(self.holds(statement.condition, state) for statement in wanted.statements)
        if isinstance(wanted, Weights):
            return sum((one.weight for one in wanted.weights if self.holds(one.condition, state)), Fraction(0))
        return self._worths[maker.id][self.listed.number_of(self.conflict.pattern(state))]

    def holds(self, condition: Condition, state: TakenOptions) -> bool:
        """Tell whether a condition is true at a state: at every member of it."""
        return all(condition.holds(member) for member in self.members(state))

    @cached_property
    def listed(self) -> StateList:
        """All states, numbered."""
        return StateList(self.conflict)

    @cached_property
    def _worths(self) -> dict[str, dict[int, Fraction]]:
        """The worth of each state, by number, for decision makers whose preferences list states."""
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


#: Default number of moves tried on a walk from one improvement.
MAX_WALK = 500_000
#: Maximum number of combinations of improvements tried for one improvement.
MAX_COMBINED = 5_000
#: Number of improvements without a claimed sanction from which a walk is started.
MAX_WALKS = 3
_SEQUENCES = (Respond.MOVES, Respond.IMPROVEMENTS, Respond.IMPROVEMENTS_THEN_COMBINATIONS)
_COMBINATIONS = (Respond.COMBINATIONS, Respond.IMPROVEMENTS_THEN_COMBINATIONS)


class Checker(ReferenceModel):
    """A conflict in its plainest form, against which claims are checked.

    ``most_tried`` is the number of moves after which a walk is abandoned.
    """

    def __init__(self, conflict: Conflict, most_tried: int = MAX_WALK) -> None:
        super().__init__(conflict)
        self.most_tried = most_tried
        self._staying: dict[tuple[str, TakenOptions], bool] = {}

    def check(self, claim: Claim) -> str:
        """Check a claim; return the method: 'moves', 'sanctions', 'walk', or 'open' if a proof is needed.

        Raises
        ------
        FalseAnswerError
            If the claim is false.
        UncheckedError
            If it cannot be checked here.
        """
        if not self.feasible(claim.state):
            raise FalseAnswerError(f"the state breaks '{self.conflict.breaks(claim.state)}'")
        found = set(self.improvements(claim.player, claim.state))
        if found != set(claim.improvements):
            wrong = self.written(next(iter(found ^ set(claim.improvements))))
            raise FalseAnswerError(f"the claimed improvements are wrong: {wrong} is the difference")
        for end, sanction in claim.improvements.items():
            if sanction is not None:
                self.check_sanction(claim, end, sanction)
        tempting = [end for end, sanction in claim.improvements.items() if sanction is None]
        if claim.stable != (not tempting):
            raise FalseAnswerError("the verdict does not follow from the sanctions")
        if claim.stable or claim.concept.respond is Respond.NOBODY:
            return "sanctions" if claim.improvements else "moves"
        return self.check_open(claim, tempting)

    def check_sanction(self, claim: Claim, improvement: TakenOptions, sanction: ClaimedSanction) -> None:
        """Check that a sanction consists of legal moves and deters."""
        if sanction.simultaneous:
            end = self.end_of_combination(claim, improvement, sanction)
        else:
            end = self.end_of_sequence(claim, improvement, sanction)
        if end != sanction.end:
            raise FalseAnswerError(f"the sanction of {self.written(improvement)} does not end at the claimed state")
        if self.better(claim.player, end, claim.state):
            raise FalseAnswerError(f"the sanction of {self.written(improvement)} does not deter")
        if not self.deters(claim, end):
            raise FalseAnswerError(f"the sanction of {self.written(improvement)} is undone by a counter-move")

    def end_of_sequence(self, claim: Claim, improvement: TakenOptions, sanction: ClaimedSanction) -> TakenOptions:
        """Follow a sequence of the others' moves, each legal and, if required, an improvement."""
        if claim.concept.respond not in _SEQUENCES:
            raise FalseAnswerError("a sequence of moves is not a sanction under this concept")
        here, last = improvement, claim.player
        for mover, end in sanction.steps:
            if mover in (last, claim.player):
                raise FalseAnswerError(f"it is not the turn of {mover}")
            if not self.can_move(mover, here, end):
                raise FalseAnswerError(f"{mover} cannot move from {self.written(here)} to {self.written(end)}")
            if claim.concept.respond is not Respond.MOVES and not self.better(mover, end, here):
                raise FalseAnswerError(f"{mover} does not prefer {self.written(end)} to {self.written(here)}")
            here, last = end, mover
        if last == claim.player:
            raise FalseAnswerError("the sanction has no moves")
        return here

    def end_of_combination(self, claim: Claim, improvement: TakenOptions, sanction: ClaimedSanction) -> TakenOptions:
        """Return the result of simultaneous improvements from some member of the state."""
        if claim.concept.respond not in _COMBINATIONS:
            raise FalseAnswerError("simultaneous moves are not a sanction under this concept")
        movers = [mover for mover, _ in sanction.steps]
        if not movers or not set(movers) <= set(self.may_combine(claim)) or len(set(movers)) < len(movers):
            raise FalseAnswerError("a combination needs one move each of other players who have improvements")
        for mover, end in sanction.steps:
            if not self.better(mover, end, claim.state):
                raise FalseAnswerError(f"{mover} does not prefer {self.written(end)}")
        for member in self.members(claim.state):
            moved = ((claim.player, improvement), *sanction.steps)
            parts = [self.parts_of_move(player, member, end) for player, end in moved]
            for combined in self.combinations(member, [claim.player, *movers], parts):
                if self.feasible(combined) and self.state_of(combined) == sanction.end:
                    return sanction.end
        raise FalseAnswerError(f"no such simultaneous moves lead to {self.written(sanction.end)}")

    def parts_of_move(self, player: str, member: TakenOptions, end: TakenOptions) -> list[TakenOptions]:
        """Return the settings of a player's options by which it would get from a member to a state by itself."""
        own = self.options_of(player)
        if not self.merges:
            return [end & own] if self.can_move(player, member, end) else []
        return [to & own for to in self.member_ends(player, member, end)]

    def combinations(
        self, member: TakenOptions, players: Sequence[str], parts: Sequence[Sequence[TakenOptions]]
    ) -> Iterator[TakenOptions]:
        """Yield the results of combining one setting of the options of each of some players."""
        if prod(map(len, parts)) > MAX_COMBINED:
            raise UncheckedError("there are too many simultaneous moves to try each combination")
        rest = member.difference(*map(self.options_of, players))
        return (rest.union(*chosen) for chosen in product(*parts))

    def may_combine(self, claim: Claim) -> list[str]:
        """Return the players who may move simultaneously: under 'SEQ, then SIM' those who are SEQ unstable too."""
        others = [player for player in self.players if player != claim.player]
        if claim.concept.respond is Respond.COMBINATIONS:
            return others
        if self.is_seq_stable(claim.player, claim.state):
            return []
        return [other for other in others if not self.is_seq_stable(other, claim.state)]

    def is_seq_stable(self, player: str, state: TakenOptions) -> bool:
        """Tell whether a state is stable for a player under SEQ."""
        if (player, state) not in self._staying:
            claim = Claim(state, player, CONCEPTS["seq"], stable=True, improvements={})
            self._staying[player, state] = all(
                self.sanction_by_sequence(claim, improvement) is not None
                for improvement in self.improvements(player, state)
            )
        return self._staying[player, state]

    def check_open(self, claim: Claim, tempting: list[TakenOptions]) -> str:
        """Search for a sanction of an improvement that is claimed to have none; one such improvement is enough."""
        for improvement in islice(tempting, MAX_WALKS):
            try:
                found = self.sanction_against(claim, improvement)
            except UncheckedError:
                if claim.concept.respond is Respond.IMPROVEMENTS_THEN_COMBINATIONS:
                    raise
                continue
            if found is not None:
                raise FalseAnswerError(
                    f"{self.written(improvement)} is claimed to have no sanction, but {self.written(found)} deters it"
                )
            return "walk"
        return "open"

    def sanction_against(self, claim: Claim, improvement: TakenOptions) -> TakenOptions | None:
        """Return a state that the others can reach and that deters an improvement, or None."""
        respond = claim.concept.respond
        if respond in _SEQUENCES and (found := self.sanction_by_sequence(claim, improvement)) is not None:
            return found
        return self.sanction_by_combination(claim, improvement) if respond in _COMBINATIONS else None

    def deters(self, claim: Claim, state: TakenOptions) -> bool:
        """Tell whether a state that the others reach deters from leaving a claim's state."""
        if self.better(claim.player, state, claim.state):
            return False
        return not (
            claim.concept.counter_move
            and any(self.better(claim.player, last, claim.state) for last in self.moves(claim.player, state))
        )

    def sanction_by_sequence(self, claim: Claim, improvement: TakenOptions) -> TakenOptions | None:
        """Visit all states that the others can reach; `UncheckedError` if there are too many."""
        others = [player for player in self.players if player != claim.player]
        seen, came = {improvement}, {(improvement, "")}
        waiting, begun = deque(came), self.tried
        # The last mover may not continue, but another player may arrive at the same state: each pair is visited once.
        moved: set[tuple[TakenOptions, str]] = set()
        while waiting:
            if self.tried - begun > self.most_tried:
                raise UncheckedError("the others can reach too many states to visit them all")
            here, last = waiting.popleft()
            for mover in others:
                if mover == last or (here, mover) in moved:
                    continue
                moved.add((here, mover))
                for end in self.responses(claim, mover, here):
                    if end not in seen and self.deters(claim, end):
                        return end
                    seen.add(end)
                    if (end, mover) not in came:
                        came.add((end, mover))
                        waiting.append((end, mover))
        return None

    def responses(self, claim: Claim, mover: str, state: TakenOptions) -> Iterable[TakenOptions]:
        """Return the states that another player can move to in response."""
        return self.moves(mover, state) if claim.concept.respond is Respond.MOVES else self.improvements(mover, state)

    def sanction_by_combination(self, claim: Claim, improvement: TakenOptions) -> TakenOptions | None:
        """Try every combination of the others' improvements; `UncheckedError` if there are too many."""
        others = self.may_combine(claim)
        for member in self.members(claim.state):
            parts = [self.parts_of_move(claim.player, member, improvement)]
            for other in others:
                own = self.options_of(other)
                ends = [
                    end
                    for end in self.member_moves(other, member)
                    if self.better(other, self.state_of(end), claim.state)
                ]
                parts.append([member & own, *(end & own for end in ends)])
            for combined in self.combinations(member, [claim.player, *others], parts):
                state = self.state_of(combined)
                if state != improvement and self.feasible(combined) and self.deters(claim, state):
                    return state
        return None
