"""What a user types: every command, in a process of its own, beside the matrix method and plain copying.

    python -m benchmarks.commands [--parts start analyze questions] [--only NAME …] [--limit 60] [--label TEXT]
        [--save benchmarks/versions.json] [--markdown]

- *start*: every command on a small dispute of the catalogue.
- *analyze*: the six default concepts on disputes of four parties with and without structure (see
  `benchmarks.choice_of_engine` for the kinds). Beside each: how often the machine could have copied a 32-bit number for
  each state and party in that time; and the matrix method with four concepts, where its matrices fit.
- *questions*: the other questions on disputes of the sizes that take long.

Times are seconds of processor time of the process and its children, with the start of Python and the reading of the
file; the peak is that of their memory. What takes longer than the limit gets a dash. A machine that others use is
slower at one time than at another; so ten million additions in Python are timed before and after each command, and *at
the usual pace* is the time that the command would take if they took a third of a second. With ``--save``, the figures
are added under a label, so that versions can be compared: ``--markdown`` prints the tables from what is saved.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import detente as dt
from benchmarks.choice_of_engine import made
from benchmarks.disputes import dispute
from benchmarks.matrix_method import equilibria
from detente.concepts import CONCEPTS
from detente.concepts.relational import ROWS as RELATIONAL
from detente.io.yaml.write import dump_conflict
from detente.model.evidence import Support
from detente.model.preferences import PreferenceStatement, Prioritising

PARTS = ("start", "analyze", "questions")
SAVED = Path(__file__).with_name("versions.json")
#: The processor seconds of ten million additions in Python on the machine of the benchmarks when it is idle.
USUAL_PACE = 0.33
#: The concepts for uncertain preferences and attitudes that are measured.
GRADED = ("unknown", "fuzzy", "probabilistic", "relational")
#: The sizes that are analysed, by kind of dispute.
SIZES = {"structured": (10, 14, 16, 20, 24), "literal": (10, 14, 16, 20, 24), "scattered": (10, 14, 16, 20, 22)}
#: The arguments of every command for a small dispute.
STARTS = {
    "--help": [],
    "check": ["example:chicken"],
    "states": ["example:chicken"],
    "analyze": ["example:chicken"],
    "explain": ["example:chicken", "--state", "1"],
    "concepts": [],
    "whose-word": ["example:ukraine-2023"],
    "robust": ["example:chicken", "--samples", "100"],
    "perceive": ["example:unforeseen-relocation"],
    "evolve": ["example:chicken", "--from", "1", "--to", "4"],
    "coalitions": ["example:chicken"],
    "invert": ["example:chicken", "--state", "1"],
    "compare": ["example:lake-gisborne-economy", "example:lake-gisborne-environment"],
    "timeline": ["example:northern-ireland-1998"],
    "report": ["example:chicken", "-o", "-"],
    "export": ["example:chicken", "--to", "graphml", "-o", "-"],
    "examples": [],
}
#: The processor seconds, at the usual pace, that a command should take at most.
AIMS = {
    "start: --help": 0.09, "start: check": 0.18, "start: analyze": 0.25,
    "analyze: literal, 2^16": 0.8, "analyze: literal, 2^20": 1.5, "analyze: scattered, 2^20": 2.5,
    **{f"questions: invert, 23 states, 9 options, {id}": 1 for id in ("nash", "gmr", "smr", "seq", "sseq")},
    "questions: whose-word, 20 disputed claims, 1,024 states": 2,
    "questions: coalitions, 2^11 states, 4 parties": 1, "questions: coalitions, 2^12 states, 3 parties": 4,
    "questions: robust with SIM, 100,000 profiles, 256 states, 3 parties": 25,
    "questions: analyze, 20 concepts, unknown, 2^14 states": 0.6,
    **{f"questions: analyze, 4 concepts, {family}, 2^14 states": 0.6
       for family in ("fuzzy", "probabilistic", "relational")},
}  # fmt: skip
#: What is run: its part, its name, its arguments, the dispute as ``FILE``, and how many states and parties it has.
Case = tuple[str, str, list[str], Callable[[], dt.Conflict] | None]


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


def cases() -> Iterator[Case]:
    """Yield everything that is measured."""
    for command, arguments in STARTS.items():
        yield "start", command, [command, *arguments], None
    for kind, sizes in SIZES.items():
        for options in sizes:
            yield "analyze", f"{kind}, 2^{options}", ["analyze", "FILE"], lambda k=kind, o=options: made(k, o, 4, 0)
    for concept in ("nash", "gmr", "smr", "seq", "sseq"):
        arguments = ["invert", "FILE", "--state", "12", "--concept", concept]
        yield "questions", f"invert, 23 states, 9 options, {concept}", arguments, lambda: small(9, 3, 23)
    yield (
        *("questions", "whose-word, 20 disputed claims, 1,024 states", ["whose-word", "FILE"]),
        lambda: disputed(10, 4, 20, 8),
    )
    yield "questions", "coalitions, 2^11 states, 4 parties", ["coalitions", "FILE"], lambda: dispute(11, 4)
    yield "questions", "coalitions, 2^12 states, 3 parties", ["coalitions", "FILE"], lambda: dispute(12, 3)
    sim = [part for concept in ("nash", "gmr", "smr", "seq", "sim") for part in ("--concept", concept)]
    for samples in (2_000, 100_000):
        yield (
            *("questions", f"robust with SIM, {samples:,} profiles, 256 states, 3 parties"),
            ["robust", "FILE", "--samples", str(samples), "--workers", "2", *sim],
            lambda: dispute(8, 3),
        )
    for kind in (*GRADED, "relational with ties"):
        for options in (12, 14):
            family, ties = kind.split()[0], "ties" in kind
            ids = [one.id for one in (*CONCEPTS.values(), *RELATIONAL) if one.family == family]
            yield (
                *("questions", f"analyze, {len(ids)} concepts, {kind}, 2^{options} states"),
                ["analyze", "FILE", *(part for id in ids for part in ("--concept", id))],
                lambda f=family, o=options, t=ties: graded(f, o, 4, t),
            )


def measured(arguments: list[str], limit: float) -> dict[str, float] | None:
    """Return the processor seconds and the peak of memory, in MiB, of a command; None beyond the limit."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (round(limit), round(limit) + 1))

    command = [sys.executable, "-m", "detente", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=bounded
    ) as asked:
        _, status, used = os.wait4(asked.pid, 0)
        asked.returncode = os.waitstatus_to_exitcode(status)
    if asked.returncode:
        return None
    return {"seconds": round(used.ru_utime + used.ru_stime, 3), "mebibytes": round(used.ru_maxrss / 1024)}


def pace() -> float:
    """Return the processor seconds of ten million additions in Python, now."""
    total, start = 0, time.process_time()
    for number in range(2_000_000):
        total += number
    return 5 * (time.process_time() - start)


def beside(arguments: list[str], limit: float) -> dict[str, float] | None:
    """Measure a command and the pace of the machine before and after it."""
    before = pace()
    found = measured(arguments, limit)
    return found and {**found, "pace": round((before + pace()) / 2, 3)}


def seconds_to_copy() -> float:
    """Return the processor seconds that copying one 32-bit number takes in a long row of them."""
    numbers = np.ones(2**24, dtype=np.uint32)
    there = np.empty_like(numbers)
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        np.copyto(there, numbers)
        best = min(best, time.process_time() - start)
    return best / numbers.size


def seconds_of_matrices(options: int = 10) -> float:
    """Return the processor seconds of the matrix method for four concepts."""
    conflict = dispute(options, 4)
    start = time.process_time()
    equilibria(conflict)
    return time.process_time() - start


def run(parts: list[str], only: list[str], limit: float) -> dict[str, Any]:
    """Measure what is asked for, the best of five runs if it is short."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (part, name, arguments, make) in enumerate(cases()):
            if part not in parts or not name.startswith(tuple(only)):
                continue
            file = Path(folder) / f"{number}.conflict.yaml"
            if make is not None:
                file.write_text(dump_conflict(make()), encoding="utf-8")
            given = [str(file) if one == "FILE" else one for one in arguments]
            runs = [beside(given, limit)]
            while runs[0] and runs[0]["seconds"] < 5 and len(runs) < 5:
                runs.append(beside(given, limit))
            found[f"{part}: {name}"] = min(filter(None, runs), key=lambda one: one["seconds"], default=None)
            print(f"{part}: {name}", found[f"{part}: {name}"], file=sys.stderr, flush=True)
    if "analyze" in parts and only == [""]:
        found["copy of a number"] = {"seconds": seconds_to_copy()}
        found["matrix method, four concepts, 2^10"] = {"seconds": round(seconds_of_matrices(), 2)}
    return found


def tables(versions: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the tables of what is saved: each version's seconds; the peak and copies of the last one."""
    labels = list(versions)
    last = versions[labels[-1]]
    copy = (last.get("copy of a number") or {}).get("seconds")
    for part in PARTS:
        names = [name for name in last if name.startswith(f"{part}: ")]
        heads = [part, *(f"{label}, s" for label in labels), "at the usual pace, s", "aim, s", "peak, MiB"]
        heads += ["copies"] * (part == "analyze")
        yield ""
        yield f"| {' | '.join(heads)} |"
        yield f"|---|{'---:|' * (len(heads) - 1)}"
        for name in names:
            row = [name.removeprefix(f"{part}: ")]
            row += [f"{found['seconds']:.2f}" if (found := versions[label].get(name)) else "-" for label in labels]
            usual = last[name] and "pace" in last[name] and last[name]["seconds"] * USUAL_PACE / last[name]["pace"]
            row.append(f"{usual:.2f}" if usual else "-")
            row.append(str(AIMS.get(name, "")))
            row.append(f"{last[name]['mebibytes']:,}" if last[name] else "-")
            if part == "analyze":
                states = 2 ** int(name.rpartition("^")[2])
                row.append(f"{last[name]['seconds'] / copy / states / 4:,.0f}" if last[name] and copy else "-")
            yield f"| {' | '.join(row)} |"


def main() -> None:
    """Measure, save, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parts", nargs="*", default=list(PARTS), choices=PARTS)
    parser.add_argument("--only", nargs="+", default=[""], help="beginnings of the names")
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--label", default=f"version {dt.__version__}")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--markdown", action="store_true", help="print the tables of what is saved")
    given = parser.parse_args()
    file = given.save or SAVED
    versions = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if given.parts:
        versions.setdefault(given.label, {}).update(run(given.parts, given.only, given.limit))
        if given.save:
            file.write_text(json.dumps(versions, indent=1) + "\n", encoding="utf-8")
    if given.markdown:
        print("\n".join(tables(versions)))


if __name__ == "__main__":
    main()
