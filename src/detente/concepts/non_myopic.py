"""Non-myopic stability, for two decision makers.

    s is NM stable for i  ⇔  there is a t such that s is Lₕ stable for i for every h ≥ t

In plain words: however far the two look ahead, beyond some number of moves, the decision maker stays.

Not every state is stable or unstable. As h grows the anticipated ends either settle or repeat in a cycle for ever, and
where they are the state itself at some horizons of the cycle and not at others there is no verdict: Detente says
*cycles*, and how long the cycle is. Which it is, is found exactly: what is anticipated with h moves depends on what is
anticipated with h - 1 moves and on nothing else, so the first repetition decides everything after it.

Cost: limited-move stability up to the first repetition. Refused, as that is, for three or more decision makers and for
standing coalitions.

>>> NON_MYOPIC.horizon is None
True
"""

from detente.concepts.concept import Concept, Respond

NON_MYOPIC = Concept(
    id="non_myopic",
    title="NM",
    name="Non-myopic stability",
    definition="∃ t ∀ h ≥ t: s is Lₕ stable for i",
    plain="However far ahead it looks, beyond some number of moves made in turn, the decision maker stays.",
    source="after Kilgour (1985); Fang, Hipel & Kilgour (1993); cycles after Rêgo, Oliveira, Vieira & Kilgour (2025)",
    respond=Respond.ANTICIPATED,
    caution="For two decision makers. Where staying and leaving alternate for ever as the horizon grows there is no "
    "verdict: the state cycles.",
    family="horizon",
    experimental=True,
)

ROWS = (NON_MYOPIC,)
