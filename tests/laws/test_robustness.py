"""Random preference profiles: each is decided as the ordinary engine decides it, and drawn as the model says."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.robustness.distribution import TIES, ProfileDistribution, as_drawn
from detente.analysis.robustness.sampling import CompiledPlan, SamplingPlan
from tests.examples import examples
from tests.reference.brute_force import BruteForce
from tests.strategies import conditions, conflicts

relaxed = settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq", "sim")
ONE_WAY = ("as-written", "open")


def survey(conflict: dt.Conflict, *, phi: float = 0.6, keep: float = 0.7, ties: str = "new", seed: int = 0, **more):
    doubt = ProfileDistribution.of(conflict, phi, keep, ties)
    asked = {"concepts": CONCEPTS, "one_way": ONE_WAY, "samples": 100, **more}
    return CompiledPlan(SamplingPlan.of(conflict, asked["concepts"], asked["one_way"], doubt, asked["samples"], seed))


def numbers(column: np.ndarray) -> list[int]:
    return [int(place) + 1 for place in np.flatnonzero(column)]


@relaxed
@given(conflict=st.one_of(conflicts(), conflicts(unsure=True)), ties=st.sampled_from(TIES), seed=st.integers(0, 2**40))
def test_every_profile_equals_the_engines_answer(conflict: dt.Conflict, ties: str, seed: int) -> None:
    compiled = survey(conflict, ties=ties, seed=seed)
    profiles = list(range(4))
    found, which = compiled.equilibria([own.part(slice(0, 4)) for own in compiled.draws(0)])
    for profile in profiles:
        for name in ONE_WAY:
            told = dt.Conflict.replaced(compiled.profile(profile + 1), **({"one_way": ()} if name == "open" else {}))
            analysis = dt.Conflict.analyze(told, CONCEPTS)
            for concept in CONCEPTS:
                expected = [int(state) for state in analysis.equilibria(concept)]
                assert numbers(found[concept, name][:, which[profile]]) == expected, (concept, name)


@settings(relaxed, max_examples=examples(25))
@given(
    conflict=st.one_of(
        conflicts(max_options=4, coalitions=False), conflicts(max_options=4, coalitions=False, unsure=True)
    ),
    seed=st.integers(0, 1000),
)
def test_every_profile_equals_the_definitions(conflict: dt.Conflict, seed: int) -> None:
    compiled = survey(conflict, seed=seed)
    found, which = compiled.equilibria([own.part(slice(0, 2)) for own in compiled.draws(0)])
    for profile in range(2):
        stable = BruteForce(compiled.profile(profile + 1)).stability(CONCEPTS)
        for concept in CONCEPTS:
            expected = set.intersection(*(set(one) for one in stable[concept].values()))
            assert set(numbers(found[concept, "as-written"][:, which[profile]])) == expected


@st.composite
def merged_and_unknown(draw: st.DrawFn) -> dt.Conflict:
    """Conflicts that merge states, in which the direction of some preference statements is unknown."""
    conflict = draw(conflicts(max_options=4, min_options=2, coalitions=False, statements_only=True))
    names = [option.id for option in conflict.options]
    merge = draw(st.lists(conditions(names, 1), min_size=1, max_size=2))
    makers = [
        replace(
            maker,
            preferences=[replace(one, unknown=draw(st.booleans())) for one in maker.preferences.statements],
        )
        for maker in conflict.decision_makers
    ]
    return conflict.replaced(decision_makers=makers, merge=merge, states=[])


@settings(relaxed, max_examples=examples(100))
@given(conflict=merged_and_unknown(), seed=st.integers(0, 1000))
def test_unknown_preference_is_drawn_as_itself_or_its_opposite(conflict: dt.Conflict, seed: int) -> None:
    """At a merged state the opposite holds where it holds at every member, like any other statement."""
    compiled = survey(conflict, ties="kept", seed=seed)
    found, which = compiled.equilibria([own.part(slice(0, 4)) for own in compiled.draws(0)])
    for profile in range(4):
        stable = BruteForce(compiled.profile(profile + 1)).stability(CONCEPTS)
        for concept in CONCEPTS:
            expected = set.intersection(*(set(one) for one in stable[concept].values()))
            assert set(numbers(found[concept, "as-written"][:, which[profile]])) == expected


@settings(relaxed, max_examples=examples(100))
@given(conflict=merged_and_unknown(), seed=st.integers(0, 1000))
def test_broken_ties_keep_every_strict_preference(conflict: dt.Conflict, seed: int) -> None:
    """Two states that the statements of a profile tell apart keep their order, whatever ties are broken."""
    compiled = survey(conflict, ties="new", seed=seed)
    draws = [own.part(slice(0, 4)) for own in compiled.draws(0)]
    for place, own in enumerate(draws):
        ranks, which = compiled.ranks(place, own)
        maker = conflict.decision_makers[place]
        for profile in range(4):
            drawn = as_drawn(maker, replace(own, lots=None), profile, ranks)
            value = BruteForce(conflict.replaced(decision_makers=[drawn, *others(conflict, maker)])).value[maker.id]
            order = [value[state] for state in BruteForce(conflict).states]
            found = ranks[:, which[profile]]
            for one, other in product(range(len(order)), repeat=2):
                assert found[one] > found[other] or not order[one] > order[other]


def others(conflict: dt.Conflict, maker: dt.DecisionMaker) -> list[dt.DecisionMaker]:
    return [other for other in conflict.decision_makers if other.id != maker.id]
