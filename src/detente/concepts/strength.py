"""Strong stability: only a much worse state deters.

Of two states, i greatly prefers one (≫), mildly prefers one (>), or is indifferent. An improvement may be mild or
great; a sanction has to be great:

    strong GMR   every s₁ ∈ Rᵢ^{+,++}(s) has an s₂ ∈ R_{N−i}(s₁) with s ≫ᵢ s₂
    strong SMR   the same, and s ≫ᵢ s₃ for all s₃ ∈ Rᵢ(s₂)
    strong SEQ   every s₁ ∈ Rᵢ^{+,++}(s) has an s₂ ∈ R^{+,++}_{N−i}(s₁) with s ≫ᵢ s₂

In plain words: a threat that would cost the player only a little does not deter it. *General* stability ignores the
strength of preference: it is GMR, SMR or SEQ. A state is *weakly* stable if it is generally but not strongly stable;
compare the two columns. Nash stability is not split.

Cost: as GMR, SMR and SEQ if the strong preferences come before the mild ones; if not, a set of states for each state.
Strong X ⊆ X, strong SMR ⊆ strong GMR, strong SEQ ⊆ strong GMR. If no preference is marked as strong, only Nash stable
states are strongly stable. A standing coalition is deterred by a state that is much worse for some member.

>>> [concept.id for concept in ROWS]
['strong_gmr', 'strong_smr', 'strong_seq']
>>> {concept.sanction.value for concept in ROWS}
{'much worse'}
"""

from functools import partial

from detente.concepts.concept import Concept, Respond, Sanction

_CAUTION = (
    "A state that is stable only because of mild sanctions is called weakly stable: it is stable under GMR, SMR or "
    "SEQ, but not strongly. 'Strong' refers to the sanction, not to the evidence."
)
_strong = partial(
    Concept,
    source="Hamouda, Kilgour & Hipel (2004, 2006)",
    sanction=Sanction.MUCH_WORSE,
    caution=_CAUTION,
    family="strength",
)
_EVERY = "If the party moves to a state that it prefers (an improvement), the others can respond with"
_STATE = "a state that is much worse for the party than the original state"

#: Every concept of this family.
ROWS = (
    _strong(
        id="strong_gmr",
        title="Strong GMR",
        name="Strong general metarationality",
        definition="∀ s₁ ∈ Rᵢ^{+,++}(s) ∃ s₂ ∈ R_{N−i}(s₁): s ≫ᵢ s₂",
        plain=f"{_EVERY} moves, even at a cost to themselves, that reach {_STATE}.",
        respond=Respond.MOVES,
    ),
    _strong(
        id="strong_smr",
        title="Strong SMR",
        name="Strong symmetric metarationality",
        definition="∀ s₁ ∈ Rᵢ^{+,++}(s) ∃ s₂ ∈ R_{N−i}(s₁): s ≫ᵢ s₂ and s ≫ᵢ s₃ ∀ s₃ ∈ Rᵢ(s₂)",
        plain=f"{_EVERY} moves, even at a cost to themselves, that reach {_STATE}. From there the party can move "
        "only to such states.",
        respond=Respond.MOVES,
        counter_move=True,
    ),
    _strong(
        id="strong_seq",
        title="Strong SEQ",
        name="Strong sequential stability",
        definition="∀ s₁ ∈ Rᵢ^{+,++}(s) ∃ s₂ ∈ R^{+,++}_{N−i}(s₁): s ≫ᵢ s₂",
        plain=f"{_EVERY} improvements of their own that reach {_STATE}.",
        respond=Respond.IMPROVEMENTS,
    ),
)
