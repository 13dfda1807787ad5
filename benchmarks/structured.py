"""Made-up disputes that are built as real ones are: issues, groups of options of which one is taken, local wishes.

The options lie along a line of issues: an option's neighbours on the line belong to other decision makers and are
about the same matter. Each decision maker has as many options as any other, or one more. Some of its neighbouring
options exclude each other. It wants as many things as it has options, each over one to four options that lie near one
of its own; what it wants first is as likely to be about one end of the line as about the other. A tenth of the options
cannot be taken back. The same seed makes the same dispute.
"""

from __future__ import annotations

import random

import detente as dt
from detente.model.conditions import And, Condition, If, Not, Or, Taken


def structured(options: int, makers: int, seed: int = 0, reach: int | None = None) -> dt.Conflict:
    """Make a structured dispute; ``reach`` says how far apart the options of one wish may lie."""
    chance = random.Random(seed * 1_000_003 + options * 101 + makers)
    line = [f"o{place}" for place in range(options)]
    owned = [line[place::makers] for place in range(makers)]
    near = makers if reach is None else reach
    rules = [dt.at_most_one(*group) for own in owned for group in _groups(chance, own)]
    everybody = [
        dt.DecisionMaker(f"d{place}", options=own, preferences=[_wish(chance, line, own, near) for _ in own])
        for place, own in enumerate(owned)
    ]
    marked = sorted(chance.sample(line, options // 10))
    return dt.Conflict(
        title=f"structured, {options} options, {makers} decision makers, seed {seed}",
        decision_makers=everybody,
        rules=rules,
        one_way=dict.fromkeys(marked, True),
        status_quo=[],
    )


def _groups(chance: random.Random, own: list[str]) -> list[list[str]]:
    """Split a decision maker's options into runs of one to three; those of two or three exclude each other."""
    groups, place = [], 0
    while place < len(own):
        size = chance.randint(1, 3)
        groups.append(own[place : place + size])
        place += size
    return [group for group in groups if len(group) > 1]


def _wish(chance: random.Random, line: list[str], own: list[str], near: int) -> Condition:
    """Make a condition over one to four options that lie near one of the decision maker's own."""
    centre = line.index(chance.choice(own))
    around = line[max(0, centre - near) : centre + near + 1]
    size = min(chance.randint(1, 4), len(around))
    literals: list[Condition] = [
        Taken(name) if chance.random() < 0.5 else Not(Taken(name)) for name in chance.sample(around, size)
    ]
    if len(literals) == 1:
        return literals[0]
    kind = chance.choice(["and", "or", "if"])
    if kind == "if":
        rest = literals[1:]
        return If(literals[0], rest[0] if len(rest) == 1 else Or(tuple(rest)))
    return And(tuple(literals)) if kind == "and" else Or(tuple(literals))
