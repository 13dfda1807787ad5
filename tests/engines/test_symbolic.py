"""The symbolic engine: where only it goes, and what only it does."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import islice
from typing import NoReturn

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oxidd.util import DDMemoryError

import detente as dt
from benchmarks.structured import structured
from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS
from detente.engine import Solver, solver
from detente.engine.space import covering_patterns, covering_patterns_of_mask
from detente.engine.symbolic import diagrams, fixpoints
from detente.engine.symbolic import solver as symbolic_solver
from detente.engine.symbolic.diagrams import pulled_together
from detente.engine.symbolic.solver import SymbolicSolver
from tests.examples import examples, largest
from tests.reference.brute_force import PLAIN, BruteForce
from tests.strategies import conflicts

relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)


def two_by_two(rules: list[str] | None = None) -> dt.Conflict:
    makers = [
        dt.DecisionMaker("i", options=["a", "b"], preferences=["not c", "a"]),
        dt.DecisionMaker("j", options=["c", "d"], preferences=["not a", "c"]),
    ]
    return dt.Conflict("two by two", makers, rules=rules or [])


@st.composite
def larger(draw: st.DrawFn) -> dt.Conflict:
    """Structured disputes of up to 11 options, or 14 with all examples, some with weights that tie."""
    options, makers = draw(st.integers(8, largest(14, usual=11))), draw(st.integers(2, 4))
    conflict = structured(options, makers, draw(st.integers(0, 10_000)), reach=draw(st.sampled_from([None, options])))
    if draw(st.booleans()):
        first, *others = conflict.decision_makers
        weights = {str(statement): draw(st.integers(-2, 3)) for statement in first.preferences.statements}
        weighted = dt.DecisionMaker(first.id, options=first.options, preferences=dt.Weights.of(weights))
        conflict = conflict.replaced(decision_makers=[weighted, *others])
    return conflict


@settings(relaxed, max_examples=examples(150))
@given(conflict=conflicts(), asked=st.permutations(list(PLAIN)), stable_first=st.booleans())
def test_narrowed_equilibria_equal_brute_force(conflict: dt.Conflict, asked: list[str], stable_first: bool) -> None:
    """Where states are too many to list, a player is asked only about those that are stable for the others."""
    reference = BruteForce(conflict)
    stability = reference.stability(PLAIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(symbolic_solver, "WHOLE_UP_TO", 0)
        compiled = SymbolicSolver(conflict)
        for id in asked:
            by_player = list(stability[id].values())
            if stable_first:
                assert list(compiled.stable(CONCEPTS[id], 0).numbers()) == by_player[0]
            expected = set.intersection(*map(set, by_player))
            assert set(compiled.equilibria(CONCEPTS[id]).numbers()) == expected
            assert [
                list(compiled.stable(CONCEPTS[id], place).numbers()) for place in range(len(by_player))
            ] == by_player


@pytest.mark.slow
@settings(relaxed, max_examples=examples(12))
@given(conflict=larger())
def test_diagrams_and_arrays_agree_up_to_2_14_states(conflict: dt.Conflict) -> None:
    explicit, symbolic = conflict.analyze(engine="explicit"), conflict.analyze(engine="symbolic")
    ours, theirs = symbolic.to_dict(), explicit.to_dict()
    assert ours.pop("engine") == "symbolic"
    assert theirs.pop("engine") == "explicit"
    assert ours == theirs


@settings(relaxed, max_examples=examples(40))
@given(conflict=conflicts())
def test_ranks_together_and_one_by_one_give_the_same_sets(conflict: dt.Conflict) -> None:
    one_by_one = conflict.analyze(DEFAULT_CONCEPTS, "symbolic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fixpoints, "MAX_RANKS", 0)
        at_once = conflict.analyze(DEFAULT_CONCEPTS, "symbolic")
    assert at_once.numbers == one_by_one.numbers


@settings(relaxed, max_examples=examples(40))
@given(conflict=conflicts())
def test_single_state_and_equilibria_agree_with_the_stable_sets(conflict: dt.Conflict) -> None:
    """Equilibria and single states have shorter ways of their own; they end where the stable sets do."""
    compiled = SymbolicSolver(conflict)
    for concept in PLAIN.values():
        players = range(len(conflict.players))
        stable = [set(SymbolicSolver(conflict).stable(concept, player).numbers()) for player in players]
        assert set(compiled.equilibria(concept).numbers()) == set.intersection(*stable)
        for number in range(1, compiled.count + 1):
            here = compiled.space.singleton(compiled.state(number))
            for player in players:
                alone = compiled._unstable(concept, player, here) == compiled.diagrams.nothing
                assert alone == (number in stable[player])


@settings(relaxed, max_examples=examples(40))
@given(conflict=conflicts(), draw=st.data())
def test_nearest_and_best_equal_those_of_the_list(conflict: dt.Conflict, draw: st.DataObject) -> None:
    analysis = conflict.analyze(["gmr"], "symbolic")
    start = analysis.solver.state(draw.draw(st.integers(1, analysis.count)))
    found = analysis.equilibria("gmr")
    far = {state: sum(x != y for x, y in zip(state.pattern, start.pattern, strict=True)) for state in found}
    said = analysis.solver.equilibria(CONCEPTS["gmr"]).nearest(start, 100)
    if not found:
        assert said is None
    else:
        nearest = [state for state in found if far[state] == min(far.values())]
        assert said == (min(far.values()), len(nearest), tuple(nearest))
    for place in range(len(conflict.decision_makers)):
        rank = analysis.solver.ranks(place)
        best = [state for state in found if rank[state - 1] == min(rank[other - 1] for other in found)]
        assert analysis.best("gmr", conflict.decision_makers[place].id, 100) == (len(best), tuple(best))


def test_numbers_and_patterns_agree_beyond_listing() -> None:
    compiled = solver(structured(60, 7, 0), "symbolic")
    assert compiled.count == 126_806_761_930_752
    for number in (1, 2, 12_345_678_901, compiled.count):
        state = compiled.state(number)
        assert compiled.number_of(state.pattern) == number == state
        assert compiled.number_of(number) == number
        assert compiled.number_of(str(number)) == number
    patterns = [compiled.state(number).pattern[::-1] for number in (5, 6, 70_000, 10**13)]
    assert patterns == sorted(patterns), "states are numbered by their binary value"
    with pytest.raises(dt.UnknownNameError, match="numbered from 1"):
        compiled.number_of(compiled.count + 1)
    with pytest.raises(dt.UnknownNameError, match="it breaks"):
        compiled.number_of("Y" * 60)


@pytest.mark.parametrize(
    ("list_all", "what"), [(lambda one: list(one.arcs()), "moves"), (lambda one: one.ranks(0), "ranks")]
)
def test_listing_too_many_states_is_refused(list_all: Callable[[Solver], object], what: str) -> None:
    compiled = solver(structured(60, 7, 0), "symbolic")
    with pytest.raises(dt.TooLargeError, match=f"the {what} of 126,806,761,930,752 states are too many to list"):
        list_all(compiled)


def test_dispute_without_rules_is_counted_exactly() -> None:
    makers = [
        dt.DecisionMaker(f"d{i}", options=[f"o{i}_{j}" for j in range(50)], preferences=[f"o{i}_0"]) for i in range(4)
    ]
    analysis = dt.Conflict("huge", makers).analyze()
    assert analysis.engine == "symbolic"
    assert analysis.count == 2**200
    assert analysis.equilibrium_set("nash").count == 2**196
    summary = analysis.to_dict()
    assert summary["states"] is None
    assert summary["stability"]["nash"]["d0"] is None
    (pattern,) = summary["equilibria"]["nash"]["patterns"]
    assert [place for place, letter in enumerate(pattern) if letter == "Y"] == [0, 50, 100, 150]
    assert set(pattern) == {"Y", "-"}


def test_auto_chooses_the_suitable_engine() -> None:
    assert two_by_two().analyze().engine == "explicit"
    many = [dt.DecisionMaker("i", options=[f"o{place}" for place in range(30)], preferences=["o0"])]
    assert dt.Conflict("wide", many).analyze(["nash"]).engine == "symbolic"
    few = dt.Conflict("wide but narrow", many, rules=[dt.never(f"o{place}") for place in range(5, 30)])
    assert few.analyze(["nash"]).engine == "explicit"
    merged = dt.Conflict("wide, merged", many, rules=[dt.never(f"o{place}") for place in range(5, 30)], merge=["o1"])
    assert merged.analyze(["nash"]).engine == "explicit"


def test_no_feasible_state_is_an_error() -> None:
    with pytest.raises(dt.InputError, match="no feasible state"):
        two_by_two(["a", "not a"]).analyze(engine="symbolic")


def test_diagrams_larger_than_memory_are_an_error() -> None:
    with pytest.raises(dt.TooLargeError, match="outgrew 2,000 nodes"):
        SymbolicSolver(structured(40, 5, 0), most_nodes=2_000).equilibria(CONCEPTS["seq"]).count  # noqa: B018


def test_memory_may_end_again_while_what_is_known_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = SymbolicSolver(structured(40, 5, 0).replaced(status_quo=[]), patience=0.0)

    def outgrown(taken: frozenset[str]) -> NoReturn:
        raise DDMemoryError

    monkeypatch.setattr(compiled.space, "state_with", outgrown)
    with pytest.raises(dt.TooLargeError, match="Whether the status quo is an equilibrium is not known"):
        compiled.equilibria(CONCEPTS["seq"]).count  # noqa: B018


def test_few_options_with_a_rank_for_every_state_fit_into_the_node_store() -> None:
    """As many questions as states: 2^18 nodes were too few for that."""
    chance = random.Random(3)
    owned = [["a0"], ["b0", "b1", "b2", "b3"], ["c0", "c1", "c2"]]
    makers = [
        dt.DecisionMaker(
            own[0][0], options=own, preferences=dt.Ranking(tuple((n,) for n in chance.sample(range(1, 257), 256)))
        )
        for own in owned
    ]
    conflict = dt.Conflict("ranked one by one", makers, one_way={"a0": True, "c0": False})
    ours, theirs = conflict.analyze(engine="symbolic"), conflict.analyze(engine="explicit")
    assert ours.numbers == theirs.numbers


def test_node_store_is_sized_by_free_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [dt.DecisionMaker("i", options=[f"o{place}" for place in range(30)], preferences=["o0"])]
    monkeypatch.setattr(diagrams, "memory_available", lambda: 2**30)
    assert SymbolicSolver(dt.Conflict("wide", many)).diagrams.nodes == int(2**30 * 0.75) // 60
    monkeypatch.setattr(diagrams, "memory_available", lambda: 2**40)
    assert diagrams.nodes_that_fit() == diagrams.MAX_NODES


def test_set_that_takes_too_long_is_bounded_by_nash_and_gmr() -> None:
    """At least the equilibria by Nash, at most those by GMR; one state is decided all the same."""
    conflict = structured(34, 5, 0)
    whole = conflict.analyze(["nash", "gmr", "seq"], "symbolic")
    compiled = SymbolicSolver(conflict, patience=0.0)
    with pytest.raises(
        dt.TooLargeError, match="Undecided beyond that: the answer was not found within 0 seconds"
    ) as caught:
        compiled.equilibria(CONCEPTS["seq"]).count  # noqa: B018
    assert f"There are at least {whole.equilibrium_set('nash').count:,} equilibria (" in str(caught.value)
    quo = compiled.number_of("status quo")
    verdict = "is" if quo in whole.equilibrium_set("seq") else "is not"
    assert f"The status quo {verdict} an equilibrium" in str(caught.value)
    most = int(str(caught.value).partition("at most ")[2].partition(".")[0].replace(",", ""))
    assert whole.equilibrium_set("seq").count <= most


def test_options_mentioned_together_are_neighbouring_variables() -> None:
    names = [f"o{place}" for place in range(30)]
    groups = [names[place : place + 3] for place in range(28)]
    mixed = random.Random(1).sample(names, len(names))
    place = {name: number for number, name in enumerate(pulled_together(mixed, groups))}
    apart = sum(max(place[name] for name in group) - min(place[name] for name in group) for group in groups)
    before = sum(max(mixed.index(name) for name in g) - min(mixed.index(name) for name in g) for g in groups)
    assert sorted(place) == sorted(names)
    assert apart < before / 2


def test_progress_is_reported_if_asked_for() -> None:
    told: list[tuple[int, str]] = []
    compiled = SymbolicSolver(structured(34, 5, 0), lambda share, doing: told.append((threading.get_ident(), doing)))
    assert compiled.equilibria(CONCEPTS["seq"]).count == 1_708_596
    assert {thread for thread, _ in told} == {threading.get_ident()}
    assert any(doing.startswith("SEQ") for _, doing in told)


@pytest.mark.skipif(sys.platform == "win32", reason="sends an interrupt")
@pytest.mark.usefixtures("interruptible")
def test_interrupt_is_raised_at_once() -> None:
    code = (
        "import sys, time, threading\n"
        "from benchmarks.structured import structured\n"
        "from detente.engine import solver\n"
        "from detente.concepts import CONCEPTS\n"
        "compiled = solver(structured(80, 8, 0), 'symbolic', lambda share, doing: None)\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    compiled.equilibria(CONCEPTS['seq']).count\n"
        "except KeyboardInterrupt:\n"
        "    print('heard', time.time(), flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    sent = time.time()
    process.send_signal(signal.SIGINT)
    said, when = process.stdout.readline().split()
    process.wait(timeout=60)
    assert said == "heard"
    assert float(when) - sent < 5  # a tenth of a second on an idle machine


def test_state_of_an_unlistable_dispute_is_explained() -> None:
    analysis = structured(34, 5, 0).analyze(["seq"], "symbolic")
    explained = [analysis.why("status quo", player, "seq") for player in analysis.players]
    assert all(str(one) for one in explained)
    assert all(one.stable for one in explained) == (int(explained[0].state) in analysis.equilibrium_set("seq"))
    for number in islice(analysis.equilibrium_set("seq").numbers(), 2):
        assert all(analysis.why(number, player, "seq").stable for player in analysis.players)


@settings(relaxed, max_examples=examples(60))
@given(conflict=conflicts(min_options=1), concept=st.sampled_from(["nash", "seq"]))
def test_set_expanded_to_cells_and_members_equals_its_numbers(conflict: dt.Conflict, concept: str) -> None:
    symbolic = SymbolicSolver(conflict).equilibria(CONCEPTS[concept])
    explicit = solver(conflict, "explicit").equilibria(CONCEPTS[concept])
    members = symbolic.has_members(explicit.space.columns)
    assert (np.flatnonzero(members[explicit.space.first_member]) + 1).tolist() == list(explicit.numbers())
    codes = sum(column.astype(int) << place for place, column in enumerate(explicit.space.columns.values()))
    cells = symbolic.cells()
    assert cells.size == 2 ** len(conflict.options)
    assert cells[codes].tolist() == members.tolist()
    assert np.count_nonzero(cells) == np.count_nonzero(members)
    patterns = covering_patterns_of_mask(cells, 1_000)
    assert patterns == covering_patterns(np.array([*explicit.space.columns.values()]).T[members], 1_000)
    assert covering_patterns_of_mask(cells, len(patterns)) == patterns
    assert covering_patterns_of_mask(cells, len(patterns) - 1) == (None if patterns else ())


@pytest.mark.parametrize("engine", ["explicit", "symbolic"])
@settings(relaxed, max_examples=examples(40))
@given(conflict=conflicts())
def test_states_stable_throughout_are_in_every_set(engine: str, conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(PLAIN, engine)
    in_every = set.intersection(*(set(analysis.equilibria(concept)) for concept in PLAIN))
    assert analysis.stable_throughout == tuple(sorted(in_every))
    assert analysis.numbers_stable_throughout == analysis.stable_throughout
