"""Nash stability, or rationality.

    s is Nash stable for i  ⇔  Rᵢ⁺(s) = ∅

In plain words: the player has no move to a state that it prefers.

Cost: one pass over the player's moves. A conflict need not have a Nash equilibrium: matching pennies has none.

>>> NASH.respond.value
'no response'
"""

from detente.concepts.concept import Concept, Respond

NASH = Concept(
    id="nash",
    title="Nash",
    name="Nash stability (rationality)",
    definition="Rᵢ⁺(s) = ∅",
    plain="The party has no move to a state that it prefers.",
    source="Nash (1950, 1951); Fang, Hipel & Kilgour (1993)",
    respond=Respond.NOBODY,
    caution="Looks one move ahead only; a conflict need not have a Nash equilibrium.",
)

ROWS = (NASH,)
