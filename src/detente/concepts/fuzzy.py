"""Fuzzy stability: a state counts as better where it is so to a sufficient degree.

rᵢ(s, q) ∈ [0, 1] is the degree to which s is preferred to q, with rᵢ(s, q) + rᵢ(q, s) = 1. The *fuzzy strength of
preference* is αᵢ(s, q) = rᵢ(s, q) − rᵢ(q, s). Each decision maker has a *fuzzy satisficing threshold* γᵢ ∈ (0, 1], and
a fuzzy improvement is a q ∈ Rᵢ(s) with αᵢ(q, s) ≥ γᵢ.

    fuzzy Nash   no fuzzy improvement
    fuzzy GMR    every fuzzy improvement s₁ has an s₂ ∈ R_{N−i}(s₁) with αᵢ(s₂, s) < γᵢ
    fuzzy SMR    the same, and αᵢ(s₃, s) < γᵢ for all s₃ ∈ Rᵢ(s₂)
    fuzzy SEQ    every fuzzy improvement s₁ has an s₂ ∈ R̃⁺_{N−i}(s₁) with αᵢ(s₂, s) < γᵢ

In plain words: the plain concepts, for decision makers who act only on a preference that is clear enough. Here the
degrees come from the confidence in each preference: rᵢ(s, q) is the chance that s is better and half the
chance of a tie. γᵢ is the file's ``thresholds: {satisficing: …}``, one half where it says nothing.

Cost: a set of states for every state. Exact at the threshold. Where everything is certain, any threshold gives the
plain concepts. A standing coalition improves where every member does, each by its own threshold.

>>> [concept.id for concept in FUZZY]
['fuzzy_nash', 'fuzzy_gmr', 'fuzzy_smr', 'fuzzy_seq']
>>> {concept.leave.value for concept in FUZZY}
{'better to a degree of its fuzzy threshold or more'}
"""

from detente.concepts.concept import Concept, Improvement, Respond, Sanction

SOURCE = "Bashar, Kilgour & Hipel (2012)"
_CAUTION = "Where the degrees are made from confidences, as here, they are the analyst's, not the decision maker's."


def _fuzzy(
    kind: str, title: str, name: str, definition: str, plain: str, respond: Respond, *, answers: bool = False
) -> Concept:
    return Concept(
        id=f"fuzzy_{kind}",
        title=f"Fuzzy {title}",
        name=f"Fuzzy {name}",
        definition=definition,
        plain=plain,
        source=SOURCE,
        respond=respond,
        answers=answers,
        leave=Improvement.SATISFYING,
        hurt=Sanction.NOT_SATISFYING,
        credible=Improvement.SATISFYING,
        caution=_CAUTION,
        family="fuzzy",
    )


_EVERY = "Every move to a state that it prefers clearly enough can be answered by the others, "
#: Every concept of this family.
FUZZY = (
    _fuzzy(
        "nash",
        "Nash",
        "Nash stability",
        "R̃ᵢ⁺(s) = ∅",
        "The decision maker has no move to a state that it prefers to a degree of its threshold or more.",
        Respond.NOBODY,
    ),
    _fuzzy(
        "gmr",
        "GMR",
        "general metarationality",
        "∀ s₁ ∈ R̃ᵢ⁺(s) ∃ s₂ ∈ R_{N−i}(s₁): αᵢ(s₂, s) < γᵢ",
        f"{_EVERY}at whatever cost to themselves, with a state that it does not prefer clearly enough.",
        Respond.MOVES,
    ),
    _fuzzy(
        "smr",
        "SMR",
        "symmetric metarationality",
        "∀ s₁ ∈ R̃ᵢ⁺(s) ∃ s₂ ∈ R_{N−i}(s₁): αᵢ(s₂, s) < γᵢ and αᵢ(s₃, s) < γᵢ ∀ s₃ ∈ Rᵢ(s₂)",
        f"{_EVERY}with a state that it does not prefer clearly enough, and from which it cannot move to one that it "
        "does.",
        Respond.MOVES,
        answers=True,
    ),
    _fuzzy(
        "seq",
        "SEQ",
        "sequential stability",
        "∀ s₁ ∈ R̃ᵢ⁺(s) ∃ s₂ ∈ R̃⁺_{N−i}(s₁): αᵢ(s₂, s) < γᵢ",
        f"{_EVERY}each step a fuzzy improvement for whoever makes it, with a state that it does not prefer clearly "
        "enough.",
        Respond.IMPROVEMENTS,
    ),
)
