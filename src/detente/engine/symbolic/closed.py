"""A set of states as plain data, for whoever checks an answer without this engine."""

from __future__ import annotations

from collections.abc import Mapping

from detente.engine.interface import ClosedSet
from detente.engine.symbolic.diagrams import Diagram, Diagrams


def closed_set(diagrams: Diagrams, states: Diagram, after: Mapping[int, Diagram] | None = None) -> ClosedSet:
    """Write a set, and those of who moved last, as numbered decisions, each before those that refer to it.

    0 is *no* and 1 *yes*.
    """
    numbers: dict[Diagram, int] = {diagrams.nothing: 0, diagrams.everything: 1}
    decisions: list[tuple[str, int, int]] = []
    sets = dict(after or {})
    waiting = [states, *sets.values()]
    while waiting:
        part = waiting[-1]
        top = None if part in numbers else diagrams.top(part)
        if top is None:
            waiting.pop()
            continue
        name, having, without = top
        missing = [below for below in (having, without) if below not in numbers]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        numbers[part] = len(decisions) + 2
        decisions.append((name, numbers[having], numbers[without]))
    return ClosedSet(tuple(decisions), numbers[states], tuple((place, numbers[part]) for place, part in sets.items()))
