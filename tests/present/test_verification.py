"""The words of a verification."""

from __future__ import annotations

from dataclasses import replace

import detente as dt
from detente.present.explanation import verification_in_words

VERIFIED = dt.verify(dt.example("chicken").analyze(["nash"]))


def test_verified_claims_are_reported_with_their_method() -> None:
    assert VERIFIED.every_state
    (said,) = verification_in_words(VERIFIED)
    assert said.startswith(f"Verified {VERIFIED.claims} verdicts on every state: ")
    some = replace(VERIFIED, count=396, by=(("proof", 2), ("walk", 1)), unchecked=(("it is too large", 3),))
    assert verification_in_words(some) == [
        f"Verified {VERIFIED.claims} verdicts on 4 of 396 states: 2 by proof by a satisfiability solver, "
        "1 by walking through the others' answers.",
        "3 not checked: it is too large.",
    ]


def test_missing_verification_is_reported_with_reasons() -> None:
    nothing = replace(VERIFIED, claims=0, by=(), unchecked=(("it is too large", 3),))
    assert verification_in_words(nothing) == ["Not verified: it is too large."]
    assert verification_in_words(replace(nothing, unchecked=())) == ["Not verified: no verdict to check."]
