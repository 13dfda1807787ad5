"""Which engine decides what: the one that is named, or the one that suits a conflict.

- *Explicit*: every feasible state has a place in an array. It decides every concept. Two solvers share the work: the
  general one, and the *dense* one for large conflicts of the plain kind, whose compiled loops (the extra ``fast``) take
  longer to load than a small conflict takes to solve.
- *Symbolic*: sets of states are decision diagrams (the extra ``symbolic``). What a diagram takes depends on how the
  conflict's conditions are connected, not on how many states there are. It knows which of two states is better, and no
  more.

`solver` compiles a conflict for one of them. `listing` compiles it for questions that walk through every state.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from detente.concepts import CONCEPTS, Concept
from detente.engine.interface import Choice, ListingSolver, Solver
from detente.engine.memory import SYMBOLIC_SPACE, address_space_left
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.lazy import lazy
from detente.model.conflict import Conflict
from detente.model.preferences import Prioritising, Weights
from detente.model.questions import Progress, no_progress

if TYPE_CHECKING:
    from detente.engine.dense import solver as dense
    from detente.engine.dense import suitability
    from detente.engine.explicit import solver as explicit
    from detente.engine.space import Bools, StateSpace
    from detente.engine.symbolic import sets as symbolic_sets
    from detente.engine.symbolic import solver as symbolic
else:
    dense = lazy("detente.engine.dense.solver")
    suitability = lazy("detente.engine.dense.suitability")
    explicit = lazy("detente.engine.explicit.solver")
    symbolic_sets = lazy("detente.engine.symbolic.sets")
    symbolic = lazy("detente.engine.symbolic.solver")

ENGINES = ("explicit", "symbolic")

#: Up to so many options there are few enough states to list whatever the rules say.
EXPLICIT_OPTIONS = 18
#: Up to so many feasible states the explicit engine decides every concept, however many options there are.
EXPLICIT_STATES = 2**18
#: The same where it has to list moves one by one: as binary logarithms, where states are merged and for coalitions.
LISTED_MERGED, LISTED_TOGETHER = 16, 11

#: From so many combinations of options on the compiled loops are worth loading.
DENSE_FROM = 2**19
#: Where the rules leave less than this share of the combinations, the general solver has less to hold.
DENSE_SHARE = 1 / 32

#: From so many combinations that the rules leave on, SIM is tried on decision diagrams.
SIM_DIAGRAMS_FROM = 2**12
#: How many nodes these may have for each combination, in all and for the preferences alone. Ranks that need more have
#: no structure, and where the rest needs more, little time is lost compared with what the explicit engine takes.
NODES_EACH, RANK_NODES_EACH = 16, 1

#: Up to so many options the general explicit solver decides everything, and nothing else needs to be looked at.
SMALL_OPTIONS = 10

#: What can be done about a dispute that is too large for a question.
INSTEAD = (
    "exclude impossible states under 'rules', join states under 'merge', or use 'detente analyze --summary' to count "
    "the equilibria and 'detente explain' to explain one state"
)


def solver(
    conflict: Conflict, engine: str = "auto", progress: Progress = no_progress, concepts: Sequence[Concept] = ()
) -> Solver:
    """Compile a conflict for an engine; ``auto`` picks the one that suits it.

    ``auto`` takes the explicit engine for up to 18 options; for more where the rules leave no more than 2^18 states;
    and for what only it decides (concepts that know how sure a preference is). It takes the symbolic one beyond, where
    the explicit one has no room, and for a concept asked for by name that the explicit one leaves out for so many
    states. Where states are merged the explicit one is taken up to 16 options or 2^16 combinations that the rules
    leave, with a standing coalition up to 11 or 2^11: it lists their moves one by one. From 2^12 combinations
    on, SIM is then decided on decision diagrams, where `sim_by_diagrams` can.

    Parameters
    ----------
    conflict
        The dispute.
    engine
        ``auto`` or one of `ENGINES`.
    progress
        Called with the share of the work done and what is being done.
    concepts
        What will be asked for, where that is known: it counts for ``auto`` only.

    Raises
    ------
    UnknownNameError
        For an engine that there is not.
    InputError
        When the conflict has no feasible state, or the extra that the engine needs is not installed.
    TooLargeError
        When the engine cannot hold the conflict, with the figure.
    """
    if engine not in ("auto", *ENGINES):
        raise UnknownNameError("engine", engine, ("auto", *ENGINES))
    if engine == "symbolic":
        if not symbolic_installed():
            raise InputError("the symbolic engine needs OxiDD: install detente[symbolic]")
        return symbolic.SymbolicSolver(conflict, progress)
    if len(conflict.options) <= SMALL_OPTIONS:
        return explicit.ExplicitSolver(conflict, progress)
    left = address_space_left()
    if engine == "explicit" or not symbolic_installed() or (left is not None and left < SYMBOLIC_SPACE):
        return _explicit(conflict, progress)
    if all(concept.family == "plain" for concept in concepts):
        return _suitable(conflict, progress, concepts)
    return _explicit(conflict, progress, sim_by_diagrams)


def listing(conflict: Conflict, most: int | None = None, asked: str = "") -> ListingSolver:
    """Compile a conflict for a question that walks through every state, which only the explicit engine can be asked.

    Raises
    ------
    InputError
        When the conflict has no feasible state.
    TooLargeError
        When there are more than ``most`` states, with the figure; ``asked`` says for what (see `must_have_few`).
    """
    if most is not None:
        must_have_few(conflict, most, asked)
    return explicit.ExplicitSolver(conflict)


def must_have_few(conflict: Conflict, most: int, asked: str, engine: str = "auto") -> None:
    """Refuse a question of a conflict with more states than it can be asked of, before any of them is listed.

    Raises
    ------
    TooLargeError
        With the figure, and what can be done or asked instead.
    """
    if len(conflict.options) < most.bit_length():
        return
    count = solver(conflict, engine).count
    if count > most:
        raise TooLargeError(f"{count:,} states are more than the {most:,} {asked}: {INSTEAD}")


def symbolic_installed() -> bool:
    """Tell whether the extra ``symbolic`` is installed."""
    return find_spec("oxidd") is not None


def is_dense(conflict: Conflict) -> bool:
    """Tell whether a conflict is one for the compiled loops: large, of the plain kind, and most of it feasible."""
    if 1 << len(conflict.options) < DENSE_FROM or find_spec("numba") is None:
        return False
    return suitability.is_suitable(conflict) and suitability.share_feasible(conflict) >= DENSE_SHARE


def sim_by_diagrams(space: StateSpace) -> tuple[Choice, list[Bools]] | None:
    """Decide SIM for the explicit engine on decision diagrams.

    The explicit engine compares all states with all others. Diagrams take a small part of that time where preferences
    are built from a few conditions, and far longer where they have no structure; so their size is bounded.

    Returns
    -------
    tuple or None
        Which engine decides SIM, and for every player where it is SIM stable. None where the states are few, where
        preferences list states, or where the diagrams are too large.
    """
    conflict = space.conflict
    by_condition = all(isinstance(maker.preferences, Prioritising | Weights) for maker in conflict.decision_makers)
    if space.members < SIM_DIAGRAMS_FROM or not by_condition:
        return None
    try:
        compiled = symbolic.SymbolicSolver(conflict, most_nodes=NODES_EACH * space.members)
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
    masks = [symbolic_sets.true_of_members(compiled.diagrams, one, space.columns)[first] for one in found]
    why = f"from {SIM_DIAGRAMS_FROM:,} states on, decision diagrams decide SIM in a small part of the time"
    return Choice("symbolic", why), masks


def _explicit(
    conflict: Conflict, progress: Progress, sim: explicit.SimElsewhere | None = None
) -> explicit.ExplicitSolver | dense.DenseSolver:
    """Compile a conflict for the explicit solver that suits it."""
    made = dense.DenseSolver if is_dense(conflict) else explicit.ExplicitSolver
    return made(conflict, progress, sim)


def _suitable(conflict: Conflict, progress: Progress, concepts: Sequence[Concept]) -> Solver:
    """Compile what both engines could decide for the one that suits it."""
    listed = EXPLICIT_OPTIONS
    if conflict.merge:
        listed = min(listed, LISTED_MERGED)
    if any(len(members) > 1 for members in conflict.players):
        listed = min(listed, LISTED_TOGETHER)
    counted = None
    if len(conflict.options) > listed:
        counted = symbolic.SymbolicSolver(conflict, progress)
        if counted.members > min(EXPLICIT_STATES, 1 << listed):
            return counted
    try:
        compiled = _explicit(conflict, progress, sim_by_diagrams)
    except TooLargeError:
        # Few states, perhaps, and too many on the way to them.
        return counted or symbolic.SymbolicSolver(conflict, progress)
    if counted is None and any(compiled.refuses(concept) for concept in concepts):
        return symbolic.SymbolicSolver(conflict, progress)
    return compiled
