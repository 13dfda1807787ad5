"""Known wrong definitions, put into a copy of the source one after the other: the tests must fail on each.

    make mutants
    python -m tests.mutants --only fuzzy

A mutant replaces one piece of source text by another. The text must occur exactly once in its file, so a mutant that no
longer fits the source is an error and not a pass. Each names the tests that must notice it; these tests must pass on
the unchanged copy, and at least one of them must fail on the mutant. A mutant that survives needs a new test.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = Path("src/detente")
#: What the copy needs; the rest of the tree is not tested here.
COPIED = ("benchmarks", "src", "tests", "training", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("node_modules", "_build", "generated", ".hypothesis", "*.npz", "*.onnx")
#: How pytest exits when a test fails, and when it cannot find the test.
PASSED, FAILED = 0, 1

BY_HAND = "tests/engines/test_by_hand.py"


@dataclass(frozen=True)
class Mutant:
    """One wrong definition: ``old`` becomes ``new`` in ``path``, and ``tests`` must notice."""

    name: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def file(self) -> Path:
        """The file, relative to the root of the tree."""
        return PACKAGE / self.path

    def applied(self, text: str) -> str:
        """Return a file's text with the mutation in it.

        Raises
        ------
        ValueError
            When the text to replace does not occur exactly once.
        """
        if (count := text.count(self.old)) != 1:
            raise ValueError(f"{self.name}: {self.old!r} occurs {count} times in {self.file}, not once")
        return text.replace(self.old, self.new)


MUTANTS = (
    Mutant(
        "coalition deterred only if every member is hurt (ranks)",
        "engine/explicit/definition.py",
        "np.bitwise_or.reduce([_ranking_high(",
        "np.bitwise_and.reduce([_ranking_high(",
        (f"{BY_HAND}::test_coalition_is_deterred_if_one_member_is_hurt",),
    ),
    Mutant(
        "coalition deterred only if every member is hurt (definition)",
        "engine/explicit/players.py",
        "np.logical_or.reduce([_DETERRING",
        "np.logical_and.reduce([_DETERRING",
        (f"{BY_HAND}::test_coalition_is_deterred_if_one_member_is_probably_hurt",),
    ),
    Mutant(
        "coalition deterred only if every member is hurt (diagrams)",
        "engine/symbolic/movers.py",
        "return reduce(or_, (at_most(own, limit, within) for own, limit in parts))",
        "return reduce(lambda one, other: one & other, (at_most(own, limit, within) for own, limit in parts))",
        (f"{BY_HAND}::test_coalition_is_deterred_if_one_member_is_hurt",),
    ),
    Mutant(
        "coalition deterred only if every member is hurt (what coalitions can do)",
        "engine/coalition_moves.py",
        'return self._cannot_reach(group, better) if concept == "smr" else ~better',
        'return self._cannot_reach(group, better) if concept == "smr" else '
        "~union(above[rank[state]] for place in group "
        "for rank, above in zip(self._ranks[place], self._better_by_rank[place], strict=True))",
        (f"{BY_HAND}::test_coalition_is_deterred_if_one_member_is_hurt",),
    ),
    Mutant(
        "fuzzy > for ≥ (definition)",
        "engine/explicit/players.py",
        "there - here >= ceil(",
        "there - here > ceil(",
        ("tests/literature/test_unsure.py::test_fuzzy_degree_equal_to_the_threshold_is_an_improvement",),
    ),
    Mutant(
        "fuzzy > for ≥ (sweeps)",
        "engine/explicit/graded.py",
        "return [*columns, np.asarray(known >= need",
        "return [*columns, np.asarray(known > need",
        ("tests/literature/test_unsure.py::test_fuzzy_degree_equal_to_the_threshold_is_an_improvement",),
    ),
    Mutant(
        "a tie does not sanction in SIM (arrays)",
        "engine/explicit/simultaneous.py",
        "rank[self._state_of[asked]] >= np.arange(",
        "rank[self._state_of[asked]] > np.arange(",
        (f"{BY_HAND}::test_equally_good_combination_sanctions_in_sim",),
    ),
    Mutant(
        "a tie does not sanction in SIM (diagrams)",
        "engine/symbolic/simultaneous.py",
        "return mine.no_better([self._there(digit) for digit in mine.digits], mine.digits, asked) & self._there(",
        "there = [self._there(digit) for digit in mine.digits]\n"
        "        return asked & ~mine.no_better(mine.digits, there, asked) & self._there(",
        (f"{BY_HAND}::test_equally_good_combination_sanctions_in_sim",),
    ),
    Mutant(
        "ties for the other in limited moves",
        "engine/explicit/anticipation.py",
        "ranks = ranks + (other.rank.max() - other.rank)",
        "ranks = ranks + other.rank",
        (f"{BY_HAND}::test_limited_move_tie_is_decided_against_the_other",),
    ),
    Mutant(
        "Maximin parity",
        "engine/explicit/maximin.py",
        "return last - (last - horizon) % 2",
        "return last",
        (f"{BY_HAND}::test_maximin_with_matching_pennies_alternates_with_the_horizon",),
    ),
    Mutant(
        "a symbolic coalition moves through infeasible states",
        "engine/symbolic/movers.py",
        "wider = states | (self.members[turn % len(self.members)].spread(states, backwards) & self.feasible)",
        "wider = states | self.members[turn % len(self.members)].spread(states, backwards)",
        (f"{BY_HAND}::test_coalition_does_not_move_across_infeasible_states",),
    ),
    Mutant(
        "the last mover is forgotten in merged sweeps",
        "engine/explicit/fixpoints.py",
        "*(step for mover, step in enumerate(steps) if mover != last)",
        "*(step for mover, step in enumerate(steps))",
        (f"{BY_HAND}::test_mover_does_not_move_twice_in_a_row",),
    ),
    Mutant(
        "negative weights in the compiled engine",
        "engine/dense/space.py",
        "(weight.condition if worth > 0 else Not(weight.condition), abs(worth))",
        "(weight.condition, abs(worth))",
        ("tests/engines/test_dense.py::test_weights_larger_than_one_number_are_ranked",),
    ),
    Mutant(
        "SMR without staying put (sweeps)",
        "engine/explicit/fixpoints.py",
        "worth = np.maximum(worth, players[player].moves.best(worth))",
        "worth = players[player].moves.best(worth)",
        (f"{BY_HAND}::test_smr_sanction_must_itself_hurt",),
    ),
    Mutant(
        "SMR without staying put (ranks)",
        "engine/explicit/definition.py",
        "return deters & lasting & _combined(",
        "return _combined(",
        (f"{BY_HAND}::test_smr_sanction_must_itself_hurt",),
    ),
    Mutant(
        "SMR without staying put (definition)",
        "engine/explicit/definition.py",
        "return np.asarray(deters & lasting & (mine",
        "return np.asarray((mine",
        (f"{BY_HAND}::test_smr_sanction_must_itself_hurt_if_i_is_not_sure",),
    ),
    Mutant(
        "SMR without staying put (diagrams)",
        "engine/symbolic/fixpoints.py",
        "return limit & ~self.movers[player].leading_to(self.feasible & ~limit)",
        "return self.feasible & ~self.movers[player].moving_to(self.feasible & ~limit)",
        (f"{BY_HAND}::test_counter_move_cancels_a_sanction_under_smr_and_sseq",),
    ),
    Mutant(
        "extensions a and c exchanged in facing the unknown (definition)",
        "engine/explicit/players.py",
        'view.better_facing("ab", start, end)',
        'view.better_facing("bc", start, end)',
        (f"{BY_HAND}::test_unknown_sanction_deters_extensions_c_and_d_only",),
    ),
    Mutant(
        "extensions a and c exchanged in facing the unknown (sweeps)",
        "engine/explicit/graded.py",
        'Sanction.NOT_BETTER_AS_FACED: lambda facing: facing in "ab"',
        'Sanction.NOT_BETTER_AS_FACED: lambda facing: facing in "bc"',
        (f"{BY_HAND}::test_unknown_sanction_deters_extensions_c_and_d_only",),
    ),
)


@contextmanager
def copy_of_the_tree() -> Iterator[Path]:
    """Yield a copy of what the tests need, and remove it."""
    with tempfile.TemporaryDirectory(prefix="detente-mutants-") as folder:
        copy = Path(folder)
        for name in COPIED:
            if (ROOT / name).is_dir():
                # With the times of the files, so that what has been compiled for them is found.
                shutil.copytree(ROOT / name, copy / name, ignore=LEFT_OUT)
            else:
                shutil.copy2(ROOT / name, copy / name)
        yield copy


def run(copy: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Run tests in the copy; return how pytest exits, and what it prints."""
    # The copy goes before the tree that is installed.
    told = {**os.environ, "PYTHONPATH": str(copy / "src")}
    where = [sys.executable, "-c", "import detente; print(detente.__file__)"]
    found = subprocess.run(where, cwd=copy, env=told, capture_output=True, text=True, check=True).stdout
    if not Path(found.strip()).is_relative_to(copy):
        raise RuntimeError(f"{found.strip()} would be tested, not the copy")
    command = [sys.executable, "-m", "pytest", "-x", "-n", "0", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=copy, env=told, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def survives(mutant: Mutant, copy: Path) -> bool:
    """Put a mutant into the copy, run its tests, and take it out again; tell whether all of them pass.

    Raises
    ------
    RuntimeError
        When the tests cannot be run.
    """
    path = copy / mutant.file
    text = path.read_text(encoding="utf-8")
    path.write_text(mutant.applied(text), encoding="utf-8")
    try:
        code, printed = run(copy, mutant.tests)
    finally:
        path.write_text(text, encoding="utf-8")
    if code not in (PASSED, FAILED):
        raise RuntimeError(f"{mutant.name}: pytest exits with {code}\n{printed}")
    return code == PASSED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mutants; return 1 when one survives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only the mutants whose name has this text in it")
    wanted = [one for one in MUTANTS if parser.parse_args(arguments).only in one.name]
    alive = []
    with copy_of_the_tree() as copy:
        code, printed = run(copy, sorted({test for one in wanted for test in one.tests}))
        if code != PASSED:
            print(f"the tests do not pass on the unchanged source\n{printed}")
            return 1
        for mutant in wanted:
            began = time.monotonic()
            lives = survives(mutant, copy)
            alive += [mutant.name] * lives
            print(f"{'SURVIVES' if lives else 'dies':8}  {time.monotonic() - began:4.0f} s  {mutant.name}", flush=True)
    print(f"{len(wanted) - len(alive)} of {len(wanted)} mutants die")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
