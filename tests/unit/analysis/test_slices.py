"""A state space decided slice by slice: together what the whole says, whoever does the work."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from distributed import LocalCluster
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from benchmarks.structured import structured
from detente.analysis.slices import _fits, _Question, cut, decided
from detente.engine.symbolic.solver import SymbolicSolver
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.stability import CONCEPTS
from tests.reference.brute_force import PLAIN
from tests.strategies import conflicts

pytestmark = pytest.mark.xdist_group("workers")
relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as made:
        yield made


def described(patterns: tuple[str, ...]) -> list[str]:
    """Every state that some patterns describe, as often as they do."""
    return sorted("".join(letters) for one in patterns for letters in product(*("YN" if x == "-" else x for x in one)))


@settings(relaxed, max_examples=60)
@given(conflict=conflicts(merges=False, coalitions=False), draw=st.data())
def test_slices_say_together_what_the_whole_says(conflict: dt.Conflict, draw: st.DataObject) -> None:
    """Of all states or of a part: the other engine, which decides all at once, finds the same equilibria."""
    states = conflict.analyze(["nash"], "explicit").states()
    quo = draw.draw(st.one_of(st.none(), st.sampled_from(states)))
    if quo is not None:
        conflict = conflict.replaced(status_quo=quo.taken)
    whole = conflict.analyze(PLAIN, "explicit")
    state = draw.draw(st.sampled_from(states)).pattern
    free = draw.draw(st.lists(st.booleans(), min_size=len(state), max_size=len(state)))
    region = "".join("-" if either else letter for either, letter in zip(free, state, strict=True))
    answer = dt.analyze_slices(conflict, PLAIN, within=region, slices=draw.draw(st.integers(1, 7)))
    inside = [one for one in states if _fits(one.pattern, region)]
    assert answer.complete
    assert answer.count == len(inside) == sum(one.count for one in answer.slices)
    assert answer.status_quo == (quo if quo is not None and quo in inside else None)
    for concept in whole.concepts:
        equilibria = whole.equilibria(concept.id)
        found = sorted(one.pattern for one in equilibria if one in inside)
        assert answer.total(concept.id) == len(found)
        assert described(answer.patterns(concept.id) or ()) == found
        assert answer.status_quo_holds(concept.id) == (None if answer.status_quo is None else quo in equilibria)


@settings(relaxed, max_examples=40)
@given(conflict=conflicts(merges=False, coalitions=False), most=st.integers(1, 9))
def test_every_state_is_in_one_slice(conflict: dt.Conflict, most: int) -> None:
    compiled = SymbolicSolver(conflict)
    states = [compiled.state(number).pattern for number in range(1, compiled.count + 1)]
    parts = cut(compiled, conflict, "-" * len(conflict.options), most)
    assert 1 <= len(parts) <= most
    assert [sum(_fits(state, part) for part in parts) for state in states] == [1] * len(states)
    assert all(any(_fits(state, part) for state in states) for part in parts)
    assert len(parts) == min(most, len(states))


@settings(relaxed, max_examples=30)
@given(conflict=conflicts(merges=False, coalitions=False, max_options=4), draw=st.data())
def test_a_set_of_a_slice_knows_what_is_in_it(conflict: dt.Conflict, draw: st.DataObject) -> None:
    compiled = SymbolicSolver(conflict)
    concept = CONCEPTS[draw.draw(st.sampled_from(list(PLAIN)))]
    whole = compiled.equilibria(concept)
    pattern = "".join(draw.draw(st.sampled_from("YN-")) for _ in conflict.options)
    part = compiled.equilibria_within(concept, pattern)
    for number in range(1, compiled.count + 1):
        state = compiled.state(number)
        expected = number in whole and _fits(state.pattern, pattern)
        assert (number in part) == expected
        assert compiled._parts.holds(concept, pattern, compiled.space.held(state)) == expected


def test_the_status_quo_is_told_where_it_was_asked_about() -> None:
    ukraine = dt.example("ukraine-2023")
    quo = ukraine.pattern(ukraine.status_quo.taken)
    answer = dt.analyze_slices(ukraine, ["nash"], within=quo)
    assert (answer.count, answer.total("nash"), answer.patterns("nash")) == (1, 1, (quo,))
    assert answer.status_quo_holds("nash") is True
    other = dt.analyze_slices(
        ukraine, ["nash"], within=("N" if quo[0] == "Y" else "Y") + quo[1:].replace("Y", "-").replace("N", "-")
    )
    assert other.status_quo is None
    assert other.status_quo_holds("nash") is None


def test_it_shows_itself() -> None:
    answer = dt.analyze_slices(dt.example("river-sharing"), ["nash", "gmr"], slices=2)
    assert [row["states"] for row in answer.rows()] == [one.count for one in answer.slices]
    assert int(answer.table()["gmr"].sum()) == 2
    data = json.loads(answer.to_json())
    assert data["format"] == "detente-slices/1"
    assert data["status_quo"] == {"number": 1, "state": "NNN"}
    assert "<td>" in answer._repr_html_()


def test_what_cannot_be_asked_is_said() -> None:
    river = dt.example("river-sharing")
    for wrong in ({"slices": 0}, {"workers": 0}, {"within": "Y"}, {"within": "yes"}, {"within": "NY-"}):
        with pytest.raises(InputError):
            dt.analyze_slices(river, ["nash"], **wrong)
    with pytest.raises(UnknownNameError):
        dt.analyze_slices(river, ["nsh"])
    with pytest.raises(TooLargeError, match="explicit engine"):
        dt.analyze_slices(river, ["non_myopic"])
    with pytest.raises(UnknownNameError):
        dt.analyze_slices(river, ["nash"]).total("seq")
    with pytest.raises(InputError, match=r"asked by Detente 0\.0\.1"):
        decided(replace(_Question(0, river, ("nash",), "---"), version="0.0.1"))


def test_a_narrow_slice_of_what_cannot_be_listed() -> None:
    """2^40 combinations: what lies around a state is told, and each state of it is what it is by itself."""
    conflict = structured(40, 5, 1)
    whole = SymbolicSolver(conflict)
    assert whole.count > 10**9
    around = whole.state(whole.count // 2).pattern
    region = around[:30] + "-" * 10
    answer = dt.analyze_slices(conflict, ["nash", "gmr", "seq"], within=region, slices=3)
    patterns = described(answer.patterns("seq") or ())
    assert len(patterns) == answer.total("seq")
    inside = sorted(
        pattern
        for letters in product("YN", repeat=10)
        if conflict.breaks(taken(conflict, pattern := around[:30] + "".join(letters))) is None
    )
    assert answer.count == len(inside)
    equilibria = whole.equilibria(CONCEPTS["seq"])
    for pattern in inside[:: max(1, len(inside) // 12)]:
        assert (whole.number_of(pattern) in equilibria) == (pattern in patterns)


def taken(conflict: dt.Conflict, pattern: str) -> list[str]:
    return [option.id for option, letter in zip(conflict.options, pattern, strict=True) if letter == "Y"]


def test_the_number_of_workers_changes_nothing() -> None:
    ukraine = dt.example("ukraine-2023")
    alone, together = (dt.analyze_slices(ukraine, slices=6, workers=workers) for workers in (1, 2))
    assert alone == together
    assert alone.to_json() == together.to_json()


def test_a_cluster_says_the_same_though_a_worker_is_killed(cluster: LocalCluster) -> None:
    conflict = structured(24, 4, 3)
    killed: list[int] = []

    def kill_one(share: float, doing: str) -> None:
        if 0 < share < 1 and "slices" in doing and not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    spread_out = dt.analyze_slices(
        conflict, ["nash", "seq"], slices=24, scheduler=cluster.scheduler_address, progress=kill_one
    )
    assert killed
    here = dt.analyze_slices(conflict, ["nash", "seq"], slices=24)
    assert spread_out == here
    assert spread_out.to_json() == here.to_json()
    assert here.total("seq") == conflict.analyze(["seq"], "symbolic").equilibrium_set("seq").count
