"""Simultaneous stability, stand-alone.

    s is SIM stable for i  ⇔  every s₁ ∈ Rᵢ⁺(s) has improvements of others, uⱼ ∈ Rⱼ⁺(s) for some j ≠ i, such that the
                              combined state c(s; s₁, u…) is feasible and s ⪰ᵢ c

In plain words: if other parties made improvements of their own from the same state at the same time, the player
could end in a state that is no better for it. An infeasible combination does not count as a sanction.

The literature has three readings. This is the stand-alone one; `detente.concepts.seq_then_sim` is that of Fraser &
Hipel. Implied by Nash; implies no other concept.

>>> SIM.respond.value
'simultaneous improvements by the other players'
"""

from detente.concepts.concept import Concept, Respond

SIM = Concept(
    id="sim",
    title="SIM",
    name="Simultaneous stability",
    definition="∀ s₁ ∈ Rᵢ⁺(s) ∃ improvements u of others from s: c(s; s₁, u) feasible and s ⪰ᵢ c",
    plain="If the party moves to a state that it prefers (an improvement), the others can make improvements of their "
    "own at the same time, so that together all these moves leave the party no better off.",
    source="Fraser & Hipel (1979, 1984), stand-alone reading",
    respond=Respond.COMBINATIONS,
    caution="Only for conflicts written with options; an infeasible combination does not count as a sanction.",
)

ROWS = (SIM,)
