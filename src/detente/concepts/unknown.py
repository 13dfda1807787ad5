"""Stability with unknown preference: 16 concepts, and 4 more with an extension for each decision maker.

Of two states, i prefers one, is indifferent (∼), or has an unknown preference (U), which is symmetric. There are four
*extensions* of the definitions, according to how i treats an unknown comparison:

    extension   s₁ is an improvement if   s₂ is a sanction if
    a           s₁ ≻ s or s₁ U s          s ⪰ s₂                  the most aggressive
    b           s₁ ≻ s                    s ⪰ s₂                  only known preferences count
    c           s₁ ≻ s or s₁ U s          s ⪰ s₂ or s U s₂        possible gains and possible losses count
    d           s₁ ≻ s                    s ⪰ s₂ or s U s₂        the most cautious

    Nash   no improvement s₁ ∈ Rᵢ(s)
    GMR    every improvement s₁ ∈ Rᵢ(s) has a sanction s₂ ∈ R_{N−i}(s₁)
    SMR    the same, and every s₃ ∈ Rᵢ(s₂) is a sanction as well
    SEQ    every improvement s₁ ∈ Rᵢ(s) has a sanction s₂ ∈ R^{+,U}_{N−i}(s₁)

In plain words: Nash, GMR, SMR and SEQ for a decision maker whose preferences are partly unknown. In all four extensions
the other parties may sanction by moves that are better, or may be better, for their movers. In the concepts whose name
ends in ``_u`` every decision maker has the extension that the file gives as its ``facing_unknown``.

Cost: a set of states for each state, so at most tens of thousands of states. X_a ⊆ X_b ⊆ X_d and X_a ⊆ X_c ⊆ X_d. If
nothing is unknown, each equals the concept without extension. A state that is Nash, GMR or SMR stable under extension a
is stable however the unknown turns out, and a state that is stable in one such way is stable under extension d; for SEQ
only the second is true. A standing coalition improves if every member does, and is sanctioned if some member is.

>>> [concept.id for concept in ROWS if concept.sanction is Sanction.SURELY_NOT_BETTER][:4]
['nash_a', 'gmr_a', 'smr_a', 'seq_a']
>>> {concept.credible for concept in ROWS if concept.respond is Respond.IMPROVEMENTS}
{<Improvement.PERHAPS_BETTER: 'better, or perhaps better'>}
"""

from dataclasses import replace

from detente.concepts.concept import Concept, Improvement, Respond, Sanction

_CAUTION = "Shows what follows from the missing information, not what the party really prefers."
_CAUTION_SEQ = f"{_CAUTION} The other parties may respond by moves that are not really improvements for them."

# Improvements and sanctions: the term, in symbols and in plain words.
_PERHAPS = (Improvement.PERHAPS_BETTER, "Rᵢ^{+,U}(s)", "a state that it prefers or may prefer")
_SURELY = (Improvement.SURELY_BETTER, "Rᵢ⁺(s)", "a state that it is known to prefer")
_AS_TEMPTED = (
    Improvement.BETTER_AS_FACED,
    "Lᵢ(s)",
    "a state that it is known to prefer or, if its extension is a or c, may prefer",
)
_NO_BETTER = (Sanction.SURELY_NOT_BETTER, "s ⪰ᵢ {}", "known to be no better for the party than the original state")
_OR_UNKNOWN = (
    Sanction.NOT_SURELY_BETTER,
    "s ⪰ᵢ {0} or s Uᵢ {0}",
    "not known to be better for the party than the original state",
)
_AS_DETERRED = (
    Sanction.NOT_BETTER_AS_FACED,
    "Hᵢ(s, {})",
    "known to be no better for the party than the original state or, if its extension is c or d, not known to be "
    "better",
)

_EXTENSIONS = {
    "a": ("extension a: the most aggressive", _PERHAPS, _NO_BETTER),
    "b": ("extension b: only known preferences count", _SURELY, _NO_BETTER),
    "c": ("extension c: possible gains and possible losses count", _PERHAPS, _OR_UNKNOWN),
    "d": ("extension d: the most cautious", _SURELY, _OR_UNKNOWN),
    "u": ("each party with its own extension", _AS_TEMPTED, _AS_DETERRED),
}


def _concepts(letter: str) -> tuple[Concept, ...]:
    extension, (improvement, moves, tempting), (sanction, symbols, deterring) = _EXTENSIONS[letter]
    extension = f"with unknown preference, {extension}"
    after = f"If the party moves to {tempting}, the others can respond with"
    nash = Concept(
        id=f"nash_{letter}",
        title=f"Nash {letter}",
        name=f"Nash stability {extension}",
        definition=f"{moves} = ∅",
        plain=f"The party has no move to {tempting}.",
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
        plain=f"{after} moves, even at a cost to themselves, that reach a state {deterring}.",
        respond=Respond.MOVES,
        credible=Improvement.PERHAPS_BETTER,
    )
    smr = replace(
        gmr,
        id=f"smr_{letter}",
        title=f"SMR {letter}",
        name=f"Symmetric metarationality {extension}",
        definition=f"{gmr.definition} and {symbols.format('s₃')} ∀ s₃ ∈ Rᵢ(s₂)",
        plain=f"{after} moves, even at a cost to themselves, that reach a state {deterring}. The same is true of "
        "every state to which the party can move from there.",
        counter_move=True,
    )
    seq = replace(
        gmr,
        id=f"seq_{letter}",
        title=f"SEQ {letter}",
        name=f"Sequential stability {extension}",
        definition=f"∀ s₁ ∈ {moves} ∃ s₂ ∈ R^{{+,U}}_{{N−i}}(s₁): {symbols.format('s₂')}",
        plain=f"{after} moves that are, or may be, better for those that make them and that reach a state "
        f"that is {deterring}.",
        respond=Respond.IMPROVEMENTS,
        caution=_CAUTION_SEQ,
    )
    return nash, gmr, smr, seq


#: Every concept of this family, extension by extension.
ROWS = tuple(concept for letter in _EXTENSIONS for concept in _concepts(letter))
