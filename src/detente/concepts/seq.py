"""Sequential stability.

    s is SEQ stable for i  ⇔  every s₁ ∈ Rᵢ⁺(s) has an s₂ ∈ R⁺_{N−i}(s₁) with s ⪰ᵢ s₂

In plain words: the other parties can respond to each improvement of the player by moves that are improvements for their
movers, each judged from the state where it is made. The final state is no better for the player than the original one.

Cost: a fixed point over the improvements of the other parties, most of the work of an analysis. It does not
imply SMR, and SMR does not imply it.

>>> SEQ.respond.value
'a legal sequence of improvements by the other players'
"""

from detente.concepts.concept import Concept, Respond

SEQ = Concept(
    id="seq",
    title="SEQ",
    name="Sequential stability",
    definition="∀ s₁ ∈ Rᵢ⁺(s) ∃ s₂ ∈ R⁺_{N−i}(s₁): s ⪰ᵢ s₂",
    plain="If the party moves to a state that it prefers (an improvement), the others can respond with improvements of "
    "their own that leave the party no better off.",
    source="Fraser & Hipel (1979, 1984); Fang, Hipel & Kilgour (1993)",
    respond=Respond.IMPROVEMENTS,
    caution="The result depends on the preferences of all parties, including uncertain ones.",
)

ROWS = (SEQ,)
