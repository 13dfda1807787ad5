"""The elements of a conflict that may rest on statements, each with its place in the conflict file."""

from __future__ import annotations

from collections.abc import Iterator

from detente.conflict.model import ConflictModel, Path
from detente.conflict.preferences import Payoffs, Preferences, Prioritising, Ranking, Weights
from detente.conflict.support import Support


def supports(conflict: ConflictModel) -> Iterator[tuple[Path, Support]]:
    """Yield the grounds of every element, with the element's place in the file."""
    for maker in conflict.decision_makers:
        at: Path = ("decision_makers", maker.id)
        yield at, maker.support
        for option in maker.options:
            yield (*at, "options", option.id), option.support
        yield from _preference_supports(maker.preferences, at)
    for place, rule in enumerate(conflict.rules):
        yield ("rules", place), rule.support
    for mark in conflict.one_way:
        yield ("one_way", mark.option), mark.support
    for place, merge in enumerate(conflict.merge):
        yield ("merge", place), merge.support
    if conflict.status_quo:
        yield ("status_quo",), conflict.status_quo.support
    for state in conflict.states:
        yield ("states", state.name), state.support
    for view in conflict.views:
        at = ("views", view.decision_maker)
        yield at, view.support
        for other, preferences in view.believes:
            believed: Path = (*at, "believes", other)
            yield believed, view.grounds_of(other)
            yield from _preference_supports(preferences, believed)


def _preference_supports(preferences: Preferences, at: Path) -> Iterator[tuple[Path, Support]]:
    if isinstance(preferences, Prioritising):
        for place, statement in enumerate(preferences.statements):
            yield (*at, preferences.key, place), statement.support
    elif isinstance(preferences, Weights):
        for place, weight in enumerate(preferences.weights):
            yield (*at, preferences.key, place), weight.support
    elif isinstance(preferences, Ranking | Payoffs):
        yield (*at, preferences.key), preferences.support
