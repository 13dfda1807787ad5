"""General metarationality.

    s is GMR stable for i  ⇔  every s₁ ∈ Rᵢ⁺(s) has an s₂ ∈ R_{N−i}(s₁) with s ⪰ᵢ s₂

In plain words: after each improvement of the player, the other parties can respond by some legal sequence of moves,
even at a cost to themselves, and reach a state that the player does not prefer to the original one.

Cost: a fixed point over the moves of the other parties. GMR does not ask whether they would want to carry out
the sanction.

>>> GMR.counter_move
False
"""

from detente.concepts.concept import Concept, Respond

GMR = Concept(
    id="gmr",
    title="GMR",
    name="General metarationality",
    definition="∀ s₁ ∈ Rᵢ⁺(s) ∃ s₂ ∈ R_{N−i}(s₁): s ⪰ᵢ s₂",
    plain="If the party moves to a state that it prefers, the others can respond with moves, even at a cost to "
    "themselves, that leave the party no better off.",
    source="Howard (1971); Fang, Hipel & Kilgour (1993)",
    respond=Respond.MOVES,
    caution="The others' response may hurt them, too, so they may be unwilling to make it.",
)

ROWS = (GMR,)
