"""Relational stability: a player's attitudes towards all players decide which moves it makes.

eᵢⱼ is i's attitude towards j, which may be i itself: *positive*, *neutral* or *negative*. For i, standing at s, a state
q is totally relationally preferred, q TRPᵢ s, when for every j

    eᵢⱼ positive: q ⪰ⱼ s        eᵢⱼ negative: not q ⪰ⱼ s        eᵢⱼ neutral: whatever j prefers

TRRᵢ(s) = {q ∈ Rᵢ(s): q TRPᵢ s} are the relational replies, and TRR_{N−i} the ends of legal sequences of the other
players' relational replies.

    RNash   TRRᵢ(s) = ∅
    RGMR    every s₁ ∈ TRRᵢ(s) has an s₂ ∈ R_{N−i}(s₁) with s TRPᵢ s₂
    RSMR    the same, and w TRPᵢ s for no w ≠ s in Rᵢ(s₂) ∪ {s₂}
    RSEQ    every s₁ ∈ TRRᵢ(s) has an s₂ ∈ TRR_{N−i}(s₁) with s TRPᵢ s₂

In plain words: a player moves to states that its attitudes favour, for or against other players. It is deterred by
states over which the same attitudes favour the original state.

By default a player is positive towards itself and neutral towards the others: *discrete* attitudes. With
them, and no two states equally good, these concepts equal Nash, GMR, SMR and SEQ. With ties they differ, because a
positive attitude accepts a state that is equally good. Under totally neutral attitudes RNash is RSMR and RGMR is RSEQ.
A decision maker that is neutral towards all players, itself included, would make any move.

The definitions are reconstructed from the publications and checked by those two facts. Standing coalitions are refused:
only a single decision maker has attitudes. Cost: as for uncertain preferences where attitudes concern one party, a
hundred sweeps and a set of states for each of some states where they concern several.

>>> [concept.id for concept in ROWS]
['relational_nash', 'relational_gmr', 'relational_smr', 'relational_seq']
>>> {concept.improvement.value for concept in ROWS}
{'favoured by its attitudes'}
"""

from functools import partial

from detente.concepts.concept import Concept, Improvement, Respond, Sanction

_CAUTION = (
    "Depends on the attitudes in the conflict file. A positive attitude accepts a state that is equally good, so with "
    "ties these concepts differ from Nash, GMR, SMR and SEQ even if the file gives no attitude."
)
_relational = partial(
    Concept,
    source="after Inohara, Hipel & Walker (2007); Inohara & Hipel (2009)",
    improvement=Improvement.RELATIONAL,
    sanction=Sanction.RELATIONALLY_WORSE,
    credible=Improvement.RELATIONAL,
    caution=_CAUTION,
    family="relational",
    experimental=True,
)

_EVERY = (
    "After every move by the party to a state that its attitudes favour over the original state, the other parties can "
)
_STATE = "a state over which its attitudes favour the original state"

#: Every concept of this family.
ROWS = (
    _relational(
        id="relational_nash",
        title="RNash",
        name="Relational Nash stability",
        definition="TRRᵢ(s) = ∅",
        plain="The party has no move to a state that its attitudes favour over the original state.",
        respond=Respond.NOBODY,
    ),
    _relational(
        id="relational_gmr",
        title="RGMR",
        name="Relational general metarationality",
        definition="∀ s₁ ∈ TRRᵢ(s) ∃ s₂ ∈ R_{N−i}(s₁): s TRPᵢ s₂",
        plain=f"{_EVERY}move, even at a cost to themselves, to {_STATE}.",
        respond=Respond.MOVES,
    ),
    _relational(
        id="relational_smr",
        title="RSMR",
        name="Relational symmetric metarationality",
        definition="∀ s₁ ∈ TRRᵢ(s) ∃ s₂ ∈ R_{N−i}(s₁): s TRPᵢ s₂ and w TRPᵢ s for no w ≠ s in Rᵢ(s₂) ∪ {s₂}",
        plain=f"{_EVERY}move, even at a cost to themselves, to {_STATE}. Nor do "
        "its attitudes favour this state, or one to which the party can then move, over the original state.",
        respond=Respond.MOVES,
        counter_move=True,
        lasting=Sanction.NOT_RELATIONAL,
    ),
    _relational(
        id="relational_seq",
        title="RSEQ",
        name="Relational sequential stability",
        definition="∀ s₁ ∈ TRRᵢ(s) ∃ s₂ ∈ TRR_{N−i}(s₁): s TRPᵢ s₂",
        plain=f"{_EVERY}reach {_STATE}, by moves that the attitudes of the parties that make them favour.",
        respond=Respond.IMPROVEMENTS,
    ),
)
