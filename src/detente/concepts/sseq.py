"""Symmetric sequential stability.

    s is SSEQ stable for i  ⇔  every s₁ ∈ Rᵢ⁺(s) has an s₂ ∈ R⁺_{N−i}(s₁) with s ⪰ᵢ s₂
                               and s ⪰ᵢ s₃ for all s₃ ∈ Rᵢ(s₂)

In plain words: as SEQ, and the player cannot escape the sanction by one more move of its own. Papers on strength of
preference write SSEQ for *strong* SEQ, which is another concept.

Cost: as SEQ. Implies both SEQ and SMR; a state that is both need not be SSEQ.

>>> SSEQ.counter_move
True
"""

from detente.concepts.concept import Concept, Respond

SSEQ = Concept(
    id="sseq",
    title="SSEQ",
    name="Symmetric sequential stability",
    definition="∀ s₁ ∈ Rᵢ⁺(s) ∃ s₂ ∈ R⁺_{N−i}(s₁): s ⪰ᵢ s₂ and s ⪰ᵢ s₃ ∀ s₃ ∈ Rᵢ(s₂)",
    plain="If the party moves to a state that it prefers (an improvement), the others can respond with improvements of "
    "their own that leave the party no better off, even after one more move of its own.",
    source="Rêgo & Vieira (2017)",
    respond=Respond.IMPROVEMENTS,
    counter_move=True,
    caution="Not the 'strong SEQ' of strength of preference, which some papers abbreviate in the same way.",
)

ROWS = (SSEQ,)
