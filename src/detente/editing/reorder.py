"""States after a change: their new numbers and patterns, and rankings and payoffs adapted to them.

States are referred to by numbers and by Y/N patterns, and both depend on the options, their order and the rules. If
only the order of the options changes, every state still exists, so its numbers and patterns are rewritten.

If a change adds or removes states, a state keeps its place in a ranking, whatever its new number. A removed state is
left out. A new state that differs from an old one only by a new option being taken ranks equal to it, because the value
of the option is unknown. Any other new state is placed at the end of a ranking, not compared with the rest. Payoffs
cannot express an unknown value, so for payoffs the change is refused: these states are not ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from detente.editing.convert import reference
from detente.editing.edit import Edit, Rewritten, moved, place_of
from detente.errors import TooLargeError, UnknownNameError
from detente.io.yaml.edit import rearranged_text
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker
from detente.model.preferences import Payoffs, Preferences, Ranking, StateReference, as_reference
from detente.model.states import StateList, feasible_members


def move_decision_maker(conflict: Conflict, edit: Edit) -> Rewritten:
    """Move a decision maker to another place among all."""
    place = _place([maker.id for maker in conflict.decision_makers], "decision maker", place_of(edit)[-1])
    to = int(edit["to"])
    return _reordered(conflict, moved(conflict.decision_makers, place, to), place, to)


def move_option(conflict: Conflict, edit: Edit) -> Rewritten:
    """Move an option to another place among those of its decision maker."""
    _, id, _, option = place_of(edit)
    owner = conflict.decision_makers[_place([m.id for m in conflict.decision_makers], "decision maker", id)]
    place, to = _place([one.id for one in owner.options], "option", option), int(edit["to"])
    made = replace(owner, options=moved(owner.options, place, to))
    makers = [made if maker is owner else maker for maker in conflict.decision_makers]
    return _reordered(conflict, makers, place, to, owner.id)


def _place(ids: Sequence[str], what: str, id: str | int) -> int:
    if id not in ids:
        raise UnknownNameError(what, id, ids)
    return ids.index(str(id))


def _reordered(
    conflict: Conflict, makers: Sequence[DecisionMaker], place: int, to: int, owner: str | None = None
) -> Rewritten:
    names = StateNames(conflict, conflict.replaced(decision_makers=makers))
    text = partial(
        rearranged_text, place=place, to=to, refer=names.now, numbers=lambda: names.numbers_before, owner=owner
    )
    return Rewritten(names.reordered, text)


def with_all_preferences(conflict: Conflict, change: Callable[[tuple[str, str], Preferences], Preferences]) -> Conflict:
    """Return a conflict with all preferences changed.

    ``change`` receives the party that believes in the preferences ('' for a decision maker's own) and the party they
    are about, with the preferences.
    """
    return conflict.replaced(
        decision_makers=[
            replace(maker, preferences=change(("", maker.id), maker.preferences)) for maker in conflict.decision_makers
        ],
        views=[
            replace(view, believes=tuple((id, change((view.decision_maker, id), held)) for id, held in view.believes))
            for view in conflict.views
        ],
    )


@dataclass(frozen=True)
class StateNames:
    """The references to the states of a dispute after a reordering of its options."""

    before: Conflict
    after: Conflict

    def now(self, reference: StateReference) -> StateReference:
        """Return the new reference to a state: a number, a pattern or an unchanged name."""
        if isinstance(reference, int):
            return self._numbers.get(reference, reference)
        if reference in self._names:
            return reference
        if len(reference) == len(self.before.options) and set(reference) <= set("YN-"):
            return "".join(reference[place] for place in self._places)
        number = as_reference(reference)
        return str(self._numbers.get(number, reference)) if isinstance(number, int) else reference

    @property
    def numbers_before(self) -> list[int]:
        """For each state, in the new order, its old number."""
        before = {now: was for was, now in self._numbers.items()}
        return [before[number] for number in sorted(before)]

    @property
    def reordered(self) -> Conflict:
        """The dispute with its options in the new order and its rankings and payoffs adapted."""
        return with_all_preferences(self.after, lambda of, held: self._renamed(held))

    def _renamed(self, held: Preferences) -> Preferences:
        if isinstance(held, Ranking):
            return replace(held, groups=tuple(tuple(map(self.now, group)) for group in held.groups))
        if isinstance(held, Payoffs):
            payoffs = [(self.now(state), value) for state, value in held.payoffs]
            if [state for state, _ in held.payoffs] == list(range(1, len(self._numbers) + 1)):
                # A list of payoffs must be in the order of the states' numbers.
                payoffs.sort()
            return replace(held, payoffs=tuple(payoffs))
        return held

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(["status quo", "status_quo", *(state.name for state in self.before.states)])

    @cached_property
    def _places(self) -> list[int]:
        was = {option.id: place for place, option in enumerate(self.before.options)}
        return [was[option.id] for option in self.after.options]

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """The new number of each state; empty if there are too many states to have numbers."""
        try:
            old, new = StateList(self.before), StateList(self.after)
        except TooLargeError:
            return {}
        numbers: dict[int, int] = {}
        for member in feasible_members(self.before):
            letters = ["Y" if taken else "N" for taken in member]
            number = old.number_of("".join(letters))
            if number not in numbers:
                numbers[number] = new.number_of("".join(letters[place] for place in self._places))
        return numbers


def carry_rankings(before: Conflict, after: Conflict) -> Conflict:
    """Return a conflict after a change, with the rankings and payoffs that the change did not touch adapted."""
    untouched: dict[tuple[str, str], Preferences] = {}
    with_all_preferences(before, lambda of, held: untouched.setdefault(of, held))
    found = {of for of, held in untouched.items() if isinstance(held, Ranking | Payoffs)}
    if not found or _states_by(before) == _states_by(after):
        return after
    try:
        successors = _Successors.between(before, after, StateList(before), StateList(after))
    except TooLargeError:
        return after

    def carried(of: tuple[str, str], held: Preferences) -> Preferences:
        if not isinstance(held, Ranking | Payoffs) or held != untouched.get(of):
            return held
        try:
            return successors.ranking(held) if isinstance(held, Ranking) else successors.payoffs(held)
        except UnknownNameError:
            return held

    return with_all_preferences(after, carried)


def _states_by(conflict: Conflict) -> tuple[object, ...]:
    """Return everything that determines the states and their references."""
    names = [(state.name, state.taken) for state in conflict.states]
    options = [option.id for option in conflict.options]
    rules = [(rule.kind, rule.conditions) for rule in conflict.rules]
    return options, rules, [one.condition for one in conflict.merge], names, conflict.status_quo


@dataclass(frozen=True)
class _Successors:
    """For each state before a change the states that take its place, and the states that are new."""

    before: Callable[[StateReference], int]
    after: StateList
    of: Mapping[int, tuple[int, ...]]
    new: tuple[int, ...]

    @classmethod
    def between(cls, before: Conflict, after: Conflict, old: StateList, new: StateList) -> _Successors:
        """Find the successors; a merged state is identified by the options taken in all its members."""
        added = {option.id for option in after.options} - set(before.owner)
        number = {_taken(state.pattern, before): state.number for state in old}
        successors: dict[int, tuple[int, ...]] = {}
        strange = []
        for state in new:
            taken, left = _taken(state.pattern, after)
            found = number.get((taken - added, left - added))
            if found is None:
                strange.append(state.number)
            else:
                successors[found] = (*successors.get(found, ()), state.number)
        return cls(old.number_of, new, successors, tuple(strange))

    def states(self, reference_: StateReference) -> tuple[StateReference, ...]:
        """Return the references to a state after the change, and to the new states that rank equal to it."""
        return tuple(self._called(reference_, number) for number in self.of.get(self.before(reference_), ()))

    def _called(self, before: StateReference, number: int) -> StateReference:
        try:
            same = self.after.number_of(before) == number
        except UnknownNameError:
            same = False
        return before if same else reference(self.after.numbered(number))

    def ranking(self, held: Ranking) -> Ranking:
        """Return the ranking after the change."""
        groups = [tuple(new for one in group for new in self.states(one)) for group in held.groups]
        # The number of groups left above each place, which is the new place of its gap.
        left = [sum(bool(group) for group in groups[:place]) for place in range(len(groups) + 1)]
        kept = [group for group in groups if group]
        unknown = {left[place] for place in held.unknown} - {0, len(kept)}
        great = {left[place] for place in held.great} - unknown - {0, len(kept)}
        if self.new:
            unknown |= {len(kept)} - {0}
            kept.append(tuple(reference(self.after.numbered(number)) for number in self.new))
        return replace(held, groups=tuple(kept), great=tuple(sorted(great)), unknown=tuple(sorted(unknown)))

    def payoffs(self, held: Payoffs) -> Payoffs:
        """Return the payoffs after the change."""
        return replace(held, payoffs=tuple((new, value) for one, value in held.payoffs for new in self.states(one)))


def _taken(pattern: str, conflict: Conflict) -> tuple[frozenset[str], frozenset[str]]:
    """Return the options taken in a state, and the options on which its members differ."""
    letters = [(option.id, letter) for option, letter in zip(conflict.options, pattern, strict=True)]
    return frozenset(id for id, one in letters if one == "Y"), frozenset(id for id, one in letters if one == "-")
