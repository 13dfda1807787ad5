"""Proof by a satisfiability solver that no answer of the others deters from an improvement.

Of improvements made at the same moment there are many combinations, which are written as clauses as they are. For
sequences, the engine names a set of states. Three things make it proof: the improvement is in it; no state of it
deters; and no answer of the others leads out of it. The last two are the conflict's own conditions written as clauses
(Tseitin 1968), for which a solver that knows nothing of the engine finds no solution. Where the player may answer a
sanction, the solver offers states of the set that would hurt, and each has to be refuted by a move of the player, which
then refutes it wherever the move helps.
"""

from __future__ import annotations

from collections.abc import Mapping

from detente.analysis.checker import Checker, Claim, FalseAnswerError, Taken, UncheckedError
from detente.conflict.conditions import Algebra, Condition
from detente.conflict.preferences import Prioritising
from detente.engine.interface import ClosedSet
from detente.stability import Respond

#: After so many refuted states the proof is given up.
MOST_REFUTED = 5_000


def prove(checker: Checker, claim: Claim, improvement: Taken, closed: ClosedSet) -> None:
    """Prove that nothing deters from an improvement.

    Raises
    ------
    FalseAnswerError
        When the set is no proof.
    UncheckedError
        When the solver is not installed, or the preferences are not prioritised conditions.
    """
    _must_be_provable(checker)
    if not member(closed, improvement):
        raise FalseAnswerError("the closed set does not hold the improvement")
    _nothing_hurts(checker, claim, closed)
    for other in checker.makers:
        if other != claim.player and checker.own[other]:
            _no_way_out(checker, claim, other, closed)


def prove_no_combination(checker: Checker, claim: Claim, improvement: Taken) -> None:
    """Prove that no improvements of others, made at the same moment, deter from an improvement.

    Raises
    ------
    FalseAnswerError
        When some do.
    UncheckedError
        When the solver is not installed, or the preferences are not prioritised conditions.
    """
    _must_be_provable(checker)
    clauses = _Clauses(checker)
    for player, own in checker.own.items():
        parts = [improvement & set(own)]
        if player != claim.player:
            moves = checker.moves(player, claim.state)
            parts += [end & set(own) for end in moves if checker.better(player, end, claim.state)]
        taken = [clauses.fresh() for _ in parts]
        clauses.require(*taken)
        for part, chosen in zip(parts, taken, strict=True):
            for name in own:
                clauses.require(-chosen, clauses.here[name] if name in part else -clauses.here[name])
    clauses.require(clauses.feasible(clauses.here))
    clauses.require(-clauses.better(claim.player, clauses.here, claim.state))
    found = clauses.found()
    if found is not None:
        raise FalseAnswerError(f"{checker.conflict.pattern(found)}, where others improve at the same moment, deters")


def _must_be_provable(checker: Checker) -> None:
    try:
        from pysat.solvers import Cadical153  # noqa: F401
    except ImportError:
        raise UncheckedError(
            "what is too much to walk through is proved by python-sat: install detente[symbolic]"
        ) from None
    if not all(isinstance(maker.preferences, Prioritising) for maker in checker.makers.values()):
        raise UncheckedError("what is too much to walk through is proved for prioritised conditions only")


def member(closed: ClosedSet, state: Taken) -> bool:
    """Tell whether a state is in a closed set."""
    at = closed.start
    while at > 1:
        option, having, without = closed.decisions[at - 2]
        at = having if option in state else without
    return at == 1


class _Clauses:
    """Conditions over the options of one conflict as clauses."""

    def __init__(self, checker: Checker) -> None:
        from pysat.solvers import Cadical153

        self.checker = checker
        self.solver = Cadical153()
        self._last = 0
        self.true = self.fresh()
        self.solver.add_clause([self.true])
        self.here = {option.id: self.fresh() for option in checker.conflict.options}

    def fresh(self) -> int:
        """Return a new variable."""
        self._last += 1
        return self._last

    def require(self, *literals: int) -> None:
        """Require one of the literals to hold."""
        self.solver.add_clause(list(literals))

    def both(self, one: int, other: int) -> int:
        """Return a literal that stands for *and*."""
        made = self.fresh()
        self.require(-made, one)
        self.require(-made, other)
        self.require(made, -one, -other)
        return made

    def either(self, one: int, other: int) -> int:
        """Return a literal that stands for *or*."""
        return -self.both(-one, -other)

    def choice(self, where: int, one: int, other: int) -> int:
        """Return a literal that stands for one where something holds, and for another where not."""
        made = self.fresh()
        self.require(-made, -where, one)
        self.require(made, -where, -one)
        self.require(-made, where, other)
        self.require(made, where, -other)
        return made

    def of(self, condition: Condition, where: Mapping[str, int]) -> int:
        """Return a literal that stands for a condition, with a literal for each option."""
        algebra: Algebra[int] = Algebra(where.__getitem__, lambda one: -one, self.both, self.either)
        return condition.fold(algebra)

    def feasible(self, where: Mapping[str, int]) -> int:
        """Return a literal that stands for being feasible."""
        made = self.true
        for condition in self.checker.conflict.constraints:
            made = self.both(made, self.of(condition, where))
        return made

    def better(self, player: str, end: Mapping[str, int], state: Mapping[str, int] | Taken) -> int:
        """Return a literal that stands for preferring one state to another, which may be a certain one."""
        preferences = self.checker.makers[player].preferences
        assert isinstance(preferences, Prioritising)
        made = -self.true
        for statement in reversed(preferences.statements):
            after = self.of(statement.condition, end)
            if isinstance(state, frozenset):
                before = self.true if statement.condition.holds(state) else -self.true
            else:
                before = self.of(statement.condition, state)
            gained = self.both(after, -before)
            kept = self.either(self.both(after, before), self.both(-after, -before))
            made = self.either(gained, self.both(kept, made))
        return made

    def member(self, closed: ClosedSet, where: Mapping[str, int]) -> int:
        """Return a literal that stands for being in a closed set."""
        literals = [-self.true, self.true]
        for option, having, without in closed.decisions:
            literals.append(self.choice(where[option], literals[having], literals[without]))
        return literals[closed.start]

    def found(self) -> Taken | None:
        """Return a state that meets what is required; None when there is none."""
        if not self.solver.solve():
            return None
        true = set(self.solver.get_model())
        return frozenset(name for name, variable in self.here.items() if variable in true)


def _no_way_out(checker: Checker, claim: Claim, mover: str, closed: ClosedSet) -> None:
    clauses = _Clauses(checker)
    there = {**clauses.here, **{name: clauses.fresh() for name in checker.own[mover]}}
    for name, to_taken in checker.conflict.direction.items():
        if name in checker.own[mover]:
            before, after = clauses.here[name], there[name]
            clauses.require(*((-before, after) if to_taken else (before, -after)))
    clauses.require(clauses.member(closed, clauses.here))
    clauses.require(-clauses.member(closed, there))
    clauses.require(clauses.feasible(clauses.here))
    clauses.require(clauses.feasible(there))
    if claim.concept.respond is Respond.IMPROVEMENTS:
        clauses.require(clauses.better(mover, there, clauses.here))
    way = clauses.found()
    if way is not None:
        raise FalseAnswerError(f"{mover} can leave the closed set from {checker.conflict.pattern(way)}")


def _nothing_hurts(checker: Checker, claim: Claim, closed: ClosedSet) -> None:
    clauses = _Clauses(checker)
    clauses.require(clauses.member(closed, clauses.here))
    clauses.require(clauses.feasible(clauses.here))
    clauses.require(-clauses.better(claim.player, clauses.here, claim.state))
    for _ in range(MOST_REFUTED):
        hurting = clauses.found()
        if hurting is None:
            return
        if checker.deters(claim, hurting):
            raise FalseAnswerError(f"{checker.conflict.pattern(hurting)}, in the closed set, deters")
        way = next(
            end for end in checker.moves(claim.player, hurting) if checker.better(claim.player, end, claim.state)
        )
        _refute(clauses, checker, claim, way)
    raise UncheckedError(f"the closed set still had states to refute after {MOST_REFUTED:,}")


def _refute(clauses: _Clauses, checker: Checker, claim: Claim, way: Taken) -> None:
    """Rule out every state that the player escapes from by giving its options the values that they have in one."""
    own = checker.own[claim.player]
    there = {**clauses.here, **{name: clauses.true if name in way else -clauses.true for name in own}}
    helps = clauses.both(clauses.feasible(there), clauses.better(claim.player, there, claim.state))
    for name in own:
        to_taken = checker.conflict.direction.get(name)
        if to_taken is True and name not in way:
            helps = clauses.both(helps, -clauses.here[name])
        if to_taken is False and name in way:
            helps = clauses.both(helps, clauses.here[name])
    clauses.require(-helps)
