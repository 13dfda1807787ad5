"""The dispute as an account has it: a conflict without what rests only on statements that do not stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from detente.conflict.elements import supports
from detente.conflict.model import ConflictModel, Path, Rule, StatusQuo
from detente.conflict.preferences import (
    NO_PREFERENCES,
    Payoffs,
    Preferences,
    Prioritising,
    Ranking,
    Weights,
)
from detente.conflict.states import StateList
from detente.conflict.support import Support
from detente.errors import InputError


@dataclass(frozen=True)
class Element:
    """A part of a model and the statements that speak for it; ``at`` is its place in the conflict file."""

    at: Path
    evidence: tuple[str, ...]

    def stands(self, standing: Collection[str]) -> bool:
        """Tell whether the element is in the model when these statements stand; without evidence it always is."""
        return not self.evidence or any(id in standing for id in self.evidence)


def elements(conflict: ConflictModel) -> Iterator[Element]:
    """Yield every element of a conflict that decides its answers."""
    for at, support in supports(conflict):
        if at[0] in ("rules", "one_way", "merge") or (at[0] == "decision_makers" and len(at) > 2):
            yield Element(at, support.evidence)


def as_told(conflict: ConflictModel, standing: Collection[str]) -> ConflictModel:
    """Return the conflict with only those elements that stand when these statements do.

    A preference statement, a rule or a merge that falls is gone; an option stays untaken, in the status quo and in
    named states too; a one-way mark opens. A status quo that is then infeasible is given up.
    """

    def kept(support: Support) -> bool:
        return Element((), support.evidence).stands(standing)

    untaken = {option.id for option in conflict.options if not kept(option.support)}
    rules = [rule for rule in conflict.rules if kept(rule.support)]
    told = conflict.replaced(
        decision_makers=[
            replace(maker, preferences=_kept(maker.preferences, standing)) for maker in conflict.decision_makers
        ],
        rules=[*rules, *(Rule("never", option) for option in sorted(untaken))],
        one_way=[mark for mark in conflict.one_way if kept(mark.support)],
        merge=[merge for merge in conflict.merge if kept(merge.support)],
        states=[],
        status_quo=None,
    )
    told = _over_states(conflict, told)
    states = [state for state in conflict.states if not state.taken & untaken and told.breaks(state.taken) is None]
    told = told.replaced(states=states)
    quo = conflict.status_quo
    if quo is not None and told.breaks(quo.taken - untaken) is None:
        return told.replaced(status_quo=StatusQuo(quo.taken - untaken, quo.support))
    return told


def _kept(preferences: Preferences, standing: Collection[str]) -> Preferences:
    if isinstance(preferences, Prioritising):
        return Prioritising(
            tuple(one for one in preferences.statements if Element((), one.support.evidence).stands(standing))
        )
    if isinstance(preferences, Weights):
        return replace(
            preferences,
            weights=tuple(one for one in preferences.weights if Element((), one.support.evidence).stands(standing)),
        )
    if isinstance(preferences, Ranking | Payoffs) and not Element((), preferences.support.evidence).stands(standing):
        return NO_PREFERENCES
    return preferences


def _over_states(conflict: ConflictModel, told: ConflictModel) -> ConflictModel:
    """Say rankings and payoffs anew, for the states that are feasible as told."""
    if not any(isinstance(maker.preferences, Ranking | Payoffs) for maker in told.decision_makers):
        return told
    before, after = StateList(conflict), StateList(told)
    patterns = {state.pattern for state in after}
    makers = []
    for maker in told.decision_makers:
        preferences = maker.preferences
        if isinstance(preferences, Ranking):
            written = preferences.referring(before.pattern_of)
            preferences = written.referring(lambda one: one if one in patterns else None)
            named = {str(one) for group in preferences.groups for one in group}
        elif isinstance(preferences, Payoffs):
            pairs = [(before.pattern_of(one), value) for one, value in preferences.payoffs]
            preferences = replace(preferences, payoffs=tuple(pair for pair in pairs if pair[0] in patterns))
            named = patterns & {pattern for pattern, _ in pairs}
        else:
            named = patterns
        if named != patterns:
            missing = ", ".join(sorted(patterns - named)[:5])
            raise InputError(
                f"{maker.id} ranks the states one by one, and not those that are feasible when not everybody is "
                f"believed: {missing}. Write its preferences as conditions"
            )
        makers.append(replace(maker, preferences=preferences))
    return told.replaced(decision_makers=makers)
