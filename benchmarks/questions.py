"""What questions about a dispute cost beside `analyze`, as a user asks them: each in a process of its own.

    python -m benchmarks.questions [--only invert whose-word] [--limit 120] [--save FILE]

Times are seconds of processor time of the whole process and its children, with the start of Python, the imports and the
answer as JSON; the peak is that of its memory. A question that takes longer than the limit of processor time is shown
with a dash. The disputes are made from a seed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

import detente as dt
from benchmarks.choice_of_engine import made
from benchmarks.disputes import dispute
from detente.concepts import CONCEPTS
from detente.concepts.relational import ROWS as RELATIONAL
from detente.model.evidence import Support
from detente.model.preferences import PreferenceStatement, Prioritising

HEADS = ["question", "processor, s", "peak, MiB"]
#: The concepts for uncertain preferences and attitudes that are measured.
GRADED = ("unknown", "fuzzy", "probabilistic", "relational")


def small(options: int, makers: int, states: int, seed: int = 0) -> dt.Conflict:
    """Make a dispute whose rules leave exactly so many states."""
    chance = random.Random(f"inverse {seed}")
    while True:
        conflict = dispute(options, makers, chance.randrange(10**6))
        names = [option.id for option in conflict.options]
        rules: list[dt.Rule] = []
        count = 2**options
        while count > states:
            signs = [f"{'not ' if chance.random() < 0.5 else ''}{name}" for name in chance.sample(names, 2)]
            rules.append(dt.never(" and ".join(signs)))
            try:
                count = conflict.replaced(rules=rules).analyze(["nash"]).count
            except dt.InputError:
                break
            if count == states:
                return conflict.replaced(rules=rules)


def disputed(options: int, makers: int, claims: int, elements: int, seed: int = 0) -> dt.Conflict:
    """Make a dispute in which each of some preferences is known from one or more disputed claims."""
    chance = random.Random(seed)
    conflict = dispute(options, makers, seed)
    names = [f"s{number}" for number in range(claims)]
    evidence: list[list[str]] = [[] for _ in range(elements)]
    for place, name in enumerate(names):
        evidence[place % elements].append(name)
    waiting = iter(evidence)
    parties = []
    for maker in conflict.decision_makers:
        assert isinstance(maker.preferences, Prioritising)
        said = [
            PreferenceStatement(one.condition, Support(tuple(next(waiting, [])))) if chance.random() < 0.5 else one
            for place, one in enumerate(maker.preferences.statements)
        ]
        parties.append(dt.DecisionMaker(maker.id, options=maker.options, preferences=Prioritising(tuple(said))))
    return conflict.replaced(
        decision_makers=parties,
        sources=[dt.Source("paper")],
        statements=[dt.Statement(name, "paper", in_doubt=True) for name in names],
        status_quo=[],
    )


def graded(kind: str, options: int, makers: int, ties: bool = False) -> dt.Conflict:
    """Make a dispute with 16 scattered preferences a party, or four, of which some of one party are graded."""
    conflict = made("ties" if ties else "scattered", options, makers, 0)
    first, *others = conflict.decision_makers
    assert isinstance(first.preferences, Prioritising)
    said = list(first.preferences.statements)
    settings = {}
    if kind == "relational":
        settings["attitudes"] = {"d1": "positive"}
    else:
        marks = {"unknown": {"unknown": True}, "fuzzy": {"confidence": "0.7"}, "probabilistic": {"confidence": "0.7"}}
        said[1] = PreferenceStatement(said[1].condition, **marks[kind])
    marked = dt.DecisionMaker(first.id, options=first.options, preferences=Prioritising(tuple(said)), **settings)
    return conflict.replaced(decision_makers=[marked, *others])


Asked = Callable[[], object]


def questions() -> Iterator[tuple[str, Asked]]:
    """Yield every question with its name."""
    for concept in ("nash", "gmr", "smr", "seq", "sseq"):
        yield f"invert, 23 states, 9 options, {concept}", lambda concept=concept: small(9, 3, 23).invert(12, concept)
    yield "whose-word, 20 disputed claims, 1,024 states", lambda: disputed(10, 4, 20, 8).whose_word()
    yield "coalitions, 2^11 states, 4 parties", lambda: dispute(11, 4).coalition_analysis()
    yield "coalitions, 2^12 states, 3 parties", lambda: dispute(12, 3).coalition_analysis()
    yield (
        "robust with SIM, 100,000 profiles, 256 states, 3 parties",
        lambda: dispute(8, 3).robustness(["nash", "gmr", "smr", "seq", "sim"], samples=100_000),
    )
    yield (
        "robust with SIM, 10,000 profiles, 256 states, 3 parties",
        lambda: dispute(8, 3).robustness(["nash", "gmr", "smr", "seq", "sim"], samples=10_000),
    )
    for options in (12, 14):
        for kind in GRADED:
            concepts = [one.id for one in (*CONCEPTS.values(), *RELATIONAL) if one.family == kind]
            yield (
                f"analyze, {kind}, 2^{options} states",
                lambda kind=kind, options=options, concepts=concepts: graded(kind, options, 4).analyze(concepts),
            )
    yield (
        "analyze, relational with ties, 2^12 states",
        lambda: graded("relational", 12, 4, ties=True).analyze([one.id for one in RELATIONAL]),
    )


def measured(name: str, limit: float) -> tuple[float, float] | None:
    """Return the processor seconds and the peak of memory, in MiB, of a question; None beyond the limit."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (round(limit), round(limit) + 1))

    command = [sys.executable, "-m", "benchmarks.questions", "--ask", name]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=bounded) as asked:
        _, status, used = os.wait4(asked.pid, 0)
        asked.returncode = os.waitstatus_to_exitcode(status)
    return (used.ru_utime + used.ru_stime, used.ru_maxrss / 1024) if asked.returncode == 0 else None


def main() -> None:
    """Ask every question, and print the table; with ``--ask``, answer one of them as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", default=[""], help="beginnings of the names")
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    given = parser.parse_args()
    asked = dict(questions())
    if given.ask:
        print(json.dumps(asked[given.ask]().to_dict()))  # type: ignore[attr-defined]
        return
    table, found = Table(*HEADS), {}
    for name in asked:
        if name.startswith(tuple(given.only)):
            found[name] = measured(name, given.limit)
            print(name, found[name], file=sys.stderr)
            seconds, peak = found[name] or (None, None)
            table.add_row(name, f"{seconds:.2f}" if seconds else "-", f"{peak:.0f}" if peak else "-")
    Console(width=120).print(table)
    if given.save:
        given.save.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
