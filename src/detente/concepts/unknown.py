"""Stability with unknown preference: sixteen concepts, and four more in which each decision maker has its own attitude.

Between two states i prefers one, is indifferent (∼), or has an unknown preference (U), which is symmetric. What an
unknown comparison does to i is one of four *extensions*:

    extension   i leaves s for s₁ where   i is hurt by s₂ where
    a           s₁ ≻ s or s₁ U s          s ⪰ s₂                  tempted, and not deterred: the most aggressive
    b           s₁ ≻ s                    s ⪰ s₂                  the unknown does nothing
    c           s₁ ≻ s or s₁ U s          s ⪰ s₂ or s U s₂        tempted and deterred
    d           s₁ ≻ s                    s ⪰ s₂ or s U s₂        deterred, and not tempted: the most cautious

    Nash   no s₁ to leave for
    GMR    every such s₁ ∈ Rᵢ(s) has an s₂ ∈ R_{N−i}(s₁) that hurts
    SMR    the same, and every s₃ ∈ Rᵢ(s₂) hurts as well
    SEQ    every such s₁ ∈ Rᵢ(s) has an s₂ ∈ R^{+,U}_{N−i}(s₁) that hurts

In plain words: the concepts known from certain preferences, for somebody of whom it is partly unknown what it wants. In
all four extensions the others may sanction by moves that are better, or perhaps better, for whoever makes them. In the
concepts that end in ``_u`` every decision maker has the extension that the file gives it as ``facing_unknown``.

Cost: a set of states for every state, so not for more than tens of thousands. X_a ⊆ X_b ⊆ X_d and X_a ⊆ X_c ⊆ X_d.
Where nothing is unknown each is the concept of certain preferences. However the unknown turns out, what is Nash, GMR or
SMR stable by extension a is so, and what is stable is so by extension d; for SEQ only the latter holds. A standing
coalition leaves for what tempts every member, and is hurt by what hurts some member.

>>> [concept.id for concept in ROWS if concept.sanction is Sanction.SURELY_NOT_BETTER][:4]
['nash_a', 'gmr_a', 'smr_a', 'seq_a']
>>> {concept.credible for concept in ROWS if concept.respond is Respond.IMPROVEMENTS}
{<Improvement.PERHAPS_BETTER: 'better, or perhaps better'>}
"""

from dataclasses import replace

from detente.concepts.concept import Concept, Improvement, Respond, Sanction

_CAUTION = "Says what follows from not knowing, and nothing of what the decision maker in truth prefers."
_CAUTION_SEQ = f"{_CAUTION} The others may sanction by moves that in truth are no improvements for them."

# What tempts a decision maker, and what deters it: the word, in symbols and in plain words.
_PERHAPS = (Improvement.PERHAPS_BETTER, "Rᵢ^{+,U}(s)", "a state that it prefers or perhaps prefers")
_SURELY = (Improvement.SURELY_BETTER, "Rᵢ⁺(s)", "a state that it is known to prefer")
_AS_TEMPTED = (
    Improvement.BETTER_AS_FACED,
    "Lᵢ(s)",
    "a state that it is known to prefer or, where its extension is a or c, to prefer perhaps",
)
_NO_BETTER = (Sanction.SURELY_NOT_BETTER, "s ⪰ᵢ {}", "known to be no better for it")
_OR_UNKNOWN = (
    Sanction.NOT_SURELY_BETTER,
    "s ⪰ᵢ {0} or s Uᵢ {0}",
    "no better for it, or of which that is unknown",
)
_AS_DETERRED = (
    Sanction.NOT_BETTER_AS_FACED,
    "Hᵢ(s, {})",
    "no better for it or, where its extension is c or d, of which that is unknown",
)

_EXTENSIONS = {
    "a": ("extension a: tempted", _PERHAPS, _NO_BETTER),
    "b": ("extension b: unmoved", _SURELY, _NO_BETTER),
    "c": ("extension c: wavering", _PERHAPS, _OR_UNKNOWN),
    "d": ("extension d: cautious", _SURELY, _OR_UNKNOWN),
    "u": ("each its own extension", _AS_TEMPTED, _AS_DETERRED),
}


def _concepts(letter: str) -> tuple[Concept, ...]:
    extension, (improvement, moves, tempting), (sanction, symbols, deterring) = _EXTENSIONS[letter]
    extension = f"with unknown preference, {extension}"
    answered = f"Every move to {tempting} can be answered by the others, "
    nash = Concept(
        id=f"nash_{letter}",
        title=f"Nash {letter}",
        name=f"Nash stability {extension}",
        definition=f"{moves} = ∅",
        plain=f"The decision maker has no move to {tempting}.",
        source="Li, Hipel, Kilgour & Fang (2004)",
        respond=Respond.NOBODY,
        improvement=improvement,
        sanction=sanction,
        caution=_CAUTION,
        family="unknown",
    )
    gmr = replace(
        nash,
        id=f"gmr_{letter}",
        title=f"GMR {letter}",
        name=f"General metarationality {extension}",
        definition=f"∀ s₁ ∈ {moves} ∃ s₂ ∈ R_{{N−i}}(s₁): {symbols.format('s₂')}",
        plain=f"{answered}with a state that is {deterring}.",
        respond=Respond.MOVES,
        credible=Improvement.PERHAPS_BETTER,
    )
    smr = replace(
        gmr,
        id=f"smr_{letter}",
        title=f"SMR {letter}",
        name=f"Symmetric metarationality {extension}",
        definition=f"{gmr.definition} and {symbols.format('s₃')} ∀ s₃ ∈ Rᵢ(s₂)",
        plain=f"{answered}with a state that is {deterring}, and every state that it can then move to is so as well.",
        counter_move=True,
    )
    seq = replace(
        gmr,
        id=f"seq_{letter}",
        title=f"SEQ {letter}",
        name=f"Sequential stability {extension}",
        definition=f"∀ s₁ ∈ {moves} ∃ s₂ ∈ R^{{+,U}}_{{N−i}}(s₁): {symbols.format('s₂')}",
        plain=f"{answered}by moves that are better, or perhaps better, for whoever makes them, with a state that is "
        f"{deterring}.",
        respond=Respond.IMPROVEMENTS,
        caution=_CAUTION_SEQ,
    )
    return nash, gmr, smr, seq


#: Every concept of this family, extension by extension.
ROWS = tuple(concept for letter in _EXTENSIONS for concept in _concepts(letter))
