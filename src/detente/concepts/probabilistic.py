"""Probabilistic stability: a state counts as better where it is likely enough to be.

Pᵢ(s, q) is the chance that i prefers s to q: i is, say, one of several persons who may come to decide. With parameters
α, β and γ,

    α-Nash          no q ∈ Rᵢ(s) with Pᵢ(q, s) > 1 − α
    (α, β)-GMR      every such q =: s₁ has an s₂ ∈ R_{N−i}(s₁) with Pᵢ(s₂, s) ≤ 1 − β
    (α, β)-SMR      the same, and Pᵢ(s₃, s) ≤ 1 − β for all s₃ ∈ Rᵢ(s₂)
    (α, β, γ)-SEQ   every such s₁ has an s₂ with Pᵢ(s₂, s) ≤ 1 − β that the others reach by moves each of which is
                    better for whoever makes it with a chance above 1 − γ

In plain words: the plain concepts, for decision makers of whom it is only likely what they want. Here the chances come
from the confidence in each preference: each is held with its own chance, independently. α, β and γ are those
of the file's ``thresholds`` for the decision maker concerned, one half where it says nothing; γ is that of the one who
sanctions.

Cost: a set of states for every state. Exact at the thresholds. Stable sets shrink in α and in β and grow in γ. Where
everything is certain, thresholds above 0 give the plain concepts. The formulas are known from the literature and were
not compared with the paper. Not the share of possible preferences under which a state is an equilibrium: that is
another question. A standing coalition is tempted by what tempts every member, each by its own thresholds.

>>> [concept.id for concept in PROBABILISTIC]
['probabilistic_nash', 'probabilistic_gmr', 'probabilistic_smr', 'probabilistic_seq']
>>> {concept.hurt.value for concept in PROBABILISTIC}
{'better with a chance of 1 - β at most'}
"""

from detente.concepts.concept import Concept, Improvement, Respond, Sanction

SOURCE = "after Rêgo & dos Santos (2015)"
_CAUTION = (
    "Experimental: the formulas were not compared with the paper. The chances are the analyst's confidence, and not a "
    "forecast."
)


def _probabilistic(
    kind: str, title: str, name: str, definition: str, plain: str, respond: Respond, *, answers: bool = False
) -> Concept:
    return Concept(
        id=f"probabilistic_{kind}",
        title=title,
        name=name,
        definition=definition,
        plain=plain,
        source=SOURCE,
        respond=respond,
        answers=answers,
        leave=Improvement.LIKELY,
        hurt=Sanction.UNLIKELY,
        credible=Improvement.LIKELY_ENOUGH,
        caution=_CAUTION,
        family="probabilistic",
    )


_EVERY = "Every move to a state that is likely enough to be better for it can be answered by the others, "
#: Every concept of this family.
PROBABILISTIC = (
    _probabilistic(
        "nash",
        "α-Nash",
        "Probabilistic Nash stability (α-Nash)",
        "Rᵢ^{+α}(s) = ∅",
        "The decision maker has no move to a state that is better for it with a chance above 1 − α.",
        Respond.NOBODY,
    ),
    _probabilistic(
        "gmr",
        "(α, β)-GMR",
        "Probabilistic general metarationality ((α, β)-GMR)",
        "∀ s₁ ∈ Rᵢ^{+α}(s) ∃ s₂ ∈ R_{N−i}(s₁): Pᵢ(s₂, s) ≤ 1 − β",
        f"{_EVERY}at whatever cost to themselves, with a state that is too unlikely to be better.",
        Respond.MOVES,
    ),
    _probabilistic(
        "smr",
        "(α, β)-SMR",
        "Probabilistic symmetric metarationality ((α, β)-SMR)",
        "∀ s₁ ∈ Rᵢ^{+α}(s) ∃ s₂ ∈ R_{N−i}(s₁): Pᵢ(s₂, s) ≤ 1 − β and Pᵢ(s₃, s) ≤ 1 − β ∀ s₃ ∈ Rᵢ(s₂)",
        f"{_EVERY}with a state that is too unlikely to be better, and from which it can move only to such states.",
        Respond.MOVES,
        answers=True,
    ),
    _probabilistic(
        "seq",
        "(α, β, γ)-SEQ",
        "Probabilistic sequential stability ((α, β, γ)-SEQ)",
        "∀ s₁ ∈ Rᵢ^{+α}(s) ∃ s₂ ∈ R^{+γ}_{N−i}(s₁): Pᵢ(s₂, s) ≤ 1 − β",
        f"{_EVERY}each step likely enough to be better for whoever makes it, with a state that is too unlikely to be "
        "better.",
        Respond.IMPROVEMENTS,
    ),
)
