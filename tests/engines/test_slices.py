"""A part of the states, asked about by itself: every engine says of it what the whole says.

A merged state belongs to the part that holds the largest of its members, by whose place it is numbered.
"""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.slices import cut
from detente.concepts import CONCEPTS
from detente.engine import solver
from detente.model.states import fits, nth_like
from detente.verification import verify
from tests.examples import examples
from tests.reference.brute_force import PLAIN, BruteForce
from tests.strategies import conflicts

relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)


def described(patterns: tuple[str, ...]) -> list[str]:
    """Every combination of options that some patterns describe, as often as they do."""
    return sorted("".join(letters) for one in patterns for letters in product(*("YN" if x == "-" else x for x in one)))


def members(conflict: dt.Conflict) -> list[list[str]]:
    """The members of every state as the slow reference has them, the largest last."""
    return [sorted(map(conflict.pattern, state), key=lambda one: one[::-1]) for state in BruteForce(conflict).states]


@settings(relaxed, max_examples=examples(100))
@given(conflict=conflicts(), draw=st.data())
def test_slices_together_equal_the_whole_analysis(engine: str, conflict: dt.Conflict, draw: st.DataObject) -> None:
    written = members(conflict)
    quo = draw.draw(st.one_of(st.none(), st.integers(1, len(written))))
    if quo is not None:
        # Any member of a merged state may be the status quo.
        here = draw.draw(st.sampled_from(written[quo - 1]))
        conflict = conflict.replaced(status_quo=taken(conflict, here))
    whole = conflict.analyze(PLAIN, "explicit")
    largest = draw.draw(st.sampled_from(written))[-1]
    free = draw.draw(st.lists(st.booleans(), min_size=len(largest), max_size=len(largest)))
    region = "".join("-" if either else letter for either, letter in zip(free, largest, strict=True))
    answer = dt.analyze_slices(conflict, PLAIN, engine, within=region, slices=draw.draw(st.integers(1, 7)))
    assert answer.engine == engine
    assert answer.complete
    inside = {number for number, own in enumerate(written, start=1) if fits(own[-1], region)}
    assert answer.count == len(inside) == sum(one.count for one in answer.slices)
    assert answer.status_quo == (quo if quo in inside else None)
    for concept in whole.concepts:
        equilibria = whole.equilibria(concept.id)
        found = [int(one) for one in equilibria if one in inside]
        assert answer.total(concept.id) == len(found)
        assert described(answer.patterns(concept.id) or ()) == sorted(
            one for number in found for one in written[number - 1]
        )
        assert answer.status_quo_holds(concept.id) == (None if answer.status_quo is None else quo in equilibria)


@settings(relaxed, max_examples=examples(60))
@given(conflict=conflicts(), most=st.integers(1, 9))
def test_every_state_is_in_exactly_one_slice(engine: str, conflict: dt.Conflict, most: int) -> None:
    compiled = solver(conflict, engine)
    largest = [own[-1] for own in members(conflict)]
    region = "-" * len(conflict.options)
    parts = cut(compiled, conflict, region, most)
    assert len(parts) == min(most, len(largest))
    assert [sum(fits(one, part) for part in parts) for one in largest] == [1] * len(largest)
    for part in parts:
        inside = [one for one in largest if fits(one, part)]
        assert compiled.count_within(part) == len(inside) > 0
        assert [nth_like(part, place, compiled.count_within) for place in range(1, len(inside) + 1)] == inside
    assert [nth_like(region, number, compiled.count_within) for number in range(1, compiled.count + 1)] == largest


@settings(relaxed, max_examples=examples(60))
@given(conflict=conflicts(max_options=4), draw=st.data())
def test_equilibrium_set_of_a_slice_equals_the_part_of_the_whole(
    engine: str, conflict: dt.Conflict, draw: st.DataObject
) -> None:
    compiled = solver(conflict, engine)
    concept = CONCEPTS[draw.draw(st.sampled_from(list(PLAIN)))]
    whole = compiled.equilibria(concept)
    pattern = "".join(draw.draw(st.sampled_from("YN-")) for _ in conflict.options)
    part = compiled.equilibria_within(concept, pattern)
    inside = [number for number, own in enumerate(members(conflict), start=1) if fits(own[-1], pattern)]
    found = [number for number in inside if number in whole]
    assert [number for number in range(1, compiled.count + 1) if number in part] == found
    assert list(part.numbers()) == found
    assert part.count == len(found)


@settings(relaxed, max_examples=examples(40))
@given(conflict=conflicts(max_options=5), sampled=st.booleans(), slices=st.integers(1, 4))
def test_verification_of_slices_covers_every_claim(
    engine: str, conflict: dt.Conflict, sampled: bool, slices: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if sampled:
            patch.setattr(verify, "CHECK_ALL_UP_TO", 1)
        answer = dt.analyze_slices(conflict, PLAIN, engine, slices=slices, verify=True)
    checked = answer.verification
    assert checked is not None
    assert checked.complete
    assert checked.count == answer.count
    assert checked.claims == len(checked.states) * len(conflict.players) * len(PLAIN)
    assert len(set(checked.states)) == len(checked.states)
    assert checked.every_state or sampled
    for one, own in ((one, one.verification) for one in answer.slices):
        assert own is not None
        assert own.count == one.count
        if not own.every_state:
            # Some of the equilibria are always among those that are looked at.
            assert all(len(own.states) >= min(2, found) for found, _ in one.equilibria.values())


def taken(conflict: dt.Conflict, pattern: str) -> list[str]:
    return [option.id for option, letter in zip(conflict.options, pattern, strict=True) if letter == "Y"]
