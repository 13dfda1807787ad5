"""Proofs by a satisfiability solver that no response of the others deters an improvement.

Theory of operation. The combinations of simultaneous improvements are expressed as clauses directly. For sequences, the
engine supplies a set of states. It is a proof under three conditions: the improvement is in it; no state in it deters;
and no response of the others leads out of it. The last two are the conflict's own conditions, written as clauses
(Tseitin 1968), for which a solver that knows nothing of the engine finds no solution. If the player has a counter-move,
the solver proposes states of the set that would deter; each must be refuted by a move of the player, which then refutes
it wherever that move helps.

No player moves twice in a row, which matters if states are merged: a decision maker may enter a merged state at one
member and could leave it from another. So the engine may supply a set for each other player, of the states that it has
just moved to, besides the initial set, in which no player has moved. They are a proof if

1. every member of the improvement is in the initial set;
2. a player's move from a member of the initial set, or of another player's set, to a member of another state leads to a
   state all of whose members are in the player's own set;
3. no member of a player's set belongs to a state that deters.

Proof: by induction over its length, every legal sequence that ends with a player's move ends at a state all of whose
members are in that player's set. A step starts at the improvement (1) or, by the induction hypothesis, at a state all
of whose members are in the set of the last mover, who is another player; so (2) applies, whichever member it starts
from. By (3) no such end deters. The sets need not be as large as possible, nor contain all members of their states: if
the engine leaves out too much or includes too much, (1), (2) or (3) fails. Which members form one state, and what is
true at all of them, follows from the conflict's merges, not from the engine.

A coalition's joint moves are not expressed as clauses, only that they leave the others' options unchanged. If the
solver finds a counterexample on these terms, the checker tries it, and excludes it if the coalition cannot do it.
Through merged states a coalition can change the options of others; its sequences are not proved in that case.

Cost: exponential in the worst case, as for any satisfiability problem; `MAX_REFUTED` bounds the number of refutations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from detente.concepts import Respond
from detente.lazy import lazy
from detente.model.conditions import Algebra, Condition
from detente.model.conflict import Conflict
from detente.model.preferences import Prioritising
from detente.verification.claims import Claim, ClaimedClosedSet, FalseAnswerError, TakenOptions, UncheckedError
from detente.verification.definitions import Checker

pysat: Any = lazy("pysat.solvers")

#: Number of refuted states after which a proof is abandoned.
MAX_REFUTED = 5_000
#: Maximum number of members of a state at which simultaneous moves are proved one by one.
MAX_PROVED_MEMBERS = 500


def prove(checker: Checker, claim: Claim, improvement: TakenOptions, closed: ClaimedClosedSet) -> None:
    """Prove that no response deters an improvement.

    Raises
    ------
    FalseAnswerError
        If the set is not a proof.
    UncheckedError
        If the conflict is `unprovable`.
    """
    if reason := unprovable(checker.conflict, sequences=True):
        raise UncheckedError(reason)
    if not all(member(closed, one) for one in checker.members(improvement)):
        raise FalseAnswerError("the closed set does not contain the improvement")
    others = {name: place for place, name in enumerate(checker.players) if name != claim.player}
    sets = {name: dict(closed.after).get(place, closed.start) for name, place in others.items()}
    _nothing_hurts(checker, claim, closed, sets.values())
    for other, into in sets.items():
        makers = checker.players[other]
        # A coalition's moves are sequences of its members' moves; its improvements are not.
        together = claim.concept.respond is Respond.IMPROVEMENTS or len(makers) == 1
        before = {closed.start, *(start for name, start in sets.items() if name != other or not together)}
        for movers in [makers] if together else [(maker,) for maker in makers]:
            _no_way_out(checker, claim, other, movers, closed, before, into)


def prove_no_combination(checker: Checker, claim: Claim, improvement: TakenOptions) -> None:
    """Prove that no simultaneous improvements of others deter an improvement.

    Raises
    ------
    FalseAnswerError
        If some do.
    UncheckedError
        If the conflict is `unprovable`, or the state has too many members.
    """
    if reason := unprovable(checker.conflict, sequences=False):
        raise UncheckedError(reason)
    members = checker.members(claim.state)
    if len(members) > MAX_PROVED_MEMBERS:
        raise UncheckedError(f"simultaneous moves start at {len(members):,} members, too many to prove each")
    for start in members:
        _no_combination_from(checker, claim, start, improvement)


def _no_combination_from(checker: Checker, claim: Claim, start: TakenOptions, improvement: TakenOptions) -> None:
    """Prove it for the combinations that start at one member of the state."""
    clauses = _Clauses(checker)
    for player in checker.players:
        own = checker.options_of(player)
        if player == claim.player:
            ends = checker.member_ends(player, start, improvement)
        else:
            moves = checker.member_moves(player, start)
            ends = [start, *(end for end in moves if checker.better(player, checker.state_of(end), claim.state))]
        taken = [clauses.fresh() for _ in ends]
        clauses.require(*taken)
        for end, chosen in zip(ends, taken, strict=True):
            for name in own:
                clauses.require(-chosen, clauses.here[name] if name in end else -clauses.here[name])
    clauses.require(clauses.feasible(clauses.here))
    clauses.require(-clauses.better(checker.players[claim.player], clauses.here, claim.state))
    found = clauses.found()
    if found is not None:
        raise FalseAnswerError(f"{checker.conflict.pattern(found)}, reached by simultaneous improvements, deters")


def unprovable(conflict: Conflict, sequences: bool) -> str | None:
    """Return why claims about a conflict cannot be proved, for sequences or for simultaneous moves; None if they can.

    A solver must be installed, preferences must be conditions in order of priority, and, for sequences, no coalition
    may pass through merged states.
    """
    try:
        pysat.Cadical153  # noqa: B018
    except ImportError:
        return "proofs for large conflicts need python-sat: install detente[symbolic]"
    if not all(isinstance(maker.preferences, Prioritising) for maker in conflict.decision_makers):
        return "proofs for large conflicts need preferences that are conditions in order of priority"
    if sequences and conflict.merge and any(len(members) > 1 for members in conflict.players):
        return "proofs for large conflicts with coalitions need a conflict without merged states"
    return None


def member(closed: ClaimedClosedSet, taken: TakenOptions) -> bool:
    """Tell whether a combination of options is in the initial set of a closed set, in which no player has moved."""
    at = closed.start
    while at > 1:
        option, having, without = closed.decisions[at - 2]
        at = having if option in taken else without
    return at == 1


class _Clauses:
    """Conditions over the options of one conflict, as clauses."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.solver = pysat.Cadical153()
        self._last = 0
        self.true = self.fresh()
        self.solver.add_clause([self.true])
        self.here = self.anything()
        self._inside: dict[tuple[int, ...], dict[TakenOptions, int]] = {}

    def anything(self) -> dict[str, int]:
        """Return new literals for all options."""
        return {option.id: self.fresh() for option in self.checker.conflict.options}

    def fresh(self) -> int:
        """Return a new variable."""
        self._last += 1
        return self._last

    def require(self, *literals: int) -> None:
        """Require at least one of the literals."""
        self.solver.add_clause(list(literals))

    def both(self, one: int, other: int) -> int:
        """Return a literal for the conjunction of two."""
        made = self.fresh()
        self.require(-made, one)
        self.require(-made, other)
        self.require(made, -one, -other)
        return made

    def either(self, one: int, other: int) -> int:
        """Return a literal for the disjunction of two."""
        return -self.both(-one, -other)

    def choice(self, where: int, one: int, other: int) -> int:
        """Return a literal for 'if where then one else other'."""
        made = self.fresh()
        self.require(-made, -where, one)
        self.require(made, -where, -one)
        self.require(-made, where, other)
        self.require(made, where, -other)
        return made

    def of(self, condition: Condition, where: Mapping[str, int]) -> int:
        """Return a literal for a condition, given a literal for each option."""
        algebra: Algebra[int] = Algebra(where.__getitem__, lambda one: -one, self.both, self.either)
        return condition.fold(algebra)

    def feasible(self, where: Mapping[str, int]) -> int:
        """Return a literal for feasibility."""
        made = self.true
        for condition in self.checker.conflict.constraints:
            made = self.both(made, self.of(condition, where))
        return made

    def merged(self, where: Mapping[str, int]) -> Mapping[TakenOptions, int]:
        """Return for each merged state a literal for being one of its members."""
        key = tuple(where.values())
        if key not in self._inside:
            feasible = self.feasible(where)
            self._inside[key] = {
                state: self.both(feasible, self.any(self.of(condition, where) for condition in conditions))
                for state, conditions in self.checker.merging.items()
            }
        return self._inside[key]

    def any(self, literals: Iterable[int]) -> int:
        """Return a literal for at least one of some literals."""
        made = -self.true
        for literal in literals:
            made = self.either(made, literal)
        return made

    def alike(self, one: Mapping[str, int], other: Mapping[str, int]) -> int:
        """Return a literal for equal values of all options."""
        return -self.any(self.differ(one[name], other[name]) for name in one)

    def differ(self, one: int, other: int) -> int:
        """Return a literal for the exclusive disjunction of two."""
        return -self.true if one == other else self.choice(one, -other, other)

    def same(self, one: Mapping[str, int], other: Mapping[str, int]) -> int:
        """Return a literal for two feasible members being the same state."""
        both = (self.both(inside, self.merged(other)[state]) for state, inside in self.merged(one).items())
        return self.any([self.alike(one, other), *both])

    def holds(self, condition: Condition, where: Mapping[str, int]) -> int:
        """Return a literal for a condition being true at the state of a feasible member: at all its members."""
        made = self.of(condition, where)
        for state, inside in self.merged(where).items():
            made = self.choice(inside, self.truth(self.checker.holds(condition, state)), made)
        return made

    def truth(self, value: bool) -> int:
        """Return a literal that is always true, or always false."""
        return self.true if value else -self.true

    def better(self, makers: Iterable[str], end: Mapping[str, int], state: Mapping[str, int] | TakenOptions) -> int:
        """Return a literal for all of some decision makers preferring a member's state to another, or to a given
        state.
        """
        made = self.true
        for maker in makers:
            made = self.both(made, self._better(maker, end, state))
        return made

    def _better(self, maker: str, end: Mapping[str, int], state: Mapping[str, int] | TakenOptions) -> int:
        preferences = self.checker.makers[maker].preferences
        assert isinstance(preferences, Prioritising)
        made = -self.true
        for statement in reversed(preferences.statements):
            after = self.holds(statement.condition, end)
            if isinstance(state, frozenset):
                before = self.truth(self.checker.holds(statement.condition, state))
            else:
                before = self.holds(statement.condition, state)
            gained = self.both(after, -before)
            kept = self.either(self.both(after, before), self.both(-after, -before))
            made = self.either(gained, self.both(kept, made))
        return made

    def member(self, closed: ClaimedClosedSet, starts: Iterable[int], where: Mapping[str, int]) -> int:
        """Return a literal for being in one of the sets of a closed set with these first decisions."""
        literals = [-self.true, self.true]
        for option, having, without in closed.decisions:
            literals.append(self.choice(where[option], literals[having], literals[without]))
        return self.any(literals[start] for start in sorted(set(starts)))

    def found(self) -> TakenOptions | None:
        """Return a member that meets the requirements, or None."""
        return self.read(self.here) if self.solver.solve() else None

    def read(self, where: Mapping[str, int]) -> TakenOptions:
        """Return the member that some literals have in the latest solution."""
        true = set(self.solver.get_model())
        return frozenset(name for name, literal in where.items() if literal in true)

    def exclude(self, where: Mapping[str, int], state: TakenOptions) -> list[int]:
        """Return literals of which at least one is true if the member differs from this one."""
        return [-literal if name in state else literal for name, literal in where.items()]


def _no_way_out(
    checker: Checker,
    claim: Claim,
    player: str,
    movers: Sequence[str],
    closed: ClaimedClosedSet,
    before: Iterable[int],
    into: int,
) -> None:
    """Prove that some decision makers of a player, acting together, move from certain sets only into a given one."""
    clauses = _Clauses(checker)
    own = [name for maker in movers for name in checker.own[maker]]
    here, there = clauses.here, {**clauses.here, **{name: clauses.fresh() for name in own}}
    for name, to_taken in checker.conflict.direction.items():
        if name in own:
            clauses.require(*((-here[name], there[name]) if to_taken else (here[name], -there[name])))
    clauses.require(clauses.member(closed, before, here))
    clauses.require(clauses.feasible(here))
    clauses.require(clauses.feasible(there))
    clauses.require(-clauses.same(here, there))
    # The move leads to a state, that is, to any of its members.
    arrived = clauses.anything() if checker.merges else there
    if checker.merges:
        clauses.require(clauses.same(there, arrived))
    clauses.require(-clauses.member(closed, [into], arrived))
    if claim.concept.respond is Respond.IMPROVEMENTS:
        clauses.require(clauses.better(movers, there, here))
    for _ in range(MAX_REFUTED):
        start = clauses.found()
        if start is None:
            return
        end = clauses.read(there)
        if len(movers) == 1 or checker.can_move(player, start, end):
            raise FalseAnswerError(f"{player} can leave the closed set from {checker.written(checker.state_of(start))}")
        clauses.require(*clauses.exclude(here, start), *clauses.exclude({n: there[n] for n in own}, end))
    raise UncheckedError(f"the joint moves of {player} were not exhausted after {MAX_REFUTED:,} attempts")


def _nothing_hurts(checker: Checker, claim: Claim, closed: ClaimedClosedSet, sets: Iterable[int]) -> None:
    """Prove that no state that the others may have moved to deters."""
    clauses = _Clauses(checker)
    clauses.require(clauses.member(closed, sets, clauses.here))
    clauses.require(clauses.feasible(clauses.here))
    clauses.require(-clauses.better(checker.players[claim.player], clauses.here, claim.state))
    for _ in range(MAX_REFUTED):
        found = clauses.found()
        if found is None:
            return
        hurting = checker.state_of(found)
        if checker.deters(claim, hurting):
            raise FalseAnswerError(f"{checker.written(hurting)}, in the closed set, deters")
        if len(checker.members(hurting)) > 1:
            # The counter-move may start at another member, so this state is excluded by itself, as a whole.
            clauses.require(-clauses.merged(clauses.here)[hurting])
            continue
        way = next(
            end for end in checker.moves(claim.player, hurting) if checker.better(claim.player, end, claim.state)
        )
        if len(checker.members(way)) > 1:
            way = checker.member_ends(claim.player, hurting, way)[0]
        _refute(clauses, checker, claim, hurting, way)
    raise UncheckedError(f"the closed set had more than {MAX_REFUTED:,} states to refute")


def _refute(clauses: _Clauses, checker: Checker, claim: Claim, hurting: TakenOptions, way: TakenOptions) -> None:
    """Exclude a state, and every other that the player escapes from by the same values of its options.

    The members of a coalition set their options in turn; every state on the way must be feasible.
    """
    helps, here = clauses.true, clauses.here
    for maker in checker.players[claim.player]:
        own = checker.own[maker]
        for name in own:
            to_taken = checker.conflict.direction.get(name)
            if to_taken is True and name not in way:
                helps = clauses.both(helps, -here[name])
            if to_taken is False and name in way:
                helps = clauses.both(helps, here[name])
        here = {**here, **{name: clauses.true if name in way else -clauses.true for name in own}}
        helps = clauses.both(helps, clauses.feasible(here))
    helps = clauses.both(helps, clauses.better(checker.players[claim.player], here, claim.state))
    clauses.require(-helps)
    clauses.require(*clauses.exclude(clauses.here, hurting))
