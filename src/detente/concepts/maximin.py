"""Maximin stability with horizon h.

    V₀(s) = W₀(s) = rankᵢ(s)
    Vₕ(s) = max(rankᵢ(s), max {Wₕ₋₁(q) : q ∈ Rᵢ(s)})         i moves, or ends it
    Wₕ(s) = min(rankᵢ(s), min {Vₕ₋₁(q) : q ∈ R_{N−i}(s)})    the others move, by any legal sequence, or end it
    s is Maximinₕ stable for i  ⇔  Wₕ₋₁(q) ≤ rankᵢ(s) for every q ∈ Rᵢ(s)

In plain words: the decision maker moves first, then the others together, then it again, up to h turns, and either side
may end the dispute at its turn. The decision maker plays for what is best for itself, the others only to hurt it. A
state is stable when, by moving, it can secure nothing better than that state.

Maximin₁ is Nash, Maximin₂ is GMR and Maximin₃ is SMR; longer horizons carry on from there. For two decision makers
with opposite strict rankings Maximinₕ is Lₕ.

A standing coalition has no rank. For it the numbers are 'better than s for every member', yes or no, which says the
same where the player is one decision maker.

Cost: for each horizon a fixed point over the others' moves and a sweep over the player's own. For a coalition that is
asked once for each combination of ranks that all its members but one have.

>>> maximin(4).id, maximin(4).title
('maximin_4', 'Maximin₄')
"""

from detente.concepts.concept import Concept, Respond, Series, subscript


def maximin(horizon: int | None) -> Concept:
    """Return the concept with a horizon; for None as a list shows it, with the letter h."""
    turns = "h turns" if horizon is None else "one turn" if horizon == 1 else f"{horizon} turns"
    letter = "h" if horizon is None else str(horizon)
    return Concept(
        id=f"maximin_{letter}",
        title=f"Maximin{subscript(horizon)}",
        name=f"Maximin stability, horizon {letter}",
        definition="∀ q ∈ Rᵢ(s): Wₕ₋₁(q) ≤ rankᵢ(s), where Wₕ(q) = min(rankᵢ(q), min of Vₕ₋₁ over R_{N−i}(q)) and "
        "Vₕ(q) = max(rankᵢ(q), max of Wₕ₋₁ over Rᵢ(q))",
        plain=f"Over {turns}, its own first and then the others' and its own by turns, the decision maker can secure "
        "nothing better than the state, if the others do all to hurt it and anybody may end it.",
        source="after Rêgo & Vieira (2020)",
        respond=Respond.ALTERNATING,
        caution="The others are taken to act only to hurt the decision maker, whatever it costs them.",
        horizon=horizon,
        family="horizon",
        experimental=True,
    )


ROWS = (Series("maximin", maximin),)
