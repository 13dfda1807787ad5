"""Decision makers and options in another order: states get other numbers and letters, and are referred to by them.

Nobody's wishes change and no state becomes another: what is meant by a number or by Y/N letters is written anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from detente.conflict.model import ConflictModel, DecisionMaker
from detente.conflict.preferences import Payoffs, Preferences, Ranking, StateReference, as_reference
from detente.conflict.states import StateList, feasible_members
from detente.errors import TooLargeError
from detente.files.conflict_rewriting import rearranged_text
from detente.web.editing.finding import Change, Edit, maker_of, moved
from detente.web.editing.rewriting import Rewritten


def _move_decision_maker(conflict: ConflictModel, edit: Edit) -> Rewritten:
    id = maker_of(conflict, edit).id
    place = [maker.id for maker in conflict.decision_makers].index(id)
    return _arranged(conflict, moved(conflict.decision_makers, place, int(edit["to"])), place, int(edit["to"]))


def _move_option(conflict: ConflictModel, edit: Edit) -> Rewritten:
    owner, place, to = maker_of(conflict, edit), int(edit["place"]), int(edit["to"])
    made = replace(owner, options=moved(owner.options, place, to))
    makers = [made if maker is owner else maker for maker in conflict.decision_makers]
    return _arranged(conflict, makers, place, to, owner.id)


def _arranged(
    conflict: ConflictModel, makers: Sequence[DecisionMaker], place: int, to: int, owner: str | None = None
) -> Rewritten:
    calling = Calling(conflict, conflict.replaced(decision_makers=makers))
    text = partial(
        rearranged_text, place=place, to=to, refer=calling.now, numbers=lambda: calling.numbers_before, owner=owner
    )
    return Rewritten(calling.rearranged, text)


@dataclass(frozen=True)
class Calling:
    """What the states of a dispute are called when its options stand in another order."""

    before: ConflictModel
    after: ConflictModel

    def now(self, reference: StateReference) -> StateReference:
        """Return what a state is called now: by its number, its letters or its name as it was."""
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
        """For every state, in the new order of numbers, the number that it had."""
        before = {now: was for was, now in self._numbers.items()}
        return [before[number] for number in sorted(before)]

    @property
    def rearranged(self) -> ConflictModel:
        """The dispute with its options in the new order, in which every ranking and payoff is still of its state."""
        return self.after.replaced(
            decision_makers=[
                replace(maker, preferences=self._wishes(maker.preferences)) for maker in self.after.decision_makers
            ],
            views=[
                replace(view, believes=tuple((id, self._wishes(held)) for id, held in view.believes))
                for view in self.after.views
            ],
        )

    def _wishes(self, held: Preferences) -> Preferences:
        if isinstance(held, Ranking):
            return replace(held, groups=tuple(tuple(map(self.now, group)) for group in held.groups))
        if isinstance(held, Payoffs):
            payoffs = [(self.now(state), value) for state, value in held.payoffs]
            if [state for state, _ in held.payoffs] == list(range(1, len(self._numbers) + 1)):
                # In the order of the states' numbers, in which a list has to be.
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
        """The number that each state has now; none of any where there are too many to be called by numbers."""
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


CHANGES: dict[str, Change] = {
    "move decision maker": _move_decision_maker,
    "move option": _move_option,
}
