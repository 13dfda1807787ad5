"""Sequential stability.

    s is SEQ stable for i  ⇔  every s₁ ∈ Rᵢ⁺(s) has an s₂ ∈ R⁺_{N−i}(s₁) with s ⪰ᵢ s₂

In plain words: the others can respond to each improvement of the player by moves that are improvements for their
movers, each judged from the state where it is made, and the end is no better for the player.

Cost: a fixed point over the others' improvements, most of the work of an analysis. Neither implies SMR nor is
implied by it.

>>> SEQ.respond.value
"a legal sequence of the others' improvements"
"""

from detente.concepts.concept import Concept, Respond

SEQ = Concept(
    id="seq",
    title="SEQ",
    name="Sequential stability",
    definition="∀ s₁ ∈ Rᵢ⁺(s) ∃ s₂ ∈ R⁺_{N−i}(s₁): s ⪰ᵢ s₂",
    plain="Every improvement can be answered by the others, each step an improvement for its mover, with a "
    "state that is no better for the decision maker.",
    source="Fraser & Hipel (1979, 1984); Fang, Hipel & Kilgour (1993)",
    respond=Respond.IMPROVEMENTS,
    caution="Depends on the preferences of all parties, so also on what is known about the others.",
)

ROWS = (SEQ,)
