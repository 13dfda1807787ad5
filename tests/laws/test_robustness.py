"""Random preference profiles: each is decided as the ordinary engine decides it, and drawn as the model says."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.doubt import TIES, Doubt
from detente.analysis.sampling import CompiledSurvey, Survey
from tests.reference.brute_force import BruteForce
from tests.strategies import conflicts

relaxed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
ONE_WAY = ("as-written", "open")


def survey(conflict: dt.Conflict, *, phi: float = 0.6, keep: float = 0.7, ties: str = "new", seed: int = 0, **more):
    doubt = Doubt.of(conflict, phi, keep, ties)
    asked = {"concepts": CONCEPTS, "one_way": ONE_WAY, "samples": 100, **more}
    return CompiledSurvey(Survey.of(conflict, asked["concepts"], asked["one_way"], doubt, asked["samples"], seed))


def numbers(column: np.ndarray) -> list[int]:
    return [int(place) + 1 for place in np.flatnonzero(column)]


@relaxed
@given(conflict=conflicts(), ties=st.sampled_from(TIES), seed=st.integers(0, 2**40))
def test_every_profile_is_decided_as_the_engine_decides_it(conflict: dt.Conflict, ties: str, seed: int) -> None:
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


@settings(relaxed, max_examples=25)
@given(conflict=conflicts(max_options=4, coalitions=False), seed=st.integers(0, 1000))
def test_every_profile_is_decided_as_the_definitions_decide_it(conflict: dt.Conflict, seed: int) -> None:
    compiled = survey(conflict, seed=seed)
    found, which = compiled.equilibria([own.part(slice(0, 2)) for own in compiled.draws(0)])
    for profile in range(2):
        stable = BruteForce(compiled.profile(profile + 1)).stability(CONCEPTS)
        for concept in CONCEPTS:
            expected = set.intersection(*(set(one) for one in stable[concept].values()))
            assert set(numbers(found[concept, "as-written"][:, which[profile]])) == expected
