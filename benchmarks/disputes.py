"""Made-up disputes of a given size, the same for the same seed."""

from __future__ import annotations

import random

import detente as dt
from detente.model.conditions import And, Condition, Iff, Not, Or, Taken


def dispute(options: int, makers: int, seed: int = 0) -> dt.Conflict:
    """Make a conflict in which every combination of options is feasible: 2 to the number of options states.

    Every decision maker has as many options as any other, or one more, and eight preference statements, each over one
    to three options.
    """
    chance = random.Random(seed * 1_000_003 + options * 101 + makers)
    names = [f"o{place}" for place in range(options)]
    owned = [names[place::makers] for place in range(makers)]
    return dt.Conflict(
        title=f"{options} options, {makers} decision makers, seed {seed}",
        decision_makers=[
            dt.DecisionMaker(
                f"d{place}",
                options=own,
                preferences=[_condition(chance, names) for _ in range(8)],
            )
            for place, own in enumerate(owned)
        ],
    )


def ruled(options: int, makers: int, seed: int = 0) -> dt.Conflict:
    """Make the same conflict with rules that exclude about a third of the combinations, and six one-way options."""
    conflict = dispute(options, makers, seed)
    chance = random.Random(seed * 7_919 + options * 101 + makers)
    names = [option.id for option in conflict.options]
    three = [chance.sample(names, 3) for _ in range(3)]
    marked = chance.sample(names, min(6, options))
    return conflict.replaced(
        rules=[dt.never(f"{a} and {b} and not {c}") for a, b, c in three],
        one_way={name: chance.random() < 0.5 for name in marked},
    )


def _condition(chance: random.Random, names: list[str]) -> Condition:
    literals: list[Condition] = [
        Taken(name) if chance.random() < 0.5 else Not(Taken(name))
        for name in chance.sample(names, chance.randint(1, min(3, len(names))))
    ]
    if len(literals) == 1:
        return literals[0]
    kind = chance.choice(["and", "or", "iff"])
    if kind == "iff":
        return Iff(literals[0], Or(tuple(literals[1:])) if len(literals) > 2 else literals[1])
    return And(tuple(literals)) if kind == "and" else Or(tuple(literals))
