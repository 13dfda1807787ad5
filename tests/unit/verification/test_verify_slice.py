"""What is told of slices is checked, and what is false in it is found out."""

from __future__ import annotations

from dataclasses import replace

import pytest

import detente as dt
from benchmarks.structured import structured
from detente.analysis.slices import _decided, _Question
from detente.concepts import CONCEPTS
from detente.engine import ENGINES, solver
from detente.engine.explicit.solver import ExplicitSolver
from detente.errors import TooLargeError
from detente.verification import definitions, verify
from detente.verification.verify import SliceClaims, Verification, Verifier, verify_slice

UKRAINE = dt.example("ukraine-2023")
PATTERN = "N" + "-" * 10


def told(conflict: dt.Conflict = UKRAINE, pattern: str = PATTERN, concept: str = "seq") -> SliceClaims:
    compiled = solver(conflict, "explicit")
    (found,) = _decided(compiled, _Question(0, conflict, "explicit", (concept,), (pattern,)))
    sets = {concept: compiled.equilibria_within(CONCEPTS[concept], pattern)}
    return SliceClaims(compiled, pattern, found.count, sets, {id: said for id, (_, said) in found.equilibria.items()})


def checked(answer: SliceClaims) -> Verification:
    return verify_slice(answer, Verifier(answer.solver))


@pytest.mark.parametrize("engine", ENGINES)
def test_checked_claims_of_a_slice_are_reported(engine: str) -> None:
    answer = dt.analyze_slices(UKRAINE, ["seq", "sim"], engine, slices=3, verify=True)
    parts = [one.verification for one in answer.slices]
    assert answer.verification == Verification.together(parts)
    assert answer.verification.complete
    assert answer.verification.count == 396
    assert not answer.verification.every_state
    assert answer.verification.claims == sum(part.claims for part in parts)
    # The status quo, and both an equilibrium and none of it, are among those that were looked at.
    equilibria = {int(state) for state in UKRAINE.analyze(["seq"]).equilibria("seq")}
    assert int(answer.status_quo) in answer.verification.states
    for part in parts:
        assert set(part.states) - equilibria
        assert set(part.states) & equilibria
    assert answer == dt.analyze_slices(UKRAINE, ["seq", "sim"], engine, slices=3)


def test_workers_verify_the_same_claims() -> None:
    alone, together = (
        dt.analyze_slices(UKRAINE, ["seq"], "symbolic", slices=3, verify=True, workers=workers) for workers in (1, 2)
    )
    assert alone.verification == together.verification


def test_slices_are_verified_on_demand_only() -> None:
    assert dt.analyze_slices(UKRAINE, ["nash"], slices=2).verification is None


def test_wrong_count_is_found() -> None:
    right = told()
    assert checked(right).complete
    with pytest.raises(dt.CertificateError, match=r"the slice N-+ failed verification: it has 252 states, not 251"):
        checked(replace(right, count=251))


def test_wrong_pattern_is_found() -> None:
    right = told()
    for wrong in ((), ("-" * 11,)):
        with pytest.raises(dt.CertificateError, match="the patterns disagree"):
            checked(replace(right, patterns={"seq": wrong}))
    assert right.patterns["seq"]


@pytest.mark.parametrize("limit", [0, 1000])
def test_wrong_set_is_found(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether all states are looked at or some: equilibria that are none, and others that are left out."""
    monkeypatch.setattr(verify, "CHECK_ALL_UP_TO", limit)
    right = told()
    nothing = right.solver.equilibria_within(CONCEPTS["seq"], "Y" * 11)
    everything = told(concept="gmr", pattern="-" * 11).solver.stable(CONCEPTS["nash"], 0)
    for wrong in (everything, nothing) if limit else (everything,):
        with pytest.raises(dt.CertificateError, match="the set of equilibria disagrees"):
            checked(replace(right, found={"seq": wrong}))


def test_state_of_another_slice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The set has a state that is an equilibrium, but not here."""
    monkeypatch.setattr(verify, "CHECK_ALL_UP_TO", 0)
    right = told()
    elsewhere = told(pattern="-" * 11)
    (quo,) = told(pattern=UKRAINE.pattern(UKRAINE.status_quo.taken)).found["seq"].numbers()

    class AlsoThere:
        def numbers(self):
            return iter([quo])

        def __contains__(self, number: object) -> bool:
            return number in elsewhere.found["seq"]

    with pytest.raises(dt.CertificateError, match=r"it is not in the slice N-+"):
        checked(replace(right, found={"seq": AlsoThere()}))


def test_merged_state_is_checked_in_its_slice() -> None:
    elmira = dt.example("elmira")
    answer = dt.analyze_slices(elmira, slices=3, verify=True)
    assert answer.verification.complete
    assert answer.verification.every_state


def test_unchecked_claims_of_a_slice_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_many(self: ExplicitSolver, state: int, player: int, concept: object) -> None:
        raise TooLargeError("too many improvements to explain one by one")

    with monkeypatch.context() as patch:
        patch.setattr(ExplicitSolver, "why", too_many)
        for verified in (checked(told()), dt.verify(UKRAINE.analyze(["seq"], "explicit"))):
            assert not verified.complete
            assert verified.claims == 0
            assert [reason for reason, _ in verified.unchecked] == ["too many improvements to explain one by one"]
    monkeypatch.setattr(definitions, "MAX_MERGED", 1)
    verified = dt.analyze_slices(dt.example("elmira"), ["nash"], slices=2, verify=True).verification
    assert verified.claims == 0
    assert verified.unchecked == (("'abandon' merges more than 1 states, the limit for listing them", 27),)


def test_slice_of_an_unlistable_dispute_is_verified() -> None:
    conflict = structured(32, 5, 1)
    compiled = solver(conflict, "symbolic")
    around = compiled.state(compiled.count // 2).pattern
    answer = dt.analyze_slices(conflict, ["nash", "seq"], within=around[:20] + "-" * 12, verify=True)
    assert answer.engine == "symbolic"
    assert answer.verification.count == answer.count > 64
    assert answer.verification.complete
    assert answer.verification.claims == len(answer.verification.states) * 5 * 2
