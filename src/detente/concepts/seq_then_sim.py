"""Sequential stability, then simultaneity where it leaves two or more players unstable.

    s is stable for i  ⇔  s is SEQ stable for i, or at least two players are SEQ unstable at s and every s₁ ∈ Rᵢ⁺(s)
                          that no sequence sanctions is sanctioned, as in SIM, by improvements of players that are SEQ
                          unstable at s

In plain words: the procedure of Fraser & Hipel (1979, 1984). Simultaneous sanctions are considered only if two or more
players are SEQ unstable, and only among those.

>>> SEQ_THEN_SIM.id
'seq_then_sim'
"""

from detente.concepts.concept import Concept, Respond

SEQ_THEN_SIM = Concept(
    id="seq_then_sim",
    title="SEQ, then SIM",
    name="Sequential stability, then simultaneous",
    definition="SEQ, or ≥ 2 players SEQ unstable at s and SIM among them for what SEQ leaves unsanctioned",
    plain="The state is stable for the party under SEQ. Or the state is unstable under SEQ for the party and at "
    "least one other, and their improvements, made at the same time, leave the party no better off.",
    source="Fraser & Hipel (1979, 1984)",
    respond=Respond.IMPROVEMENTS_THEN_COMBINATIONS,
    caution="Not the union of SEQ and SIM.",
)

ROWS = (SEQ_THEN_SIM,)
