"""Symmetric metarationality.

    s is SMR stable for i  ⇔  every s₁ ∈ Rᵢ⁺(s) has an s₂ ∈ R_{N−i}(s₁) with s ⪰ᵢ s₂
                              and s ⪰ᵢ s₃ for all s₃ ∈ Rᵢ(s₂)

In plain words: as GMR, and the player cannot escape the sanction by one more move of its own.

Cost: as GMR, after one pass over the player's own moves. It does not imply SEQ, and SEQ does not imply it.

>>> SMR.counter_move
True
"""

from detente.concepts.concept import Concept, Respond

SMR = Concept(
    id="smr",
    title="SMR",
    name="Symmetric metarationality",
    definition="∀ s₁ ∈ Rᵢ⁺(s) ∃ s₂ ∈ R_{N−i}(s₁): s ⪰ᵢ s₂ and s ⪰ᵢ s₃ ∀ s₃ ∈ Rᵢ(s₂)",
    plain="If the party moves to a state that it prefers, the others can respond with moves, even at a cost to "
    "themselves, that leave the party no better off, even after one more move of its own.",
    source="Howard (1971); Fang, Hipel & Kilgour (1993)",
    respond=Respond.MOVES,
    counter_move=True,
    caution="The others' response may hurt them, too. Of the party's moves after it, only a single one is considered.",
)

ROWS = (SMR,)
