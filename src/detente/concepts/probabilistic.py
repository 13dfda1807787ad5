"""Probabilistic stability: a player moves only to a state that it is likely enough to prefer.

Pᵢ(s, q) is the chance that i prefers s to q; for example, i may be any of several people who could come to power. With
parameters α, β and γ,

    α-Nash          no q ∈ Rᵢ(s) with Pᵢ(q, s) > 1 − α
    (α, β)-GMR      every such q =: s₁ has an s₂ ∈ R_{N−i}(s₁) with Pᵢ(s₂, s) ≤ 1 − β
    (α, β)-SMR      the same, and Pᵢ(s₃, s) ≤ 1 − β for all s₃ ∈ Rᵢ(s₂)
    (α, β, γ)-SEQ   every such s₁ has an s₂ with Pᵢ(s₂, s) ≤ 1 − β that the others reach by moves each of which is
                    better for its mover with a chance above 1 − γ

In plain words: Nash, GMR, SMR and SEQ for decision makers whose preferences are known only with some probability. The
chances come from the confidence in each preference: each preference is held with its own chance, independently of the
others. α, β and γ are the file's ``thresholds`` of the decision maker concerned (default: one half); γ is that of the
party that sanctions.

Cost: a set of states for each state. Comparisons with the thresholds are exact. Stable sets shrink in α and in β and
grow in γ. If every preference is certain, thresholds above 0 give the concepts without chances. The formulas are known
from the literature and were not compared with the paper. The share of sampled preferences under which a state is an
equilibrium is a different question, answered by `robust`. A standing coalition improves if every member does, each by
its own thresholds.

>>> [concept.id for concept in ROWS]
['probabilistic_nash', 'probabilistic_gmr', 'probabilistic_smr', 'probabilistic_seq']
>>> {concept.sanction.value for concept in ROWS}
{'better with a chance of at most 1 - β'}
"""

from functools import partial

from detente.concepts.concept import Concept, Improvement, Respond, Sanction

_CAUTION = (
    "Experimental: the formulas were not compared with the paper. The chances express the analyst's confidence; they "
    "are not a forecast."
)
_probabilistic = partial(
    Concept,
    source="after Rêgo & dos Santos (2015)",
    improvement=Improvement.LIKELY,
    sanction=Sanction.UNLIKELY,
    credible=Improvement.LIKELY_ENOUGH,
    caution=_CAUTION,
    family="probabilistic",
)

_EVERY = "If the party moves to a state that is better for it with a chance above 1 − α, the others can respond with"
_STATE = "a state that is better for the party than the original state with a chance of at most 1 − β"
#: Every concept of this family.
ROWS = (
    _probabilistic(
        id="probabilistic_nash",
        title="α-Nash",
        name="Probabilistic Nash stability (α-Nash)",
        definition="Rᵢ^{+α}(s) = ∅",
        plain="The party has no move to a state that is better for it with a chance above 1 − α.",
        respond=Respond.NOBODY,
    ),
    _probabilistic(
        id="probabilistic_gmr",
        title="(α, β)-GMR",
        name="Probabilistic general metarationality ((α, β)-GMR)",
        definition="∀ s₁ ∈ Rᵢ^{+α}(s) ∃ s₂ ∈ R_{N−i}(s₁): Pᵢ(s₂, s) ≤ 1 − β",
        plain=f"{_EVERY} moves, even at a cost to themselves, that reach {_STATE}.",
        respond=Respond.MOVES,
    ),
    _probabilistic(
        id="probabilistic_smr",
        title="(α, β)-SMR",
        name="Probabilistic symmetric metarationality ((α, β)-SMR)",
        definition="∀ s₁ ∈ Rᵢ^{+α}(s) ∃ s₂ ∈ R_{N−i}(s₁): Pᵢ(s₂, s) ≤ 1 − β and Pᵢ(s₃, s) ≤ 1 − β ∀ s₃ ∈ Rᵢ(s₂)",
        plain=f"{_EVERY} moves, even at a cost to themselves, that reach {_STATE}. From there the party can move "
        "only to such states.",
        respond=Respond.MOVES,
        counter_move=True,
    ),
    _probabilistic(
        id="probabilistic_seq",
        title="(α, β, γ)-SEQ",
        name="Probabilistic sequential stability ((α, β, γ)-SEQ)",
        definition="∀ s₁ ∈ Rᵢ^{+α}(s) ∃ s₂ ∈ R^{+γ}_{N−i}(s₁): Pᵢ(s₂, s) ≤ 1 − β",
        plain=f"{_EVERY} moves that are better for those that make them with a chance above 1 − γ and that reach "
        f"{_STATE}.",
        respond=Respond.IMPROVEMENTS,
    ),
)
