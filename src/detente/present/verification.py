"""What the independent checker has verified, and what it has not, in words."""

from __future__ import annotations

from detente.verification.verify import Verification

_MEANS = {
    "moves": "trying the decision maker's moves",
    "sanctions": "following the sanctions",
    "walk": "walking through the others' answers",
    "proof": "proof by a satisfiability solver",
}


def sentences(found: Verification) -> list[str]:
    """Say what was checked, then a sentence for each reason why something was not."""
    if found.nothing:
        return ["Not verified: " + ("; ".join(reason for reason, _ in found.unchecked) or "no verdict to check") + "."]
    which = "every state" if found.every_state else f"{len(found.states):,} of {found.count:,} states"
    means = ", ".join(f"{count:,} by {_MEANS[how]}" for how, count in found.by)
    verified = f"Verified {found.claims:,} verdicts on {which}" + (f": {means}." if means else ".")
    return [verified, *(f"{count:,} not checked: {reason}." for reason, count in found.unchecked)]
