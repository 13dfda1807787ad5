"""The definitions as plain as they are written, and claims checked one by one against them.

A *member* is a combination of options that meets every rule, written as the set of options taken in it. A *state* is a
member too: where states are merged, the largest of those that are one state stands for all of them. Conditions are
evaluated on members, moves are tried one after the other: plain Python over `detente.model`, slow and obvious.

A *stable* verdict is checked by trying every move of the player: each that is an improvement must have a sanction, and
each sanction must be what it says it is, step by step. An *unstable* verdict is checked at the improvement that nothing
is said to deter from: everywhere that the others can get to from it is walked through, and none of it may deter. Where
that is too much to walk, a closed set given by the engine is proved to be closed and harmless by a satisfiability
solver (`detente.verification.closed_proof`).
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
        self._ranks: dict[tuple[str, TakenOptions], Any] = {}
        self._found: dict[tuple[str, TakenOptions], list[TakenOptions]] = {}
        self._choices_of: dict[str, tuple[list[TakenOptions], list[Condition]]] = {}

    def options_of(self, player: str) -> TakenOptions:
        """Return the options of a player, of all its members."""
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
        """Write a state as Y and N in option order, and a dash where its members differ."""
        return self._written[state] if state in self._written else self.conflict.pattern(state)

    def written_as(self, pattern: str) -> list[TakenOptions]:
        """Return the states that are written like this; merged ones may be written alike."""
        found = [state for state, written in self._written.items() if written == pattern]
        if found or "-" in pattern or len(pattern) != len(self.conflict.options):
            return found
        taken = frozenset(
            option.id for option, letter in zip(self.conflict.options, pattern, strict=True) if letter == "Y"
        )
        return [taken] if self.feasible(taken) and self.state_of(taken) == taken else []

    @cached_property
    def merging(self) -> dict[TakenOptions, list[Condition]]:
        """The conditions that are merged into each merged state: its members are the feasible ones that meet any."""
        conditions = [merge.condition for merge in self.conflict.merge]
        return {
            state: [one for one in conditions if any(map(one.holds, members))]
            for state, members in self._groups.items()
        }

    def _merged(self) -> dict[TakenOptions, tuple[TakenOptions, ...]]:
        """Return the members of every merged state; what several merges share joins them."""
        names = [option.id for option in self.conflict.options]
        groups: list[set[TakenOptions]] = []
        for merge in self.conflict.merge:
            meeting = self.conflict.replaced(rules=[*self.conflict.rules, always(merge.condition)])
            listed = islice(feasible_members(meeting), MAX_MERGED + 1)
            group = {frozenset(compress(names, member)) for member in listed}
            if len(group) > MAX_MERGED:
                raise UncheckedError(f"'{merge.condition}' merges more than {MAX_MERGED:,} states: too many to list")
            group.update(*(other for other in groups if other & group))
            groups = [other for other in groups if not other & group] + ([group] if group else [])
        return {max(group, key=self._place): tuple(sorted(group, key=self._place)) for group in groups}

    def _place(self, member: TakenOptions) -> str:
        """Return what sorts members as the convention has it: by the last option first."""
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
        """Return where a player can move to from a state, each once."""
        makers = self.players[player]
        if len(makers) == 1:
            return self._state_moves(makers[0], state)
        return self._kept(player, state, lambda: self._sequences(player, state, self._state_moves))

    def _kept(self, who: str, state: TakenOptions, find: Callable[[], Iterable[TakenOptions]]) -> list[TakenOptions]:
        """Return what is much to find, and remember it."""
        if (who, state) not in self._found:
            if len(self._found) > MAX_KNOWN:
                self._found.clear()
            self._found[who, state] = list(find())
        return self._found[who, state]

    def member_moves(self, player: str, member: TakenOptions) -> Iterable[TakenOptions]:
        """Return where a player can move to from a member, without passing to another member of the same state."""
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
        """Tell whether a change of a decision maker's own options goes against no one-way mark."""
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

    def _sequences(
        self, player: str, start: TakenOptions, moves: Callable[[str, TakenOptions], Iterable[TakenOptions]]
    ) -> list[TakenOptions]:
        """Return where a coalition's members can get to together, nobody moving twice in a row."""
        came: dict[tuple[TakenOptions, str], None] = {}
        moved: set[tuple[TakenOptions, str]] = set()
        waiting: deque[tuple[TakenOptions, str]] = deque([(start, "")])
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

    def better(self, player: str, end: TakenOptions, state: TakenOptions) -> bool:
        """Tell whether a player strictly prefers the first state to the second: everybody in it does."""
        return all(self.rank(id, end) > self.rank(id, state) for id in self.players[player])

    def improvements(self, player: str, state: TakenOptions) -> Iterator[TakenOptions]:
        """Yield the states that a player can move to and prefers."""
        return (end for end in self.moves(player, state) if self.better(player, end, state))

    def rank(self, maker: str, state: TakenOptions) -> Any:
        """Return something that is larger the more a decision maker prefers a state."""
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


#: So many moves are tried on a walk from one improvement, unless said otherwise.
MAX_WALK = 500_000
#: So many combinations of improvements are tried for one.
MAX_COMBINED = 5_000
#: Of the improvements that nothing is said to deter from, a walk is begun from so many.
MAX_WALKS = 3
_SEQUENCES = (Respond.MOVES, Respond.IMPROVEMENTS, Respond.IMPROVEMENTS_THEN_COMBINATIONS)
_COMBINATIONS = (Respond.COMBINATIONS, Respond.IMPROVEMENTS_THEN_COMBINATIONS)


class Checker(ReferenceModel):
    """A conflict as plain as it is written, that what is said of it can be held against.

    ``most_tried`` is how many moves are tried on a walk before it is given up.
    """

    def __init__(self, conflict: Conflict, most_tried: int = MAX_WALK) -> None:
        super().__init__(conflict)
        self.most_tried = most_tried
        self._staying: dict[tuple[str, TakenOptions], bool] = {}

    def check(self, claim: Claim) -> str:
        """Check a claim; return in a word what it took: 'moves', 'sanctions', 'walk', or 'open' for a proof needed.

        Raises
        ------
        FalseAnswerError
            When the claim is false.
        UncheckedError
            When it cannot be checked here.
        """
        if not self.feasible(claim.state):
            raise FalseAnswerError(f"the state breaks '{self.conflict.breaks(claim.state)}'")
        found = set(self.improvements(claim.player, claim.state))
        if found != set(claim.improvements):
            wrong = self.written(next(iter(found ^ set(claim.improvements))))
            raise FalseAnswerError(f"its improvements are others than those that are told: {wrong} is the difference")
        for end, sanction in claim.improvements.items():
            if sanction is not None:
                self.check_sanction(claim, end, sanction)
        tempting = [end for end, sanction in claim.improvements.items() if sanction is None]
        if claim.stable != (not tempting):
            raise FalseAnswerError("the verdict is not what the sanctions say")
        if claim.stable or claim.concept.respond is Respond.NOBODY:
            return "sanctions" if claim.improvements else "moves"
        return self.check_open(claim, tempting)

    def check_sanction(self, claim: Claim, improvement: TakenOptions, sanction: ClaimedSanction) -> None:
        """Check that a sanction is what it says it is, and deters."""
        if sanction.simultaneous:
            end = self.end_of_combination(claim, improvement, sanction)
        else:
            end = self.end_of_sequence(claim, improvement, sanction)
        if end != sanction.end:
            raise FalseAnswerError(f"the sanction of {self.written(improvement)} does not end where it says")
        if self.better(claim.player, end, claim.state):
            raise FalseAnswerError(f"the sanction of {self.written(improvement)} does not hurt")
        if not self.deters(claim, end):
            raise FalseAnswerError(f"the sanction of {self.written(improvement)} can be escaped")

    def end_of_sequence(self, claim: Claim, improvement: TakenOptions, sanction: ClaimedSanction) -> TakenOptions:
        """Follow a sequence of the others' moves, each legal and, where it has to be, an improvement."""
        if claim.concept.respond not in _SEQUENCES:
            raise FalseAnswerError("a sequence of moves is no sanction under this concept")
        here, last = improvement, claim.player
        for mover, end in sanction.steps:
            if mover in (last, claim.player):
                raise FalseAnswerError(f"{mover} cannot move then")
            if not self.can_move(mover, here, end):
                raise FalseAnswerError(f"{mover} cannot move from {self.written(here)} to {self.written(end)}")
            if claim.concept.respond is not Respond.MOVES and not self.better(mover, end, here):
                raise FalseAnswerError(f"{mover} does not prefer {self.written(end)} to {self.written(here)}")
            here, last = end, mover
        if last == claim.player:
            raise FalseAnswerError("a sanction without a move")
        return here

    def end_of_combination(self, claim: Claim, improvement: TakenOptions, sanction: ClaimedSanction) -> TakenOptions:
        """Put improvements made at the same moment, from some member of the state, together."""
        if claim.concept.respond not in _COMBINATIONS:
            raise FalseAnswerError("moves at the same moment are no sanction under this concept")
        movers = [mover for mover, _ in sanction.steps]
        if not movers or not set(movers) <= set(self.may_combine(claim)) or len(set(movers)) < len(movers):
            raise FalseAnswerError("a combination is of moves of others who would move, one of each")
        for mover, end in sanction.steps:
            if not self.better(mover, end, claim.state):
                raise FalseAnswerError(f"{mover} does not prefer {self.written(end)}")
        for member in self.members(claim.state):
            moved = ((claim.player, improvement), *sanction.steps)
            parts = [self.parts_of_move(player, member, end) for player, end in moved]
            for combined in self.combinations(member, [claim.player, *movers], parts):
                if self.feasible(combined) and self.state_of(combined) == sanction.end:
                    return sanction.end
        raise FalseAnswerError(f"no such moves at the same moment lead to {self.written(sanction.end)}")

    def parts_of_move(self, player: str, member: TakenOptions, end: TakenOptions) -> list[TakenOptions]:
        """Return what a player can do with its options so that it would get from a member to a state by itself."""
        own = self.options_of(player)
        if not self.merges:
            return [end & own] if self.can_move(player, member, end) else []
        return [to & own for to in self.member_ends(player, member, end)]

    def combinations(
        self, member: TakenOptions, players: Sequence[str], parts: Sequence[Sequence[TakenOptions]]
    ) -> Iterator[TakenOptions]:
        """Yield what comes of it when each of some players does one of some things with its options."""
        if prod(map(len, parts)) > MAX_COMBINED:
            raise UncheckedError("there are too many moves at the same moment to try each combination")
        rest = member.difference(*map(self.options_of, players))
        return (rest.union(*chosen) for chosen in product(*parts))

    def may_combine(self, claim: Claim) -> list[str]:
        """Return who else may move at the same moment: under 'SEQ, then SIM' those who, like the player, would move."""
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
        """Look for a sanction of an improvement that is said to have none; one such improvement is enough."""
        for improvement in islice(tempting, MAX_WALKS):
            try:
                found = self.sanction_against(claim, improvement)
            except UncheckedError:
                if claim.concept.respond is Respond.IMPROVEMENTS_THEN_COMBINATIONS:
                    raise
                continue
            if found is not None:
                raise FalseAnswerError(
                    f"{self.written(improvement)} is told to be open, but {self.written(found)} deters from it"
                )
            return "walk"
        return "open"

    def sanction_against(self, claim: Claim, improvement: TakenOptions) -> TakenOptions | None:
        """Return what the others can bring about to deter from an improvement; None when there is nothing."""
        respond = claim.concept.respond
        if respond in _SEQUENCES and (found := self.sanction_by_sequence(claim, improvement)) is not None:
            return found
        return self.sanction_by_combination(claim, improvement) if respond in _COMBINATIONS else None

    def deters(self, claim: Claim, state: TakenOptions) -> bool:
        """Tell whether a state that the others bring about deters from a claim's state."""
        if self.better(claim.player, state, claim.state):
            return False
        return not (
            claim.concept.counter_move
            and any(self.better(claim.player, last, claim.state) for last in self.moves(claim.player, state))
        )

    def sanction_by_sequence(self, claim: Claim, improvement: TakenOptions) -> TakenOptions | None:
        """Go everywhere that the others can get to; `UncheckedError` when that is too far."""
        others = [player for player in self.players if player != claim.player]
        seen, came = {improvement}, {(improvement, "")}
        waiting, begun = deque(came), self.tried
        # Whoever moved last cannot move on, but somebody may come from elsewhere: each moves on once.
        moved: set[tuple[TakenOptions, str]] = set()
        while waiting:
            if self.tried - begun > self.most_tried:
                raise UncheckedError("the others can get to too many states to walk through")
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
        """Return where another can move to in answer."""
        return self.moves(mover, state) if claim.concept.respond is Respond.MOVES else self.improvements(mover, state)

    def sanction_by_combination(self, claim: Claim, improvement: TakenOptions) -> TakenOptions | None:
        """Try every combination of the others' improvements; `UncheckedError` when there are too many."""
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
