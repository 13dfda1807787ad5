"""Maximin stability with horizon h.

    V₀(s) = W₀(s) = rankᵢ(s)
    Vₕ(s) = max(rankᵢ(s), max {Wₕ₋₁(q) : q ∈ Rᵢ(s)})         i moves, or ends it
    Wₕ(s) = min(rankᵢ(s), min {Vₕ₋₁(q) : q ∈ R_{N−i}(s)})    the others move, by any legal sequence, or end it
    s is Maximinₕ stable for i  ⇔  Wₕ₋₁(q) ≤ rankᵢ(s) for every q ∈ Rᵢ(s)

In plain words: the decision maker moves first, then the other parties together, then the decision maker again, up to h
turns. Either side may end the dispute at its turn. The decision maker seeks the best for itself; the other parties seek
only to harm it. A state is stable if the decision maker cannot secure a better state by moving.

Maximin₁ is Nash, Maximin₂ is GMR and Maximin₃ is SMR; longer horizons carry on from there. For two decision makers
with opposite strict rankings Maximinₕ is Lₕ.

A standing coalition has no rank. For it the numbers are 'better than s for every member', yes or no, which gives the
same answer for a single decision maker.

Cost: for each horizon a fixed point over the others' moves and a sweep over the player's own. For a coalition this is
repeated for each combination of ranks that occurs among all its members but one.

>>> maximin(4).id, maximin(4).title
('maximin_4', 'Maximin₄')
"""

from detente.concepts.concept import Concept, Respond, Series, subscript


def maximin(horizon: int | None) -> Concept:
    """Return the concept with a horizon; None gives the general entry, with the letter h."""
    letter = "h" if horizon is None else str(horizon)
    return Concept(
        id=f"maximin_{letter}",
        title=f"Maximin{subscript(horizon)}",
        name=f"Maximin stability, horizon {letter}",
        definition="∀ q ∈ Rᵢ(s): Wₕ₋₁(q) ≤ rankᵢ(s), where Wₕ(q) = min(rankᵢ(q), min of Vₕ₋₁ over R_{N−i}(q)) and "
        "Vₕ(q) = max(rankᵢ(q), max of Wₕ₋₁ over Rᵢ(q))",
        plain="With one move, the party cannot reach a better state."
        if horizon == 1
        else f"The party moves first, then it takes turns with the other parties, {letter} turns in all. It "
        "cannot secure a better state if the other parties do all they can to harm it and either side may end the "
        "dispute at its turn.",
        source="after Rêgo & Vieira (2020)",
        respond=Respond.ALTERNATING,
        caution="Assumes that the other parties act only to harm the party, at any cost to themselves.",
        horizon=horizon,
        family="horizon",
        experimental=True,
    )


ROWS = (Series("maximin", maximin),)
