"""The solver for large conflicts beside the general one: many pages, gaps, one-way options, long preferences."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.concepts import CONCEPTS
from detente.engine.interface import Best, Nearest
from detente.errors import InputError, TooLargeError
from detente.model.conditions import Not, Taken

if find_spec("numba") is None:
    pytest.skip("the extra 'fast' is not installed", allow_module_level=True)

from benchmarks.disputes import dispute
from detente.engine import choice, progress, solver
from detente.engine.dense import moves
from detente.engine.dense import solver as dense
from detente.engine.dense.solver import DenseSolver
from detente.engine.explicit.solver import ExplicitSolver
from tests.examples import examples, largest

DECIDED = [CONCEPTS[id] for id in ("nash", "gmr", "smr", "seq", "sim", "sseq")]
slowly = settings(deadline=None, max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(autouse=True, scope="module", params=["in pairs", "by level"])
def sweeping(request: pytest.FixtureRequest) -> Iterator[None]:
    """Small fibres are swept pair by pair and large ones in order: here all of them in one way, then in the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moves, "MAX_PAIRED_BYTES", 0 if request.param == "by level" else 2**16)
        patch.setattr(dense, "PART", 2**7)
        yield


@st.composite
def large(draw: st.DrawFn) -> dt.Conflict:
    """Conflicts of up to 2**11 states, or 2**14 with all examples, with everything that a large one may have."""
    makers, most = draw(st.integers(1, 5)), largest(14, usual=11)
    conflict = dispute(draw(st.integers(most - 3, most)), makers, draw(st.integers(0, 1000)))
    names = [option.id for option in conflict.options]
    if more := draw(st.sampled_from([0, 0, 4, 12, 30])):
        # Eight statements make ranks of one byte; one decision maker with more makes all of them longer.
        first, *rest = conflict.decision_makers
        wished = [draw(st.sampled_from(names)) for _ in range(more)]
        kept = [statement.condition for statement in first.preferences.statements]
        longer = dt.DecisionMaker(first.id, options=first.options, preferences=[*kept, *map(Taken, wished)])
        conflict = conflict.replaced(decision_makers=[longer, *rest])
    three = st.permutations(names).map(lambda some: some[:3])
    gaps = draw(st.lists(three, max_size=3))
    marks = draw(st.dictionaries(st.sampled_from(names), st.booleans(), max_size=5))
    return conflict.replaced(rules=[dt.never(f"{a} and {b} and not {c}") for a, b, c in gaps], one_way=marks)


@slowly
@given(conflict=large(), data=st.data())
def test_cells_and_arrays_agree_on_stability(conflict: dt.Conflict, data: st.DataObject) -> None:
    general, by_cells = ExplicitSolver(conflict), DenseSolver(conflict)
    assert by_cells.count == general.count
    some = data.draw(st.lists(st.integers(1, general.count), min_size=1, max_size=5))
    assert [by_cells.state(number) for number in some] == [general.state(number) for number in some]
    assert [by_cells.state(n).pattern for n in some] == [general.state(n).pattern for n in some]
    assert [by_cells.number_of(by_cells.state(n).pattern) for n in some] == some
    for concept in DECIDED:
        for player in range(len(conflict.players)):
            states = by_cells.stable(concept, player)
            wanted = general.stable(concept, player)
            assert list(states.numbers()) == list(wanted.numbers())
            assert states.count == wanted.count
            assert all((n in states) == (n in wanted) for n in some)
        assert by_cells.equilibria(concept).patterns(10**6) == general.equilibria(concept).patterns(10**6)


@slowly
@given(conflict=large(), data=st.data())
def test_cells_and_arrays_agree_on_explanations(conflict: dt.Conflict, data: st.DataObject) -> None:
    general, by_cells = ExplicitSolver(conflict), DenseSolver(conflict)
    number = data.draw(st.integers(1, general.count))
    player = data.draw(st.integers(0, len(conflict.players) - 1))
    concept = data.draw(st.sampled_from(DECIDED))
    ours, wanted = by_cells.why(number, player, concept), general.why(number, player, concept)
    assert ours.stable == wanted.stable
    assert [one.to for one in ours.improvements] == [one.to for one in wanted.improvements]
    for one, other in zip(ours.improvements, wanted.improvements, strict=True):
        assert (one.sanction is None) == (other.sanction is None)
        if one.sanction and other.sanction:
            assert len(one.sanction.steps) == len(other.sanction.steps)


@slowly
@given(conflict=large(), data=st.data())
def test_nearest_and_best_states_equal_an_exhaustive_search(conflict: dt.Conflict, data: st.DataObject) -> None:
    """Nearest and best are what a look at every state says."""
    by_cells = DenseSolver(conflict)
    states = by_cells.equilibria(data.draw(st.sampled_from(DECIDED)))
    listed = [by_cells.state(number) for number in states.numbers()]
    start = by_cells.state(data.draw(st.integers(1, by_cells.count)))
    maker = data.draw(st.integers(0, len(conflict.decision_makers) - 1))
    ranks = by_cells.ranks(maker)
    nearest, best = states.nearest(start, 5), states.best(maker, 5)
    if not listed:
        assert nearest is None and best == Best(0, ())
        return
    far = [sum(here != there for here, there in zip(one.pattern, start.pattern, strict=True)) for one in listed]
    near = [one for one, distance in zip(listed, far, strict=True) if distance == min(far)]
    assert nearest == Nearest(min(far), len(near), tuple(near[:5]))
    least = min(ranks[one - 1] for one in listed)
    liked = [one for one in listed if ranks[one - 1] == least]
    assert best == Best(len(liked), tuple(liked[:5]))
    assert states.same_as(by_cells.equilibria(CONCEPTS["nash"])) == (
        listed == [by_cells.state(number) for number in by_cells.equilibria(CONCEPTS["nash"]).numbers()]
    )


@pytest.mark.parametrize("statements", [30, 31, 32, 61, 62, 63, 90])
def test_preferences_longer_than_one_number_are_ranked(statements: int) -> None:
    """At 31 statements a rank no longer fits into 32 bits, at 62 not into 64."""
    conflict = dispute(12, 2)
    chance = random.Random(statements)
    names = [option.id for option in conflict.options]
    wanted = [
        Taken(name) if chance.random() < 0.5 else Not(Taken(name)) for name in chance.choices(names, k=statements)
    ]
    first, second = conflict.decision_makers
    longer = dt.DecisionMaker(first.id, options=first.options, preferences=wanted)
    conflict = conflict.replaced(decision_makers=[longer, second], rules=[dt.never("o0 and o1")])
    assert DenseSolver(conflict).ranks(0) == ExplicitSolver(conflict).ranks(0)


@pytest.mark.parametrize(
    "weights",
    [
        {"o0": 1, "not o3": -2, "o5 and o7": "1/3"},
        {"o0": 10**30, "o1": 1, "o11": "1/7"},
        {"o2 or o9": -1},
        {"o2": "1e20"},
        {},
        # Equal sums tie, however large.
        {"o0": 10**30, "o1": 10**30, "o2": -(10**30), "o5": 2 * 10**30},
        {"o0": 2**31, "o1": 2**31 - 1, "o2": 1, "not o3": 2**40},
        {f"o{place}": 2**place for place in range(12)} | {"o1 and o3": -(2**50)},
    ],
)
def test_weights_larger_than_one_number_are_ranked(weights: dict[str, int | str]) -> None:
    conflict = dispute(12, 2)
    first, second = conflict.decision_makers
    weighted = dt.DecisionMaker(first.id, options=first.options, preferences=dt.Weights.of(weights))
    conflict = conflict.replaced(decision_makers=[weighted, second])
    assert DenseSolver(conflict).ranks(0) == ExplicitSolver(conflict).ranks(0)


def test_moves_from_every_cell_equal_those_of_arrays() -> None:
    conflict = dispute(6, 3).replaced(rules=[dt.never("o0 and o4")], one_way={"o1": True, "o2": False})
    assert set(DenseSolver(conflict).arcs()) == set(ExplicitSolver(conflict).arcs())


def test_listing_order_of_players_changes_no_answer() -> None:
    conflict = dispute(6, 2).replaced(coalitions=[["d1"], ["d0"]])
    general, by_cells = ExplicitSolver(conflict), DenseSolver(conflict)
    for player in range(2):
        nash = CONCEPTS["nash"]
        assert list(by_cells.stable(nash, player).numbers()) == list(general.stable(nash, player).numbers())
        assert by_cells.ranks(player) == general.ranks(player)


def test_failure_in_any_thread_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that was not done must not pass for one in which nothing was found."""
    compiled = DenseSolver(dispute(14, 7))
    asking: list[threading.Thread] = []

    def failing(*arguments: object) -> None:
        asking.append(threading.current_thread())
        if asking[-1] is asking[0]:
            time.sleep(0.01)
        else:
            raise MemoryError("no tile")

    monkeypatch.setattr(progress, "CORES", 2)
    monkeypatch.setattr(dense.loops, "mark_stable", failing)
    with pytest.raises(MemoryError, match="no tile"):
        compiled.stable(CONCEPTS["nash"], 0)


def test_rules_without_a_feasible_state_are_an_error() -> None:
    with pytest.raises(InputError, match="no feasible state"):
        DenseSolver(dispute(6, 2).replaced(rules=[dt.never("o0"), dt.never("not o0")]))


def test_dispute_larger_than_memory_is_refused_before_compiling() -> None:
    with pytest.raises(TooLargeError, match=r"2\^40 combinations of options need about [\d,.]+ GiB"):
        DenseSolver(dispute(40, 5))


def test_solver_is_chosen_by_size_and_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "SMALL_OPTIONS", 0)
    monkeypatch.setattr(choice, "DENSE_FROM", 2**10)
    plain = dispute(10, 2)
    assert isinstance(solver(plain), DenseSolver)
    assert isinstance(solver(dispute(9, 2)), ExplicitSolver)
    assert isinstance(solver(plain.replaced(merge=["o0 and o1"])), ExplicitSolver)
    assert isinstance(solver(plain.replaced(coalitions=[["d0", "d1"]])), ExplicitSolver)
    few = plain.replaced(rules=[dt.never(f"o{place}") for place in range(6)])
    assert isinstance(solver(few), ExplicitSolver)
    monkeypatch.setattr(choice, "find_spec", lambda name: None)
    assert isinstance(solver(plain), ExplicitSolver)


def test_sim_is_left_out_only_for_lack_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    conflict = dispute(11, 2)
    monkeypatch.setattr(choice, "DENSE_FROM", 2**11)
    monkeypatch.setattr(dense, "MAX_GENERAL", 2**10)
    whole = conflict.analyze(engine="explicit")
    assert whole.complete and not whole.left_out
    assert whole.to_dict()["stability"]["sim"] == simultaneous(conflict)
    monkeypatch.setattr(dense, "memory_available", lambda: 2**10)
    analysis = conflict.analyze(engine="explicit")
    assert list(analysis.left_out) == ["sim"] and not analysis.complete
    assert "GiB are available" in analysis.left_out["sim"]
    assert analysis.to_dict()["stability"]["sim"] is None and analysis.to_dict()["equilibria"]["sim"] is None
    with pytest.raises(TooLargeError, match="SIM"):
        conflict.analyze(["sim"], "explicit")
    asked = conflict.analyze(["sim"])
    assert asked.engine == "symbolic"
    assert asked.to_dict()["stability"]["sim"] == simultaneous(conflict)


def test_seq_then_sim_is_left_out_if_it_would_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    conflict = dispute(11, 2)
    monkeypatch.setattr(choice, "DENSE_FROM", 2**11)
    monkeypatch.setattr(dense, "MAX_GENERAL", 2**10)
    with pytest.raises(TooLargeError, match="1,024"):
        conflict.analyze(["nash", "seq_then_sim"], "explicit")


def simultaneous(conflict: dt.Conflict) -> dict[str, list[int]]:
    general = ExplicitSolver(conflict)
    return {f"d{player}": list(general.stable(CONCEPTS["sim"], player).numbers()) for player in range(2)}
