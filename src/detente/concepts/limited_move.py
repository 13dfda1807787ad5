"""Limited-move stability with horizon h, for two decision makers i and j.

    G₀(i, s) = s.  Gₕ(i, s) = Gₕ₋₁(j, q*) where q* ∈ Rᵢ(s) has the end Gₕ₋₁(j, q*) that i likes best, if i strictly
                   prefers that end to s; otherwise, and where Rᵢ(s) = ∅, Gₕ(i, s) = s
    s is Lₕ stable for i  ⇔  Gₕ(i, s) = s

In plain words: the two move in turn, at most h moves in all, and either may stop where it is its turn. Each looks ahead
to where the dispute would end and moves only if it strictly prefers that end to staying. A state is stable for the one
whose turn it is when it stays.

Ties: who is as well off by staying stays. Of moves to ends that are equally good for the mover it takes the one whose
end is worst for the other; so indifference deters, as it does everywhere else, and the answer depends on no order.

Cost: one sweep over each player's moves for every horizon. L₁ is Nash; for h ≥ 2 no concept implies it or is implied by
it. For more than two decision makers the literature has several definitions and no agreement; Detente has none.

Standing coalitions are refused: what every member prefers is no complete preference, so there need be no best end.

>>> limited_move(3).id, limited_move(3).title
('limited_move_3', 'L₃')
"""

from detente.concepts.concept import Concept, Respond, Series, subscript


def limited_move(horizon: int | None) -> Concept:
    """Return the concept with a horizon; for None as a list shows it, with the letter h."""
    moves = "one move ahead" if horizon == 1 else f"{horizon or 'h'} moves ahead, made in turn"
    letter = "h" if horizon is None else str(horizon)
    return Concept(
        id=f"limited_move_{letter}",
        title=f"L{subscript(horizon)}",
        name=f"Limited-move stability, horizon {letter}",
        definition="Gₕ(i, s) = s, where Gₕ(i, s) = Gₕ₋₁(j, q*) for the q* ∈ Rᵢ(s) whose end is best for i "
        "if Gₕ₋₁(j, q*) ≻ᵢ s, else s; G₀(i, s) = s",
        plain=f"Looking {moves}, each in the interest of whoever makes it, the decision maker sees no end that it "
        "prefers to staying.",
        source="after Kilgour (1985); Fang, Hipel & Kilgour (1993)",
        respond=Respond.ANTICIPATED,
        caution="For two decision makers. Who is as well off by staying stays; a tie between moves is decided against "
        "the other. A state that holds with one horizon need not hold with a longer one.",
        horizon=horizon,
        family="horizon",
        experimental=True,
    )


ROWS = (Series("limited_move", limited_move),)
