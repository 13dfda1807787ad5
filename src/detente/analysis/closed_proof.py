"""Proof by a satisfiability solver that no answer of the others deters from an improvement.

Of improvements made at the same moment there are many combinations, which are written as clauses as they are. For
sequences, the engine names a set of states. Three things make it proof: the improvement is in it; no state of it
deters; and no answer of the others leads out of it. The last two are the conflict's own conditions written as clauses
(Tseitin 1968), for which a solver that knows nothing of the engine finds no solution. Where the player may answer a
sanction, the solver offers states of the set that would hurt, and each has to be refuted by a move of the player, which
then refutes it wherever the move helps.

What a coalition can do together is not written as clauses, only that it leaves the others' options alone. Where the
solver finds a way for it on these terms, the way is tried, and ruled out when it is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from detente.analysis.checker import Checker, Claim, FalseAnswerError
from detente.analysis.plain_conflict import Taken, UncheckedError
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
        When the solver is not installed, states are merged, or the preferences are not prioritised conditions.
    """
    _must_be_provable(checker)
    if not member(closed, improvement):
        raise FalseAnswerError("the closed set does not hold the improvement")
    _nothing_hurts(checker, claim, closed)
    for other, makers in checker.players.items():
        if other == claim.player:
            continue
        # Any moves of a coalition are moves of its members; its improvements need not be theirs.
        together = claim.concept.respond is Respond.IMPROVEMENTS
        for movers in [makers] if together else [(maker,) for maker in makers]:
            _no_way_out(checker, claim, other, movers, closed)


def prove_no_combination(checker: Checker, claim: Claim, improvement: Taken) -> None:
    """Prove that no improvements of others, made at the same moment, deter from an improvement.

    Raises
    ------
    FalseAnswerError
        When some do.
    UncheckedError
        When the solver is not installed, states are merged, or the preferences are not prioritised conditions.
    """
    _must_be_provable(checker)
    clauses = _Clauses(checker)
    for player in checker.players:
        own = checker.options_of(player)
        parts = [improvement & own]
        if player != claim.player:
            parts += [end & own for end in checker.improvements(player, claim.state)]
        taken = [clauses.fresh() for _ in parts]
        clauses.require(*taken)
        for part, chosen in zip(parts, taken, strict=True):
            for name in own:
                clauses.require(-chosen, clauses.here[name] if name in part else -clauses.here[name])
    clauses.require(clauses.feasible(clauses.here))
    clauses.require(-clauses.better(checker.players[claim.player], clauses.here, claim.state))
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
    if checker.merges:
        raise UncheckedError("what is too much to walk through is proved where no states are merged")
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

    def better(self, makers: Iterable[str], end: Mapping[str, int], state: Mapping[str, int] | Taken) -> int:
        """Return a literal that stands for all preferring one state to another, which may be a certain one."""
        made = self.true
        for maker in makers:
            made = self.both(made, self._better(maker, end, state))
        return made

    def _better(self, maker: str, end: Mapping[str, int], state: Mapping[str, int] | Taken) -> int:
        preferences = self.checker.makers[maker].preferences
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
        return self.read(self.here) if self.solver.solve() else None

    def read(self, where: Mapping[str, int]) -> Taken:
        """Return the state that some literals stand for in what was found last."""
        true = set(self.solver.get_model())
        return frozenset(name for name, literal in where.items() if literal in true)

    def exclude(self, where: Mapping[str, int], state: Taken) -> list[int]:
        """Return literals of which one holds wherever a state is another than this."""
        return [-literal if name in state else literal for name, literal in where.items()]


def _no_way_out(checker: Checker, claim: Claim, player: str, movers: Sequence[str], closed: ClosedSet) -> None:
    """Prove that some decision makers of a player, acting together, cannot leave a closed set."""
    clauses = _Clauses(checker)
    own = [name for maker in movers for name in checker.own[maker]]
    there = {**clauses.here, **{name: clauses.fresh() for name in own}}
    for name, to_taken in checker.conflict.direction.items():
        if name in own:
            before, after = clauses.here[name], there[name]
            clauses.require(*((-before, after) if to_taken else (before, -after)))
    clauses.require(clauses.member(closed, clauses.here))
    clauses.require(-clauses.member(closed, there))
    clauses.require(clauses.feasible(clauses.here))
    clauses.require(clauses.feasible(there))
    if claim.concept.respond is Respond.IMPROVEMENTS:
        clauses.require(clauses.better(movers, there, clauses.here))
    for _ in range(MOST_REFUTED):
        start = clauses.found()
        if start is None:
            return
        end = clauses.read(there)
        if len(movers) == 1 or checker.can_move(player, start, end):
            raise FalseAnswerError(f"{player} can leave the closed set from {checker.written(start)}")
        clauses.require(*clauses.exclude(clauses.here, start), *clauses.exclude({n: there[n] for n in own}, end))
    raise UncheckedError(f"what {player} can do together still had to be tried after {MOST_REFUTED:,} ways")


def _nothing_hurts(checker: Checker, claim: Claim, closed: ClosedSet) -> None:
    clauses = _Clauses(checker)
    clauses.require(clauses.member(closed, clauses.here))
    clauses.require(clauses.feasible(clauses.here))
    clauses.require(-clauses.better(checker.players[claim.player], clauses.here, claim.state))
    for _ in range(MOST_REFUTED):
        hurting = clauses.found()
        if hurting is None:
            return
        if checker.deters(claim, hurting):
            raise FalseAnswerError(f"{checker.written(hurting)}, in the closed set, deters")
        way = next(
            end for end in checker.moves(claim.player, hurting) if checker.better(claim.player, end, claim.state)
        )
        _refute(clauses, checker, claim, hurting, way)
    raise UncheckedError(f"the closed set still had states to refute after {MOST_REFUTED:,}")


def _refute(clauses: _Clauses, checker: Checker, claim: Claim, hurting: Taken, way: Taken) -> None:
    """Rule out a state, and every other that the player escapes from by the same values of its options.

    A coalition's members give their options these values in turn; every state on the way has to be feasible.
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
