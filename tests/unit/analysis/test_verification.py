"""Answers are checked, and false ones are found out."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente as dt
from benchmarks.structured import structured
from detente.analysis import checker as checking
from detente.analysis.checker import Checker, Claim, FalseAnswerError
from detente.analysis.closed_proof import member, prove, prove_no_combination
from detente.analysis.verification import _claim
from detente.engine import ENGINES
from detente.engine.interface import ClosedSet
from detente.stability import CONCEPTS
from tests.strategies import conflicts

relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)


@pytest.mark.parametrize("engine", ENGINES)
@settings(relaxed, max_examples=30)
@given(conflict=conflicts(merges=False, coalitions=False))
def test_what_the_engines_say_stands(engine: str, conflict: dt.Conflict) -> None:
    verified = dt.verify(conflict.analyze(engine=engine))
    assert verified.complete
    assert verified.every_state == (len(verified.states) == conflict.analyze(["nash"]).count)
    assert verified.claims == len(verified.states) * len(conflict.players) * 6


@settings(relaxed, max_examples=30)
@given(conflict=conflicts(merges=False, coalitions=False, statements_only=True, min_makers=2), draw=st.data())
def test_closed_sets_prove_what_walks_find(conflict: dt.Conflict, draw: st.DataObject) -> None:
    """Every open improvement is proved open by a closed set, and no sanctioned one can be."""
    analysis = conflict.analyze(["gmr", "smr", "seq", "sseq"], "symbolic")
    concept = draw.draw(st.sampled_from(analysis.concepts))
    player = draw.draw(st.integers(0, len(analysis.players) - 1))
    number = draw.draw(st.integers(1, analysis.count))
    verdict = analysis.solver.why(number, player, concept)
    assume(verdict.improvements)
    claim, plain = _claim(analysis, verdict), Checker(conflict)
    closed = analysis.solver.closed_set(number, player, concept)
    everything = ClosedSet((), 1)
    for end, sanction in claim.improvements.items():
        assert member(closed, end) == (sanction is None)
        if sanction is None:
            prove(plain, claim, end, closed)
        else:
            with pytest.raises(FalseAnswerError):
                prove(plain, claim, end, closed)
            with pytest.raises(FalseAnswerError):
                prove(plain, claim, end, everything)


def pair() -> dt.Conflict:
    """The first decision maker is tempted by a, and the second can take c against it, which it likes."""
    makers = [
        dt.DecisionMaker("i", options=["a"], preferences=["not c", "a"]),
        dt.DecisionMaker("j", options=["c"], preferences=["a iff c"]),
    ]
    return dt.Conflict("pair", makers)


def claims(concept: str) -> tuple[Checker, Claim]:
    conflict = pair()
    analysis = conflict.analyze([concept], "symbolic")
    return Checker(conflict), _claim(analysis, analysis.solver.why(1, 0, CONCEPTS[concept]))


@pytest.mark.parametrize("concept", ["gmr", "smr", "seq", "sseq"])
def test_a_sanction_that_is_kept_back_is_found(concept: str) -> None:
    plain, claim = claims(concept)
    assert plain.check(claim) == "sanctions"
    kept_back = replace(claim, stable=False, improvements=dict.fromkeys(claim.improvements))
    with pytest.raises(FalseAnswerError, match="deters from it"):
        plain.check(kept_back)


def test_a_false_sanction_is_found() -> None:
    plain, claim = claims("seq")
    ((end, sanction),) = claim.improvements.items()
    assert sanction is not None
    nowhere = replace(sanction, steps=(), end=end)
    elsewhere = replace(sanction, end=frozenset())
    by_itself = replace(sanction, steps=(("i", frozenset()),), end=frozenset())
    unwilling = replace(sanction, steps=(*sanction.steps, ("j", end)), end=end)
    for false in (nowhere, elsewhere, by_itself, unwilling):
        with pytest.raises(FalseAnswerError):
            plain.check(replace(claim, improvements={end: false}))


def test_a_missing_or_made_up_improvement_is_found() -> None:
    plain, claim = claims("seq")
    with pytest.raises(FalseAnswerError, match="improvements are others"):
        plain.check(replace(claim, improvements={}))
    with pytest.raises(FalseAnswerError, match="not what the sanctions say"):
        plain.check(replace(claim, stable=False))
    made_up = {**claim.improvements, frozenset({"c"}): None}
    with pytest.raises(FalseAnswerError, match="improvements are others"):
        plain.check(replace(claim, stable=False, improvements=made_up))


@pytest.mark.parametrize("concept", ["nash", "gmr", "smr", "seq", "sim", "sseq"])
def test_a_wrong_engine_fails(concept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine whose verdicts are turned round, consistently in all that it says, is found out."""
    analysis = pair().analyze([concept], "symbolic")
    right = analysis.solver.why

    def wrong(state: int, player: int, asked):
        verdict = right(state, player, asked)
        if player != 0 or state != 1:
            return verdict
        if verdict.stable:
            bare = tuple(replace(one, sanction=None) for one in verdict.improvements)
            return replace(verdict, stable=False, improvements=bare)
        return replace(verdict, stable=True, improvements=())

    class Turned(set):
        pass

    honest = analysis.stability[concept]["i"]
    turned = Turned(set(range(1, 5)) - {1} if 1 in honest else set(range(1, 5)))
    fake = SimpleNamespace(
        why=wrong,
        state=analysis.solver.state,
        number_of=analysis.solver.number_of,
        conflict=analysis.conflict,
        equilibria=lambda asked: {n for n in range(1, 5) if n in turned and n in analysis.stability[concept]["j"]},
    )
    false = replace(analysis, solver=fake, stability={concept: {**analysis.stability[concept], "i": turned}})
    assert dt.verify(analysis).complete
    with pytest.raises(dt.CertificateError, match="does not stand"):
        dt.verify(false)


def test_proofs_take_over_where_walks_would_be_long(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.analysis import verification

    monkeypatch.setattr(verification, "SHORT_WALK", 0)
    verified = dt.verify(structured(16, 4, 3).analyze(["gmr", "smr", "seq", "sseq"], "symbolic"))
    assert verified.complete
    assert dict(verified.by)["proof"] > 0
    assert "proof by a satisfiability solver" in str(verified)


@settings(relaxed, max_examples=30)
@given(conflict=conflicts(merges=False, coalitions=False, statements_only=True, min_makers=2))
def test_combinations_are_proved_as_they_are_tried(conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(["sim"], "explicit")
    plain = Checker(conflict)
    for number in range(1, analysis.count + 1):
        for player in range(len(analysis.players)):
            claim = _claim(analysis, analysis.solver.why(number, player, CONCEPTS["sim"]))
            for end, sanction in claim.improvements.items():
                if sanction is None:
                    prove_no_combination(plain, claim, end)
                else:
                    with pytest.raises(FalseAnswerError):
                        prove_no_combination(plain, claim, end)


def test_what_is_not_checked_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_OWN_OPTIONS", 0)
    verified = dt.verify(pair().analyze(["seq"], "symbolic"))
    assert not verified.complete
    assert verified.claims == 0
    assert "not checked: i has more than 0 options" in str(verified)
    with pytest.raises(dt.InputError, match="without merged states"):
        dt.verify(pair().replaced(merge=["a"]).analyze(["nash"]))
