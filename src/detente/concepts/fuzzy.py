"""Fuzzy stability: a player moves only to a state that it prefers to a sufficient degree.

rᵢ(s, q) ∈ [0, 1] is the degree to which i prefers s to q, with rᵢ(s, q) + rᵢ(q, s) = 1. The *fuzzy strength of
preference* is αᵢ(s, q) = rᵢ(s, q) − rᵢ(q, s). Each decision maker has a *fuzzy satisficing threshold* γᵢ ∈ (0, 1], and
a fuzzy improvement is a q ∈ Rᵢ(s) with αᵢ(q, s) ≥ γᵢ.

    fuzzy Nash   no fuzzy improvement
    fuzzy GMR    every fuzzy improvement s₁ has an s₂ ∈ R_{N−i}(s₁) with αᵢ(s₂, s) < γᵢ
    fuzzy SMR    the same, and αᵢ(s₃, s) < γᵢ for all s₃ ∈ Rᵢ(s₂)
    fuzzy SEQ    every fuzzy improvement s₁ has an s₂ ∈ R̃⁺_{N−i}(s₁) with αᵢ(s₂, s) < γᵢ

In plain words: Nash, GMR, SMR and SEQ for decision makers who act only on a preference that is clear enough. Detente
takes the degrees from the confidence in each preference: rᵢ(s, q) is the chance that s is better plus half the chance
of a tie. γᵢ is the file's ``thresholds: {satisficing: …}``. Default: one half.

Cost: one set of states for each state. Comparisons with the threshold are exact. If every preference is certain, any
threshold gives the concepts without degrees. A standing coalition improves if every member does, each by its own
threshold.

>>> [concept.id for concept in ROWS]
['fuzzy_nash', 'fuzzy_gmr', 'fuzzy_smr', 'fuzzy_seq']
>>> {concept.improvement.value for concept in ROWS}
{'better by at least its fuzzy threshold'}
"""

from functools import partial

from detente.concepts.concept import Concept, Improvement, Respond, Sanction

_CAUTION = "The degrees come from the analyst's confidence in each preference, not from the party."
_fuzzy = partial(
    Concept,
    source="Bashar, Kilgour & Hipel (2012)",
    improvement=Improvement.SATISFYING,
    sanction=Sanction.NOT_SATISFYING,
    credible=Improvement.SATISFYING,
    caution=_CAUTION,
    family="fuzzy",
)

_EVERY = (
    "If the party moves to a state that it prefers at least as strongly as its threshold requires, the others can "
    "respond with"
)
_STATE = "a state that the party does not prefer that strongly"
#: Every concept of this family.
ROWS = (
    _fuzzy(
        id="fuzzy_nash",
        title="Fuzzy Nash",
        name="Fuzzy Nash stability",
        definition="R̃ᵢ⁺(s) = ∅",
        plain="The party has no move to a state that it prefers at least as strongly as its threshold requires.",
        respond=Respond.NOBODY,
    ),
    _fuzzy(
        id="fuzzy_gmr",
        title="Fuzzy GMR",
        name="Fuzzy general metarationality",
        definition="∀ s₁ ∈ R̃ᵢ⁺(s) ∃ s₂ ∈ R_{N−i}(s₁): αᵢ(s₂, s) < γᵢ",
        plain=f"{_EVERY} moves, even at a cost to themselves, that reach {_STATE}.",
        respond=Respond.MOVES,
    ),
    _fuzzy(
        id="fuzzy_smr",
        title="Fuzzy SMR",
        name="Fuzzy symmetric metarationality",
        definition="∀ s₁ ∈ R̃ᵢ⁺(s) ∃ s₂ ∈ R_{N−i}(s₁): αᵢ(s₂, s) < γᵢ and αᵢ(s₃, s) < γᵢ ∀ s₃ ∈ Rᵢ(s₂)",
        plain=f"{_EVERY} moves, even at a cost to themselves, that reach {_STATE}. From there the party can move "
        "only to such states.",
        respond=Respond.MOVES,
        counter_move=True,
    ),
    _fuzzy(
        id="fuzzy_seq",
        title="Fuzzy SEQ",
        name="Fuzzy sequential stability",
        definition="∀ s₁ ∈ R̃ᵢ⁺(s) ∃ s₂ ∈ R̃⁺_{N−i}(s₁): αᵢ(s₂, s) < γᵢ",
        plain=f"{_EVERY} fuzzy improvements of their own that reach {_STATE}.",
        respond=Respond.IMPROVEMENTS,
    ),
)
