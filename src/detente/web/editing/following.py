"""Rankings and payoffs that follow when a change makes states come or go, or gives them other numbers and letters.

A state stays where it was, whatever it is called now; one that is gone is left out. One that differs from an old one
only by a new option being taken is as good as that one, for nobody has said what the option is worth. Any other new
state stands at the end of a ranking, not compared with the rest; payoffs have no place for what is not known, so there
the change is refused, as what was not ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from detente.conflict.model import ConflictModel
from detente.conflict.preferences import Payoffs, Preferences, Ranking, StateReference
from detente.conflict.states import StateList
from detente.errors import TooLargeError, UnknownNameError
from detente.web.editing.turning import reference

Taken = frozenset[str]


def followed(before: ConflictModel, after: ConflictModel) -> ConflictModel:
    """Return a conflict after a change with the rankings and payoffs that the change did not touch following it."""
    if not any(isinstance(held, Ranking | Payoffs) for held in _held(after)) or _shape(before) == _shape(after):
        return after
    try:
        old, new = StateList(before), StateList(after)
    except TooLargeError:
        return after
    way = _Way.between(before, after, old, new)
    untouched = list(_held(before))

    def carried(held: Preferences) -> Preferences:
        if not isinstance(held, Ranking | Payoffs) or not any(held is one for one in untouched):
            return held
        try:
            return way.ranking(held) if isinstance(held, Ranking) else way.payoffs(held)
        except UnknownNameError:
            return held

    return after.replaced(
        decision_makers=[replace(maker, preferences=carried(maker.preferences)) for maker in after.decision_makers],
        views=[
            replace(view, believes=tuple((id, carried(held)) for id, held in view.believes)) for view in after.views
        ],
    )


def _held(conflict: ConflictModel) -> Iterable[Preferences]:
    yield from (maker.preferences for maker in conflict.decision_makers)
    yield from (held for view in conflict.views for _, held in view.believes)


def _shape(conflict: ConflictModel) -> tuple[object, ...]:
    """Return all that decides which states there are, and what they are called."""
    names = [(state.name, state.taken) for state in conflict.states]
    options = [option.id for option in conflict.options]
    rules = [(rule.kind, rule.conditions) for rule in conflict.rules]
    return options, rules, [one.condition for one in conflict.merge], names, conflict.status_quo


@dataclass(frozen=True)
class _Way:
    """Which states after a change go to the place of a state before it, and which are altogether new."""

    before: Callable[[StateReference], int]
    after: StateList
    successors: dict[int, tuple[int, ...]]
    new: tuple[int, ...]

    @classmethod
    def between(cls, before: ConflictModel, after: ConflictModel, old: StateList, new: StateList) -> _Way:
        """Find the way; a merged state is known by what is taken in it throughout."""
        added = {option.id for option in after.options} - set(before.owner)
        number = {_taken(state.pattern, before): state.number for state in old}
        successors: dict[int, list[int]] = {}
        strange = []
        for state in new:
            taken, left = _taken(state.pattern, after)
            found = number.get((taken - added, left - added))
            if found is None:
                strange.append(state.number)
            else:
                successors.setdefault(found, []).append(state.number)
        return cls(old.number_of, new, {key: tuple(value) for key, value in successors.items()}, tuple(strange))

    def states(self, reference_: StateReference) -> tuple[StateReference, ...]:
        """Return what a state is called after the change, with those that are as good as it."""
        numbers = self.successors.get(self.before(reference_), ())
        return tuple(self._called(reference_, number) for number in numbers)

    def _called(self, before: StateReference, number: int) -> StateReference:
        try:
            same = self.after.number_of(before) == number
        except UnknownNameError:
            same = False
        return before if same else reference(self.after.numbered(number))

    def ranking(self, held: Ranking) -> Ranking:
        """Return a ranking after the change."""
        groups = [tuple(new for one in group for new in self.states(one)) for group in held.groups]
        # How many groups are left above each place, to which its gap goes.
        left = [sum(bool(group) for group in groups[:place]) for place in range(len(groups) + 1)]
        kept = [group for group in groups if group]
        unknown = {left[place] for place in held.unknown} - {0, len(kept)}
        great = {left[place] for place in held.great} - unknown - {0, len(kept)}
        if self.new:
            unknown |= {len(kept)} - {0}
            kept.append(tuple(reference(self.after.numbered(number)) for number in self.new))
        return replace(held, groups=tuple(kept), great=tuple(sorted(great)), unknown=tuple(sorted(unknown)))

    def payoffs(self, held: Payoffs) -> Payoffs:
        """Return payoffs after the change."""
        return replace(held, payoffs=tuple((new, value) for one, value in held.payoffs for new in self.states(one)))


def _taken(pattern: str, conflict: ConflictModel) -> tuple[Taken, Taken]:
    """Return the options taken in a state, and those of which some members have one and some the other."""
    letters = [(option.id, letter) for option, letter in zip(conflict.options, pattern, strict=True)]
    return frozenset(id for id, one in letters if one == "Y"), frozenset(id for id, one in letters if one == "-")
