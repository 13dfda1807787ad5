"""Relational stability: what a player goes for depends on its attitudes.

eᵢⱼ is i's attitude towards j, itself included: *positive*, *neutral* or *negative*. For i, standing at s, a state q is
totally relationally preferred, q TRPᵢ s, when for every j

    eᵢⱼ positive: q ⪰ⱼ s        eᵢⱼ negative: not q ⪰ⱼ s        eᵢⱼ neutral: whatever j prefers

TRRᵢ(s) = {q ∈ Rᵢ(s): q TRPᵢ s} are the relational replies, and TRR_{N−i} the ends of legal sequences of the others'.

    RNash   TRRᵢ(s) = ∅
    RGMR    every s₁ ∈ TRRᵢ(s) has an s₂ ∈ R_{N−i}(s₁) with s TRPᵢ s₂
    RSMR    the same, and w TRPᵢ s for no w ≠ s in Rᵢ(s₂) ∪ {s₂}
    RSEQ    every s₁ ∈ TRRᵢ(s) has an s₂ ∈ TRR_{N−i}(s₁) with s TRPᵢ s₂

In plain words: a player moves where its attitudes lead it, for or against whom, and is deterred by states from which
the same attitudes would lead it back.

Where nothing is said a player is positive towards itself and neutral towards the others: *discrete* attitudes. With
them, and no two states equally good, these are Nash, GMR, SMR and SEQ. With ties they are not, because a positive
attitude is content with what is as good. Under totally neutral attitudes RNash is RSMR and RGMR is RSEQ. A decision
maker that is neutral towards itself and everybody would make any move.

Reconstructed after the publications, and checked by those two facts. Standing coalitions are refused: an attitude is
one decision maker's. Cost: a set of states for every state.

>>> [concept.id for concept in RELATIONAL]
['relational_nash', 'relational_gmr', 'relational_smr', 'relational_seq']
>>> {concept.leave.value for concept in RELATIONAL}
{'where its attitudes lead'}
"""

from detente.concepts.concept import Concept, Improvement, Respond, Sanction

SOURCE = "after Inohara, Hipel & Walker (2007); Inohara & Hipel (2009)"
_CAUTION = (
    "Hangs on the attitudes of the conflict file. A positive attitude is content with what is as good, so that with "
    "ties these differ from the plain concepts even where no attitude is given."
)


def _relational(
    kind: str, name: str, definition: str, plain: str, respond: Respond, *, answers: bool = False
) -> Concept:
    return Concept(
        id=f"relational_{kind}",
        title=f"R{'Nash' if kind == 'nash' else kind.upper()}",
        name=f"Relational {name}",
        definition=definition,
        plain=plain,
        source=SOURCE,
        respond=respond,
        answers=answers,
        leave=Improvement.RELATIONAL,
        hurt=Sanction.RELATIONALLY_WORSE,
        caution=_CAUTION,
        credible=Improvement.RELATIONAL,
        held=Sanction.NOT_RELATIONAL if answers else None,
        family="relational",
        experimental=True,
    )


_ANSWERED = (
    "Wherever its attitudes lead the decision maker, the others can answer, {}, with a state from which the same "
    "attitudes lead back"
)

#: Every concept of this family.
RELATIONAL = (
    _relational(
        "nash",
        "Nash stability",
        "TRRᵢ(s) = ∅",
        "The decision maker has no move where its attitudes lead.",
        Respond.NOBODY,
    ),
    _relational(
        "gmr",
        "general metarationality",
        "∀ s₁ ∈ TRRᵢ(s) ∃ s₂ ∈ R_{N−i}(s₁): s TRPᵢ s₂",
        f"{_ANSWERED.format('at whatever cost to themselves')}.",
        Respond.MOVES,
    ),
    _relational(
        "smr",
        "symmetric metarationality",
        "∀ s₁ ∈ TRRᵢ(s) ∃ s₂ ∈ R_{N−i}(s₁): s TRPᵢ s₂ and w TRPᵢ s for no w ≠ s in Rᵢ(s₂) ∪ {s₂}",
        f"{_ANSWERED.format('at whatever cost to themselves')}, and from there it has no move that they favour over "
        "where it stood.",
        Respond.MOVES,
        answers=True,
    ),
    _relational(
        "seq",
        "sequential stability",
        "∀ s₁ ∈ TRRᵢ(s) ∃ s₂ ∈ TRR_{N−i}(s₁): s TRPᵢ s₂",
        f"{_ANSWERED.format('each step one to which the attitudes of its mover lead')}.",
        Respond.IMPROVEMENTS,
    ),
)
