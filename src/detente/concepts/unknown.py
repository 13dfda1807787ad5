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

>>> [concept.id for concept in UNKNOWN if concept.hurt is Hurt.SURELY_NOT_BETTER][:4]
['nash_a', 'gmr_a', 'smr_a', 'seq_a']
>>> {concept.credible for concept in UNKNOWN if concept.respond is Respond.IMPROVEMENTS}
{<Leave.PERHAPS_BETTER: 'better, or perhaps better'>}
"""

from detente.concepts.concept import Concept, Improvement, Respond, Sanction

SOURCE = "Li, Hipel, Kilgour & Fang (2004)"
#: For every extension: for what a decision maker leaves, what hurts it, and both in symbols and in words.
_EXTENSIONS = {
    "a": (Improvement.PERHAPS_BETTER, Sanction.SURELY_NOT_BETTER, "Rᵢ^{+,U}(s)", "s ⪰ᵢ {}", "extension a: tempted"),
    "b": (Improvement.SURELY_BETTER, Sanction.SURELY_NOT_BETTER, "Rᵢ⁺(s)", "s ⪰ᵢ {}", "extension b: unmoved"),
    "c": (
        Improvement.PERHAPS_BETTER,
        Sanction.NOT_SURELY_BETTER,
        "Rᵢ^{+,U}(s)",
        "s ⪰ᵢ {0} or s Uᵢ {0}",
        "extension c: wavering",
    ),
    "d": (
        Improvement.SURELY_BETTER,
        Sanction.NOT_SURELY_BETTER,
        "Rᵢ⁺(s)",
        "s ⪰ᵢ {0} or s Uᵢ {0}",
        "extension d: cautious",
    ),
    "u": (Improvement.BETTER_AS_FACED, Sanction.NOT_BETTER_AS_FACED, "Lᵢ(s)", "Hᵢ(s, {})", "each its own extension"),
}
_TEMPTED = {
    "a": "a state that it prefers or perhaps prefers",
    "b": "a state that it is known to prefer",
    "c": "a state that it prefers or perhaps prefers",
    "d": "a state that it is known to prefer",
    "u": "a state that it is known to prefer or, where its extension is a or c, to prefer perhaps",
}
_HURT = {
    "a": "known to be no better for it",
    "b": "known to be no better for it",
    "c": "no better for it, or of which that is unknown",
    "d": "no better for it, or of which that is unknown",
    "u": "no better for it or, where its extension is c or d, of which that is unknown",
}
_CAUTION = "Says what follows from not knowing, and nothing of what the decision maker in truth prefers."
_CAUTION_SEQ = f"{_CAUTION} The others may sanction by moves that in truth are no improvements for them."


def _nash(letter: str) -> Concept:
    leave, hurt, moves, _, name = _EXTENSIONS[letter]
    return Concept(
        id=f"nash_{letter}",
        title=f"Nash {letter}",
        name=f"Nash stability with unknown preference, {name}",
        definition=f"{moves} = ∅",
        plain=f"The decision maker has no move to {_TEMPTED[letter]}.",
        source=SOURCE,
        respond=Respond.NOBODY,
        leave=leave,
        hurt=hurt,
        caution=_CAUTION,
        family="unknown",
    )


def _metarational(letter: str, kind: str) -> Concept:
    leave, hurt, moves, hurts, name = _EXTENSIONS[letter]
    credible, answers = kind == "seq", kind == "smr"
    by = "by moves that are better, or perhaps better, for whoever makes them, " if credible else ""
    after = ", and every state that it can then move to is so as well" if answers else ""
    reply = f" and {hurts.format('s₃')} ∀ s₃ ∈ Rᵢ(s₂)" if answers else ""
    return Concept(
        id=f"{kind}_{letter}",
        title=f"{kind.upper()} {letter}",
        name=f"{_NAMES[kind]} with unknown preference, {name}",
        definition=f"∀ s₁ ∈ {moves} ∃ s₂ ∈ {'R^{+,U}' if credible else 'R'}_{{N−i}}(s₁): {hurts.format('s₂')}{reply}",
        plain=f"Every move to {_TEMPTED[letter]} can be answered by the others, {by}with a state that is "
        f"{_HURT[letter]}{after}.",
        source=SOURCE,
        respond=Respond.IMPROVEMENTS if credible else Respond.MOVES,
        answers=answers,
        leave=leave,
        hurt=hurt,
        credible=Improvement.PERHAPS_BETTER,
        caution=_CAUTION_SEQ if credible else _CAUTION,
        family="unknown",
    )


_NAMES = {"gmr": "General metarationality", "smr": "Symmetric metarationality", "seq": "Sequential stability"}

#: Every concept of this family, extension by extension.
UNKNOWN = tuple(
    concept for letter in _EXTENSIONS for concept in (_nash(letter), *(_metarational(letter, kind) for kind in _NAMES))
)
