"""A decision maker's preferences as variables of a program of clauses.

Theory of operation. The program only asks whether a decision maker prefers one state to another, or does not. Each form
of preferences answers with a literal that *implies* it, so every solution of the program satisfies it.

*Conditions, most important first.* Each preference is kept, reversed or dropped; a kept one stays or is moved; and for
every option that is not by itself a preference, 'taken' or 'not taken' can be added. For each pair of preferences, a
variable says which is more important, and the pairs are transitive. One state is better than another if some preference
in use favours it and no more important preference in use favours the other. Pairs of states on which the preferences
differ in the same way share a literal; there are few such patterns.

*Rankings.* For each pair of states, a variable says which is ranked higher. A strict pair stays strict, because an
indifference introduced only to satisfy the program would not be an answer; a tied pair may be split.

Cost: variables quadratic, and transitivity constraints cubic, in the number of preferences or ranked states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import combinations, pairwise, permutations
from typing import Any, Protocol

from detente.errors import MissingSolverError
from detente.lazy import dataclass, lazy
from detente.model.conditions import Condition, Not, Taken
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker
from detente.model.preferences import Preferences, PreferenceStatement, Prioritising, Ranking

pysat: Any = lazy("pysat.solvers")
pysolvers: Any = lazy("pysolvers")

#: A variable of the program (a positive number), the negation of one (the negative number), or a constant.
Literal = int | bool
#: A literal and what it costs if it is true.
Weighted = tuple[int, Literal]
#: Returns the solver's value of a literal.
Value = Callable[[Literal], bool]
#: Returns the truth of a condition at every state, by the state's number minus one.
Truth = Callable[[Condition], Sequence[bool]]


@dataclass(frozen=True)
class PreferenceEdit:
    """One edit of a decision maker's preferences.

    Attributes
    ----------
    decision_maker
        The decision maker.
    kind
        ``move``, ``reverse``, ``drop`` or ``add`` for a preference; ``swap`` for two states, ``part`` for two states
        that were tied.
    statement
        The condition of the preference; None for states.
    start
        Its number before the edit, from 1; None if it is new.
    end
        Its number after the edit, from 1; None if it is dropped.
    states
        The numbers of two states, the first of which is ranked above the second after the edit.
    """

    decision_maker: str
    kind: str
    statement: str | None = None
    start: int | None = None
    end: int | None = None
    states: tuple[int, int] | None = None


@dataclass(frozen=True)
class EditedPreferences:
    """A decision maker's preferences after some edits; two are equal if the preferences are."""

    decision_maker: str
    preferences: Preferences
    edits: tuple[PreferenceEdit, ...]


class Program:
    """Clauses under construction, in an incremental solver; literals only imply what they stand for.

    Raises
    ------
    MissingSolverError
        If the solver is not installed.
    """

    def __init__(self) -> None:
        try:
            self.solver = pysat.Glucose4()
        except ImportError as error:
            raise MissingSolverError(
                "this question needs a solver, which is not installed: install detente[inverse]"
            ) from error
        #: The last variable.
        self.last = 0

    def variable(self) -> int:
        """Return a new Boolean variable."""
        self.last += 1
        return self.last

    def either(self, literals: Sequence[Literal]) -> Literal:
        """Return a literal that implies that at least one of these is true."""
        if any(one is True for one in literals):
            return True
        open_ones = [one for one in literals if one is not False]
        if len(open_ones) <= 1:
            return open_ones[0] if open_ones else False
        one = self.variable()
        self.require(-one, *open_ones)
        return one

    def all_of(self, literals: Sequence[Literal]) -> Literal:
        """Return a literal that implies all of these."""
        if any(one is False for one in literals):
            return False
        open_ones = [one for one in literals if one is not True]
        if len(open_ones) <= 1:
            return open_ones[0] if open_ones else True
        every = self.variable()
        for one in open_ones:
            self.require(-every, one)
        return every

    def require(self, *literals: Literal) -> None:
        """Require at least one of these to be true."""
        if any(one is True for one in literals):
            return
        open_ones = [one for one in literals if one is not False]
        if open_ones:
            self.solver.add_clause(open_ones)
        else:
            nothing = self.variable()
            self.solver.add_clause([nothing])
            self.solver.add_clause([-nothing])

    def solution(self, assumed: Sequence[int] = ()) -> Value | None:
        """Return a solution in which these literals are true, or None.

        Raises
        ------
        KeyboardInterrupt
            After Ctrl-C; the solver swallows the interrupt.
        """
        try:
            found = self.solver.solve(assumptions=assumed)
        except pysolvers.error as error:
            raise KeyboardInterrupt from error
        if not found:
            return None
        true = frozenset(self.solver.get_model())
        return lambda one: one if isinstance(one, bool) else one in true or (one < 0 and -one not in true)


def negated(literal: Literal) -> Literal:
    """Return the negation of a literal."""
    return not literal if isinstance(literal, bool) else -literal


class Editable(Protocol):
    """A decision maker's preferences in a program. States are numbered from 0."""

    id: str

    def better(self, end: int, start: int) -> Literal:
        """Return a literal that implies that one state is strictly preferred to another."""
        ...

    def not_better(self, end: int, start: int) -> Literal:
        """Return a literal that implies that one state is not strictly preferred to another."""
        ...

    def edits(self) -> Sequence[Literal]:
        """Return a literal for each possible edit, true if it is made."""
        ...

    def importance(self) -> Sequence[Weighted]:
        """Return literals whose total weight is that of the edits, as `detente.analysis.inverse` defines it."""
        ...

    def read(self, value: Value) -> EditedPreferences:
        """Return the preferences and edits of a solution."""
        ...

    def otherwise(self, value: Value) -> list[Literal]:
        """Return literals, at least one of which is true if the preferences differ from those of this solution."""
        ...


class Locked:
    """Preferences that cannot change."""

    def __init__(self, maker: DecisionMaker, ranks: Sequence[int]) -> None:
        self.id, self._maker, self._ranks = maker.id, maker, ranks

    def better(self, end: int, start: int) -> bool:
        """Tell whether one state is strictly preferred; rank 1 is best."""
        return self._ranks[end] < self._ranks[start]

    def not_better(self, end: int, start: int) -> bool:
        """Tell whether one state is not strictly preferred."""
        return not self.better(end, start)

    def edits(self) -> Sequence[Literal]:
        """Return no literals, because nothing is edited."""
        return ()

    def importance(self) -> Sequence[Weighted]:
        """Return no literals."""
        return ()

    def read(self, value: Value) -> EditedPreferences:
        """Return the unchanged preferences."""
        return EditedPreferences(self.id, self._maker.preferences, ())

    def otherwise(self, value: Value) -> list[Literal]:
        """Return no literals, because the preferences never differ."""
        return []


@dataclass(frozen=True)
class _Entry:
    """A preference of the list (``place`` counts from 0) or one that could be added, with its forms and their
    literals.
    """

    place: int | None
    forms: tuple[PreferenceStatement, ...]
    used: tuple[Literal, ...]
    stays: Literal
    is_in: Literal


def reversed_condition(condition: Condition) -> Condition:
    """Return the negation of a condition; a leading 'not' is removed instead."""
    return condition.part if isinstance(condition, Not) else Not(condition)


def candidates(conflict: Conflict, maker: DecisionMaker) -> tuple[str, ...]:
    """Return the options for which a preference can be added: those that are not by themselves a preference."""
    there = set()
    for condition in maker.preferences.conditions():
        literal = condition.part if isinstance(condition, Not) else condition
        if isinstance(literal, Taken):
            there.add(literal.option)
    return tuple(option.id for option in conflict.options if option.id not in there)


class EditableStatements:
    """Option prioritising that can be edited."""

    def __init__(self, program: Program, conflict: Conflict, maker: DecisionMaker, truth: Truth) -> None:
        assert isinstance(maker.preferences, Prioritising)
        self.id, self._program = maker.id, program
        self._length = len(maker.preferences.statements)
        entries = [self._kept(place, statement) for place, statement in enumerate(maker.preferences.statements)]
        entries += [self._added(option) for option in candidates(conflict, maker)]
        self._entries = entries
        self._truths = [[list(truth(form.condition)) for form in entry.forms] for entry in entries]
        self._before = self._order()
        # Cached on the instance, because the literals belong to this program.
        self._better_of = cache(self._first_difference)

    def _kept(self, place: int, statement: PreferenceStatement) -> _Entry:
        contrary = PreferenceStatement(reversed_condition(statement.condition))
        as_is, turned, is_in, stays = (self._program.variable() for _ in range(4))
        self._in_one_form(as_is, turned, is_in)
        self._program.require(-stays, is_in)
        return _Entry(place, (statement, contrary), (as_is, turned), stays, is_in)

    def _added(self, option: str) -> _Entry:
        taken, left, is_in = (self._program.variable() for _ in range(3))
        self._in_one_form(taken, left, is_in)
        forms = (PreferenceStatement(Taken(option)), PreferenceStatement(Not(Taken(option))))
        return _Entry(None, forms, (taken, left), False, is_in)

    def _in_one_form(self, one: int, other: int, is_in: int) -> None:
        """Require exactly one form of an entry that is in use, and none of another."""
        for clause in ((one, other, -is_in), (-one, -other), (-one, is_in), (-other, is_in)):
            self._program.require(*clause)

    def _order(self) -> Mapping[tuple[int, int], int]:
        """Create the variables for which of two entries is more important, and require them to be an order."""
        require = self._program.require
        before: dict[tuple[int, int], int] = {}
        for one, other in combinations(range(len(self._entries)), 2):
            first = self._program.variable()
            before[one, other], before[other, one] = first, -first
            if other < self._length:
                require(negated(self._entries[one].stays), negated(self._entries[other].stays), first)
        for one, two, three in combinations(range(len(self._entries)), 3):
            require(before[two, one], before[three, two], before[one, three])
            require(before[one, two], before[two, three], before[three, one])
        return before

    def better(self, end: int, start: int) -> Literal:
        """Return a literal that implies that the first preference in use on which the states differ favours ``end``."""
        return self._better_of(self._difference(end, start), True)

    def not_better(self, end: int, start: int) -> Literal:
        """Return a literal that implies the opposite: it favours ``start``, or the states differ on none."""
        return self._better_of(self._difference(end, start), False)

    def _difference(self, end: int, start: int) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(int(one[end]) - int(one[start]) for one in forms) for forms in self._truths)

    def _first_difference(self, difference: tuple[tuple[int, ...], ...], favours: bool) -> Literal:
        """Return a literal that implies that the first differing entry favours ``end``, or that none favours it
        first.
        """
        wanted = 1 if favours else -1
        for_it, against = (
            {
                place: [used for used, sign in zip(entry.used, signs, strict=True) if sign == side]
                for place, (entry, signs) in enumerate(zip(self._entries, difference, strict=True))
                if side in signs
            }
            for side in (wanted, -wanted)
        )
        ways = [self._leads(place, used, against) for place, used in for_it.items()]
        if not favours:
            ways.append(self._program.all_of([negated(used) for uses in against.values() for used in uses]))
        return self._program.either(ways)

    def _leads(self, place: int, used: list[Literal], against: Mapping[int, list[Literal]]) -> Literal:
        leads = self._program.variable()
        self._program.require(-leads, *used)
        for other, uses in against.items():
            for one in uses if other != place else ():
                self._program.require(-leads, negated(one), self._before[place, other])
        return leads

    def edits(self) -> Sequence[Literal]:
        """Return a literal for each drop or move, each reversal, and each addition."""
        own, added = self._entries[: self._length], self._entries[self._length :]
        return [
            *(entry.used[1] for entry in own),
            *(negated(entry.stays) for entry in own),
            *(entry.is_in for entry in added),
        ]

    def importance(self) -> Sequence[Weighted]:
        """Return literals whose total weight is that of the edits: for each, one plus the number of other preferences
        below the highest place that it touches.
        """
        require, last = self._program.require, self._length
        weights: list[Weighted] = []
        for place, entry in enumerate(self._entries):
            moved = self._program.variable()
            if entry.place is None:
                least = 1
                require(negated(entry.is_in), moved)
            else:
                least = last - place
                weights += [(least, negated(entry.is_in)), (least, entry.used[1])]
                require(moved, entry.stays, negated(entry.is_in))
            # A move weighs at least this, and more for each preference above that it passes.
            weights.append((least, moved))
            reached = moved
            for other in reversed(range(min(place, last))):
                passes = self._program.variable()
                require(-moved, negated(self._entries[other].stays), -self._before[place, other], passes)
                require(-passes, reached)
                reached = passes
                weights.append((1, passes))
        return weights

    def read(self, value: Value) -> EditedPreferences:
        """Return the preferences of a solution, and the edits that lead to them."""
        order = self._in_use(value)
        statements = [self._form(entry, value) for entry in (self._entries[place] for place in order)]
        edits = [
            edit
            for place, entry in enumerate(self._entries)
            for edit in self._edits_of(entry, order.index(place) + 1 if place in order else None, value)
        ]
        return EditedPreferences(self.id, Prioritising(tuple(statements)), tuple(edits))

    def _in_use(self, value: Value) -> list[int]:
        places = [place for place, entry in enumerate(self._entries) if value(entry.is_in)]
        above = {one: sum(value(self._before[other, one]) for other in places if other != one) for one in places}
        return sorted(places, key=lambda place: above[place])

    def _form(self, entry: _Entry, value: Value) -> PreferenceStatement:
        return next(form for form, used in zip(entry.forms, entry.used, strict=True) if value(used))

    def _edits_of(self, entry: _Entry, end: int | None, value: Value) -> list[PreferenceEdit]:
        if entry.place is None:
            return [PreferenceEdit(self.id, "add", str(self._form(entry, value)), None, end)] if end else []
        said, start = str(entry.forms[0]), entry.place + 1
        if end is None:
            return [PreferenceEdit(self.id, "drop", said, start, None)]
        turned = [PreferenceEdit(self.id, "reverse", said, start, end)] if value(entry.used[1]) else []
        moved = [] if value(entry.stays) else [PreferenceEdit(self.id, "move", said, start, end)]
        return turned + moved

    def otherwise(self, value: Value) -> list[Literal]:
        """Return literals: a different preference is in use, or two consecutive ones are reversed."""
        order = self._in_use(value)
        literals = [
            negated(used) if value(used) else used
            for place, entry in enumerate(self._entries)
            for used in entry.used
            if place not in order or value(used)
        ]
        return literals + [self._before[lower, upper] for upper, lower in pairwise(order)]


class EditableRanking:
    """A ranking of states that can be edited; rank 1 is best."""

    def __init__(self, program: Program, maker: DecisionMaker, ranks: Sequence[int]) -> None:
        self.id, self._ranks = maker.id, ranks
        self._above: dict[tuple[int, int], Literal] = {}
        for one, other in combinations(range(len(ranks)), 2):
            first = program.variable()
            if ranks[one] != ranks[other]:
                self._above[one, other], self._above[other, one] = first, -first
            else:
                second = program.variable()
                program.require(-first, -second)
                self._above[one, other], self._above[other, one] = first, second
        for one, two, three in permutations(range(len(ranks)), 3):
            # Transitivity: if a is not below b, and b not below c, then a is not below c.
            above = self._above
            program.require(above[two, one], above[three, two], negated(above[three, one]))

    def better(self, end: int, start: int) -> Literal:
        """Return a literal for one state being ranked above another."""
        return self._above[end, start] if end != start else False

    def not_better(self, end: int, start: int) -> Literal:
        """Return a literal for one state not being ranked above another."""
        return negated(self.better(end, start))

    def edits(self) -> Sequence[Literal]:
        """Return a literal for each pair that may be ordered differently."""
        return [self._above[one, other] for one, other in self._above if self._ranks[one] >= self._ranks[other]]

    def importance(self) -> Sequence[Weighted]:
        """Return no literals: all swaps weigh the same."""
        return ()

    def read(self, value: Value) -> EditedPreferences:
        """Return the ranking of a solution, and the pairs that it orders differently."""
        places = range(len(self._ranks))
        above = {one: sum(value(self._above[other, one]) for other in places if other != one) for one in places}
        groups: dict[int, list[int]] = {}
        for place in sorted(places, key=lambda place: above[place]):
            groups.setdefault(above[place], []).append(place + 1)
        edits = tuple(
            PreferenceEdit(
                self.id, "part" if self._ranks[one] == self._ranks[other] else "swap", states=(one + 1, other + 1)
            )
            for one, other in sorted(self._above)
            if self._ranks[one] >= self._ranks[other] and value(self._above[one, other])
        )
        return EditedPreferences(self.id, Ranking(tuple(map(tuple, groups.values()))), edits)

    def otherwise(self, value: Value) -> list[Literal]:
        """Return literals: some pair is ordered differently."""
        return [negated(one) if value(one) else one for one in self._above.values()]
