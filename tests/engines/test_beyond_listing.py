"""Merged states and standing coalitions where no state can be listed: told by what can be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from benchmarks.disputes import dispute
from benchmarks.structured import structured
from detente.engine import solver
from detente.verification import verify
from tests.examples import examples
from tests.strategies import disputes

relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)


def with_idle_options(conflict: dt.Conflict, owner: int, count: int) -> dt.Conflict:
    """The same dispute with more options, which no preference, rule or merge mentions."""
    makers = list(conflict.decision_makers)
    idle = tuple(dt.Option(f"idle{place}") for place in range(count))
    makers[owner] = replace(makers[owner], options=(*makers[owner].options, *idle))
    return conflict.replaced(decision_makers=makers)


@settings(relaxed, max_examples=examples(15))
@given(conflict=disputes(most=7), draw=st.data())
def test_irrelevant_options_double_unmerged_states_only(conflict: dt.Conflict, draw: st.DataObject) -> None:
    """One idle option doubles every state that is not merged, 24 make 2^24 of it; merged states stay one."""
    owner = draw.draw(st.integers(0, len(conflict.decision_makers) - 1))
    few = with_idle_options(conflict, owner, 1).analyze(engine="explicit")
    many = solver(with_idle_options(conflict, owner, 24), "symbolic")

    def multiplied(states: tuple) -> int:
        merged = sum("-" in state.pattern for state in states)
        return (len(states) - merged) // 2 * 2**24 + merged

    assert many.count == multiplied(few.states())
    for concept in few.concepts:
        assert many.equilibria(concept).count == multiplied(few.equilibria(concept.id))


@pytest.mark.parametrize("engine", ["auto", "symbolic"])
def test_merge_of_2_32_combinations_counts_as_one_state(engine: str) -> None:
    """2^33 combinations, 2^32 of which are one state: that of the plant that is abandoned."""
    conflict = dispute(33, 4).replaced(merge=["o0"])
    analysis = conflict.analyze(engine=engine)
    assert analysis.engine == "symbolic"
    assert analysis.count == 2**32 + 1
    merged = analysis.solver.state(analysis.solver.number_of("Y" * 33))
    assert merged.pattern == "Y" + "-" * 32
    assert merged.taken == ("o0",)
    assert analysis.solver.number_of("Y" + "N" * 32) == merged == analysis.solver.number_of(merged.pattern)
    single = solver(conflict, "symbolic")
    for concept in analysis.concepts:
        whole = analysis.equilibrium_set(concept.id)
        assert whole.count > 0
        assert [number in single.equilibria(concept) for number in (1, 2**31, merged)] == [
            number in whole for number in (1, 2**31, merged)
        ]
    # The others cannot leave the merged state, and its owner can get to it from anywhere.
    assert not any(list(analysis.solver.arcs_from(int(merged), player)) for player in (1, 2, 3))
    assert int(merged) in {arc.end for arc in analysis.solver.arcs_from(1, 0)}


def test_coalition_of_more_than_twenty_options_is_decided() -> None:
    conflict = dispute(8, 3).replaced(coalitions=[["d0", "d1"], ["d2"]])
    few = conflict.analyze(engine="explicit")
    large = with_idle_options(conflict, 1, 20)
    assert sum(len(maker.options) for maker in large.decision_makers[:2]) == 26
    many = large.analyze()
    assert many.engine == "symbolic"
    for concept in few.concepts:
        assert many.equilibrium_set(concept.id).count == len(few.equilibria(concept.id)) * 2**20


def largely_merged(options: int, makers: int, seed: int) -> dt.Conflict:
    """A structured dispute in which much is one state, and something else another: of some members each."""
    conflict = structured(options, makers, seed)
    names = [option.id for option in conflict.options]
    left = " and ".join(f"not {name}" for name in names[5:])
    beside = " and ".join([names[-1], *(f"not {name}" for name in names[: options - 6])])
    return conflict.replaced(merge=[left, beside])


def test_verdicts_on_unlistable_merged_states_are_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """More states than can be listed, some merged: every verdict is checked, also where nothing is walked through."""
    monkeypatch.setattr(verify, "SHORT_WALK", 0)
    analysis = largely_merged(24, 5, 0).analyze(["gmr", "smr", "seq", "sseq", "sim"])
    assert (analysis.engine, analysis.count) == ("symbolic", 1_259_687)
    last = analysis.conflict.options[-1].id
    one, other = (analysis.solver.space.at(taken) for taken in ([], [last]))
    assert [state.pattern.count("-") for state in (one, other)] == [5, 4]
    verified = dt.verify(analysis)
    assert {one.number, other.number} <= set(verified.states)
    assert verified.complete, str(verified)
    assert dict(verified.by)["proof"] > 0
