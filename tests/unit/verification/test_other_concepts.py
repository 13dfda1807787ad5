"""Answers under the concepts for uncertain preferences, attitudes and longer foresight are checked, and false ones are
found out.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.concepts import CONCEPTS, VARIANTS, concept
from detente.errors import NotDefinedError
from detente.verification import other_concepts
from tests.examples import examples
from tests.strategies import conflicts
from tests.unit.verification.test_verify import saying_otherwise

relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)

#: Every concept that needs more than which state is better, and some horizons.
OTHERS = (
    *(id for id, one in {**CONCEPTS, **VARIANTS}.items() if one.family != "plain"),
    *(f"{stem}_{horizon}" for stem in ("limited_move", "maximin") for horizon in (1, 2, 3, 4, 7)),
)


def defined(conflict: dt.Conflict) -> list[str]:
    """The concepts that are defined for a conflict."""
    found = []
    for id in OTHERS:
        with suppress(NotDefinedError):
            concept(id).must_be_defined(conflict)
            found.append(id)
    return found


@settings(relaxed, max_examples=examples(120))
@given(conflict=st.one_of(conflicts(unsure=True), conflicts(unsure=True, min_makers=2, max_makers=2)))
def test_answers_under_every_concept_are_verified(conflict: dt.Conflict) -> None:
    concepts = defined(conflict)
    verified = dt.verify(conflict.analyze(concepts))
    assert verified.complete
    assert dict(verified.by) == {"definition": len(verified.states) * len(conflict.players) * len(concepts)}


def unsure() -> dt.Conflict:
    """Two parties with marked preferences and attitudes, so that every concept tells some state."""
    marked = [
        dt.PreferenceStatement(dt.parse("b or c"), strength="strong", confidence="7/10"),
        "not a and d",
        dt.PreferenceStatement(dt.parse("a"), unknown=True),
    ]
    row = dt.DecisionMaker("row", options=["a", "b"], preferences=marked, attitudes={"column": "positive"})
    column = dt.DecisionMaker("column", options=["c", "d"], preferences=["not b", "a iff c", "d"])
    return dt.Conflict("Unsure", [row, column], rules=[dt.never("a and b and c")])


@pytest.mark.parametrize("id", OTHERS)
def test_each_wrong_verdict_is_found(id: str) -> None:
    analysis = unsure().analyze([id])
    assert dt.verify(analysis).complete
    for place, player in enumerate(analysis.players):
        for number in range(1, analysis.count + 1):
            with pytest.raises(dt.CertificateError, match=f"for {player} under .*by the definition it is"):
                dt.verify(saying_otherwise(analysis, id, place, number))


def test_too_many_states_and_steps_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = unsure().analyze(["fuzzy_seq", "maximin_4"])
    monkeypatch.setattr(other_concepts, "MAX_STEPS", 3)
    assert "more than 3 steps for one verdict" in str(dt.verify(analysis).unchecked)
    monkeypatch.setattr(other_concepts, "MAX_STATES", 5)
    verified = dt.verify(analysis)
    assert verified.nothing
    assert "up to 5 states, and the conflict has 14" in str(verified.unchecked)
