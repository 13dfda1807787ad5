"""Non-myopic stability, for two decision makers.

    s is NM stable for i  ⇔  there is a t such that s is Lₕ stable for i for every h ≥ t

In plain words: there is a horizon from which on the decision maker stays, however much further the two look ahead.

Not every state is stable or unstable. As h grows, the anticipated ends either settle or repeat in a cycle. If the state
itself is the end at some horizons of the cycle and not at others, there is no verdict: Detente reports *cycles* and the
length of the cycle. The result is exact: what is anticipated with h moves depends only on what is anticipated with h -
1 moves, so the first repetition decides everything after it.

Cost: limited-move stability up to the first repetition. Like that concept, it is refused for three or more decision
makers and for standing coalitions.

>>> NON_MYOPIC.horizon is None
True
"""

from detente.concepts.concept import Concept, Respond

NON_MYOPIC = Concept(
    id="non_myopic",
    title="NM",
    name="Non-myopic stability",
    definition="∃ t ∀ h ≥ t: s is Lₕ stable for i",
    plain="If the party looks far enough ahead, it stays, and looking even farther does not change that.",
    source="after Kilgour (1985); Fang, Hipel & Kilgour (1993); cycles after Rêgo, Oliveira, Vieira & Kilgour (2025)",
    respond=Respond.ANTICIPATED,
    caution="For two decision makers. If staying and moving alternate for ever as the horizon grows, there is no "
    "verdict: the state cycles.",
    family="horizon",
    experimental=True,
)

ROWS = (NON_MYOPIC,)
