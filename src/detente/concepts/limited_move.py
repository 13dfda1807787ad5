"""Limited-move stability with horizon h, for two decision makers i and j.

    G₀(i, s) = s.  Gₕ(i, s) = Gₕ₋₁(j, q*) where q* ∈ Rᵢ(s) has the end Gₕ₋₁(j, q*) that i likes best, if i strictly
                   prefers that end to s; otherwise, and where Rᵢ(s) = ∅, Gₕ(i, s) = s
    s is Lₕ stable for i  ⇔  Gₕ(i, s) = s

In plain words: the two move in turn, at most h moves in all, and each may stop at its turn. Each looks ahead
to where the dispute would end and moves only if it strictly prefers that end to staying. A state is stable for the
player whose turn it is if that player stays.

Ties: a player that would not gain by moving stays. Among moves to ends that are equally good for the mover, it takes
the one whose end is worst for the other; so indifference deters, as in the other concepts, and the answer does not
depend on the order of the states.

Cost: one sweep over each player's moves for every horizon. L₁ is Nash; for h ≥ 2 no concept implies it or is implied by
it. For more than two decision makers the literature has several competing definitions; Detente implements none of them.

Standing coalitions are refused: what every member prefers is not a complete preference, so a best end may not exist.

>>> limited_move(3).id, limited_move(3).title
('limited_move_3', 'L₃')
"""

from detente.concepts.concept import Concept, Respond, Series, subscript


def limited_move(horizon: int | None) -> Concept:
    """Return the concept with a horizon; None gives the general entry, with the letter h."""
    ahead = "one move" if horizon == 1 else f"{horizon or 'h'} moves"
    turns = "" if horizon == 1 else "; the two parties move in turn, each in its own interest"
    letter = "h" if horizon is None else str(horizon)
    return Concept(
        id=f"limited_move_{letter}",
        title=f"L{subscript(horizon)}",
        name=f"Limited-move stability, horizon {letter}",
        definition="Gₕ(i, s) = s, where Gₕ(i, s) = Gₕ₋₁(j, q*) for the q* ∈ Rᵢ(s) whose end is best for i "
        "if Gₕ₋₁(j, q*) ≻ᵢ s, else s; G₀(i, s) = s",
        plain=f"Looking {ahead} ahead, the party expects that no move leads to a result that it prefers to "
        f"staying{turns}.",
        source="after Kilgour (1985); Fang, Hipel & Kilgour (1993)",
        respond=Respond.ANTICIPATED,
        caution="For two decision makers. A party that would not gain by moving stays; a tie between moves is decided "
        "to the disadvantage of the other party. A state that is stable with one horizon need not be stable with a "
        "longer one.",
        horizon=horizon,
        family="horizon",
        experimental=True,
    )


ROWS = (Series("limited_move", limited_move),)
