"""The engine that ``auto`` takes, beside both engines by themselves, on disputes with and without structure.

    python -m benchmarks.choice_of_engine [--sizes 10x4 … 24x4] [--kinds structured literal …] [--limit 120] [--seed 0]

Every run is a process of its own, forked after the imports, that decides the six default concepts for every party.
Times are seconds of processor time, the loading of compiled loops included. The symbolic engine is stopped when it has
taken a second longer than the explicit one, and both at the limit; where both are, ``auto`` is not measured. It is
stopped at twice the time that it may take: twice the better engine's time and one second. The last column is its time
as a share of that; the command exits with 1 if one is more than the whole.

Kinds with structure: ``structured`` (`benchmarks.structured`), and ``ties``, four wishes a party. Without: ``literal``,
up to 16 single options a party in random order; ``scattered``, 16 wishes over one to four options that lie anywhere;
``weights``, a random weight for each option; ``rules``, ten scattered wishes and a random rule for each option;
``ranking``, a random order of all states with ties, up to 14 options.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from itertools import product

from rich.console import Console
from rich.table import Table

import detente as dt
from benchmarks.structured import structured
from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS
from detente.engine import solver
from detente.engine.interface import choices
from detente.model.conditions import And, Condition, If, Not, Or, Taken

#: Number of options up to which all states are ranked one by one.
MAX_RANKED = 14


def literal(chance: random.Random, name: str) -> Condition:
    """Return an option, taken or not."""
    return Taken(name) if chance.random() < 0.5 else Not(Taken(name))


def wish(chance: random.Random, names: list[str]) -> Condition:
    """Return a condition over one to four options that lie anywhere."""
    literals = [literal(chance, name) for name in chance.sample(names, chance.randint(1, 4))]
    if len(literals) == 1:
        return literals[0]
    kind = chance.choice(["and", "or", "if"])
    if kind == "if":
        return If(literals[0], literals[1] if len(literals) == 2 else Or(tuple(literals[1:])))
    return And(tuple(literals)) if kind == "and" else Or(tuple(literals))


def made(kind: str, options: int, makers: int, seed: int) -> dt.Conflict:
    """Make a dispute of a kind."""
    if kind == "structured":
        return structured(options, makers, seed)
    chance = random.Random(f"{kind} {options} {makers} {seed}")
    names = [f"o{place}" for place in range(options)]
    wanted: Callable[[], object] = {
        "ties": lambda: [wish(chance, names) for _ in range(4)],
        "literal": lambda: [literal(chance, name) for name in chance.sample(names, min(16, options))],
        "scattered": lambda: [wish(chance, names) for _ in range(16)],
        "rules": lambda: [wish(chance, names) for _ in range(10)],
        "weights": lambda: dt.Weights.of({name: chance.randint(-(10**6), 10**6) for name in names}),
        "ranking": lambda: dt.Payoffs.of(
            {number: chance.randrange(1 << options - 2) for number in range(1, (1 << options) + 1)}
        ),
    }[kind]
    conflict = dt.Conflict(
        f"{kind}, {options} options, {makers} decision makers, seed {seed}",
        [dt.DecisionMaker(f"d{place}", options=names[place::makers], preferences=wanted()) for place in range(makers)],
    )
    if kind != "rules":
        return conflict
    excluded = [And(tuple(literal(chance, name) for name in chance.sample(names, 3))) for _ in names]
    return conflict.replaced(rules=[dt.never(condition) for condition in excluded])


KINDS = ("structured", "ties", "literal", "scattered", "weights", "rules", "ranking")


def measured(conflict: dt.Conflict, engine: str, limit: float) -> tuple[float, str]:
    """Return the processor time of an engine, and what it says of the engines; infinite beyond the limit."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        with os.fdopen(reading) as answer:
            said = answer.read()
        os.waitpid(child, 0)
        return tuple(json.loads(said)) if said else (math.inf, "")
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + limit),) * 2)
    begun = time.process_time()
    try:
        compiled = solver(conflict, engine)
        for id in DEFAULT_CONCEPTS:
            if compiled.refuses(CONCEPTS[id]):
                os._exit(1)
            compiled.equilibria(CONCEPTS[id]).count  # noqa: B018
        said, each = choices(compiled, [CONCEPTS[id] for id in DEFAULT_CONCEPTS])
        if each:
            by_diagrams = [id for id, one in each.items() if one.engine == "symbolic"]
            said = f"symbolic for {', '.join(by_diagrams)}"
        os.write(writing, json.dumps([time.process_time() - begun, said]).encode())
    finally:
        os._exit(0)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    sizes = [f"{options}x{makers}" for options in range(10, 25, 2) for makers in (2, 4)]
    parser.add_argument("--sizes", nargs="+", default=sizes, metavar="OPTIONSxMAKERS")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--limit", type=float, default=120, help="seconds of processor time")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    heads = ["options", "parties", "kind", "explicit, s", "symbolic, s", "auto, s", "auto took", "of its limit"]
    rows, beyond = [], 0
    for size, kind in product(asked.sizes, asked.kinds):
        options, makers = map(int, size.split("x"))
        if kind == "ranking" and options > MAX_RANKED:
            continue
        conflict = made(kind, options, makers, asked.seed)
        explicit, _ = measured(conflict, "explicit", asked.limit)
        symbolic, _ = measured(conflict, "symbolic", min(asked.limit, explicit + 1))
        allowed = 2 * min(explicit, symbolic) + 1
        auto, took = (math.nan, "") if math.isinf(allowed) else measured(conflict, "auto", 2 * allowed)
        share = auto / allowed
        beyond += share > 1
        times = [f"{one:.2f}" if math.isfinite(one) else "-" for one in (explicit, symbolic, auto)]
        told = "-" if math.isnan(share) else "over 200%" if math.isinf(share) else f"{share:.0%}"
        rows.append([str(options), str(makers), kind, *times, took, told])
        print(f"| {' | '.join(rows[-1])} |", flush=True)
    table = Table(*heads)
    for row in rows:
        table.add_row(*row)
    Console(width=140).print(table)
    sys.exit(beyond > 0)


if __name__ == "__main__":
    # What each run shares is loaded once.
    import detente.engine.dense.solver
    import detente.engine.explicit.solver
    import detente.engine.mixed

    main()
