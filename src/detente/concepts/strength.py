"""Strong stability: only what is much worse deters.

Between two states i greatly prefers one (≫), mildly prefers one (>), or is indifferent. An improvement may be mild or
strong; a sanction has to be great:

    strong GMR   every s₁ ∈ Rᵢ^{+,++}(s) has an s₂ ∈ R_{N−i}(s₁) with s ≫ᵢ s₂
    strong SMR   the same, and s ≫ᵢ s₃ for all s₃ ∈ Rᵢ(s₂)
    strong SEQ   every s₁ ∈ Rᵢ^{+,++}(s) has an s₂ ∈ R^{+,++}_{N−i}(s₁) with s ≫ᵢ s₂

In plain words: a threat that would cost the player only a little does not hold it. *General* stability, in which the
strength of preference does not count, is that of the plain GMR, SMR and SEQ. A state is *weakly* stable where it is
generally and not strongly stable: read it off the two columns. Nash stability has no such split.

Cost: as the plain concepts, where the strong statements come before the mild ones; otherwise a set of states for every
state. Strong X ⊆ X, strong SMR ⊆ strong GMR, strong SEQ ⊆ strong GMR. Where nothing is marked as strong, only what is
Nash stable is strongly stable. A standing coalition is deterred by what is much worse for some member.

>>> [concept.id for concept in STRENGTH]
['strong_gmr', 'strong_smr', 'strong_seq']
>>> {concept.hurt.value for concept in STRENGTH}
{'much worse'}
"""

from detente.concepts.concept import Concept, Respond, Sanction

SOURCE = "Hamouda, Kilgour & Hipel (2004, 2006)"
_CAUTION = "Not 'stronger' evidence: a state that only a mild sanction holds may hold as well; it holds less firmly."


def _strong(kind: str, name: str, responses: str, by: str, *, answers: bool = False) -> Concept:
    reply = " and s ≫ᵢ s₃ ∀ s₃ ∈ Rᵢ(s₂)" if answers else ""
    after = ", and from which it can move only to such states" if answers else ""
    return Concept(
        id=f"strong_{kind}",
        title=f"Strong {kind.upper()}",
        name=f"Strong {name}",
        definition=f"∀ s₁ ∈ Rᵢ^{{+,++}}(s) ∃ s₂ ∈ {responses}(s₁): s ≫ᵢ s₂{reply}",
        plain=f"Every improvement can be answered by the others, {by}, with a state that is much worse for the "
        f"decision maker than the one it left{after}.",
        source=SOURCE,
        respond=Respond.IMPROVEMENTS if kind == "seq" else Respond.MOVES,
        answers=answers,
        hurt=Sanction.MUCH_WORSE,
        caution=_CAUTION,
        family="strength",
    )


#: Every concept of this family.
STRENGTH = (
    _strong("gmr", "general metarationality", "R_{N−i}", "at whatever cost to themselves"),
    _strong("smr", "symmetric metarationality", "R_{N−i}", "at whatever cost to themselves", answers=True),
    _strong("seq", "sequential stability", "R^{+,++}_{N−i}", "each step an improvement for whoever makes it"),
)
