"""What can be altered in a decision maker's preferences, as variables of a constraint program.

Theory of operation. A program asks of a decision maker only whether it prefers one state to another, or does not;
each form of preferences answers with a literal that *implies* it, so that whatever satisfies the program is so.

*Statements, most important first.* Each statement is kept, reversed or dropped; a kept one stays or is moved; and for
every option of which no statement speaks alone, 'taken' or 'not taken' can be added. Which of two statements is more
important is a variable for each pair, and the pairs are transitive. One state is better than another when some
statement in use favours it and no statement in use that is more important favours the other. Pairs of states on which
the statements differ alike share a literal, and there are few such differences.

*Rankings.* Which of two states is ranked higher is a variable for each pair. A strict pair stays strict, for an
indifference that was made up to fit is no answer; a tied pair may be split.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise, permutations
from typing import TYPE_CHECKING, Any, Protocol

from detente.errors import MissingSolverError
from detente.lazy import lazy
from detente.model.conditions import Condition, Not, Taken
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker
from detente.model.preferences import Preferences, PreferenceStatement, Prioritising, Ranking

if TYPE_CHECKING:
    from ortools.sat.python import cp_model
else:
    cp_model = lazy("ortools.sat.python.cp_model")

#: A variable of the program, the negation of one, or a constant.
Literal = Any
#: What the solver found for a literal.
Value = Callable[[Literal], bool]
#: The truth of a condition at every state, by the state's number less one.
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
    """The preferences of a decision maker after some edits; equal where the preferences are."""

    decision_maker: str
    preferences: Preferences
    edits: tuple[PreferenceEdit, ...]


def constraint_solver() -> Any:
    """Return the module of the constraint solver.

    Raises
    ------
    MissingSolverError
        When it is not installed.
    """
    try:
        cp_model.CpModel  # noqa: B018
    except ImportError as error:
        raise MissingSolverError(
            "the smallest change is found by a constraint solver, which is not installed: install detente[inverse]"
        ) from error
    return cp_model


class Program:
    """A constraint program under construction; its literals only ever imply what they stand for."""

    def __init__(self) -> None:
        self.model: cp_model.CpModel = constraint_solver().CpModel()

    def variable(self) -> Literal:
        """Return a new variable that is true or false."""
        return self.model.new_bool_var("")

    def either(self, literals: Sequence[Literal]) -> Literal:
        """Return a literal that implies one of these."""
        if any(one is True for one in literals):
            return True
        open_ones = [one for one in literals if one is not False]
        if len(open_ones) <= 1:
            return open_ones[0] if open_ones else False
        one = self.variable()
        self.model.add_bool_or([negated(one), *open_ones])
        return one

    def all_of(self, literals: Sequence[Literal]) -> Literal:
        """Return a literal that implies each of these."""
        if any(one is False for one in literals):
            return False
        open_ones = [one for one in literals if one is not True]
        if len(open_ones) <= 1:
            return open_ones[0] if open_ones else True
        every = self.variable()
        for one in open_ones:
            self.model.add_implication(every, one)
        return every

    def require(self, *literals: Literal) -> None:
        """Let one of these be true."""
        self.model.add_bool_or([one for one in literals if one is not False] or [False])


def negated(literal: Literal) -> Literal:
    """Return the contrary of a literal."""
    return not literal if isinstance(literal, bool) else literal.negated()


class Editable(Protocol):
    """A decision maker's preferences in a program. States are numbered from 0."""

    id: str

    def better(self, end: int, start: int) -> Literal:
        """Return what implies that one state is strictly preferred to another."""
        ...

    def not_better(self, end: int, start: int) -> Literal:
        """Return what implies that one state is not strictly preferred to another."""
        ...

    def edits(self) -> Any:
        """Return the number of edits."""
        ...

    def importance(self) -> Any:
        """Return how much the edits weigh: see `detente.analysis.inverse`."""
        ...

    def read(self, value: Value) -> EditedPreferences:
        """Return what a solution does to the preferences."""
        ...

    def otherwise(self, value: Value) -> list[Literal]:
        """Return literals one of which is true wherever the preferences are other than in this solution."""
        ...


class Locked:
    """Preferences that stay as they are."""

    def __init__(self, maker: DecisionMaker, ranks: Sequence[int]) -> None:
        self.id, self._maker, self._ranks = maker.id, maker, ranks

    def better(self, end: int, start: int) -> bool:
        """Tell whether one state is strictly preferred; rank 1 is best."""
        return self._ranks[end] < self._ranks[start]

    def not_better(self, end: int, start: int) -> bool:
        """Tell whether one state is not strictly preferred."""
        return not self.better(end, start)

    def edits(self) -> int:
        """Return 0."""
        return 0

    def importance(self) -> int:
        """Return 0."""
        return 0

    def read(self, value: Value) -> EditedPreferences:
        """Return the preferences as they are."""
        return EditedPreferences(self.id, self._maker.preferences, ())

    def otherwise(self, value: Value) -> list[Literal]:
        """Return nothing: they are never otherwise."""
        return []


@dataclass(frozen=True)
class _Entry:
    """A statement of the list (``place`` counts from 0), or one that could be added; its forms and their literals."""

    place: int | None
    forms: tuple[PreferenceStatement, ...]
    used: tuple[Literal, ...]
    stays: Literal
    is_in: Literal


def reversed_condition(condition: Condition) -> Condition:
    """Return the contrary of a condition: without 'not' where it begins with one."""
    return condition.part if isinstance(condition, Not) else Not(condition)


def candidates(conflict: Conflict, maker: DecisionMaker) -> tuple[str, ...]:
    """Return the options of which a statement can be added: those of which no statement speaks alone."""
    there = set()
    for condition in maker.preferences.conditions():
        literal = condition.part if isinstance(condition, Not) else condition
        if isinstance(literal, Taken):
            there.add(literal.option)
    return tuple(option.id for option in conflict.options if option.id not in there)


class EditableStatements:
    """Option prioritising that can be altered."""

    def __init__(self, program: Program, conflict: Conflict, maker: DecisionMaker, truth: Truth) -> None:
        assert isinstance(maker.preferences, Prioritising)
        self.id, self._program = maker.id, program
        self._length = len(maker.preferences.statements)
        entries = [self._kept(place, statement) for place, statement in enumerate(maker.preferences.statements)]
        entries += [self._added(option) for option in candidates(conflict, maker)]
        self._entries = entries
        self._truths = [[list(truth(form.condition)) for form in entry.forms] for entry in entries]
        self._before = self._order()
        # Cached here, not on the class: the literals belong to this program.
        self._better_of = cache(self._first_difference)
        self._weights = cache(self._weighed)

    def _kept(self, place: int, statement: PreferenceStatement) -> _Entry:
        model = self._program.model
        contrary = PreferenceStatement(reversed_condition(statement.condition))
        as_is, turned, is_in, stays = (self._program.variable() for _ in range(4))
        model.add_exactly_one([as_is, turned, negated(is_in)])
        model.add_implication(stays, is_in)
        return _Entry(place, (statement, contrary), (as_is, turned), stays, is_in)

    def _added(self, option: str) -> _Entry:
        taken, left, is_in = (self._program.variable() for _ in range(3))
        self._program.model.add_exactly_one([taken, left, negated(is_in)])
        forms = (PreferenceStatement(Taken(option)), PreferenceStatement(Not(Taken(option))))
        return _Entry(None, forms, (taken, left), False, is_in)

    def _order(self) -> Mapping[tuple[int, int], Literal]:
        """Make the variables for which of two entries is more important, and let them be an order."""
        model = self._program.model
        before: dict[tuple[int, int], Literal] = {}
        for one, other in combinations(range(len(self._entries)), 2):
            first = self._program.variable()
            before[one, other], before[other, one] = first, negated(first)
            if other < self._length:
                model.add_bool_or(
                    [negated(self._entries[one].stays), negated(self._entries[other].stays), before[one, other]]
                )
        for one, two, three in combinations(range(len(self._entries)), 3):
            model.add_bool_or([before[two, one], before[three, two], before[one, three]])
            model.add_bool_or([before[one, two], before[two, three], before[three, one]])
        return before

    def better(self, end: int, start: int) -> Literal:
        """Return what implies that the first statement in use on which the two differ favours ``end``."""
        return self._better_of(self._difference(end, start), True)

    def not_better(self, end: int, start: int) -> Literal:
        """Return what implies that it does not, or that they differ on none."""
        return self._better_of(self._difference(end, start), False)

    def _difference(self, end: int, start: int) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(int(one[end]) - int(one[start]) for one in forms) for forms in self._truths)

    def _first_difference(self, difference: tuple[tuple[int, ...], ...], favours: bool) -> Literal:
        """Return what implies that the first entry that differs favours ``end``; or that none favours it first."""
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
        self._program.model.add_bool_or([negated(leads), *used])
        for other, uses in against.items():
            for one in uses if other != place else ():
                self._program.model.add_bool_or([negated(leads), negated(one), self._before[place, other]])
        return leads

    def edits(self) -> Any:
        """Count a drop, a reversal, a move and an addition as one each."""
        own, added = self._entries[: self._length], self._entries[self._length :]
        return (
            sum(entry.used[1] for entry in own)
            + sum(1 - entry.stays for entry in own)
            + sum(entry.is_in for entry in added)
        )

    def importance(self) -> Any:
        """Add up, over the edits, one more than the number of other statements below the highest place touched."""
        return sum(self._weights()) if self._entries else 0

    def _weighed(self) -> tuple[Any, ...]:
        model, last = self._program.model, self._length
        weights = []
        for place, entry in enumerate(self._entries):
            moved = self._program.variable()
            weight = model.new_int_var(0, last + 1, "")
            if entry.place is not None:
                weights.append((last - place) * (1 - entry.is_in) + (last - place) * entry.used[1])
                model.add_bool_or([moved, entry.stays, negated(entry.is_in)])
                model.add(weight >= last - place).only_enforce_if(moved)
            else:
                model.add_implication(entry.is_in, moved)
                model.add(weight >= 1).only_enforce_if(moved)
            for other, below in enumerate(self._entries[:last]):
                if other != place:
                    least = last - other + (1 if entry.place is None else 0)
                    model.add(weight >= least).only_enforce_if([moved, below.stays, self._before[place, other]])
            weights.append(weight)
        return tuple(weights)

    def read(self, value: Value) -> EditedPreferences:
        """Return the statements of a solution, and the edits that lead to them."""
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
        """Return: some other statement is in use, or two that follow each other are the other way round."""
        order = self._in_use(value)
        literals = [
            negated(used) if value(used) else used
            for place, entry in enumerate(self._entries)
            for used in entry.used
            if place not in order or value(used)
        ]
        return literals + [self._before[lower, upper] for upper, lower in pairwise(order)]


class EditableRanking:
    """A ranking of the states that can be altered; ``ranks`` has 1 for the best."""

    def __init__(self, program: Program, maker: DecisionMaker, ranks: Sequence[int]) -> None:
        self.id, self._ranks = maker.id, ranks
        self._above: dict[tuple[int, int], Literal] = {}
        for one, other in combinations(range(len(ranks)), 2):
            first = program.variable()
            if ranks[one] != ranks[other]:
                self._above[one, other], self._above[other, one] = first, negated(first)
            else:
                second = program.variable()
                program.model.add_bool_or([negated(first), negated(second)])
                self._above[one, other], self._above[other, one] = first, second
        for one, two, three in permutations(range(len(ranks)), 3):
            # One not below two, and two not below three: one not below three.
            above = self._above
            program.model.add_bool_or([above[two, one], above[three, two], negated(above[three, one])])

    def better(self, end: int, start: int) -> Literal:
        """Return whether one state is ranked above another."""
        return self._above[end, start] if end != start else False

    def not_better(self, end: int, start: int) -> Literal:
        """Return whether one state is not ranked above another."""
        return negated(self.better(end, start))

    def edits(self) -> Any:
        """Count the pairs that are ordered otherwise."""
        return sum(
            (self._above[one, other] for one, other in self._above if self._ranks[one] >= self._ranks[other]), start=0
        )

    def importance(self) -> int:
        """Return 0: a swap is a swap wherever it is."""
        return 0

    def read(self, value: Value) -> EditedPreferences:
        """Return the ranking of a solution, and the pairs that it orders otherwise."""
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
        """Return: some pair is ordered otherwise."""
        return [negated(one) if value(one) else one for one in self._above.values()]
