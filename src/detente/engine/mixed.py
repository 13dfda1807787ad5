"""SIM for the explicit engine, decided on decision diagrams.

For simultaneous moves the explicit engine compares all states with all others. The symbolic engine decides SIM in a
small part of that time where preferences are built from a few conditions, and takes far longer where they have no
structure. So the diagrams get a bounded number of nodes; where that is not enough, the explicit engine decides.
"""

from __future__ import annotations

from detente.concepts import CONCEPTS
from detente.engine.interface import Choice
from detente.engine.space import Bools, StateSpace
from detente.errors import TooLargeError
from detente.model.preferences import Prioritising, Weights

#: From so many combinations that the rules leave on; with fewer, the explicit engine is done before diagrams are drawn.
FROM = 2**12
#: How many nodes the diagrams may have for each combination, in all and for the preferences alone. Ranks that need more
#: have no structure, and where the rest needs more, little time is lost compared with what the explicit engine takes.
NODES_EACH, RANK_NODES_EACH = 16, 1

CHOICE = Choice("symbolic", f"from {FROM:,} states on, decision diagrams decide SIM in a small part of the time")


def sim_by_diagrams(space: StateSpace) -> tuple[Choice, list[Bools]] | None:
    """Return which engine decides SIM, and for every player a truth value for each state: whether it is SIM stable.

    None where the states are few, where preferences list states, or where the diagrams are too large.
    """
    conflict = space.conflict
    by_condition = all(isinstance(maker.preferences, Prioritising | Weights) for maker in conflict.decision_makers)
    if space.members < FROM or not by_condition:
        return None
    from detente.engine.symbolic.sets import true_of_members
    from detente.engine.symbolic.solver import SymbolicSolver

    try:
        compiled = SymbolicSolver(conflict, most_nodes=NODES_EACH * space.members)
        if compiled.diagrams.made > RANK_NODES_EACH * space.members:
            return None
        found = []
        for player in range(len(conflict.players)):
            found.append(compiled.stable(CONCEPTS["sim"], player).diagram)
            # Whether diagrams that outgrew the bound are still finished is a matter of chance.
            if not compiled.diagrams.roomy:
                return None
    except TooLargeError:
        return None
    first = space.first_member
    return CHOICE, [true_of_members(compiled.diagrams, stable, space.columns)[first] for stable in found]
